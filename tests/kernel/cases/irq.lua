-- SPDX-License-Identifier: MIT
--- Interrupts: as many as the kernel counts itself, between two looks at its own counters.

local expect = require "expect"

-- The kernel's counters before we begin and just after it, and again around the moment at which we read ours: what
-- was counted lies between the inner difference and the outer one.
local SCRIPT = [[
  local function lines(path)
    local list = {}
    for line in io.lines(path) do list[#list + 1] = line end
    return list
  end
  local function sum(words)
    local all = 0
    for word in words:gmatch "%%S+" do
      if not word:find "^%%d+$" then break end
      all = all + math.tointeger(word)
    end
    return all
  end
  local function look()
    local counts = {}
    for _, line in ipairs(lines "/proc/%s") do
      local name, rest = line:match "^ *([%%w_]+):(.*)$"
      if name then counts[name:lower()] = sum(rest) end
    end
    return counts
  end
  local function difference(to, from)
    local list = {}
    for name, count in pairs(to) do list[name] = count - (from[name] or 0) end
    return list
  end
  local before = look()
  local everyone = { self = true, no = { comm = "nobody" } } -- not only what hits the command; us, too
  local counted = tl.count { "%s", by = "%s", target = everyone }
  local times = tl.hist { "%s", value = "duration", target = everyone }
  tl.after(0.2, function()
    local first = look()
    tl.after(1.5, function()
      local last = look()
      local found, rows = {}, counted:snapshot()
      local after = look()
      for _, one in ipairs(rows) do found[one.key[1] ] = one.value end
      local buckets, all = times:get(), 0
      for _, one in ipairs(buckets or {}) do all = all + one.count end
      row { least = difference(last, first), most = difference(after, before), found = found, times = all,
            rows = #rows, lost = counted.lost }
      tl.stop()
    end)
  end)
  tl.run()]]

local VECTORS = { [0] = "hi", "timer", "net_tx", "net_rx", "block", "irq_poll", "tasklet", "sched", "hrtimer", "rcu" }

-- name: how the kernel's file calls what we call so.
local function check(name_of)
  return function(result)
    local row, all, seen = result.rows[1], 0, {}
    for key, n in pairs(row.found) do
      local name = name_of(key)
      seen[name] = true
      expect.ok(row.most[name], "%s: not among the kernel's", name)
      -- The kernel counts before the handler runs: one may be under way on another CPU when the end is read.
      expect.ok(n >= row.least[name] - 1 and n <= row.most[name], "%s: %d to %d, found %d", name, row.least[name],
                row.most[name], n)
      all = all + n
    end
    for name, n in pairs(row.least) do expect.ok(seen[name] or n <= 1, "%s: %d, found none", name, n) end
    expect.ok(all > 0 and row.times > 0, "no interrupts in 1.5 s")
    expect.equal(row.lost, 0, "lost")
  end
end

local function script(file, event, by)
  return SCRIPT:format(file, event, by, event)
end

-- Those of devices have a number; of the others the handlers are no events.
local function check_hard(result)
  local row = result.rows[1]
  for name in pairs(row.least) do
    if not name:find "^%d+$" then row.least[name] = nil end
  end
  check(function(key) return ("%d"):format(key) end)(result)
end

-- Requests to a disk make interrupts, those of the test's or those of the one that its folder is on.
local LOAD = "sh -c 'exec >truth 2>&1; for i in 1 2 3 4 5 6 7 8; do @workload@ disk ${TL_TEST_DISK:-@dir@} "
  .. "read 50 4096; done; dd if=/dev/zero of=@dir@/some bs=64k count=64 conv=fsync; sleep 3'"

return {
  { name = "irq.soft: as many of each kind as the kernel counts", script = script("softirqs", "irq.soft", "vector"),
    command = LOAD, expect = check(function(key) return VECTORS[key] end) },
  { name = "irq.hard: as many of each number as the kernel counts", script = script("interrupts", "irq.hard", "irq"),
    command = LOAD, expect = check_hard },
  { name = "irq: fields", script = 'tl.on("irq.*", { target = { no = { comm = "nobody" } } }, row) tl.run()',
    options = "--ring 64M", command = LOAD,
    expect = function(result)
      local FIELDS = { ["irq.soft"] = { "vector", "duration" }, ["irq.hard"] = { "irq", "name", "handled" } }
      for event, fields in pairs(FIELDS) do
        local rows = expect.select(result.rows, { event = event })
        expect.ok(#rows > 0, "no %s", event)
        for _, row in ipairs(rows) do
          for _, field in ipairs(fields) do expect.ok(row[field] ~= nil or row.unread, "%s: no %s", event, field) end
          if row.duration then expect.time(row.duration, 1, 1000000000, "duration") end
        end
      end
    end },
}
