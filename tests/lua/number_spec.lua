-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.number", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.number") end)

  local M = fake.load "traceleft.number"
  local function text(number, kind, meaning) return M.shower { type = kind, meaning = meaning }(number) end

  it("shows plain numbers", function()
    assert.equal("-5", text(-5, "s64", ""))
    assert.equal("18446744073709551611", text(-5, "u64", "bytes"))
    assert.equal("9223372036854775807", text(math.maxinteger, "u64"))
    assert.equal("-1", text(-1, "s32", "fd"))
  end)

  it("shows addresses and numbers that are read bit by bit in hex", function()
    assert.equal("NULL", text(0, "u64", "ptr"))
    assert.equal("0x7ffc12345678", text(0x7ffc12345678, "u64", "ptr"))
    assert.equal("0xffffffffffffffff", text(-1, "u64", "ptr"))
    assert.equal("0", text(0, "u64", "hex"))
    assert.equal("0x26000", text(0x26000, "u64", "hex"))
  end)

  it("shows nobody as -1, whatever the width", function()
    assert.equal("-1", text(0xffffffff, "u32", "uid"))
    assert.equal("-1", text(-1, "s32", "gid"))
    assert.equal("1000", text(1000, "u32", "gid"))
  end)

  it("shows the core's words, escaped, and numbers that have none as they are", function()
    assert.equal("SIGKILL", text(9, "s32", "enum:signal"))
    assert.equal("77", text(77, "s32", "enum:signal"))
    fake.meanings.bad = { "a\27b" }
    assert.equal("a\\x1bb", text(1, "u32", "bad"))
    fake.meanings.bad = nil
    assert.equal("12.3 µs", text(12345, "u64", "duration"))
  end)

  it("asks the core once for what comes often", function()
    local asked = 0
    fake.meanings.often = function() asked = asked + 1 return "word" end
    local show = M.shower { type = "u32", meaning = "often" }
    for _ = 1, 9 do assert.equal("word", show(7)) end
    fake.meanings.often = nil
    assert.equal(1, asked)
  end)
end)
