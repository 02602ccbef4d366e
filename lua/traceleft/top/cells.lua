-- SPDX-License-Identifier: MIT
--- top.cells: what a column of a monitor shows of a row: a number to sort by, and its text.
--
-- A row has `key`, the values that it is counted by, and by the name of each measure { count, value, rate, per }: what
-- was counted in the last interval, and how often, and how much, in a second. `past` has the rates of some time.

local duration  = require "traceleft.duration"
local escape    = require "traceleft.escape"
local sparkline = require "traceleft.sparkline"
local units     = require "traceleft.units"

local M = {}

---@class traceleft.top.cell
---@field value fun(row: traceleft.top.row): any what rows are sorted by
---@field text fun(value: any, row: traceleft.top.row, width: integer): string it need not be escaped
---@field right? boolean
---@field counted? { value: function, text: function } what tables have instead, under the title without "/S"
---@field spark? boolean takes the room that others leave; tables do not have it

local UNITS = { { 1e9, "G" }, { 1e6, "M" }, { 1e4, "k" } }

--- A number that takes at most five cells or so: "0.4", "17", "9,999" is "9999", "12.3k".
---@param number number
---@return string
function M.number(number)
  for _, unit in ipairs(UNITS) do
    if number >= unit[1] then return ("%.1f%s"):format(number / (unit[2] == "k" and 1e3 or unit[1]), unit[2]) end
  end
  return (number == 0 or number >= 10 or number == math.floor(number)) and ("%.0f"):format(number)
    or ("%.1f"):format(number)
end

local function of(name, part)
  return function(row) return row[name] and row[name][part] or 0 end
end

local function whole(number)
  return ("%d"):format(number)
end

--- How often it happened in a second; in tables, how often in the interval.
---@param ... string measures, whose numbers are added
---@return traceleft.top.cell
function M.rate(...)
  local names = { ... }
  local function sum(part)
    return function(row)
      local all = 0
      for _, name in ipairs(names) do all = all + of(name, part)(row) end
      return all
    end
  end
  return { value = sum "rate", text = M.number, right = true, counted = { value = sum "count", text = whole } }
end

local function bytes(value)
  return units.bytes(math.floor(value + 0.5))
end

--- How many bytes in a second, of a sum of them; in tables, how many in the interval.
---@param name string
---@return traceleft.top.cell
function M.bytes(name)
  return { value = of(name, "per"), text = bytes, right = true, counted = { value = of(name, "value"), text = bytes } }
end

local function short(ns)
  return ns and duration.short(math.floor(ns + 0.5)) or "-"
end

--- The average, of an `avg` of nanoseconds.
---@param name string
---@return traceleft.top.cell
function M.average(name)
  return { value = function(row) return row[name] and row[name].value.avg end, text = short, right = true }
end

--- How many threads were inside at a time, waiting or not, on average, of an `avg` of nanoseconds.
---@param name string
---@return traceleft.top.cell
function M.inside(name)
  return { value = of(name, "inside"), text = function(value) return ("%.2f"):format(value) end, right = true }
end

--- The longest one, of a `max` of nanoseconds.
---@param name string
---@return traceleft.top.cell
function M.most(name)
  return { value = function(row) return row[name] and row[name].value end, text = short, right = true }
end

-- "<8.2ms": the end of the last bucket.
local function below(ns)
  return ns and (ns == math.huge and "…" or "<" .. duration.short(ns)) or "-"
end

--- What the longest one stayed below, of a `hist` of nanoseconds.
---@param name string
---@return traceleft.top.cell
function M.longest(name)
  local function value(row)
    local buckets = row[name] and row[name].value
    return buckets and #buckets > 0 and (buckets[#buckets].high or math.huge) or nil
  end
  return { value = value, text = below, right = true }
end

--- One of the values of the key. tell: makes its text; it gets the value and the width.
---@param i integer
---@param tell? fun(value: any, width: integer): string
---@param right? boolean
---@return traceleft.top.cell
function M.key(i, tell, right)
  local function text(value, row, width)
    if value == nil then return "-" end
    return (tell and tell(value, width) or tostring(value)) .. (row.cut and row.cut[i] and "…" or "")
  end
  return { value = function(row) return row.key[i] end, text = text, right = right }
end

--- The end of a path is what tells it from others: its begin goes if there is no room.
---@param path string
---@param width integer
---@return string
function M.path(path, width)
  path = escape.text(path)
  local surplus = (utf8.len(path) or #path) - width
  if surplus <= 0 then return path end
  local at = utf8.offset(path, surplus + 2)
  return "…" .. path:sub(at or 1)
end

--- The rates of the view's main measure, the newest on the right. It takes the room that others leave.
---@return traceleft.top.cell
function M.past()
  return { value = function() return 0 end, text = function(_, row, width) return sparkline.text(row.past, width) end,
           spark = true }
end

return M
