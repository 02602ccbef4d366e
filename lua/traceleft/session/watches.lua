-- SPDX-License-Identifier: MIT
--- watches: descriptors of the script's own (a keyboard, a socket) that a run waits for beside its events.

local core = require "traceleft.core"

local M = {}

---@class traceleft.watch
---@field fd integer
---@field fn fun(fd: integer)
---@field package list traceleft.watch[]
local Watch = {}
Watch.__index = Watch

---@class traceleft.watches
---@field list traceleft.watch[]
local Watches = {}
Watches.__index = Watches

--- Nothing to watch yet.
---@return traceleft.watches
function M.new()
  return setmetatable({ list = {} }, Watches)
end

--- Watches the descriptor no more. Do that before it is closed.
function Watch:stop()
  for i, watch in ipairs(self.list) do
    if watch == self then return table.remove(self.list, i) and nil end
  end
end

Watch.__close = Watch.stop

--- Has fn called whenever the descriptor can be read, or its other end is gone.
---@param fd integer
---@param fn fun(fd: integer)
---@return traceleft.watch
function Watches:add(fd, fn)
  local watch = setmetatable({ list = self.list, fd = fd, fn = fn }, Watch)
  self.list[#self.list + 1] = watch
  return watch
end

--- Whether there is anything to watch.
---@return boolean
function Watches:any()
  return #self.list > 0
end

--- Waits until the session has something to do, one of the descriptors can be read, or the time is over.
---@param session traceleft.core.session
---@param timeout integer milliseconds, or -1
---@return table<integer, true>? ready descriptors
---@return string? message
---@return string? name
function Watches:wait(session, timeout)
  local own, ready = session:fd(), {}
  local fds = { own } -- a session that replays has none
  for _, watch in ipairs(self.list) do fds[#fds + 1] = watch.fd end
  local found, message, name = core.wait(fds, timeout)
  if not found and name ~= "EINTR" then return nil, message, name end
  for _, fd in ipairs(found or {}) do ready[fd] = true end
  return ready
end

--- Calls what is to be called, through `call`.
---@param ready table<integer, true>
---@param call fun(fn: function)
---@return boolean any whether anything was
function Watches:fire(ready, call)
  local any = false
  for _, watch in ipairs(table.move(self.list, 1, #self.list, 1, {})) do
    if ready[watch.fd] then
      any = true
      call(function() watch.fn(watch.fd) end)
    end
  end
  return any
end

return M
