-- SPDX-License-Identifier: MIT
--- definition: what something was asked for, as text: for people, and to tell whether two were asked for the same.

local M = {}

local DEEPEST <const> = 16

-- The lines of a file that a function is on.
local function lines_of(info)
  local file = info.source:sub(1, 1) == "@" and io.open(info.source:sub(2), "r")
  if not file then return nil end
  local lines, number = {}, 0
  for line in file:lines() do
    number = number + 1
    if number >= info.linedefined and number <= info.lastlinedefined then lines[#lines + 1] = line end
  end
  file:close()
  return table.concat(lines, "\n")
end

-- Functions of the same text that know nothing but their arguments and globals are the same.
local function function_text(fn)
  local first, second = debug.getupvalue(fn, 1), debug.getupvalue(fn, 2)
  local text = not second and (not first or first == "_ENV") and lines_of(debug.getinfo(fn, "S"))
  return text and "function " .. text or tostring(fn)
end

local exact

local function sorted_keys(value)
  local keys = {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if type(a) ~= type(b) then return type(a) < type(b) end
    if type(a) == "number" or type(a) == "string" then return a < b end
    return tostring(a) < tostring(b)
  end)
  return keys
end

local function table_text(value, depth)
  if getmetatable(value) then return tostring(value.definition or value) end
  if depth > DEEPEST then return tostring(value) end
  local parts = {}
  for i, key in ipairs(sorted_keys(value)) do
    parts[i] = ("[%s]=%s"):format(exact(key, depth + 1), exact(value[key], depth + 1))
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

function exact(value, depth)
  local kind = type(value)
  if kind == "table" then return table_text(value, depth) end
  if kind == "function" then return function_text(value) end
  return kind == "string" and ("%q"):format(value) or tostring(value)
end

--- Text that is the same for two values exactly if they mean the same: tables with the same in them, functions of the
--- same text in files that know nothing but their arguments.
---@param value any
---@return string
function M.exact(value)
  return exact(value, 0)
end

local function words(value)
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  for i, key in ipairs(sorted_keys(value)) do
    local text = type(value[key]) == "table" and "(" .. words(value[key]) .. ")" or words(value[key])
    if math.type(key) ~= "integer" then text = value[key] == true and key or ("%s %s"):format(key, text) end
    parts[i] = text
  end
  return table.concat(parts, ", ")
end

--- The same for people: "comm php*, no (uid 0)".
---@param value any
---@return string
function M.words(value)
  return words(value)
end

return M
