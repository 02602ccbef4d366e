-- SPDX-License-Identifier: MIT
--- timers: functions to be called later, and when the next one is due. Times are nanoseconds since boot.

local origin = require "traceleft.request.origin"

local M = {}

---@class traceleft.timer
---@field package list traceleft.timer[]
---@field at integer when it is due
---@field period? integer
---@field fn function
---@field title? string "every 1.00 s"
---@field place? string where in a script it was made: "x.lua:12"
local Timer = { __name = "traceleft.timer" }
Timer.__index = Timer

---@class traceleft.timers
---@field list traceleft.timer[]
local Timers = {}
Timers.__index = Timers

--- No timers yet.
---@return traceleft.timers
function M.new()
  return setmetatable({ list = {} }, Timers)
end

--- Takes the timer back: its function is not called any more.
function Timer:stop()
  for i, timer in ipairs(self.list) do
    if timer == self then return table.remove(self.list, i) and nil end
  end
end

Timer.__close = Timer.stop

--- Adds a timer that is due at a time, and then once each period if there is one.
---@param at integer
---@param period? integer
---@param fn function
---@return traceleft.timer
function Timers:add(at, period, fn)
  local timer = setmetatable({ list = self.list, at = at, period = period, fn = fn }, Timer)
  self.list[#self.list + 1] = origin.mark(timer)
  return timer
end

--- When the first timer is due, nil without timers.
---@return integer?
function Timers:next()
  local first
  for _, timer in ipairs(self.list) do
    if not first or timer.at < first then first = timer.at end
  end
  return first
end

local function earlier(a, b)
  return a.at < b.at
end

-- The timers that are due, the earliest first.
local function due(self, now)
  local list = {}
  for _, timer in ipairs(self.list) do
    if timer.at <= now then list[#list + 1] = timer end
  end
  table.sort(list, earlier)
  return list
end

local function is_listed(self, wanted)
  for _, timer in ipairs(self.list) do
    if timer == wanted then return true end
  end
  return false
end

--- Calls what is due, through `call`. A timer that is late by several periods is called once.
---@param now integer
---@param call fun(fn: function)
---@return boolean any whether any was due
function Timers:fire(now, call)
  local list = due(self, now)
  for _, timer in ipairs(list) do
    if is_listed(self, timer) then
      if timer.period then timer.at = math.max(timer.at + timer.period, now + 1) else timer:stop() end
      call(timer.fn)
    end
  end
  return #list > 0
end

return M
