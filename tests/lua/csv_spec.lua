-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.csv", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.csv") end)

  local M = fake.load "traceleft.csv"

  it("keeps numbers and plain text, and leaves cells empty", function()
    assert.equal("1,-2,0.5,cat,,x", M.row({ 1, -2, 0.5, "cat", nil, "x" }, 6))
    assert.equal(",", M.row({}, 2))
  end)

  it("puts quotes where commas and quotes are", function()
    assert.equal('"a,b","say ""hi"""', M.row({ "a,b", 'say "hi"' }, 2))
  end)

  it("stays on one line and is valid UTF-8", function()
    assert.equal("a\\nb,\\x1b[31m,\\xff,é", M.row({ "a\nb", "\27[31m", "\xff", "é" }, 4))
  end)

  it("lets no spreadsheet run what a process wrote", function()
    assert.equal("'=1+1,'+1,'-1,'@x,a=b", M.row({ "=1+1", "+1", "-1", "@x", "a=b" }, 5))
  end)

  it("writes lists as JSON", function()
    assert.equal('"[""ls"",""-l""]"', M.row({ { "ls", "-l" } }, 1))
  end)
end)
