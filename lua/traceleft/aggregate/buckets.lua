-- SPDX-License-Identifier: MIT
--- buckets: which bucket of a histogram a number belongs to, and which numbers belong to a bucket. The kernel side
--- counts into the same ones.
--
--   hist      bucket 0 is zero, bucket b from 1 on is [2^(b-1), 2^b)
--   quantile  up to 127 each number has its own; above, each power of two is cut into 64 of the same width, so that the
--             middle of a bucket is at most 0.8 % from any number in it
--   lhist     bucket b is [low + b*step, low + (b+1)*step), the last one all from `high` on
--
-- Bucket -1 is what lies below all others: negative numbers, or those under `low`.

local M = {}

local BELOW <const> = -1
local FINE <const> = 6          -- 2^6 buckets for each power of two
local EXACT <const> = 1 << FINE

---@class traceleft.buckets
---@field number fun(value: number): integer
---@field range fun(bucket: integer): integer?, integer? its first number, and the first one behind it; nil: no end

-- floor(log2(value)) of a number from 1 on.
local function log2(value)
  local power = 0
  for shift = 5, 0, -1 do
    local bits = 1 << shift
    if value >> bits ~= 0 then value, power = value >> bits, power + bits end
  end
  return power
end

-- A power of two, and nil for that which is too large.
local function end_of(number)
  if number > 0 then return number end
end

local function hist_number(value)
  if value < 0 then return BELOW end
  value = math.tointeger(value) or value // 1 | 0
  return value == 0 and 0 or log2(value) + 1
end

local function hist_range(bucket)
  if bucket < 0 then return nil, 0 end
  if bucket == 0 then return 0, 1 end
  return 1 << (bucket - 1), end_of(1 << bucket)
end

local function quantile_number(value)
  if value < 0 then return BELOW end
  value = math.tointeger(value) or value // 1 | 0
  if value < EXACT then return value end
  local shift = log2(value) - FINE
  return (shift << FINE) + (value >> shift)
end

local function quantile_range(bucket)
  if bucket < 0 then return nil, 0 end
  if bucket < 2 * EXACT then return bucket, bucket + 1 end
  local shift = (bucket >> FINE) - 1
  local low = (bucket - (shift << FINE)) << shift
  return low, end_of(low + (1 << shift))
end

local function linear(low, high, step)
  local last = (high - low + step - 1) // step
  local function number(value)
    if value < low then return BELOW end
    return value >= high and last or (value - low) // step | 0
  end
  local function range(bucket)
    if bucket < 0 then return nil, low end
    if bucket >= last then return high, nil end
    return low + bucket * step, math.min(low + (bucket + 1) * step, high)
  end
  return { number = number, range = range }
end

--- Powers of two.
---@type traceleft.buckets
M.hist = { number = hist_number, range = hist_range }

--- Narrow enough for quantiles.
---@type traceleft.buckets
M.quantile = { number = quantile_number, range = quantile_range }

--- The buckets of a kind of aggregate, nil if it has none.
---@param kind string
---@param opts { low?: integer, high?: integer, step?: integer } for lhist
---@return traceleft.buckets?
function M.of(kind, opts)
  if kind == "lhist" then return linear(opts.low, opts.high, opts.step) end
  return kind == "hist" and M.hist or kind == "quantile" and M.quantile or nil
end

-- The number that stands for all of a bucket.
local function middle(low, high)
  if not low then return BELOW end
  if not high then high = math.maxinteger end
  return low + (high - 1 - low) // 2
end

--- The number that the share `q` of all numbers does not exceed, as near as the buckets are narrow.
---@param list { low?: integer, high?: integer, count: integer }[] in their order
---@param total integer sum of the counts, more than 0
---@param q number 0 to 1
---@return integer
function M.at(list, total, q)
  local rank, seen = math.max(1, math.ceil(q * total)), 0
  for _, bucket in ipairs(list) do
    seen = seen + bucket.count
    if seen >= rank then return middle(bucket.low, bucket.high) end
  end
  return middle(list[#list].low, list[#list].high)
end

return M
