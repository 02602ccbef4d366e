-- SPDX-License-Identifier: MIT
--- heatmap: how a distribution changes: time from left to right, the value from below upwards, and the darker the more.
--
--   local map = heatmap.new { title = "duration of syscall.read", unit = "duration" }
--   map:add(from, to, reads:snapshot({ clear = true })[1].value)       -- every now and then
--   file:write(map:svg())

local clock    = require "traceleft.clock"
local quantity = require "traceleft.quantity"
local svg      = require "traceleft.svg.svg"

local M = {}

local WIDTH <const>, LEFT <const>, RIGHT <const>, TOP <const> = 960, 96, 24, 84
local ROW <const> = 24
local COLUMNS_MAX <const> = 240  -- more are put together, so that a file stays small
local TICKS <const>, TICK <const> = 8, 76

---@class traceleft.heatmap
---@field title string
---@field bound fun(number: integer): string
---@field columns { from: integer, to: integer, counts: table<integer, integer>, parts: integer }[]
---@field parts integer of how many `add` a column is made
---@field ranges table<integer, traceleft.heatmap.range> by their place
local Heatmap = {}
Heatmap.__index = Heatmap

---@class traceleft.heatmap.range
---@field low? integer
---@field high? integer

--- A picture without columns. unit: of the values, as in traceleft.quantity.
---@param opts { title: string, unit?: string }
---@return traceleft.heatmap
function M.new(opts)
  return setmetatable({ title = opts.title, bound = quantity.bound(opts.unit), columns = {}, ranges = {}, parts = 1 },
                      Heatmap)
end

-- Buckets are powers of two, so the length of the lower bound in bits is a place in their order.
local function place_of(bucket)
  if not bucket.low then return -1 end
  local place, low = 0, bucket.low
  while low > 0 do place, low = place + 1, low >> 1 end
  return place
end

local function merged(a, b)
  local counts = {}
  for place, count in pairs(a.counts) do counts[place] = count end
  for place, count in pairs(b.counts) do counts[place] = (counts[place] or 0) + count end
  return { from = a.from, to = b.to, counts = counts, parts = a.parts + b.parts }
end

-- Halves the columns: two neighbours become one.
local function halve(columns)
  local list = {}
  for i = 1, #columns, 2 do list[#list + 1] = columns[i + 1] and merged(columns[i], columns[i + 1]) or columns[i] end
  return list
end

-- A column more, or more of the last one. Each stands for the same time, or shades would mean different things.
local function append(self, column)
  local columns = self.columns
  local last = columns[#columns]
  if last and last.parts < self.parts then
    columns[#columns] = merged(last, column)
    return
  end
  columns[#columns + 1] = column
  if #columns <= COLUMNS_MAX then return end
  self.columns, self.parts = halve(columns), self.parts * 2
end

--- Adds what was counted from one time to another (nanoseconds since boot): buckets as a histogram has them, those of
--- several keys one behind the other.
---@param from integer
---@param to integer
---@param buckets { low?: integer, high?: integer, count: integer }[]
function Heatmap:add(from, to, buckets)
  local column = { from = from, to = to, counts = {}, parts = 1 }
  for _, bucket in ipairs(buckets) do
    local place = place_of(bucket)
    column.counts[place] = (column.counts[place] or 0) + bucket.count
    self.ranges[place] = { low = bucket.low, high = bucket.high }
  end
  append(self, column)
end

-- ---- drawing ---------------------------------------------------------------------------------

-- The lowest and the highest place, and the greatest count.
local function extent(self)
  local low, high, most = nil, nil, 0
  for _, column in ipairs(self.columns) do
    for place, count in pairs(column.counts) do
      low, high = math.min(low or place, place), math.max(high or place, place)
      most = math.max(most, count)
    end
  end
  return low, high, most
end

-- The shade of a count: by its root, else one great count makes all others pale.
local function shade(count, most)
  return math.max(1, math.ceil(math.sqrt(count / most) * svg.SHADES))
end

-- The range of a place, known or not.
local function range_of(self, place)
  local known = self.ranges[place]
  if known then return known end
  if place <= 0 then return { low = place == 0 and 0 or nil, high = place + 1 } end
  return { low = 1 << (place - 1), high = 1 << place }
end

local function range_text(self, place)
  local range = range_of(self, place)
  if not range.low then return "below " .. self.bound(range.high) end
  if not range.high then return "from " .. self.bound(range.low) end
  return self.bound(range.low) .. " to " .. self.bound(range.high)
end

local function time_text(ns)
  return clock.text(ns):sub(1, 8)
end

local function draw_cells(self, parts, y_of, most)
  local width = (WIDTH - LEFT - RIGHT) / #self.columns
  for i, column in ipairs(self.columns) do
    local places = {}
    for place in pairs(column.counts) do places[#places + 1] = place end
    table.sort(places)
    for _, place in ipairs(places) do
      local count = column.counts[place]
      if count > 0 then
        local hint = ("%s, %s: %d"):format(time_text(column.from), range_text(self, place), count)
        local class = "h" .. shade(count, most)
        parts[#parts + 1] = svg.box(LEFT + (i - 1) * width, y_of(place), width, ROW - 1, class, hint)
      end
    end
  end
end

-- The bound under each row, and a line.
local function draw_values(self, parts, low, high, y_of)
  for place = low, high do
    local range, y = range_of(self, place), y_of(place) + ROW
    parts[#parts + 1] = svg.line(LEFT, y - 0.5, WIDTH - RIGHT, y - 0.5)
    parts[#parts + 1] = svg.label(LEFT - 8, y + 4, range.low and self.bound(range.low) or "below", "s e")
  end
end

local function draw_times(self, parts, bottom)
  local first, last = self.columns[1].from, self.columns[#self.columns].to
  local room = WIDTH - LEFT - RIGHT
  local ticks = math.max(1, math.min(TICKS, #self.columns, room // TICK))
  for i = 0, ticks - 1 do
    local x = LEFT + room * i / ticks
    parts[#parts + 1] = svg.label(x, bottom + 18, time_text(first + (last - first) * i // ticks), "s")
  end
end

-- Shades and the counts that they begin with.
local function draw_legend(parts, most)
  local x = LEFT
  parts[#parts + 1] = svg.label(x, 62, "events", "s")
  x = x + 48
  for i = 1, svg.SHADES do
    local from = math.ceil(((i - 1) / svg.SHADES) ^ 2 * most)
    parts[#parts + 1] = svg.box(x, 51, 14, 14, "h" .. i)
    parts[#parts + 1] = svg.label(x + 18, 62, ("%d"):format(math.max(1, from)), "s")
    x = x + 30 + 7 * #("%d"):format(math.max(1, from))
  end
end

--- The picture.
---@return string svg
function Heatmap:svg()
  local low, high, most = extent(self)
  local parts = { svg.label(24, 32, self.title, "t") }
  if not low then
    parts[2] = svg.label(24, 62, "nothing was counted", "s")
    return svg.document(WIDTH, TOP, self.title, parts)
  end
  local function y_of(place) return TOP + (high - place) * ROW end
  local bottom = y_of(low) + ROW
  draw_legend(parts, most)
  draw_values(self, parts, low, high, y_of)
  draw_cells(self, parts, y_of, most)
  draw_times(self, parts, bottom)
  return svg.document(WIDTH, bottom + 34, self.title, parts)
end

return M
