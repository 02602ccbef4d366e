-- SPDX-License-Identifier: MIT
--- fake_aggregate: an aggregate of the fake core: it counts the events that a spec emits, by expressions that Lua
--- itself evaluates.

local M = {}

local Agg = {}
Agg.__index = Agg

function Agg:stop() self.stopped = true end
function Agg:pause() self.paused = true end
function Agg:resume() self.paused = false return true end
function Agg:set(name, value) self.spec.vars[name] = value return true end
function Agg:explain() return { { clause = self.spec.where, where = "kernel", why = "", instructions = 9 } } end

-- floor(log2(value)) of a number from 1 on.
local function log2(value)
  local power = -1
  while value > 0 do value, power = value >> 1, power + 1 end
  return power
end

-- The kernel's buckets, found in another way than the library finds them.
local BUCKETS = {
  hist = function(value)
    if value <= 0 then return value < 0 and -1 or 0 end
    return log2(value) + 1
  end,
  quantile = function(value)
    if value < 64 then return math.max(value, -1) end
    return ((log2(value) - 6) << 6) + (value >> (log2(value) - 6))
  end,
  lhist = function(value, spec)
    if value < spec.low then return -1 end
    local bucket, low = 0, spec.low
    while low + spec.step <= value and low < spec.high do bucket, low = bucket + 1, low + spec.step end
    return value >= spec.high and (spec.high - spec.low + spec.step - 1) // spec.step or bucket
  end,
}

-- The value of an expression for an event, or of no expression.
local function evaluate(spec, text, event)
  if not text then return nil end
  local env = setmetatable({}, { __index = function(_, name)
    if event[name] ~= nil then return event[name] end
    return spec.vars and spec.vars[name]
  end })
  return assert(load("return " .. text, "=expression", "t", env))()
end

local function is_cut(event, text)
  for _, name in ipairs(event.cut or {}) do
    if name == text then return true end
  end
end

local function key_of(spec, event)
  local key, cut = { n = #(spec.by or {}) }, nil
  for i, text in ipairs(spec.by or {}) do
    key[i] = evaluate(spec, text, event)
    if is_cut(event, text) then cut = { [i] = true } end
  end
  return key, cut
end

local function same_key(row, key, cut)
  for i = 1, key.n do
    if row.key[i] ~= key[i] or (row.cut and row.cut[i]) ~= (cut and cut[i]) then return false end
  end
  return true
end

local function row_of(agg, key, cut, value)
  local kind, bucket = agg.spec.kind, nil
  if BUCKETS[kind] then bucket = BUCKETS[kind](value, agg.spec) end
  for _, row in ipairs(agg.rows) do
    local same = row.bucket == bucket and (kind ~= "distinct" or row.value == value)
    if same and same_key(row, key, cut) then return row end
  end
  if #agg.rows >= (agg.spec.size or 1000) then return nil end
  local row = { key = key, cut = cut, n = 0, sum = 0, min = value, max = value, bucket = bucket, value = value }
  table.insert(agg.rows, row)
  return row
end

--- Counts an event, if it is one to be counted.
function Agg:count(event)
  local spec = self.spec
  local value = evaluate(spec, spec.value, event)
  if spec.where and not evaluate(spec, spec.where, event) or spec.value and value == nil then return end
  local key, cut = key_of(spec, event)
  local row = row_of(self, key, cut, value)
  if not row then
    self.full = self.full + 1
    return
  end
  self.seen, row.n = self.seen + 1, row.n + 1
  if math.type(value) then
    row.sum, row.min, row.max = row.sum + value, math.min(row.min, value), math.max(row.max, value)
  end
end

function Agg:read(clear)
  self.reads = self.reads + 1
  if M.refuse_read then return nil, table.unpack(M.refuse_read) end
  local rows, ns = {}, self.clock() - self.since
  for i, row in ipairs(self.rows) do
    rows[i] = { key = row.key, cut = row.cut, n = row.n, sum = row.sum, min = row.min, max = row.max,
                bucket = row.bucket, value = row.value }
  end
  if clear then self.rows, self.since = {}, self.clock() end
  return rows, ns
end

--- An aggregate as the core's `aggregate` makes it.
---@param spec table
---@param clock fun(): integer
function M.new(spec, clock)
  return setmetatable({ spec = spec, clock = clock, seen = 0, lost = 0, full = 0, reads = 0, rows = {},
                        since = clock() }, Agg)
end

return M
