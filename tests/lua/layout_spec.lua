-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.layout", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.layout") end)

  local M = fake.load "traceleft.layout"

  it("wraps at words, by characters and not by bytes", function()
    assert.same({ "one two", "three", "µµµµ µµ" }, M.wrap("one two three µµµµ µµ", 7))
    assert.same({ "longer", "than the", "width" }, M.wrap("longer than the width", 8))
    assert.same({ "unbreakable", "a" }, M.wrap("unbreakable a", 4))
  end)

  it("keeps line ends and what is set in", function()
    assert.same({ "a", "", "  b c" }, M.wrap("a\n\n  b c", 20))
    assert.equal("  a\n\n  b", M.paragraph("a\n\nb", "  ", 20))
  end)

  it("sets meanings beside their terms, or under long ones", function()
    assert.equal("  -a       alpha\n           beta\n           gamma delta epsilon\n  -b LONG NAME\n"
      .. "           b\n  -c\n",
      M.terms({ { "-a", "alpha\nbeta\ngamma delta epsilon" }, { "-b LONG NAME", "b" }, { "-c", "" } }, 11, 25))
  end)

  it("puts examples as near as the longest of them allows", function()
    assert.equal("  a       one\n  b c d   two\n  something that is far too long for this\n          three\n",
      M.examples({ { "a", "one" }, { "b c d", "two" }, { "something that is far too long for this", "three" } }, 30))
  end)
end)
