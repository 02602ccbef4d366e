-- SPDX-License-Identifier: MIT
--- net: internet addresses as text, and networks to hold them against.

local M = {}

--- Address and port as one reads them: "10.0.0.1:80", "[::1]:80".
---@param address? string
---@param port? integer
---@return string
function M.endpoint(address, port)
  address = address or "?"
  local host = address:find(":", 1, true) and "[" .. address .. "]" or address
  return host .. ":" .. (port and ("%d"):format(port) or "?")
end

local function v4_bytes(text)
  local parts = { text:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$") }
  if #parts ~= 4 then return nil end
  for i, part in ipairs(parts) do
    parts[i] = tonumber(part)
    if #part > 3 or parts[i] > 255 then return nil end
  end
  return string.char(table.unpack(parts))
end

-- The bytes of "a:b:c", which may be empty and may end with a v4 address; nil if it is none.
local function group_bytes(text)
  local parts = {}
  if text == "" then return "" end
  if text:find("^:") or text:find(":$") or text:find("::", 1, true) then return nil end
  for group in text:gmatch("[^:]+") do
    local number = group:match("^%x%x?%x?%x?$") and tonumber(group, 16)
    local bytes = number and string.pack(">I2", number) or v4_bytes(group)
    if not bytes then return nil end
    parts[#parts + 1] = bytes
  end
  return table.concat(parts)
end

local function v6_bytes(text)
  local before, after = text:match("^(.-)::(.*)$")
  if not before then
    local bytes = group_bytes(text)
    return bytes and #bytes == 16 and bytes or nil
  end
  local head, tail = group_bytes(before), group_bytes(after)
  if not head or not tail or #head + #tail > 14 then return nil end
  return head .. ("\0"):rep(16 - #head - #tail) .. tail
end

local MAPPED = ("\0"):rep(10) .. "\xff\xff"

-- 4 or 16 bytes in network order; a mapped v4 address is a v4 address.
local function address_bytes(text)
  local bytes = v4_bytes(text) or v6_bytes(text)
  return bytes and #bytes == 16 and bytes:sub(1, 12) == MAPPED and bytes:sub(13) or bytes
end

---@class traceleft.network
---@field bytes string
---@field bits integer

--- A network of "10.0.0.0/8", "2001:db8::/32", or of one address.
---@param text string
---@return traceleft.network? network
---@return string? message
function M.network(text)
  local address, bits = text:match("^([%x:.]+)/(%d+)$")
  local bytes = address_bytes(address or text)
  local most = bytes and #bytes * 8
  if not bytes or tonumber(bits or 0) > most then
    return nil, ("'%s' is no address; write it as 10.0.0.1, 10.0.0.0/8, ::1 or 2001:db8::/32"):format(text)
  end
  return { bytes = bytes, bits = math.tointeger(tonumber(bits)) or most }
end

--- Whether the address lies in the network.
---@param network traceleft.network
---@param address? string
---@return boolean
function M.contains(network, address)
  local bytes = address and address_bytes(address)
  if not bytes or #bytes ~= #network.bytes then return false end
  local whole, rest = network.bits // 8, network.bits % 8
  if bytes:sub(1, whole) ~= network.bytes:sub(1, whole) then return false end
  if rest == 0 then return true end
  return bytes:byte(whole + 1) >> (8 - rest) == network.bytes:byte(whole + 1) >> (8 - rest)
end

--- Whether either side of an event's connection lies in the network.
---@param network traceleft.network
---@param event traceleft.event
---@return boolean
function M.touches(network, event)
  return M.contains(network, event.saddr) or M.contains(network, event.daddr)
end

return M
