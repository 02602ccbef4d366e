-- SPDX-License-Identifier: MIT
describe("traceleft.top.panel", function()
  it("touches no global", function() assert.same({}, require "fake_core".new_globals "traceleft.top.panel") end)

  local M = require "traceleft.top.panel"

  local function hist(first, ...)
    local list = {}
    for i, count in ipairs { ... } do
      if count > 0 then list[#list + 1] = { low = first << (i - 1), high = first << i, count = count } end
    end
    return list
  end

  it("draws columns over a scale, with empty ones between", function()
    assert.same({
      "10 in this interval: half <2.0µs, 90 % <8.2µs, 99 % <8.2µs",
      "    ███         ",
      "    ███     ▄▄▄ ",
      "▄▄▄ ███     ███ ",
      "512n    2.0µ    ",
    }, M.lines(hist(512, 1, 6, 0, 3), 80, 5))
  end)

  it("leaves out the quick ones where there is no room, and says so", function()
    local lines = M.lines(hist(1, 1, 1, 1), 8, 3)
    assert.equal("3 in this interval: half <4ns, 90 % <8ns, 99 % <8ns, not all shown", lines[1])
    assert.equal("███ ███ ", lines[2])
    assert.equal("2n      ", lines[3])
  end)

  it("says when there is nothing, or nothing known yet", function()
    assert.same({ "nothing in this interval" }, M.lines({}, 80, 5))
    assert.same({ "counting …" }, M.lines(nil, 80, 5))
    assert.truthy(M.lines(false, 80, 5)[1]:find "^no distribution")
  end)

  it("knows buckets without an end", function()
    assert.equal("2 in this interval: half <0ns, 90 % …, 99 % …, not all shown",
                 (M.lines({ { high = 0, count = 1 }, { low = 1 << 62, count = 1 } }, 80, 3))[1])
  end)
end)
