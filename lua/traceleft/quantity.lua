-- SPDX-License-Identifier: MIT
--- quantity: a number with its unit, as text.
--
-- A unit is "duration" (nanoseconds), "us", "ms", "s" (durations counted in these), "bytes", "" (a plain number), or
-- any other word, which then stands behind the number.

local duration = require "traceleft.duration"
local escape   = require "traceleft.escape"
local units    = require "traceleft.units"

local M = {}

local FACTORS = { duration = 1, ns = 1, us = 1000, ms = 1000000, s = 1000000000 }
local PREFIXES = { "K", "M", "G", "T", "P", "E" }

local function plain(number)
  local whole = math.tointeger(number)
  if whole then return ("%d"):format(whole) end
  return ("%.1f"):format(number)
end

-- Gives numbers below zero their sign, and whole ones to a function that knows neither.
local function signed(fn)
  return function(number)
    local size = math.abs(number)
    local text = fn(math.tointeger(size) or math.floor(size + 0.5))
    return number < 0 and "-" .. text or text
  end
end

local bytes = signed(units.bytes)

local function spans(factor)
  return signed(function(number) return duration.text(number * factor) end)
end

--- A function that makes the text of a number with this unit: "12.3 ms", "4.0 MiB", "17 pages".
---@param unit? string
---@return fun(number: number): string
function M.shower(unit)
  if not unit or unit == "" then return plain end
  if unit == "bytes" then return bytes end
  if FACTORS[unit] then return spans(FACTORS[unit]) end
  local word = " " .. escape.text(unit)
  return function(number) return plain(number) .. word end
end

-- "4K" of 4096, "1000" of 1000.
local function binary(number)
  local shown = number
  for i = 0, #PREFIXES do
    if shown % 1024 ~= 0 or shown == 0 then return ("%d%s"):format(shown, PREFIXES[i] or "") end
    shown = shown // 1024
  end
  return plain(number)
end

--- The same for the bounds of a histogram's buckets: what is whole is shown so, "4 KiB" and "4K".
---@param unit? string
---@return fun(number: integer): string
function M.bound(unit)
  if not unit or unit == "" then return binary end
  local show = M.shower(unit)
  return function(number) return (show(number):gsub("%.0+ ", " ")) end
end

--- The unit of a field's values, "" if they are plain numbers.
---@param field? traceleft.field
---@return string
function M.of(field)
  local meaning = field and field.meaning
  return (meaning == "duration" or meaning == "bytes") and meaning or ""
end

return M
