-- SPDX-License-Identifier: MIT
-- Both sides of pairs_of_tools.lua on the same load at the same time. Arguments: words of pairs, to try those alone. As
-- root, after `make`, by way of run.sh. A pair that cannot be tried here is skipped with its reason.

package.path = "tests/peers/?.lua;" .. package.path
local PAIRS = require "pairs_of_tools"

local TRACELEFT <const> = os.getenv "TRACELEFT" or "build/traceleft-lua"
local WORKLOAD <const>  = os.getenv "WORKLOAD" or "build/tests/workload"

local folder = os.tmpname() .. ".d"

local function read(name)
  local file <close> = io.open(folder .. "/" .. name)
  return file and file:read "a" or ""
end

local function write(name, text)
  local file <close> = assert(io.open(folder .. "/" .. name, "w"))
  file:write(text)
end

local function run(name)
  return (os.execute(("sh %s/%s </dev/null >>%s/log 2>&1"):format(folder, name, folder)))
end

local function there(path)
  local file <close> = io.open(path)
  return file ~= nil
end

local function command_of(load)
  return (load:gsub("^W ", folder .. "/load1 "):gsub("FOLDER", folder))
end

local OURS = "exec %s -f -o %s/ours -c '%s' %s\n"

-- A program of libbpf-tools has attached all when it writes its header. It ends by Ctrl-C, when it says no more.
local AROUND = [[
stdbuf -oL /usr/sbin/PEER >FOLDER/theirs 2>FOLDER/their-log &
peer=$!
tries=0
until [ -s FOLDER/theirs ]; do
  tries=$((tries + 1))
  [ $tries -lt 200 ] && kill -0 $peer || exit 1
  sleep 0.05
done
sh FOLDER/ours.sh
status=$?
before=
for round in 1 2 3 4 5 6 7 8; do # on a busy machine it never comes to rest
  [ "$(wc -c <FOLDER/theirs)" != "$before" ] || break
  before=$(wc -c <FOLDER/theirs)
  sleep 0.3
done
kill -INT $peer
wait $peer
exit $status
]]

local INSIDE = "exec bpftrace -o %s/theirs -c '/bin/sh %s/ours.sh' /usr/sbin/%s\n"

local function run_both(pair)
  write("ours.sh", OURS:format(TRACELEFT, folder, command_of(pair.load), pair.ours))
  if pair.peer:find "%.bt$" then
    write("both.sh", INSIDE:format(folder, folder, pair.peer))
  else
    write("both.sh", (AROUND:gsub("PEER", pair.peer):gsub("FOLDER", folder)))
  end
  return run "both.sh"
end

local function fits(line, patterns)
  for _, pattern in ipairs(type(patterns) == "table" and patterns or { patterns }) do
    if line:find(pattern) then return true end
  end
end

local function answer(pair, side, text)
  local n = 0
  if pair.sum then
    for number in text:gmatch(pair.sum[side]) do n = n + tonumber(number) end
    return n
  end
  for line in text:gmatch "[^\n]+" do
    if fits(line, pair.lines[side]) then n = n + 1 end
  end
  return n
end

local function head(name)
  return read(name):sub(1, 1000)
end

local function wrong(pair)
  if not run_both(pair) then return "did not end well:\n" .. read "log" .. read "their-log" end
  local ours, theirs = answer(pair, 1, read "ours"), answer(pair, 2, read "theirs")
  local others = theirs + (pair.more or 0)
  local as_many = ours <= others and ours >= others - (pair.slack or 0)
  if as_many and ours == (pair.n or ours) and ours > 0 then return nil end
  return ("we say %d, %s says %d, %s expected\n%s%s"):format(ours, pair.peer, theirs, pair.n or "any number",
                                                             head "ours", head "theirs")
end

local function why_not(pair)
  if pair.never then return pair.never end
  if not there("/usr/sbin/" .. pair.peer:match "%S+") then return "it is not here" end
  if pair.kprobes and not there "/sys/kernel/tracing/kprobe_events" then
    return "it needs kprobes, which this kernel does not have"
  end
end

local function name_of(pair)
  return ("%s and %s"):format(pair.ours, pair.peer)
end

local function wanted(pair)
  for _, word in ipairs(arg) do
    if not name_of(pair):find(word, 1, true) then return false end
  end
  return true
end

-- A peer that says that it lost some cannot be held against: mountsnoop has room for fifteen calls on each CPU.
local function wrong_thrice(pair)
  local problem
  for _ = 1, 3 do
    os.execute("rm -rf " .. folder .. " && mkdir -p " .. folder .. " && cp " .. WORKLOAD .. " " .. folder .. "/load1")
    problem = wrong(pair)
    if not problem or not read "their-log":lower():find "lost" then break end
  end
  return problem
end

local function try(pair)
  local reason = why_not(pair)
  if reason then
    print(("skip %s: %s"):format(name_of(pair), reason))
    return "skipped"
  end
  local problem = wrong_thrice(pair)
  print(problem and ("not ok %s: %s"):format(name_of(pair), problem) or "ok " .. name_of(pair))
  return problem and "failed" or "passed"
end

local function main()
  local counts = { passed = 0, failed = 0, skipped = 0 }
  for _, pair in ipairs(PAIRS) do
    if wanted(pair) then
      local what = try(pair)
      counts[what] = counts[what] + 1
    end
  end
  os.execute("rm -rf " .. folder)
  print(("%d passed, %d failed, %d skipped"):format(counts.passed, counts.failed, counts.skipped))
  return counts.failed == 0
end

os.exit(main())
