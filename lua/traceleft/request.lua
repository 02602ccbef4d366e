-- SPDX-License-Identifier: MIT
--- request: what `on` was asked for, checked and put as the core wants it.
--
-- Every function here returns what is wrong as its last value instead of raising, so that `on` can raise it at the
-- line of its caller.

local glob    = require "traceleft.glob"
local names   = require "traceleft.names"
local nearest = require "traceleft.nearest"
local target  = require "traceleft.target"

local M = {}

local OPTIONS = { "fields", "args", "payload", "target" }
table.move(target.words, 1, #target.words, #OPTIONS + 1, OPTIONS)
local IN_KERNEL = { "where", "by", "value", "limit", "vars" }

local PAYLOAD_MAX <const> = 4096

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

-- The events that the words mean, and the words as the core takes them: it knows names and globs.
local function all_events(session, words)
  local all, wanted = {}, {}
  for _, word in ipairs(words) do
    local events, wrong = names.find(session, word)
    if not events then return nil, "on: names: " .. wrong end
    table.move(events, 1, #events, #all + 1, all)
    local taken = glob.is_glob(word) and { word } or events
    table.move(taken, 1, #taken, #wanted + 1, wanted)
  end
  return all, wanted
end

local function fields_of(session, events)
  local fields = {}
  for _, event in ipairs(events) do
    for _, field in ipairs(session:describe(event).fields) do fields[field.name] = true end
  end
  return fields
end

-- What is wrong with a list of fields: each must be one of at least one of the events.
local function wrong_fields(session, what, events, fields)
  local known = fields_of(session, events)
  for _, name in ipairs(fields) do
    if not known[name] then
      local hint = nearest.hint(session.core:nearest(name, events[1]))
      return ("on: %s: no field '%s' in %s%s"):format(what, name, events[1], hint)
    end
  end
end

local function is_payload(value)
  return math.type(value) == "integer" and value >= 0 and value <= PAYLOAD_MAX
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
  if opts.payload ~= nil and not is_payload(opts.payload) then
    return ("on: payload: '%s' is no number of bytes from 0 to %d"):format(tostring(opts.payload), PAYLOAD_MAX)
  end
  return nearest.unknown_option("on", opts, OPTIONS)
end

-- The target that the options say: `target`, or the words of one among the others; nil if they say none.
local function target_of(opts)
  local spec = {}
  for _, word in ipairs(target.words) do spec[word] = opts[word] end
  if opts.target == nil then return target.is_named(spec) and spec or nil end
  if next(spec) ~= nil then return nil, ("on: target: say '%s' in it too, not beside it"):format(next(spec)) end
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

local function set_pids(spec, opts, defaults)
  spec.pids, spec.at_exec, spec.follow = defaults.pids, defaults.at_exec, opts.follow
  if spec.follow == nil then spec.follow = defaults.follow end
end

local function wrong_pids(spec, opts, defaults)
  if opts.follow and not defaults.pids then return "on: follow: of no process; give pid too" end
  if defaults.pids then set_pids(spec, opts, defaults) else spec.follow = opts.follow end
end

-- Sets the target: that of the options, or that which the session has.
local function wrong_target(spec, opts, defaults)
  local own, wrong = target_of(opts)
  if wrong then return wrong end
  local wanted = own or default_target(opts, defaults)
  spec.default = not own or nil
  if not wanted then return wrong_pids(spec, opts, defaults) end
  local selector, bad, refused = target.make(wanted)
  if not selector then return bad and "on: " .. bad:gsub("^target: ", ""), refused end
  if pids_alone(wanted) then
    spec.pids, spec.follow = type(wanted.pid) == "table" and wanted.pid or { wanted.pid }, wanted.follow
  else
    spec.target, spec.self = selector, wanted.self
  end
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
---@param words string|string[] names, globs, system calls, classes
---@param opts table|function
---@param fn? function
---@return table? spec
---@return string? wrong
---@return { message: string, name: string }? refused what is not there of the target
function M.make(session, words, opts, fn)
  if fn == nil and type(opts) ~= "table" then opts, fn = {}, opts end
  local list, wrong = strings("names", words)
  wrong = wrong or wrong_options(opts)
  if wrong then return nil, wrong end
  if type(fn) ~= "function" then return nil, ("on: fn: function expected, got %s"):format(type(fn)) end
  local events, wanted = all_events(session, list)
  if not events then return nil, wanted end
  local spec = { events = wanted, fn = fn, payload = opts.payload }
  local refused
  wrong, refused = wrong_target(spec, opts, session.defaults)
  wrong = wrong or wrong_values(session, spec, opts, events)
  if wrong or refused then return nil, wrong, refused end
  return spec
end

return M
