-- SPDX-License-Identifier: MIT
local fixture = require "top.fixture"

describe("traceleft.top.model", function()
  it("touches no global", function() assert.same({}, require "fake_core".new_globals "traceleft.top.model") end)

  local model, keys
  before_each(function()
    local M = fixture.load "traceleft.top.model"
    keys = require "traceleft.aggregate.keys"
    model = M.new(fixture.views[1], 3)
  end)

  local function result(pid, comm, count, value)
    local key = { n = 2, pid, comm }
    return { name = keys.pack(key), key = key, count = count, value = value or { count = count, sum = 500, avg = 1 } }
  end

  local function update(calls, failed)
    model:update { calls = { rows = calls, ns = 500000000 }, failed = { rows = failed or {}, ns = 500000000 } }
  end

  local function pids()
    local list = {}
    for i, row in ipairs(model.list) do list[i] = row.key[1] end
    return list
  end

  it("brings together what was measured of a key", function()
    update({ result(1, "a", 4), result(2, "b", 2) }, { result(2, "b", 1, 1), result(3, "c", 5, 5) })
    local row = model.list[model:index(keys.pack { n = 2, 2, "b" })]
    assert.same({ 2, 4.0, 1000.0, 0.000001 }, { row.calls.count, row.calls.rate, row.calls.per, row.calls.inside })
    assert.same({ 1, 2.0, 2.0 }, { row.failed.count, row.failed.rate, row.failed.per })
    assert.equal(12.0, model.total)
    assert.same({ 1, 2, 3 }, pids())
    assert.is_nil(model:index "none")
  end)

  it("remembers rates, and forgets rows where nothing happens", function()
    update { result(1, "a", 4) }
    update { result(2, "b", 1) }
    assert.same({ 2, 1 }, pids())
    assert.same({ 8.0, 0 }, model.list[2].past)
    assert.is_nil(model.list[2].calls)
    for _ = 1, 7 do update {} end
    assert.same({ 1, 2 }, pids())
    update {}
    assert.same({ 2 }, pids())
    update { result(1, "a", 4) }
    assert.same({ 8.0 }, model.list[1].past)
  end)

  it("keeps a bounded past", function()
    for i = 1, 500 do update { result(1, "a", i) } end
    local past = model.list[1].past
    assert.is_true(#past <= 240)
    assert.equal(1000.0, past[#past])
  end)

  it("sorts numbers downwards, text upwards, and the other way round", function()
    update { result(3, "b", 1), result(1, "c", 9), result(2, "a", 5) }
    assert.same({ 1, 2, 3 }, pids())
    model.reverse = true
    model:order()
    assert.same({ 3, 2, 1 }, pids())
    model.sort, model.reverse = 2, false
    model:order()
    assert.same({ 2, 3, 1 }, pids())
    model.sort, model.reverse = 4, false -- all are equal there
    model:order()
    assert.same({ 1, 2, 3 }, pids())
  end)

  it("has missing values last, whatever the order", function()
    model.sort = 5
    update({ result(1, "a", 1), result(2, "b", 1, { count = 1, sum = 1, avg = 9 }) }, { result(3, "c", 1, 1) })
    assert.same({ 2, 1, 3 }, pids())
    model.reverse = true
    model:order()
    assert.same({ 1, 2, 3 }, pids())
  end)

  it("tells rows of tagged measures apart", function()
    fixture.views[1].measures.failed.tag = "in"
    update({ result(1, "a", 1) }, { result(1, "a", 1, 1) })
    assert.same({ 1, 1 }, pids())
    assert.equal("in", (model.list[1].key[3] or model.list[2].key[3]))
  end)

  it("has the distribution of the row that it was counted for", function()
    update { result(1, "a", 1), result(2, "b", 1) }
    model:update { times = { rows = { { value = "buckets" } }, ns = 1 } }
    assert.is_nil(model:spread(model.list[1]))
    model.selected = model.list[1].name
    assert.equal("buckets", model:spread(model.list[1]))
    assert.is_nil(model:spread(model.list[2]))
    model:update { times = { rows = {}, ns = 1 } }
    assert.same({}, model:spread(model.list[1]))
    assert.is_false(model:spread { name = "x", key = { n = 2, 1 } })
  end)
end)
