-- SPDX-License-Identifier: MIT
--- meanings: what the clauses of an aggregate mean, so that its keys and values are shown as those of events are.
--
-- A clause that is nothing but the name of a field means what the field means, if it means the same in all events that
-- have it, or if the event is part of the key. Sums of fields have their unit, and durations through a thousand, a
-- million or a billion are microseconds, milliseconds and seconds. All else is a plain number or text.

local escape   = require "traceleft.escape"
local quantity = require "traceleft.quantity"
local value    = require "traceleft.value"

local M = {}

local function field_of(session, event, name)
  local description = type(event) == "string" and session:describe(event)
  for _, field in ipairs(description and description.fields or {}) do
    if field.name == name then return field end
  end
end

-- The field of that name if it means the same in all events that have it.
local function common_field(session, events, name)
  local found
  for _, event in ipairs(events) do
    local field = field_of(session, event, name)
    if field and found and (field.meaning ~= found.meaning or field.type ~= found.type) then return nil end
    found = found or field
  end
  return found
end

local function is_name(clause)
  return type(clause) == "string" and clause:find "^[%a_][%w_]*$" ~= nil
end

-- The unit of a field or a sum of fields.
local function unit_of_sum(session, events, clause)
  if clause:find "[^%w_%s+()-]" then return "" end
  local unit
  for name in clause:gmatch "%f[%w_][%a_][%w_]*" do
    local own = quantity.of(common_field(session, events, name))
    if unit and own ~= unit then return "" end
    unit = own
  end
  return unit or ""
end

local PARTS = { ["1000"] = "us", ["1000000"] = "ms", ["1000000000"] = "s" }

--- The unit of what is measured, "" if it has none.
---@param session traceleft.session
---@param events string[]
---@param clause any an expression, or a function
---@return string
function M.unit(session, events, clause)
  if type(clause) ~= "string" then return "" end
  local whole, part = clause:match "^%s*([%w_]+)%s*//%s*(%d+)%s*$"
  if not whole then whole, part = clause:match "^%s*(%b())%s*//%s*(%d+)%s*$" end
  if not whole then return unit_of_sum(session, events, clause) end
  return unit_of_sum(session, events, whole) == "duration" and PARTS[part] or ""
end

local function plain(part, cut)
  if part == nil then return "-" end
  return escape.text(tostring(part)) .. (cut and "…" or "")
end

-- The text of one value of a field. Text that is empty would not be seen.
local function told(field, part, cut)
  if part == "" then return '""' end
  return value.text({ [field.name] = part, cut = cut and { field.name } or nil }, field)
end

-- The number of the clause that is the event's name, if there is one.
local function place_of_event(by)
  for i, clause in ipairs(by) do
    if clause == "event" then return i end
  end
end

--- For each clause of `by` a function that makes the text of the value at a place of a key: that of the clause, or a
--- later one if it is a function that returns several.
---@param session traceleft.session
---@param events string[]
---@param by any[] expressions, or functions
---@return (fun(key: traceleft.key, at: integer, cut?: boolean): string)[]
function M.tellers(session, events, by)
  local tellers, place = {}, place_of_event(by)
  for i, clause in ipairs(by) do
    local named = is_name(clause)
    local field = named and common_field(session, events, clause)
    tellers[i] = function(key, at, cut)
      local event = named and not field and place and key[place]
      local own = field or event and field_of(session, event, clause)
      return own and told(own, key[at], cut) or plain(key[at], cut)
    end
  end
  return tellers
end

return M
