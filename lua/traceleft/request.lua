-- SPDX-License-Identifier: MIT
--- request: what `on` was asked for, checked and put as the core wants it.
--
-- Every function here returns what is wrong as its last value instead of raising, so that `on` can raise it at the
-- line of its caller.

local limit   = require "traceleft.limit"
local nearest = require "traceleft.nearest"
local wanted  = require "traceleft.wanted"

local M = {}

local OPTIONS = { "pid", "follow", "fields", "args", "payload", "where", "vars", "limit" }
local OF_AGGREGATES = { "by", "value" }

local PAYLOAD_MAX <const> = 4096

local function is_payload(value)
  return math.type(value) == "integer" and value >= 0 and value <= PAYLOAD_MAX
end

local function wrong_options(opts)
  if type(opts) ~= "table" then return ("on: opts: table expected, got %s"):format(type(opts)) end
  for _, name in ipairs(OF_AGGREGATES) do
    if opts[name] ~= nil then return ("on: %s: is for aggregates, as tl.count { … }"):format(name) end
  end
  if opts.where ~= nil and type(opts.where) ~= "string" then
    return ("on: where: expression in a string expected, got %s"):format(type(opts.where))
  end
  if opts.vars ~= nil and type(opts.vars) ~= "table" then
    return ("on: vars: table expected, got %s"):format(type(opts.vars))
  end
  if opts.fields ~= nil and opts.args ~= nil then return "on: fields and args: give one of them" end
  if opts.payload ~= nil and not is_payload(opts.payload) then
    return ("on: payload: '%s' is no number of bytes from 0 to %d"):format(tostring(opts.payload), PAYLOAD_MAX)
  end
  return nearest.unknown_option("on", opts, OPTIONS)
end

local function wrong_values(session, spec, opts, events)
  local what = opts.fields and "fields" or opts.args and "args"
  if not what then return nil end
  local list, wrong = wanted.strings(what, opts[what])
  if not list then return wrong end
  spec[what] = list
  return wanted.wrong_fields(session, what, events, list)
end

--- What the core's `subscribe` takes, or what is wrong with the arguments.
---@param session traceleft.session
---@param words string|string[]|traceleft.span names, globs, system calls, classes
---@param opts table|function
---@param fn? function
---@return table? spec
---@return string? wrong
function M.make(session, words, opts, fn)
  if fn == nil and type(opts) ~= "table" then opts, fn = {}, opts end
  local list, wrong = words, nil
  if not wanted.is_span(words) then list, wrong = wanted.strings("names", words) end
  wrong = wrong and "on: " .. wrong or wrong_options(opts)
  if wrong then return nil, wrong end
  if type(fn) ~= "function" then return nil, ("on: fn: function expected, got %s"):format(type(fn)) end
  local spec, events = { fn = fn, payload = opts.payload, where = opts.where, vars = opts.vars }, nil
  events, wrong = wanted.subject(session, list, spec)
  if not events then return nil, "on: " .. wrong end
  wrong = limit.set(spec, opts.limit) or wanted.wrong_target(spec, opts, wanted.defaults(session, list))
    or wrong_values(session, spec, opts, events)
  if wrong then return nil, "on: " .. wrong end
  return spec
end

return M
