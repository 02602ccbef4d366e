-- SPDX-License-Identifier: MIT
--- json: values and events as JSON text, valid UTF-8 whatever the bytes were. (Reading JSON is not its job.)
--
-- A string that is no UTF-8 gets U+FFFD for each bad byte, and beside it NAME_bytes with all its bytes in hex, so
-- nothing is lost. A table with a first element, or with none at all, is a list.

local units = require "traceleft.units"

local M = {}

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r",
                  ["\b"] = "\\b", ["\f"] = "\\f" }
local FIRST = { "event", "time", "pid", "tid", "ppid", "uid", "gid", "comm", "cpu", "cgroup" }
local NONE = { fields = {} }

local plans = setmetatable({}, { __mode = "k" })

local encode

local function repair(text)
  local parts, from = {}, 1
  repeat
    local ok, bad = utf8.len(text, from)
    parts[#parts + 1] = text:sub(from, ok and -1 or bad - 1)
    parts[#parts + 1] = not ok and "\u{fffd}" or nil
    from = (bad or #text) + 1
  until ok
  return table.concat(parts)
end

local function escape(char)
  return ESCAPES[char] or ("\\u%04x"):format(char:byte())
end

local function encode_string(text)
  if not text:find '[^ !#-%[%]-~]' then return '"' .. text .. '"' end
  if not utf8.len(text) then text = repair(text) end
  return '"' .. text:gsub('[%c"\\\x7f]', escape) .. '"'
end

local function encode_number(number)
  if math.type(number) == "integer" then return ("%d"):format(number) end
  if number ~= number or number == math.huge or number == -math.huge then return "null" end
  return ("%.17g"):format(number)
end

local function encode_list(list)
  local parts = {}
  for i, value in ipairs(list) do parts[i] = encode(value) end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function hex(text)
  return (text:gsub(".", function(char) return ("%02x"):format(char:byte()) end))
end

local function is_bad(text)
  return type(text) == "string" and not utf8.len(text)
end

-- Hex of the bytes of a string, or of each string of a list, if any of them is no UTF-8.
local function bytes_of(value)
  if type(value) ~= "table" then return is_bad(value) and hex(value) or nil end
  local list, any = {}, false
  for i, text in ipairs(value) do
    if type(text) ~= "string" then return nil end
    any = any or is_bad(text)
    list[i] = hex(text)
  end
  return any and list or nil
end

-- Adds `"key":value`; text is that of the value as JSON.
local function add_text(parts, key, name, value, text)
  parts[#parts + 1] = name .. ":" .. text
  local bytes = type(value) ~= "number" and bytes_of(value)
  if bytes then parts[#parts + 1] = encode_string(key .. "_bytes") .. ":" .. encode(bytes) end
end

local function by_text(a, b)
  return tostring(a) < tostring(b)
end

-- Adds the members that are not known, in the order of the alphabet.
local function add_others(parts, object, known)
  local keys = {}
  for key in pairs(object) do
    if not known[key] then keys[#keys + 1] = key end
  end
  table.sort(keys, by_text)
  for _, key in ipairs(keys) do
    add_text(parts, key, encode_string(tostring(key)), object[key], encode(object[key]))
  end
end

local function encode_object(object)
  local parts = {}
  add_others(parts, object, {})
  return "{" .. table.concat(parts, ",") .. "}"
end

function encode(value)
  local kind = type(value)
  if kind == "string" then return encode_string(value) end
  if kind == "number" then return encode_number(value) end
  if kind ~= "table" then return kind == "boolean" and tostring(value) or "null" end
  if value[1] ~= nil or next(value) == nil then return encode_list(value) end
  return encode_object(value)
end

--- JSON of any value; the members of an object in alphabetical order.
---@param value any
---@return string
function M.encode(value)
  return encode(value)
end

-- ---- tables whose members are known ------------------------------------------------------------

local planned

-- How the value of a field is written: what differs from any value of its type.
local function encoder(field)
  if field.type == "u64" then
    return function(value) return math.type(value) == "integer" and units.unsigned(value) or encode(value) end
  end
  if field.type ~= "array" then return encode end
  local plan = planned({}, field.members or {})
  return function(rows)
    if type(rows) ~= "table" then return encode(rows) end
    local parts = {}
    for i, row in ipairs(rows) do parts[i] = plan.encode(row) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
end

local function add_to_plan(plan, key, encode_value)
  local known = plan.known[key]
  if not known then
    known = { key = key, name = encode_string(key) }
    plan.known[key], plan[#plan + 1] = known, known
  end
  known.encode = encode_value
end

local function object_text(object, plan)
  local parts = {}
  for _, member in ipairs(plan) do
    local value = object[member.key]
    if value ~= nil then add_text(parts, member.key, member.name, value, member.encode(value)) end
  end
  add_others(parts, object, plan.known)
  return "{" .. table.concat(parts, ",") .. "}"
end

-- What is written of tables with these fields, in which order: those of the names first.
function planned(names, fields)
  local plan = { known = {} }
  for _, name in ipairs(names) do add_to_plan(plan, name, encode) end
  for _, field in ipairs(fields) do add_to_plan(plan, field.name, encoder(field)) end
  plan.encode = function(object) return object_text(object, plan) end
  return plan
end

--- JSON of an event: one line, what all events have first, then its own fields in their order.
---@param event traceleft.event
---@param description? traceleft.description from `describe`: gives the order, and which numbers are unsigned
---@return string
function M.event(event, description)
  description = description or NONE
  local plan = plans[description]
  if not plan then
    plan = planned(FIRST, description.fields)
    plans[description] = plan
  end
  return plan.encode(event)
end

return M
