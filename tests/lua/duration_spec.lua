-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.duration", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.duration") end)

  local M = fake.load "traceleft.duration"
  it("reads what people type", function()
    assert.equal(10, M.parse(10))
    assert.equal(10, M.parse "10")
    assert.equal(10, M.parse "10s")
    assert.near(0.5, M.parse "500ms", 1e-9)
    assert.equal(5400, M.parse "1.5h")
  end)

  it("refuses the rest", function()
    assert.same({ nil, "'soon' is no duration; write it as 10, 10s, 500ms or 1.5h" }, { M.parse "soon" })
    assert.is_nil(M.parse(-1))
    assert.is_nil(M.parse "10 parsecs")
    assert.is_nil(M.parse(1 / 0))
    assert.is_nil(M.parse {})
  end)

  it("writes three digits and a unit", function()
    local function text(ns) return M.text(ns) end
    assert.equal("0 ns", text(0))
    assert.equal("870 ns", text(870))
    assert.equal("1.00 µs", text(1000))
    assert.equal("12.3 µs", text(12345))
    assert.equal("1.00 ms", text(999600))
    assert.equal("1.20 ms", text(1200000))
    assert.equal("100 ms", text(99960000))
    assert.equal("4.50 s", text(4500000000))
    assert.equal("2 min 05 s", text(125000000000))
    assert.equal("2 h 00 min", text(7200000000000))
  end)

  it("writes short ones for the end of a line", function()
    for ns, text in pairs {
      [0] = "0ns", [870] = "870ns", [1000] = "1.0µs", [2345] = "2.3µs", [9949] = "9.9µs", [9950] = "10µs",
      [12345] = "12µs", [999499] = "999µs", [999500] = "1.0ms", [1200000] = "1.2ms", [99960000] = "100ms",
      [999500000] = "1.0s", [4500000000] = "4.5s", [60000000000] = "60s", [125000000000] = "2min05s",
      [7200000000000] = "2h00min",
    } do
      assert.equal(text, M.short(ns))
    end
  end)
end)
