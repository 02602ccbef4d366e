-- SPDX-License-Identifier: MIT
--- reading: the part of an aggregate's methods that tells what was counted.

local keys     = require "traceleft.aggregate.keys"
local printout = require "traceleft.aggregate.printout"
local results  = require "traceleft.aggregate.results"

local M = {}

---@class traceleft.aggregate
local Aggregate = {}
M.methods = Aggregate

local SNAPSHOT = { "sort", "clear" }
local TOP <const> = 10

-- What a stopped one has left is kept here.
local function read_final(self, clear)
  local final = self.final
  if clear then self.final = { rows = {}, ns = 0 } end
  return final.rows, final.ns
end

local function read_core(self, clear)
  local rows, ns = self.core:read(clear)
  if not rows then error(("%s: %s"):format(self.measure.kind, ns), 0) end
  return rows, ns
end

--- A row for each key, and in how many nanoseconds that came together. Who reads shows it in a way of his own.
---@private
---@param self traceleft.aggregate
---@param clear? boolean
---@param named? boolean
---@return traceleft.result[] rows
---@return integer ns
function M.read(self, clear, named)
  self.used = true
  local rows, ns = (self.final and read_final or read_core)(self, clear or false)
  return results.finish(self.measure.kind, rows, self.buckets, named), ns
end

--- What was counted by key, sorted: { key = { … }, value =, count = }. The value is a number; of avg
--- { count, sum, avg }, of hist and lhist { { low, high, count }, … }, of quantile { count, p50, p90, p99, p999, max }.
--- opts: sort as for `print`, or false: in any order, with a `name` each, which no other key has; clear (begin anew; no
--- event that comes meanwhile is lost or counted twice).
---@param opts? { sort?: string|false, clear?: boolean }
---@return traceleft.result[] rows
---@return integer ns since the last clear or the begin
function Aggregate:snapshot(opts)
  opts = opts or {}
  local wrong = printout.wrong("snapshot", self.measure.kind, opts, SNAPSHOT)
  if wrong then error(wrong, 2) end
  local unsorted = opts.sort == false
  local rows, ns = M.read(self, opts.clear, unsorted)
  return unsorted and rows or results.sort(rows, opts.sort), ns
end

local function values_of(row)
  local list = { keys.unpack(row.key) }
  list[#list + 1] = row.value
  return table.unpack(list)
end

--- For `for`: the values of each key and what was counted: for comm, n in calls:each() do … end
---@return fun(): any ...
function Aggregate:each()
  local rows, i = self:snapshot(), 0
  return function()
    i = i + 1
    if rows[i] then return values_of(rows[i]) end
  end
end

--- The first rows of `snapshot`.
---@param n? integer
---@return traceleft.result[]
function Aggregate:top(n)
  n = n or self.measure.top or TOP
  if math.type(n) ~= "integer" or n < 1 then error(("top: '%s' is no number of rows"):format(tostring(n)), 2) end
  local rows = self:snapshot()
  return table.move(rows, 1, math.min(n, #rows), 1, {})
end

-- The row of a key, of which missing values may be left out at the end.
local function find(self, rows, ...)
  local key = table.pack(...)
  key.n = math.max(key.n, #self.measure.by)
  local name = keys.pack(key)
  for _, row in ipairs(rows) do
    if keys.pack(row.key, row.cut) == name then return row end
  end
end

--- What was counted for a key; of counts and sums 0 and of others nil if there is nothing.
---@param ... any the values of the key
---@return any
function Aggregate:get(...)
  local row = find(self, (M.read(self)), ...)
  if row then return row.value end
  return results.zero(self.measure.kind)
end

--- How many a second, of sums how much: of a key, or of all together.
---@param ... any the values of the key
---@return number
function Aggregate:rate(...)
  local rows, ns = M.read(self)
  local rate, sum = printout.per_second(self.measure.kind, ns), 0.0
  if select("#", ...) > 0 then rows = { find(self, rows, ...) } end
  for _, row in ipairs(rows) do sum = sum + rate(row) end
  return sum
end

--- Begins anew with nothing.
function Aggregate:clear()
  (self.final and read_final or read_core)(self, true)
end

return M
