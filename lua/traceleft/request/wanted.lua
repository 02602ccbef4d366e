-- SPDX-License-Identifier: MIT
--- wanted: what an `on` or an aggregate names: its events, their fields, its processes.
--
-- What is wrong is returned; whoever asked puts its own name before it.

local derived = require "traceleft.request.derived"
local glob    = require "traceleft.glob"
local names   = require "traceleft.request.names"
local nearest = require "traceleft.nearest"
local target  = require "traceleft.request.target"

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

--- The span that the words are; nil if they are words.
---@param words any
---@return traceleft.span?
function M.span(words)
  return M.is_span(words) and words or nil
end

--- The list of names that is meant, or the span, which may be in a list of its own.
---@param value any
---@return string[]|traceleft.span|nil
---@return string? wrong
function M.words(value)
  if M.is_span(value) then return value end
  if type(value) ~= "table" or not M.is_span(value[1]) then return M.strings("names", value) end
  if #value > 1 then return nil, "names: a span goes alone" end
  return value[1]
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
    if not known[name] and not derived.fields[name] then
      local hint = nearest.hint(session.core:nearest(name, events[1]))
      return ("%s: no field '%s' in %s%s"):format(what, name, events[1], hint)
    end
  end
end

-- The target that the options say: `target`, or the words of one among the others; nil if they say none.
local function target_of(opts)
  local spec = {}
  for _, word in ipairs(target.words) do spec[word] = opts[word] end
  if opts.target == nil then return target.is_named(spec) and spec or nil end
  if next(spec) ~= nil then return nil, ("target: say '%s' in it too, not beside it"):format(next(spec)) end
  return opts.target
end

-- Whether the target is no more than a list of pids.
local function pids_alone(wanted)
  for word in pairs(wanted) do
    if word ~= "pid" and word ~= "follow" then return false end
  end
  return wanted.pid ~= nil
end

-- The target that the session has, followed as the options say.
local function default_target(opts, defaults)
  local wanted = defaults.target
  if wanted and opts.follow ~= nil then return { all = { wanted }, follow = opts.follow, self = wanted.self } end
  return wanted
end

local function wrong_follow(opts)
  if opts.follow ~= nil and type(opts.follow) ~= "boolean" then
    return ("follow: boolean expected, got %s"):format(type(opts.follow))
  end
end

local function set_pids(spec, opts, defaults)
  spec.pids, spec.at_exec, spec.follow = defaults.pids, defaults.at_exec, opts.follow
  if spec.follow == nil then spec.follow = defaults.follow end
end

local function wrong_pids(spec, opts, defaults)
  if opts.follow and not defaults.pids then return "follow: of no process; give pid too" end
  if defaults.pids then set_pids(spec, opts, defaults) else spec.follow = opts.follow end
end

local function put_target(spec, meant, selector)
  if pids_alone(meant) then
    spec.pids, spec.follow = type(meant.pid) == "table" and meant.pid or { meant.pid }, meant.follow
  else
    spec.target, spec.self = selector, meant.self
  end
end

--- Sets the target: that of the options, or that which the session has; `default` says that it is the latter.
---@param spec table
---@param opts table
---@param defaults traceleft.defaults
---@return string? wrong
---@return { message: string, name: string }? refused what is not there on this machine
function M.wrong_target(spec, opts, defaults)
  local own, wrong = target_of(opts)
  wrong = wrong_follow(opts) or wrong
  if wrong then return wrong end
  local meant = own or default_target(opts, defaults)
  spec.default = not own or nil
  if not meant then return wrong_pids(spec, opts, defaults) end
  local selector, bad, refused = target.make(meant)
  if not selector then return bad and bad:gsub("^target: ", ""), refused end
  put_target(spec, meant, selector)
end

-- What a target comes to in a spec.
local TARGET = { "pids", "follow", "at_exec", "target", "self", "default" }

--- The part of a spec that is its target.
---@param spec table
---@return table
function M.target_part(spec)
  local part = {}
  for _, name in ipairs(TARGET) do part[name] = spec[name] end
  return part
end

--- As `wrong_target`; what is made on a span and names no target has the span's.
---@param session traceleft.session
---@param words string[]|traceleft.span
---@param spec table
---@param opts table
---@return string? wrong
---@return { message: string, name: string }? refused
function M.set_target(session, words, spec, opts)
  local own, wrong = target_of(opts)
  if wrong or own or opts.follow ~= nil or not M.is_span(words) then
    return M.wrong_target(spec, opts, session.defaults)
  end
  for name, value in pairs(words.target) do spec[name] = value end
end
return M
