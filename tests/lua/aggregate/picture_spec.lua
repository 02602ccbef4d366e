-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.picture", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.picture") end)

  -- The texts of a picture of one aggregate.
  local function texts(kind, rows, by)
    local tl = fake.load "traceleft"
    local a = tl[kind] { "openat", by = by, value = kind ~= "count" and "duration" or nil }
    local list = {}
    for text in a:svg({ rows = rows, top = 2 }):gmatch "<text[^>]*>(.-)</text>" do list[#list + 1] = text end
    return list
  end

  it("draws numbers by key, and says how many more there are", function()
    local rows = {}
    for i, name in ipairs { "a", "b", "c" } do rows[i] = { key = { n = 1, name }, count = 9 - i, value = 9 - i } end
    assert.same({ "count of openat by comm", "a", "8", "b", "7", "and 1 more" }, texts("count", rows, "comm"))
  end)

  it("draws the one number of an aggregate without keys", function()
    assert.same({ "count of openat", "count", "5" }, texts("count", { { key = { n = 0 }, count = 5, value = 5 } }))
  end)

  it("draws what is typical of several numbers", function()
    assert.same({ "avg(duration) of openat by comm", "a", "2.00 µs of 4" },
                texts("avg", { { key = { n = 1, "a" }, count = 4, value = { count = 4, sum = 8000, avg = 2000 } } },
                      "comm"))
  end)

  it("draws histograms, the empty buckets too", function()
    assert.same({ "hist(duration) of openat", "[1 ns]", "3", "[2 ns, 4 ns)", "0", "[4 ns, 8 ns)", "1" },
                texts("hist", { { key = { n = 0 }, count = 4, value = { { low = 1, high = 2, count = 3 },
                                                                       { low = 4, high = 8, count = 1 } } } }))
  end)
end)
