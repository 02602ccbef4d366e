-- SPDX-License-Identifier: MIT
--- Memory: pages that are touched, and a cgroup that has not enough of them.

local expect  = require "expect"
local harness = require "harness"

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
}
