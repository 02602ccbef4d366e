-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.timers", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.timers") end)

  local M = fake.load "traceleft.session.timers"

  local function log()
    local calls = {}
    return calls, function(name) return function() calls[#calls + 1] = name end end
  end

  local function call(fn) fn() end

  it("fires what is due, the earliest first, once or each period", function()
    local timers, calls, note = M.new(), log()
    timers:add(20, nil, note "once")
    timers:add(10, 15, note "each")
    assert.equal(10, timers:next())
    assert.is_false(timers:fire(9, call))
    assert.is_true(timers:fire(20, call))
    assert.same({ "each", "once" }, calls)
    assert.equal(25, timers:next())
  end)

  it("calls a late timer once", function()
    local timers, calls, note = M.new(), log()
    timers:add(10, 10, note "each")
    timers:fire(1000, call)
    assert.same({ "each" }, calls)
    assert.equal(1001, timers:next())
  end)

  it("forgets a stopped timer, also one that is due now", function()
    local timers, calls, note = M.new(), log()
    local second
    timers:add(1, nil, function() second:stop() end)
    second = timers:add(2, nil, note "second")
    timers:fire(5, call)
    assert.same({}, calls)
    assert.is_nil(timers:next())
    second:stop()
  end)
end)
