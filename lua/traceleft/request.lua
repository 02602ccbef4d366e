-- SPDX-License-Identifier: MIT
--- request: what `on` was asked for, checked and put as the core wants it.
--
-- Every function here returns what is wrong as its last value instead of raising, so that `on` can raise it at the
-- line of its caller.

local glob    = require "traceleft.glob"
local nearest = require "traceleft.nearest"

local M = {}

local OPTIONS = { "pid", "follow", "fields", "args" }
local IN_KERNEL = { "where", "by", "value", "limit", "vars" }

-- A list of strings of a string or such a list.
local function strings(what, value)
  if type(value) == "string" then value = { value } end
  if type(value) ~= "table" then return nil, ("on: %s: list of names expected, got %s"):format(what, type(value)) end
  if #value == 0 then return nil, ("on: %s: the list is empty"):format(what) end
  local list = {}
  for i, name in ipairs(value) do
    if type(name) ~= "string" then return nil, ("on: %s[%d]: name expected, got %s"):format(what, i, type(name)) end
    list[i] = name
  end
  return list
end

-- The events that one name or glob means.
local function events_of(session, name)
  local known = session.core:events()
  local matches, wrong = glob.filter(known, name)
  if not matches then return nil, "on: names: " .. wrong end
  if #matches > 0 then return matches end
  if glob.is_glob(name) then return nil, ("on: names: no event matches '%s'"):format(name) end
  return nil, ("on: names: no event '%s'%s"):format(name, nearest.hint(session.core:nearest(name)))
end

local function all_events(session, names)
  local all = {}
  for _, name in ipairs(names) do
    local matches, wrong = events_of(session, name)
    if not matches then return nil, wrong end
    table.move(matches, 1, #matches, #all + 1, all)
  end
  return all
end

local function has_field(description, name)
  for _, field in ipairs(description.fields) do
    if field.name == name then return true end
  end
  return false
end

-- What is wrong with a list of fields: each must be one of at least one of the events.
local function wrong_fields(session, what, events, fields)
  for _, name in ipairs(fields) do
    local found = false
    for _, event in ipairs(events) do
      found = found or has_field(session:describe(event), name)
    end
    if not found then
      local hint = nearest.hint(session.core:nearest(name, events[1]))
      return ("on: %s: no field '%s' in %s%s"):format(what, name, table.concat(events, ", ", 1, 1), hint)
    end
  end
end

local function pids_of(value)
  if value == nil then return nil end
  local pids = type(value) == "table" and value or { value }
  if #pids == 0 then return nil, "on: pid: the list is empty" end
  for _, pid in ipairs(pids) do
    if math.type(pid) ~= "integer" or pid < 1 then
      return nil, ("on: pid: '%s' is no process id"):format(tostring(pid))
    end
  end
  return pids
end

local function wrong_options(opts)
  if type(opts) ~= "table" then return ("on: opts: table expected, got %s"):format(type(opts)) end
  for _, name in ipairs(IN_KERNEL) do
    if opts[name] ~= nil then
      return name .. ": expressions in the kernel come with a later version; filter in the callback"
    end
  end
  if opts.fields ~= nil and opts.args ~= nil then return "on: fields and args: give one of them" end
  if opts.follow ~= nil and type(opts.follow) ~= "boolean" then
    return ("on: follow: boolean expected, got %s"):format(type(opts.follow))
  end
  return nearest.unknown_option("on", opts, OPTIONS)
end

-- Sets the target: that of the options, or that which the program was given.
local function wrong_target(spec, opts, defaults)
  local pids, wrong = pids_of(opts.pid)
  if wrong then return wrong end
  spec.pids, spec.follow = pids, opts.follow
  if not pids and defaults.pids then
    spec.pids, spec.at_exec = defaults.pids, defaults.at_exec
    if spec.follow == nil then spec.follow = defaults.follow end
  end
  if spec.follow and not spec.pids then return "on: follow: of no process; give pid too" end
end

local function wrong_values(session, spec, opts, events)
  local what = opts.fields and "fields" or opts.args and "args"
  if not what then return nil end
  local list, wrong = strings(what, opts[what])
  if not list then return wrong end
  spec[what] = list
  return wrong_fields(session, what, events, list)
end

--- What the core's `subscribe` takes, or what is wrong with the arguments.
---@param session traceleft.session
---@param names string|string[]
---@param opts table|function
---@param fn? function
---@return table? spec
---@return string? wrong
function M.make(session, names, opts, fn)
  if fn == nil and type(opts) ~= "table" then opts, fn = {}, opts end
  local list, wrong = strings("names", names)
  wrong = wrong or wrong_options(opts)
  if wrong then return nil, wrong end
  if type(fn) ~= "function" then return nil, ("on: fn: function expected, got %s"):format(type(fn)) end
  local events
  events, wrong = all_events(session, list)
  if not events then return nil, wrong end
  local spec = { events = list, fn = fn }
  wrong = wrong_target(spec, opts, session.defaults) or wrong_values(session, spec, opts, events)
  if wrong then return nil, wrong end
  return spec
end

return M
