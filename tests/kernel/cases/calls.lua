-- SPDX-License-Identifier: MIT
--- Calls from their begin to their end: durations, signals, calls that never return, all there are, none there is.

local expect  = require "expect"
local harness = require "harness"
local json    = require "strict_json"

local none = expect.none

-- There it takes a while to load all programs there are, so it is done once less.
local is_slow = harness.scale > 1

local function stopped(call)
  return { name = "calls: " .. call .. ", stopped and continued, goes on as restart_syscall", run = "stopped " .. call,
           options = "-f", events = { "syscall." .. call, "syscall.restart_syscall", "syscall.exit_group" },
           expect = function(result)
             local child = result.truth.child
             local rows = expect.count(result.rows, { pid = child }, 3)
             expect.fields(rows[1], { event = "syscall." .. call, ret = -516, error = "ERESTART_RESTARTBLOCK" })
             expect.fields(rows[2], { event = "syscall.restart_syscall", ret = 0, error = none })
             expect.time(rows[1].duration + rows[2].duration, 250000000, 60000000000, "duration of both")
             expect.fields(rows[3], { event = "syscall.exit_group", status = 0 })
           end }
end

-- Number and raw arguments as `workload unknown` passed them.
local ARGS = { arg0 = 11, arg1 = 22, arg2 = 33, arg3 = 44, arg4 = 55, arg5 = 0x123456789abcdef }

-- The names of the calls that `workload every` leaves out.
local LEFT_OUT = { "exit", "exit_group", "rt_sigreturn", "fork", "vfork", "pause", "vhangup", "sync", "restart_syscall",
                   "rt_sigsuspend", "sched_yield", "setsid", "uretprobe", "uprobe" }

-- Where the row of the first call is: after unshare and two signals that are ignored.
local function first_of_every(rows)
  for i, row in ipairs(rows) do
    if row.event == "syscall.unshare" then return i + 3 end
  end
end

-- The calls that were made, in their order, have the results that they had; every event was among them.
local function expect_every(result, events)
  local rows, seen = result.rows, { ["syscall.other"] = true }
  local first = first_of_every(rows)
  for i, words in ipairs(result.truth.all.call) do
    local row = rows[first + i - 1]
    expect.fields(row, { ret = words[2] }, "call " .. words[1])
    if row.event == "syscall.other" then expect.equal(row.number, words[1], "number") end
    seen[row.event] = true
  end
  for _, name in ipairs(LEFT_OUT) do seen["syscall." .. name] = true end
  for _, event in ipairs(events) do expect.ok(seen[event], "%s: no event", event) end
end

-- The battery against tracefs, which is mounted for that: it need not be there.
local function compared(room)
  local out = room.dir .. "/compared"
  harness.sh(room:fill([[
    mkdir @dir@/tracefs && mount -t tracefs none @dir@/tracefs || exit
    @tracer@ @home@/battery/gen/compare.lua %s @dir@/tracefs/events/syscalls >%s 2>&1
    umount @dir@/tracefs]]):format(harness.quote(harness.battery()), out))
  local said = harness.read(out)
  local listed, rest = said:match "^(%d+) system calls in the kernel's list, %d+ in the battery; ([^\n]*)\n$"
  expect.ok(rest == "0 missing or different" and tonumber(listed) > 300, "%s", said)
end

