-- SPDX-License-Identifier: MIT
--- top.counting: the aggregates of the view that is shown, and of no other.

local tl   = require "traceleft"
local view = require "traceleft.top.view"

local M = {}

local ROOM <const> = 16384      -- keys, where the view does not say

---@class traceleft.top.counting
---@field view traceleft.top.view
---@field aggregates table<string, traceleft.aggregate> by measure
---@field missing { measure: string, what: "full"|"lost", count: integer }[] of the last interval
---@field spread? string the measure that is paused while nobody looks
local Counting = {}
Counting.__index = Counting

-- For a measure of the selected row: "pid == selected_pid".
local function of_selected(one)
  local parts = {}
  for i, name in ipairs(one.selected or {}) do parts[i] = ("%s == selected_%s"):format(name, name) end
  return view.all(table.unpack(parts))
end

-- The variables of such a measure. A row that there cannot be, before there is one.
local function variables(own, one, row)
  local vars = {}
  for _, name in ipairs(one.selected) do
    for i, by in ipairs(own.by) do
      if by == name then vars["selected_" .. name] = row and row.key[i] or name == "comm" and "" or -1 end
    end
  end
  return vars
end

local function request(level, one, opts)
  local own = level.view
  local events = one.events or level.events or own.events
  return table.move(events, 1, #events, 1, {
    by = not one.selected and (one.by or own.by) or nil, value = one.value, size = own.size or ROOM,
    vars = one.selected and variables(own, one) or nil, target = opts.target,
    where = view.all(one.where, of_selected(one), level.where, opts.filter),
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
  local self = setmetatable({ view = level.view, spread = level.view.spread, aggregates = {}, missing = {}, said = {} },
                            Counting)
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
    local rows, ns = aggregate:snapshot { clear = true, sort = false }
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

--- Lets the measures of the selected row count for this one.
---@param row? traceleft.top.row
function Counting:select(row)
  for name, aggregate in pairs(self.aggregates) do
    local one = self.view.measures[name]
    if one.selected then
      for variable, value in pairs(variables(self.view, one, row)) do aggregate:set(variable, value) end
      aggregate:clear()
    end
  end
end

--- Ends it.
function Counting:stop()
  each(self, function(aggregate) aggregate:drop() end)
  self.aggregates = {}
end

return M
