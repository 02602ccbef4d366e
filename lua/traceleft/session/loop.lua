-- SPDX-License-Identifier: MIT
--- loop: runs a session until Ctrl-C, `stop`, its time, the end of the command, or until nothing is left to call.

local core    = require "traceleft.core"
local escape  = require "traceleft.escape"
local exit    = require "traceleft.exit"
local out     = require "traceleft.out"
local timers  = require "traceleft.session.timers"
local watches = require "traceleft.session.watches"

local M = {}

local CHILD_POLL = 10          -- ms between two looks at the command, in case that nothing else wakes us
local DRAIN = 1000000000       -- ns that what is on its way still gets after Ctrl-C

---@class traceleft.loop
---@field core traceleft.core.session
---@field live table<traceleft.subscription|traceleft.aggregate, true>
---@field timers traceleft.timers
---@field watches traceleft.watches
---@field exits { fn: function }[]
---@field errors integer
---@field unread? boolean whether the last run ended before all that had come was read
local Loop = {}
Loop.__index = Loop

-- An error of a callback: shown once for each place where it happens, always counted; an exit ends the run.
local function on_error(self, message)
  if exit.is_exit(message) then
    self.exit = self.exit or message
    return self:stop()
  end
  self.errors = self.errors + 1
  local text = tostring(message)
  local place = text:match("^[^\n]-:%d+:") or type(message)
  if self.places[place] then return end
  self.places[place] = true
  io.stderr:write("traceleft: error in a callback (shown once): ", escape.lines(text), "\n")
end

--- The loop of a core session. `live` has a key for each subscription and each aggregate that is not stopped.
---@param session traceleft.core.session
---@param live table<traceleft.subscription|traceleft.aggregate, true>
---@return traceleft.loop
function M.new(session, live)
  local self = setmetatable({ core = session, live = live, timers = timers.new(), watches = watches.new(),
                              exits = {}, places = {}, errors = 0 }, Loop)
  session:on_error(function(message) on_error(self, message) end)
  self.call = function(fn) self:protect(fn) end
  return self
end

local function traceback(message)
  return type(message) == "string" and debug.traceback(message, 2) or message
end

--- Calls a function; an error in it is handled as one of any callback.
---@param fn function
function Loop:protect(fn)
  local ok, message = xpcall(fn, traceback)
  if not ok then on_error(self, message) end
end

--- Ends the run after the callback in hand.
function Loop:stop()
  self.stopping = true
  self.core:interrupt()
end

