-- SPDX-License-Identifier: MIT
--- histogram: buckets drawn as bars.
--
--   [256, 512)         12 |@@@@                                              |
--   [512, 1K)         130 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
--   [1K, 2K)            3 |@                                                 |

local M = {}

local BAR_MAX <const>, BAR_MIN <const> = 52, 10
local GAP_MAX <const> = 2      -- empty buckets in a row that have a line each, where there may be very many

-- "[4, 8)"; a bucket of one number is "[5]".
local function label(bucket, bound)
  if not bucket.low then return ("(…, %s)"):format(bound(bucket.high)) end
  if not bucket.high then return ("[%s, …)"):format(bound(bucket.low)) end
  if bucket.high - bucket.low == 1 then return ("[%s]"):format(bound(bucket.low)) end
  return ("[%s, %s)"):format(bound(bucket.low), bound(bucket.high))
end

local function add_empty(list, low, high)
  list[#list + 1] = { low = low, high = high, count = 0 }
end

-- Adds what is empty between two buckets: each power of two, or of buckets with the same width a few and "…" for more.
local function add_gap(list, from, to, step)
  if not step then
    while from < to do
      local high = math.max(1, from * 2)
      add_empty(list, from, high)
      from = high
    end
  elseif (to - from + step - 1) // step > GAP_MAX then
    list[#list + 1] = { gap = true }
  else
    for low = from, to - 1, step do add_empty(list, low, math.min(low + step, to)) end
  end
end

-- The buckets with the empty ones between them.
local function without_gaps(buckets, step)
  local list, last = {}, nil
  for _, bucket in ipairs(buckets) do
    local from, to = last and last.high, bucket.low
    if from and to and from < to then add_gap(list, from, to, step) end
    list[#list + 1] = bucket
    last = bucket
  end
  return list
end

-- Labels and counts, and how wide they are.
local function cells(list, bound)
  local rows, width, digits, most = {}, 0, 0, 0
  for i, bucket in ipairs(list) do
    local row = bucket.gap and { label = "…" } or { label = label(bucket, bound), count = ("%d"):format(bucket.count) }
    rows[i] = row
    width, digits = math.max(width, utf8.len(row.label)), math.max(digits, #(row.count or ""))
    most = math.max(most, bucket.count or 0)
  end
  return rows, width, digits, most
end

-- No more than `most` is more than 0; its bar is the whole one.
local function bar(count, most, room)
  local length = math.floor(count / most * room)
  return "|" .. ("@"):rep(length) .. (" "):rep(room - length) .. "|"
end

--- Labels and counts of the buckets, the empty ones between them too; what stands for many empty ones has no count.
---@param buckets { low?: integer, high?: integer, count: integer }[] in their order
---@param bound fun(number: integer): string
---@param step? integer
---@return { label: string, count?: integer }[]
function M.rows(buckets, bound, step)
  local rows = {}
  for i, bucket in ipairs(without_gaps(buckets, step)) do
    rows[i] = bucket.gap and { label = "…" } or { label = label(bucket, bound), count = bucket.count }
  end
  return rows
end

--- The lines of a histogram.
---@param buckets { low?: integer, high?: integer, count: integer }[] in their order, one at least
---@param bound fun(number: integer): string makes the text of a bound
---@param width integer of the lines
---@param step? integer width of each bucket; without it they are powers of two
---@return string
function M.text(buckets, bound, width, step)
  local list = without_gaps(buckets, step)
  local rows, labels, digits, most = cells(list, bound)
  digits = math.max(digits, 8)
  local room = math.max(BAR_MIN, math.min(BAR_MAX, width - labels - digits - 4))
  local lines = {}
  for i, row in ipairs(rows) do
    local name = row.label .. (" "):rep(labels - utf8.len(row.label))
    lines[i] = row.count and ("%s %s%s %s\n"):format(name, (" "):rep(digits - #row.count), row.count,
                                                     bar(list[i].count, most, room)) or row.label .. "\n"
  end
  return table.concat(lines)
end

return M
