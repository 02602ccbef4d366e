-- SPDX-License-Identifier: MIT
--- printout: what `print` of an aggregate writes, with its options.

local columns  = require "traceleft.columns"
local escape   = require "traceleft.escape"
local json     = require "traceleft.json"
local meanings = require "traceleft.aggregate.meanings"
local nearest  = require "traceleft.nearest"
local picture  = require "traceleft.aggregate.picture"
local present  = require "traceleft.aggregate.present"
local results  = require "traceleft.aggregate.results"
local sheet    = require "traceleft.aggregate.sheet"

local M = {}

local FULL = "full: %d events found no room for their key; count by less, or give a larger size\n"
local LOST = "lost: %d events were not counted\n"

--- A function that gives how much there was of a row per second: of what was summed, or how often it was counted.
---@param kind string
---@param ns integer
---@return fun(row: traceleft.result): number
function M.per_second(kind, ns)
  return function(row)
    return ns > 0 and (kind == "sum" and row.value or row.count) / (ns / 1e9) or 0.0
  end
end

local function is_of(list, value)
  for _, one in ipairs(list) do
    if one == value then return true end
  end
  return false
end

local function wrong_values(kind, opts)
  local top, sorts = opts.top, results.sorts(kind)
  if top ~= nil and (math.type(top) ~= "integer" or top < 1) then
    return ("top: '%s' is no number of rows"):format(tostring(top))
  end
  for _, name in ipairs { "unit", "title" } do
    local value = opts[name]
    if value and type(value) ~= "string" then return ("%s: text expected, got %s"):format(name, type(value)) end
  end
  if opts.sort and not is_of(sorts, opts.sort) then
    return ("sort: '%s' is none of %s"):format(tostring(opts.sort), table.concat(sorts, ", "))
  end
end

--- What is wrong with the options of `print` or another method.
---@param what string its name
---@param kind string
---@param opts traceleft.print_options
---@param known string[]
---@return string? wrong
function M.wrong(what, kind, opts, known)
  if type(opts) ~= "table" then return ("%s: table expected, got %s"):format(what, type(opts)) end
  local unknown = nearest.unknown_option(what, opts, known)
  local wrong = not unknown and wrong_values(kind, opts)
  return unknown or wrong and what .. ": " .. wrong or nil
end

--- Why the numbers are not complete, a line for each cause; "" if they are, or if that was said before.
---@param self traceleft.aggregate
---@return string
function M.complaints(self)
  local lines, said = {}, self.said
  local full, lost = self.full, self.lost
  if full > said.full then lines[1] = FULL:format(full) end
  if lost > said.lost then lines[#lines + 1] = LOST:format(lost) end
  said.full, said.lost = full, lost
  return table.concat(lines)
end

--- The unit of what is measured.
---@param self traceleft.aggregate
---@return string
function M.unit(self)
  local measure = self.measure
  return meanings.unit(self.session, measure.events, measure.spec.value)
end

local function shape_of(self, unit)
  local measure = self.measure
  return { kind = measure.kind, by = measure.by, step = measure.spec.step, unit = unit or M.unit(self),
           tellers = meanings.tellers(self.session, measure.events, measure.by) }
end

-- Of nothing there is one row where nothing is a number.
local function add_zero(measure, rows)
  local zero = results.zero(measure.kind)
  if #rows == 0 and #measure.by == 0 and zero then rows[1] = { key = { n = 0 }, count = 0, value = zero } end
end

local function title_of(self, title)
  if title == nil then title = self.title end
  return title and escape.text(title) or nil
end

-- The rows to be printed, in their order, and how many are left out.
local function chosen(self, rows, opts)
  add_zero(self.measure, rows)
  results.sort(rows, opts.sort)
  local n = math.min(opts.top or self.measure.top or #rows, #rows)
  return table.move(rows, 1, n, 1, {}), #rows - n
end

--- The text of what was counted in so many nanoseconds.
---@param self traceleft.aggregate
---@param all traceleft.result[]
---@param ns integer
---@param opts traceleft.print_options
---@return string
function M.text(self, all, ns, opts)
  local rows, more = chosen(self, all, opts)
  return present.text(shape_of(self, opts.unit), rows, {
    title = title_of(self, opts.title), width = columns.width(io.stdout), more = more,
    rate = opts.rate and M.per_second(self.measure.kind, ns) or nil,
  })
end

--- The picture of what was counted.
---@param self traceleft.aggregate
---@param all traceleft.result[]
---@param opts traceleft.print_options
---@return string svg
function M.svg(self, all, opts)
  local rows, more = chosen(self, all, opts)
  return picture.svg(shape_of(self, opts.unit), rows, { title = title_of(self, opts.title), more = more })
end

-- The key of a row by the names of its clauses; a function has none but "key", "key2", …
local function named_key(by, key)
  local named = {}
  for i = 1, key.n do
    named[type(by[i]) == "string" and by[i] or i == 1 and "key" or "key" .. i] = key[i]
  end
  return next(named) and named or nil
end

--- The same as JSON, an object a line: aggregate (its title), key, count, value, and cut, the names of what is cut.
---@param self traceleft.aggregate
---@param all traceleft.result[]
---@param ns integer
---@param opts traceleft.print_options
---@return string
function M.json(self, all, ns, opts)
  local lines, rate = {}, opts.rate and M.per_second(self.measure.kind, ns)
  for i, row in ipairs((chosen(self, all, opts))) do
    local object = { aggregate = opts.title or self.title, key = named_key(self.measure.by, row.key), count = row.count,
                     value = row.value, rate = rate and rate(row) or nil }
    for k in pairs(row.cut or {}) do
      object.cut = object.cut or {}
      table.insert(object.cut, self.measure.by[k])
    end
    lines[i] = json.encode(object) .. "\n"
  end
  return table.concat(lines)
end

--- The same as comma-separated values, the titles before them the first time.
---@param self traceleft.aggregate
---@param all traceleft.result[]
---@param ns integer
---@param opts traceleft.print_options
---@return string
function M.csv(self, all, ns, opts)
  local rows, kind, size = chosen(self, all, opts), self.measure.kind, #self.measure.by
  local rate, lines = opts.rate and M.per_second(kind, ns), {}
  for _, row in ipairs(rows) do size = math.max(size, row.key.n) end
  if not self.titled then lines[1] = sheet.titles(self.measure.by, kind, size, rate) end
  self.titled = true
  for _, row in ipairs(rows) do lines[#lines + 1] = sheet.lines(kind, row, size, rate) end
  return table.concat(lines)
end

return M
