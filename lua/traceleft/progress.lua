-- SPDX-License-Identifier: MIT
--- progress: a sign of life of what prints only at its end, or not yet: one line on stderr, if that is a terminal.
--
--   local done = progress.start(tl, function() return calls.seen end)
--   …
--   done()          -- before something else is written

local core = require "traceleft.core"

local M = {}

local STDERR <const>, ERASE <const> = 2, "\r\27[K"
local PATIENCE <const>, OFTEN <const> = 1000000000, 100000000     -- ns: before the first line, between two

local function is_wanted()
  local term = os.getenv "TERM"
  return core.isatty(STDERR) and term ~= nil and term ~= "dumb"
end

local function nothing() end

--- A function for the option `loading` of a session, which shows how far it is when that takes longer than a second,
--- and ends it at Ctrl-C.
---@return fun(done: integer, total: integer): boolean
function M.loading()
  local wanted, begun, at, signals, shown = is_wanted(), nil, nil, nil, false
  return function(done, total)
    local now = core.clock()
    if not begun then begun, at, signals = now, now + PATIENCE - OFTEN, core.signalled() end
    if done == total then
      if shown then io.stderr:write(ERASE) end
      begun, shown = nil, false
    elseif wanted and now - at >= OFTEN then
      io.stderr:write(ERASE, ("loading %d of %d programs; Ctrl-C ends it"):format(done, total))
      at, shown = now, true
    end
    return core.signalled() <= (signals or 0)
  end
end

--- Shows from the next second on for how long it has been tracing, and how many events were counted.
---@param session { every: fun(seconds: number, fn: function) } the library, or a session
---@param counted? fun(): integer
---@return fun() done takes the line away, and shows none any more
function M.start(session, counted)
  if not is_wanted() then return nothing end
  local seconds, live, shown = 0, true, false
  session.every(1, function()
    seconds = seconds + 1
    if not live then return end
    local events = counted and (", %d events"):format(counted()) or ""
    io.stderr:write(ERASE, ("tracing for %d s%s; Ctrl-C ends it"):format(seconds, events))
    shown = true
  end)
  return function()
    live = false
    if shown then io.stderr:write(ERASE) end
    shown = false
  end
end

return M
