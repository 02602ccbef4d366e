-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.printout", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.printout") end)

  local M = fake.load "traceleft.aggregate.printout"

  it("names what is wrong with the options", function()
    local known = { "top", "unit", "title", "sort" }
    local function wrong(message, opts, kind)
      assert.equal(message, M.wrong("print", kind or "count", opts, known))
    end
    wrong("print: table expected, got number", 5)
    wrong("print: top: '0' is no number of rows", { top = 0 })
    wrong("print: unit: text expected, got number", { unit = 5 })
    wrong("print: title: text expected, got boolean", { title = true })
    wrong("print: sort: 'p99' is none of value, key, count", { sort = "p99" })
    wrong("print: no option 'tops' (did you mean 'top'?)", { tops = 5 })
    wrong(nil, { top = 5, unit = "bytes", title = false, sort = "p99" }, "quantile")
  end)

  it("says once what is not complete", function()
    local aggregate = { full = 0, lost = 0, said = { full = 0, lost = 0 } }
    assert.equal("", M.complaints(aggregate))
    aggregate.full, aggregate.lost = 3, 2
    assert.equal("full: 3 events found no room for their key; count by less, or give a larger size\n"
                 .. "lost: 2 events were not counted\n", M.complaints(aggregate))
    assert.equal("", M.complaints(aggregate))
    aggregate.lost = 5
    assert.equal("lost: 5 events were not counted\n", M.complaints(aggregate))
  end)

  it("writes JSON with what is cut, functions without names, and rates", function()
    local tl = fake.load "traceleft"
    local a = tl.count { "openat", by = { print, "pathname", tostring }, where = print, name = "x" }
    local function text(opts)
      return require "traceleft.aggregate.printout".json(a, {
        { key = { n = 3, 1, "/a", nil }, cut = { nil, true }, count = 4, value = 4 } }, 2000000000, opts)
    end
    assert.equal('{"aggregate":"x","count":4,"cut":["pathname"],"key":{"key":1,"pathname":"/a"},"value":4}\n', text {})
    assert.equal('{"aggregate":"y","count":4,"cut":["pathname"],"key":{"key":1,"pathname":"/a"},"rate":2,"value":4}\n',
                 text { title = "y", rate = true })
  end)

  local function csv(tl, kind, value, opts)
    local a = tl[kind] { "openat", by = "comm", value = kind ~= "count" and "duration" or nil }
    local rows = { { key = { n = 1, "a,b" }, count = 4, value = value } }
    local M2 = require "traceleft.aggregate.printout"
    return M2.csv(a, rows, 2000000000, opts), M2.csv(a, rows, 2000000000, opts)
  end

  it("writes comma-separated values, with titles the first time", function()
    local tl = fake.load "traceleft"
    local first, second = csv(tl, "count", 4, { rate = true })
    assert.equal('comm,count,per_second\n"a,b",4,2\n', first)
    assert.equal('"a,b",4,2\n', second)
    assert.equal('comm,count,sum,avg\n"a,b",4,10,2.5\n', (csv(tl, "avg", { count = 4, sum = 10, avg = 2.5 }, {})))
    assert.equal('comm,low,high,count\n"a,b",0,1,3\n"a,b",8,,1\n',
                 (csv(tl, "hist", { { low = 0, high = 1, count = 3 }, { low = 8, count = 1 } }, {})))
  end)

  it("gives sums and counts per second", function()
    local row = { value = 30, count = 3 }
    assert.equal(15.0, M.per_second("sum", 2000000000)(row))
    assert.equal(1.5, M.per_second("max", 2000000000)(row))
    assert.equal(0.0, M.per_second("sum", 0)(row))
  end)
end)
