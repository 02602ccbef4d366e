-- SPDX-License-Identifier: MIT
--- The tools that ask about CPUs, interrupts and disks, beside a workload that shares a CPU or makes 23 requests; and
--- beside the tools of the same name that others made, which must count the same.

local expect  = require "expect"
local harness = require "harness"
local json    = require "strict_json"
local tools   = require "tool"

local N = tools.N
local DISK = os.getenv "TL_TEST_DISK"

local function file(name)
  return ("scripts/%s.lua"):format(name)
end

local function has_disk()
  if DISK then return harness.sh(("[ -b %s ]"):format(DISK)) == 0, "no disk " .. DISK end
  return harness.sh "[ -c /dev/loop-control ]" == 0, "no disk for tests (TL_TEST_DISK), no /dev/loop-control"
end

-- A case that runs one tool with its words, and what it says as JSON.
local function says(words, run, check, needs)
  local path = words:gsub("^%l+", file)
  return tools.case(path .. ": counts exactly", {
    file = path .. " --json", run = run, needs = needs,
    expect = function(result) check(json.lines(result.out), result) end })
end

local function sum_of(list, key)
  local all = 0
  for _, object in ipairs(list) do
    local fits = true
    for name, value in pairs(key or {}) do fits = fits and object.key[name] == value end
    all = all + (fits and object.count or 0)
  end
  return all
end

-- ---- CPUs ------------------------------------------------------------------------------------

local SWITCHES = ("switches %d"):format(200)

-- Of both sides together: VOLUNTARY, INVOLUNTARY and RAN, see the workload. Before and after there are some more.
local function truth_of(result, place)
  local sum = 0
  for _, side in ipairs(result.truth.all.side) do sum = sum + side[place] end
  return sum
end

