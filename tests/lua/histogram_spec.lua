-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.histogram", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.histogram") end)

  local M = fake.load "traceleft.histogram"
  local quantity = require "traceleft.quantity"

  it("draws powers of two, the empty ones between them too", function()
    assert.equal([[
(…, 0)            1 |@@                  |
[0]               0 |                    |
[1]               0 |                    |
[2, 4)           10 |@@@@@@@@@@@@@@@@@@@@|
[4, 8)            0 |                    |
[8, 16)           5 |@@@@@@@@@@          |
[512, 1K)         1 |@@                  |
]], (M.text({ { high = 0, count = 1 }, { low = 2, high = 4, count = 10 }, { low = 8, high = 16, count = 5 },
             { low = 512, high = 1024, count = 1 } }, quantity.bound(), 42)
      :gsub("%[16, 32.-(%[512)", "%1")))
  end)

  it("draws numbers with their units, aligned by characters", function()
    assert.equal([[
[512 ns, 1.02 µs)         7 |@@@@@@@               |
[1.02 µs, 2.05 µs)       22 |@@@@@@@@@@@@@@@@@@@@@@|
]], M.text({ { low = 512, high = 1024, count = 7 }, { low = 1024, high = 2048, count = 22 } },
           quantity.bound "duration", 52))
  end)

  it("leaves out long stretches of empty buckets of the same width", function()
    assert.equal([[
(…, 10)         1 |@@@@@               |
[10, 20)        0 |                    |
[20, 30)        4 |@@@@@@@@@@@@@@@@@@@@|
…
[90, …)         2 |@@@@@@@@@@          |
]], M.text({ { high = 10, count = 1 }, { low = 20, high = 30, count = 4 }, { low = 90, count = 2 } },
           quantity.bound(), 40, 10))
  end)

  it("is never wider than bpftrace's, and has bars on a narrow terminal", function()
    local one = { { low = 0, high = 1, count = 123456789 } }
    assert.equal("[0] 123456789 |" .. ("@"):rep(52) .. "|\n", M.text(one, quantity.bound(), 500))
    assert.equal("[0] 123456789 |@@@@@@@@@@|\n", M.text(one, quantity.bound(), 5))
  end)
end)
