-- SPDX-License-Identifier: MIT
--- Aggregates: what they count, held against what the workload did; while they are cleared, and when they are full.

local expect = require "expect"

-- Each case runs in both ways, with the same expressions: as text in the kernel, and as Lua functions over the event.
local WAYS = { "script", "kernel" }

local PRELUDE = [[
  local way = "%s"
  local function where(text)
    if way == "kernel" then return text end
    return load("local _ENV = ... return " .. text, "=where", "t")
  end
]]

local function case(way, spec)
  local own = {}
  for key, value in pairs(spec) do own[key] = value end
  own.name = ("aggregates in the %s: %s"):format(way, spec.name)
  own.script = PRELUDE:format(way) .. spec.script
  return own
end

-- Rows of the script: { name =, rows = snapshot }.
local function snapshot(result, name)
  return expect.one(result.rows, { name = name }).rows
end

local CASES = {
  { name = "every kind, of reads of one byte", n = 2000, run = "zeros @n@",
    script = [[
      local made, own = {}, { lhist = { low = 0, high = 10, step = 5 } }
      for _, kind in ipairs { "count", "sum", "avg", "min", "max", "hist", "lhist", "quantile", "top", "distinct" } do
        local opts = { "read", by = "comm", value = kind ~= "count" and "ret" or nil, where = where "count == 1" }
        for key, value in pairs(own[kind] or {}) do opts[key] = value end
        made[kind] = tl[kind](opts)
      end
      tl.run()
      for kind, a in pairs(made) do row { name = kind, rows = a:snapshot() } end]],
    expect = function(result)
      local n = result.n
      local values = {
        count = n, sum = n, min = 1, max = 1, top = n, distinct = 1,
        hist = { { low = 1, high = 2, count = n } }, lhist = { { low = 0, high = 5, count = n } },
        quantile = { count = n, p50 = 1, p90 = 1, p99 = 1, p999 = 1, max = 1 },
      }
      for kind, value in pairs(values) do
        expect.equal(snapshot(result, kind), { { key = { n = 1, "workload" }, count = n, value = value } }, kind)
      end
      local avg = snapshot(result, "avg")[1].value
      expect.equal({ avg.count, avg.sum, avg.avg }, { n, n, 1.0 }, "avg")
    end },
  { name = "keys of text, errors and numbers, and what is missing", n = 50, run = "open @n@ /no/such/file",
    script = [[
      local a = tl.count { "openat", by = { "pathname", "error", "dirfd" },
                           where = where "pathname == '/no/such/file'" }
      local b = tl.count { "process.exit", by = { "signal", "event", "status" }, where = where "status == 0" }
      tl.run()
      row { name = "all", rows = a:snapshot(), one = a:get("/no/such/file", "ENOENT", -100) }
      row { name = "exit", rows = b:snapshot() }]],
    expect = function(result)
      local row = expect.one(result.rows, { name = "all" })
      local key = { n = 3, "/no/such/file", "ENOENT", -100 }
      expect.equal(row.rows, { { key = key, count = result.n, value = result.n } }, "rows")
      expect.equal(row.one, result.n, "get")
      local exit = { n = 3, nil, "process.exit", 0 }
      expect.equal(snapshot(result, "exit"), { { key = exit, count = 1, value = 1 } }, "what is missing")
    end },
  { name = "durations", run = "naps 1 5 20 50",
    script = [[
      local naps = tl.quantile { "nanosleep", value = "duration", where = where "ret == 0" }
      local least = tl.min { "nanosleep", value = "duration", where = where "ret == 0" }
      local bars = tl.lhist { "nanosleep", value = "duration", low = 0, high = 10000000000, step = 1000000,
                              where = where "ret == 0" }
      tl.run()
      row { quantiles = naps:get(), least = least:get(), bars = bars:get() }]],
    expect = function(result)
      local row, naps = result.rows[1], result.truth.all.nap
      table.sort(naps, function(a, b) return a[2] < b[2] end) -- a short one may take longer than the next
      expect.equal(row.quantiles.count, 4, "count")
      expect.time(row.least, 1000000, naps[1][2], "least")
      expect.time(row.quantiles.p50, 4960000, math.ceil(naps[2][2] * 1.008), "p50")
      expect.time(row.quantiles.max, 49600000, math.ceil(naps[4][2] * 1.008), "max")
      local sum = 0
      for _, bar in ipairs(row.bars) do sum = sum + bar.count end
      expect.equal(sum, 4, "sum of the bars")
      expect.time(row.bars[1].high, 1000000, naps[1][2] + 1000000, "first bar")
    end },
  { name = "cleared again and again while four threads count", n = 20000, run = "flood @n@ 4", options = "--ring 64M",
    script = [[
      local a, sum = tl.count { "close", by = "tid", where = where "fd == -1" }, {}
      local function take()
        for _, r in ipairs(a:snapshot { clear = true }) do
          local tid = r.key[1]
          sum[tid] = (sum[tid] or 0) + r.value
        end
      end
      tl.every(0.005, take)
      tl.run()
      take()
      row { name = "sums", rows = sum, lost = a.lost, seen = a.seen, full = a.full }]],
    expect = function(result)
      local row = expect.one(result.rows, { name = "sums" })
      local threads, sum = 0, 0
      for _, n in pairs(row.rows) do threads, sum = threads + 1, sum + n end
      expect.equal({ row.lost, row.full }, { 0, 0 }, "lost and full")
      expect.equal(threads, 4, "threads")
      expect.equal({ sum, row.seen }, { result.truth.calls, result.truth.calls }, "sum and seen")
    end },
  { name = "a full map is counted", n = 500, run = "zeros @n@",
    script = [[
      local a = tl.count { "read", by = "time", where = where "count == 1", size = 10 }
      tl.run()
      local rows, sum = a:snapshot(), 0
      for _, r in ipairs(rows) do sum = sum + r.value end
      row { n = #rows, sum = sum, full = a.full, seen = a.seen }]],
    err = "full: %d+ events found no room for their key",
    expect = function(result)
      local row = result.rows[1]
      expect.ok(row.n >= 1 and row.n <= 10, "%d keys", row.n)
      expect.equal({ row.sum + row.full, row.seen }, { result.n, row.sum }, "counted or full")
    end },
  { name = "paused and stopped", n = 100, run = "zeros @n@",
    script = [[
      local yes, no = tl.count { "read", where = where "count == 1" }, tl.count { "read", where = where "count == 1" }
      no:pause()
      tl.run()
      yes:stop()
      row { yes:get(), no:get() }]],
    expect = function(result) expect.equal(result.rows[1], { result.n, 0 }, "counts") end },
  { name = "what the script does not print is printed at the end", n = 30, run = "open @n@ /no/such/file",
    script = [[
      tl.count { "openat", by = "error", where = where "pathname == '/no/such/file'", name = "failed" }
      tl.hist { "openat", value = "dirfd", where = where "pathname == '/no/such/file'", name = "dirs" }]],
    expect = function(result)
      local text = ("failed\nCOUNT ERROR\n%5d ENOENT\n\ndirs\n(…, 0) %8d |%s|\n")
        :format(result.n, result.n, ("@"):rep(52))
      expect.ok(result.out:find(text, 1, true), "printed: %s", result.out)
    end },
}

-- ---- in the kernel alone ---------------------------------------------------------------------

local BOTH = { "ring", "perf" }

-- What runs are told of at their end: a row for each aggregate, by its name.
local TELL = [[
  local made = {}
  local function add(name, kind, opts)
    made[#made + 1] = { name = name, a = assert(tl[kind](opts)) }
    return made[#made].a
  end
  local function tell()
    for _, one in ipairs(made) do
      local a = one.a
      row { name = one.name, rows = a:snapshot(), seen = a.seen, lost = a.lost, full = a.full }
    end
  end
]]

local function only_row(result, name)
  local rows = snapshot(result, name)
  expect.equal(#rows, 1, name .. ": rows")
  return rows[1]
end

local function value(result, name)
  return only_row(result, name).value
end

-- { [key] = value } of rows with one key.
local function by_key(rows)
  local found = {}
  for _, r in ipairs(rows) do found[r.key[1] == nil and "nil" or r.key[1]] = r.value end
  return found
end

local function sum_of(rows)
  local sum = 0
  for _, r in ipairs(rows) do sum = sum + r.count end
  return sum
end

local function check_quantiles(n, found)
  expect.equal(found.count, n, "count")
  for name, part in pairs { p50 = 0.5, p90 = 0.9, p99 = 0.99, p999 = 0.999, max = 1 } do
    local exact = math.max(math.ceil(n * part), 1)
    expect.ok(math.abs(found[name] - exact) <= 0.01 * exact + 0.5, "%s: %s, exactly %d", name, found[name], exact)
  end
end

-- The powers of two that hold 1 … n.
local function check_bars(n, bars)
  for i, bar in ipairs(bars) do
    local low, high = 1 << (i - 1), 1 << i
    expect.equal(bar, { low = low, high = high, count = math.min(high, n + 1) - low }, "bar " .. i)
  end
  expect.equal(#bars, math.floor(math.log(n, 2)) + 1, "bars")
end

local IN_KERNEL = {
  { name = "the numbers from 1 to n", n = 5000, channels = BOTH, run = "ascend @n@",
    script = TELL .. [[
      local mine, number = "fd >= 10000000", "fd - 9999999"
      add("count", "count", { "close", where = mine })
      for _, kind in ipairs { "sum", "min", "max", "avg", "hist", "quantile", "distinct" } do
        add(kind, kind, { "close", where = mine, value = number })
      end
      add("negative", "min", { "close", where = mine, value = "-(" .. number .. ")" })
      add("least of the negative", "max", { "close", where = mine, value = "-(" .. number .. ")" })
      add("lhist", "lhist", { "close", where = mine, value = number, low = 11, high = 1011, step = 100 })
      add("late sum", "sum", { "close", where = mine .. " and file == nil", value = number })
      add("by ten", "sum", { "close", where = mine, value = number, by = "fd % 10" })
      add("by two", "count", { "close", where = mine, by = { "fd % 2 == 0", "(fd // 2) % 2 == 0" } })
      add("distinct tens", "distinct", { "close", where = mine, value = "fd // 10" })
      add("overflow", "sum", { "close", where = mine, value = "0x7fffffffffffffff" })
      tl.run()
      tell()]],
    expect = function(result)
      local n = result.n
      local sum = n * (n + 1) // 2
      for name, expected in pairs { count = n, sum = sum, min = 1, max = n, distinct = n, negative = -n,
                                    ["least of the negative"] = -1, ["late sum"] = sum, ["distinct tens"] = n // 10,
                                    overflow = n * math.maxinteger } do
        expect.equal(value(result, name), expected, name)
      end
      expect.equal(value(result, "avg"), { count = n, sum = sum, avg = sum / n }, "avg")
      check_bars(n, value(result, "hist"))
      check_quantiles(n, value(result, "quantile"))
      local bars, tens = value(result, "lhist"), by_key(snapshot(result, "by ten"))
      local all = 0
      for _, bar in ipairs(bars) do
        local low, high = bar.low or 1, bar.high or n + 1
        all = all + bar.count
        expect.equal(bar.count, math.min(high, n + 1) - low, "bar from " .. low)
      end
      expect.equal(all, n, "lhist")
      for digit = 0, 9 do
        local exact = 0
        for number = digit + 1, n, 10 do exact = exact + number end
        expect.equal(tens[digit], exact, "sum of " .. digit)
      end
      for _, r in ipairs(snapshot(result, "by two")) do expect.equal(r.value, n // 4, expect.show(r.key)) end
      expect.equal(#snapshot(result, "by two"), 4, "two conditions")
    end },
  { name = "keys of every type", n = 20, channels = BOTH, options = "-f",
    command = [[sh -c '@workload@ open @n@ /no/such/key; @workload@ long-path; @workload@ connect established4;
                       @workload@ connect refused4; @workload@ zeros @n@; cat /proc/version | cat; @workload@ exit 3;
                       @workload@ messages']],
    script = TELL .. [[
      add("comm", "count", { "openat", by = "comm", where = "pathname == '/no/such/key'" })
      add("event", "count", { "openat", "read", by = "event", where = "comm == 'workload'" })
      add("pathname", "count", { "openat", by = "pathname", where = "comm == 'workload'" })
      add("file", "count", { "read", by = "file" })
      add("socket", "count", { "sendto", "sendmsg", "%network", by = "file" })
      add("address", "count", { "tcp.connect", by = { "daddr", "dport", "error", "outcome" } })
      add("everything", "count", { "syscall.*", "tcp.*", "process.*", by = { "event", "daddr", "error", "dport" } })
      add("status", "count", { "process.exit", by = { "comm", "status", "signal", "core" } })
      add("error", "count", { "openat", by = "error", where = "comm == 'workload'" })
      add("argv", "count", { "process.exec", by = "argv" })
      add("distinct paths", "distinct", { "openat", value = "pathname", where = "comm == 'workload'" })
      add("distinct files", "distinct", { "read", value = "file", where = "comm == 'workload'" })
      tl.run()
      tell()]],
    expect = function(result)
      local n = result.n
      expect.equal(by_key(snapshot(result, "comm")), { workload = n }, "comm")
      expect.ok(by_key(snapshot(result, "event"))["syscall.openat"] > n, "event")
      local paths = snapshot(result, "pathname")
      local long = expect.one(paths, function(r) return r.key[1]:find "^/%./" end, "long path")
      expect.equal({ #long.key[1], long.cut }, { 256, { true } }, "a long path is cut")
      local one = expect.one(paths, function(r) return r.key[1] == "/no/such/key" end)
      expect.fields(one, { value = n, cut = expect.none })
      local files = by_key(snapshot(result, "file"))
      expect.ok(files["/dev/zero"] >= n, "reads of /dev/zero: %s", files["/dev/zero"])
      local function begin_so(name, pattern)
        return expect.select(snapshot(result, name), function(r) return r.key[1] and r.key[1]:find(pattern) end)
      end
      expect.equal(#begin_so("file", "^pipe:%[%d+%]$"), 1, "pipes")
      expect.ok(#begin_so("socket", "^TCP ") > 1, "sockets: %s", expect.show(snapshot(result, "socket")))
      local addresses = snapshot(result, "address")
      expect.one(addresses, function(r)
        return r.key[1] == "127.0.0.1" and r.key[2] > 0 and r.key[3] == "ECONNREFUSED"
      end)
      expect.ok(#expect.select(addresses, function(r) return r.key[3] == nil end) >= 1, "without an error")
      expect.one(snapshot(result, "status"), function(r)
        return r.key[1] == "workload" and r.key[2] == 3 and r.key[3] == nil and not r.key[4]
      end)
      local errors = by_key(snapshot(result, "error"))
      expect.ok(errors.ENOENT == n and errors["nil"] >= 2, "errors: %s", expect.show(errors))
      expect.one(snapshot(result, "argv"), function(r)
        return r.key[1] and r.key[1][2] == "exit" and r.key[1][3] == "3"
      end)
      expect.equal(value(result, "distinct paths"), #paths, "distinct paths")
      expect.equal(value(result, "distinct files"), #expect.select(snapshot(result, "file"), function(r)
        return r.key[1] == "/dev/zero"
      end), "distinct files")
      for _, row in ipairs(result.rows) do
        expect.equal({ row.lost, row.full, row.seen }, { 0, 0, sum_of(row.rows) }, row.name)
      end
    end },
  { name = "four writers, cleared all the time", channels = BOTH, run = "ascend 20000 4 20",
    script = [[
      local opts = { "close", where = "fd >= 10000000", value = "fd % 1000", by = "fd // 10000000" }
      local sum, sums = tl.sum(opts), {}
      local bars, counts = tl.hist { "close", where = "fd >= 10000000", value = "fd % 1000" }, {}
      local many = tl.count { "close", where = "fd >= 10000000", by = { "fd % 500", "file" } }
      local reads, n, several = 0, 0, 0
      local function take()
        reads = reads + 1
        local rows = sum:snapshot { clear = true }
        for _, r in ipairs(rows) do sums[r.key[1] ] = (sums[r.key[1] ] or 0) + r.value end
        if #rows > 0 then several = several + 1 end
        for _, bar in ipairs((bars:snapshot { clear = true }[1] or { value = {} }).value) do
          counts[bar.low] = (counts[bar.low] or 0) + bar.count
        end
        for _, r in ipairs(many:snapshot { clear = true }) do n = n + r.value end
      end
      tl.every(0.001, take)
      tl.run()
      take()
      row { sums = sums, counts = counts, n = n, reads = reads, several = several,
            seen = { sum.seen, bars.seen, many.seen },
            lost = { sum.lost, bars.lost, many.lost }, full = { sum.full, bars.full, many.full } }]],
    expect = function(result)
      local row, n, bars = result.rows[1], 20000, {}
      local exact = 0
      for i = 0, n - 1 do
        local number = i % 1000
        local low = number == 0 and 0 or 1 << math.floor(math.log(number, 2) + 1e-9)
        exact, bars[low] = exact + number, (bars[low] or 0) + 4
      end
      expect.equal(row.sums, { exact, exact, exact, exact }, "sums")
      expect.equal(row.counts, bars, "bars")
      expect.equal(row.n, 4 * n, "many keys")
      expect.equal(row.seen, { 4 * n, 4 * n, 4 * n }, "seen")
      expect.equal({ row.lost, row.full }, { { 0, 0, 0 }, { 0, 0, 0 } }, "lost and full")
      expect.ok(row.reads > 2 and row.several > 1, "%d reads, %d not empty", row.reads, row.several)
    end },
  { name = "full, of every kind", n = 1000, run = "ascend @n@",
    script = TELL .. [[
      local mine = "fd >= 10000000"
      add("count", "count", { "close", where = mine, by = "fd", size = 50 })
      add("sum", "sum", { "close", where = mine, by = { "fd", "file", "error" }, value = "1", size = 50 })
      add("distinct", "distinct", { "close", where = mine, value = "fd", size = 50 })
      add("hist", "hist", { "close", where = mine, value = "fd - 9999999", size = 3 })
      tl.run()
      tell()]],
    err = "full: %d+ events found no room for their key",
    expect = function(result)
      for _, row in ipairs(result.rows) do
        expect.ok(row.seen > 0 and row.full > 0, "%s: %d seen, %d full", row.name, row.seen, row.full)
        expect.equal(row.seen + row.full, result.n, row.name)
      end
    end },
  { name = "paused and resumed while it counts", n = 300, command = false, channels = BOTH,
    options = "-p @pid1@,@pid2@,@pid3@", background = { "ascend @n@", "ascend @n@", "ascend @n@" },
    script = [[
      local early = tl.count { "close", where = "fd >= 10000000" }
      local late = tl.count { "close", where = "fd >= 10000000 and file == nil" }
      local sub, n = nil, 0
      sub = tl.on("close", { where = "fd >= 10000000" }, function() n = n + 1 end)
      local runs = 0
      local function release(i)
        os.execute(("@workload@ gate @dir@/go%d @dir@/done%d &"):format(i, i))
      end
      tl.on("process.exit", function()
        runs = runs + 1
        row { run = runs, early = early:get(), late = late:get(), n = n, seen = early.seen }
        if runs == 3 then tl.stop() return end
        for _, one in ipairs { early, late, sub } do
          if runs == 1 then one:pause() else assert(one:resume()) end
        end
        release(runs + 1)
      end)
      tl.after(0, function() release(1) end)
      tl.run()]],
    expect = function(result)
      for run, times in ipairs { 1, 1, 2 } do
        local n = times * result.n
        expect.fields(expect.one(result.rows, { run = run }), { early = n, late = n, n = n, seen = n }, "run " .. run)
      end
    end },
  { name = "connections, wherever their events come from", n = 2000, channels = BOTH, options = "-f",
    run = "storm @n@ 4",
    script = TELL .. [[
      add("events", "count", { "tcp.connect", "tcp.accept", "tcp.close", by = { "event", "daddr" } })
      add("sent", "sum", { "tcp.close", value = "sent" })
      add("received", "sum", { "tcp.close", value = "received" })
      add("owners", "count", { "tcp.close", by = { "pid", "comm" } })
      add("ports", "distinct", { "tcp.connect", value = "sport" })
      add("quick", "quantile", { "tcp.connect", value = "duration" })
      tl.run()
      tell()]],
    expect = function(result)
      local truth, counts = result.truth, by_key(snapshot(result, "events"))
      local n = truth.client_count
      expect.equal(counts, { ["tcp.connect"] = n, ["tcp.accept"] = n, ["tcp.close"] = 2 * n }, "events")
      expect.equal(value(result, "sent"), truth.asked + truth.answered, "sent")
      expect.equal(value(result, "received"), truth.asked + truth.answered, "received")
      expect.equal(value(result, "quick").count, n, "durations")
      expect.equal(sum_of(snapshot(result, "owners")), 2 * n, "owners")
      for _, row in ipairs(result.rows) do expect.equal({ row.lost, row.full }, { 0, 0 }, row.name) end
    end },
  { name = "of the target alone, with its children or without", n = 200, channels = BOTH,
    background = { "flood @n@", "exec 5", "flood @n@" },
    script = TELL .. [[
      add("first", "count", { "close", where = "fd == -1", pid = @pid1@, by = "pid" })
      add("both", "count", { "close", where = "fd == -1", pid = { @pid1@, @pid3@ }, by = "pid" })
      add("parent", "count", { "execve", pid = @pid2@ })
      add("family", "count", { "execve", pid = @pid2@, follow = true })
      add("all", "count", { "close", where = "fd == -1 and (pid == @pid1@ or pid == @pid3@)" })
      tl.run()
      tell()]],
    expect = function(result)
      local n, a, b = result.n, result.pids[1], result.pids[3]
      expect.equal(by_key(snapshot(result, "first")), { [a] = n }, "first")
      expect.equal(by_key(snapshot(result, "both")), { [a] = n, [b] = n }, "both")
      expect.equal(#snapshot(result, "parent"), 0, "parent")
      expect.equal(value(result, "family"), 5, "family")
      expect.equal(snapshot(result, "all"), {}, "the program's target is the command")
    end },
  { name = "calls that never return, and execs", n = 50, channels = BOTH, options = "-f", run = "exec @n@",
    script = TELL .. [[
      add("exits", "count", { "exit_group", by = "status" })
      add("execs", "count", { "execve", by = "ret" })
      add("paths", "count", { "execve", by = "pathname" })
      add("events", "count", { "process.exec", "process.exit", by = "event" })
      add("durations", "hist", { "execve", value = "duration" })
      add("none", "sum", { "exit_group", value = "status" })
      tl.run()
      tell()]],
    expect = function(result)
      local n = result.n
      expect.equal(by_key(snapshot(result, "exits")), { [0] = n + 1 }, "exits")
      expect.equal(by_key(snapshot(result, "execs")), { [0] = n + 1 }, "execs")
      expect.equal(sum_of(snapshot(result, "paths")), n + 1, "paths")
      expect.equal(by_key(snapshot(result, "events")), { ["process.exec"] = n + 1, ["process.exit"] = n + 1 }, "events")
      expect.equal(only_row(result, "durations").count, n + 1, "durations")
      expect.equal(value(result, "none"), 0, "sum")
    end },
  { name = "64 at once", n = 500, channels = BOTH, run = "ascend @n@",
    script = TELL .. [[
      local kinds = { "count", "sum", "hist", "quantile", "lhist", "distinct", "min", "avg" }
      for i = 1, 64 do
        local kind = kinds[i % #kinds + 1]
        add(i, kind, { "close", where = "fd >= 10000000" .. (i % 2 == 0 and " and file == nil" or ""),
                       by = i % 3 == 0 and { "comm", "fd % 5", "error", "file" } or "comm",
                       value = kind ~= "count" and "fd" or nil, low = kind == "lhist" and 10000000 or nil,
                       high = kind == "lhist" and 10001000 or nil, step = kind == "lhist" and 10 or nil })
      end
      local none, message, name = tl.count { "close" }
      row { none = none == nil, errname = name, message = message }
      tl.run()
      tell()]],
    expect = function(result)
      expect.count(result.rows, { none = true, errname = "ENOSPC" }, 1)
      for i = 1, 64 do
        local row = expect.one(result.rows, { name = i })
        expect.equal({ row.seen, row.full, row.lost }, { result.n, 0, 0 }, "aggregate " .. i)
      end
    end },
  { name = "50 with long programs in one", n = 200, channels = BOTH, run = "ascend @n@",
    script = TELL .. [[
      for i = 1, 50 do
        add(i, "quantile", { "close", value = "fd", by = { "comm", "file", "error", "pid", "tid" },
                             where = "fd >= 10000000 and file == nil and not starts(comm, 'x" .. i .. "')" })
      end
      tl.run()
      tell()]],
    expect = function(result)
      for i = 1, 50 do
        local row = expect.one(result.rows, { name = i })
        expect.equal({ row.seen, row.full, row.lost }, { result.n, 0, 0 }, "aggregate " .. i)
      end
    end },
  { name = "what the kernel refuses leaves those that are there alone", n = 1000, channels = BOTH, command = false,
    options = "-p @pid1@,@pid2@", background = { "ascend @n@", "ascend @n@" },
    script = [[
      local first, sum = tl.count { "close", where = "fd >= 10000000 and file == nil" }, 0
      tl.on("close", { where = "fd >= 10000000 and file == nil", args = { "fd" } }, function() sum = sum + 1 end)
      local function release(i)
        os.execute(("@workload@ gate @dir@/go%d @dir@/done%d &"):format(i, i))
      end
      local made, round, message, name, one = {}, 0
      local function add(pid)
        one, message, name = tl.count { "close", where = "fd >= 10000000 and file == nil", by = "fd % " .. #made + 2,
                                        pid = pid }
        made[#made + 1] = one
      end
      for _ = 1, 35 do add() end -- at once: each more is another program for all
      tl.on("process.exit", function()
        round = round + 1
        row { first = first:get(), sum = sum, seen = made[1].seen }
        if round == 2 then tl.stop() return end
        repeat add(@pid2@) until not one -- a program has 64 maps at most; the first process is gone
        row { made = #made, message = message, errname = name }
        release(2)
      end)
      tl.after(0, function() release(1) end)
      tl.run()]],
    expect = function(result)
      local n = result.n
      expect.one(result.rows, { first = n, sum = n, seen = n })
      expect.one(result.rows, { first = 2 * n, sum = 2 * n, seen = 2 * n })
      local row = expect.one(result.rows, function(r) return r.made end)
      expect.ok(row.made > 35, "%d were made: %s", row.made, row.message)
      expect.ok(row.message:find "^where: the kernel refused" or row.errname == "ENOSPC", "%s", row.message)
    end },
  { name = "nothing is left when they are stopped", n = 100, command = false,
    script = [[
      local me = io.open("/proc/self/stat"):read "n"
      local function held()
        local found = { verdicts = 0, aggregates = 0, programs = 0, maps = 0 }
        local pipe = io.popen("@workload@ bpf-of " .. me)
        for line in pipe:lines() do
          local kind, name = line:match "^(%a+) (%S+)"
          if kind == "program" then found.programs = found.programs + 1 end
          if kind == "map" then found.maps = found.maps + 1 end
          if name == "tl_verdict" then found.verdicts = found.verdicts + 1 end
          if kind == "map" and name:find "^tl_aggregate" then found.aggregates = found.aggregates + 1 end
        end
        pipe:close()
        return found
      end
      local session = assert(tl.open())
      local sub = assert(session:on("close", { where = "fd in s and file == nil", vars = { s = { 1, 2, 3 } } }, row))
      local subs = { sub, session:count { "close", by = "comm" },
                     session:sum { "read", value = "ret", where = "file ~= nil" },
                     session:count { "tcp.*", by = "event" } }
      assert(session:start())
      row { name = "running", held = held() }
      for i = 1, @n@ do
        local one = assert(session:count { "close", by = { "comm", "fd" }, where = "fd > " .. i })
        one:snapshot { clear = true }
        one:stop()
      end
      row { name = "still", held = held() }
      for _, one in ipairs(subs) do one:stop() end
      row { name = "stopped", held = held() }
      assert(session:close())
      row { name = "closed", held = held() }]],
    expect = function(result)
      local function held(name) return expect.one(result.rows, { name = name }).held end
      local running = held "running"
      expect.ok(running.verdicts >= 3 and running.aggregates >= 3, "running: %s", expect.show(running))
      expect.equal(held "still", running, "after a hundred came and went")
      expect.fields(held "stopped", { verdicts = 0, aggregates = 0 }, "stopped")
      expect.equal(held "closed", { verdicts = 0, aggregates = 0, programs = 0, maps = 0 }, "closed")
    end },
}

local all = {}
for _, spec in ipairs(IN_KERNEL) do
  spec.name = "aggregates: " .. spec.name
  all[#all + 1] = spec
end
for _, way in ipairs(WAYS) do
  for _, spec in ipairs(CASES) do all[#all + 1] = case(way, spec) end
end
return all
