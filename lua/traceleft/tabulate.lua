-- SPDX-License-Identifier: MIT
--- tabulate: a table all of whose rows are known: each column is as wide as what is in it, if the terminal allows.

local columns = require "traceleft.columns"
local escape  = require "traceleft.escape"

local M = {}

local WIDTH <const> = 24       -- what is longer has its own width only where the terminal has room

local function width_of(rows, i, title)
  local width = utf8.len(title)
  for _, row in ipairs(rows) do width = math.max(width, utf8.len(escape.text(row[i]))) end
  return width
end

--- The lines of a table, a header first.
---@param titles { [1]: string, right?: boolean }[] right: puts the column on the right
---@param rows string[][]
---@param width integer of the lines
---@return string
function M.text(titles, rows, width)
  local specs = {}
  for i, title in ipairs(titles) do
    local name = escape.text(title[1])
    local most = width_of(rows, i, name)
    specs[i] = { name, i < #titles and math.min(most, WIDTH) or most, most = most, right = title.right }
  end
  local out = columns.new(specs, nil, width)
  local header = {}
  for i, spec in ipairs(specs) do header[i] = spec[1] end
  local lines = { out:text(table.unpack(header)) }
  for i, row in ipairs(rows) do lines[i + 1] = out:text(table.unpack(row, 1, #specs)) end
  return table.concat(lines, "\n") .. "\n"
end

return M
