-- SPDX-License-Identifier: MIT
--- top.counting: the aggregates of the view that is shown, and of no other.

local tl   = require "traceleft"
local view = require "traceleft.top.view"

local M = {}

local ROOM <const> = 16384      -- keys, where the view does not say

---@class traceleft.top.counting
---@field aggregates table<string, traceleft.aggregate> by measure
---@field missing { measure: string, what: "full"|"lost", count: integer }[] of the last interval
---@field spread? string the measure that is paused while nobody looks
local Counting = {}
Counting.__index = Counting

local function request(level, one, opts)
  local own = level.view
  local events = one.events or level.events or own.events
  return table.move(events, 1, #events, 1, {
    by = one.by or own.by, value = one.value, size = own.size or ROOM, target = opts.target,
    where = view.all(one.where, level.where, opts.filter),
  })
end

-- What was wrong with a clause, without the place in the program and the lines that show it.
local function reason(message)
  local text = tostring(message):match "^[^\n]*"
  return (text:gsub("^%S-:%d+: ", ""):gsub("^%l+: where: ", ""):gsub("^%l+: ", ""))
end

--- Begins to count. opts: target, filter (a condition that must hold beside those of the view and the level).
---@param level traceleft.top.level
---@param opts { target?: traceleft.target, filter?: string }
---@return traceleft.top.counting?
---@return string? wrong
function M.start(level, opts)
  local self = setmetatable({ aggregates = {}, spread = level.view.spread, missing = {}, said = {} }, Counting)
  for name, one in pairs(level.view.measures) do
    local ok, aggregate, message = pcall(tl[one[1]], request(level, one, opts))
    if not ok or not aggregate then
      self:stop()
      return nil, reason(ok and message or aggregate)
    end
    self.aggregates[name] = aggregate
  end
  return self
end

-- Notes what an aggregate lacks, if that is more than before.
local function note(self, name, what, number)
  local said = self.said[name .. what] or 0
  self.said[name .. what] = number
  if number > said then self.missing[#self.missing + 1] = { measure = name, what = what, count = number - said } end
end

--- What was counted since the last time. What was not is in `missing` then.
---@return table<string, { rows: traceleft.result[], ns: integer }>
function Counting:take()
  local measured = {}
  self.missing = {}
  for name, aggregate in pairs(self.aggregates) do
    local rows, ns = aggregate:snapshot { clear = true }
    measured[name] = { rows = rows, ns = ns }
    note(self, name, "full", aggregate.full)
    note(self, name, "lost", aggregate.lost)
  end
  return measured
end

local function each(self, fn)
  for name, aggregate in pairs(self.aggregates) do fn(aggregate, name) end
end

--- Lets the kernel rest, or has it count again from nothing.
---@param on boolean
---@param spread boolean whether the measure of the distribution is wanted
function Counting:pause(on, spread)
  each(self, function(aggregate, name)
    if on or (name == self.spread and not spread) then return aggregate:pause() end
    aggregate:resume()
    aggregate:clear()
  end)
end

--- Ends it.
function Counting:stop()
  each(self, function(aggregate)
    aggregate:snapshot() -- read once, the end of the program does not print it
    aggregate:stop()
  end)
  self.aggregates = {}
end

return M
