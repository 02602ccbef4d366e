-- SPDX-License-Identifier: MIT
--- clock: times of events as wall-clock text.

local core = require "traceleft.core"

local M = {}

local last_second, last_text

--- "14:03:59.123456" of nanoseconds since boot, in local time.
---@param ns integer
---@return string
function M.text(ns)
  local second, rest = core.wall(ns)
  if second ~= last_second then
    last_second, last_text = second, os.date("%H:%M:%S", second)
  end
  return ("%s.%06d"):format(last_text, rest // 1000)
end

return M
