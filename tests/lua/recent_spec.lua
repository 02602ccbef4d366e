-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.recent", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.recent") end)

  local M = fake.load "traceleft.recent"
  it("computes once, false too", function()
    local calls = 0
    local half = M.of(function(number) calls = calls + 1 return number % 2 == 0 and number // 2 end)
    for _ = 1, 3 do
      assert.equal(3, half(6))
      assert.is_false(half(7))
    end
    assert.equal(2, calls)
  end)

  it("does not grow without end", function()
    collectgarbage()
    local before, text = collectgarbage "count", M.of(function(number) return ("x"):rep(1000) .. number end)
    for i = 1, 20000 do text(i) end
    collectgarbage()
    assert.is_true(collectgarbage "count" - before < 1000)
    assert.equal(("x"):rep(1000) .. 7, text(7))
  end)
end)
