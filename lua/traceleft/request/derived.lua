-- SPDX-License-Identifier: MIT
--- derived: fields that follow from the cgroup of an event's process: `cgroup_path`, `unit`, `container`,
--- `container_id`. An event has them if `fields` or `args` name them, and expressions may.

local cgroups = require "traceleft.cgroups"

local M = {}

local FIELDS = {
  { "cgroup_path", "The path of the process's cgroup." },
  { "unit", "The unit of systemd that the process belongs to." },
  { "container", "The container that it is in: its name, or its id if nobody tells the name." },
  { "container_id", "The id of that container." },
}

--- The fields, and what each is.
---@type table<string, string>
M.fields = {}
for _, field in ipairs(FIELDS) do M.fields[field[1]] = field[2] end

--- Adds them to what an event is, unless it has such fields of its own.
---@param description traceleft.description
function M.describe(description)
  local known, fields = {}, description.fields
  for _, field in ipairs(fields) do known[field.name] = true end
  for _, field in ipairs(FIELDS) do
    if not known[field[1]] then
      fields[#fields + 1] = { name = field[1], type = "str", meaning = "", doc = field[2], arg = "", named = true }
    end
  end
end

--- Whether one of the texts or lists of such may name a derived field: it has its name as a word.
---@param ... string|table|function|nil
---@return boolean
function M.is_named(...)
  for i = 1, select("#", ...) do
    local text = select(i, ...)
    if type(text) == "table" and M.is_named(table.unpack(text)) then return true end
    for word in (type(text) == "string" and text or ""):gmatch "[%a_][%w_]*" do
      if M.fields[word] then return true end
    end
  end
  return false
end

local NOT_THERE <const> = "unit, container, cgroup_path: no cgroups of version 2 are mounted here"

--- Lets the core know what cgroups are called, if one of the expressions may ask. A replay has those of its records.
---@param session traceleft.session
---@param ... string|table|function|nil
---@return boolean? ok
---@return string? message
---@return string? name
function M.prepare(session, ...)
  if not M.is_named(...) then return true end
  local known, message, name = cgroups.of(session)
  if not known then return nil, message, name end
  if not known.there and not session.replay then return nil, NOT_THERE, "ENOENT" end
  return true
end

--- The names in the list that are derived, by place; nil if none is.
---@param list string[]?
---@return table<integer, string>?
function M.of(list)
  local found
  for i, name in ipairs(list or {}) do
    if M.fields[name] then
      found = found or {}
      found[i] = name
    end
  end
  return found
end

local function with_fields(known, fn, derived, keep)
  return function(event)
    local facts = known:of(event.cgroup)
    for _, name in pairs(derived) do event[name] = facts[name] end
    if not keep then event.cgroup = nil end
    return fn(event)
  end
end

local function with_args(known, fn, derived, n)
  return function(...)
    local values = { ... }
    for i, name in pairs(derived) do values[i] = known:of(values[i])[name] end
    return fn(table.unpack(values, 1, n))
  end
end

-- The list as the core takes it: `cgroup` in the place of what follows from it.
local function core_list(list, derived)
  local given, keep = {}, false
  for i, name in ipairs(list) do
    given[i] = derived[i] and "cgroup" or name
    keep = keep or name == "cgroup"
  end
  return given, keep
end

--- Puts into a spec what the core takes instead of derived fields, and a function that adds them.
---@param known traceleft.cgroups
---@param spec table with fields or args, and fn
function M.wrap(known, spec)
  local what = spec.fields and "fields" or "args"
  local list = spec[what]
  local derived = M.of(list)
  local given, keep = core_list(list, derived)
  spec[what] = given
  spec.fn = spec.fields and with_fields(known, spec.fn, derived, keep) or with_args(known, spec.fn, derived, #list)
end

return M
