-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.sheet", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.sheet") end)

  local M = fake.load "traceleft.aggregate.sheet"

  it("has a title for each value of a key, and those of the kind", function()
    assert.equal("comm,key2,key3,count,sum,avg\n", M.titles({ "comm", print }, "avg", 3))
    assert.equal("key,count,per_second\n", M.titles({ print }, "count", 1, true))
  end)

  it("has a line for each bucket", function()
    local row = { key = { "a,b", n = 1 }, value = { { low = 0, high = 1, count = 3 }, { low = 8, count = 1 } } }
    assert.equal('"a,b",0,1,3\n"a,b",8,,1\n', M.lines("hist", row, 1))
    assert.equal("x,,7,3.5\n", M.lines("sum", { key = { "x", n = 1 }, value = 7 }, 2, function() return 3.5 end))
  end)
end)
