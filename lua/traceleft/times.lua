-- SPDX-License-Identifier: MIT
--- times: an event's time as a person wants to see it: on the clock, from the first event on, or since the last one.

local clock = require "traceleft.clock"

local M = {}

-- Seconds of nanoseconds, exact to the microsecond: an event of another CPU may be a little older than the last.
local function seconds(ns)
  local micros = ns < 0 and -(-ns // 1000) or ns // 1000
  return ("%s%d.%06d"):format(micros < 0 and "-" or "", math.abs(micros) // 1000000, math.abs(micros) % 1000000)
end

local MAKE = {
  wall = function() return clock.text end,
  relative = function()
    local first
    return function(ns)
      first = first or ns
      return seconds(ns - first)
    end
  end,
  delta = function()
    local last
    return function(ns)
      local text = seconds(ns - (last or ns))
      last = ns
      return text
    end
  end,
}

--- The kinds there are.
---@type string[]
M.KINDS = { "wall", "relative", "delta" }

--- A function that makes the text of times in nanoseconds since boot, asked once for each event in their order:
--- "14:03:59.123456" of wall, "0.002133" of the others.
---@param kind? string "wall" without it
---@return fun(ns: integer): string
function M.teller(kind)
  return MAKE[kind or "wall"]()
end

return M
