-- SPDX-License-Identifier: MIT
--- Conservation: what was made is delivered or counted as lost; and nothing stays behind.

local expect  = require "expect"
local harness = require "harness"

local BOTH = { "ring", "perf" }

local COUNT = [[
  local seen = 0
  local sub = tl.on("syscall.close", { args = { "fd" } }, function(fd) if fd == -1 then seen = seen + 1 end end)
  tl.at_exit(function()
    local stats = tl.stats()
    stats.seen, stats.sub_seen, stats.sub_lost = seen, sub.seen, sub.lost
    row(stats)
  end)
  tl.run()]]

local function check_sum(result)
  local made, row = result.truth.calls, result.rows[1]
  expect.equal(row.made, made, "made")
  expect.equal(row.delivered + row.unclaimed + row.lost, made, "delivered + unclaimed + lost")
  expect.fields(row, { seen = row.delivered, sub_seen = row.delivered, unclaimed = 0, sub_lost = row.lost }, "stats")
  local causes = 0
  for _, n in pairs(row.causes) do causes = causes + n end
  expect.equal(causes, row.lost, "sum of the causes")
  return row
end

local function tiny(name, run)
  return { name = "tiny channel: " .. name, n = 200000, channels = BOTH, options = "--ring 4K", run = run,
           script = COUNT, err = "lost",
           expect = function(result) expect.ok(check_sum(result).lost > 0, "nothing was lost: no test") end }
end

local function ids(path)
  local set = {}
  for line in harness.read(path):gmatch "[^\n]+" do set[line] = true end
  return set
end

-- What was made while the tracer ran and is there still.
local function left_behind(dir)
  local before, during, after = ids(dir .. "/before"), ids(dir .. "/during"), ids(dir .. "/after")
  local made, left = 0, {}
  for id in pairs(during) do
    if not before[id] then
      made = made + 1
      if after[id] then left[#left + 1] = id end
    end
  end
  return made, left
end

-- A tracer is ended by a signal in the middle of its work. The kernel frees programs a moment later.
local END_BY = [[
  exec 2>/dev/null
  cd @dir@ && mkfifo pid || exit
  @workload@ bpf-ids >before
  TL_PRELUDE=%s TL_ROWS=@dir@/rows timeout -s KILL @limit@ \
    sh -c 'echo $$ >tracer; exec @workload@ in-front @tracer@ -f -c "@workload@ hang" ./script.lua' \
    >pid 2>err </dev/null &
  job=$!
  read -r _ hanging <pid
  @workload@ bpf-ids >during
  kill -%s "$(cat tracer)"
  wait $job
  echo $? >status
  kill -USR1 "$hanging" 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    @workload@ bpf-ids >after
    grep -v -x -F -f before during >made
    grep -q -x -F -f made after || break
    sleep 0.5
  done
  true]]

local SCRIPT = [[
  local tl, row = dofile(os.getenv "TL_PRELUDE")
  tl.on({ "tcp.*", "process.*", "syscall.open*" }, function() end)
  tl.at_exit(function() row { at_exit = true } end)
  tl.run()]]

local function ended_by(signal, status, rows)
  return { name = "nothing stays in the kernel after SIG" .. signal, custom = function(room)
    harness.write(room.dir .. "/script.lua", SCRIPT)
    harness.sh(room:fill(END_BY):format(harness.quote(harness.prelude), signal))
    local made, left = left_behind(room.dir)
    local said = harness.read(room.dir .. "/err")
    expect.ok(made >= 3, "the tracer made %d BPF objects: it did not run; stderr: %s", made, said)
    expect.equal(left, {}, "BPF objects left behind")
    local found = harness.read(room.dir .. "/status"):gsub("\n", "")
    expect.equal(tonumber(found), status, "exit status")
    expect.equal(harness.read(room.dir .. "/rows"), rows, "rows")
  end }
end

return {
  tiny("one thread", "flood @n@"),
  tiny("four threads", "flood @n@ 4"),
  { name = "large channel: nothing is lost", n = 100000, channels = BOTH, options = "--ring 64M",
    run = "flood @n@ 2", script = COUNT,
    expect = function(result) expect.equal(check_sum(result).lost, 0, "lost") end },
  { name = "a callback that is slow: counted, not hidden", n = 50000, options = "--ring 64K", run = "flood @n@",
    err = "lost",
    script = COUNT:gsub('then seen = seen %+ 1 end', 'then seen = seen + 1 for _ = 1, 2000 do end end'),
    expect = function(result) expect.ok(check_sum(result).lost > 0, "nothing was lost: no test") end },
  ended_by("KILL", 137, ""),
  ended_by("TERM", 0, '{["at_exit"]=true}\n'),
  ended_by("INT", 0, '{["at_exit"]=true}\n'),
}
