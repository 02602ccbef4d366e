-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.measure", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.measure") end)

  local M, session
  before_each(function()
    M = fake.load "traceleft.aggregate.measure"
    session = require "traceleft".open {}
  end)

  local function made(kind, opts) return assert(M.make(session, kind, opts)) end

  local function wrong(message, kind, opts)
    assert.same({ nil, message }, { M.make(session, kind, opts) })
  end

  local function fn() end

  it("takes events as on does, and puts the clauses as the core wants them", function()
    local measure = made("hist", { "openat", "tcp.c*", value = "duration", by = "comm", where = "ret > low", pid = 7,
                                   follow = true, vars = { low = 0 }, limit = "5/s", size = 9 })
    assert.same({ kind = "hist", events = { "syscall.openat", "tcp.c*" }, value = "duration", by = { "comm" },
                  where = "ret > low", pids = { 7 }, follow = true, vars = { low = 0 }, limit = 5,
                  limit_ns = 1000000000, size = 9 }, measure.spec)
    assert.same({ "syscall.openat", "tcp.close", "tcp.connect" }, measure.events)
    assert.is_false(measure.scripted)
    assert.same({ kind = "count", events = { "tcp.close" } }, made("count", { "tcp.close" }).spec)
    assert.same({ low = 0, high = 1000, step = 10, kind = "lhist", value = "sent", events = { "tcp.close" } },
                made("lhist", { "tcp.close", value = "sent", low = 0, high = 1e3, step = 10 }).spec)
  end)

  it("counts for top, or sums", function()
    assert.equal("count", made("top", { "tcp.*", by = "comm" }).spec.kind)
    local measure = made("top", { "tcp.*", by = "comm", value = "sent" })
    assert.same({ "sum", "sum", 10 }, { measure.kind, measure.spec.kind, measure.top })
    assert.equal(3, made("top", { "tcp.*", top = 3 }).top)
    assert.is_nil(made("count", { "tcp.*" }).top)
  end)

  it("takes the program's target", function()
    session.defaults = { pids = { 5 }, at_exec = true, follow = true }
    local spec = made("count", { "tcp.*" }).spec
    assert.same({ { 5 }, true, true }, { spec.pids, spec.at_exec, spec.follow })
  end)

  it("knows when it runs in the script", function()
    assert.is_true(made("count", { "tcp.*", where = fn }).scripted)
    assert.is_true(made("count", { "tcp.*", by = { "comm", fn } }).scripted)
    assert.is_true(made("sum", { "tcp.*", value = fn, where = "ret < 0" }).scripted)
  end)

  it("has a title", function()
    assert.equal("count of tcp.*, openat", made("count", { "tcp.*", "openat" }).title)
    assert.equal("hist(duration) of read by comm, event where ret > 0",
                 made("hist", { "read", value = "duration", by = { "comm", "event" }, where = "ret > 0" }).title)
    assert.equal("sum(a function) of read by a function where a function",
                 made("sum", { "read", value = fn, by = fn, where = fn }).title)
    assert.equal("reads", made("count", { "read", name = "reads" }).title)
  end)

  it("names what is wrong", function()
    wrong("count: table expected, got string", "count", "tcp.*")
    wrong("count: names: the list is empty", "count", { by = "comm" })
    wrong("count: names: no event 'fil' (did you mean 'file'?)", "count", { "fil" })
    wrong("count: names[2]: name expected, got boolean", "count", { "tcp.*", true })
    wrong("count: no option 'were' (did you mean 'where'?)", "count", { "tcp.*", were = "1" })
    wrong("count: no option 'value'", "count", { "tcp.*", value = "ret" })
    wrong("sum: no option 'step'", "sum", { "tcp.*", value = "ret", step = 5 })
    wrong("sum: value: which field? an expression or a function", "sum", { "tcp.*" })
    wrong("sum: value: expression or function expected, got number", "sum", { "tcp.*", value = 5 })
    wrong("count: where: expression or function expected, got table", "count", { "tcp.*", where = {} })
    wrong("count: by: fields or functions expected, got number", "count", { "tcp.*", by = 5 })
    wrong("count: by: the list is empty", "count", { "tcp.*", by = {} })
    wrong("count: by[2]: field or function expected, got number", "count", { "tcp.*", by = { "comm", 5 } })
    wrong("count: pid: '0' is no process id", "count", { "tcp.*", pid = 0 })
    wrong("count: follow: of no process; give pid too", "count", { "tcp.*", follow = true })
    wrong("count: size: number of keys expected, got string", "count", { "tcp.*", size = "9" })
    wrong("count: top: number of rows expected, got number", "count", { "tcp.*", top = 0 })
    wrong("count: vars: table expected, got string", "count", { "tcp.*", vars = "x" })
    wrong("count: limit: 'many' is no limit; write it as '10000/s'", "count", { "tcp.*", limit = "many" })
    wrong("count: limit: text such as '10000/s' expected, got number", "count", { "tcp.*", limit = 5 })
    wrong("count: name: text expected, got number", "count", { "tcp.*", name = 5 })
    wrong("count: unit: text expected, got number", "count", { "tcp.*", unit = 5 })
  end)

  it("names what is wrong with linear buckets", function()
    local function lhist(low, high, step) return { "read", value = "ret", low = low, high = high, step = step } end
    wrong("lhist: low: whole number expected, got nil", "lhist", lhist(nil, 10, 1))
    wrong("lhist: high: whole number expected, got 1.5", "lhist", lhist(0, 1.5, 1))
    wrong("lhist: step: must be more than 0", "lhist", lhist(0, 10, 0))
    wrong("lhist: high: must be more than low", "lhist", lhist(10, 10, 1))
    wrong("lhist: high: must be more than low", "lhist", lhist(math.mininteger, math.maxinteger, 1))
  end)

  it("takes nothing but fields and functions in the script", function()
    wrong("count: by: 'pid + 1' must be a field or a function, as another clause is a function", "count",
          { "tcp.*", by = "pid + 1", where = fn })
    wrong("sum: value: no field 'pathnam' in tcp.close (did you mean 'pathname'?)", "sum",
          { "tcp.close", by = fn, value = "pathnam" })
  end)
end)
