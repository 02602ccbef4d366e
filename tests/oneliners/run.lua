-- SPDX-License-Identifier: MIT
-- Both sides of the README's table on the same load at the same time: bpftrace starts us, we start the load. Arguments:
-- words of questions, to try those alone. As root, after `make`.

package.path = "tests/oneliners/?.lua;" .. package.path
local QUESTIONS = require "questions"

local TRACELEFT <const> = os.getenv "TRACELEFT" or "build/traceleft-lua"
local WORKLOAD <const>  = os.getenv "WORKLOAD" or "build/tests/workload"

local folder = os.tmpname() .. ".d"

local function run(command)
  return (os.execute(command .. " </dev/null >>" .. folder .. "/log 2>&1"))
end

local function read(name)
  local file <close> = io.open(folder .. "/" .. name)
  return file and file:read "a" or ""
end

local function write(name, text)
  local file <close> = assert(io.open(folder .. "/" .. name, "w"))
  file:write(text)
end

-- A text between apostrophes for the shell.
local function quoted(text)
  return "'" .. text:gsub("'", [['\'']]) .. "'"
end

local function replaced(text, pair)
  return pair and text:gsub(pair[1], pair[2]) or text
end

local function command_of(row)
  return (row.load:gsub("^W ", folder .. "/load1 "):gsub("FOLDER", folder))
end

-- Runs both; the load has ended when they have.
local function run_both(row)
  write("theirs.bt", replaced(row[2], row.theirs))
  write("ours.sh", ("exec %s %s -f -o %s/ours -c %s\n"):format(TRACELEFT, replaced(row[3], row.ours), folder,
                                                               quoted(command_of(row))))
  if row.before then run(command_of { load = row.before }) end
  if row.cgroup then run("mkdir -p /sys/fs/cgroup/" .. row.cgroup) end
  local ok = run(("bpftrace -o %s/theirs -c '/bin/sh %s/ours.sh' %s/theirs.bt"):format(folder, folder, folder))
  if row.cgroup then run("rmdir /sys/fs/cgroup/" .. row.cgroup) end
  return ok
end

-- ---- what they say ---------------------------------------------------------------------------

local function sum_of(text, pattern)
  local sum = 0
  for number in text:gmatch(pattern) do sum = sum + tonumber(number) end
  return sum
end

local function lines_of(text, pattern)
  local n = 0
  for line in text:gmatch "[^\n]+" do
    if line:find(pattern) then n = n + 1 end
  end
  return n
end

-- The counts of the bars under a heading with this name, or the sum of all.
local function bars_of(text, name)
  local counts, sum, inside = {}, 0, false
  for line in text:gmatch "[^\n]+" do
    local count = line:match "^[%[%(].-[%)%]]%s+(%d+) |"
    if not count then inside = line:find("%f[%w]" .. name .. "%f[%W]") ~= nil end
    if count and inside then counts[#counts + 1] = count end
    sum = sum + (tonumber(count) or 0)
  end
  return name == "" and sum or table.concat(counts, " ")
end

local function answer(row, side, text)
  if row.bars then return bars_of(text, row.bars) end
  if row.lines then return lines_of(text, row.lines[side]) end
  return sum_of(text, row.sum[side])
end

local function wrong(row)
  if not run_both(row) then return "did not end well:\n" .. read "log" end
  local theirs, ours = answer(row, 1, read "theirs"), answer(row, 2, read "ours")
  if ours == "" or ours == 0 and not row.none then return "we say nothing:\n" .. read "ours" .. read "log" end
  local ok = ours == (row.more and theirs + row.more or theirs)
  if row.least then ok = ours <= theirs end
  if not ok then return ("bpftrace says %s, we say %s"):format(theirs, ours) end
end

local function wanted(row)
  for _, word in ipairs(arg) do
    if not row[1]:find(word, 1, true) then return false end
  end
  return true
end

local function try(row)
  os.execute("rm -rf " .. folder .. " && mkdir -p " .. folder .. " && cp " .. WORKLOAD .. " " .. folder .. "/load1")
  local problem = wrong(row)
  print(problem and ("FAIL  one-liner %s\n  %s"):format(row[1], problem) or "ok    one-liner " .. row[1])
  return problem == nil
end

local function main()
  local passed, failed = 0, 0
  for _, row in ipairs(QUESTIONS) do
    if wanted(row) then
      if try(row) then passed = passed + 1 else failed = failed + 1 end
    end
  end
  os.execute("rm -rf " .. folder)
  print(("%d passed, %d failed, 0 skipped"):format(passed, failed))
  return failed == 0
end

os.exit(main())
