-- SPDX-License-Identifier: MIT
--- measure: what an aggregate was asked for, checked and put as the core wants it.
--
-- As in traceleft.request what is wrong is returned, to be raised at the line of the caller.

local definition   = require "traceleft.request.definition"
local limit        = require "traceleft.request.limit"
local nearest      = require "traceleft.nearest"
local subscription = require "traceleft.request.subscription"
local target       = require "traceleft.request.target"
local wanted       = require "traceleft.request.wanted"

local M = {}

---@class traceleft.measure
---@field kind string as the core knows it
---@field spec table what the core's `aggregate` takes; with functions among the clauses, what traceleft.scripted takes
---@field scripted boolean whether a clause is a function
---@field events string[] all events that are meant
---@field by any[] expressions or functions
---@field title string
---@field top? integer
---@field span? traceleft.span whose ends are the events
---@field default? boolean its target is the session's
---@field where? string|function
---@field whose? string which processes, as text
---@field definition string

--- The kinds of aggregates.
M.KINDS = { "count", "sum", "avg", "min", "max", "hist", "lhist", "quantile", "top", "distinct" }

local OPTIONS = { "by", "where", "vars", "limit", "size", "name", "top", "target" }
table.move(target.words, 1, #target.words, #OPTIONS + 1, OPTIONS)
local LINEAR = { "low", "high", "step" }

local TOP <const> = 10         -- rows of `top` when nobody says how many

local function is_positive(value)
  return math.type(value) == "integer" and value > 0
end

local function is_clause(value)
  return type(value) == "string" or type(value) == "function"
end

local function is_string(value)
  return type(value) == "string"
end

-- What options must be, in their order, and what is said otherwise.
local CHECKS = {
  { "where", is_clause, "expression or function expected" },
  { "value", is_clause, "expression or function expected" },
  { "vars", function(value) return type(value) == "table" end, "table expected" },
  { "limit", is_string, "text such as '10000/s' expected" },
  { "size", is_positive, "number of keys expected" },
  { "name", is_string, "text expected" },
  { "top", is_positive, "number of rows expected" },
}

local function wrong_types(opts)
  for _, check in ipairs(CHECKS) do
    local value = opts[check[1]]
    if value ~= nil and not check[2](value) then
      return ("%s: %s, got %s"):format(check[1], check[3], type(value))
    end
  end
end

-- The words of a list with options, and its options without them.
local function split(opts)
  local words, named = {}, {}
  for key, value in pairs(opts) do
    if math.type(key) ~= "integer" then named[key] = value end
  end
  table.move(opts, 1, #opts, 1, words)
  return words, named
end

--- The options of such an aggregate.
---@param kind string
---@return string[]
function M.options(kind)
  local known = { table.unpack(OPTIONS) }
  if kind ~= "count" then known[#known + 1] = "value" end
  if kind == "lhist" then table.move(LINEAR, 1, #LINEAR, #known + 1, known) end
  return known
end

-- The clauses of `by` as a list.
local function clauses(by)
  if by == nil then return {} end
  if is_clause(by) then return { by } end
  if type(by) ~= "table" then return nil, ("by: fields or functions expected, got %s"):format(type(by)) end
  if #by == 0 then return nil, "by: the list is empty" end
  local list = {}
  for i, clause in ipairs(by) do
    if not is_clause(clause) then return nil, ("by[%d]: field or function expected, got %s"):format(i, type(clause)) end
    list[i] = clause
  end
  return list
end

-- Puts the buckets of lhist into the spec, or returns what is wrong with them.
local function wrong_buckets(spec, opts)
  for _, name in ipairs(LINEAR) do
    spec[name] = math.tointeger(opts[name])
    if not spec[name] then return ("%s: whole number expected, got %s"):format(name, tostring(opts[name])) end
  end
  if spec.step < 1 then return "step: must be more than 0" end
  if spec.high <= spec.low or spec.high - spec.low < 0 then return "high: must be more than low" end
end

local function is_function(clause)
  return type(clause) == "function"
end

local function is_name(clause)
  return type(clause) == "string" and clause:find "^[%a_][%w_]*$" ~= nil
end

--- Whether the script itself could take the values of all clauses from an event: each is just a field.
---@param measure traceleft.measure
---@return boolean
function M.is_plain(measure)
  for _, clause in ipairs(measure.by) do
    if not is_name(clause) then return false end
  end
  return measure.spec.value == nil or is_name(measure.spec.value)
end

local function any_function(spec, by)
  for _, clause in ipairs(by) do
    if is_function(clause) then return true end
  end
  return is_function(spec.where) or is_function(spec.value)
end

-- Beside a function the script itself takes the values from the event, and knows no expressions.
local function wrong_names(session, events, what, list)
  local names = {}
  for _, clause in ipairs(list) do
    if type(clause) == "string" then
      if not is_name(clause) then
        return ("%s: '%s' must be a field or a function, as another clause is a function"):format(what, clause)
      end
      names[#names + 1] = clause
    end
  end
  return wanted.wrong_fields(session, what, events, names)
end

local function text_of(clause)
  return is_function(clause) and "a function" or clause
end

-- "hist(duration) of syscall.read by comm where ret > 0"
local function title_of(kind, measure, words, by)
  local spec, names = measure.spec, {}
  if measure.span then words = measure.events end
  for i, clause in ipairs(by) do names[i] = text_of(clause) end
  return kind .. (spec.value and ("(%s)"):format(text_of(spec.value)) or "") .. " of " .. table.concat(words, ", ")
    .. (#by > 0 and " by " .. table.concat(names, ", ") or "")
    .. (spec.where and " where " .. text_of(spec.where) or "")
end

local function wrong_measure(measure, opts)
  if measure.kind ~= "count" and measure.spec.value == nil then
    return "value: which field? an expression or a function"
  end
  local wrong = limit.set(measure.spec, opts.limit)
  if wrong or measure.kind ~= "lhist" then return wrong end
  return wrong_buckets(measure.spec, opts)
end

local function wrong_clauses(session, measure, words, opts)
  local spec = measure.spec
  local wrong, refused = wanted.set_target(session, words, spec, opts)
  measure.default, spec.default = spec.default, nil
  wrong = wrong or wrong_measure(measure, opts)
  if wrong or refused or not measure.scripted then return wrong, refused end
  return wrong_names(session, measure.events, "by", measure.by)
    or wrong_names(session, measure.events, "value", { spec.value })
end

-- The kind that the core counts for `top`.
local function core_kind(kind, opts)
  if kind ~= "top" then return kind end
  return opts.value ~= nil and "sum" or "count"
end

local function spec_of(kind, opts)
  return { kind = core_kind(kind, opts), where = opts.where, value = opts.value, vars = opts.vars, size = opts.size }
end

local function rows_of(kind, opts)
  return opts.top or kind == "top" and TOP or nil
end

local function build(session, kind, words, opts)
  local spec = spec_of(kind, opts)
  local events, wrong = wanted.subject(session, words, spec)
  if not events then return nil, wrong end
  local by
  by, wrong = clauses(opts.by)
  if not by then return nil, wrong end
  spec.by = #by > 0 and by or nil
  local measure = { kind = spec.kind, spec = spec, events = events, by = by, scripted = any_function(spec, by),
                    top = rows_of(kind, opts), span = wanted.span(words) }
  local refused
  wrong, refused = wrong_clauses(session, measure, words, opts)
  if wrong or refused then return nil, wrong, refused end
  measure.title = opts.name or title_of(kind, measure, words, by)
  measure.where, measure.whose = opts.where, subscription.whose(opts)
  measure.definition = definition.exact { kind, measure.events, opts }
  return measure
end

--- What to measure, or what is wrong with the arguments of that kind.
---@param session traceleft.session
---@param kind string
---@param opts table
---@return traceleft.measure? measure
---@return string? wrong
---@return { message: string, name: string }? refused what is not there of the target
function M.make(session, kind, opts)
  if type(opts) ~= "table" then return nil, ("%s: table expected, got %s"):format(kind, type(opts)) end
  local words, named = split(opts)
  local unknown = nearest.unknown_option(kind, named, M.options(kind))
  if unknown then return nil, unknown end
  local list, wrong = wanted.words(words)
  wrong = wrong or wrong_types(named)
  if wrong then return nil, kind .. ": " .. wrong end
  local measure, bad, refused = build(session, kind, list, named)
  if not measure then return nil, bad and kind .. ": " .. bad, refused end
  return measure
end

return M
