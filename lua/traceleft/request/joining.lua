-- SPDX-License-Identifier: MIT
--- joining: functions that are told who joins and who leaves a target: `on_enter` and `on_leave`.
--
-- They are callbacks of the events target.enter and target.leave, of a subscription of the core's own with the same
-- target. It is made before the one that it goes with, so that who is told of has had no event yet.

local M = {}

--- The options, and the event that each is told.
local EVENTS = { on_enter = "target.enter", on_leave = "target.leave" }

--- What is wrong with the two options.
---@param opts table
---@return string? wrong
function M.wrong(opts)
  for _, name in ipairs { "on_enter", "on_leave" } do
    if opts[name] ~= nil and type(opts[name]) ~= "function" then
      return ("%s: function expected, got %s"):format(name, type(opts[name]))
    end
  end
end

--- The two options of a table, and the table without them; nil and the table itself if it has none.
---@param opts table
---@return { on_enter?: function, on_leave?: function }? told
---@return table rest
function M.split(opts)
  if type(opts) ~= "table" or not (opts.on_enter or opts.on_leave) then return nil, opts end
  local rest = {}
  for key, value in pairs(opts) do rest[key] = not EVENTS[key] and value or nil end
  return { on_enter = opts.on_enter, on_leave = opts.on_leave }, rest
end

local every, some

-- Whether a selector, as the core takes it, only leaves some out: it has no members that could join.
local function is_open(selector)
  local kind, parts = selector.kind, selector.parts
  if kind == "any" then return some(parts) end
  if kind == "all" or kind == "follow" then return every(parts) end
  return kind == "no"
end

function every(parts)
  for _, part in ipairs(parts) do
    if not is_open(part) then return false end
  end
  return true
end

function some(parts)
  for _, part in ipairs(parts) do
    if is_open(part) then return true end
  end
  return false
end

--- What is wrong with the target: without one, or when it only leaves some out, all that there are would join.
---@param told table?
---@param spec table what the core takes: pids or target
---@return string? wrong
function M.wrong_target(told, spec)
  if not told or spec.pids or spec.target and not is_open(spec.target) then return nil end
  local name = told.on_enter and "on_enter" or "on_leave"
  return ("%s: of which processes? give a target such as comm = 'sh'"):format(name)
end

--- Subscribes the functions to who joins and leaves.
---@param core traceleft.core.session
---@param told { on_enter?: function, on_leave?: function }
---@param part table the target, as the core takes it
---@return traceleft.core.subscription? watch
---@return string? message
---@return string? name
function M.open(core, told, part)
  local by_event, spec = {}, { events = {} }
  for key, value in pairs(part) do spec[key] = value end
  spec.default = nil
  for _, name in ipairs { "on_enter", "on_leave" } do
    if told[name] then
      by_event[EVENTS[name]] = told[name]
      spec.events[#spec.events + 1] = EVENTS[name]
    end
  end
  spec.fn = function(event) by_event[event.event](event) end
  return core:subscribe(spec)
end

return M
