-- SPDX-License-Identifier: MIT
--- The scheduler: threads that wait for a CPU, get it and leave it, held against what the kernel counts of each.

local expect = require "expect"

local MS = 1000000

-- A side as the workload printed it: what came between begin and end.
local function sides(result)
  local list = {}
  for i, words in ipairs(result.truth.all.side) do
    list[i] = { pid = words[1], from = words[2], to = words[3], voluntary = words[4], involuntary = words[5],
                ran = words[6], delay = words[7], cpu = words[8] }
  end
  return list
end

local function of(result, side, event)
  return expect.select(result.rows, function(row)
    return row.event == event and row.tid == side.pid and row.time > side.from and row.time < side.to
  end)
end

local function sum(rows, field)
  local all = 0
  for _, row in ipairs(rows) do all = all + (row[field] or 0) end
  return all
end

-- Where a process is hidden from all tracepoints (the agent of a sandbox), so is that it made room: then a thread that
-- leaves the CPU had not been seen to get it.
local function unseen(left)
  return #expect.select(left, function(row) return not row.duration end)
end

-- Both clocks tell the same, but for what a look at one of them takes each time.
local function about(found, truth, n, what)
  local slack = truth // 20 + n * 20000 + MS
  expect.ok(math.abs(found - truth) <= slack, "%s: the kernel says %d ns, found %d", what, truth, found)
end

local function check_side(result, side)
  local left, got = of(result, side, "sched.switch"), of(result, side, "sched.wait")
  expect.count(left, { voluntary = true }, side.voluntary, "voluntary")
  expect.count(left, { voluntary = false }, side.involuntary, "involuntary")
  expect.equal(#got + unseen(left), side.ran, "times that it got a CPU")
  about(sum(got, "duration"), side.delay, #got, "time in the queue")
  for _, row in ipairs(got) do expect.fields(row, { pid = side.pid, comm = "workload", uid = 0 }) end
  return left, got
end

local REASON = { woken = 1, new = 2, preempted = 3 }
local STATE = { runnable = 1, sleeping = 2, uninterruptible = 3, dead = 8 }

local function check_switches(result)
  local list = sides(result)
  for _, side in ipairs(list) do
    local left, got = check_side(result, side)
    expect.count(left, { state = STATE.runnable }, side.involuntary, "runnable")
    if unseen(left) == 0 then
      expect.count(got, { reason = REASON.preempted }, side.involuntary, "preempted")
      expect.count(got, { reason = REASON.woken }, side.ran - side.involuntary, "woken")
    end
  end
  expect.count(result.rows, { event = "sched.wait", tid = list[2].pid, reason = REASON.new }, 1, "the child is new")
  expect.count(result.rows, { event = "sched.switch", tid = list[2].pid, state = STATE.dead }, 1, "and dies")
end

local function check_burn(result)
  for _, side in ipairs(sides(result)) do
    local left = check_side(result, side)
    expect.ok(side.involuntary > 0, "nobody was preempted")
    about(sum(left, "duration"), side.cpu, #left, "time on the CPU, but for the last piece of it")
  end
end

local EVENTS = { "sched.wait", "sched.switch" }

local TARGET = [[
  local seen = {}
  tl.on("sched.*", { pid = @pid1@ }, function(e) seen[e.pid] = true end)
  tl.run()
  row { seen = seen }]]

-- As often as it was switched away from by its own count, in the kernel alone.
local COUNT = [[
  local left = tl.count { "sched.switch", by = { "comm", "voluntary" }, where = "comm == 'workload'" }
  local waits = tl.hist { "sched.wait", value = "duration", by = "comm", where = "comm == 'workload'" }
  tl.run()
  row { left = left:snapshot(), waits = waits:snapshot(), made = tl.stats().made, lost = tl.stats().lost }]]

local function check_count(result)
  local row, least, most = result.rows[1], 0, 0
  for _, side in ipairs(sides(result)) do least = least + side.voluntary + side.involuntary end
  for _, one in ipairs(row.left) do most = most + one.value end
  expect.ok(most >= least and most <= least + least // 10 + 200, "switches: %d at least, found %d", least, most)
  expect.equal({ #row.waits, row.lost }, { 1, 0 }, "rows and lost")
  expect.ok(row.waits[1].count >= most - 200, "waits: about %d, found %d", most, row.waits[1].count)
  expect.equal(row.made, 0, "records sent although all was counted in the kernel")
end

-- Wanted, not wanted, wanted again: what was kept the first time is not taken for the begin of a later wait.
local AGAIN = [[
  local longest = 0
  local function watch() return tl.on("sched.*", function(e) longest = math.max(longest, e.duration or 0) end) end
  local sub = watch()
  tl.after(0.1, function() sub:stop() end)
  tl.after(0.6, function() longest = 0 sub = watch() end)
  tl.after(0.7, function() row { longest = longest } tl.stop() end)
  tl.run()]]

return {
  { name = "sched: voluntary or not, woken or preempted, as the kernel counts", n = 1000, run = "switches @n@",
    events = EVENTS, options = "-f --ring 64M", channels = { "ring", "perf" }, expect = check_switches },
  { name = "sched: times on the CPU and in its queue", run = "burn 3 150", events = EVENTS, options = "-f --ring 64M",
    expect = check_burn },
  { name = "sched: only the threads of the target", script = TARGET,
    background = { "switches 20" },
    expect = function(result) expect.equal(result.rows[1].seen, { [result.pids[1]] = true }, "processes") end },
  { name = "sched: counted in the kernel, and nothing sent", n = 2000, run = "switches @n@", options = "-f",
    script = COUNT, expect = check_count },
  { name = "sched: nothing is kept from an earlier time", run = "burn 3 400", options = "-f", script = AGAIN,
    expect = function(result)
      local longest = result.rows[1].longest
      expect.ok(longest < 500 * MS, "a duration over the time when nobody looked: %d ns", longest)
    end },
}
