-- SPDX-License-Identifier: MIT
--- units: sizes and counts, as people read and type them.

local M = {}

local PREFIXES = { "K", "M", "G", "T", "P", "E" }

--- Text of a number of bytes: "17 B", "4.0 KiB", "1.5 MiB".
---@param bytes integer
---@return string
function M.bytes(bytes)
  if bytes < 1024 then return ("%d B"):format(bytes) end
  local value = bytes
  for i, prefix in ipairs(PREFIXES) do
    value = value / 1024
    if value < 1023.95 or i == #PREFIXES then return ("%.1f %siB"):format(value, prefix) end
  end
end

--- The same in five cells: "17", "4.0K", "17M".
---@param bytes integer
---@return string
function M.short_bytes(bytes)
  if bytes < 1024 then return ("%d"):format(bytes) end
  local value = bytes
  for i, prefix in ipairs(PREFIXES) do
    value = value / 1024
    if value < 9.95 then return ("%.1f%s"):format(value, prefix) end
    if value < 1023.5 or i == #PREFIXES then return ("%.0f%s"):format(value, prefix) end
  end
end

--- Bytes of a number or of a text with a power of 1024 behind it: 4096, "64K", "16M", "1G".
---@param value integer|string
---@return integer? bytes
---@return string? message
function M.parse_bytes(value)
  local number, prefix = tostring(value):upper():match("^(%d+)%s*([KMGT]?)I?B?$")
  if not number or not math.tointeger(tonumber(number)) then
    return nil, ("'%s' is no size; write it as 4096, 64K or 16M"):format(tostring(value))
  end
  local power = prefix == "" and 0 or ("KMGT"):find(prefix, 1, true)
  return tonumber(number) << (10 * power)
end

--- Text of an unsigned 64-bit number, which Lua holds as a signed one.
---@param number integer
---@return string
function M.unsigned(number)
  if math.type(number) == "float" or number >= 0 then return ("%d"):format(number) end
  local tenth = (number >> 1) // 5
  return ("%d%d"):format(tenth, number - tenth * 10)
end

return M
