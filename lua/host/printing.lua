-- SPDX-License-Identifier: MIT
--- printing: the events of -t as lines, JSON, CSV or by a format, and the fields that this needs.

local tl        = require "traceleft"
local columns   = require "traceleft.columns"
local exit      = require "traceleft.exit"
local fieldtext = require "traceleft.fieldtext"
local render    = require "traceleft.render"
local sink      = require "traceleft.sink"

local M = {}

local USAGE <const> = 2

-- The descriptions of what the words mean. Words that mean nothing are left to `on`, which says so.
local function descriptions(words)
  local list = {}
  for _, word in ipairs(words) do
    local ok, events = pcall(tl.events, word)
    for _, event in ipairs(ok and events or {}) do list[#list + 1] = tl.describe(event) end
  end
  return list
end

local function names_of(list)
  local names = {}
  for i, description in ipairs(list) do names[i] = description.name end
  return names
end

-- Each name that `fields` gives of these events, once; nil if there is none.
local function union(list, fields)
  local all, known = {}, {}
  for _, description in ipairs(list) do
    for _, name in ipairs(fields(description)) do
      if not known[name] then all[#all + 1], known[name] = name, true end
    end
  end
  return #all > 0 and all or nil
end

local function all_fields(description)
  return fieldtext.names(tl.describe, { description.name })
end

-- The wanted fields, and what the sinks cannot do without.
local function with_event(fields)
  for _, name in ipairs(fields) do
    if name == "event" then return fields end
  end
  return { "event", table.unpack(fields) }
end

-- ---- the forms: which fields they need, and what writes them ----------------------------------

local function as_lines(opts, list, sink_opts)
  sink_opts.shown = opts.size or render.SHOWN
  return union(list, render.fields), sink.text(io.stdout, sink_opts), sink_opts.shown
end

local function as_json(opts, _, sink_opts)
  return opts.fields and with_event(opts.fields), sink.json(io.stdout, sink_opts), opts.size
end

local function as_csv(opts, list, sink_opts)
  sink_opts.fields = opts.fields or union(list, all_fields) or {}
  return opts.fields and with_event(opts.fields), sink.csv(io.stdout, sink_opts), opts.size
end

local function as_format(opts, list, sink_opts)
  local wrong = opts.format:wrong(fieldtext.names(tl.describe, names_of(list), true))
  if wrong and #list > 0 then exit.raise(USAGE, "--format: " .. wrong) end
  sink_opts.format = opts.format
  return with_event(opts.format.fields), sink.format(io.stdout, sink_opts), opts.size
end

-- How wide the column of a field is.
local WIDTHS = { time = 15, comm = 15, pid = 7, tid = 7, ppid = 7, event = 16, path = 40, str = 24, file = 32, ip = 15,
                 error = 10 }
local WIDTH <const> = 12

local function fields_by_name(list)
  local by_name = {}
  for _, description in ipairs(list) do
    for _, field in ipairs(description.fields) do by_name[field.name] = by_name[field.name] or field end
  end
  return by_name
end

-- Numbers stand on the right; names of numbers do not.
local function is_number(field)
  return (field.type or ""):find "^[us]%d+$" ~= nil and not (field.meaning or ""):find "^%l+:" and field.name ~= "time"
end

local function as_columns(opts, list, sink_opts)
  local by_name, specs = fields_by_name(list), {}
  for i, name in ipairs(opts.fields) do
    local field = by_name[name] or {}
    specs[i] = { name:upper(), math.max(#name, WIDTHS[name] or WIDTHS[field.type] or WIDTH), right = is_number(field) }
  end
  local out, tell = columns.new(specs, io.stdout), fieldtext.teller(tl.describe, sink_opts.time)
  tl.after(0, function() out:header() end)
  return with_event(opts.fields), function(event)
    local cells = {}
    for i, name in ipairs(opts.fields) do cells[i] = tell(event, name) end
    out:row(table.unpack(cells))
  end, opts.size
end

local function form_of(opts)
  if opts.json then return as_json end
  if opts.csv then return as_csv end
  if opts.format then return as_format end
  return opts.fields and as_columns or as_lines
end

--- Subscribes what -t names, to be printed as the options say.
---@param opts table
---@return traceleft.subscription? sub
---@return string? message
---@return string? name
function M.start(opts)
  local sink_opts = { describe = tl.describe, name = opts.output, time = opts.time }
  local fields, write, payload = form_of(opts)(opts, descriptions(opts.events), sink_opts)
  return tl.on(opts.events, { fields = fields, payload = payload, where = opts.where }, write)
end

--- Subscribes so that each event is printed as a line.
---@param words string|string[]|traceleft.span
---@param opts table those of `on`
---@return traceleft.subscription? sub
---@return string? message
---@return string? name
function M.lines(words, opts)
  local all = { payload = render.SHOWN }
  for name, value in pairs(opts) do all[name] = value end
  if all.args then return tl.on(words, all) end -- which says that a function is missing
  local list = type(words) == "string" and { words } or words
  if all.fields == nil and type(list) == "table" and list[1] then
    all.fields = union(descriptions(list), render.fields)
  elseif type(all.fields) == "table" then
    all.fields = with_event(all.fields)
  end
  return tl.on(words, all, sink.text(io.stdout, { describe = tl.describe, shown = all.payload }))
end

--- The line of an event; nil of anything else.
---@param event any
---@return string?
function M.line(event)
  local is_event = type(event) == "table" and getmetatable(event) == nil and type(event.event) == "string"
  local description = is_event and event.time and tl.describe(event.event)
  return description and render.line(event, description) or nil
end

return M
