-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.repl_subs", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.repl_subs") end)

  local M, tl
  before_each(function()
    M = fake.load "host.repl_subs"
    tl = require "traceleft"
  end)

  local function emit(event)
    fake.session:emit(event)
    M.look()
  end

  it("lists what is attached, by numbers that stay", function()
    assert.truthy(tostring(M.list()):find "^nothing is attached")
    tl.on("read", { where = "ret > 0" }, function() end)
    local calls = tl.count { "read", by = "comm" }
    M.look()
    fake.now = 2000000000
    for _ = 1, 4 do emit { event = "syscall.read", ret = 1, comm = "x" } end
    local text = tostring(M.list())
    assert.truthy(text:find "NO +KIND +SEEN +PER S +LOST +STATE")
    assert.truthy(text:find "\n 1 on +4 +2%.0 +0 on +the session's .- read +ret > 0\n")
    assert.truthy(text:find "\n 2 count +4 +2%.0 ")
    M.list()[1]:stop()
    assert.equal(calls, M.list()[2])
    assert.is_nil(M.list()[1])
  end)

  it("stops what was active last, callbacks first", function()
    local function nothing() end
    tl.every(1, nothing)
    tl.on("read", nothing)
    tl.on("tcp.close", nothing)
    tl.count { "read" }
    emit { event = "tcp.close" }
    emit { event = "syscall.read" }
    assert.truthy(M.stop_current():find "^stopped %d+: on read, which has seen 1$")
    assert.truthy(M.stop_current():find "on tcp.close, which has seen 1$")
    assert.truthy(M.stop_current():find "every 1")
    assert.truthy(M.stop_current():find "count of read")
    assert.is_nil(M.stop_current())
  end)

  it("leaves alone what is the program's", function()
    tl.every(1, function() end).hidden = true
    assert.is_nil(M.stop_current())
  end)
end)
