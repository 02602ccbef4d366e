-- SPDX-License-Identifier: MIT
--- run.lua [-k] [TEXT]…  runs the programs of programs.lua, or those that have one of the texts in their name, under
--- strace and under the tracer at the same time, and holds against each other what both saw. README.md says more.

local home = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = home .. "/?.lua;" .. package.path

local judge    = require "judge"
local known    = require "known"
local programs = require "programs"
local watch    = require "watch"

local SHOWN = 4 -- differences of a program, of a kind one each

local function is_wanted(name, texts)
  for _, text in ipairs(texts) do
    if name:find(text, 1, true) then return true end
  end
  return #texts == 0
end

local function indent(text)
  return (text:gsub("\n$", ""):gsub("\n", "\n    "))
end

-- The first of each kind, and how many there are of it.
local function by_kind(failures)
  local kinds, list = {}, {}
  for _, failure in ipairs(failures) do
    local key = failure.call .. "\0" .. failure.arg .. "\0" .. failure.what:gsub("%d+", "0")
    if not kinds[key] then
      kinds[key] = { first = failure, count = 0 }
      list[#list + 1] = kinds[key]
    end
    kinds[key].count = kinds[key].count + 1
  end
  table.sort(list, function(a, b) return a.count > b.count end)
  return list
end

local function describe(failures, shown)
  local parts = {}
  for i, kind in ipairs(by_kind(failures)) do
    if i > shown then parts[#parts + 1] = "…" break end
    parts[#parts + 1] = ("%d times: %s"):format(kind.count, judge.describe(kind.first))
  end
  return table.concat(parts, "\n")
end

local function complaints(program, result, log)
  local list = {}
  if result.program ~= (program.status or 0) then
    list[#list + 1] = ("the program ended with status %s"):format(result.program)
  end
  if result.status ~= 0 then list[#list + 1] = ("the tracer ended with status %d"):format(result.status) end
  if result.err ~= "" then list[#list + 1] = "the tracer says: " .. result.err end
  if log.lost ~= 0 then list[#list + 1] = ("%d events were lost"):format(log.lost) end
  return table.concat(list, "\n")
end

-- "ok", "not ok" or "skip", and what to say about it.
local function outcome(program, folder, options)
  local missing = watch.missing(program.needs)
  if missing then return "skip", missing end
  local result = watch.run(program, folder, home)
  local differences, calls, log = judge.differences { folder = folder, rows = result.rows, root = result.root,
                                                      partial = options.partial }
  local failures = judge.sort(differences, known)
  local bad = complaints(program, result, log)
  local sum = ("%d calls, %d known differences"):format(calls, #differences - #failures)
  if bad == "" and #failures == 0 and calls > 0 then return "ok", sum end
  return "not ok", ("%s, %d others\n%s%s"):format(sum, #failures, bad ~= "" and bad .. "\n" or "",
                                                describe(failures, options.shown))
end

local function run_all(list, options)
  local counts = { ok = 0, ["not ok"] = 0, skip = 0 }
  local top = watch.folder()
  for i, program in ipairs(list) do
    local folder = ("%s/%d"):format(top, i)
    local begin = watch.now()
    local good, what, text = pcall(outcome, program, folder, options)
    if not good then what, text = "not ok", tostring(what):sub(1, 1000) end
    counts[what] = counts[what] + 1
    io.write(("%s %s (%d ms): %s\n"):format(what, program.name, watch.now() - begin, indent(text))):flush()
    if what == "ok" and not options.keep then watch.remove(folder) end
  end
  if counts["not ok"] == 0 and not options.keep then watch.remove(top) else io.write("files are in ", top, "\n") end
  return counts
end

local function show_known(all)
  for _, entry in ipairs(known) do
    local name = ("%s%s"):format(entry[1] or "any", entry[2] and ", " .. entry[2] or "")
    if entry.seen then
      local mark = entry.ours and ", to be mended" or ""
      io.write(("known%s: %d times %s: %s\n"):format(mark, entry.seen, name, entry.why))
    elseif all then
      io.write(("never seen: %s: %s\n"):format(name, entry.why))
    end
  end
end

local function main()
  local options, texts, list = { shown = SHOWN }, {}, {}
  for _, word in ipairs(arg) do
    if word == "-k" then options.keep = true
    elseif word == "-p" then options.partial = true
    elseif word == "-a" then options.shown = math.huge
    else texts[#texts + 1] = word end
  end
  for _, program in ipairs(programs) do
    if is_wanted(program.name, texts) then list[#list + 1] = program end
  end
  local counts = run_all(list, options)
  show_known(#texts == 0)
  print(("%d passed, %d failed, %d skipped"):format(counts.ok, counts["not ok"], counts.skip))
  return counts["not ok"] == 0
end

os.exit(main() and 0 or 1, true)
