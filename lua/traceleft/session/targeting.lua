-- SPDX-License-Identifier: MIT
--- targeting: the part of a session's methods about whose events are wanted, of all that name no target.

local joining      = require "traceleft.request.joining"
local running      = require "traceleft.session.running"
local span         = require "traceleft.session.span"
local subscription = require "traceleft.request.subscription"
local target       = require "traceleft.request.target"

local M = {}

---@class traceleft.session
local Methods = {}
M.methods = Methods

-- Puts what is told who joins and leaves the session's target in the place of what was.
local function rewatch(self, told, selector, own)
  local old, new = self.joining, nil
  if told then
    local message, name
    new, message, name = joining.open(self.core, told, { target = selector, self = own })
    if not new then return nil, message, name end
  end
  self.joining = new
  if old then old:stop() end
  return true
end

-- What is wrong with `on_enter` and `on_leave` of a session's target.
local function wrong_watch(told, selector)
  local wrong = told and (joining.wrong(told) or joining.wrong_target(told, { target = selector }))
  return wrong and "target: " .. wrong
end

--- From now on the target of all subscriptions that name none, those that are there already too. It may have `on_enter`
--- and `on_leave`, as in `on`.
---@param spec traceleft.session_target
---@return boolean? ok
---@return string? message
---@return string? name
function Methods:target(spec)
  local told
  told, spec = joining.split(spec)
  local selector, wrong, refused = target.make(spec)
  if wrong then error(wrong, 2) end
  if not selector then return running.refused(self, refused.message, refused.name) end
  wrong = wrong_watch(told, selector)
  if wrong then error(wrong, 2) end
  local watched, why, errname = rewatch(self, told, selector, spec.self)
  if not watched then return running.refused(self, why, errname) end
  span.retarget(self, selector, spec.self)
  for sub in pairs(self.live) do
    if sub.default then
      local ok, message, name = subscription.set_target(sub, selector, spec.self)
      if not ok then return running.refused(self, message, name) end
    end
  end
  self.defaults = setmetatable({ target = spec }, { __index = self.defaults })
  return true
end

--- Who is a target now: { { pid =, comm =, why = "comm nginx*", subscriptions = { … } }, … }, by pid. A target that
--- only leaves some out, and none at all, is not told: its processes are all the others.
---@return traceleft.member[]? members
---@return string? message
---@return string? name
function Methods:targets()
  local members, message, name = self.core:targets()
  if not members then return nil, message, name end
  for _, member in ipairs(members) do
    local bits, list = member.subs, {}
    member.subs = nil
    for sub in pairs(self.live) do
      if sub.bit and bits & sub.bit ~= 0 then list[#list + 1] = sub end
    end
    member.subscriptions = list
  end
  return members
end

return M
