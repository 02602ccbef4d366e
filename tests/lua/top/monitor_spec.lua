-- SPDX-License-Identifier: MIT
local fake    = require "fake_core"
local fixture = require "top.fixture"

describe("traceleft.top.monitor", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.top.monitor") end)

  local M, monitor

  local function open(opts)
    M = fixture.load "traceleft.top.monitor"
    local wrong
    monitor, wrong = M.new(fixture.views, opts or {})
    return wrong
  end

  -- The rows of an interval: "a 3, b 1".
  local function rows(...)
    fixture.calls(...)
    fake.now = fake.now + 1000000000
    monitor:tick()
    local list = {}
    for i, row in ipairs(monitor.model.list) do
      list[i] = ("%s %d"):format(row.key[row.key.n], row.calls and row.calls.count or 0)
    end
    return table.concat(list, ", ")
  end

  local function live()
    local n = 0
    for _, agg in ipairs(fake.session.aggs) do n = n + (agg.stopped and 0 or 1) end
    return n
  end

  local A, B = { 1, "a" }, { 2, "b", "syscall.openat", 5000, -2 }

  it("counts each interval for itself", function()
    open()
    assert.equal("a 2, b 1", rows(A, B, A))
    assert.equal("b 1, a 0", rows(B))
    assert.equal(1.0, monitor.model.total)
    assert.equal(1, monitor.model.list[1].failed.count)
  end)

  it("goes into a row and back, with what holds there", function()
    open()
    rows(B, B, A)
    assert.is_nil(monitor:enter())
    assert.equal("call", monitor:level().view.name)
    assert.same({ "b[2]" }, monitor:level().titles)
    assert.equal("syscall.openat 1", rows(A, B))
    assert.is_nil(monitor:enter())
    assert.equal("((pid == 2)) and (event == 'syscall.openat')", monitor:level().where)
    assert.equal("b 1", rows(A, B, { 2, "b" }))
    assert.equal(3, live())
    assert.is_nil(monitor:back())
    assert.is_nil(monitor:back())
    assert.equal("a 1, b 1", rows(A, B))
    assert.equal("this is the first one", monitor:back())
  end)

  it("says that there is nothing more of a row", function()
    open()
    assert.is_nil(monitor:enter())
    rows(A)
    assert.equal("there is nothing more to be shown of this", monitor:enter())
    assert.equal(1, #monitor.levels)
  end)

  it("shows another view of the same", function()
    open()
    rows(B)
    monitor:enter()
    monitor:switch "process"
    assert.equal("b 1", rows(A, B))
    assert.same({ "b[2]" }, monitor:level().titles)
    monitor:back()
    assert.equal("process", monitor:level().view.name)
    assert.equal("a 1, b 1", rows(A, B))
  end)

  it("filters; what is wrong changes nothing", function()
    open { where = "pid == 2" }
    assert.equal("b 1", rows(A, B))
    assert.is_nil(monitor:set_filter "  ")
    assert.equal("a 1, b 1", rows(A, B))
    monitor:move(1)
    fake.refuse_subscribe = { "where: no field 'rett'; did you mean 'ret'?\nrett < 0\n^", "EINVAL" }
    assert.equal("no field 'rett'; did you mean 'ret'?", monitor:set_filter "rett < 0")
    assert.equal("no field 'rett'; did you mean 'ret'?", monitor:enter())
    fake.refuse_subscribe = { "no room", "ENOSPC" }
    assert.equal("no room", monitor:switch "call")
    fake.refuse_subscribe = nil
    assert.is_nil(monitor.filter)
    assert.equal("a 1, b 1", rows(A, B))
    assert.equal(3, live())
  end)

  it("keeps the cursor on its row, and measures that one", function()
    open()
    rows(A, A, B)
    monitor:move(1)
    rows(B, B, A)
    assert.equal(1, monitor.at)
    assert.equal("b", monitor.model.list[1].key[2])
    rows(B, A, A)
    assert.equal(2, monitor.at)
    assert.same({ { low = 4096, high = 8192, count = 1 } }, monitor.model:spread(monitor.model.list[2]))
    assert.is_nil(monitor.model:spread(monitor.model.list[1]))
    monitor:move(-5)
    assert.equal(1, monitor.at)
    monitor:move(99)
    assert.equal(2, monitor.at)
  end)

  it("freezes: nothing is counted until it goes on", function()
    open()
    rows(A)
    monitor:freeze()
    assert.is_true(fake.session.aggs[1].paused)
    assert.equal("a 1", rows(A, B))
    monitor:freeze()
    assert.is_false(fake.session.aggs[1].paused)
    assert.equal("b 1, a 0", rows(B))
  end)

  it("spares the kernel the distribution that nobody looks at", function()
    open()
    local function hist()
      for _, agg in ipairs(fake.session.aggs) do
        if agg.spec.kind == "hist" and not agg.stopped then return agg end
      end
    end
    monitor:toggle_spread()
    assert.is_true(hist().paused)
    monitor:switch "call"
    assert.is_true(hist().paused)
    monitor:toggle_spread()
    assert.is_false(hist().paused)
  end)

  it("sorts by other columns, and has the same one in other views", function()
    open { sort = "comm" }
    assert.equal(2, monitor.model.sort)
    monitor:sort_by(1)
    assert.equal(3, monitor.model.sort)
    monitor:sort_by(0)
    assert.is_true(monitor.model.reverse)
    for _ = 1, 3 do monitor:sort_by(1) end -- over the column without a title
    assert.equal(1, monitor.model.sort)
    monitor:sort_by(-1)
    assert.equal(5, monitor.model.sort)
  end)

  it("says what is wrong with its options", function()
    assert.equal("no view 'cal' (did you mean 'call'?); there are process, call", open { view = "cal" })
    assert.equal("no column 'X'; there are PID, COMM, CALLS, FAIL, AVG", open { sort = "X" })
  end)

  it("tells what found no room, for the last interval", function()
    open()
    for _, agg in ipairs(fake.session.aggs) do agg.spec.size = 1 end
    rows(A, B, B)
    local full = {}
    for _, one in ipairs(monitor.counting.missing) do full[one.measure .. " " .. one.what] = one.count end
    assert.equal(2, full["calls full"])
    rows(A)
    assert.same({}, monitor.counting.missing)
    monitor:close()
    assert.equal(0, live())
  end)
end)
