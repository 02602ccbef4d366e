-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.session", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.session") end)

  local M
  before_each(function() M = fake.load "host.session" end)

  -- The subscription of -t, without its function.
  local function subscribed(opts)
    M.trace(opts)
    local spec = fake.session.subs[1].spec
    spec.fn = nil
    return spec
  end

  local function refused(opts)
    local ok, raised = pcall(M.trace, opts)
    assert.is_false(ok)
    return raised.message
  end

  it("asks for what a line shows, and for no more", function()
    assert.same({ events = { "syscall.fstat" }, payload = 32,
                  fields = { "event", "time", "pid", "tid", "comm", "fd", "file", "ret", "error", "duration" } },
                subscribed { events = { "fstat" } })
  end)

  it("asks for all that any of the events shows, each once", function()
    local spec = subscribed { events = { "fstat", "%stat", "process.exit" }, size = 100 }
    assert.same({ "event", "time", "pid", "tid", "comm", "fd", "file", "ret", "error", "duration", "pathname",
                  "statbuf", "st_mode", "st_size", "status", "signal", "lifetime" }, spec.fields)
    assert.equal(100, spec.payload)
    assert.same({ "syscall.fstat", "syscall.stat", "syscall.fstat", "process.exit" }, spec.events)
  end)

  it("asks for everything for JSON", function()
    assert.same({ events = { "syscall.fstat" } }, subscribed { events = { "fstat" }, json = true })
    fake.load "traceleft"
    M = require "host.session"
    assert.same({ events = { "syscall.fstat" }, payload = 0 },
                subscribed { events = { "fstat" }, json = true, size = 0 })
  end)

  it("says by the option what is wrong with what is counted", function()
    local tl, message = require "traceleft", nil
    tl.count = function() error(message, 0) end
    tl.hist = tl.count
    message = "x.lua:3: count: by: no field 'comn'; did you mean 'comm'?\ncomn\n^"
    assert.equal("--by: no field 'comn'; did you mean 'comm'?\ncomn\n^",
                 refused { events = { "read" }, by = { "comn" }, measures = { { kind = "count" } } })
    message = "x.lua:3: hist: value: 'comm' is a string where a number is needed"
    assert.equal("--hist: 'comm' is a string where a number is needed",
                 refused { events = { "read" }, measures = { { kind = "hist", value = "comm" } } })
    message = "x.lua:3: count: where: something is missing at the end"
    assert.equal("where: something is missing at the end",
                 refused { events = { "read" }, where = "ret <", measures = { { kind = "count" } } })
  end)

  it("prints as much as -s says", function()
    local real, file = io.stdout, fake.file()
    io.stdout = file
    M.trace { events = { "read" }, size = 2 }
    io.stdout = real
    fake.session:emit { event = "syscall.read", pid = 7, tid = 7, comm = "x", fd = 0, buf = "abc", count = 3, ret = 3 }
    assert.equal('x[7] read(0, "ab"…, 3) = 3\n', file.text)
  end)

  it("asks the kernel for those of -w alone", function()
    local tl, got = require "traceleft", {}
    tl.on = function(_, opts) got[#got + 1] = opts.where return {} end
    M.trace { events = { "read" }, where = "ret < 0" }
    M.trace { events = { "read" }, where = "ret < 0", json = true }
    assert.same({ "ret < 0", "ret < 0" }, got)
  end)

  it("counts instead, and reports at the end", function()
    M.trace { events = { "read" }, where = "ret > 0", by = { "comm" }, measures = { { kind = "sum", value = "ret" } } }
    assert.equal(0, #fake.session.subs)
    fake.session:emit { event = "syscall.read", comm = "cat", ret = 3 }
    require "traceleft".count { "read", name = "mine" }
    assert.equal("sum(ret) of read by comm where ret > 0\nSUM COMM\n  3 cat\nmine: 0\n",
                 fake.stdout(function() M.report {} end))
  end)

  it("takes what the core says of an expression for wrong usage", function()
    for _, measures in ipairs { false, { { kind = "count" } } } do
      fake.refuse_subscribe = { "where: no field 'rte' (did you mean 'ret'?)", "EINVAL" }
      local ok, raised = pcall(M.trace, { events = { "read" }, measures = measures or nil })
      assert.is_false(ok)
      assert.same({ 2, "where: no field 'rte' (did you mean 'ret'?)" }, { raised.exit, raised.message })
    end
    fake.refuse_subscribe = { "no privileges", "EPERM" }
    local _, raised = pcall(M.trace, { events = { "read" }, by = { "comm" } })
    assert.same({ 3, "no privileges; run it as root, or with CAP_BPF and CAP_PERFMON" },
                { raised.exit, raised.message })
  end)

  it("says what is wrong with a word, also beside one that is right", function()
    assert.equal("-t: no event 'fil' (did you mean 'file'?)", refused { events = { "fil" } })
    assert.equal("-t: no event 'fil' (did you mean 'file'?)", refused { events = { "fil" }, by = { "comm" } })
    assert.equal("-t: no class 'fil' (did you mean '%file'?)", refused { events = { "desc", "%fil" } })
    assert.equal("-t: bad glob '[': the [ has no ]", refused { events = { "openat", "[" } })
  end)
end)
