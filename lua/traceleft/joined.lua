-- SPDX-License-Identifier: MIT
--- joined: what several aggregates with the same `by` have counted, as one table with a row for each key.
--
--   local files = joined.new({ "PID", "COMM", "FILE" }, {
--     { "READS", reads, "count" }, { "READ", reads, "sum", unit = "bytes" }, { "WRITES", writes, "count" },
--   })
--   files:print { top = 20, clear = true }
--
-- A column is { TITLE, AGGREGATE, PART, unit = … }; PART is what of the value is meant ("sum" of avg), nil the value
-- itself. What an aggregate has not counted of a key is 0. Rows are sorted by the first column unless told otherwise.

local columns  = require "traceleft.columns"
local csv      = require "traceleft.csv"
local json     = require "traceleft.json"
local keys     = require "traceleft.aggregate.keys"
local meanings = require "traceleft.aggregate.meanings"
local out      = require "traceleft.out"
local quantity = require "traceleft.quantity"
local tabulate = require "traceleft.tabulate"

local M = {}

local NOTHING <const> = "(nothing)\n"

---@class traceleft.joined.column
---@field [1] string title
---@field [2] traceleft.aggregate
---@field [3]? string
---@field unit? string

---@class traceleft.joined
---@field titles string[] of the keys
---@field columns traceleft.joined.column[]
---@field key? fun(key: traceleft.key): traceleft.key
---@field sort integer|fun(row: number[]): number what rows are sorted by, the most first
local Joined = {}
Joined.__index = Joined

--- A table of these aggregates. opts: sort (number of a column, or a function that makes a number of them all), key
--- (makes another key of a key; rows whose keys come to the same are added up, so that it goes with counts and sums).
---@param titles string[] of the keys, as many as the aggregates have
---@param specs traceleft.joined.column[]
---@param opts? { sort?: integer|fun(row: number[]): number, key?: fun(key: traceleft.key): traceleft.key }
---@return traceleft.joined
function M.new(titles, specs, opts)
  opts = opts or {}
  return setmetatable({ titles = titles, columns = specs, sort = opts.sort or 1, key = opts.key }, Joined)
end

local function row_of(self, rows, by_key, found)
  local key = self.key and self.key(found.key) or found.key
  local name = keys.pack(key, not self.key and found.cut or nil)
  local row = by_key[name]
  if not row then
    row = { key = key, cut = not self.key and found.cut or nil }
    for i in ipairs(self.columns) do row[i] = 0 end
    by_key[name], rows[#rows + 1] = row, row
  end
  return row
end

-- Each aggregate is read once, whatever columns it has.
local function read(self, clear)
  local rows, by_key, snapshots = {}, {}, {}
  for i, column in ipairs(self.columns) do
    local aggregate, part = column[2], column[3]
    snapshots[aggregate] = snapshots[aggregate] or aggregate:snapshot { clear = clear }
    for _, found in ipairs(snapshots[aggregate]) do
      local row = row_of(self, rows, by_key, found)
      row[i] = row[i] + (part and found.value[part] or found.value)
    end
  end
  return rows
end

local function sorted(self, rows)
  local by, rank = self.sort, {}
  for _, row in ipairs(rows) do rank[row] = type(by) == "function" and by(row) or row[by] end
  table.sort(rows, function(a, b)
    if rank[a] ~= rank[b] then return rank[a] > rank[b] end
    return keys.less(a.key, b.key)
  end)
  return rows
end

-- What makes the texts of keys: that of the first aggregate, or of what `key` made, plain text.
local function tellers(self)
  if self.key then return nil end
  local one = self.columns[1][2]
  return meanings.tellers(one.session, one.measure.events, one.measure.by)
end

local function titles_of(self)
  local titles = {}
  for i, column in ipairs(self.columns) do titles[i] = { column[1], right = true } end
  for _, title in ipairs(self.titles) do titles[#titles + 1] = { title } end
  return titles
end

local function key_text(row, i, tell)
  if tell then return tell[i](row.key, i, row.cut and row.cut[i]) end
  return tostring(row.key[i] or "-")
end

local function text(self, rows, more)
  if #rows == 0 then return NOTHING end
  local lines, tell, show = {}, tellers(self), {}
  for i, column in ipairs(self.columns) do show[i] = quantity.shower(column.unit) end
  for n, row in ipairs(rows) do
    local cells = {}
    for i in ipairs(self.columns) do cells[i] = show[i](row[i]) end
    for i = 1, #self.titles do cells[#cells + 1] = key_text(row, i, tell) end
    lines[n] = cells
  end
  return tabulate.text(titles_of(self), lines, columns.width(io.stdout))
    .. (more > 0 and ("… %d more\n"):format(more) or "")
end

local function json_text(self, rows)
  local lines = {}
  for n, row in ipairs(rows) do
    local object = {}
    for i, column in ipairs(self.columns) do object[column[1]:lower()] = row[i] end
    for i, title in ipairs(self.titles) do object[title:lower()] = row.key[i] end
    lines[n] = json.encode(object) .. "\n"
  end
  return table.concat(lines)
end

local function csv_text(self, rows)
  local lines, n, titles = {}, #self.columns + #self.titles, titles_of(self)
  for i, title in ipairs(titles) do titles[i] = title[1]:lower() end
  if not self.titled then lines[1] = csv.row(titles, n) .. "\n" end
  self.titled = true
  for _, row in ipairs(rows) do
    local values = table.move(row, 1, #self.columns, 1, {})
    lines[#lines + 1] = csv.row(table.move(row.key, 1, #self.titles, #self.columns + 1, values), n) .. "\n"
  end
  return table.concat(lines)
end

--- Writes it to stdout. opts: top (so many rows), clear (begin anew), json, csv.
---@param opts? traceleft.print_options
function Joined:print(opts)
  opts = opts or {}
  local all = sorted(self, read(self, opts.clear))
  local n = math.min(opts.top or #all, #all)
  local rows = table.move(all, 1, n, 1, {})
  if opts.json then return out.write(io.stdout, json_text(self, rows)) end
  if opts.csv then return out.write(io.stdout, csv_text(self, rows)) end
  out.write(io.stdout, text(self, rows, #all - n))
end

return M
