-- SPDX-License-Identifier: MIT
--- Memory: pages that are touched, and a cgroup that has not enough of them.

local expect  = require "expect"
local harness = require "harness"
local tools   = require "tool"

local none = expect.none
local READ, WRITE = 0, 1
local CGROUP = 2

local function check_faults(result)
  local truth, n = result.truth, result.n
  local function inside(row) return row.address >= truth.from and row.address < truth.to end
  local touched = expect.select(result.rows, inside)
  expect.count(touched, { pid = truth.pid, access = WRITE, present = false }, n, "first writes")
  expect.count(touched, { pid = truth.child, access = WRITE, present = true }, n, "writes that copied")
  expect.equal(#touched, 2 * n, "faults")
  for _, row in ipairs(touched) do expect.ok(row.ip ~= 0 and row.comm == "workload", "instruction") end
  expect.ok(#expect.select(result.rows, { access = READ }) > 0, "the program itself came in by reading")
end

-- A cgroup with a controller of memory: where, and how its limit is set.
local function memory_cgroup()
  for line in harness.read "/proc/mounts":gmatch "[^\n]+" do
    local point, kind, options = line:match "^%S+ (%S+) (%S+) (%S+)"
    if kind == "cgroup" and ("," .. options .. ","):find(",memory,", 1, true) then
      return point, "memory.limit_in_bytes"
    elseif kind == "cgroup2" and harness.read(point .. "/cgroup.controllers"):find "memory" then
      return point, "memory.max"
    end
  end
end

local function needs_memory()
  return memory_cgroup() ~= nil, "no cgroup here can limit memory"
end

-- Runs the workload in a cgroup that has that many mebibytes.
local function in_cgroup(spec)
  local point, limit = memory_cgroup()
  local folder = (point or "/none") .. "/tl-memory"
  spec.needs = needs_memory
  spec.before = ("(echo +memory >%s/cgroup.subtree_control) 2>/dev/null; mkdir -p %s && echo %d >%s/%s"):format(
    point, folder, spec.mebibytes << 20, folder, limit or "none")
  spec.command = ("sh -c 'echo $$ >%s/cgroup.procs && exec @workload@ %s'"):format(folder, spec.run)
  spec.run, spec.mebibytes, spec.options = nil, nil, "-f"
  return spec
end

-- The same with a tool, whose lines with each pattern are so many; nil: some.
local function tool_in_cgroup(file, patterns)
  return tools.case(file .. ": one line for each", in_cgroup {
    mebibytes = 24, run = "hog 100 >truth", file = file,
    expect = function(result)
      for pattern, n in pairs(patterns) do
        local found = tools.lines_with(result.out, pattern)
        expect.ok(n and found == n or not n and found > 0, "lines with %q: %d in\n%s", pattern, found, result.out)
      end
    end })
end

return {
  { name = "memory.fault: each page once, and once more to be copied", n = 500, channels = { "ring", "perf" },
    events = { "memory.fault" }, options = "-f --ring 64M", run = "faults @n@", expect = check_faults },
  in_cgroup { name = "memory.oom, memory.reclaim: a process that wants more than its cgroup has", mebibytes = 24,
    run = "hog 100", events = { "memory.oom", "memory.reclaim" },
    expect = function(result)
      local child = result.truth.child
      expect.equal(result.truth.killed, 9, "killed")
      local row = expect.one(result.rows, { event = "memory.oom" })
      expect.fields(row, { victim_pid = child, victim_comm = "workload", victim_uid = 0, pid = child, unread = none })
      expect.ok(row.total_vm > 100 << 20 and row.anon_rss > 10 << 20 and row.anon_rss < 25 << 20, "sizes: %s",
                expect.show(row))
      local reclaims = expect.select(result.rows, { event = "memory.reclaim", kind = CGROUP, pid = child })
      expect.ok(#reclaims > 0, "no reclaim")
      for _, reclaim in ipairs(reclaims) do expect.time(reclaim.duration, 1, 60e9, "duration") end
    end },
  tool_in_cgroup("scripts/oomkill.lua", { [" workload +%d+ workload +0 +1%d+ +[12]%d+ +%d+ +0$"] = 1 }),
  tool_in_cgroup("scripts/drsnoop.lua", { [" workload +cgroup +0 +%d+ +%d"] = false }),
}
