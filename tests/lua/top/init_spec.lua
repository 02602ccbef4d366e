-- SPDX-License-Identifier: MIT
local fake    = require "fake_core"
local screens = require "fake_screen"
local fixture = require "top.fixture"

describe("traceleft.top", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.top") end)

  local top, screen

  before_each(function()
    top = fixture.load "traceleft.top"
    screen = screens.new(24, 80)
    screen.on_empty = function() fake.ready[5] = nil end
    require "traceleft.screen".open = function() return screen end
  end)

  local function run(opts)
    opts.name, opts.views = "test", fixture.views
    return top.run(opts)
  end

  local function calls(...)
    local list = { ... }
    return function() fixture.calls(table.unpack(list)) end
  end

  -- Keys that are pressed some time after the begin.
  local function press(seconds, ...)
    local list = { ... }
    fake.at(seconds, function()
      table.move(list, 1, #list, #screen.keys + 1, screen.keys)
      fake.ready[5] = true
    end)
  end

  it("shows each interval, does what keys say, and gives the screen back", function()
    fake.at(0.5, calls({ 1, "a" }, { 2, "b" }))
    press(1.5, "down")
    fake.at(1.7, calls({ 2, "b" }))
    press(3.5, "q")
    assert.is_true(run {})
    assert.is_true(screen.closed)
    assert.truthy(screen:line(0):find "test  Processes  0/s  2 rows  every 1s")
    for _, agg in ipairs(fake.session.aggs) do assert.is_true(agg.stopped) end
  end)

  it("selects the row of a click", function()
    fake.at(0.5, calls({ 1, "a" }, { 2, "b" }, { 3, "c" }))
    press(1.5, { "click", 5, 10 })
    press(1.8, "q")
    run { mouse = true }
    assert.equal("cursor", screen:style(5, 0))
  end)

  it("raises an error when the screen is as it was", function()
    fake.at(0.5, calls({ 1, "a" }))
    fixture.views[1].columns[1][3].text = function() error "boom" end
    local ok, message = pcall(run, {})
    assert.is_false(ok)
    assert.truthy(tostring(message):find "boom")
    assert.is_true(screen.closed)
  end)

  it("ends when the terminal is gone", function()
    screen.key = function() return nil, "screen: the terminal is gone", "EIO" end
    fake.at(0.5, function() fake.ready[5] = true end)
    assert.is_true(run {})
    assert.is_true(screen.closed)
  end)

  it("says what was refused", function()
    assert.same({ nil, "no view 'x'; there are process, call", "EINVAL" }, { run { view = "x" } })
    require "traceleft.screen".open = function() return nil, "screen: no terminal", "ENOTTY" end
    assert.same({ nil, "screen: no terminal", "ENOTTY" }, { run {} })
    assert.error_matches(function() run { interva = 1 } end, "top: no option 'interva' %(did you mean 'interval'%?%)")
  end)

  it("writes tables, as many as are wanted", function()
    fake.at(0.5, calls({ 1, "a" }, { 2, "b\n", nil, 3000, -1 }, { 2, "b\n" }))
    fake.at(1.5, calls({ 1, "a" }))
    local text = fake.stdout(function() run { batch = 2 } end)
    assert.equal(2000000000, fake.now)
    assert.equal([[
00:00:01 Processes
PID COMM CALLS FAIL   AVG
  2 b\n      2    1 2.0µs
  1 a        1    0 1.0µs

00:00:02 Processes
PID COMM CALLS FAIL   AVG
  1 a        1    0 1.0µs

]], (text:gsub("%d%d:%d%d:(%d%d)", "00:00:%1")))
  end)

  it("writes what is left when the run ends, and no more rows than wanted", function()
    fake.at(0.5, calls({ 1, "a" }, { 2, "b" }, { 2, "b" }))
    fake.at(0.7, function() fake.signals = 1 end)
    local text = fake.stdout(function() run { batch = 5, rows = 1, sort = "PID" } end)
    assert.equal("Processes\nPID COMM CALLS FAIL   AVG\n  2 b        2    0 1.0µs\n\n", text:sub(10))
  end)
end)
