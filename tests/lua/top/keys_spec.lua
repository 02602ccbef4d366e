-- SPDX-License-Identifier: MIT
local fake    = require "fake_core"
local fixture = require "top.fixture"

describe("traceleft.top.keys", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.top.keys") end)

  local keys, top, stopped

  before_each(function()
    keys = fixture.load "traceleft.top.keys"
    stopped = false
    top = { monitor = assert(require "traceleft.top.monitor".new(fixture.views, {})), interval = 1,
            set_interval = function(self, seconds) self.interval = seconds end, stop = function() stopped = true end }
    local calls = {}
    for pid = 1, 30 do
      for _ = pid, 30 do calls[#calls + 1] = { pid, "x" } end
    end
    fixture.calls(table.unpack(calls))
    top.monitor:tick()
  end)

  local function press(...)
    for _, key in ipairs { ... } do keys.press(top, key, 10) end
    return top.monitor.at
  end

  it("moves", function()
    assert.equal(3, press("down", "j"))
    assert.equal(2, press "k")
    assert.equal(12, press "page down")
    assert.equal(30, press "end")
    assert.equal(20, press "page up")
    assert.equal(17, press "wheel up")
    assert.equal(1, press("home", "up"))
    keys.press(top, "click", 10, 7)
    assert.equal(7, top.monitor.at)
    keys.press(top, "click", 10, nil)
    assert.equal(7, top.monitor.at)
  end)

  it("goes into rows, back, and to other views", function()
    press("down", "enter")
    assert.equal("call", top.monitor:level().view.name)
    press "escape"
    assert.equal("process", top.monitor:level().view.name)
    press "2"
    assert.equal("call", top.monitor:level().view.name)
    press "tab"
    assert.equal("process", top.monitor:level().view.name)
    press "back tab"
    assert.equal("call", top.monitor:level().view.name)
    press "9"
    assert.equal("call", top.monitor:level().view.name)
    press "backspace"
    assert.equal("this is the first one", top.message)
    press "x"
    assert.is_nil(top.message)
  end)

  it("takes a line for a filter", function()
    press("/", "p", "i", "d", " ", "=", "=", " ", "q", "backspace", "3", "enter")
    assert.equal("pid == 3", top.monitor.filter)
    assert.is_nil(top.typing)
    fake.refuse_subscribe = { "where: no", "EINVAL" }
    press("/", "kill", "x", "enter")
    assert.equal("no", top.message)
    assert.equal("x", top.typing.text)
    press "escape"
    assert.is_nil(top.typing)
    assert.equal("pid == 3", top.monitor.filter)
  end)

  it("sorts, freezes, changes the interval, helps, leaves", function()
    press(">", "r")
    assert.same({ 4, true }, { top.monitor.model.sort, top.monitor.model.reverse })
    press "left"
    assert.equal(3, top.monitor.model.sort)
    press " "
    assert.is_true(top.monitor.frozen)
    press "f"
    assert.is_false(top.monitor.frozen)
    press "h"
    assert.is_false(top.monitor.spread)
    press "+"
    assert.equal(2, top.interval)
    press("-", "-")
    assert.equal(0.5, top.interval)
    press "redraw"
    assert.is_true(top.anew)
    press("?", "q")
    assert.is_false(top.help)
    assert.is_false(stopped)
    press "q"
    assert.is_true(stopped)
  end)

  it("leaves a message when only the size has changed", function()
    press "backspace"
    press("resize", "")
    assert.equal("this is the first one", top.message)
  end)
end)
