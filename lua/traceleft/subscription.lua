-- SPDX-License-Identifier: MIT
--- subscription: what `on` returns; the core's subscription, and whether it is still there.

local target = require "traceleft.target"

local M = {}

---@class traceleft.subscription
---@field seen integer records that reached its callback
---@field lost integer records of it that were lost while it was there
---@field errors integer events for which `where` could not be decided: a division by zero
---@field held integer events that the limit held back
local Subscription = {}

local function index(self, key)
  local method = Subscription[key]
  if method or key == "default" or key == "watch" then return method end
  return rawget(self, "core")[key]
end

local meta = { __index = index }

--- Ends it. Harmless when it has ended.
function Subscription:stop()
  if not self.live[self] then return end
  self.live[self] = nil
  self.core:stop()
  if self.watch then self.watch:stop() end
end

--- Lets no events come until `resume`; the kernel does no work for it meanwhile. `on_enter` and `on_leave` go on.
function Subscription:pause()
  return self.core:pause()
end

--- Lets events come again.
---@return boolean? ok
---@return string? message
---@return string? name
function Subscription:resume()
  return self.core:resume()
end

--- Changes one of `vars`, from the next event on.
---@param name string
---@param value integer|string|integer[]|string[]
---@return boolean? ok
---@return string? message
---@return string? errname
function Subscription:set(name, value)
  return self.core:set(name, value)
end

--- Where each clause of `where` runs, and why not earlier: a list of { event =, clause =, where =, why =,
--- instructions = }.
--- code: with the instructions of the programs, as lines.
---@param code? boolean
---@return table[]
function Subscription:explain(code)
  return self.core:explain(code)
end

--- The same with a target as the core takes it. Who joins is told first.
---@param one any
---@param selector table
---@param own? boolean the tracer itself too
---@return boolean? ok
---@return string? message
---@return string? name
function M.set_target(one, selector, own)
  if one.watch then
    local ok, message, name = one.watch:target(selector, own)
    if not ok then return nil, message, name end
  end
  return one.core:target(selector, own)
end

--- Gives a subscription or an aggregate another target; when it is refused the old one stays.
---@param one any
---@param spec traceleft.target
---@return boolean? ok
---@return string? message
---@return string? name
function M.retarget(one, spec)
  local selector, wrong, refused = target.make(spec)
  if wrong then error(wrong, 3) end
  if not selector then return nil, refused.message, refused.name end
  local ok, message, name = M.set_target(one, selector, spec.self)
  if not ok then return nil, message, name end
  one.default = nil
  return true
end

--- Another target from now on. When it is refused the old one stays.
---@param spec traceleft.target
---@return boolean? ok
---@return string? message
---@return string? name
function Subscription:target(spec)
  return M.retarget(self, spec)
end

meta.__close = Subscription.stop

local order = 0

--- Puts a subscription or an aggregate among the live ones; the value is its place in the order in which they were
--- made.
---@param live table<any, integer>
---@param one any
function M.enter(live, one)
  order = order + 1
  live[one] = order
end

--- Wraps a core subscription; it is a key of `live` until it is stopped.
---@param core traceleft.core.subscription
---@param live table<traceleft.subscription, integer>
---@param default? boolean its target is the session's
---@param span? traceleft.span whose ends are its events
---@param watch? traceleft.core.subscription that tells `on_enter` and `on_leave`
---@return traceleft.subscription
function M.new(core, live, default, span, watch)
  local self = setmetatable({ core = core, live = live, default = default, span = span, watch = watch }, meta)
  M.enter(live, self)
  return self
end

return M
