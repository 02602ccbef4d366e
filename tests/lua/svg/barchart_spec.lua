-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.svg.barchart", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.svg.barchart") end)

  local M = fake.load "traceleft.svg.barchart"

  -- Widths of the bars.
  local function widths(text)
    local list = {}
    for width in text:gmatch '<rect [^>]-width="([%d.]+)"' do list[#list + 1] = tonumber(width) end
    return list
  end

  it("draws bars as long as their numbers", function()
    local bars = widths(M.svg({ { name = "a", value = 100, text = "100" }, { name = "b", value = 50, text = "50" },
                                { name = "c", value = 0, text = "0" } }, { title = "t" }))
    assert.equal(2, #bars)
    assert.near(2.0, bars[1] / bars[2], 0.01)
  end)

  it("shortens names, and has them whole where one points", function()
    local name = ("x"):rep(100)
    local text = M.svg({ { name = name, value = 1, text = "1" } }, { title = "t", note = "and 3 more" })
    assert.truthy(text:find(">" .. ("x"):rep(43) .. "…<", 1, true))
    assert.truthy(text:find("<title>" .. name .. ": 1</title>", 1, true))
    assert.truthy(text:find(">and 3 more<", 1, true))
  end)

  it("says that there is nothing", function()
    assert.truthy(M.svg({}, { title = "t" }):find(">nothing was counted<", 1, true))
  end)
end)