local function between(found, least, what)
  expect.ok(found >= least and found <= least + least // 10 + 60, "%s: %d or a few more, found %d", what, least, found)
end

local function hidden(result)
  return truth_of(result, 6) // 20
end

local CPUS = {
  says("runqlat", SWITCHES, function(list, result)
    between(expect.one(list, {}).count + hidden(result), truth_of(result, 6), "waits")
  end),
  says("runqlat -W -P", SWITCHES, function(list, result)
    between(sum_of(list, { comm = "workload" }) + hidden(result), truth_of(result, 6), "waits")
    between(sum_of(list, { comm = "workload", reason = 1 }) + hidden(result), truth_of(result, 4), "after being woken")
  end),
  says("cpudist -S", SWITCHES, function(list, result)
    between(sum_of(list, { state = 1 }) + hidden(result), truth_of(result, 5), "left although they would have gone on")
    between(sum_of(list, { state = 2 }) + hidden(result), truth_of(result, 4), "left by themselves")
  end),
  says("runqslower 1ns", "burn 2 100", function(list, result)
    local waits = expect.select(list, { event = "sched.wait", comm = "workload" })
    between(#waits + hidden(result), truth_of(result, 6), "waits")
  end),
  says("runqslower 20s", "burn 2 100", function(list) expect.equal(#list, 0, "waits of 20 s") end),
}

-- ---- interrupts --------------------------------------------------------------------------------

local function has_all(kind, name)
  return function(list)
    expect.ok(#list > 0, "no interrupts")
    for _, object in ipairs(list) do
      expect.ok(object.key[name], "no %s in %s", name, expect.show(object))
      local value = object.value
      expect.ok(kind == "hist" and #value > 0 or value.count == object.count, "value of %s", expect.show(object))
    end
  end
end

-- In the time of two processes with 300 ms each there are ticks of the timer.
local INTERRUPTS = {
  says("softirqs", "burn 2 300", has_all("avg", "vector")),
  says("softirqs -d -c", "burn 2 300", has_all("hist", "cpu")),
}

-- ---- disks -------------------------------------------------------------------------------------

local function is_own(name)
  return DISK and name == DISK:match "[^/]*$" or not DISK and name and name:find "^loop%d+$"
end

local READS = ("disk %s read %d 4096 write 2 65536"):format(DISK or "@dir@", N)

local function of_disk(list, key)
  return expect.one(list, function(object)
    for name, value in pairs(key) do
      if object.key[name] ~= value then return false end
    end
    return is_own(object.key.disk)
  end, expect.show(key))
end

local function bucket(object, low)
  for _, one in ipairs(object.value) do
    if one.low == low then return one.count end
  end
  return 0
end

local function reads(list)
  return expect.select(list, function(one) return is_own(one.disk) and one.op == 0 and one.bytes == 4096 end)
end

-- Those that go past the page cache are REQ_SYNC, but not in all kernels.
local function check_latency(list)
  local own = of_disk(list, { op = 0 })
  expect.equal(own.count, N, "reads")
  expect.ok(own.key.flags == 1 << 11 or own.key.flags == 0, "flags %s", own.key.flags)
end

local DISKS = {
  says("biolatency -D -F", READS, function(list)
    check_latency(list)
    expect.ok(sum_of(list, { op = 1 }) >= 2, "writes")
  end, has_disk),
  says("biolatency -Q -D -F", READS, check_latency, has_disk),
  says("biosnoop", READS, function(list) expect.equal(#reads(list), N, "reads of 4096 bytes") end, has_disk),
  says("biosnoop -x", READS, function(list) expect.equal(#list, 0, "failures") end, has_disk),
  says("bitesize -D", READS, function(list)
    local sizes = of_disk(list, { comm = "workload" })
    expect.equal({ bucket(sizes, 4096), bucket(sizes, 65536) }, { N, 2 }, "sizes of 4 and 64 KiB")
  end, has_disk),
  says("biotop", READS, function(list)
    local row = expect.one(list, function(object) return is_own(object.disk) and object.op == 0 end)
    expect.fields(row, { io = N, bytes = N * 4096, comm = "workload" })
    expect.time(row.time, 1, 60000000000, "time")
  end, has_disk),
}

-- ---- beside the tools of others ----------------------------------------------------------------

-- libbpf-tools: started, run until all is attached, and asked for its histogram when the workload is done.
local OTHER = [[sh -c 'exec 2>>other.err; %s >other & pid=$!; tries=0
  until grep -q Tracing other || [ $tries -gt 300 ]; do tries=$((tries + 1)); sleep 0.05; done
  sleep 1; @workload@ %s >truth; kill -INT $pid; wait $pid; true']]

-- The counts of "[4 -> 7 ] : 23 |***".
local function other_counts(dir)
  local counts = {}
  for low, n in harness.read(dir .. "/other"):gmatch "(%d+)%s+%->%s+%d+%s*:%s*(%d+)" do
    counts[tonumber(low)] = tonumber(n)
  end
  return counts
end

local function beside(words, other, run, check, more)
  local path = words:gsub("^%l+", file)
  return tools.case(("%s: as %s of libbpf-tools"):format(path, other:match "^%S+"), {
    file = path .. " --json", command = OTHER:format(other, run),
    needs = function()
      local ok, why = harness.has(other:match "^%S+")
      if ok and more then return more() end
      return ok, why
    end,
    expect = function(result) check(json.lines(result.out), result) end })
end

local PAIRS = {
  beside("bitesize -C workload", "bitesize -c workload", READS, function(list, result)
    local sizes = expect.one(list, function(object) return object.key.comm == "workload" end)
    local counts = other_counts(result.dir)
    expect.equal({ bucket(sizes, 4096), bucket(sizes, 65536) }, { counts[4], counts[64] }, "4 and 64 KiB")
    expect.ok(counts[4] >= N, "it saw fewer than %d", N)
  end, has_disk),
}

local cases = {}
for _, list in ipairs { CPUS, INTERRUPTS, DISKS, PAIRS } do table.move(list, 1, #list, #cases + 1, cases) end
for _, name in ipairs { "runqlat", "cpudist", "runqslower", "softirqs", "hardirqs", "biolatency", "biosnoop",
                        "bitesize", "biotop" } do
  cases[#cases + 1] = tools.help(file(name))
end
return cases
