-- SPDX-License-Identifier: MIT
--- Makes the tables of names behind "flags:…" and "enum:…" from battery/constants.lua and the
-- macros of the headers that it names.

local M = {}

local function set(names)
  local members = {}
  for _, name in ipairs(names or {}) do members[name] = true end
  return members
end

local function names_of(domain, macros)
  local names, excluded = {}, set(domain.exclude)
  for name in pairs(macros) do
    if name:find("^" .. domain.prefix .. "[%u%d][%u%d_]*$") and not excluded[name] then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

local function bits(value)
  local n = 0
  while value ~= 0 do n, value = n + 1, value & (value - 1) end
  return n
end

-- One name per value, the first of the alphabet; and no flag that is no bit.
local function distinct(domain, constants, mask)
  local seen, kept = {}, {}
  for _, constant in ipairs(constants) do
    local value = constant.value
    local nothing = domain.flags and value == 0 and mask == 0
    if value and not seen[value] and not nothing then
      seen[value] = true
      kept[#kept + 1] = constant
    end
  end
  return kept
end

-- Flags of several bits come first, so that whoever takes them off bit by bit finds them whole.
local function ordered(domain, constants)
  table.sort(constants, function(a, b)
    local left, right = bits(a.value), bits(b.value)
    if domain.flags and left ~= right then return left > right end
    return a.value < b.value
  end)
  return constants
end

local function wanted(domain, macros)
  local constants = {}
  for _, name in ipairs(domain.names or names_of(domain, macros)) do
    constants[#constants + 1] = { name = name, c = name }
  end
  for _, pair in ipairs(domain.also or {}) do constants[#constants + 1] = { name = pair[1], c = pair[2] } end
  return constants
end

---@param domain table an entry of battery/constants.lua
---@param macros table<string, string> of its headers
---@param values fun(expressions: string[]): integer[] what they are worth with those headers
---@return table domain { name, flags, mask, constants = { { name, value }… } }
function M.resolve(domain, macros, values)
  if domain.kernel then
    return { name = domain.name, flags = false, mask = 0, constants = {}, kernel = domain.kernel, prefix = domain.prefix }
  end
  local constants, expressions = wanted(domain, macros), {}
  if #constants == 0 then
    error(("constants.lua: %s: no name in <%s> begins with %s")
      :format(domain.name, table.concat(domain.headers, ">, <"), domain.prefix), 0)
  end
  for i, constant in ipairs(constants) do expressions[i] = constant.c end
  expressions[#expressions + 1] = domain.mask
  local worth = values(expressions)
  for i, constant in ipairs(constants) do constant.value = worth[i] end
  local mask = domain.mask and worth[#expressions] or 0
  return { name = domain.name, flags = domain.flags or false, mask = mask,
           constants = ordered(domain, distinct(domain, constants, mask)) }
end

---The domain that a definition declares itself.
---@param name string
---@param values table { { "established", 1 }, … }
---@param flags boolean whether they are bits
---@return table domain
function M.own(name, values, flags)
  local constants = {}
  for i, value in ipairs(values) do
    constants[i] = { name = value[1], c = tostring(value[2]), value = value[2] }
  end
  return { name = name, flags = flags, mask = 0, constants = constants, own = true }
end

return M
