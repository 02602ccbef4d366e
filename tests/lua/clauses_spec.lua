-- SPDX-License-Identifier: MIT
local M = require "traceleft.clauses"

describe("traceleft.clauses", function()
  it("touches no global", function() assert.same({}, require("fake_core").new_globals "traceleft.clauses") end)

  it("joins what is there", function()
    assert.is_nil(M.all(nil, false))
    assert.equal("a or b", M.all(nil, "a or b"))
    assert.equal("(a or b) and (c)", M.all("a or b", false, "c"))
  end)

  it("makes literals of any bytes", function()
    assert.equal('"/etc/a b"', M.text "/etc/a b")
    for _, text in ipairs { 'q"\\\n\0\27', "caf\u{e9}", "\xff" } do
      local literal = M.text(text)
      assert.truthy(literal:find "^[\32-\126]+$")
      assert.equal(text, load("return " .. literal)())
    end
  end)

  it("asks for one of several", function()
    assert.equal('error in { "ENOENT", "EPERM" }', M.one_of("error", { "ENOENT", "EPERM" }))
  end)
end)
