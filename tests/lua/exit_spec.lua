-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.exit", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.exit") end)

  local M = fake.load "traceleft.exit"
  it("raises a table with status and message", function()
    local ok, raised = pcall(M.raise, 2, "bad usage")
    assert.is_false(ok)
    assert.equal(2, raised.exit)
    assert.equal("bad usage", raised.message)
    assert.equal("bad usage", tostring(raised))
  end)

  it("is told from other errors", function()
    local _, raised = pcall(M.raise, 0)
    assert.is_true(M.is_exit(raised))
    assert.equal("exit 0", tostring(raised))
    assert.is_false(M.is_exit("text"))
    assert.is_false(M.is_exit({}))
  end)
end)
