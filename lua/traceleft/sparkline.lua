-- SPDX-License-Identifier: MIT
--- sparkline: numbers as small pictures in text, ▁▂▅█▃, one cell each.

local M = {}

local BLOCKS = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" }
local EIGHTHS <const> = 8

-- The greatest of some numbers from `first` on, 0 without any.
local function greatest(values, first)
  local most = 0
  for i = first, #values do most = math.max(most, values[i]) end
  return most
end

-- How many eighths of so many cells a number fills; one that is more than zero is seen.
local function eighths(value, most, cells)
  if value <= 0 or most <= 0 then return 0 end
  return math.max(1, math.floor(math.min(1, value / most) * cells * EIGHTHS + 0.5))
end

--- The last numbers in a line of so many cells, the newest on the right; blanks for zeros and what there is not.
---@param values number[]
---@param width? integer as many cells as there are numbers without it
---@param most? number that fills a whole cell; the greatest of those shown without it
---@return string
function M.text(values, width, most)
  width = width or #values
  local first = math.max(1, #values - width + 1)
  local parts = { (" "):rep(width - (#values - first + 1)) }
  most = most or greatest(values, first)
  for i = first, #values do parts[#parts + 1] = BLOCKS[eighths(values[i], most, 1)] or " " end
  return table.concat(parts)
end

--- Numbers as columns of so many cells' height: the lines, the upper one first.
---@param values number[]
---@param height integer
---@param wide? integer cells of each column, the last one a blank; one without a blank without it
---@return string[]
function M.lines(values, height, wide)
  local most, lines = greatest(values, 1), {}
  local filling, gap = wide and wide - 1 or 1, wide and " " or ""
  for line = 1, height do
    local parts, below = {}, (height - line) * EIGHTHS
    for i, value in ipairs(values) do
      local filled = math.min(EIGHTHS, eighths(value, most, height) - below)
      parts[i] = (BLOCKS[filled] or " "):rep(filling) .. gap
    end
    lines[line] = table.concat(parts)
  end
  return lines
end

return M
