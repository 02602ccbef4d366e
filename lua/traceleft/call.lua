-- SPDX-License-Identifier: MIT
--- call: a system call as strace shows it, for people who know that one by heart.
--
--   openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3</etc/passwd> 12µs
--
-- What depends on the kind of call alone is decided once, in its plan.

local arguments = require "traceleft.call.arguments"
local core      = require "traceleft.core"
local depends   = require "traceleft.call.depends"
local duration  = require "traceleft.duration"
local escape    = require "traceleft.escape"
local operand   = require "traceleft.call.operand"
local recent    = require "traceleft.recent"
local struct    = require "traceleft.call.struct"

local M = {}

local concat = table.concat

local function set(names)
  local members = {}
  for name in names:gmatch("%S+") do members[name] = true end
  return members
end

-- The fields of every call that are no arguments.
local RESULT = { "ret", "error", "duration" }
local BESIDE = set "event time pid tid ppid uid gid comm cpu cgroup ret error duration created"

---@class traceleft.call.plan
---@field name string
---@field fields string[] names of the fields that the line shows
---@field tellers (fun(event: traceleft.event): string)[] one for each argument
---@field says table<integer, (fun(event: traceleft.event): boolean)|false> whether an argument says anything, for some
---@field parts string[] room for the texts of one call's arguments
---@field result fun(event: traceleft.event): string

-- ---- arguments -------------------------------------------------------------------------------

local function add_fields(plan, fields)
  for _, field in ipairs(fields) do
    if not plan.known[field.name] then
      plan.known[field.name] = true
      plan.fields[#plan.fields + 1] = field.name
    end
  end
end

local function is_path(group)
  return group and group.head and group.head.type == "str" and group.head.meaning == "path" and group.head or nil
end

-- The function that makes the text of an argument; notes the fields that it needs.
local function argument(plan, group, next_group, shown)
  local members, file_of = arguments.members(group)
  if #members == 0 and not group.head then return function() return "?" end end
  local function tell(field)
    local file = file_of[field.name]
    add_fields(plan, { field, file })
    return file and operand.descriptor(field, file, is_path(next_group), shown) or operand.single(field, shown)
  end
  if #members == 0 then return tell(group.head) end
  add_fields(plan, { group.head })
  return struct.teller(group, members, tell)
end

-- An argument that another one gives another sense, sometimes.
local function told_otherwise(otherwise, tell)
  if not otherwise then return tell end
  return function(event) return otherwise(event) or tell(event) end
end

-- The arguments of a call that nobody knows have names of ours.
local function named(name, tell)
  return function(event) return name .. "=" .. tell(event) end
end

local function add_argument(plan, group, next_group, shown)
  local tell, n = argument(plan, group, next_group, shown), #plan.tellers + 1
  if plan.name == "other" then tell = named(group.name, tell) end
  plan.tellers[n] = told_otherwise(depends.teller(plan.name, group.name, plan.by_name), tell)
  local says, decider = depends.says(plan.name, group.name, plan.by_name)
  plan.says[n] = says or false
  add_fields(plan, { plan.by_name[decider] })
end

-- ---- the result ------------------------------------------------------------------------------

-- The kernel's own word for "this call goes on later" is no failure that the program sees.
local failure = recent.of(function(name)
  local text = escape.text(tostring(name))
  return (text:find "^ERESTART" and "? " or "-1 ") .. text
end)

-- strace's way of results that are flags: 0x8002 (flags O_RDWR|O_LARGEFILE).
local function flags_of(otherwise)
  return otherwise and function(event)
    local text = otherwise(event)
    if not text or event.ret == 0 and text == "0" then return nil end
    return ("%s (flags %s)"):format(event.ret == 0 and "0" or ("0x%x"):format(event.ret), text)
  end
end

-- " (No such file or directory)"; nothing for numbers that only the kernel knows.
local reason_of = recent.of(function(ret)
  local text = core.errno_text(-ret)
  return text and " (" .. text .. ")" or ""
end)

local function reason(ret)
  return ret and reason_of(ret) or ""
end

local function result_of(plan, group, shown)
  if not group then return function() return " = ?" end end
  local tell = argument(plan, { name = "ret", head = group.head, fields = group.fields }, nil, shown)
  tell = told_otherwise(flags_of(depends.teller(plan.name, "ret", plan.by_name)), tell)
  return function(event)
    local name = event.error
    if name then return " = " .. failure(name) .. reason(event.ret) end
    return " = " .. (event.ret == nil and "?" or tell(event))
  end
end

-- ---- the plan --------------------------------------------------------------------------------

local function by_name_of(description)
  local by_name = {}
  for _, field in ipairs(description.fields) do by_name[field.name] = field end
  return by_name
end

--- How calls of this kind are shown. shown: bytes of buffers, elements of lists.
---@param description traceleft.description
---@param shown? integer
---@return traceleft.call.plan
function M.plan(description, shown)
  local plan = { name = description.name:match "^syscall%.(.*)$", by_name = by_name_of(description), known = {},
                 fields = {}, tellers = {}, says = {}, parts = {} }
  local groups, result = arguments.groups(description), nil
  for i, group in ipairs(groups) do
    if group.name == "ret" then result = group end
    local beside = BESIDE[group.name] or group.head and group.head.named
    if not beside then add_argument(plan, group, groups[i + 1], shown) end
  end
  plan.result = result_of(plan, result, shown)
  for _, name in ipairs(RESULT) do add_fields(plan, { plan.by_name[name] }) end
  return plan
end

-- The text of a call without its duration.
local function short_text(event, plan)
  local parts, n, says = plan.parts, 0, plan.says
  for i, tell in ipairs(plan.tellers) do
    if not says[i] or says[i](event) then
      n = n + 1
      parts[n] = tell(event)
    end
  end
  return plan.name .. "(" .. concat(parts, ", ", 1, n) .. ")" .. plan.result(event)
end

--- The text of a call.
---@param event traceleft.event
---@param plan traceleft.call.plan
---@return string
function M.text(event, plan)
  local took = event.duration
  return short_text(event, plan) .. (took and " " .. duration.short(took) or "")
end

local function add_names(list, known, names)
  for _, name in ipairs(names) do
    if not known[name] then list[#list + 1], known[name] = name, true end
  end
end

--- A function that makes the text of any call of these events, and the fields that it looks at. opts: shown (as for
--- `plan`), duration (false: not at the end).
---@param describe fun(event: string): traceleft.description
---@param events string[]
---@param opts? { shown?: integer, duration?: boolean }
---@return fun(event: traceleft.event): string
---@return string[] fields
function M.teller(describe, events, opts)
  local plans, fields, known, text = {}, {}, {}, M.text
  opts = opts or {}
  if opts.duration == false then known.duration, text = true, short_text end
  for _, event in ipairs(events) do
    plans[event] = M.plan(describe(event), opts.shown)
    add_names(fields, known, plans[event].fields)
  end
  return function(event) return text(event, plans[event.event]) end, fields
end

return M
