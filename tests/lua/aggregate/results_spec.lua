-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.results", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.results") end)

  local M = fake.load "traceleft.aggregate.results"
  local buckets = require "traceleft.aggregate.buckets"
  local key = table.pack

  local function values(kind, rows, own)
    local list = {}
    for i, row in ipairs(M.sort(M.finish(kind, rows, own))) do list[i] = row.value end
    return list
  end

  local ROWS = { { key = key "a", n = 2, sum = 10, min = 4, max = 6 },
                 { key = key "b", n = 5, sum = 5, min = 0, max = 7 } }

  it("finishes numbers, the greatest first", function()
    assert.same({ 5, 2 }, values("count", ROWS))
    assert.same({ 10, 5 }, values("sum", ROWS))
    assert.same({ 4, 0 }, values("min", ROWS))
    assert.same({ 7, 6 }, values("max", ROWS))
    assert.same({ { count = 2, sum = 10, avg = 5.0, min = 4, max = 6 },
                  { count = 5, sum = 5, avg = 1.0, min = 0, max = 7 } },
                values("avg", ROWS))
  end)

  it("gathers the buckets of each key in their order", function()
    local rows = { { key = key "a", bucket = 3, n = 1 }, { key = key "b", bucket = 0, n = 9 },
                   { key = key "a", bucket = -1, n = 2 } }
    assert.same({ { { low = 0, high = 1, count = 9 } }, { { high = 0, count = 2 }, { low = 4, high = 8, count = 1 } } },
                values("hist", rows, buckets.hist))
    local lhist = buckets.of("lhist", { low = 0, high = 30, step = 10 })
    assert.same({ { { low = 0, high = 10, count = 9 } }, { { high = 0, count = 2 }, { low = 30, count = 1 } } },
                values("lhist", rows, lhist))
  end)

  it("makes quantiles of buckets", function()
    local rows = {}
    for i = 100, 1, -1 do rows[#rows + 1] = { key = key(), bucket = i, n = 10 } end
    assert.same({ { count = 1000, p50 = 50, p90 = 90, p99 = 99, p999 = 100, max = 100 } }, values("quantile", rows))
    local wide = { { key = key(), bucket = 200, n = 10, max = 288 } } -- [288, 292)
    assert.same({ count = 10, p50 = 288, p90 = 288, p99 = 288, p999 = 288, max = 288 }, values("quantile", wide)[1])
    wide[1].max = nil
    assert.equal(289, values("quantile", wide)[1].max)
  end)

  it("counts different values", function()
    assert.same({ 2, 1 }, values("distinct", { { key = key(1), value = "x", n = 9 },
                                               { key = key(2), value = "x", n = 1 },
                                               { key = key(2), value = "y", n = 1 } }))
  end)

  it("takes together what the kernel has in several rows", function()
    local twice = { { key = key "a", n = 2, sum = 10, min = 4, max = 6 },
                    { key = key "b", n = 1, sum = 1, min = 1, max = 1 },
                    { key = key "a", n = 3, sum = 5, min = 0, max = 5 } }
    assert.same({ 5, 1 }, values("count", twice))
    assert.same({ 15, 1 }, values("sum", twice))
    assert.same({ 1, 0 }, values("min", twice))
    assert.same({ 6, 1 }, values("max", twice))
    assert.same({ count = 5, sum = 15, avg = 3.0, min = 0, max = 6 }, values("avg", twice)[1])
    local bars = { { key = key(), bucket = 3, n = 1 }, { key = key(), bucket = 3, n = 2 } }
    assert.same({ { { low = 4, high = 8, count = 3 } } }, values("hist", bars, buckets.hist))
    assert.same({ 2 }, values("distinct", { { key = key(), value = "x", n = 1 },
                                            { key = key(), value = "x", n = 2 },
                                            { key = key(), value = "y", n = 1 } }))
    assert.equal(2, twice[1].n)
  end)

  it("does not take what is cut for what is whole", function()
    assert.same({ 5, 2 }, values("count", { { key = key "a", n = 2 }, { key = key "a", cut = { true }, n = 5 } }))
  end)

  it("sorts by keys, by counts, and by what a value has", function()
    local function order(by)
      local list = {}
      for i, row in ipairs(M.sort(M.finish("avg", ROWS), by)) do list[i] = row.key[1] end
      return table.concat(list)
    end
    assert.same({ "ab", "ba", "ab", "ab" }, { order "key", order "count", order "sum", order "avg" })
    assert.same({ "value", "key", "count" }, M.sorts "sum")
    assert.same("p999", M.sorts("quantile")[7])
  end)

  it("sorts equal ones by their keys", function()
    local rows = { { key = key "b", n = 1 }, { key = key "a", n = 1 }, { key = key(nil), n = 1 } }
    local list = {}
    for i, row in ipairs(M.sort(M.finish("count", rows))) do list[i] = row.key[1] or "-" end
    assert.same({ "-", "a", "b" }, list)
  end)
end)
