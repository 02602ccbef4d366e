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

return {
  grove("followed by name", ", comm = 'tl-grove', follow = true"),
  grove("in a tree of the shell, without the other",
        ", no = { comm = 'x*' }, any = { { comm = 'tl-grove', follow = true } }"),
  storm("followed", "-f --ring 64M", ""),
  storm("by name", "--ring 64M", ", comm = { 'workload', 'exe' }"),
  { name = "tree: a soak leaves nothing behind", n = 2000, limit = 900,
    custom = function(room)
      local seconds = tonumber(os.getenv "TL_TEST_SOAK") or (harness.scale > 1 and 5 or 8)
      local result = room:trace { limit = seconds + 60, command = ("sh -c '%s'"):format([[
          while :; do
            @workload@ exec 50 >/dev/null & @workload@ tree 3 3 >/dev/null & @workload@ exec 20 >/dev/null; wait
          done]]),
        script = ([[
          local n = 0
          tl.on("process.fork", { fields = { "event" } }, function() n = n + 1 end)
          tl.on("process.exit", { fields = { "event" }, comm = "workload", follow = true }, function() end)
          local most, last = 0, 0
          local function look() last = #tl.targets() most = math.max(most, last) end
          tl.every(0.05, look)
          tl.run { duration = %d }
          row { forks = n, most = most }
          tl.target { pid = 1 }
          os.execute "sleep 0.3"
          row { left = #tl.targets() }]]):format(seconds), options = "-f" }
      local first = result.rows[1]
      expect.ok(first.forks > 100 and first.most > 1, "forks and most: %s", expect.show(first))
      expect.ok(result.status == 0 or result.status == 2, "status %s: %s", result.status, result.err)
      expect.ok(result.rows[2].left <= 2, "left: %s", expect.show(result.rows[2]))
    end },
}
