-- SPDX-License-Identifier: MIT
--- top.panel: the distribution of one row, as columns over a scale: one for each power of two.

local duration  = require "traceleft.duration"
local sparkline = require "traceleft.sparkline"

local M = {}

local WIDE <const> = 4          -- cells of a column, enough for "512n" under it

-- "512n", "4.1µ", "67m", "2.1s": three or four cells.
local function mark(ns)
  local text = duration.short(ns):gsub("s$", "")
  if ns >= 1000000000 then text = duration.short(ns) end
  return #text > 5 and (text:gsub("%.%d", "")) or text
end

-- The counts of all buckets from the first to the last, and where each begins.
local function spread(buckets)
  local counts, lows, power = {}, {}, nil
  for _, bucket in ipairs(buckets) do
    local low = bucket.low or 0
    while power and power < low do
      counts[#counts + 1], lows[#lows + 1] = 0, power
      power = power * 2
    end
    counts[#counts + 1], lows[#lows + 1] = bucket.count, low
    power = math.max(1, bucket.high or math.maxinteger)
  end
  return counts, lows
end

-- What a share of all stayed below.
local function below(buckets, total, share)
  local seen = 0
  for _, bucket in ipairs(buckets) do
    seen = seen + bucket.count
    if seen >= share * total then return bucket.high and "<" .. duration.short(bucket.high) or "…" end
  end
end

-- A mark under every second column.
local function scale(lows)
  local parts = {}
  for i = 1, #lows, 2 do
    local text = mark(lows[i])
    parts[#parts + 1] = text .. (" "):rep(2 * WIDE - utf8.len(text))
  end
  return table.concat(parts)
end

-- As many buckets as there is room for: the first ones go, they are the quick ones, and are told of in the title.
local function fit(counts, lows, width)
  local surplus = math.max(0, #counts - width // WIDE)
  return table.move(counts, surplus + 1, #counts, 1, {}), table.move(lows, surplus + 1, #lows, 1, {}), surplus
end

--- The lines of the distribution, `height` of them, a title first and a scale last.
---@param buckets { low?: integer, high?: integer, count: integer }[]|false|nil nil: not known yet; false: never
---@param width integer
---@param height integer
---@return string[]
function M.lines(buckets, width, height)
  if buckets == false then return { "no distribution: what tells this row from others could not be read" } end
  if not buckets then return { "counting …" } end
  local total = 0
  for _, bucket in ipairs(buckets) do total = total + bucket.count end
  if total == 0 then return { "nothing in this interval" } end
  local counts, lows = spread(buckets)
  local left_out
  counts, lows, left_out = fit(counts, lows, width)
  local lines = { ("%d in this interval: half %s, 90 %% %s, 99 %% %s%s"):format(total, below(buckets, total, 0.5),
    below(buckets, total, 0.9), below(buckets, total, 0.99), left_out > 0 and ", not all shown" or "") }
  local bars = sparkline.lines(counts, height - 2, WIDE)
  for i, bar in ipairs(bars) do lines[i + 1] = bar end
  lines[#lines + 1] = scale(lows)
  return lines
end

return M
