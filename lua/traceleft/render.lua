-- SPDX-License-Identifier: MIT
--- render: one line of text for an event of any kind.
--
--   14:03:59.123456 cat[4242] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3</etc/passwd> 12µs
--   14:03:59.123456 curl[4243/4250] tcp.connect 10.0.0.1:5000 -> 10.0.0.2:443 established duration=1.20 ms
--
-- comm[4243/4250] is thread 4250 of process 4243; a process's first thread has no number of its own.

local call   = require "traceleft.call"
local colour = require "traceleft.colour"
local escape = require "traceleft.escape"
local net    = require "traceleft.net"
local times  = require "traceleft.times"
local value  = require "traceleft.value"

local M = {}

local function set(names)
  local result = {}
  for name in names:gmatch("%S+") do result[name] = true end
  return result
end

--- Bytes of buffers and of strings that are no paths, and elements of lists, that a line shows unless told otherwise.
M.SHOWN = value.SHOWN

local SHOWN  = { "event", "time", "pid", "tid", "comm" }
local COMMON = set "event time pid tid ppid uid gid comm cpu cgroup"
local TUPLE  = set "saddr sport daddr dport family netns outcome error"

-- ---- events that are no system calls ---------------------------------------------------------

-- The fields of an event beside those that all events have, in order and by name, and what makes their text.
local function other_plan(description, shown)
  local plan = { by_name = {}, tellers = {} }
  for _, field in ipairs(description.fields) do
    plan.by_name[field.name] = field
    if not COMMON[field.name] and not field.named then
      plan[#plan + 1] = field
      plan.tellers[#plan] = value.teller(field, shown)
    end
  end
  return plan
end

-- "10.0.0.1:5000 -> 10.0.0.2:443"; what came in points the other way.
local function tuple(event)
  local from = net.endpoint(event.saddr, event.sport)
  if not event.daddr then return from end
  local arrow = event.event == "tcp.accept" and " <- " or " -> "
  return from .. arrow .. net.endpoint(event.daddr, event.dport)
end

-- What became of it: "refused ECONNREFUSED"; nothing of what simply worked.
local function outcome(event, plan)
  local parts = {}
  if event.outcome then parts[1] = value.text(event, plan.by_name.outcome) end
  if event.error then parts[#parts + 1] = escape.text(tostring(event.error)) end
  return parts[1] and table.concat(parts, " ")
end

local function other_text(event, plan)
  local parts = { event.event }
  local has_tuple = event.saddr ~= nil
  if has_tuple then
    parts[2] = tuple(event)
    parts[3] = outcome(event, plan)
  end
  for i, field in ipairs(plan) do
    local shown = event[field.name] ~= nil or value.is_unread(event, field.name)
    if shown and not (has_tuple and TUPLE[field.name]) then
      parts[#parts + 1] = field.name .. "=" .. plan.tellers[i](event)
    end
  end
  return table.concat(parts, " ")
end

-- ---- all events ------------------------------------------------------------------------------

local function is_call(description)
  return description.name:find("^syscall%.") ~= nil
end

local function who(event)
  local pid, tid = event.pid, event.tid
  local name = event.comm and escape.text(event.comm) or "?"
  if not tid or tid == pid then return name .. "[" .. (pid or "?") .. "]" end
  return name .. "[" .. (pid or "?") .. "/" .. tid .. "]"
end

--- A function that makes the line of an event, without a line end. shown: bytes of buffers and strings that are no
--- paths, elements of lists; 32 without it.
---@param shown? integer
---@param time? string of traceleft.times
---@param file? file* what the lines are for: on a terminal they have colours
---@return fun(event: traceleft.event, description: traceleft.description): string
function M.lines(shown, time, file)
  local plans, clock, paint = setmetatable({}, { __mode = "k" }), times.teller(time), colour.painters(file)
  return function(event, description)
    local plan = plans[description]
    if not plan then
      local make, text = other_plan, other_text
      if is_call(description) then make, text = call.plan, call.text end
      plan = make(description, shown)
      plan.text = text
      plans[description] = plan
    end
    local text = plan.text(event, plan)
    return (event.time and paint.dim(clock(event.time)) .. " " or "") .. paint.bold(who(event)) .. " "
      .. (event.error and paint.red(text) or text)
  end
end

--- The line of an event, without a line end.
---@param event traceleft.event
---@param description traceleft.description of `describe`
---@return string
M.line = M.lines()

--- The names of the fields that the line of such an event shows.
---@param description traceleft.description
---@return string[]
function M.fields(description)
  local names = table.move(SHOWN, 1, #SHOWN, 1, {})
  if is_call(description) then
    local own = call.plan(description).fields
    return table.move(own, 1, #own, #names + 1, names)
  end
  for _, field in ipairs(other_plan(description)) do names[#names + 1] = field.name end
  return names
end

return M
