-- SPDX-License-Identifier: MIT
--- telling: the part of a session's methods that says what there is: events, their fields and what they mean,
--- where clauses run, and counts.

local clock   = require "traceleft.clock"
local derived = require "traceleft.request.derived"
local escape  = require "traceleft.escape"
local explain = require "traceleft.session.explain"
local glob    = require "traceleft.glob"
local names   = require "traceleft.request.names"
local nearest = require "traceleft.nearest"
local value   = require "traceleft.value"

local M = {}

---@class traceleft.session
local Methods = {}
M.methods = Methods

--- Text that says where the clauses of all spans, subscriptions and aggregates run, and why. `code`: with the
--- instructions. Before `start` no programs have been made yet.
---@param code? boolean
---@return string
function Methods:explain(code)
  local list, parts = {}, {}
  for one in pairs(self.live) do list[#list + 1] = one end
  table.sort(list, function(a, b) return self.live[a] < self.live[b] end)
  for _, one in ipairs(self.spans) do parts[#parts + 1] = one.name .. "\n" .. explain.text(one:explain(code)) end
  for _, one in ipairs(list) do
    parts[#parts + 1] = (one.title and one.title .. "\n" or "") .. explain.text(one:explain(code))
  end
  return table.concat(parts, "\n")
end

--- The names of all events, or of those that the word means: a name, a glob, a system call, a class, as in `on`.
---@param word? string
---@return string[]
---@return string? wrong why there is none
function Methods:events(word)
  if word == nil then return self.core:events() end
  if type(word) ~= "string" then error(("events: pattern: string expected, got %s"):format(type(word)), 2) end
  local bad = select(2, glob.pattern(word))
  if bad then error("events: pattern: " .. bad, 2) end
  local found, wrong = names.find(self, word)
  if not found then return {}, wrong end
  return table.move(found, 1, #found, 1, {})
end

--- What an event is: { name, doc, class, fields = { { name, type, meaning, doc, arg, named }, … } }. `named` fields
--- are there for who names them alone, in `fields`, `args`, `where` and `by`.
---@param name string
---@return traceleft.description? description
---@return string? message
---@return string? errname
function Methods:describe(name)
  if type(name) ~= "string" then error(("describe: name: string expected, got %s"):format(type(name)), 2) end
  local known = self.descriptions[name]
  if known then return known end
  local description, message, errname = self.core:describe(name)
  if not description then return nil, message, errname end
  derived.describe(description)
  self.descriptions[name] = description
  return description
end

--- Counts of the session: made, delivered, unclaimed, lost (by cause in `causes`), unfinished (system calls
--- that began and did not end yet, or never), wakeups.
---@return traceleft.stats? stats
---@return string? message
---@return string? name
function Methods:stats()
  return self.core:stats()
end

--- What a field of an event means, as text that is safe for a terminal: tl.text(e, "flags") is "O_RDWR|O_CREAT".
---@param event traceleft.event
---@param name string
---@return string
function Methods:text(event, name)
  if type(event) ~= "table" then error(("text: event: table expected, got %s"):format(type(event)), 2) end
  local description = self:describe(event.event or "")
  if not description then error("text: event: has no field 'event' that names a known event", 2) end
  for _, field in ipairs(description.fields) do
    if field.name == name then return value.text(event, field) end
  end
  local hint = nearest.hint(self.core:nearest(tostring(name), event.event))
  error(("text: no field '%s' in %s%s"):format(escape.text(tostring(name)), event.event, hint), 2)
end

--- Wall-clock text of an event's time: "14:03:59.123456".
---@param ns integer nanoseconds since boot
---@return string
function Methods.clock(_, ns)
  if math.type(ns) ~= "integer" then error(("clock: ns: integer expected, got %s"):format(type(ns)), 2) end
  return clock.text(ns)
end

return M
