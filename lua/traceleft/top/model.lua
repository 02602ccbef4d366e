-- SPDX-License-Identifier: MIT
--- top.model: the rows of a view, with what they did in the last interval and before, in their order.

local M = {}

local PAST <const> = 120        -- intervals that a row remembers
local KEEP <const> = 8          -- intervals that a row is kept in which nothing happens
local MOST <const> = 1000       -- rows: with more of them only those where something happened are kept

---@class traceleft.top.row
---@field name string its key, packed
---@field key traceleft.key
---@field cut? table<integer, boolean>
---@field past number[]
---@field idle integer intervals since something happened
---@field [string] { count: integer, value: any, per: number, … } by measure

---@class traceleft.top.model
---@field view traceleft.top.view
---@field main string[]
---@field rows table<string, traceleft.top.row>
---@field list traceleft.top.row[] in their order
---@field of_selected table<string, traceleft.result> by measure
---@field selected? string name of the row that these are of
---@field total number events in a second, of the main measure
---@field sort integer column
---@field reverse boolean the least first
local Model = {}
Model.__index = Model

--- The rows of a view, of which there are none yet.
---@param view traceleft.top.view
---@param sort integer column
---@return traceleft.top.model
function M.new(view, sort)
  local main = type(view.main) == "table" and view.main or { view.main }
  return setmetatable({ view = view, main = main, rows = {}, list = {}, of_selected = {}, total = 0, sort = sort,
                        reverse = false }, Model)
end

local function row_of(self, result, tag)
  local name = tag and result.name .. tag or result.name
  local row = self.rows[name]
  if not row then
    local key = result.key
    if tag then
      key = table.move(key, 1, key.n, 1, { n = key.n + 1 })
      key[key.n] = tag
    end
    row = { name = name, key = key, cut = result.cut, past = {}, idle = 0 }
    self.rows[name] = row
  end
  return row
end

-- What was counted in so many nanoseconds, for a row.
local function numbers(result, ns)
  local value = result.value
  local sum = type(value) == "table" and value.sum or type(value) == "number" and value or 0
  local function per(amount) return ns > 0 and amount * 1e9 / ns or 0 end
  return { count = result.count, value = value, rate = per(result.count), per = per(sum), inside = per(sum) / 1e9 }
end

local function remember(self, row)
  local past, rate = row.past, 0
  for _, name in ipairs(self.main) do rate = rate + (row[name] and row[name].rate or 0) end
  past[#past + 1] = rate
  if #past > 2 * PAST then row.past = table.move(past, #past - PAST + 1, #past, 1, {}) end
  return rate
end

-- Forgets the last interval.
local function begin(self)
  for _, row in pairs(self.rows) do
    row.idle = row.idle + 1
    for name in pairs(self.view.measures) do row[name] = nil end
  end
end

-- Forgets rows that nobody misses, and adds up the others.
local function finish(self)
  local list, total, crowded = {}, 0, #self.list > MOST
  for name, row in pairs(self.rows) do
    total = total + remember(self, row)
    if row.idle > (crowded and 0 or KEEP) then self.rows[name] = nil else list[#list + 1] = row end
  end
  self.list, self.total = list, total
end

local function take(self, name, one)
  local measure = self.view.measures[name]
  if measure.selected then
    self.of_selected[name] = one.rows[1]
    return
  end
  for _, result in ipairs(one.rows) do
    local row = row_of(self, result, measure.tag)
    row[name], row.idle = numbers(result, one.ns), 0
  end
end

--- Takes what was counted in an interval: by measure { rows =, ns = }.
---@param measured table<string, { rows: traceleft.result[], ns: integer }>
function Model:update(measured)
  begin(self)
  for name, one in pairs(measured) do take(self, name, one) end
  finish(self)
  self:order()
end

-- Whether a row has all the values that tell it from others.
local function can_be_selected(self, row, names)
  for i, by in ipairs(self.view.by) do
    for _, name in ipairs(names) do
      if by == name and row.key[i] == nil then return false end
    end
  end
  return true
end

--- The distribution of a row in the last interval; nil if it was not counted for it, false if it cannot be.
---@param row traceleft.top.row
---@return table[]|false|nil buckets
function Model:spread(row)
  local name = self.view.spread
  local names = self.view.measures[name].selected
  if not names then return row[name] and row[name].value or {} end
  if not can_be_selected(self, row, names) then return false end
  if self.selected ~= row.name then return nil end
  local result = self.of_selected[name]
  return result and result.value or {}
end

local function less(a, b)
  if type(a) ~= type(b) then return type(a) < type(b) end
  return a < b
end

--- Puts the rows into their order: numbers the most first, text by the alphabet; what is equal by its key.
function Model:order()
  local value = self.view.columns[self.sort][3].value
  local ranks, down = {}, nil
  for _, row in ipairs(self.list) do
    local rank = value(row)
    down = down or type(rank) == "number"
    ranks[row] = rank
  end
  local back = (down or false) ~= self.reverse
  table.sort(self.list, function(a, b)
    local one, other = ranks[a], ranks[b]
    if one == other then return a.name < b.name end
    if one == nil or other == nil then return other == nil end
    if back then return less(other, one) end
    return less(one, other)
  end)
end

--- Where the row of that name is in the order, nil if it is gone.
---@param name? string
---@return integer?
function Model:index(name)
  for i, row in ipairs(self.list) do
    if row.name == name then return i end
  end
end

return M
