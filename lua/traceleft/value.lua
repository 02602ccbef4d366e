-- SPDX-License-Identifier: MIT
--- value: one field of an event as text that is safe for a terminal.
--
-- "?" is a value that the kernel side could not read, "…" stands where text was cut.

local core     = require "traceleft.core"
local duration = require "traceleft.duration"
local escape   = require "traceleft.escape"
local units    = require "traceleft.units"

local M = {}

local BYTES_SHOWN = 64

local function lists(names, wanted)
  for _, name in ipairs(names or {}) do
    if name == wanted then return true end
  end
  return false
end

--- Whether the kernel side could not read the field.
---@param event traceleft.event
---@param name string
---@return boolean
function M.is_unread(event, name)
  return lists(event.unread, name)
end

--- Whether there was more than the event holds.
---@param event traceleft.event
---@param name string
---@return boolean
function M.is_cut(event, name)
  return lists(event.cut, name)
end

local function number_text(number, field)
  if field.meaning == "duration" then return duration.text(number) end
  local meant = field.meaning and field.meaning ~= "" and core.meaning(field.meaning, number)
  if meant then return escape.text(meant) end
  return field.type == "u64" and units.unsigned(number) or ("%d"):format(number)
end

local function list_text(list)
  local parts = {}
  for i, text in ipairs(list) do parts[i] = escape.quote(text) end
  return table.concat(parts, ", ")
end

--- Text of a field; strings as they are, "-" without a value.
---@param event traceleft.event
---@param field traceleft.field from the event's description
---@return string
function M.text(event, field)
  local value = event[field.name]
  local mark = M.is_cut(event, field.name) and "…" or ""
  if value == nil then return M.is_unread(event, field.name) and "?" or "-" end
  if type(value) == "number" then return number_text(value, field) end
  if type(value) == "table" then return "[" .. list_text(value) .. mark .. "]" end
  return escape.text(tostring(value)) .. mark
end

local QUOTED = { str = true, path = true, bytes = true, comm = true }

--- Text of a field as part of a line of values: strings between quotes, long bytes shortened.
---@param event traceleft.event
---@param field traceleft.field
---@return string
function M.quoted(event, field)
  local value = event[field.name]
  if not QUOTED[field.type] or type(value) ~= "string" then return M.text(event, field) end
  local long = field.type == "bytes" and #value > BYTES_SHOWN
  local mark = (long or M.is_cut(event, field.name)) and "…" or ""
  return escape.quote(long and value:sub(1, BYTES_SHOWN) or value) .. mark
end

return M
