-- SPDX-License-Identifier: MIT
--- sink: where events go as lines. A sink is a function that takes an event, so it serves as a callback itself.
--
-- A write that fails ends the program in order: see traceleft.out.

local csv       = require "traceleft.csv"
local fieldtext = require "traceleft.fieldtext"
local json      = require "traceleft.json"
local out       = require "traceleft.out"
local render    = require "traceleft.render"
local times     = require "traceleft.times"
local field_value = require "traceleft.value"

local M = {}

---@class traceleft.sink_options
---@field describe fun(event: string): traceleft.description? of the session that the events come from
---@field name? string what messages call the file
---@field shown? integer for text: bytes of buffers and strings, elements of lists; 32 without it
---@field time? string for text, CSV and formats: "wall" (without it), "relative" or "delta"
---@field fields? string[] for CSV: its columns
---@field format? traceleft.format for formats

local function prepare(what, file, opts)
  if type(opts) ~= "table" or type(opts.describe) ~= "function" then
    error(what .. ": opts.describe: function expected", 3)
  end
  if opts.name then out.name(file, opts.name) end
  return opts.describe
end

--- Writes each event as a line for people.
---@param file file*
---@param opts traceleft.sink_options
---@return fun(event: traceleft.event)
function M.text(file, opts)
  local describe = prepare("text", file, opts)
  local line = render.lines(opts.shown, opts.time, file)
  return function(event)
    out.write(file, line(event, describe(event.event)) .. "\n")
  end
end

--- Writes each event as one JSON object on a line.
---@param file file*
---@param opts traceleft.sink_options
---@return fun(event: traceleft.event)
function M.json(file, opts)
  local describe = prepare("json", file, opts)
  return function(event)
    out.write(file, json.event(event, describe(event.event)) .. "\n")
  end
end

-- The values of an event for a row: the time as text, "?" where a field could not be read.
local function row_of(event, fields, clock)
  local values = {}
  for i, name in ipairs(fields) do
    local value = event[name]
    if name == "time" then value = value and clock(value) end
    if value == nil and field_value.is_unread(event, name) then value = "?" end
    values[i] = value
  end
  return values
end

--- Writes the names of the fields, and then a row of comma-separated values for each event; see traceleft.csv.
---@param file file*
---@param opts traceleft.sink_options
---@return fun(event: traceleft.event)
function M.csv(file, opts)
  prepare("csv", file, opts)
  local fields, clock, begun = opts.fields, times.teller(opts.time), false
  local function write(values) out.write(file, csv.row(values, #fields) .. "\n") end
  return function(event)
    if not begun then write(fields) end
    begun = true
    write(row_of(event, fields, clock))
  end
end

--- Writes each event as a template says; see traceleft.format.
---@param file file*
---@param opts traceleft.sink_options
---@return fun(event: traceleft.event)
function M.format(file, opts)
  local tell = fieldtext.teller(prepare("format", file, opts), opts.time)
  local event
  local function text(name) return tell(event, name) end
  local function raw(name) return event[name] end
  return function(given)
    event = given
    out.write(file, opts.format:line(text, raw) .. "\n")
  end
end

return M
