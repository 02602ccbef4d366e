-- SPDX-License-Identifier: MIT
--- fieldtext: fields of events by their names, whatever the event is.

local times = require "traceleft.times"
local value = require "traceleft.value"

local M = {}

local function index(description)
  local by_name = {}
  for _, field in ipairs(description.fields) do by_name[field.name] = field end
  return by_name
end

--- A function that makes the text of a field, safe for a terminal: "-" of what the event has not, "?" of what could not
--- be read. Ask it for the time of each event once.
---@param describe fun(event: string): traceleft.description?
---@param time? string of traceleft.times
---@return fun(event: traceleft.event, name: string): string
function M.teller(describe, time)
  local known, clock = {}, times.teller(time)
  return function(event, name)
    if name == "time" then return event.time and clock(event.time) or "-" end
    local fields = known[event.event]
    if not fields then
      fields = index(describe(event.event) or { fields = {} })
      known[event.event] = fields
    end
    return fields[name] and value.text(event, fields[name]) or "-"
  end
end

--- The names of the fields of these events, each once, in their order; `named`: those too that must be named.
---@param describe fun(event: string): traceleft.description?
---@param events string[]
---@param named? boolean
---@return string[]
function M.names(describe, events, named)
  local names, known = {}, {}
  for _, event in ipairs(events) do
    local description = describe(event)
    for _, field in ipairs(description and description.fields or {}) do
      if (named or not field.named) and not known[field.name] then
        names[#names + 1], known[field.name] = field.name, true
      end
    end
  end
  return names
end

return M
