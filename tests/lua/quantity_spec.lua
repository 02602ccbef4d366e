-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.quantity", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.quantity") end)

  local M = fake.load "traceleft.quantity"

  local function texts(show, ...)
    local list = {}
    for i, number in ipairs { ... } do list[i] = show(number) end
    return list
  end

  it("shows durations, bytes and plain numbers", function()
    assert.same({ "870 ns", "12.3 ms", "-1.00 ms", "13 ns" }, texts(M.shower "duration", 870, 12300000, -1000000, 12.5))
    assert.same({ "0 B", "4.0 MiB", "-1.5 KiB", "3 B" }, texts(M.shower "bytes", 0, 4 << 20, -1536, 2.5))
    assert.same({ "7", "-7", "2", "2.5" }, texts(M.shower(), 7, -7, 2.0, 2.5))
    assert.same({ "7" }, texts(M.shower "", 7))
  end)

  it("takes durations counted in other units, and any word", function()
    assert.same({ "1.50 ms", "2.00 ms" }, { M.shower "us"(1500), M.shower "ms"(2) })
    assert.equal("3.00 s", M.shower "s"(3))
    assert.equal("3 pages", M.shower "pages"(3))
    assert.equal("3 \\x1b[2J", M.shower "\27[2J"(3))
  end)

  it("shows whole bounds as whole", function()
    assert.same({ "0", "1", "512", "1K", "1M", "1000", "1025", "4E" }, texts(M.bound(), 0, 1, 512, 1024, 1 << 20, 1000,
                                                                         1025, 1 << 62))
    assert.same({ "512 B", "4 KiB", "1.5 KiB", "4 EiB" }, texts(M.bound "bytes", 512, 4096, 1536, 1 << 62))
    assert.same({ "256 ns", "1.02 µs", "5 ms" }, texts(M.bound "duration", 256, 1024, 5000000))
  end)

  it("takes the unit from what a field means", function()
    assert.equal("duration", M.of { meaning = "duration" })
    assert.equal("bytes", M.of { meaning = "bytes" })
    assert.equal("", M.of { meaning = "port" })
    assert.equal("", M.of(nil))
  end)
end)
