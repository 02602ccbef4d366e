-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.buckets", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.buckets") end)

  local M = fake.load "traceleft.aggregate.buckets"

  local function is_in(kind, value)
    local low, high = kind.range(kind.number(value))
    return (not low or value >= low) and (not high or value < high)
  end

  -- Numbers of every size, with those beside the powers of two.
  local function numbers()
    local list = { -5, 0 }
    for power = 0, 62 do
      for near = -1, 1 do list[#list + 1] = (1 << power) + near end
      list[#list + 1] = math.random(1 << power, (1 << power) - 1 + (1 << power))
    end
    list[#list + 1] = math.maxinteger
    return list
  end

  it("puts each number where the range of its bucket has it", function()
    local lhist = M.of("lhist", { low = 10, high = 1000, step = 7 })
    for _, value in ipairs(numbers()) do
      assert.is_true(is_in(M.hist, value), "hist " .. value)
      assert.is_true(is_in(M.quantile, value), "quantile " .. value)
      assert.is_true(is_in(lhist, value), "lhist " .. value)
    end
  end)

  it("has the numbers that the kernel side has", function()
    local function all(kind, ...)
      local list = {}
      for i, value in ipairs { ... } do list[i] = kind.number(value) end
      return list
    end
    assert.same({ -1, 0, 1, 2, 2, 3, 11, 63 }, all(M.hist, -1, 0, 1, 2, 3, 4, 1024, math.maxinteger))
    assert.same({ -1, 0, 63, 64, 127, 128, 128, 129, 191, 192 },
                all(M.quantile, -1, 0, 63, 64, 127, 128, 129, 130, 255, 256))
    local lhist = M.of("lhist", { low = 0, high = 40, step = 10 })
    assert.same({ -1, 0, 0, 1, 3, 4, 4 }, all(lhist, -1, 0, 9, 10, 39, 40, 999))
    assert.same({ 2, 3, 3 }, all(M.of("lhist", { low = 0, high = 25, step = 10 }), 24, 25, 30))
    assert.same({ 2, 5 }, all(M.hist, 2.5, 16.0))
  end)

  it("has no end where a number would be too large, and no begin below", function()
    assert.same({ 1 << 62 }, { M.hist.range(63) })
    assert.same({ nil, 0 }, { M.hist.range(-1) })
    assert.same({ 25 }, { M.of("lhist", { low = 0, high = 25, step = 10 }).range(3) })
    assert.same({ 20, 25 }, { M.of("lhist", { low = 0, high = 25, step = 10 }).range(2) })
    assert.is_nil(M.of("count", {}))
  end)

  it("is at most 0.8 % wrong about a quantile", function()
    for _, value in ipairs(numbers()) do
      if value > 0 then
        local low, high = M.quantile.range(M.quantile.number(value))
        local told = M.at({ { low = low, high = high, count = 3 } }, 3, 0.5)
        assert.is_true(math.abs(told - value) <= 0.008 * value, ("%d for %d"):format(told, value))
      end
    end
  end)

  it("finds a quantile by its rank", function()
    local list = {}
    for i = 1, 100 do list[i] = { low = i, high = i + 1, count = 1 } end
    assert.same({ 1, 50, 90, 99, 100, 100 }, { M.at(list, 100, 0), M.at(list, 100, 0.5), M.at(list, 100, 0.9),
                                               M.at(list, 100, 0.99), M.at(list, 100, 0.999), M.at(list, 100, 1) })
    assert.equal(-1, M.at({ { high = 0, count = 1 } }, 1, 0.5))
  end)
end)
