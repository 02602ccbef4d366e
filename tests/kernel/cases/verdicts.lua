-- SPDX-License-Identifier: MIT
--- `where`: each clause at its stage, each subscription by itself, while others come and go; vars, limits, errors.

local expect  = require "expect"
local harness = require "harness"

local BOTH = { "ring", "perf" }
local EARLY, LATE, USER = "kernel, before the handler", "kernel, after the handler", "the tracer's process"
local FIRST <const> = 10000000 -- what `ascend` closes first

-- One row per condition, with how often it was true of the calls that `mine` is true of, and where each clause runs.
local TELL = [[
  local function tell(event, wheres, mine, opts)
    for i, where in ipairs(wheres) do
      local n, stages, own = 0, {}, {}
      for key, value in pairs(opts or {}) do own[key] = value end
      own.where = where
      local sub = assert(tl.on(event, own, function(e) if mine(e) then n = n + 1 end end))
      tl.at_exit(function()
        for _, clause in ipairs(sub:explain()) do
          if clause.clause then stages[#stages + 1] = clause.where end
        end
        row { i = i, n = n, stages = stages, errors = sub.errors, lost = sub.lost }
      end)
    end
  end
]]

-- A case of conditions, each { text, how many of n, stage… }.
local function conditions(name, spec)
  local texts = {}
  for i, c in ipairs(spec) do texts[i] = ("%q"):format(c[1]) end
  return { name = "where: " .. name, n = spec.n, run = spec.run, command = spec.command, channels = spec.channels,
           options = "--ring 64M",
           script = TELL .. ("tell(%s, { %s }, function(e) return %s end, %s) tl.run()"):format(
             spec.event, table.concat(texts, ", "), spec.mine, spec.opts or "{}"),
           expect = function(result)
             for i, c in ipairs(spec) do
               local row = expect.one(result.rows, { i = i }, c[1])
               local n = type(c[2]) == "function" and c[2](result) or c[2]
               expect.equal(row.n, n, c[1])
               expect.equal(row.stages, { table.unpack(c, 3) }, c[1] .. ": stages")
               expect.equal({ row.errors, row.lost }, { 0, 0 }, c[1] .. ": errors and lost")
             end
           end }
end

local function all(result) return result.n end

-- Of `ascend`: which of the numbers 0 … n - 1 have come to a callback, and how often each.
local SEQUENCE = [[
  local function sequence(name, opts)
    local counts, n = {}, 0
    opts.args = { "fd" }
    local sub = assert(tl.on("close", opts, function(fd) counts[fd] = (counts[fd] or 0) + 1 n = n + 1 end))
    tl.at_exit(function()
      local twice, different = 0, 0
      for _, count in pairs(counts) do
        different = different + 1
        if count > 1 then twice = twice + 1 end
      end
      row { name = name, n = n, twice = twice, different = different, lost = sub.lost, seen = sub.seen,
            errors = sub.errors, held = sub.held }
    end)
    return sub, counts
  end
]]

local function exactly(result, name, n)
  local row = expect.one(result.rows, { name = name })
  expect.fields(row, { n = n, different = n, twice = 0, lost = 0, seen = n }, name)
end

local list = {
  conditions("before the handler", {
    n = 40, channels = BOTH, run = "open @n@ /no/such/verdict", event = '"openat"',
    mine = 'e.pathname == "/no/such/verdict"', opts = '{ fields = { "pathname" } }',
    { "ret < 0", all, EARLY }, { "ret == -2", all, EARLY }, { "ret >= 0", 0, EARLY },
    { "error == ENOENT", all, EARLY }, { "error == 'ENOENT'", all, EARLY }, { "error ~= ENOENT", 0, EARLY },
    { "error ~= nil", all, EARLY }, { "error == nil", 0, EARLY },
    { "duration > 0", all, EARLY }, { "duration > 1m", 0, EARLY }, { "duration ~= nil", all, EARLY },
    { "dirfd == AT_FDCWD", all, EARLY }, { "dirfd == -100", all, EARLY }, { "dirfd >= 0", 0, EARLY },
    { "flags & O_CREAT == 0", all, EARLY }, { "has(flags, O_CREAT)", 0, EARLY }, { "mode == 0", all, EARLY },
    { "comm == 'workload'", all, EARLY }, { "comm ~= 'workload'", 0, EARLY }, { "starts(comm, 'work')", all, EARLY },
    { "ends(comm, 'load')", all, EARLY }, { "contains(comm, 'rkl')", all, EARLY },
    { "comm in { 'a', 'workload' }", all, EARLY },
    { "pid > 1", all, EARLY }, { "pid == tid", all, EARLY }, { "ppid > 0", all, EARLY },
    { "uid == 0 and gid == 0", all, EARLY, EARLY },
    { "cpu < 1024", all, EARLY }, { "time > 0", all, EARLY }, { "cgroup ~= nil", all, EARLY },
    { "not (ret < 0)", 0, EARLY },
    { "event == 'syscall.openat'", all, EARLY },
    { "ret in { -1, -2, -3 }", all, EARLY },
    { "ret + 2 == 0 and ret * ret == 4 and ret // 3 == -1 and ret % 3 == 1", all, EARLY, EARLY, EARLY, EARLY },
  }),
  conditions("after the handler", { n = 40, channels = BOTH, run = "open @n@ /no/such/verdict", event = '"openat"',
    mine = 'e.pathname == "/no/such/verdict"', opts = '{ fields = { "pathname" } }',
    { "pathname == '/no/such/verdict'", all, LATE }, { "pathname ~= '/no/such/verdict'", 0, LATE },
    { "starts(pathname, '/no/')", all, LATE }, { "starts(pathname, '/yes')", 0, LATE },
    { "ends(pathname, 'dict')", all, LATE }, { "contains(pathname, '/such/')", all, LATE },
    { "contains(pathname, 'nowhere')", 0, LATE }, { "pathname in { '/a', '/no/such/verdict' }", all, LATE },
    { "ret < 0 and pathname == '/no/such/verdict'", all, EARLY, LATE },
    { "ret >= 0 and pathname == '/no/such/verdict'", 0, EARLY, LATE },
    { "pathname == '/no/such/verdict' and error == ENOENT and comm == 'workload'", all, LATE, EARLY, EARLY },
    { "ret >= 0 or pathname == '/no/such/verdict'", all, LATE }, { "file == nil", all, LATE },
    { "not starts(pathname, '/no/')", 0, LATE },
  }),
  conditions("in the script's process", {
    n = 40, channels = BOTH, run = "open @n@ /no/such/verdict", event = '"openat"',
    mine = 'e.pathname == "/no/such/verdict"', opts = '{ fields = { "pathname", "file" } }',
    { "pathname ~= file", all, USER }, { "pathname == file", 0, USER },
    { "ret < 0 and pathname ~= file and starts(pathname, '/no/')", all, EARLY, USER, LATE },
    { "ret >= 0 and pathname ~= file", 0, EARLY, USER },
  }),
  conditions("files and paths", { n = 30, channels = BOTH, run = "zeros @n@", event = '"read"',
    mine = 'e.count == 1', opts = '{ fields = { "count" } }',
    { "file == '/dev/zero'", all, LATE }, { "file ~= '/dev/zero'", 0, LATE }, { "starts(file, '/dev/')", all, LATE },
    { "ends(file, '/zero')", all, LATE }, { "file == '/dev/zer'", 0, LATE },
    { "starts(file, 'pipe:')", 0, LATE }, { "starts(file, '/dev/pts/') or not starts(file, 'anon_inode:')", all, LATE },
    { "file in { '/dev/null', '/dev/zero' }", all, LATE }, { "contains(file, 'ev/z')", all, USER },
  }),
  conditions("addresses, of a call and of a connection", { command = "@workload@ connect established4",
    event = '{ "syscall.connect", "tcp.connect" }', mine = "true", opts = '{ fields = { "event" } }',
    { "event == 'tcp.connect'", 1, LATE, EARLY }, { "error == nil", 2, LATE, EARLY },
    { "daddr == '127.0.0.1'", 2, LATE, LATE }, { "daddr == '127.0.0.0/8'", 2, LATE, LATE },
    { "daddr == '10.0.0.0/8'", 0, LATE, LATE }, { "daddr in { '10.0.0.0/8', '127.0.0.0/8', '::1' }", 2, LATE, LATE },
    { "dport > 0", 2, LATE, LATE }, { "dport in { 80, 443 }", 0, LATE, LATE },
    { "saddr == daddr and sport ~= dport", 1, LATE, LATE, EARLY, EARLY }, { "comm == 'workload'", 2, LATE, EARLY },
  }),
  conditions("the life of processes", { command = "@workload@ exit 3", event = '{ "process.exec", "process.exit" }',
    mine = "true", opts = '{ fields = { "event" } }',
    { "status == 3", 1, LATE, LATE }, { "status ~= 3", 1, LATE, LATE }, { "status == nil", 1, LATE, LATE },
    { "event == 'process.exit' and comm == 'workload'", 1, LATE, LATE, LATE, LATE }, { "signal ~= nil", 0, LATE, LATE },
  }),
  conditions("calls that do not return, and execs", { command = "@workload@ exit 3",
    event = '{ "exit_group", "execve" }', mine = "true", opts = '{ fields = { "event" } }',
    { "status == 3", 1, EARLY, EARLY }, { "ret == 0", 1, EARLY, EARLY }, { "duration == nil", 1, EARLY, EARLY },
    { "ends(pathname, 'workload')", 1, LATE, EARLY }, { "comm == 'workload'", 2, EARLY, EARLY },
  }),
  { name = "where: each of several subscriptions gets what it asked for, and no more", n = 1000, channels = BOTH,
    run = "ascend @n@", options = "--ring 64M",
    script = SEQUENCE .. [[
      sequence("all", { where = "fd >= 10000000" })
      sequence("even", { where = "fd >= 10000000 and fd % 2 == 0" })
      sequence("third", { where = "fd >= 10000000 and fd % 3 == 0 and file == nil" })
      sequence("none", { where = "fd >= 10000000 and fd < 0" })
      sequence("late none", { where = "fd >= 10000000 and file == '/x'" })
      sequence("one", { where = "fd == 10000007" })
      sequence("failed", { where = "error == EBADF and fd >= 10000000" })
      sequence("user", { where = "fd >= 10000000 and (contains(file, 'x') or fd % 5 == 0)" })
      local plain = 0
      tl.on("close", { args = { "fd" } }, function(fd) if fd >= 10000000 then plain = plain + 1 end end)
      tl.at_exit(function() row { name = "plain", n = plain } end)
      tl.run()]],
    expect = function(result)
      local n = result.n
      local function multiples(of) return (FIRST + n - 1) // of - (FIRST - 1) // of end
      for name, count in pairs { all = n, even = n // 2, none = 0, ["late none"] = 0, one = 1, failed = n,
                                 third = multiples(3), user = multiples(5) } do
        exactly(result, name, count)
      end
      expect.equal(expect.one(result.rows, { name = "plain" }).n, n, "plain")
    end },
  { name = "where: an early verdict leaves the call's other events alone", channels = BOTH,
    command = "@workload@ connect established4",
    script = TELL .. [[
      tell({ "syscall.connect", "tcp.connect" }, { "event == 'tcp.connect' or ret > 99", "ret == 0", "ret > 99" },
           function() return true end)
      tell("syscall.connect", { "ret > 99" }, function() return true end)
      tell("tcp.connect", { "dport > 0" }, function() return true end)
      tl.on("tcp.*", { args = { "event" } }, function(event) row { event = event } end)
      tl.run()]],
    expect = function(result)
      local function ns(i)
        local found = {}
        for _, row in ipairs(expect.select(result.rows, { i = i })) do found[#found + 1] = row.n end
        table.sort(found)
        return found
      end
      expect.equal({ ns(1), ns(2), ns(3) }, { { 0, 1, 1 }, { 1 }, { 0 } }, "numbers")
      expect.count(result.rows, { event = "tcp.connect" }, 1)
    end },
  { name = "where: subscriptions come, change, pause and go, and one that stays gets each event once",
    channels = BOTH, run = "ascend 8000 2 1", options = "--ring 64M",
    script = SEQUENCE .. [[
      sequence("early", { where = "fd >= 10000000" })
      sequence("late", { where = "fd >= 10000000 and file == nil" })
      sequence("half", { where = "fd >= 10000000 and fd % 2 == step", vars = { step = 0 } })
      local plain, swaps, wrong, others = {}, 0, 0, {}
      tl.on("close", { args = { "fd" } }, function(fd)
        if fd >= 10000000 then plain[fd] = (plain[fd] or 0) + 1 end
      end)
      local wheres = { "fd % 7 == 0", "fd % 7 == 0 and file == nil", "fd % 7 == 0 and contains(comm, 'work')" }
      local function swap()
        local i, kind = swaps % 8 + 1, swaps % 5
        swaps = swaps + 1
        if kind == 4 and others[i] then others[i]:pause() return end
        if kind == 3 and others[i] then assert(others[i]:resume()) return end
        if others[i] then others[i]:stop() others[i] = nil return end
        others[i] = assert(tl.on("close", { args = { "fd" }, where = wheres[swaps % #wheres + 1] }, function(fd)
          if fd % 7 ~= 0 then wrong = wrong + 1 end
        end))
        local count <close> = tl.count { "close", where = "fd >= 10000000", by = "comm" }
        count:snapshot()
      end
      tl.every(0.002, swap)
      tl.at_exit(function()
        local n, twice = 0, 0
        for _, count in pairs(plain) do
          n = n + 1
          if count > 1 then twice = twice + 1 end
        end
        row { name = "plain", n = n, twice = twice, swaps = swaps, wrong = wrong }
      end)
      tl.run()]],
    expect = function(result)
      local n = 2 * 8000
      exactly(result, "early", n)
      exactly(result, "late", n)
      exactly(result, "half", n // 2)
      local plain = expect.one(result.rows, { name = "plain" })
      expect.fields(plain, { n = n, twice = 0, wrong = 0 })
      expect.ok(plain.swaps >= (harness.scale > 1 and 3 or 20), "%d swaps", plain.swaps)
    end },
  { name = "where: vars take effect at once, sets of thousands too", n = 300, channels = BOTH, command = false,
    options = "--ring 64M -p @pid1@,@pid2@,@pid3@", background = { "ascend @n@", "ascend @n@", "ascend @n@" },
    script = [[
      local set, names, nets = {}, {}, {}
      for i = 1, 5000 do
        set[i], names[i], nets[i] = 20000000 + i, "name" .. i, ("10.%d.%d.0/24"):format(i // 250, i % 250)
      end
      local subs, counts = {}, {}
      local function on(name, where, value)
        counts[name] = 0
        subs[name] = assert(tl.on("close", { where = where, vars = { v = value }, args = { "fd" } },
                                  function() counts[name] = counts[name] + 1 end))
      end
      on("int", "fd >= 10000000 and fd < v", 0)
      on("string", "fd >= 10000000 and comm == v", "nobody")
      on("set", "fd in v", set)
      on("not in set", "fd >= 10000000 and not (fd in v)", set)
      on("names", "fd >= 10000000 and comm in v", names)
      on("late", "fd >= 10000000 and file == nil and fd < v", 0)
      local sum = tl.sum { "close", where = "fd >= 10000000 and fd < v", value = "fd * 0 + v", vars = { v = 0 } }
      local function change(on)
        local limit = on and 10000010 or 0
        set[2500], names[2500] = on and 10000003 or 1, on and "workload" or "x"
        for name, value in pairs { int = limit, late = limit, string = on and "workload" or "nobody", set = set,
                                   ["not in set"] = set, names = names } do
          assert(subs[name]:set("v", value))
        end
        assert(sum:set("v", limit))
      end
      local function release(i)
        os.execute(("@workload@ gate @dir@/go%d @dir@/done%d &"):format(i, i))
      end
      local none, message, name = subs.int:set("w", 1)
      row { none = none, message = message, errname = name }
      none, message, name = subs.int:set("v", "text")
      row { none = none, message = message, errname = name }
      local runs = 0
      tl.on("process.exit", function()
        runs = runs + 1
        local row_of = { run = runs, sum = sum:snapshot { clear = true }[1] }
        for key, n in pairs(counts) do row_of[key], counts[key] = n, 0 end
        row(row_of)
        change(runs == 1)
        if runs == 3 then tl.stop() else release(runs + 1) end
      end)
      tl.after(0, function() release(1) end)
      tl.run()]],
    expect = function(result)
      local n = result.n
      local off = { int = 0, late = 0, string = 0, names = 0, set = 0, ["not in set"] = n }
      local on = { int = 10, late = 10, string = n, names = n, set = 1, ["not in set"] = n - 1 }
      for run, counts in ipairs { off, on, off } do
        local found = expect.one(result.rows, { run = run })
        expect.fields(found, counts, "run " .. run)
        expect.equal(found.sum and found.sum.value, run == 2 and 10 * 10000010 or nil, "sum")
      end
      expect.count(result.rows, { errname = "ENOENT" }, 1)
      expect.count(result.rows, { errname = "EINVAL" }, 1)
    end },
  { name = "where: a division by zero is counted, and lets nothing through", n = 500, channels = BOTH,
    run = "ascend @n@",
    script = SEQUENCE .. [[
      sequence("early", { where = "fd >= 10000000 and 100 // (fd % 10) >= 0" })
      sequence("late", { where = "fd >= 10000000 and file == nil and 100 % (fd % 10) >= 0" })
      sequence("user", { where = "fd >= 10000000 and (contains(file, 'x') or 100 // (fd % 10) >= 0)" })
      local sum = tl.sum { "close", value = "100 // (fd % 10)", where = "fd >= 10000000" }
      tl.at_exit(function() row { sum = sum:get(), errors = sum.core.errors } end)
      tl.run()]],
    expect = function(result)
      local n, sum = result.n, 0
      for _, name in ipairs { "early", "late", "user" } do
        local row = expect.one(result.rows, { name = name })
        expect.fields(row, { n = n - n // 10, errors = n // 10, lost = 0 }, name)
      end
      for fd = FIRST, FIRST + n - 1 do sum = sum + (fd % 10 > 0 and 100 // (fd % 10) or 0) end
      expect.one(result.rows, { sum = sum, errors = n // 10 })
    end },
  { name = "budget: what it holds back is counted", n = 200000, channels = BOTH, run = "ascend @n@",
    options = "--ring 64M", err = "held back %d+ times by the budget",
    script = [[
      tl.budget { cpu = "0.1%" }
      local n, count = 0, tl.count { "close", where = "fd >= 10000000" }
      local sub = tl.on("close", { where = "fd >= 10000000", args = { "fd" } }, function() n = n + 1 end)
      tl.run()
      row { n = n, count = count:get(), held = tl.stats().held, lost = sub.lost }]],
    expect = function(result)
      local row = expect.one(result.rows, {})
      expect.ok(row.held > 0 and row.n < result.n, "nothing was held back: %d events", row.n)
      expect.equal({ row.count, row.lost }, { row.n, 0 }, "counted, lost")
      expect.ok(row.n + row.held >= result.n, "%d and %d of %d", row.n, row.held, result.n)
    end },
  { name = "budget: one that is never used up", n = 2000, run = "ascend @n@",
    script = [[
      tl.budget { cpu = "0.1%" }
      tl.budget(false)
      tl.budget { cpu = 1.0 }
      local count = tl.count { "close", where = "fd >= 10000000" }
      tl.run()
      row { count = count:get(), held = tl.stats().held }]],
    expect = function(result)
      expect.fields(expect.one(result.rows, {}), { count = result.n, held = 0 })
    end },
  { name = "run: all that came is read, however slow the callback", n = 20000, run = "ascend @n@",
    options = "--ring 64M",
    script = [[
      local n = 0
      local sub = tl.on("close", { where = "fd >= 10000000" }, function(e)
        n = n + 1
        for i = 1, 200 do local _ = tostring(i) end
      end)
      tl.run()
      local stats = tl.stats()
      row { n = n, pending = stats.pending, unread = tl.unread(), lost = sub.lost }]],
    expect = function(result)
      expect.fields(expect.one(result.rows, {}), { n = result.n, pending = 0, unread = 0, lost = 0 })
    end },
  { name = "where: what the limit holds back is counted", n = 20000, channels = BOTH, run = "ascend @n@",
    options = "--ring 64M",
    script = SEQUENCE .. [[
      sequence("early", { where = "fd >= 10000000", limit = "100/h" })
      sequence("late", { where = "fd >= 10000000 and file == nil", limit = "7/h" })
      sequence("alone", { limit = "50/h" })
      sequence("quick", { where = "fd >= 10000000", limit = "10/ms" })
      local count = tl.count { "close", where = "fd >= 10000000", limit = "30/h" }
      tl.at_exit(function() row { name = "count", n = count:get(), held = count.core.held } end)
      tl.run()]],
    expect = function(result)
      local n = result.n
      for name, limit in pairs { early = 100, late = 7, count = 30 } do
        expect.fields(expect.one(result.rows, { name = name }), { n = limit, held = n - limit }, name)
      end
      local alone, quick = expect.one(result.rows, { name = "alone" }), expect.one(result.rows, { name = "quick" })
      expect.equal(alone.n, 50, "alone")
      expect.ok(alone.held >= n - 50, "alone: held %d", alone.held)
      expect.equal(quick.n + quick.held, n, "quick")
      expect.ok(quick.n >= 10, "quick: %d", quick.n)
    end },
}

return list
