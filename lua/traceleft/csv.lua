-- SPDX-License-Identifier: MIT
--- csv: rows of comma-separated values (RFC 4180), one line each whatever the values are.
--
-- What processes control is made safe: control characters are escaped as on a terminal, and a text that a
-- spreadsheet would run as a formula (=, +, -, @ at its begin) gets a ' before it. Numbers stay numbers.

local escape = require "traceleft.escape"
local json   = require "traceleft.json"

local M = {}

local function text_of(text)
  text = escape.text(text)
  if text:find "^[=+@-]" then text = "'" .. text end
  if not text:find '[",]' then return text end
  return '"' .. text:gsub('"', '""') .. '"'
end

local function cell(value)
  if value == nil then return "" end
  if math.type(value) == "integer" then return tostring(value) end
  if type(value) == "number" then return ("%.17g"):format(value) end
  return text_of(type(value) == "table" and json.encode(value) or tostring(value))
end

--- The line of a row, without a line end. nil is an empty cell, a table is JSON.
---@param values table<integer, any>
---@param n integer how many
---@return string
function M.row(values, n)
  local parts = {}
  for i = 1, n do parts[i] = cell(values[i]) end
  return table.concat(parts, ",")
end

return M
