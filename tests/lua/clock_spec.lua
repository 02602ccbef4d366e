-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.clock", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.clock") end)

  local M = fake.load "traceleft.clock"
  it("is wall-clock text with microseconds", function()
    assert.equal(os.date("%H:%M:%S", 3) .. ".000456", M.text(3000456789))
    assert.equal(os.date("%H:%M:%S", 3) .. ".999999", M.text(3999999999))
    assert.equal(os.date("%H:%M:%S", 4) .. ".000000", M.text(4000000000))
  end)
end)
