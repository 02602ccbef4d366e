-- SPDX-License-Identifier: MIT
--- results: what an aggregate has counted: from the rows of the core, which know buckets, to a row for each key.
--
--   count sum min max    value is a number
--   avg                  { count, sum, avg } and, where they are known, min and max
--   hist lhist           { { low, high, count }, … }: low and what is behind the last one; nil: no end
--   quantile             { count, p50, p90, p99, p999, max }
--   distinct             how many different values there were

local buckets = require "traceleft.aggregate.buckets"
local keys    = require "traceleft.aggregate.keys"

local M = {}

---@class traceleft.result
---@field name? string the key as one string, another one for any other key
---@field key traceleft.key
---@field cut? table<integer, boolean> which values of the key are longer than they are here
---@field count integer events that were counted into it
---@field value any

local SHARES = { p50 = 0.5, p90 = 0.9, p99 = 0.99, p999 = 0.999 }

-- ---- one key ---------------------------------------------------------------------------------

local function average(rows)
  local row = rows[1]
  return { count = row.n, sum = row.sum, avg = row.sum / row.n, min = row.min, max = row.max }
end

-- The buckets of a key in their order.
local function histogram(rows, kind)
  table.sort(rows, function(a, b) return a.bucket < b.bucket end)
  local list = {}
  for i, row in ipairs(rows) do
    local low, high = kind.range(row.bucket)
    list[i] = { low = low, high = high, count = row.n }
  end
  return list
end

-- The middle of a bucket may lie above the greatest number in it, where that is known.
local function quantiles(rows, _, count)
  local list = histogram(rows, buckets.quantile)
  local max = rows[#rows].max or buckets.at(list, count, 1)
  local value = { count = count, max = max }
  for name, share in pairs(SHARES) do value[name] = math.min(max, buckets.at(list, count, share)) end
  return value
end

local function only(name)
  return function(rows) return rows[1][name] end
end

local FINISH = {
  count = only "n", sum = only "sum", min = only "min", max = only "max", avg = average,
  hist = histogram, lhist = histogram, quantile = quantiles,
  distinct = function(rows) return #rows end,
}

-- ---- all keys --------------------------------------------------------------------------------

local function with(combine, a, b)
  return a and b and combine(a, b) or a or b
end

local function plus(a, b) return a + b end

local function merged(a, b)
  return { n = a.n + b.n, sum = with(plus, a.sum, b.sum), min = with(math.min, a.min, b.min),
           max = with(math.max, a.max, b.max), bucket = a.bucket, value = a.value }
end

-- Adds a row to those of its key. What looks the same in Lua may have been two keys in the kernel.
local function add(found, row, distinct)
  local part = row.bucket or distinct and keys.pack { row.value, n = 1 } or ""
  local at = found.places[part] or #found.rows + 1
  found.places[part] = at
  found.rows[at] = found.rows[at] and merged(found.rows[at], row) or row
  found.count = found.count + row.n
end

local function group(rows, distinct)
  local groups, by_key = {}, {}
  for _, row in ipairs(rows) do
    local name = keys.pack(row.key, row.cut)
    local found = by_key[name]
    if not found then
      found = { name = name, key = row.key, cut = row.cut, count = 0, rows = {}, places = {} }
      by_key[name], groups[#groups + 1] = found, found
    end
    add(found, row, distinct)
  end
  return groups
end

--- A row for each key.
---@param kind string
---@param rows table[] of the core's `read`
---@param kind_buckets? traceleft.buckets of hist and lhist
---@param named? boolean whether each has its name
---@return traceleft.result[]
function M.finish(kind, rows, kind_buckets, named)
  local results = {}
  for i, found in ipairs(group(rows, kind == "distinct")) do
    results[i] = { name = named and found.name or nil, key = found.key, cut = found.cut, count = found.count,
                   value = FINISH[kind](found.rows, kind_buckets, found.count) }
  end
  return results
end

local ZERO = { count = 0, sum = 0, distinct = 0 }

--- What stands for a key of which nothing was counted: 0, or nil where no number is right.
---@param kind string
---@return integer?
function M.zero(kind)
  return ZERO[kind]
end

-- ---- their order -----------------------------------------------------------------------------

-- The number that a row is sorted by.
local function rank(row, by)
  local value = row.value
  if by == "count" then return row.count end
  if type(value) ~= "table" then return value end
  return by == "value" and (value.avg or row.count) or value[by]
end

local SORTS = {
  avg = { "value", "key", "count", "sum", "avg" },
  quantile = { "value", "key", "count", "p50", "p90", "p99", "p999", "max" },
}
local COMMON = { "value", "key", "count" }

--- What the rows of such a kind can be sorted by.
---@param kind string
---@return string[]
function M.sorts(kind)
  return SORTS[kind] or COMMON
end

--- Sorts rows: by their keys, or by a number, the greatest first; histograms and quantiles by how many were counted.
---@param rows traceleft.result[]
---@param by? string of `sorts`; "value" without it
---@return traceleft.result[] rows
function M.sort(rows, by)
  by = by or "value"
  table.sort(rows, function(a, b)
    local one, other = by ~= "key" and rank(a, by) or 0, by ~= "key" and rank(b, by) or 0
    if one ~= other then return one > other end
    return keys.less(a.key, b.key)
  end)
  return rows
end

return M
