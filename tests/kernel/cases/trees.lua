-- SPDX-License-Identifier: MIT
--- Trees of processes: none missed and none foreign, however they are made.

local expect  = require "expect"
local harness = require "harness"

-- Every number from 1 to n, each once.
local function all_numbers(rows, name, n)
  local times = {}
  for _, row in ipairs(rows) do
    local number = math.tointeger(row.pathname:match("^/no/such/" .. name .. "%-(%d+)$"))
    expect.ok(number, "foreign: %s", row.pathname)
    times[number] = (times[number] or 0) + 1
  end
  local missing = {}
  for i = 1, n do
    if times[i] ~= 1 and #missing < 10 then missing[#missing + 1] = ("%d: %s times"):format(i, times[i] or "no") end
  end
  expect.ok(#missing == 0, "%d processes; %s", n, table.concat(missing, ", "))
end

local function grove(name, selector, options)
  return { name = "tree, at random: " .. name, n = 400, options = options,
    custom = function(room)
      local seed = tonumber(os.getenv "TL_TEST_SEED") or harness.now() % 100000
      for round = 1, harness.scale > 1 and 1 or 3 do
        local result = room:trace {
          options = options,
          script = ([[tl.on("syscall.openat", { fields = { "pathname" }%s }, function(e)
            if e.pathname and e.pathname:find "^/no/such/" then row { pathname = e.pathname } end end) tl.run()]])
            :format(selector),
          command = ("sh -c '@workload@ grove out %d @n@ >/dev/null & @workload@ name tl-grove grove in %d @n@; wait'")
            :format(seed + 7, seed + round) }
        expect.equal({ result.status, result.err }, { 0, "" }, ("seed %d: exit status and stderr"):format(seed))
        local ok, why = pcall(all_numbers, result.rows, "in", result.truth.processes)
        expect.ok(ok, "seed %d: %s", seed + round, why)
      end
    end }
end

local function storm(name, options, selector)
  return { name = "tree: a storm of short processes: " .. name, n = 20000, options = options, run = "exec @n@",
    limit = 240,
    script = ([[
      local seen = {}
      local function count(e) seen[e.event] = (seen[e.event] or 0) + 1 end
      tl.on({ "process.*", "exit_group" }, { fields = { "event" }%s }, count)
      tl.at_exit(function() row(seen) end)
      tl.run()]]):format(selector),
    expect = function(result)
      local n, seen = result.n, result.rows[1]
      expect.equal(result.truth.execs, n, "execs of the workload")
      expect.equal({ seen["process.fork"], seen["process.exec"], seen["process.exit"], seen["syscall.exit_group"] },
                   { n, n + 1, n + 1, n + 1 }, "forks, execs, exits, calls of exit_group")
    end }
end

-- Rising and falling numbers of processes for that many seconds, by a name that nobody else has.
local SOAK = [[
  ln -s @workload@ @dir@/tl-soak
  end=$(($(date +%%s) + %d))
  while [ $(date +%%s) -lt $end ]; do
    @dir@/tl-soak exec 50 >/dev/null & @dir@/tl-soak tree 3 3 >/dev/null & @dir@/tl-soak exec 20 >/dev/null; wait
  done
  : >@dir@/done
  exec sleep 40]]

return {
  grove("followed by name", ", comm = 'tl-grove', follow = true"),
  grove("in a tree of the shell, without the other",
        ", no = { comm = 'x*' }, any = { { comm = 'tl-grove', follow = true } }"),
  storm("followed", "-f --ring 64M", ""),
  storm("by name", "--ring 64M", ", comm = { 'workload', 'exe' }"),
  { name = "tree: a soak leaves the maps as they were", limit = 900,
    custom = function(room)
      local seconds = tonumber(os.getenv "TL_TEST_SOAK") or (harness.scale > 1 and 5 or 8)
      local result = room:trace { limit = seconds + 60, options = "-f",
        command = ("sh -c '%s'"):format(SOAK:format(seconds)),
        script = [[
          local me = io.open("/proc/self/stat"):read "n"
          local MAPS = { tl_targets = true, tl_seeds = true, tl_traits = true, tl_told = true }
          local function entries()
            local found, pipe = {}, io.popen("@workload@ bpf-of " .. me)
            for line in pipe:lines() do
              local map, n = line:match "^entries (tl_%S+) (%d+)$"
              if MAPS[map] then found[map] = math.tointeger(n) end
            end
            pipe:close()
            return found
          end
          local forks, entered, left, first = 0, 0, 0, nil
          local function enter() entered = entered + 1 end
          local function leave() left = left + 1 end
          tl.on("process.fork", { fields = { "event" } }, function() forks = forks + 1 end)
          tl.on("process.exit", { fields = { "event" }, comm = "tl-soak", uid = 0, follow = true,
                                  on_enter = enter, on_leave = leave }, function() end)
          tl.start()
          first = entries()
          local most, looks = 0, 0
          tl.every(0.1, function() most = math.max(most, #tl.targets()) end)
          tl.every(3, function() -- an idle kernel lets go of the dead up to ten seconds later
            local done = io.open "@dir@/done"
            if not done then return end
            done:close()
            local last, who = entries(), {}
            looks = looks + 1
            if (last.tl_targets > first.tl_targets or last.tl_told > 0) and looks < 10 then return end
            for i, one in ipairs(tl.targets()) do who[i] = ("%d %s: %s"):format(one.pid, one.comm, one.why) end
            row { forks = forks, most = most, first = first, last = last, who = who, entered = entered, left = left }
            tl.stop()
          end)
          tl.run()]] }
      -- Linux 7 preempts programs where processes are freed, and counts those that it skips meanwhile. Nobody may be
      -- left in the map for that.
      local busy = "^traceleft%-lua: lost %d+ events %(program busy: %d+%)\n$"
      expect.equal(result.status, 0, "exit status")
      expect.ok(result.err == "" or result.err:find(busy), "stderr: %s", result.err)
      local found = result.rows[1]
      expect.ok(found.forks > 100 and found.most > 1, "too little happened: %s", expect.show(found))
      expect.ok(found.last.tl_targets <= found.first.tl_targets, "entries: %s", expect.show(found))
      expect.equal({ found.last.tl_seeds, found.last.tl_traits, found.last.tl_told }, { 0, found.first.tl_traits, 0 },
                   "entries of seeds, traits and who was told")
      expect.ok(found.entered > 100 and found.left == found.entered, "who came and went: %s", expect.show(found))
    end },
}
