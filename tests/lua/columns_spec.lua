-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.columns", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.columns") end)

  local M = fake.load "traceleft.columns"
  local SPECS = { { "PID", 7, right = true }, { "COMM", 5 }, { "PATH" } }

  it("lines up under the header", function()
    local file = fake.file()
    local out = M.new(SPECS, file)
    out:header()
    out:row(181, "cat", "/etc/passwd")
    out:row(7, nil, nil)
    assert.equal([[
    PID COMM  PATH
    181 cat   /etc/passwd
      7 -     -
]], file.text)
  end)

  it("cuts nothing: what is too long pushes, and the next column catches up", function()
    local out = M.new({ { "A", 3 }, { "B", 6 }, { "C" } }, fake.file())
    assert.equal("12345 b    c", out:text("12345", "b", "c"))
    assert.equal("1   b      c", out:text("1", "b", "c"))
  end)

  it("escapes what processes control, and counts characters, not bytes", function()
    local out = M.new({ { "A", 5 }, { "B" } }, fake.file())
    assert.equal("\\x1b… b", out:text("\27…", "b"))
    assert.equal("ä     b\\n", out:text("ä", "b\n"))
  end)

  it("knows how wide lines may be", function()
    fake.columns = 132
    assert.equal(132, M.width(io.stdout))
    assert.equal(80, M.width(fake.file()))
    fake.columns = nil
    assert.equal(80, M.width(io.stdout))
  end)

  it("grows into a wide terminal, the first columns first", function()
    local specs = { { "A", 3, most = 6 }, { "B", 3, most = 90 }, { "C" } }
    assert.equal("a      b       c", M.new(specs, fake.file(), 27):text("a", "b", "c"))
    assert.equal("a   b   c", M.new(specs, fake.file(), 10):text("a", "b", "c"))
  end)

  it("puts numbers on the right, those of the last column too", function()
    local out = M.new({ { "A", 3 }, { "B", 4, right = true } }, fake.file())
    assert.equal("a     12", out:text("a", 12))
    assert.equal("a   12345", out:text("a", "12345"))
  end)

  it("has narrow columns where there is too little room, those on the right first", function()
    local specs = { { "A", 6, narrow = false }, { "B", 6, least = 5, narrow = { "b", 2 } }, { "C", 6, narrow = false },
                    { "D", 4 } }
    local function titles(width)
      local list = {}
      for i, spec in ipairs(M.fitting(specs, width)) do list[i] = spec[1] end
      return table.concat(list)
    end
    assert.equal("ABCD", titles(nil))
    assert.equal("ABCD", titles(24))
    assert.equal("ABD", titles(23))
    assert.equal("ABD", titles(17))
    assert.equal("AbD", titles(16))
    assert.equal("bD", titles(13))
    assert.equal("bD", titles(1))
    assert.equal("b  d", M.new(specs, fake.file(), 5):text("b", "d"))
  end)

  it("has all of them where nothing says how wide lines may be", function()
    local specs = { { "A", 90, least = 3, most = 99, narrow = false }, { "B", 3 } }
    assert.equal(("a%sb"):format((" "):rep(90)), M.new(specs, fake.file()):text("a", "b"))
  end)

  it("shrinks where there is too little room, the first columns first and none below its least", function()
    local specs = { { "A", 6, least = 3 }, { "B", 6 }, { "C", 6, least = 4 }, { "D", 5 } }
    assert.equal("a      b      c      d", M.new(specs, fake.file(), 26):text("a", "b", "c", "d"))
    assert.equal("a    b      c      d", M.new(specs, fake.file(), 24):text("a", "b", "c", "d"))
    assert.equal("a   b      c     d", M.new(specs, fake.file(), 22):text("a", "b", "c", "d"))
    assert.equal("a   b      c    d", M.new(specs, fake.file(), 5):text("a", "b", "c", "d"))
  end)
end)
