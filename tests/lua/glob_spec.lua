-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.glob", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.glob") end)

  local M = fake.load "traceleft.glob"
  local NAMES = { "tcp.accept", "tcp.connect", "tcpx", "syscall.open", "syscall.openat" }

  it("filters names", function()
    assert.same({ "tcp.accept", "tcp.connect" }, M.filter(NAMES, "tcp.*"))
    assert.same({ "syscall.open" }, M.filter(NAMES, "syscall.open"))
    assert.same({ "tcpx" }, M.filter(NAMES, "tcp?"))
    assert.same({ "tcp.accept", "tcp.connect" }, M.filter(NAMES, "*.[ac]*[!x]"))
    assert.same({}, M.filter(NAMES, "[]]"))
    assert.same(NAMES, M.filter(NAMES))
  end)

  it("refuses a [ without its ]", function()
    assert.same({ nil, "bad glob 'tcp[': the [ has no ]" }, { M.filter(NAMES, "tcp[") })
  end)

  it("knows a glob from a name", function()
    assert.is_true(M.is_glob "tcp.*")
    assert.is_false(M.is_glob "tcp.connect")
  end)
end)
