-- SPDX-License-Identifier: MIT
--- number: what a number of an event means, as text.

local core     = require "traceleft.core"
local duration = require "traceleft.duration"
local escape   = require "traceleft.escape"
local recent   = require "traceleft.recent"
local units    = require "traceleft.units"

local M = {}

local function decimal(number)
  return number .. ""
end

local function unsigned(number)
  return number >= 0 and number .. "" or units.unsigned(number)
end

local function pointer(number)
  return number == 0 and "NULL" or ("0x%x"):format(number)
end

local function hex(number)
  return number == 0 and "0" or ("0x%x"):format(number)
end

-- Minus one is nobody, and "leave it as it is".
local function user(number)
  return number == 0xffffffff and "-1" or number .. ""
end

local NUMBERS = { duration = duration.text, ptr = pointer, hex = hex, uid = user, gid = user }
local WORDLESS = { [""] = true, time = true, pid = true, tid = true, inode = true, ns = true, cgroup = true,
                   port = true, bytes = true }

-- Numbers that have words.
local function words(meaning, plain)
  return recent.of(function(number)
    local text = core.meaning(meaning, number)
    return text and escape.text(text) or plain(number)
  end)
end

--- A function that makes the text of a field's number.
---@param field traceleft.field
---@return fun(number: integer): string
function M.shower(field)
  local meaning = field.meaning or ""
  if NUMBERS[meaning] then return NUMBERS[meaning] end
  local plain = field.type == "u64" and unsigned or decimal
  return WORDLESS[meaning] and plain or words(meaning, plain)
end

return M
