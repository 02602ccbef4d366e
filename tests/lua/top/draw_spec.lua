-- SPDX-License-Identifier: MIT
local fake    = require "fake_core"
local screens = require "fake_screen"
local fixture = require "top.fixture"

describe("traceleft.top.draw", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.top.draw") end)

  local draw, top, screen

  before_each(function()
    draw = fixture.load "traceleft.top.draw"
    local monitor = assert(require "traceleft.top.monitor".new(fixture.views, {}))
    top = { name = "test", monitor = monitor, interval = 0.5, first = 1, clock = function() return "12:34:56" end }
    screen = screens.new(20, 60)
  end)

  local function tick(...)
    fixture.calls(...)
    fake.now = fake.now + 1000000000
    top.monitor:tick()
    top.counted = true
    draw.draw(top, screen)
  end

  local function lines(from, to)
    local list = {}
    for row = from, to do list[#list + 1] = screen:line(row) end
    return list
  end

  it("shows the head, the views, the rows and the keys", function()
    draw.draw(top, screen)
    assert.equal("counting …", screen:line(3))
    tick({ 1, "a" }, { 2, "b" }, { 2, "b" })
    assert.same({
      " test  Processes  3/s  2 rows  every 0.5s          12:34:56",
      "1 process  2 call",
      "   PID COMM             CALLS/S▼ FAIL/S    AVG",
      "     2 b                       2      0  1.0µs             █",
      "     1 a                       1      0  1.0µs             █",
      "",
    }, lines(0, 5))
    assert.equal("title", screen:style(0, 59))
    assert.equal("key", screen:style(1, 0))
    assert.equal("cursor", screen:style(3, 59))
    assert.equal("spark", screen:style(4, 59))
    assert.equal(("─"):rep(60), screen:line(12))
    assert.equal("counting …", screen:line(13))
    assert.equal("Enter into  Backspace back  / filter  <> sort  Space freeze…", screen:line(19))
    tick({ 2, "b" })
    assert.equal("1 in this interval: half <1.0µs, 90 % <1.0µs, 99 % <1.0µs", screen:line(13))
    assert.equal("dim", screen:style(4, 0))
  end)

  it("shows where one is, and what is left out", function()
    top.monitor:set_filter "ret == 0"
    tick({ 2, "b\27" })
    top.monitor:enter()
    tick({ 2, "b\27" })
    assert.equal("› b\\x1b[2] where ret == 0", screen:line(2))
    assert.equal("syscall.read            1", screen:line(4))
  end)

  it("scrolls so that the cursor is seen", function()
    local calls = {}
    for i = 2, 40 do calls[#calls + 1] = { i, "x" } end
    tick(table.unpack(calls))
    top.monitor:move(30)
    draw.draw(top, screen)
    assert.equal(9, top.page)
    assert.equal("cursor", screen:style(11, 0))
    assert.equal(23, top.first)
    top.monitor:move(-30)
    draw.draw(top, screen)
    assert.equal(1, top.first)
  end)

  it("has no distribution where there is no room, or nobody wants it", function()
    screen = screens.new(12, 60)
    tick({ 2, "b" })
    assert.equal(8, top.page)
    screen = screens.new(24, 60)
    top.monitor:toggle_spread()
    tick({ 2, "b" })
    assert.equal(20, top.page)
  end)

  it("shows what is typed, with the cursor in it, and what is wrong with it", function()
    top.typing = require "traceleft.top.line".new "rett < 0"
    top.typing:key "left"
    draw.draw(top, screen)
    assert.equal("where: rett < 0", screen:line(19))
    assert.same({ 19, 14 }, screen.cursor)
    top.message = "no field\n"
    draw.draw(top, screen)
    assert.equal("where: rett < 0   no field\\n", screen:line(19))
    assert.equal("bad", screen:style(19, 18))
  end)

  it("says what is missing in the numbers", function()
    for _, agg in ipairs(fake.session.aggs) do agg.spec.size = 1 end
    top.monitor.counting.aggregates.failed:pause()
    tick({ 1, "a" }, { 2, "b" })
    assert.equal("1 events found no room for their key", screen:line(19))
    top.message = "there is nothing more"
    draw.draw(top, screen)
    assert.equal("there is nothing more", screen:line(19))
  end)

  it("says that it is frozen, and shows the keys", function()
    top.monitor:freeze()
    draw.draw(top, screen)
    assert.truthy(screen:line(0):find("FROZEN", 1, true))
    top.help, top.anew = true, true
    draw.draw(top, screen)
    assert.equal(" test: keys", screen:line(0))
    assert.truthy(screen:line(3):find "^  Enter, Backspace +into the selected row")
    assert.same({ true }, screen.cursor)
  end)

  it("fits into any size", function()
    tick({ 2, "b" }, { 3, "ccccccccccccccccccccccccc" })
    for _, size in ipairs { { 1, 1 }, { 2, 10 }, { 5, 20 }, { 24, 80 }, { 43, 132 }, { 100, 300 } } do
      screen = screens.new(size[1], size[2])
      draw.draw(top, screen)
      top.help = true
      draw.draw(top, screen)
      top.help = false
    end
  end)
end)
