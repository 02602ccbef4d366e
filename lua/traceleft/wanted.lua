-- SPDX-License-Identifier: MIT
--- wanted: what an `on` or an aggregate names: its events, their fields, its processes.
--
-- What is wrong is returned; whoever asked puts its own name before it.

local glob    = require "traceleft.glob"
local names   = require "traceleft.names"
local nearest = require "traceleft.nearest"

local M = {}

--- A list of strings of a string or such a list.
---@param what string what it is called
---@param value any
---@return string[]? list
---@return string? wrong
function M.strings(what, value)
  if type(value) == "string" then value = { value } end
  if type(value) ~= "table" then return nil, ("%s: list of names expected, got %s"):format(what, type(value)) end
  if #value == 0 then return nil, ("%s: the list is empty"):format(what) end
  local list = {}
  for i, name in ipairs(value) do
    if type(name) ~= "string" then return nil, ("%s[%d]: name expected, got %s"):format(what, i, type(name)) end
    list[i] = name
  end
  return list
end

--- Whether that is a span, as `span` returns it.
---@param value any
---@return boolean
function M.is_span(value)
  local meta = type(value) == "table" and getmetatable(value)
  return type(meta) == "table" and meta.__name == "traceleft.span"
end

--- What the words or a span stand for: their events, and in the spec what the core takes.
---@param session traceleft.session
---@param words string[]|traceleft.span
---@param spec table
---@return string[]? events
---@return string? wrong
function M.subject(session, words, spec)
  if not M.is_span(words) then
    local events, taken = M.events(session, words)
    if not events then return nil, taken end
    spec.events = taken
    return events
  end
  if words.session ~= session then return nil, "span: it is another session's" end
  if words.stopped then return nil, "span: it has been stopped" end
  spec.span = words.core
  return { words.name }
end

--- The events that the words mean, and the words as the core takes them: it knows names and globs.
---@param session traceleft.session
---@param words string[]
---@return string[]? events
---@return string[]|string names or what is wrong
function M.events(session, words)
  local all, taken = {}, {}
  for _, word in ipairs(words) do
    local events, wrong = names.find(session, word)
    if not events then return nil, "names: " .. wrong end
    table.move(events, 1, #events, #all + 1, all)
    local own = glob.is_glob(word) and { word } or events
    table.move(own, 1, #own, #taken + 1, taken)
  end
  return all, taken
end

local function fields_of(session, events)
  local fields = {}
  for _, event in ipairs(events) do
    for _, field in ipairs(session:describe(event).fields) do fields[field.name] = true end
  end
  return fields
end

--- What is wrong with a list of fields: each must be one of at least one of the events.
---@param session traceleft.session
---@param what string what the list is called
---@param events string[]
---@param fields string[]
---@return string? wrong
function M.wrong_fields(session, what, events, fields)
  local known = fields_of(session, events)
  for _, name in ipairs(fields) do
    if not known[name] then
      local hint = nearest.hint(session.core:nearest(name, events[1]))
      return ("%s: no field '%s' in %s%s"):format(what, name, events[1], hint)
    end
  end
end

local function pids_of(value)
  if value == nil then return nil end
  local pids = type(value) == "table" and value or { value }
  if #pids == 0 then return nil, "pid: the list is empty" end
  for _, pid in ipairs(pids) do
    if math.type(pid) ~= "integer" or pid < 1 then
      return nil, ("pid: '%s' is no process id"):format(tostring(pid))
    end
  end
  return pids
end

--- The target of those that name none: that of a span, or that of the session.
---@param session traceleft.session
---@param words string[]|traceleft.span
---@return traceleft.defaults
function M.defaults(session, words)
  return M.is_span(words) and words.target or session.defaults
end

--- Sets the target: that of the options, or that which the program was given.
---@param spec table
---@param opts { pid?: integer|integer[], follow?: boolean }
---@param defaults traceleft.defaults
---@return string? wrong
function M.wrong_target(spec, opts, defaults)
  if opts.follow ~= nil and type(opts.follow) ~= "boolean" then
    return ("follow: boolean expected, got %s"):format(type(opts.follow))
  end
  local pids, wrong = pids_of(opts.pid)
  if wrong then return wrong end
  spec.pids, spec.follow = pids, opts.follow
  if not pids and defaults.pids then
    spec.pids, spec.at_exec = defaults.pids, defaults.at_exec
    if spec.follow == nil then spec.follow = defaults.follow end
  end
  if spec.follow and not spec.pids then return "follow: of no process; give pid too" end
end

return M
