-- SPDX-License-Identifier: MIT
--- report: what a tool shows, in the form that its user asked for with the options of args.OUTPUT.
--
--   local show, fields = report.lines(opts, OPENS, {
--     { "TIME", 8, report.time }, { "PID", 7, "pid", right = true }, { "COMM", 15, "comm" },
--     { "PATH", nil, "pathname" },
--   })
--   assert(tl.on(OPENS, { target = opts.target, fields = fields }, show))
--
-- A column is that of traceleft.columns with what it shows in third place: the name of a field, or a function of the
-- event, with `needs`, the fields that it looks at. As rows the events have the columns that the terminal has room for,
-- as CSV all columns, as JSON all fields.

local tl        = require "traceleft"
local columns   = require "traceleft.columns"
local csv       = require "traceleft.csv"
local exit      = require "traceleft.exit"
local fieldtext = require "traceleft.fieldtext"
local out       = require "traceleft.out"
local sink      = require "traceleft.sink"
local times     = require "traceleft.times"
local units     = require "traceleft.units"

local M = {}

local WALL <const> = 8          -- of "14:03:59.123456" rows have the seconds
local SINCE <const> = 11        -- "1234.567890"

---@class traceleft.report.column: traceleft.column
---@field [3] string|fun(event: traceleft.event): any
---@field needs? string[]

--- As what a column shows: when it happened, as --time says.
function M.time(event)
  return event.time
end

--- A column of bytes in units, five cells wide: for the place of one that shows the number.
---@param title string
---@param field string
---@return traceleft.report.column
function M.short_bytes(title, field)
  local function text(event)
    return event[field] and units.short_bytes(event[field]) or tl.text(event, field)
  end
  return { title, 5, text, needs = { field }, right = true }
end

-- ---- what columns show -----------------------------------------------------------------------

local function add(list, known, name)
  if not known[name] then list[#list + 1], known[name] = name, true end
end

-- The fields that the columns look at.
local function fields_of(specs)
  local list, known = {}, {}
  add(list, known, "event")
  for _, spec in ipairs(specs) do
    local shown = spec[3]
    if shown == M.time then add(list, known, "time") end
    if type(shown) == "string" then add(list, known, shown) end
    for _, name in ipairs(spec.needs or {}) do add(list, known, name) end
  end
  return list
end

local function text_of(shown, tell)
  if type(shown) == "function" then return shown end
  return function(event) return tell(event, shown) end
end

local function raw_of(shown)
  if type(shown) == "function" then return shown end
  return function(event) return event[shown] end
end

local function each(fns, event)
  local values = {}
  for i, fn in ipairs(fns) do values[i] = fn(event) end
  return values
end

-- ---- rows ------------------------------------------------------------------------------------

local function row_time(kind)
  local clock = times.teller(kind)
  if kind ~= nil and kind ~= "wall" then return function(event) return clock(event.time) end end
  return function(event) return clock(event.time):sub(1, WALL) end
end

-- The columns that there is room for. A time that was asked for is among them.
local function shown(opts, specs)
  local list = {}
  for i, spec in ipairs(specs) do
    local asked = spec[3] == M.time and opts.time
    list[i] = asked and { spec[1], asked == "wall" and spec[2] or SINCE, M.time, right = asked ~= "wall" } or spec
  end
  return columns.fitting(list, columns.room(io.stdout))
end

-- Rows under a header that is there before the first event comes.
local function rows(opts, specs)
  local tell, fns = fieldtext.teller(tl.describe, opts.time), {}
  for i, spec in ipairs(specs) do
    fns[i] = spec[3] == M.time and row_time(opts.time) or text_of(spec[3], tell)
  end
  local table_, n, begun = columns.new(specs, io.stdout), #specs, false
  local function header()
    if not begun then table_:header() end
    begun = true
  end
  tl.after(0, header)
  return function(event)
    header()
    table_:row(table.unpack(each(fns, event), 1, n))
  end
end

local function csv_lines(opts, specs)
  local clock, fns, titles = times.teller(opts.time), {}, {}
  for i, spec in ipairs(specs) do
    titles[i] = spec[1]:lower()
    fns[i] = spec[3] == M.time and function(event) return clock(event.time) end or raw_of(spec[3])
  end
  local function write(values) out.write(io.stdout, csv.row(values, #specs) .. "\n") end
  local begun = false
  local function header()
    if not begun then write(titles) end
    begun = true
  end
  tl.after(0, header)
  return function(event)
    header()
    write(each(fns, event))
  end
end

-- What --format writes, and the fields that it names; a wrong name ends the program.
local function format_lines(opts, events, sink_opts)
  local names = {}
  for _, word in ipairs(type(events) == "table" and events or { events }) do
    for _, name in ipairs(tl.events(word) or {}) do names[#names + 1] = name end
  end
  local wrong = opts.format:wrong(fieldtext.names(tl.describe, names, true))
  if wrong then exit.raise(2, "--format: " .. wrong) end
  local fields, known = { "event" }, { event = true }
  for _, name in ipairs(opts.format.fields) do add(fields, known, name) end
  return sink.format(io.stdout, sink_opts), fields
end

--- A callback that writes events as the options say, and the fields that it needs of them.
---@param opts table of traceleft.args with args.OUTPUT
---@param events string|string[] names or globs of the events that it gets
---@param specs traceleft.report.column[]
---@return fun(event: traceleft.event) show
---@return string[]? fields nil: all of them
function M.lines(opts, events, specs)
  local sink_opts = { describe = tl.describe, time = opts.time, format = opts.format }
  if opts.json then return sink.json(io.stdout, sink_opts), nil end
  if opts.format then return format_lines(opts, events, sink_opts) end
  if opts.csv then return csv_lines(opts, specs), fields_of(specs) end
  local fitting = shown(opts, specs)
  return rows(opts, fitting), fields_of(fitting)
end

--- Prints an aggregate as the options say; print_opts are those of its method `print`.
---@param opts table of traceleft.args with args.OUTPUT
---@param aggregate traceleft.aggregate
---@param print_opts? traceleft.print_options
function M.print(opts, aggregate, print_opts)
  local all = { json = opts.json, csv = opts.csv }
  for name, value in pairs(print_opts or {}) do all[name] = value end
  aggregate:print(all)
end

--- Whether a tool may write what is for people alone, such as titles and summaries.
---@param opts table of traceleft.args with args.OUTPUT
---@return boolean
function M.is_text(opts)
  return not (opts.json or opts.csv or opts.format)
end

return M
