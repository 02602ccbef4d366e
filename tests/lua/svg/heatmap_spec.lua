-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.svg.heatmap", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.svg.heatmap") end)

  local M = fake.load "traceleft.svg.heatmap"

  local function hints(map)
    local list = {}
    for hint in map:svg():gmatch "<title>(.-)</title>" do list[#list + 1] = hint:sub(11) end
    return list
  end

  local function total(map)
    local sum = 0
    for _, hint in ipairs(hints(map)) do sum = sum + tonumber(hint:match ": (%d+)$") end
    return sum
  end

  it("has a box for each count, which says what it is", function()
    local map = M.new { title = "t", unit = "duration" }
    map:add(0, 1000000000, { { low = 1024, high = 2048, count = 7 }, { low = 0, high = 1, count = 1 } })
    map:add(1000000000, 2000000000, { { high = 0, count = 2 } })
    assert.same({ "0 ns to 1 ns: 1", "1.02 µs to 2.05 µs: 7", "below 0 ns: 2" }, hints(map))
  end)

  it("adds up the buckets of several keys", function()
    local map = M.new { title = "t" }
    map:add(0, 1, { { low = 1, high = 2, count = 3 }, { low = 1, high = 2, count = 4 } })
    assert.same({ "1 to 2: 7" }, hints(map))
  end)

  it("puts columns together when they are many, each of the same time, and loses none", function()
    local map = M.new { title = "t" }
    for i = 1, 1001 do map:add(i, i + 1, { { low = 4, high = 8, count = 2 } }) end
    assert.equal(2002, total(map))
    assert.is_true(#map.columns <= 240)
    for i = 1, #map.columns - 1 do assert.equal(map.parts, map.columns[i].parts) end
    assert.equal(1, map.columns[1].from)
    assert.equal(1002, map.columns[#map.columns].to)
  end)

  it("says that there is nothing", function()
    local map = M.new { title = "t" }
    assert.truthy(map:svg():find(">nothing was counted<", 1, true))
    map:add(0, 1, {})
    assert.truthy(map:svg():find(">nothing was counted<", 1, true))
  end)
end)