return {
  { name = "calls: all that the kernel itself lists are events, with as many arguments", everywhere = true,
    needs = harness.battery, custom = compared },
  { name = "calls: every event of the battery loads, and every call is an event", everywhere = true,
    run = "every -1", options = "--ring 64M",
    script = [[
      row { all = tl.events "syscall.*" }
      tl.on("syscall.*", function(e) row { event = e.event, ret = e.ret, number = e.number } end)
      tl.run()]],
    expect = function(result)
      local events = table.remove(result.rows, 1).all
      expect.ok(#events > 370, "only %d events", #events)
      expect_every(result, events)
    end },
  { name = "calls: every call, as lines and as JSON", no_script = true, run = "every -1",
    options = "-t 'syscall.*' --ring 64M -o @dir@/lines",
    suffix = is_slow and "" or "&& @tracer@ -t 'syscall.*' --json --ring 64M -o @dir@/json -c '@workload@ every -1'",
    expect = function(result)
      local lines, last = 0, 0
      for line in harness.read(result.dir .. "/lines"):gmatch "[^\n]*\n" do
        expect.ok(line:find "^%d%d:%d%d:%d%d%.%d+ workload%[%d+%] [%l_%d]+%(.*%) += [^ ]", "line: %s", line)
        lines = lines + 1
      end
      for _ in ipairs(json.lines(harness.read(result.dir .. "/json"))) do last = last + 1 end
      expect.ok(lines > 380 and (last == lines or is_slow), "%d lines, %d objects", lines, last)
    end },
  { name = "calls: unknown numbers are syscall.other", events = { "syscall.other" }, run = "unknown",
    channels = { "ring", "perf" },
    expect = function(result)
      for _, words in ipairs(result.truth.all.unknown) do
        local row = expect.one(result.rows, { number = words[1], abi = 0 })
        expect.fields(row, ARGS)
        expect.fields(row, { ret = words[2], error = "ENOSYS" })
        expect.time(row.duration, 1, 60000000000, "duration")
      end
      expect.equal(#result.rows, #result.truth.all.unknown, "rows")
    end },
  { name = "calls: how long each took", events = { "syscall.nanosleep" }, run = "naps 0 30 3",
    expect = function(result)
      for i, words in ipairs(result.truth.all.nap) do
        expect.time(result.rows[i].duration, words[1] * 1000000, words[2], "duration")
        expect.fields(result.rows[i], { req = words[1] * 1000000, ret = 0 })
      end
      expect.equal(#result.rows, 3, "rows")
    end },
  { name = "calls: a call under way when tracing ends", background = { "stuck @dir@/stuck" }, command = false,
    before = "mkfifo stuck",
    script = [[
      tl.on({ "syscall.close", "syscall.read" }, { pid = @pid1@ }, function(e)
        row(e)
        if e.fd == -1 then tl.stop() end
      end)
      tl.after(0, function() os.execute "@workload@ gate @gates@ &" end)
      tl.run()]],
    expect = function(result)
      expect.one(result.rows, { event = "syscall.close", fd = -1 })
      expect.count(result.rows, { event = "syscall.read", fd = 600 }, 0)
    end },
  { name = "calls: begun while paused: no duration, rather than a wrong one", background = { "stuck @dir@/stuck" },
    command = false, before = "mkfifo stuck",
    script = [[
      local sub
      local reads = 0
      local function give() local fifo = io.open("@dir@/stuck", "w") fifo:write "x" fifo:close() end
      local function proc(name) return io.open("/proc/@pid1@/" .. name):read "a" end
      local function switches() return tonumber(proc "status":match "\nvoluntary_ctxt_switches:%s*(%d+)") end
      -- Until it sits in a read that is not the one that it slept in before.
      local function await_read(before)
        for _ = 1, 1000 do
          if switches() > before and proc "syscall":find "^0 0x258 " then return end
          os.execute "sleep 0.01"
        end
        error "no read"
      end
      sub = tl.on({ "syscall.close", "syscall.read" }, { pid = @pid1@ }, function(e)
        if e.fd == -1 then
          await_read(-1)
          sub:pause()
          local before = switches()
          give()                                    -- the first read ends unseen
          await_read(before)                        -- and the second begins so
          tl.after(0, function() assert(sub:resume()) give() end)
        elseif e.fd == 600 then
          reads = reads + 1
          row(e)
          if reads == 1 then give() else tl.stop() end
        end
      end)
      tl.after(0, function() os.execute "@workload@ gate @gates@ &" end)
      tl.run()]],
    expect = function(result)
      expect.fields(result.rows[1], { fd = 600, ret = 1, duration = none, unread = { "duration" } }, "first")
      expect.fields(result.rows[2], { fd = 600, ret = 1, unread = none }, "second")
      expect.time(result.rows[2].duration, 1, 60000000000, "second")
    end },
  stopped "nanosleep", stopped "poll",
  { name = "calls: read, restarted after a signal and then not", run = "signals", options = "-f",
    events = { "syscall.read", "syscall.rt_sigreturn", "syscall.exit_group" },
    expect = function(result)
      local rows = expect.count(result.rows, { pid = result.truth.child }, 5)
      for i = 1, 3, 2 do
        expect.fields(rows[i], { event = "syscall.read", fd = result.truth.fd, ret = -512, error = "ERESTARTSYS",
                                 buf = none })
        expect.fields(rows[i + 1], { event = "syscall.rt_sigreturn", ret = none, error = none })
      end
      expect.time(rows[3].duration, 15000000, 60000000000, "duration of the second")
      expect.fields(rows[5], { event = "syscall.exit_group", status = 7 })
    end },
  { name = "calls: rt_sigreturn, once for each handler", n = 1000, run = "returns @n@",
    events = { "syscall.tgkill", "syscall.rt_sigreturn", "syscall.other" },
    expect = function(result)
      expect.equal(#result.rows, 2 * result.n, "rows")
      for i, row in ipairs(result.rows) do
        expect.equal(row.event, i % 2 == 1 and "syscall.tgkill" or "syscall.rt_sigreturn", "event " .. i)
      end
    end },
  { name = "calls: exit of threads, exit_group of the process", n = 50, run = "threads @n@",
    events = { "syscall.exit", "syscall.exit_group" },
    expect = function(result)
      local rows = expect.count(result.rows, { event = "syscall.exit", status = 0 }, result.n)
      local seen = {}
      for _, row in ipairs(rows) do
        expect.fields(row, { ret = none, duration = none, unread = none })
        expect.ok(row.tid ~= row.pid and not seen[row.tid], "thread %d", row.tid)
        seen[row.tid] = true
      end
      expect.fields(expect.one(result.rows, { event = "syscall.exit_group" }),
                    { status = 0, ret = none, duration = none, unread = none, tid = result.truth.pid })
    end },
  { name = "calls: the status of exit_group", events = { "syscall.exit_group" }, run = "exit 42",
    expect = function(result) expect.fields(expect.one(result.rows, {}), { status = 42, error = none }) end },
  { name = "calls: threads that die in one", n = 40, run = "dying @n@ 3", options = "-f",
    events = { "syscall.read", "syscall.exit_group", "syscall.exit" },
    expect = function(result)
      expect.count(result.rows, { event = "syscall.exit_group" }, result.n + 1)
      for _, row in ipairs(expect.select(result.rows, { event = "syscall.read" })) do
        expect.fields(row, { error = "ERESTARTSYS", buf = none })
      end
    end },
  { name = "calls: clone and fork return twice", run = "tree 2 2", options = "-f",
    events = { "syscall.clone", "syscall.fork", "syscall.vfork", "syscall.clone3" },
    expect = function(result)
      local born, seen = {}, {}
      for _, row in ipairs(result.rows) do
        if row.ret > 0 then born[row.ret] = row.pid end
        if row.ret == 0 then seen[row.pid] = row.ppid end
      end
      expect.equal(seen, born, "children and their parents")
      expect.equal(#result.rows, 2 * result.truth.forks, "rows")
    end },
  { name = "calls: execve that fails and that succeeds", events = { "syscall.execve" }, run = "execs", options = "-f",
    expect = function(result)
      local truth, envp = result.truth, { "ONE=1", "EMPTY=", "BLANK= \n" }
      local lost = expect.count(result.rows, { pathname = "/no/such/program" }, 2)
      expect.fields(lost[1], { argv = { "zero", "first" }, envp = envp, error = "ENOENT", ret = -2 })
      expect.fields(lost[2], { argv = none, envp = none, error = "ENOENT", unread = none })
      local row = expect.one(result.rows, { pid = truth.execve })
      expect.fields(row, { pathname = truth.self, argv = { "workload", "true", "b c", "" }, envp = envp, ret = 0,
                           error = none, unread = none, cut = none })
      expect.time(row.duration, 1, 60000000000, "duration")
      expect.count(result.rows, { pid = truth.execveat }, 0) -- the kernel ends it with the number of execve
    end },
  { name = "calls: execve alone, by its result", run = "execs", options = "-f",
    script = [[tl.on("syscall.execve", { fields = { "pid", "ret" } }, row) tl.run()]],
    expect = function(result)
      expect.count(result.rows, { ret = -2 }, 2)
      expect.one(result.rows, { pid = result.truth.execve, ret = 0 })
      expect.count(result.rows, { pid = result.truth.execveat }, 0)
    end },
  { name = "calls: execveat that fails and that succeeds", events = { "syscall.execveat" }, run = "execs",
    options = "-f",
    expect = function(result)
      local truth, envp = result.truth, { "ONE=1", "EMPTY=", "BLANK= \n" }
      expect.fields(expect.one(result.rows, { pathname = "no/such" }),
                    { argv = { "zero", "first" }, envp = envp, error = "ENOTDIR", dirfd = truth.fd, flags = 0,
                      file = truth.self })
      expect.fields(expect.one(result.rows, { flags = 0x11000 }), -- no new program came of it
                    { pathname = "", argv = { "zero", "first" }, envp = envp, ret = truth.checked, unread = none })
      local row = expect.one(result.rows, { pid = truth.execveat })
      expect.fields(row, { argv = { "workload", "true", "b c", "" }, envp = envp, ret = 0, dirfd = truth.fd,
                           pathname = "", file = truth.self, late = none, changed = none, flags = 0x1000,
                           unread = none })
      expect.time(row.duration, 1, 60000000000, "duration")
    end },
  { name = "calls: a script: path and arguments as they were passed, not its interpreter's", run = "scripts @dir@",
    events = { "syscall.execve", "syscall.execveat" }, options = "-f",
    expect = function(result)
      local wanted = { argv = { "zero", "first", "b c" }, ret = 0, unread = none, late = none, changed = none,
                       cut = none }
      local row = expect.one(result.rows, { event = "syscall.execve", pid = result.truth.execve })
      expect.fields(row, wanted)
      expect.equal(row.pathname, result.dir .. "/script", "pathname")
      row = expect.one(result.rows, { event = "syscall.execveat", pid = result.truth.execveat })
      expect.fields(row, wanted)
      expect.fields(row, { pathname = "script", file = result.dir })
    end },
  { name = "calls: the execve of a command, which is a script", events = { "syscall.execve" },
    before = "printf '#!@workload@ true\\n' >script && chmod 755 script", command = "@dir@/script first",
    expect = function(result)
      local row = expect.one(result.rows, {})
      expect.fields(row, { pathname = result.dir .. "/script", argv = { result.dir .. "/script", "first" }, ret = 0,
                           unread = none, late = none, changed = none })
      expect.time(row.duration, 1, 60000000000, "duration")
    end },
  { name = "calls: an argument of execve that somebody rewrites: right, or marked", n = 200, run = "flipped-words @n@",
    events = { "syscall.execve" }, options = "-f",
    expect = function(result)
      local got, rows = {}, {}
      for _, words in ipairs(result.truth.all.got) do got[words[1]] = words[2] end
      for _, row in ipairs(result.rows) do rows[row.pid] = row end
      for _, words in ipairs(result.truth.all.flipped) do
        local row = rows[words[1]]
        expect.fields(row, { ret = 0, unread = none, late = none })
        expect.ok(row.changed or row.argv[3] == got[row.pid], "%s: got %s", expect.show(row), got[row.pid])
      end
      expect.equal(#result.truth.all.flipped, result.n, "programs")
    end },
  { name = "calls: execve with more words than there is room for: marked", events = { "syscall.execve" },
    run = "many-words 2000 10",
    expect = function(result)
      local row = expect.one(result.rows, function(r) return r.argv[2] == "true" end)
      expect.fields(row, { cut = { "argv" }, late = { "argv" } }) -- too many to be kept from its begin
      for i = 3, #row.argv - 1 do expect.equal(row.argv[i], ("w"):rep(10), "word " .. i) end
      expect.ok(#row.argv > 500, "only %d words", #row.argv)
    end },
}
