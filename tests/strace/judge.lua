-- SPDX-License-Identifier: MIT
--- Holds the two logs of one run against each other, and sorts differences into known ones and failures.

local align  = require "align"
local call   = require "call"
local logs   = require "logs"
local newer  = require "newer"
local values = require "values"

local M = {}

-- In tests that run before all calls are in the battery, those that are not are left out.
local function only_covered(calls, names)
  local kept = {}
  for _, one in ipairs(calls) do
    if names["syscall." .. one.name] then kept[#kept + 1] = one end
  end
  return kept
end

local function compare_pair(pair, descriptions)
  if pair.call and pair.event and pair.call.name ~= pair.event.call then
    return { { call = pair.event.call, arg = "", what = "is " .. pair.call.name .. " with strace", pair = pair } }
  end
  if pair.call and pair.event then return call.compare(pair, descriptions[pair.event.event]) end
  local name = pair.call and pair.call.name or pair.event.call
  return { { call = name, arg = "", what = pair.call and "only strace has it" or "strace has it not", pair = pair } }
end

--- All differences of a run, and how many calls were compared.
---@param run { folder: string, rows: string, root: integer, partial: boolean? }
---@return table[] differences
---@return integer calls
---@return table log
function M.differences(run)
  local theirs, log = logs.strace(run.folder, newer.numbers()), logs.ours(run.rows)
  logs.trim(theirs, log.threads, run.root)
  local found, count = {}, 0
  for tid in pairs(log.threads) do theirs[tid] = theirs[tid] or {} end
  for tid, calls in pairs(theirs) do
    if run.partial then calls = only_covered(calls, log.names) end
    local list = align.thread(calls, log.threads[tid] or {})
    align.check_times(list)
    for _, pair in ipairs(list) do
      count = count + 1
      for _, difference in ipairs(compare_pair(pair, log.descriptions)) do
        difference.tid = tid
        found[#found + 1] = difference
      end
    end
  end
  return found, count, log
end

local function fits(entry, difference)
  local function matches(pattern, text) return pattern == nil or text:find("^" .. pattern .. "$") ~= nil end
  return matches(entry[1], difference.call) and matches(entry[2], difference.arg)
    and matches(entry.what, difference.what) and (not entry.test or entry.test(difference) and true or false)
end

--- Counts the known ones in their entries (`seen`) and returns the others.
---@param differences table[]
---@param known table[]
---@return table[] failures
function M.sort(differences, known)
  local failures = {}
  for _, difference in ipairs(differences) do
    local entry
    for _, candidate in ipairs(known) do
      if not entry and fits(candidate, difference) then entry = candidate end
    end
    if entry then entry.seen = (entry.seen or 0) + 1 else failures[#failures + 1] = difference end
  end
  return failures
end

--- A difference in a few lines.
---@param difference table
---@return string
function M.describe(difference)
  local pair = difference.pair
  local lines = { ("%s%s: %s"):format(difference.call, difference.arg ~= "" and ", " .. difference.arg or "",
                                       difference.what) }
  if difference.node then lines[#lines + 1] = "  strace  " .. values.show(difference.node):sub(1, 300) end
  if difference.ours then lines[#lines + 1] = "  ours    " .. tostring(difference.ours):sub(1, 300) end
  if pair.call then lines[#lines + 1] = "  line    " .. pair.call.line:sub(1, 400) end
  if pair.event then lines[#lines + 1] = ("  row     line %d, tid %d"):format(pair.event.line, pair.event.tid) end
  return table.concat(lines, "\n")
end

return M
