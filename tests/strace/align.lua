-- SPDX-License-Identifier: MIT
--- Which call of strace is which event of ours, thread by thread.
--
-- Both are in the order of the thread, so equal names are the same call. Where names differ the clock tells which side
-- has one more: strace looks at its clock before the call enters the kernel, our event has the time of the return.

local M = {}

-- What the two readings of the clocks may be apart, in ns.
local SLACK = 20000

local function ends_before(event, call)
  return event.wall + SLACK < call.time
end

-- Whether the next call of the thread had begun before the event did. One that began in another thread says nothing:
-- its execve took over the number of this one.
local function is_over(calls, k, event)
  local following = calls[k + 1]
  return following ~= nil and not following.joined and following.time + SLACK < event.wall - (event.duration or 0)
end

-- A thread that is killed when it has just begun a call: strace looks at its clock and registers some time after that,
-- when they may no longer be those of the call.
local function ends_both(calls, k, event, is_last)
  local call = calls[k]
  return is_last and k == #calls and not call.took and (call.name == event.call or call.unfinished)
end

-- The next call of strace that has this name and can be the event by its time.
local function find(calls, i, event, is_last)
  for k = i, #calls do
    if ends_both(calls, k, event, is_last) then return k end
    if ends_before(event, calls[k]) then return nil end
    if calls[k].name == event.call and not is_over(calls, k, event) then return k end
  end
end

--- Pairs { call, event } in the order of the thread; a side that is nil has no partner.
---@param calls table[] of strace
---@param events table[]
---@return table[]
function M.thread(calls, events)
  local pairs_, i = {}, 1
  local function add(call, event) pairs_[#pairs_ + 1] = { call = call, event = event } end
  for n, event in ipairs(events) do
    local k = find(calls, i, event, n == #events)
    for skipped = i, k and k - 1 or i - 1 do add(calls[skipped], nil) end
    add(k and calls[k], event)
    if k then i = k + 1 end
  end
  for rest = i, #calls do add(calls[rest], nil) end
  return pairs_
end

-- What of the times cannot be: strace looks before and after us.
local function time_error(pair, next_call)
  local call, event = pair.call, pair.event
  local begin = event.wall - (event.duration or 0)
  if begin + SLACK < call.time then
    return ("began %d ns before strace saw it"):format(call.time - begin)
  elseif call.took and event.duration and event.duration > call.took + SLACK then
    return ("took %d ns, strace says %d"):format(event.duration, call.took)
  elseif next_call and event.wall > next_call.time + SLACK then
    return ("ended %d ns after the next call began"):format(event.wall - next_call.time)
  end
end

--- Sets `time_error` where the times of a pair do not fit.
---@param list table[]
function M.check_times(list)
  local next_call
  for i = #list, 1, -1 do
    local pair = list[i]
    if pair.call and pair.event then pair.time_error = time_error(pair, next_call) end
    next_call = pair.call or next_call
  end
end

return M
