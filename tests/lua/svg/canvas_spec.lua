-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.svg.canvas", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.svg.canvas") end)

  local function drawn(kind, over_time, rows)
    local tl = fake.load "traceleft"
    local aggregate = tl[kind] { "openat", value = kind ~= "count" and "duration" or nil }
    local path = os.tmpname()
    local canvas = require "traceleft.svg.canvas".open(path, aggregate, over_time)
    if over_time then canvas:add(rows, 1000000000) end
    canvas:draw(not over_time and rows or nil)
    local file <close> = assert(io.open(path))
    os.remove(path)
    return file:read "a"
  end

  it("draws bars", function()
    local text = drawn("count", false, { { key = { n = 0 }, count = 5, value = 5 } })
    assert.truthy(text:find("<title>count: 5</title>", 1, true))
  end)

  it("draws what a histogram was in the course of time, all keys together", function()
    local buckets = { { low = 1, high = 2, count = 3 } }
    local text = drawn("hist", true, { { key = { n = 1, "a" }, count = 3, value = buckets },
                                       { key = { n = 1, "b" }, count = 3, value = buckets } })
    assert.truthy(text:find(": 6</title>", 1, true))
  end)

  it("ends at once when the file cannot be written", function()
    fake.load "traceleft"
    local _, raised = pcall(require "traceleft.svg.canvas".open, "/nonexistent/x.svg", {}, false)
    assert.same({ exit = 1, message = "--svg: /nonexistent/x.svg: No such file or directory" }, raised)
  end)
end)
