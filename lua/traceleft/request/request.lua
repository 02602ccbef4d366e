-- SPDX-License-Identifier: MIT
--- request: what `on` was asked for, checked and put as the core wants it.
--
-- Every function here returns what is wrong as its last value instead of raising, so that `on` can raise it at the
-- line of its caller.

local limit   = require "traceleft.request.limit"
local nearest = require "traceleft.nearest"
local target  = require "traceleft.request.target"
local wanted  = require "traceleft.request.wanted"
local joining = require "traceleft.request.joining"

local M = {}

local OPTIONS = { "fields", "args", "payload", "where", "vars", "limit", "target", "on_enter",
                  "on_leave" }
table.move(target.words, 1, #target.words, #OPTIONS + 1, OPTIONS)

--- The options of `on`.
M.options = OPTIONS
local OF_AGGREGATES = { "by", "value" }

-- What options must be, and what is said otherwise.
local TYPES = { { "where", "string", "expression in a string" }, { "vars", "table", "table" } }

local PAYLOAD_MAX <const> = 4096

local function is_payload(value)
  return math.type(value) == "integer" and value >= 0 and value <= PAYLOAD_MAX
end

local function wrong_types(opts)
  for _, name in ipairs(OF_AGGREGATES) do
    if opts[name] ~= nil then return ("on: %s: is for aggregates, as tl.count { … }"):format(name) end
  end
  for _, check in ipairs(TYPES) do
    local name, kind, what = table.unpack(check)
    if opts[name] ~= nil and type(opts[name]) ~= kind then
      return ("on: %s: %s expected, got %s"):format(name, what, type(opts[name]))
    end
  end
end

local function wrong_options(opts)
  if type(opts) ~= "table" then return ("on: opts: table expected, got %s"):format(type(opts)) end
  local wrong = wrong_types(opts)
  if wrong then return wrong end
  if opts.fields ~= nil and opts.args ~= nil then return "on: fields and args: give one of them" end
  if opts.payload ~= nil and not is_payload(opts.payload) then
    return ("on: payload: '%s' is no number of bytes from 0 to %d"):format(tostring(opts.payload), PAYLOAD_MAX)
  end
  local unknown = nearest.unknown_option("on", opts, OPTIONS)
  if unknown then return unknown end
  wrong = joining.wrong(opts)
  return wrong and "on: " .. wrong
end

local function wrong_values(session, spec, opts, events)
  local what = opts.fields and "fields" or opts.args and "args"
  if not what then return nil end
  local list, wrong = wanted.strings(what, opts[what])
  if not list then return wrong end
  spec[what] = list
  return wanted.wrong_fields(session, what, events, list)
end

local function wrong_callback(fn)
  if type(fn) ~= "function" then return ("on: fn: function expected, got %s"):format(type(fn)) end
end

local function wrong_rest(session, spec, words, opts, events)
  local wrong, refused = wanted.set_target(session, words, spec, opts)
  spec.joining = joining.split(opts)
  wrong = wrong or not refused and joining.wrong_target(spec.joining, spec) or nil
  return wrong or limit.set(spec, opts.limit) or wrong_values(session, spec, opts, events), refused
end

local function checked(spec, wrong, refused)
  if not wrong and not refused then return spec end
  return nil, wrong and "on: " .. wrong, refused
end

--- What the core's `subscribe` takes, and beside it `default` and `joining`; or what is wrong with the arguments.
---@param session traceleft.session
---@param words string|string[]|traceleft.span names, globs, system calls, classes
---@param opts table|function
---@param fn? function
---@return table? spec
---@return string? wrong
---@return { message: string, name: string }? refused what is not there of the target
function M.make(session, words, opts, fn)
  if fn == nil and type(opts) ~= "table" then opts, fn = {}, opts end
  local list, wrong = wanted.words(words)
  wrong = wrong and "on: " .. wrong or wrong_options(opts) or wrong_callback(fn)
  if wrong then return nil, wrong end
  local spec = { fn = fn, payload = opts.payload, where = opts.where, vars = opts.vars }
  local events
  events, wrong = wanted.subject(session, list, spec)
  if not events then return nil, "on: " .. wrong end
  return checked(spec, wrong_rest(session, spec, list, opts, events))
end

return M
