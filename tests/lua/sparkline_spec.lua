-- SPDX-License-Identifier: MIT
describe("traceleft.sparkline", function()
  it("touches no global", function() assert.same({}, require "fake_core".new_globals "traceleft.sparkline") end)

  local M = require "traceleft.sparkline"

  it("shows numbers by the greatest of them, and what is more than zero is seen", function()
    assert.equal("▁▂▃▄▅▆▇█", M.text { 1, 2, 3, 4, 5, 6, 7, 8 })
    assert.equal(" ▁█", M.text { 0, 1, 1000 })
    assert.equal("", M.text {})
    assert.equal("   ", M.text { 0, 0, 0 })
  end)

  it("shows the last ones in so many cells, from the right", function()
    assert.equal("▄█", M.text({ 100, 1, 2 }, 2))
    assert.equal("  ▄█", M.text({ 1, 2 }, 4))
    assert.equal("▂▄", M.text({ 1, 2 }, 2, 4))
    assert.equal("█", M.text({ 9 }, 1, 4))
    assert.equal("", M.text({ 9 }, 0))
  end)

  it("makes columns of several cells' height", function()
    assert.same({ "  █", " ▄█", "▁██" }, M.lines({ 0.1, 12, 24 }, 3))
    assert.same({ "███     ", "███ ▄▄▄ " }, M.lines({ 4, 1 }, 2, 4))
    assert.same({ " " }, M.lines({ 0 }, 1))
  end)
end)
