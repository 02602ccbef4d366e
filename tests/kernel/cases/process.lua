-- SPDX-License-Identifier: MIT
--- Processes: exec, fork, exit.

local expect = require "expect"

local none = expect.none

-- Each of the processes that were run has its own number as argument.
local ARGUMENTS = [[
  local seen = {}
  tl.on("process.exec", function(e)
    if e.argv[2] ~= "true" then return end
    local words = table.concat(e.argv, " ")
    seen[words] = (seen[words] or 0) + 1
  end)
  tl.at_exit(function() row(seen) end)
  tl.run()]]

return {
  { name = "exec: path, argv, cwd, ppid, inode", events = { "process.exec" }, channels = { "ring", "perf" },
    before = "mkdir -p one/two",
    command = "sh -c 'cd one/two && exec @workload@ exec-as @workload@ a-name true \"\" \"b c\" \"d\te\"'",
    expect = function(result)
      local truth = result.truth
      local row = expect.one(result.rows, function(r) return r.argv[1] == "a-name" end, "exec as a-name")
      expect.fields(row, { argv = { "a-name", "true", "", "b c", "d\te" }, pid = truth.pid, ppid = truth.ppid,
                           inode = truth.inode, unread = none, cut = none })
      expect.equal(row.cwd, truth.cwd, "cwd")
      local workload = require "harness".workload
      if workload:sub(1, 1) == "/" then expect.equal(row.filename, workload, "filename") end
      expect.ok(row.path:match "/workload$" and row.path:sub(1, 1) == "/", "path: %s", row.path)
    end },
  { name = "exec: a thousand short processes, each with its argv", n = 1000, channels = { "ring", "perf" },
    options = "-f", run = "exec @n@", script = ARGUMENTS,
    expect = function(result)
      local wanted = {}
      for i = 1, result.n do wanted["workload true number-" .. i] = 1 end
      expect.equal(result.rows[1], wanted, "arguments")
    end },
  { name = "exec: from a thread", events = { "process.exec", "process.exit" }, run = "exec-thread",
    expect = function(result)
      local row = expect.one(result.rows, function(r) return r.argv and r.argv[3] == "from-a-thread" end)
      expect.fields(row, { pid = result.truth.pid, tid = result.truth.pid })
      expect.fields(expect.one(result.rows, { event = "process.exit" }), { pid = result.truth.pid, status = 0 })
    end },
  { name = "fork: a tree, each child once", events = { "process.fork", "process.exit" }, options = "-f",
    run = "tree 4 3",
    expect = function(result)
      local children, forks = {}, expect.count(result.rows, { event = "process.fork" }, result.truth.forks)
      for _, row in ipairs(forks) do
        expect.ok(not children[row.child], "child %s twice", row.child)
        children[row.child] = row.pid
      end
      local exits = expect.count(result.rows, { event = "process.exit", status = 0 }, result.truth.forks + 1)
      for _, row in ipairs(exits) do
        if row.pid ~= result.truth.pid then expect.equal(row.ppid, children[row.pid], "parent of " .. row.pid) end
      end
    end },
  { name = "exit: status, signal, lifetime", events = { "process.exit" }, options = "-f", run = "deaths 20",
    expect = function(result)
      for _, words in ipairs(result.truth.all.child) do
        local pid, status, signal, elapsed = table.unpack(words)
        local row = expect.one(result.rows, { pid = pid })
        expect.fields(row, signal == 0 and { status = status, signal = none }
                           or { signal = signal, status = none, core = false }, "end of " .. pid)
        expect.time(row.lifetime, 20000000, elapsed + 1000000, "lifetime")
      end
      expect.equal(#result.rows, 9, "rows")
    end },
  { name = "exit: of the command, with its status", events = { "process.exit" }, run = "exit 42",
    expect = function(result) expect.fields(expect.one(result.rows, {}), { status = 42, signal = none }) end },
  { name = "threads are no processes", n = 100, events = { "process.fork", "process.exit" }, run = "threads @n@",
    expect = function(result)
      expect.fields(expect.one(result.rows, {}), { event = "process.exit", pid = result.truth.pid, status = 0 })
    end },
  { name = "exit: the first thread ends before the others", events = { "process.exit" }, run = "leader",
    expect = function(result)
      local row = expect.one(result.rows, {})
      expect.fields(row, { pid = result.truth.pid, status = 5, signal = none })
      expect.time(row.lifetime, 30000000, 60000000000, "lifetime")
    end },
}
