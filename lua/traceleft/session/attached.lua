-- SPDX-License-Identifier: MIT
--- attached: the part of a session's methods for who wants to see what there is, and to exchange it: the REPL, and
--- whatever else lets a script be loaded again while it runs.

local origin = require "traceleft.request.origin"

local M = {}

---@class traceleft.session
local Methods = {}
M.methods = Methods

--- All that was made and has not been stopped, in the order in which it was made: subscriptions, aggregates, spans and
--- timers. Each has `stop`, `title`, `place` (where in a script it was made) and `order`.
---@return table[]
function Methods:attached()
  local list = table.move(self.spans, 1, #self.spans, 1, {})
  for one in pairs(self.live) do list[#list + 1] = one end
  table.move(self.loop.timers.list, 1, #self.loop.timers.list, #list + 1, list)
  table.sort(list, function(a, b) return a.order < b.order end)
  return list
end

--- From now on an aggregate or a span that is asked for exactly as one of these goes on as that one, with what it has
--- counted. nil: no more. What was made of them is returned.
---@private
---@param heirs? (traceleft.aggregate|traceleft.span)[]
---@return table<traceleft.aggregate|traceleft.span, true> taken since the last call
function Methods:inherit(heirs)
  local taken = self.taken or {}
  self.heirs, self.taken = heirs, {}
  return taken
end

local function is_span(self, one)
  for _, span in ipairs(self.spans) do
    if span == one then return true end
  end
  return false
end

--- The one of `inherit` that was asked for in the same way.
---@param self traceleft.session
---@param definition string
---@return (traceleft.aggregate|traceleft.span)?
function M.heir(self, definition)
  for _, one in ipairs(self.heirs or {}) do
    if one.definition == definition and (self.live[one] or is_span(self, one)) and not self.taken[one] then
      self.taken[one] = true
      origin.mark(one)
      return one
    end
  end
end

--- Takes back the functions of `at_exit` for which that is true; they have `sources` and `order`.
---@private
---@param drop fun(exit: table): boolean
---@return function[] taken
function Methods:forget_exits(drop)
  local left, taken = {}, {}
  for _, exit in ipairs(self.loop.exits) do
    local list = drop(exit) and taken or left
    list[#list + 1] = drop(exit) and exit.fn or exit
  end
  self.loop.exits = left
  return taken
end

return M
