-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.wanted", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.wanted") end)

  local M, session
  before_each(function()
    M = fake.load "traceleft.request.wanted"
    session = require "traceleft".open {}
  end)

  it("takes a string or a list of them", function()
    assert.same({ "a" }, M.strings("by", "a"))
    assert.same({ "a", "b" }, M.strings("by", { "a", "b" }))
    assert.same({ nil, "by: list of names expected, got nil" }, { M.strings("by", nil) })
    assert.same({ nil, "by: the list is empty" }, { M.strings("by", {}) })
    assert.same({ nil, "by[2]: name expected, got number" }, { M.strings("by", { "a", 5 }) })
  end)

  it("gives the events, and the words that the core takes", function()
    assert.same({ { "syscall.openat", "tcp.close", "tcp.connect" }, { "syscall.openat", "tcp.c*" } },
                { M.events(session, { "openat", "tcp.c*" }) })
    assert.same({ nil, "names: no class 'fil' (did you mean '%file'?)" }, { M.events(session, { "openat", "%fil" }) })
  end)

  it("knows the fields of all of the events", function()
    assert.is_nil(M.wrong_fields(session, "by", { "tcp.close", "tcp.listen" }, { "backlog", "sent" }))
    assert.equal("by: no field 'pathnam' in tcp.close (did you mean 'pathname'?)",
                 M.wrong_fields(session, "by", { "tcp.close" }, { "comm", "pathnam" }))
  end)

  it("takes the target of the options, else that of the program", function()
    local function target(opts, defaults)
      local spec = {}
      return M.wrong_target(spec, opts, defaults or {}) or spec
    end
    assert.same({ pids = { 7 }, follow = true }, target { pid = 7, follow = true })
    assert.same({ pids = { 5 }, at_exec = true, follow = true, default = true },
                target({}, { pids = { 5 }, at_exec = true, follow = true }))
    assert.same({ pids = { 7 } }, target({ pid = { 7 } }, { pids = { 5 }, follow = true }))
    assert.equal("follow: of no process; give pid too", target { follow = true })
    assert.equal("follow: boolean expected, got number", target { follow = 1 })
    assert.equal("pid: 'x' is no process id", target { pid = "x" })
    assert.equal("pid: the list is empty", target { pid = {} })
  end)
end)
