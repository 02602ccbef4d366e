-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.tally", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.tally") end)

  local M = fake.load "traceleft.tally"
  it("counts, and tells the top", function()
    local tally = M.new()
    tally:add "b"
    tally:add "a"
    tally:add("c", 5)
    assert.equal(7, tally.total)
    assert.same({ { key = "c", count = 5 }, { key = "a", count = 1 } }, tally:top(2))
    assert.equal("5 c, 1 a, 1 b", tally:text())
  end)

  it("has no text when empty", function() assert.equal("", M.new():text()) end)
end)
