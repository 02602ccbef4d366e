-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.present", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.present") end)

  local M = fake.load "traceleft.aggregate.present"

  local function tell(key, at, cut) return tostring(key[at]) .. (cut and "…" or "") end

  local function shape(kind, by, unit, step)
    local tellers = {}
    for i in ipairs(by) do tellers[i] = tell end
    return { kind = kind, by = by, tellers = tellers, unit = unit or "", step = step }
  end

  local function row(value, count, ...) return { key = table.pack(...), value = value, count = count } end

  local function text(the_shape, rows, opts)
    opts = opts or {}
    opts.width, opts.more = opts.width or 80, opts.more or 0
    return M.text(the_shape, rows, opts)
  end

  it("is one number without keys", function()
    assert.equal("reads: 5\n", text(shape("count", {}), { row(5, 5) }, { title = "reads" }))
    assert.equal("4.0 KiB\n", text(shape("sum", {}, "bytes"), { row(4096, 9) }))
    assert.equal("1.20 ms\n", text(shape("max", {}, "duration"), { row(1200000, 9) }))
    assert.equal("reads: 10 (2.5 per second)\n", text(shape("count", {}), { row(10, 10) }, {
      title = "reads", rate = function() return 2.5 end }))
    assert.equal("8.0 KiB (1.0 KiB per second)\n", text(shape("sum", {}, "bytes"), { row(8192, 10) }, {
      rate = function() return 1024.0 end }))
  end)

  it("is a table with keys, numbers first", function()
    local cut = row(7, 7, "a long comm", 443)
    cut.cut = { true }
    assert.equal([[
calls
COUNT COMM         DPORT + 0
   12 cat          80
    7 a long comm… 443
… 3 more
]], text(shape("count", { "comm", "dport + 0" }), { row(12, 12, "cat", 80), cut }, { title = "calls", more = 3 }))
  end)

  it("has a column more for rates", function()
    assert.equal([[
     SUM PER SECOND COMM
12.0 KiB    1.2 KiB cat
]], text(shape("sum", { "comm" }, "bytes"), { row(12288, 3, "cat") }, { rate = function(r) return r.value / 10 end }))
  end)

  it("has several numbers for averages and quantiles", function()
    assert.equal([[
    AVG COUNT     SUM
1.50 ms     2 3.00 ms
]], text(shape("avg", {}, "duration"), { row({ avg = 1500000.0, count = 2, sum = 3000000 }, 2) }))
    assert.equal([[
P50 P90 P99 P99.9 MAX COUNT COMM
  1   2   3     4   5     9 cat
]], text(shape("quantile", { "comm" }), { row({ p50 = 1, p90 = 2, p99 = 3, p999 = 4, max = 5, count = 9 }, 9, "cat") }))
  end)

  it("draws histograms under their keys", function()
    assert.equal([[
sizes
comm=cat fd=3
[1 KiB, 2 KiB)        4 |@@@@@@@@@@|

comm=sh fd=nil
[0 B]        1 |@@@@@@@@@@@@@|
]], text(shape("hist", { "comm", "fd" }, "bytes"), { row({ { low = 1024, high = 2048, count = 4 } }, 4, "cat", 3),
                                                   row({ { low = 0, high = 1, count = 1 } }, 1, "sh", nil) },
         { title = "sizes", width = 30 }))
    assert.equal([[
[0, 5)          2 |@@@@@@@@@@|
[5, 10)         0 |          |
[10, 15)        1 |@@@@@     |
]], text(shape("lhist", {}, "", 5),
         { row({ { low = 0, high = 5, count = 2 }, { low = 10, high = 15, count = 1 } }, 3) }, { width = 20 }))
  end)

  it("gives each value that a function returned a column", function()
    assert.equal([[
COUNT KEY KEY
    3 a   1
    2 b
]], text(shape("count", { print }), { row(3, 3, "a", 1), row(2, 2, "b") }))
  end)

  it("says when there is nothing", function()
    assert.equal("(nothing)\n", text(shape("count", { "comm" }), {}))
    assert.equal("slow\n(nothing)\n", text(shape("max", {}), {}, { title = "slow" }))
    assert.equal("(nothing)\n", text(shape("hist", {}), {}))
  end)
end)
