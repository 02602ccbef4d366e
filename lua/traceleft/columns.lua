-- SPDX-License-Identifier: MIT
--- columns: rows that line up under a header.
--
--   local out = columns.new({ { "PID", 7, right = true }, { "ADDRESS", 15, most = 39 }, { "PATH" } }, io.stdout)
--
-- A column is { TITLE, WIDTH }; `most` lets it grow into the room that a wide terminal leaves, `least` shrink where
-- there is too little, `right` puts it on the right; `narrow` is another column in its place where that is not enough,
-- or false: it is left out there. What is too long is never cut: it pushes the row, and the columns behind it catch up.
-- The last column needs no width.

local colour = require "traceleft.colour"
local core   = require "traceleft.core"
local escape = require "traceleft.escape"
local out    = require "traceleft.out"

local M = {}

local WIDTH, LAST = 80, 12

---@class traceleft.column
---@field [1] string title
---@field [2]? integer width
---@field least? integer
---@field most? integer
---@field right? boolean
---@field narrow? traceleft.column|false

---@class traceleft.columns
---@field specs traceleft.column[]
---@field file file*
---@field widths integer[]
local Columns = {}
Columns.__index = Columns

--- How wide rows on a file may be: as wide as its terminal; nil: as wide as they are.
---@param file file* or anything with a method `write`
---@return integer?
function M.room(file)
  local number = file == io.stdout and 1 or file == io.stderr and 2 or nil
  return number and core.isatty(number) and core.columns(number) or nil
end

--- How wide text on a file may be: as wide as its terminal, or 80.
---@param file file* or anything with a method `write`
---@return integer
function M.width(file)
  return M.room(file) or WIDTH
end

-- What columns take when they are as narrow as they may be. Of the last one the width is what is ordinary there.
local function least_of(specs)
  local sum = 0
  for i, spec in ipairs(specs) do
    sum = sum + (i == #specs and math.max(spec.least or spec[2] or LAST, #spec[1]) or (spec.least or spec[2]) + 1)
  end
  return sum
end

--- The columns that rows of this width have room for. Those on the right are the first to be narrow.
---@param specs traceleft.column[]
---@param width? integer nil: there is no end to the room
---@return traceleft.column[]
function M.fitting(specs, width)
  local list = table.move(specs, 1, #specs, 1, {})
  for i = width and #specs or 0, 1, -1 do
    if least_of(list) <= width then break end
    local narrow = specs[i].narrow
    if narrow then
      list[i] = narrow
    elseif narrow == false then
      table.remove(list, i)
    end
  end
  return list
end

-- Gives what the terminal has beyond the columns' own widths to those that may grow, and takes what it lacks from
-- those that may shrink, the first ones first.
local function fit(specs, total)
  local widths, spare = {}, total
  for i, spec in ipairs(specs) do
    widths[i] = spec[2] or 0
    spare = spare - (i < #specs and widths[i] + 1 or math.max(spec[2] or LAST, #spec[1]))
  end
  for i, spec in ipairs(specs) do
    local width = widths[i]
    local more = math.max((spec.least or width) - width, math.min(spare, (spec.most or width) - width))
    widths[i], spare = width + more, spare - more
  end
  return widths
end

local function own_widths(specs)
  local widths = {}
  for i, spec in ipairs(specs) do widths[i] = spec[2] or 0 end
  return widths
end

--- Columns on a file. width: of the rows, found out without it.
---@param specs traceleft.column[]
---@param file file* or anything with a method `write`
---@param width? integer
---@return traceleft.columns
function M.new(specs, file, width)
  width = width or M.room(file)
  specs = M.fitting(specs, width)
  local self = { specs = specs, file = file, widths = width and fit(specs, width) or own_widths(specs) }
  return setmetatable(self, Columns)
end

local function cell(value)
  if value == nil then return "-" end
  return type(value) == "string" and escape.text(value) or tostring(value)
end

--- The text of a row, without a line end.
---@param ... any one value for each column; nil is shown as "-"
---@return string
function Columns:text(...)
  local parts, column, used = {}, 0, 0
  for i = 1, #self.specs do
    local value = select(i, ...)
    local text = cell(value)
    column = column + self.widths[i]
    local room = math.max(0, column - used - utf8.len(text))
    if i == #self.specs and not self.specs[i].right then room = 0 end
    parts[i] = self.specs[i].right and (" "):rep(room) .. text or text .. (" "):rep(room)
    used = used + room + utf8.len(text) + 1
    column = column + 1
  end
  return (table.concat(parts, " "):gsub(" +$", ""))
end

--- Writes a row.
---@param ... any
function Columns:row(...)
  out.write(self.file, self:text(...) .. "\n")
end

--- Writes the titles.
function Columns:header()
  local titles = {}
  for i, spec in ipairs(self.specs) do titles[i] = spec[1] end
  out.write(self.file, colour.painters(self.file).bold(self:text(table.unpack(titles))) .. "\n")
end

return M
