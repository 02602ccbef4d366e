-- SPDX-License-Identifier: MIT
local fake = require "fake_core"
local fake_aggregate = require "fake_aggregate"

describe("traceleft.aggregate.scripted", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.scripted") end)

  local M, session, lib
  before_each(function()
    M = fake.load "traceleft.aggregate.scripted"
    lib = require "traceleft".open {}
    session = fake.session
    session:on_error(function(message) error(message, 0) end)
  end)

  local function read(comm, ret, more)
    local event = { event = "syscall.read", comm = comm, ret = ret }
    for key, value in pairs(more or {}) do event[key] = value end
    session:emit(event)
  end

  local function new(spec)
    spec.events = { "syscall.read" }
    return assert(M.new(lib, spec))
  end

  local function sorted(rows)
    table.sort(rows, function(a, b) return a.n > b.n or a.n == b.n and tostring(a.bucket) < tostring(b.bucket) end)
    return rows
  end

  it("counts what a function lets through, by what functions and fields say", function()
    local agg = new { kind = "count", by = { "comm", function(e) return e.ret > 5 end },
                      where = function(e) return e.ret >= 0 end }
    for _, ret in ipairs { 1, 10, 20, -1 } do read("cat", ret) end
    local rows = sorted((agg:read()))
    assert.same({ { n = 2, "cat", true }, { n = 2, "cat", false } }, { rows[1].key, rows[2].key })
    assert.same({ 2, 1 }, { rows[1].n, rows[2].n })
    assert.same({ 3, 0, 0 }, { agg.seen, agg.full, agg.lost })
  end)

  it("knows what follows from the cgroup", function()
    lib.cgroups = { of = function(_, id) return id == 5 and { unit = "a.service" } or {} end }
    local agg = new { kind = "count", by = { "unit", function(e) return e.comm end } }
    read("cat", 1, { cgroup = 5 })
    read("cat", 1, { cgroup = 5 })
    read("cat", 1, { cgroup = 6 })
    local rows = sorted((agg:read()))
    assert.same({ { n = 2, "a.service", "cat" }, { n = 2, nil, "cat" } }, { rows[1].key, rows[2].key })
    assert.same({ 2, 1 }, { rows[1].n, rows[2].n })
  end)

  it("takes all that one function of by returns", function()
    local agg = new { kind = "count", by = { function(e) return e.comm, nil, e.ret end } }
    read("cat", 1)
    assert.same({ n = 3, "cat", nil, 1 }, agg:read()[1].key)
  end)

  local function numbers(kind, row)
    if kind == "count" or kind == "distinct" or row.bucket then return ("%d"):format(row.n) end
    return ("%d %d %d %d"):format(row.n, row.sum, row.min, row.max)
  end

  -- What rows say, in an order that is theirs alone.
  local function texts(kind, rows)
    local list = {}
    for i, row in ipairs(rows) do
      local part = kind == "distinct" and row.value or row.bucket or ""
      list[i] = ("%s/%s: %s"):format(row.key[1], part, numbers(kind, row))
    end
    table.sort(list)
    return list
  end

  it("keeps the same as the kernel", function()
    for _, kind in ipairs { "count", "sum", "avg", "min", "max", "hist", "lhist", "quantile", "distinct" } do
      local spec = { kind = kind, low = -5, high = 500, step = 50, by = { "comm" },
                     value = kind ~= "count" and "ret" or nil }
      local agg, kernel = new(spec), fake_aggregate.new(spec, function() return 0 end)
      session.aggs = { kernel }
      math.randomseed(1)
      for i = 1, 300 do read(i % 3 == 0 and "cat" or "sh", math.random(-10, 1000)) end
      session.aggs = {}
      assert.same(texts(kind, kernel:read()), texts(kind, agg:read()), kind)
    end
  end)

  it("counts no event without a value, and says what is no number", function()
    local agg = new { kind = "sum", value = function(e) return e.size end }
    read("cat", 1)
    read("cat", 1, { size = 2.5 })
    assert.equal(2.5, agg:read()[1].sum)
    local ok, message = pcall(read, "cat", 1, { size = "2" })
    assert.is_false(ok)
    assert.equal("sum: value: number expected, got string", message:match "^[^\n]*")
  end)

  it("tells text that is cut from the whole", function()
    local agg = new { kind = "count", by = { "comm", "pathname" }, where = function() return true end }
    read("cat", 1, { pathname = "/a" })
    read("cat", 1, { pathname = "/a", cut = { "pathname" } })
    local rows = agg:read()
    assert.equal(2, #rows)
    assert.same({ nil, true }, rows[1].cut or rows[2].cut)
  end)

  it("begins anew, and knows for how long it has counted", function()
    fake.now = 1000
    local agg = new { kind = "count", by = { function() return 1 end } }
    fake.now = 3000
    read("cat", 1)
    local rows, ns = agg:read(true)
    assert.same({ 1, 2000 }, { rows[1].n, ns })
    fake.now = 3500
    assert.same({ {}, 500 }, { agg:read(false) })
    read("cat", 1)
    assert.equal(1, rows[1].n)
    assert.equal(1, agg:read()[1].n)
  end)

  it("has room for so many keys, and counts what finds none", function()
    local agg = new { kind = "count", by = { "ret" }, where = function() return true end, size = 2 }
    for ret = 1, 5 do read("cat", ret) end
    read("cat", 1)
    assert.same({ 3, 3 }, { agg.seen, agg.full })
    assert.equal(2, #agg:read())
    agg:read(true)
    read("cat", 9)
    assert.equal(9, agg:read()[1].key[1])
  end)

  it("subscribes with what the kernel can decide", function()
    local agg = new { kind = "count", by = { function() end }, where = "ret > low", vars = { low = 5 }, pids = { 7 },
                      follow = true, limit = 9, limit_ns = 1000 }
    local spec = session.subs[1].spec
    spec.fn = nil
    assert.same({ events = { "syscall.read" }, where = "ret > low", vars = { low = 5 }, pids = { 7 }, follow = true,
                  limit = 9, limit_ns = 1000 }, spec)
    assert.is_true(agg:set("low", 6))
    assert.equal(6, spec.vars.low)
    session.subs[1].lost = 4
    assert.equal(4, agg.lost)
    agg:pause()
    assert.is_true(session.subs[1].paused)
    assert.is_true(agg:resume())
    agg:stop()
    assert.is_true(session.subs[1].stopped)
  end)

  it("hands back what the core refuses", function()
    fake.refuse_subscribe = { "no process 9", "ESRCH" }
    assert.same({ nil, "no process 9", "ESRCH" },
                { M.new(lib, { kind = "count", events = { "tcp.*" }, by = { print } }) })
  end)

  it("explains where clauses run", function()
    local function explained(spec)
      local list = {}
      for i, row in ipairs(new(spec):explain()) do list[i] = row.clause .. ": " .. row.where .. ", " .. row.why end
      return list
    end
    assert.same({ "where: script, a Lua function runs in the script", "by: script, another clause is a Lua function" },
                explained { kind = "count", where = print, by = { "comm" } })
    assert.same({ "ret > 0: kernel, ", "by: script, a Lua function runs in the script",
                  "value: script, another clause is a Lua function" },
                explained { kind = "sum", where = "ret > 0", by = { print }, value = "ret" })
  end)
end)
