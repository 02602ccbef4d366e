-- SPDX-License-Identifier: MIT
--- operand: one value of a system call, as strace shows it.

local escape = require "traceleft.escape"
local value  = require "traceleft.value"

local M = {}

local AT_FDCWD <const>, SLASH <const> = -100, 0x2f

-- What a program passes is there whatever became of the call; an absent one was NULL.
local PASSED_TYPE    = { str = true, path = true, list = true }
local PASSED_MEANING = { timespec = true, timeval = true, sigset = true, fdset = true }

-- What stands for no value. Nobody knows where a call that failed would have written, or whether it would have.
local function absent(event, field, passed)
  if value.is_unread(event, field.name) then return "?" end
  return event.error and not passed and "…" or "NULL"
end

-- strace counts the environment, too.
local function variables(event, field)
  return ("[/* %d%s vars */]"):format(#event[field.name], value.is_cut(event, field.name) and "+" or "")
end

local function behind_pointer(tell)
  return function(event) return "[{" .. tell(event) .. "}]" end
end

--- A function that makes the text of a field.
---@param field traceleft.field
---@param shown? integer
---@return fun(event: traceleft.event): string
function M.single(field, shown)
  local name, tell = field.name, value.teller(field, shown)
  if field.meaning == "wait_status" then tell = behind_pointer(tell) end
  local passed = PASSED_TYPE[field.type] or PASSED_MEANING[field.meaning]
  local is_environment = field.type == "list" and name == "envp"
  return function(event)
    if event[name] == nil then return absent(event, field, passed) end
    return is_environment and variables(event, field) or tell(event)
  end
end

-- "</etc/passwd>", or "" when nothing is known.
local function brackets(event, name)
  local file = event[name]
  if file then return "<" .. escape.angle(file) .. (value.is_cut(event, name) and "…>" or ">") end
  return value.is_unread(event, name) and "<?>" or ""
end

--- A function that makes the text of a descriptor and, between brackets, what it is.
---@param field traceleft.field
---@param file traceleft.field what it is
---@param path? traceleft.field the path that starts there: the working directory means nothing to an absolute one
---@param shown? integer
---@return fun(event: traceleft.event): string
function M.descriptor(field, file, path, shown)
  local name, tell = field.name, M.single(field, shown)
  local file_name, path_name = file.name, path and path.name
  return function(event)
    if event[name] == AT_FDCWD and path_name and (event[path_name] or ""):byte() == SLASH then return tell(event) end
    return tell(event) .. brackets(event, file_name)
  end
end

return M
