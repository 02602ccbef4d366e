-- SPDX-License-Identifier: MIT
--- ksyms: names of the kernel's functions by address, from /proc/kallsyms, which is read when the first is asked for.

local M = {}

-- Functions as two lists in the order of addresses. A kernel that hides them shows all at 0.
local function load(lines)
  local all = {}
  for line in lines do
    local address, name = line:match "^(%x+) [tTwW] (%S+)"
    local number = address and math.tointeger(tonumber(address, 16))
    if number and number ~= 0 then all[#all + 1] = { number, name } end
  end
  table.sort(all, function(a, b) return math.ult(a[1], b[1]) end)
  return all
end

-- The last one that begins at the address or before it.
local function find(all, address)
  local low, high = 0, #all
  while low < high do
    local middle = (low + high + 1) // 2
    if math.ult(address, all[middle][1]) then high = middle - 1 else low = middle end
  end
  return all[low]
end

--- A function that names addresses: "tcp_v4_rcv+0x1f"; in hexadecimal what has no name.
---@param lines? fun(): string? of /proc/kallsyms, for tests
---@return fun(address: integer): string
function M.new(lines)
  local all
  return function(address)
    if not all then
      local file = not lines and io.open "/proc/kallsyms"
      all = load(lines or file and file:lines() or function() end)
      if file then file:close() end
    end
    local symbol = find(all, address)
    if not symbol then return ("0x%x"):format(address) end
    local offset = address - symbol[1]
    return offset == 0 and symbol[2] or ("%s+0x%x"):format(symbol[2], offset)
  end
end

return M
