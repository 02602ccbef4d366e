-- SPDX-License-Identifier: MIT
--- fake_screen: a screen of text in memory, with the keys that a spec presses.

local M = {}

local Screen = {}
Screen.__index = Screen

local function cells(text)
  local list = {}
  for _, code in utf8.codes(text) do list[#list + 1] = utf8.char(code) end
  return list
end

function Screen:size() return self.rows, self.columns end
function Screen.width(_, text) return utf8.len(text) end
function Screen:erase() self.lines, self.styles = {}, {} end
function Screen:show(row, column) self.shown, self.cursor = self.shown + 1, { row, column } end
function Screen.fd() return 5 end
function Screen:close() self.closed = true end
Screen.__close = Screen.close

function Screen:key()
  local key = table.remove(self.keys, 1)
  if not key and self.on_empty then self.on_empty() end
  if type(key) == "table" then return table.unpack(key, 1, 3) end
  return key
end

local function fill(self, row, column, list, filled, style)
  self.lines[row], self.styles[row] = self.lines[row] or {}, self.styles[row] or {}
  for i = 1, filled do
    self.lines[row][column + i], self.styles[row][column + i] = list[i] or " ", style
  end
end

-- As curses: what lies outside is not shown.
function Screen:put(row, column, text, style, width)
  if row < 0 or row >= self.rows or column < 0 then return end
  local list, room = cells(text), math.min(width or self.columns, self.columns - column)
  if room <= 0 then return end
  if #list > room then list[room] = "…" end
  fill(self, row, column, list, width and room or math.min(room, #list), style or "plain")
end

--- The text of a line, counted from 0, without blanks at its end.
---@param row integer
---@return string
function Screen:line(row)
  local parts = {}
  for i = 1, self.columns do parts[i] = self.lines[row] and self.lines[row][i] or " " end
  return (table.concat(parts):gsub(" +$", ""))
end

--- The style of a cell, both counted from 0.
function Screen:style(row, column)
  return self.styles[row] and self.styles[row][column + 1]
end

--- A screen of that size.
---@param rows integer
---@param columns integer
function M.new(rows, columns)
  return setmetatable({ rows = rows, columns = columns, lines = {}, styles = {}, keys = {}, shown = 0 }, Screen)
end

return M
