-- SPDX-License-Identifier: MIT
--- Subscriptions: globs, lists, fields, args; added, paused and stopped while running; several tracers.

local expect = require "expect"

local BOTH = { "ring", "perf" }

local function seen(result, name)
  return expect.one(result.rows, { name = name }).n
end

-- Counts in tables of their own; at the end one row per counter.
local COUNTERS = [[
  local counts = {}
  local function counter(name)
    counts[name] = 0
    return function(e) if e.fd == -1 then counts[name] = counts[name] + 1 end end
  end
  tl.at_exit(function() for name, n in pairs(counts) do row { name = name, n = n } end end)
]]

return {
  { name = "globs and lists", run = "first",
    script = [[
      local function add(name) return function(e) row { name = name, event = e.event } end end
      tl.on("syscall.open*", add "glob")
      tl.on({ "process.exit", "syscall.openat" }, add "list")
      tl.on({ "process.*", "process.exec" }, add "overlap")
      tl.on("tcp.*", add "tcp")
      tl.on("syscall.open", add "exact")
      tl.run()]],
    expect = function(result)
      expect.one(result.rows, { name = "glob", event = "syscall.openat" })
      expect.count(result.rows, { name = "list" }, 2)
      expect.one(result.rows, { name = "overlap", event = "process.exec" })
      expect.one(result.rows, { name = "overlap", event = "process.exit" })
      expect.equal(#result.rows, 5, "rows")
    end },
  { name = "fields: a table of those alone; args: positional values", n = 20, channels = BOTH,
    run = "open @n@ /no/such/file",
    script = [[
      tl.on("syscall.openat", { fields = { "comm", "ret", "pathname" } }, row)
      tl.on("syscall.openat", { args = { "ret", "pathname", "error", "comm" } }, function(...)
        row { args = table.pack(...) }
      end)
      tl.run()]],
    expect = function(result)
      expect.count(result.rows, { args = { -2, "/no/such/file", "ENOENT", "workload", n = 4 } }, result.n)
      local tables = expect.select(result.rows, function(r) return not r.args end)
      expect.equal(#tables, result.n, "tables")
      for _, row in ipairs(tables) do
        expect.equal(row, { comm = "workload", ret = -2, pathname = "/no/such/file" }, "table")
      end
    end },
  { name = "several subscriptions on one event each get just their own", n = 200, channels = BOTH,
    background = { "flood @n@", "flood @n@" },
    script = COUNTERS .. [[
      tl.on("syscall.close", { pid = @pid1@ }, counter "first")
      tl.on("syscall.close", { pid = @pid2@ }, counter "second")
      tl.on("syscall.close", { pid = { @pid1@, @pid2@ } }, counter "both")
      tl.on("syscall.openat", { pid = { @pid1@, @pid2@ } }, counter "another event")
      tl.run()]],
    expect = function(result)
      expect.equal(seen(result, "first"), result.n, "first")
      expect.equal(seen(result, "second"), result.n, "second")
      expect.equal(seen(result, "both"), 2 * result.n, "both")
      expect.equal(seen(result, "another event"), 0, "another event")
    end },
  { name = "stop in the callback: exactly so many", n = 500, run = "flood @n@",
    script = COUNTERS .. [[
      local count, sub, other = counter "stopped after 7"
      sub = tl.on("syscall.close", function(e) count(e) if counts["stopped after 7"] == 7 then sub:stop() end end)
      tl.on("syscall.close", counter "beside it")
      tl.run()]],
    expect = function(result)
      expect.equal(seen(result, "stopped after 7"), 7, "stopped")
      expect.equal(seen(result, "beside it"), result.n, "beside it")
    end },
  { name = "pause and resume in callbacks: nothing while paused, seen counts", n = 500, run = "flood @n@",
    script = COUNTERS .. [[
      local count, paused, sub = counter "pausing", false
      sub = tl.on("syscall.close", function(e)
        if paused then row { wrong = true } end
        count(e)
        if counts.pausing == 5 then sub:pause() paused = true end
      end)
      tl.on("process.exit", function()
        paused = false
        assert(sub:resume())
        row { seen = sub.seen, lost = sub.lost }
      end)
      tl.run()]],
    expect = function(result)
      expect.equal(seen(result, "pausing"), 5, "pausing")
      expect.count(result.rows, { wrong = true }, 0)
      expect.fields(expect.one(result.rows, function(r) return r.seen end), { seen = 5, lost = 0 })
    end },
  { name = "a subscription added in a callback takes effect at once", n = 50, command = false,
    background = { "first", "closes @n@" }, options = "-p @pid1@",
    script = [[
      local function release(i)
        os.execute(("@workload@ gate @dir@/go%d @dir@/done%d &"):format(i, i))
      end
      tl.on("process.exit", function()
        assert(tl.on("syscall.close", { pid = @pid2@ }, row))
        assert(tl.on("process.exit", { pid = @pid2@ }, function(e) row(e) tl.stop() end))
        release(2)
      end)
      tl.after(0, function() release(1) end)
      tl.run()]],
    expect = function(result)
      expect.count(result.rows, { event = "syscall.close", fd = 900, pid = result.pids[2] }, result.n)
      expect.count(result.rows, { event = "process.exit", pid = result.pids[2] }, 1)
    end },
  { name = "many subscriptions stopped in any order", n = 100, run = "flood @n@",
    script = COUNTERS .. [[
      local subs = {}
      for i = 1, 40 do subs[i] = tl.on("syscall.close", counter("sub " .. i)) end
      for i = 1, 40, 2 do subs[i]:stop() end
      for i = 40, 21, -2 do subs[i]:stop() end
      for i = 41, 60 do subs[i] = tl.on("syscall.close", counter("sub " .. i)) end
      tl.run()]],
    expect = function(result)
      for i = 1, 60 do
        local gone = i <= 40 and (i % 2 == 1 or i >= 22)
        expect.equal(seen(result, "sub " .. i), gone and 0 or result.n, "sub " .. i)
      end
    end },
  { name = "64 subscriptions are the limit, and slots are free again",
    script = [[
      local session <close> = assert(tl.open())
      local subs, message, name, none = {}
      for i = 1, 64 do subs[i] = assert(session:on("syscall.close", row)) end
      none, message, name = session:on("syscall.close", row)
      row { none = none == nil, name = name, message = message }
      subs[17]:stop()
      row { again = session:on("syscall.close", row) ~= nil }]],
    command = false,
    expect = function(result)
      expect.fields(result.rows[1], { none = true, name = "ENOSPC" })
      expect.fields(result.rows[2], { again = true })
    end },
  { name = "loading: it is told how far that is, and can be stopped", command = false,
    script = [[
      local told, answer = {}, false
      local session <close> = assert(tl.open { loading = function(done, total)
        told[#told + 1] = { done, total }
        if answer == nil then error "enough" end
        return answer
      end })
      local function fn() end
      local function report(fields)
        fields.times, fields.first, fields.last = #told, told[1][1], told[#told][1]
        fields.total = told[1][2]
        row(fields)
        told = {}
      end
      session:on("syscall.close", fn)
      local started, _, name = session:start()
      report { started = started ~= nil, name = name }
      answer = nil
      report { raised = select(2, pcall(session.start, session)):match "%w+$" }
      answer = true
      report { started = session:start() }
      report { on = session:on("syscall.openat", fn) ~= nil }]],
    expect = function(result)
      local stopped, raised, whole, more = table.unpack(result.rows)
      expect.fields(stopped, { started = false, name = "ECANCELED", times = 2, first = 0, last = stopped.total })
      expect.fields(raised, { raised = "enough", times = 2, last = raised.total })
      expect.fields(whole, { started = true, times = whole.total + 1, first = 0, last = whole.total })
      expect.fields(more, { on = true, times = more.total + 1 })
      expect.ok(more.total < whole.total, "%d of %d are loaded again", more.total, whole.total)
    end },
  { name = "timers: every, after, the end of a duration", command = false,
    script = [[
      local n = 0
      tl.on("process.exit", function() end)
      tl.every(0.01, function() n = n + 1 end)
      tl.after(0.02, function() row { after = true } end)
      tl.at_exit(function() row { ticks = n > 2 } end)
      row { why = tl.run { duration = 0.3 } }]],
    expect = function(result)
      expect.equal(result.rows, { { after = true }, { ticks = true }, { why = "duration" } }, "rows")
    end },
  { name = "two tracers at once", n = 100, options = "-f",
    command = "sh -c 'TL_ROWS=@dir@/inner.rows @tracer@ -c \"@workload@ open @n@ /no/such/two\" @dir@/inner.lua'",
    before = [[echo 'local tl, row = dofile(os.getenv "TL_PRELUDE")
      tl.on({ "syscall.openat", "process.exit" }, row) tl.run()' >inner.lua]],
    events = { "syscall.openat" },
    expect = function(result)
      local harness, inner = require "harness", 0
      for line in harness.read(result.dir .. "/inner.rows"):gmatch "[^\n]+" do
        if line:find("/no/such/two", 1, true) then inner = inner + 1 end
      end
      expect.equal(inner, result.n, "rows of the inner tracer")
      expect.count(result.rows, { pathname = "/no/such/two" }, result.n, "rows of the outer tracer")
    end },
}
