-- SPDX-License-Identifier: MIT
describe("traceleft.top.line", function()
  it("touches no global", function() assert.same({}, require "fake_core".new_globals "traceleft.top.line") end)

  local M = require "traceleft.top.line"

  local function typed(line, ...)
    for _, key in ipairs { ... } do line:key(key) end
    return line.text, line:before()
  end

  it("takes characters where the cursor is", function()
    assert.same({ "abä", "abä" }, { typed(M.new "a", "b", "ä") })
    assert.same({ "xab", "xa" }, { typed(M.new "ab", "home", "x", "right") })
    assert.same({ "abc", "ab" }, { typed(M.new(), "a", "c", "left", "b") })
  end)

  it("takes characters away", function()
    assert.equal("a", typed(M.new "aä", "backspace"))
    assert.equal("ä", typed(M.new "aä", "left", "left", "delete"))
    assert.equal("c", typed(M.new "ab c", "left", "kill"))
    assert.equal("ab ", typed(M.new "ab cd ", "kill word"))
    assert.equal("", typed(M.new "", "backspace", "delete", "left", "right", "kill", "kill word", "end"))
  end)

  it("lets other keys be", function() assert.equal("a", typed(M.new "a", "page up", "", "resize")) end)
end)
