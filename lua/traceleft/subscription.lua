-- SPDX-License-Identifier: MIT
--- subscription: what `on` returns; the core's subscription, and whether it is still there.

local target = require "traceleft.target"

local M = {}

---@class traceleft.subscription
---@field seen integer records that reached its callback
---@field lost integer records of it that were lost while it was there
local Subscription = {}

local function index(self, key)
  local method = Subscription[key]
  if method or key == "default" then return method end
  return rawget(self, "core")[key]
end

local meta = { __index = index }

--- Ends it. Harmless when it has ended.
function Subscription:stop()
  if not self.live[self] then return end
  self.live[self] = nil
  self.core:stop()
end

--- Lets no events come until `resume`; the kernel does no work for it meanwhile.
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

--- Another target from now on. When it is refused the old one stays.
---@param spec traceleft.target
---@return boolean? ok
---@return string? message
---@return string? name
function Subscription:target(spec)
  local selector, wrong, refused = target.make(spec)
  if wrong then error(wrong, 2) end
  if not selector then return nil, refused.message, refused.name end
  local ok, message, name = self.core:target(selector, spec.self)
  if not ok then return nil, message, name end
  self.default = nil
  return true
end

meta.__close = Subscription.stop

--- Wraps a core subscription; it is a key of `live` until it is stopped.
---@param core traceleft.core.subscription
---@param live table<traceleft.subscription, true>
---@param default? boolean its target is the session's
---@return traceleft.subscription
function M.new(core, live, default)
  local self = setmetatable({ core = core, live = live, default = default }, meta)
  live[self] = true
  return self
end

return M
