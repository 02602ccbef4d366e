-- SPDX-License-Identifier: MIT
--- sheet: what was counted as comma-separated values: columns for the keys, then those that a value of its kind has.

local csv = require "traceleft.csv"

local M = {}

-- The columns behind the keys, by what a value is; a histogram has a row for each of its buckets.
local VALUES = {
  avg = { "count", "sum", "avg" }, quantile = { "count", "p50", "p90", "p99", "p999", "max" },
  hist = { "low", "high", "count" }, lhist = { "low", "high", "count" },
}

--- The titles, in a line.
---@param by any[] the clauses of the keys
---@param kind string
---@param size integer values of a key
---@param rate? any whether there is a column more
---@return string
function M.titles(by, kind, size, rate)
  local titles = {}
  for i = 1, size do
    local clause = by[i]
    titles[i] = type(clause) == "string" and clause or i == 1 and "key" or "key" .. i
  end
  local values = VALUES[kind] or { kind }
  table.move(values, 1, #values, #titles + 1, titles)
  if rate then titles[#titles + 1] = "per_second" end
  return csv.row(titles, #titles) .. "\n"
end

-- The cells behind the keys, one list for each row of the text.
local function cells_of(kind, row)
  local names = VALUES[kind]
  if not names then return { { row.value, n = 1 } } end
  local lists = {}
  for i, part in ipairs(names[1] == "low" and row.value or { row.value }) do
    lists[i] = { n = #names }
    for k, name in ipairs(names) do lists[i][k] = part[name] end
  end
  return lists
end

local function line_of(row, size, cells, rate)
  local values = table.move(row.key, 1, size, 1, {})
  table.move(cells, 1, cells.n, size + 1, values)
  local n = size + cells.n
  if rate then n, values[n + 1] = n + 1, rate(row) end
  return csv.row(values, n) .. "\n"
end

--- The lines of a row.
---@param kind string
---@param row traceleft.result
---@param size integer values of a key
---@param rate? fun(row: traceleft.result): number
---@return string
function M.lines(kind, row, size, rate)
  local lines = {}
  for i, cells in ipairs(cells_of(kind, row)) do lines[i] = line_of(row, size, cells, rate) end
  return table.concat(lines)
end

return M
