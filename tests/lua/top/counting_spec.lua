-- SPDX-License-Identifier: MIT
local fake    = require "fake_core"
local fixture = require "top.fixture"

describe("traceleft.top.counting", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.top.counting") end)

  local M, level
  before_each(function()
    M = fixture.load "traceleft.top.counting"
    level = { view = fixture.views[1], titles = {} }
  end)

  local function clauses()
    local list = {}
    for i, agg in ipairs(fake.session.aggs) do list[i] = agg.spec.where or "" end
    table.sort(list)
    return list
  end

  local function live()
    local n = 0
    for _, agg in ipairs(fake.session.aggs) do n = n + (agg.stopped and 0 or 1) end
    return n
  end

  local function counts(counting)
    local list = {}
    for _, row in ipairs(counting:take().calls.rows) do list[row.key[row.key.n]] = row.count end
    return list
  end

  it("counts each interval for itself", function()
    local counting = M.start(level, {})
    fixture.calls({ 1, "a" }, { 1, "a" }, { 2, "b", "syscall.openat", 5000, -2 })
    assert.same({ a = 2, b = 1 }, counts(counting))
    assert.same({}, counts(counting))
  end)

  it("puts together what holds in the view, the level and the filter", function()
    level.where = "pid > 0"
    M.start(level, { filter = "ret < 9" })
    assert.same({ "((pid == selected_pid) and (comm == selected_comm)) and (pid > 0) and (ret < 9)",
                  "(pid > 0) and (ret < 9)", "(ret < 0) and (pid > 0) and (ret < 9)" }, clauses())
  end)

  it("tells the selected row's measures which row that is", function()
    local counting = M.start(level, {})
    counting:select { key = { 7, "x" } }
    local found = {}
    for _, agg in ipairs(fake.session.aggs) do
      if agg.spec.vars then found[#found + 1] = { agg.spec.vars.selected_pid, agg.spec.vars.selected_comm } end
    end
    assert.same({ { 7, "x" } }, found)
    counting:select()
    for _, agg in ipairs(fake.session.aggs) do
      if agg.spec.vars then assert.same({ -1, "" }, { agg.spec.vars.selected_pid, agg.spec.vars.selected_comm }) end
    end
  end)

  it("says what was lacking once, as much as there is more of it", function()
    local counting = M.start({ view = fixture.views[2], titles = {} }, {})
    for _, agg in ipairs(fake.session.aggs) do agg.full = 3 end
    counting:take()
    table.sort(counting.missing, function(a, b) return a.measure < b.measure end)
    assert.same({ { measure = "calls", what = "full", count = 3 }, { measure = "times", what = "full", count = 3 } },
                counting.missing)
    counting:take()
    assert.same({}, counting.missing)
  end)

  it("says in one line why it is refused, and leaves nothing behind", function()
    fake.refuse_subscribe = { "count: where: no field 'rett'; did you mean 'ret'?\nrett < 0\n^", "EINVAL" }
    local counting, wrong = M.start(level, { filter = "rett < 0" })
    fake.refuse_subscribe = nil
    assert.is_nil(counting)
    assert.equal("no field 'rett'; did you mean 'ret'?", wrong)
    assert.equal(0, live())
  end)

  it("rests, goes on from nothing, and ends", function()
    local counting = M.start(level, {})
    fixture.calls { 1, "a" }
    counting:pause(true, false)
    for _, agg in ipairs(fake.session.aggs) do assert.is_true(agg.paused) end
    counting:pause(false, true)
    for _, agg in ipairs(fake.session.aggs) do assert.is_false(agg.paused) end
    assert.same({}, counts(counting))
    counting:stop()
    assert.equal(0, live())
  end)
end)
