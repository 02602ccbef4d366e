-- SPDX-License-Identifier: MIT
--- Whose events are seen: by pid, with and without children, a command from its first call on.

local expect = require "expect"

local function opened(path)
  return { event = "syscall.openat", pathname = path }
end

local function file_of_command(options, expected)
  return function(result)
    expect.count(result.rows, opened "/no/such/first", expected, options)
  end
end

return {
  { name = "-c: the first call is seen, and nothing of the tracer's child before it",
    events = { "syscall.*", "process.*" }, run = "first",
    expect = function(result)
      local rows = result.rows
      expect.equal({ rows[1].event, rows[2].event, rows[#rows].event },
                   { "process.exec", "syscall.execve", "process.exit" }, "events")
      expect.fields(rows[2], { ret = 0, error = expect.none, unread = expect.none, late = expect.none })
      expect.time(rows[2].duration, 1, 60000000000, "duration")
      for _, row in ipairs(rows) do expect.fields(row, { pid = rows[1].pid, comm = "workload" }) end
      local open = expect.one(rows, { event = "syscall.openat" })
      expect.fields(open, { pathname = "/no/such/first", error = "ENOENT" })
    end },
  { name = "-c: children are not seen without -f", events = { "syscall.openat" },
    command = "sh -c '@workload@ first; true'", expect = file_of_command("-c", 0) },
  { name = "-c -f: children are seen from their first call on", events = { "syscall.openat" }, options = "-f",
    command = "sh -c '@workload@ first; true'", expect = file_of_command("-c -f", 1) },
  { name = "pid: only that process", n = 100, channels = { "ring", "perf" },
    background = { "open @n@ /no/such/wanted", "open @n@ /no/such/other" },
    script = [[
      tl.on("syscall.openat", { pid = @pid1@ }, row)
      tl.run()]],
    expect = function(result)
      expect.count(result.rows, { pathname = "/no/such/wanted", pid = result.pids[1] }, result.n)
      expect.equal(#result.rows, result.n, "rows")
    end },
  { name = "-p: two of three processes", n = 50, command = false, options = "-p @pid1@,@pid3@",
    background = { "open @n@ /no/such/1", "open @n@ /no/such/2", "open @n@ /no/such/3" },
    script = [[
      local ends = 0
      tl.on("syscall.openat", row)
      tl.on("process.exit", function(e)
        row(e)
        ends = ends + 1
        if ends == 2 then tl.stop() end
      end)
      tl.after(0, function() os.execute "@workload@ gate @gates@ &" end)
      tl.run()]],
    expect = function(result)
      for _, i in ipairs { 1, 3 } do
        expect.count(result.rows, { pathname = "/no/such/" .. i, pid = result.pids[i] }, result.n)
        expect.count(result.rows, { event = "process.exit", pid = result.pids[i] }, 1)
      end
      expect.equal(#result.rows, 2 * result.n + 2, "rows")
    end },
  { name = "pid without follow: its children are not seen", background = { "tree 3 2" },
    script = [[tl.on("process.*", { pid = @pid1@ }, row) tl.run()]],
    expect = function(result)
      expect.count(result.rows, { event = "process.fork", pid = result.pids[1] }, 2)
      expect.count(result.rows, { event = "process.exit", pid = result.pids[1] }, 1)
      expect.equal(#result.rows, 3, "rows")
    end },
  { name = "pid with follow: all its descendants", background = { "tree 3 2" },
    script = [[tl.on("process.*", { pid = @pid1@, follow = true }, row) tl.run()]],
    expect = function(result)
      expect.count(result.rows, { event = "process.fork" }, result.truth.forks)
      expect.count(result.rows, { event = "process.exit" }, result.truth.forks + 1)
      expect.equal(#result.rows, 2 * result.truth.forks + 1, "rows")
    end },
  { name = "pid: a call that was under way when tracing began", background = { "true" },
    script = [[tl.on("syscall.read", { pid = @pid1@ }, row) tl.run()]],
    expect = function(result)
      expect.fields(expect.one(result.rows, {}), { buf = "go\n", ret = 3, count = 16, pid = result.pids[1],
                                                   duration = expect.none, unread = { "duration" } })
    end },
  { name = "no target: all others are seen, the tracer is not", n = 50, command = false,
    script = [[
      local me = io.open("/proc/self/stat"):read("n")
      tl.on("syscall.openat", function(e)
        if e.pid == me or e.pathname == "/no/such/stranger" then row(e) end
      end)
      tl.on("process.exit", function(e) if e.comm == "workload" then tl.stop() end end)
      tl.after(0, function()
        io.open("/dev/null"):close()
        os.execute("@workload@ open @n@ /no/such/stranger >/dev/null")
      end)
      tl.run()]],
    expect = function(result)
      expect.count(result.rows, { pathname = "/no/such/stranger" }, result.n)
      expect.equal(#result.rows, result.n, "rows")
    end },
  { name = "pids beyond 65536, and one that shares its lower bits", n = 40, background = {},
    custom = function(room)
      room:start "at-pids open @n@ /no/such/far -- 50000 115536"
      local result = room:trace {
        script = [[tl.on({ "syscall.openat", "process.exit" }, { pid = @pid1@, follow = true }, function(e)
                     row { event = e.event, pid = e.pid, pathname = e.pathname } end) tl.run()]] }
      expect.equal(result.status, 0, "exit status")
      for _, pid in ipairs { 50000, 115536 } do
        expect.count(result.rows, { event = "syscall.openat", pid = pid, pathname = "/no/such/far" }, room.n)
        expect.count(result.rows, { event = "process.exit", pid = pid }, 1)
      end
    end },
  { name = "pid beyond 65536: the one with the same lower bits is not seen", n = 40,
    custom = function(room)
      local function wait(i) return ("%s/far%d"):format(room.dir, i) end
      local harness = require "harness"
      harness.sh(("mkfifo %s %s %s %s"):format(wait(1), wait(2), wait(3), wait(4)))
      for i, pid in ipairs { 50001, 115537 } do
        harness.sh(("%s at-pids wait %s %s open %d /no/such/%d -- %d >/dev/null 2>%s.err </dev/null &")
          :format(harness.workload, wait(i), wait(i + 2), room.n, pid, pid, room.dir))
      end
      harness.await_read(50001)
      harness.await_read(115537)
      local result = room:trace {
        script = [[tl.on("syscall.openat", { pid = 115537 }, row) tl.run()]],
        run = ("gate %s %s %s %s"):format(wait(1), wait(3), wait(2), wait(4)) }
      expect.equal(result.status, 0, "exit status")
      expect.count(result.rows, { pathname = "/no/such/115537", pid = 115537 }, room.n)
      expect.equal(#result.rows, room.n, "rows")
    end },
}