-- How long a poll may take, in ms; -1: forever.
local function timeout(self)
  local at = self.timers:next()
  if self.deadline and (not at or self.deadline < at) then at = self.deadline end
  local wait = at and math.max(0, (at - core.clock() + 999999) // 1000000) or -1
  if self.child and (wait < 0 or wait > CHILD_POLL) then wait = CHILD_POLL end
  return wait
end

-- One poll, and which of the watched descriptors are ready. Being interrupted is no failure.
local function poll(self, wait)
  local ready, message, name
  if self.watches:any() then
    ready, message, name = self.watches:wait(self.core, wait)
    if not ready then return nil, message, name end
    wait = 0
  end
  local n
  n, message, name = self.core:poll(wait)
  if n or name == "ECANCELED" or name == "EINTR" then return n or 0, ready or {} end
  return nil, message, name
end

local function flush(self)
  self:protect(out.flush)
end

--- One round: waits for events at most that long (-1: as long as it takes) and calls all that is due.
---@param wait? integer milliseconds
---@return integer? events
---@return string? message
---@return string? name
function Loop:step(wait)
  local most = timeout(self)
  if wait and wait >= 0 and (most < 0 or wait < most) then most = wait end
  local n, ready, name = poll(self, most)
  if not n then return nil, ready --[[@as string]], name end
  local called = self.watches:fire(ready --[[@as table]], self.call)
  local fired = self.timers:fire(core.clock(), self.call)
  if n > 0 or fired or called then flush(self) end
  return n
end

--- Whether there is anything left to wait for, beside the end of a command.
---@param self traceleft.loop
---@return boolean
function M.is_waiting(self)
  return next(self.live) ~= nil or self.timers:next() ~= nil or self.watches:any()
end

-- Why the run is over, nil if it is not.
local function reason(self)
  if self.stopping then return "stop" end
  if core.signalled() > 0 then return "signal" end
  if self.child and self.child:wait(true) then return "child" end
  if self.deadline and core.clock() >= self.deadline then return "duration" end
  if not self.child and not M.is_waiting(self) then return "idle" end
end

local function quit_at_once()
  if core.signalled() > 1 then exit.raise(130) end
end

-- Whether there may be more, by what poll answered: a callback may have interrupted it.
local function has_more(n, _, name)
  if n then return n > 0 end
  return name == "ECANCELED"
end

-- Delivers what was made before the end and is still on its way; nothing new comes any more. After Ctrl-C it gets a
-- moment, else all the time that it takes, until Ctrl-C.
local function drain(self, why)
  if why == "stop" or why == "idle" then return end
  local signals = core.signalled()
  local deadline = why == "signal" and core.clock() + DRAIN or math.maxinteger
  self.core:quiesce()
  self.unread = true
  repeat
    quit_at_once()
    self.unread = has_more(self.core:poll(0))
  until self.stopping or not self.unread or core.clock() >= deadline or core.signalled() > signals
end

local function run_exits(self)
  local list = self.exits
  self.exits = {}
  for _, one in ipairs(list) do
    quit_at_once()
    self:protect(one.fn)
  end
  flush(self)
end

local function turn(self)
  flush(self) -- a header is there before the first event
  local why = reason(self)
  while not why do
    local n, message, name = self:step()
    if not n then return nil, message, name end
    quit_at_once()
    why = reason(self)
  end
  drain(self, why)
  run_exits(self)
  return why
end

-- What a run that could not begin comes to: Ctrl-C has ended the loading of its programs, or the refusal.
local function not_begun(self, message, name)
  if name ~= "ECANCELED" or core.signalled() == 0 then return nil, message, name end
  run_exits(self)
  return "signal"
end

-- The part of a run during which signals are ours.
local function guarded(self, opts)
  self.stopping, self.exit, self.child = false, nil, opts.child
  local started, message, name = self.core:start()
  if not started then return not_begun(self, message, name) end
  self.deadline = opts.seconds and core.clock() + math.floor(opts.seconds * 1e9)
  if self.child then self.child:release() end
  return turn(self)
end

--- How long the next poll may wait until a timer is due: in ms, nil without timers.
---@return integer?
function Loop:due()
  local wait = timeout(self)
  return wait >= 0 and wait or nil
end

-- The part of `finish` during which signals are ours.
local function finished(self)
  self.stopping, self.exit = false, nil
  drain(self, "signal")
  run_exits(self)
end

--- The end without a run: what has come gets a moment to be delivered, and the functions of `at_exit` are called.
function Loop:finish()
  self.running = true
  core.catch_signals(true)
  local ok, message = xpcall(finished, traceback, self)
  core.catch_signals(false)
  self.running = false
  if not ok then error(message, 0) end
  if self.exit then error(self.exit, 0) end
end

--- Runs. opts: seconds (nil: no end), child (a held command: released at the start, its end ends the run).
---@param opts { seconds?: number, child?: traceleft.core.child }
---@return string? why "signal", "stop", "duration", "child" or "idle"
---@return string? message
---@return string? name
function Loop:run(opts)
  self.running = true
  core.catch_signals(true)
  local results = table.pack(xpcall(guarded, traceback, self, opts))
  core.catch_signals(false)
  self.running, self.deadline, self.child = false, nil, nil
  if not results[1] then error(results[2], 0) end
  if self.exit then error(self.exit, 0) end
  return table.unpack(results, 2, results.n)
end

return M
