-- SPDX-License-Identifier: MIT
--- repl_subs: what is attached: `subs()`, and which of it Ctrl-C means.

local core     = require "traceleft.core"
local tl       = require "traceleft"
local columns  = require "traceleft.columns"
local escape   = require "traceleft.escape"
local tabulate = require "traceleft.tabulate"

local M = {}

local numbers = setmetatable({}, { __mode = "k" })      -- of things that were listed
local rates = setmetatable({}, { __mode = "k" })        -- when a thing was looked at, and what it had seen
local activity = setmetatable({}, { __mode = "k" })     -- what it had seen, and in which look that grew
local last, looks = 0, 0

local KINDS = { ["traceleft.subscription"] = "on", ["traceleft.timer"] = "timer", ["traceleft.span"] = "span" }

--- What kind of thing that is: "on", "timer", "span", or that of an aggregate: "count".
---@param one table
---@return string
function M.kind(one)
  return KINDS[getmetatable(one).__name] or one.measure.kind
end

local function is_counted(one)
  return getmetatable(one).__name ~= "traceleft.timer" and getmetatable(one).__name ~= "traceleft.span"
end

-- What is attached, by the numbers that it keeps as long as it is there.
local function attached()
  local list = {}
  for _, one in ipairs(tl.attached() or {}) do
    if not one.hidden then
      if not numbers[one] then
        last = last + 1
        numbers[one] = last
      end
      list[#list + 1] = one
    end
  end
  return list
end

-- Events per second since the last look at it, or since it was made.
local function rate(one)
  local now, seen = core.clock(), one.seen
  local before = rates[one] or { at = one.since or now, seen = 0 }
  rates[one] = { at = now, seen = seen }
  local seconds = (now - before.at) / 1e9
  return seconds > 0 and ("%.1f"):format((seen - before.seen) / seconds) or "-"
end

local function events_text(one)
  local title = one.title or "?"
  return escape.text(title)
end

-- The condition, if the title does not say it.
local function where(one)
  local clause = one.where
  if type(clause) == "function" then clause = "a function" end
  if not clause or (one.title or ""):find(clause, 1, true) then return "" end
  return escape.text(clause)
end

local function whose(one)
  if not is_counted(one) then return "" end
  return one.whose and escape.text(one.whose) or one.default and "the session's" or "all"
end

local function state(one)
  return one.paused and "paused" or "on"
end

local function row(one)
  local counted = is_counted(one)
  return { tostring(numbers[one]), M.kind(one), counted and tostring(one.seen) or "", counted and rate(one) or "",
           counted and tostring(one.lost) or "", state(one), whose(one), escape.text(one.place or ""),
           events_text(one), where(one) }
end

local TITLES = { { "NO", right = true }, { "KIND" }, { "SEEN", right = true }, { "PER S", right = true },
                 { "LOST", right = true }, { "STATE" }, { "WHOSE" }, { "MADE AT" }, { "EVENTS" }, { "WHERE" } }

local function text(list)
  if #list == 0 then return 'nothing is attached; on("tcp.connect") prints such events' end
  local rows = {}
  for i, one in ipairs(list) do rows[i] = row(one) end
  return tabulate.text(TITLES, rows, columns.width(io.stdout))
    .. ("subs()[%d]:stop() stops that one; also pause, resume"):format(numbers[list[1]])
end

--- What is attached: by number, and with a text of its own.
---@return table
function M.list()
  local list = attached()
  local found = {}
  for _, one in ipairs(list) do found[numbers[one]] = one end
  local shown
  return setmetatable(found, { __tostring = function()
    shown = shown or text(list)
    return shown
  end })
end

--- Notes which of them have seen something since the last call.
function M.look()
  looks = looks + 1
  for _, one in ipairs(attached()) do
    one.since = one.since or core.clock()
    local seen = is_counted(one) and one.seen or 0
    local known = activity[one]
    if not known or known.seen ~= seen then activity[one] = { seen = seen, look = looks } end
  end
end

-- What Ctrl-C means first: callbacks of events, what prints again and again, then what only counts.
local RANK = { on = 3, timer = 2, span = 0 }

local function rank(one)
  return RANK[M.kind(one)] or 1
end

local function is_later(a, b)
  if rank(a) ~= rank(b) then return rank(a) > rank(b) end
  local one, other = activity[a] and activity[a].look or 0, activity[b] and activity[b].look or 0
  if one ~= other then return one > other end
  return a.order > b.order
end

--- Stops the one that was active last; what it was, nil if there is none.
---@return string? text
function M.stop_current()
  local current
  for _, one in ipairs(attached()) do
    if not current or is_later(one, current) then current = one end
  end
  if not current then return nil end
  local seen = is_counted(current) and (", which has seen %d"):format(current.seen) or ""
  local what = M.kind(current) == "on" and "on " or ""
  local said = ("stopped %d: %s%s%s"):format(numbers[current], what, events_text(current), seen)
  current:stop()
  return said
end

return M
