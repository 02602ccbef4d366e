-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.subscription", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.subscription") end)

  local M = fake.load "traceleft.request.subscription"

  local function core_sub()
    return { seen = 3, lost = 1, calls = {}, stop = function(self) table.insert(self.calls, "stop") end,
             pause = function(self) table.insert(self.calls, "pause") end,
             resume = function() return nil, "why", "EPERM" end }
  end

  it("passes on to the core", function()
    local core, live = core_sub(), {}
    local sub = M.new(core, live)
    sub:pause()
    assert.same({ nil, "why", "EPERM" }, { sub:resume() })
    assert.is_true(sub.paused)
    assert.equal(3, sub.seen)
    assert.equal(1, sub.lost)
    assert.equal(sub, next(live))
    assert.same({ "pause" }, core.calls)
  end)

  it("changes its target, and is no longer of the session's", function()
    local core = core_sub()
    function core.target(_, selector) core.selector = selector return true end
    local sub = M.new(core, {}, { default = true })
    assert.is_true(sub:target { pid = 5 })
    assert.same({ kind = "pid", numbers = { 5 } }, core.selector)
    assert.is_nil(sub.default)
    assert.equal("pid 5", sub.whose)
    assert.same({ nil, "cgroups: none are mounted here", "ENOENT" }, { sub:target { unit = "x" } })
    function core.target() return nil, "process 5: no such process", "ESRCH" end
    assert.same({ nil, "process 5: no such process", "ESRCH" }, { sub:target { pid = 5 } })
    assert.has_error(function() sub:target {} end, "target: the table is empty")
  end)

  it("stops once, and is no longer live", function()
    local core, live = core_sub(), {}
    do
      local sub <close> = M.new(core, live)
      sub:stop()
      sub:stop()
    end
    assert.same({ "stop" }, core.calls)
    assert.is_nil(next(live))
  end)
end)
