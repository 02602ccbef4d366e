-- SPDX-License-Identifier: MIT
--- duration: spans of time, read from what people type and written as they read.

local M = {}

local SECONDS = { ns = 1e-9, us = 1e-6, ["µs"] = 1e-6, ms = 1e-3, s = 1, m = 60, min = 60, h = 3600, d = 86400 }

--- Seconds of a number (seconds) or of a text: "10", "10s", "500ms", "1.5h".
---@param value number|string
---@return number? seconds
---@return string? message
function M.parse(value)
  if type(value) == "number" then
    if value >= 0 and value < math.huge then return value end
  elseif type(value) == "string" then
    local number, unit = value:match("^(%d+%.?%d*)%s*([%aµ]*)$")
    local factor = number and (unit == "" and 1 or SECONDS[unit])
    if factor then return tonumber(number) * factor end
  end
  return nil, ("'%s' is no duration; write it as 10, 10s, 500ms or 1.5h"):format(tostring(value))
end

-- "2 min 05 s", "3 h 12 min"
local function long(seconds)
  seconds = math.floor(seconds + 0.5)
  if seconds < 7200 then return ("%d min %02d s"):format(seconds // 60, seconds % 60) end
  return ("%d h %02d min"):format(seconds // 3600, seconds % 3600 // 60)
end

--- Text of nanoseconds, with three significant digits: "870 ns", "12.3 µs", "1.20 ms", "4.50 s", "2 min 05 s".
---@param ns integer
---@return string
function M.text(ns)
  if ns < 1000 then return ("%d ns"):format(ns) end
  local value = ns / 1000
  for _, unit in ipairs { "µs", "ms", "s" } do
    if value < 9.995 then return ("%.2f %s"):format(value, unit) end
    if value < 99.95 then return ("%.1f %s"):format(value, unit) end
    if value < (unit == "s" and 119.5 or 999.5) then return ("%.0f %s"):format(value, unit) end
    if unit ~= "s" then value = value / 1000 end
  end
  return long(value)
end

--- Text of nanoseconds that takes little room: "870ns", "1.2µs", "12µs", "1.2ms", "4.5s", "2min05s".
---@param ns integer
---@return string
function M.short(ns)
  if ns < 1000 then return ("%dns"):format(ns) end
  if ns < 9950 then return ("%.1fµs"):format(ns / 1000) end
  if ns < 999500 then return ("%.0fµs"):format(ns / 1000) end
  if ns < 9950000 then return ("%.1fms"):format(ns / 1e6) end
  if ns < 999500000 then return ("%.0fms"):format(ns / 1e6) end
  if ns < 9950000000 then return ("%.1fs"):format(ns / 1e9) end
  if ns < 119500000000 then return ("%.0fs"):format(ns / 1e9) end
  return (long(ns / 1e9):gsub(" ", ""))
end

return M
