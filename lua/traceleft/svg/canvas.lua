-- SPDX-License-Identifier: MIT
--- canvas: the file of --svg, on which an aggregate is drawn at the end: bars, or how a histogram changes with time.
--
--   local canvas = canvas.open("reads.svg", reads, true)
--   canvas:add(reads:snapshot { clear = true })       -- every now and then
--   canvas:draw()

local core = require "traceleft.core"
local exit = require "traceleft.exit"
local out  = require "traceleft.out"

local M = {}

---@class traceleft.canvas
---@field file file*
---@field aggregate traceleft.aggregate
---@field heatmap? traceleft.heatmap
local Canvas = {}
Canvas.__index = Canvas

-- The buckets of all keys, one behind the other.
local function buckets_of(rows)
  local all = {}
  for _, row in ipairs(rows) do table.move(row.value, 1, #row.value, #all + 1, all) end
  return all
end

--- Opens the file, so that a name that cannot be written ends the program now and not after the run.
---@param path string
---@param aggregate traceleft.aggregate
---@param over_time boolean a heat map of what `add` is given; only of hist
---@return traceleft.canvas
function M.open(path, aggregate, over_time)
  local file, message = io.open(path, "w")
  if not file then exit.raise(1, "--svg: " .. message) end
  out.name(file, path)
  local heatmap = over_time and aggregate:heatmap() or nil
  return setmetatable({ file = file, aggregate = aggregate, heatmap = heatmap }, Canvas)
end

--- Adds what a `snapshot` that began anew has returned.
---@param rows traceleft.result[]
---@param ns integer
function Canvas:add(rows, ns)
  local now = core.clock()
  if self.heatmap then self.heatmap:add(now - ns, now, buckets_of(rows)) end
end

--- Draws it and closes the file.
---@param rows? traceleft.result[] for bars, instead of reading
function Canvas:draw(rows)
  out.write(self.file, self.heatmap and self.heatmap:svg() or self.aggregate:svg { rows = rows })
  out.flush()
  self.file:close()
end

return M
