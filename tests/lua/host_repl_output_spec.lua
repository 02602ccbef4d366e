-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.repl_output", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.repl_output") end)

  local M = fake.load "host.repl_output"
  local SECOND <const> = 1000000000

  local function lines(n, text) return ((text or "x") .. "\n"):rep(n) end

  it("shows whole lines, ten times a second at most", function()
    local out = M.new(0)
    out:add("a\nb", 0)
    assert.equal(0, out:due(0))
    assert.equal("a\n", out:portion(0))
    assert.is_nil(out:due(0))
    out:add("c\n", 0)
    assert.equal(100, out:due(0))
    assert.equal("", out:portion(SECOND // 20))
    assert.equal("bc\n", out:portion(SECOND // 10))
  end)

  it("shows a burst whole, and of a storm so much a second", function()
    local out = M.new(0)
    out:add(lines(2000), 0)
    assert.equal(lines(2000), out:portion(0))
    out:add(lines(1000), 7)
    assert.equal(lines(400) .. "… 607 lines more, too many to be shown\n", out:portion(SECOND))
    out:add(lines(3), 0)
    assert.equal(lines(3), out:portion(SECOND + SECOND // 10))
  end)

  it("gives all that is left at the end", function()
    local out = M.new(0)
    out:add("a\nb", 2)
    assert.equal("a\nb\n… 2 lines more, too many to be shown\n", out:flush())
    assert.equal("", out:flush())
  end)
end)
