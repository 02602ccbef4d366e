-- SPDX-License-Identifier: MIT
--- render: one line of text for an event of any kind.
--
--   14:03:59.123456 cat[4242] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3 12.3 µs
--   14:03:59.123456 curl[4243] tcp.connect 10.0.0.1:5000 -> 10.0.0.2:443 established duration=1.20 ms

local clock    = require "traceleft.clock"
local duration = require "traceleft.duration"
local escape   = require "traceleft.escape"
local net      = require "traceleft.net"
local value    = require "traceleft.value"

local M = {}

local function set(names)
  local result = {}
  for name in names:gmatch("%S+") do result[name] = true end
  return result
end

local COMMON = set "event time pid tid ppid uid gid comm cpu cgroup"
local RESULT = set "ret error duration"
local TUPLE  = set "saddr sport daddr dport family netns outcome error"

local own_fields = setmetatable({}, { __mode = "k" })

-- The fields of an event beside those that all events have, and the results of a system call.
local function own(description)
  local known = own_fields[description]
  if known then return known end
  known = { call = description.name:match("^syscall%.(.*)$"), by_name = {} }
  for _, field in ipairs(description.fields) do
    known.by_name[field.name] = field
    if not COMMON[field.name] and not (known.call and RESULT[field.name]) then known[#known + 1] = field end
  end
  own_fields[description] = known
  return known
end

local function argument(event, field)
  local absent = event[field.name] == nil and not value.is_unread(event, field.name)
  return absent and "NULL" or value.quoted(event, field)
end

local function result(event, fields)
  local parts = {}
  if event.error then parts[1] = "= -1 " .. escape.text(tostring(event.error))
  elseif fields.by_name.ret then parts[1] = "= " .. value.text(event, fields.by_name.ret) end
  if event.duration then parts[#parts + 1] = duration.text(event.duration) end
  return #parts > 0 and " " .. table.concat(parts, " ") or ""
end

local function syscall(event, fields)
  local parts = {}
  for i, field in ipairs(fields) do parts[i] = argument(event, field) end
  return ("%s(%s)%s"):format(fields.call, table.concat(parts, ", "), result(event, fields))
end

-- "10.0.0.1:5000 -> 10.0.0.2:443"; what came in points the other way.
local function tuple(event)
  local from = net.endpoint(event.saddr, event.sport)
  if not event.daddr then return from end
  local arrow = event.event == "tcp.accept" and " <- " or " -> "
  return from .. arrow .. net.endpoint(event.daddr, event.dport)
end

-- What became of it: "refused ECONNREFUSED"; nothing of what simply worked.
local function outcome(event, fields)
  local parts = {}
  if event.outcome then parts[1] = value.text(event, fields.by_name.outcome) end
  if event.error then parts[#parts + 1] = escape.text(tostring(event.error)) end
  return parts[1] and table.concat(parts, " ")
end

local function other(event, fields)
  local parts = { event.event }
  local has_tuple = event.saddr ~= nil
  if has_tuple then
    parts[2] = tuple(event)
    parts[3] = outcome(event, fields)
  end
  for _, field in ipairs(fields) do
    local shown = event[field.name] ~= nil or value.is_unread(event, field.name)
    if shown and not (has_tuple and TUPLE[field.name]) then
      parts[#parts + 1] = field.name .. "=" .. value.quoted(event, field)
    end
  end
  return table.concat(parts, " ")
end

--- The line of an event, without a line end.
---@param event traceleft.event
---@param description traceleft.description of `describe`
---@return string
function M.line(event, description)
  local fields = own(description)
  local body = fields.call and syscall(event, fields) or other(event, fields)
  local time = event.time and clock.text(event.time) .. " " or ""
  local who = event.comm and escape.text(event.comm) or "?"
  return ("%s%s[%s] %s"):format(time, who, event.pid or "?", body)
end

return M
