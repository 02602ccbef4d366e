-- SPDX-License-Identifier: MIT
--- Reads what both tracers wrote about one run: the calls of each thread, from the execve of the program on.

local parse = require "parse"

local M = {}

-- The calls of one file of `strace -ff`. An execve by a thread that is not the first begins in the thread's file and
-- goes on in that of the first; `moving` keeps what began until it goes on, by the thread that it goes on in.
local function read_thread(path, moving)
  local calls, resumed = {}, {}
  for line in io.lines(path) do
    local entry = parse.line(line)
    if entry.moved then
      moving[entry.moved] = entry
    elseif entry.resumed then
      resumed[#resumed + 1] = entry
      calls[#calls + 1] = entry
    elseif entry.what == "call" then
      calls[#calls + 1] = entry
    end
  end
  return calls, resumed
end

-- What was said before a call went on in another file belongs to it: its arguments.
local function join(entry, begun, path)
  if not begun then error(path .. ": a call goes on that never began: " .. entry.line, 0) end
  entry.args = table.move(entry.args, 1, #entry.args, #begun.args + 1, begun.args)
  entry.line = begun.line .. " … " .. entry.line
  entry.time, entry.joined = begun.time, true
end

-- strace writes syscall_0x1c5 for a call that is newer than it. The battery's numbers of such calls have names; what
-- has none is our syscall.other.
local function name_by_number(threads, newer)
  for _, calls in pairs(threads) do
    for _, call in ipairs(calls) do
      local number = math.tointeger(tonumber(call.name:match "^syscall_(0x%x+)$"))
      if number then
        call.number, call.raw = number, true
        call.name = newer[number] or "other"
      end
    end
  end
end

local function list_files(folder)
  local pipe = assert(io.popen(("cd '%s' && echo OUT.*"):format(folder)))
  local names = pipe:read "l"
  pipe:close()
  return names
end

--- What strace wrote into the folder: its calls by thread.
---@param folder string
---@param newer table<integer, string>? names of calls that strace may not know, by number
---@return table<integer, table[]>
function M.strace(folder, newer)
  local threads, moving, unjoined = {}, {}, {}
  for name, tid in list_files(folder):gmatch "(OUT%.(%d+))" do
    tid = tonumber(tid)
    threads[tid], unjoined[tid] = read_thread(folder .. "/" .. name, moving)
  end
  for tid, entries in pairs(unjoined) do
    for _, entry in ipairs(entries) do join(entry, moving[tid], folder) end
  end
  name_by_number(threads, newer or {})
  return threads
end

local function index_fields(description)
  description.by_name = {}
  for _, field in ipairs(description) do description.by_name[field.name] = field end
end

--- What record.lua wrote: { threads = events by thread, descriptions by event, names (of all events), lost, seen }.
---@param path string
---@return table
function M.ours(path)
  local log, number = { threads = {}, descriptions = {}, names = {} }, 0
  local readers = {
    N = function(names)
      for _, name in ipairs(names) do log.names[name] = true end
    end,
    D = function(description)
      index_fields(description)
      log.descriptions[description.name] = description
    end,
    E = function(event)
      event.line = number
      event.call = event.event:match "^syscall%.(.*)$"
      local thread = log.threads[event.tid] or {}
      log.threads[event.tid] = thread
      thread[#thread + 1] = event
    end,
    L = function(sum) log.lost, log.seen = sum.lost, sum.seen end,
  }
  for line in io.lines(path) do
    number = number + 1
    readers[line:sub(1, 1)](assert(load("return " .. line:sub(2), "=row", "t", {}))())
  end
  if not log.seen then error(path .. " has no end", 0) end
  return log
end

-- The gate's own start is the first execve of its thread, the program's the second that succeeded.
local function program_start(calls)
  local count = 0
  for _, call in ipairs(calls) do
    if call.name == "execve" and call.ret and call.ret.value == 0 then
      count = count + 1
      if count == 2 then return call.time end
    end
  end
  error("strace saw no program start", 0)
end

local function from(list, key, begin)
  local kept = {}
  for _, entry in ipairs(list) do
    if entry[key] >= begin then kept[#kept + 1] = entry end
  end
  return kept
end

--- Takes away what the gate did, from both.
---@param strace table<integer, table[]>
---@param ours table<integer, table[]>
---@param root integer
function M.trim(strace, ours, root)
  local begin = program_start(strace[root] or error("strace did not see the program", 0))
  for tid, calls in pairs(strace) do strace[tid] = from(calls, "time", begin) end
  for tid, events in pairs(ours) do ours[tid] = from(events, "wall", begin) end
end

return M
