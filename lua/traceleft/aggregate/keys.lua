-- SPDX-License-Identifier: MIT
--- keys: what an aggregate counts by: lists of values with their number in `n`, since any of them may be missing.

local M = {}

---@class traceleft.key
---@field n integer
---@field [integer] any

local RANKS = { ["nil"] = 0, boolean = 1, number = 2, string = 3 }

-- Lists (arguments of a program) by what is in them: two with the same are the same key.
local function text_of(value)
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  for i, element in ipairs(value) do parts[i] = ("%d:%s"):format(#tostring(element), tostring(element)) end
  return table.concat(parts)
end

--- One string for the key, another one for any other key.
---@param key traceleft.key
---@param cut? table<integer, boolean> which of the values are cut: text that is cut is not the same as the whole one
---@return string
function M.pack(key, cut)
  local parts = {}
  for i = 1, key.n do
    local text = text_of(key[i])
    parts[i] = ("%s%s%d:%s"):format(type(key[i]):sub(1, 1), cut and cut[i] and "…" or "", #text, text)
  end
  return table.concat(parts)
end

local function less_value(a, b)
  local kind, other = type(a), type(b)
  if kind ~= other then return (RANKS[kind] or 4) < (RANKS[other] or 4) end
  if kind == "number" then return a < b end
  return text_of(a) < text_of(b)
end

--- Whether a comes before b: missing values, then booleans, numbers and text, each in its own order.
---@param a traceleft.key
---@param b traceleft.key
---@return boolean
function M.less(a, b)
  for i = 1, math.max(a.n, b.n) do
    if less_value(a[i], b[i]) then return true end
    if less_value(b[i], a[i]) then return false end
  end
  return a.n < b.n
end

--- The values one by one, "-" for what is missing: a `for` would end there.
---@param key traceleft.key
---@return any ...
function M.unpack(key)
  local values = { table.unpack(key, 1, key.n) }
  for i = 1, key.n do
    if values[i] == nil then values[i] = "-" end
  end
  return table.unpack(values, 1, key.n)
end

return M
