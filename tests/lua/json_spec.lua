-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.json", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.json") end)

  local M = fake.load "traceleft.json"
  it("encodes values", function()
    assert.equal('{"a":[1,2.5,true],"b":{"c":"x"},"d":[]}', M.encode { a = { 1, 2.5, true }, b = { c = "x" }, d = {} })
    assert.equal("-9223372036854775808", M.encode(math.mininteger))
    assert.equal("null", M.encode(0 / 0))
    assert.equal("null", M.encode(-1 / 0))
  end)

  it("escapes strings", function()
    assert.equal([["\"\\\n\t\u001b\u0000\u007f€/"]], M.encode "\"\\\n\t\27\0\127€/")
  end)

  it("keeps bytes that are no UTF-8 beside the repaired text", function()
    assert.equal('{"name":"a\u{fffd}b\u{fffd}","name_bytes":"61ff62c3"}', M.encode { name = "a\xffb\xc3" })
    assert.equal('{"argv":["ls","\u{fffd}"],"argv_bytes":["6c73","ff"]}', M.encode { argv = { "ls", "\xff" } })
  end)

  it("writes an event in the order of its fields", function()
    local description = { fields = { { name = "ret", type = "s64" }, { name = "cgroup", type = "u64" },
                                     { name = "args", type = "list" } } }
    local event = { comm = "cat", pid = 7, event = "x.y", ret = -1, cgroup = -1, args = {}, cut = { "args" }, more = 1 }
    assert.equal('{"event":"x.y","pid":7,"comm":"cat","cgroup":18446744073709551615,"ret":-1,"args":[],'
                 .. '"cut":["args"],"more":1}', M.event(event, description))
  end)

  it("writes arrays, their members in order, whatever the strings in them", function()
    local description = fake.description { "syscall.x", { { "fds", "array", "array:x", nil,
      { { "name", "str" }, { "data", "u64" }, { "fd", "s32" } } } } }
    local event = { event = "syscall.x", fds = { { fd = 3, data = -1, name = 'a"\n' }, { name = "\xff\0", odd = 1 } },
                    changed = { "fds" }, late = { "x\n" } }
    assert.equal('{"event":"syscall.x","fds":[{"name":"a\\"\\n","data":18446744073709551615,"fd":3},'
      .. '{"name":"\u{fffd}\\u0000","name_bytes":"ff00","odd":1}],"changed":["fds"],"late":["x\\n"]}',
      M.event(event, description))
    assert.equal('{"event":"x","fds":[]}', M.event({ event = "x", fds = {} }, description))
    assert.equal('{"event":"x","fds":"none"}', M.event({ event = "x", fds = "none" }, description))
  end)

  it("writes nested tables without a description", function()
    assert.equal('{"a":[{"b":"\u{fffd}","b_bytes":"ff"},[{"c":[]}]]}',
                 M.encode { a = { { b = "\xff" }, { { c = {} } } } })
  end)

  it("writes an event without its description", function()
    assert.equal('{"event":"x.y","a":1,"b":2}', M.event { b = 2, event = "x.y", a = 1 })
  end)
end)
