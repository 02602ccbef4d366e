-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.times", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.times") end)

  local M = fake.load "traceleft.times"

  it("tells the time on the clock", function()
    assert.equal(os.date("%H:%M:%S", 3) .. ".000002", M.teller()(3000002000))
    assert.equal(os.date("%H:%M:%S", 3) .. ".000002", M.teller "wall"(3000002000))
  end)

  it("tells the time from the first event on", function()
    local text = M.teller "relative"
    assert.same({ "0.000000", "1.500000", "0.999999", "-0.000001" },
                { text(5000000000), text(6500000000), text(5999999999), text(4999999000) })
  end)

  it("tells the time since the last event", function()
    local text = M.teller "delta"
    assert.same({ "0.000000", "1.500000", "0.000000", "-1.000000" },
                { text(5000000000), text(6500000000), text(6500000000), text(5500000000) })
  end)

  it("counts for each teller anew", function()
    M.teller "relative"(7)
    assert.equal("0.000000", M.teller "relative"(9000000000))
  end)
end)
