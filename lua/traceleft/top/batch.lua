-- SPDX-License-Identifier: MIT
--- top.batch: a monitor as tables on stdout, one for each interval.

local columns  = require "traceleft.columns"
local escape   = require "traceleft.escape"
local out      = require "traceleft.out"
local tabulate = require "traceleft.tabulate"

local M = {}

local WIDE <const> = 4096       -- of a path that is not cut

local function in_tables(list)
  local titles = {}
  for _, column in ipairs(list) do
    local cell = column[3]
    if not cell.spark then
      local title = cell.counted and column[1]:gsub("/S$", "") or column[1]
      titles[#titles + 1] = { title, right = cell.right, cell = cell.counted or cell }
    end
  end
  return titles
end

-- Rows where something happened; text that may hold anything goes last, as in all tables.
local function rows_of(rows, titles, most)
  local list = {}
  for _, row in ipairs(rows.list) do
    if row.idle == 0 and #list < most then
      local texts = {}
      for i, title in ipairs(titles) do texts[i] = escape.text(title.cell.text(title.cell.value(row), row, WIDE)) end
      list[#list + 1] = texts
    end
  end
  return list
end

--- Writes the rows of an interval, the first ones of them.
---@param monitor traceleft.top.monitor
---@param title string
---@param most integer
function M.write(monitor, title, most)
  local rows = monitor.model
  local titles = in_tables(rows.view.columns)
  local text = tabulate.text(titles, rows_of(rows, titles, most), columns.width(io.stdout))
  out.write(io.stdout, title .. "\n" .. text .. "\n")
end

return M
