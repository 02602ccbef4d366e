-- SPDX-License-Identifier: MIT
--- running: the part of a session's methods that is about time: timers, watched descriptors, and the run
-- with its begin and end.

local core     = require "traceleft.core"
local duration = require "traceleft.duration"
local loop     = require "traceleft.session.loop"
local nearest  = require "traceleft.nearest"
local origin   = require "traceleft.request.origin"

local M = {}

---@class traceleft.session
local Methods = {}
M.methods = Methods

--- Keeps a refusal for `refusal`, and returns it as it came.
---@param self traceleft.session
---@param message string
---@param name string
---@return nil
---@return string message
---@return string name
function M.refused(self, message, name)
  self.refused = { message = message, name = name }
  return nil, message, name
end

local CLAUSES = { where = true, by = true, value = true, vars = true, lhist = true, key = true, start_key = true,
                  stop_key = true, start_where = true }

--- Whether what the core refused is an expression of the caller's, and so a wrong argument.
---@param message string
---@param name string
---@return boolean
function M.is_wrong_clause(message, name)
  return (name == "EINVAL" or name == "ENOENT") and CLAUSES[message:match "^([%a_]+):"] or false
end

-- The nanoseconds of a span that a timer was given.
local function span(what, seconds, fn)
  local number, wrong = duration.parse(seconds)
  if not number then error(("%s: seconds: %s"):format(what, wrong), 3) end
  if type(fn) ~= "function" then error(("%s: fn: function expected, got %s"):format(what, type(fn)), 3) end
  return math.floor(number * 1e9)
end

local function timer(self, what, ns, period, fn)
  local new = self.loop.timers:add(core.clock() + ns, period, fn)
  new.title = ("%s %s"):format(what, duration.text(ns))
  return new
end

--- Calls fn again and again while the session runs, until the timer's stop().
---@param seconds number|string 1, "10s", "500ms"
---@param fn function
---@return traceleft.timer
function Methods:every(seconds, fn)
  local ns = span("every", seconds, fn)
  if ns <= 0 then error("every: seconds: must be more than 0", 2) end
  return timer(self, "every", ns, ns, fn)
end

--- Calls fn once, that long from now.
---@param seconds number|string
---@param fn function
---@return traceleft.timer
function Methods:after(seconds, fn)
  local ns = span("after", seconds, fn)
  return timer(self, "after", ns, nil, fn)
end

--- Calls fn(fd) whenever the descriptor can be read, or its other end is gone, while the session runs; until the
--- watch's stop(). Read what there is: fn is called again at once for what is left.
---@param fd integer
---@param fn fun(fd: integer)
---@return traceleft.watch
function Methods:watch(fd, fn)
  if math.type(fd) ~= "integer" or fd < 0 then
    error(("watch: fd: '%s' is no file descriptor"):format(tostring(fd)), 2)
  end
  if type(fn) ~= "function" then error(("watch: fn: function expected, got %s"):format(type(fn)), 2) end
  return self.loop.watches:add(fd, fn)
end

--- Calls fn when the run ends, in the order of the calls.
---@param fn function
function Methods:at_exit(fn)
  if type(fn) ~= "function" then error(("at_exit: fn: function expected, got %s"):format(type(fn)), 2) end
  table.insert(self.loop.exits, origin.mark { fn = fn })
end

--- Ends the run after the callback in hand.
function Methods:stop()
  self.loop:stop()
end

-- Nothing to do although something was asked for, and refused: that is the answer of the run.
local function nothing_left(self)
  return self.refused and not loop.is_waiting(self.loop)
end

-- Seconds of the shorter one of two durations that may be nil: the script's and the program's.
local function shortest(a, b)
  local seconds
  for _, value in pairs { a, b } do
    local number, wrong = duration.parse(value)
    if not number then return nil, wrong end
    seconds = math.min(seconds or number, number)
  end
  return seconds
end

--- Runs until Ctrl-C, stop(), the duration, the end of the command, or until nothing is left to call.
---@param opts? { duration?: number|string }
---@return string? why "signal", "stop", "duration", "child" or "idle"
---@return string? message
---@return string? name
function Methods:run(opts)
  opts = opts or {}
  if type(opts) ~= "table" then error(("run: opts: table expected, got %s"):format(type(opts)), 2) end
  local wrong = nearest.unknown_option("run", opts, { "duration" })
  if wrong then error(wrong, 2) end
  if self.loop.running then error("run: the session is running already", 2) end
  local seconds
  seconds, wrong = shortest(opts.duration, self.defaults.duration)
  if wrong then error("run: duration: " .. wrong, 2) end
  if nothing_left(self) then return nil, self.refused.message, self.refused.name end
  local why, message, name = self.loop:run { seconds = seconds, child = self.defaults.child }
  if not why then return M.refused(self, message, name) end
  self.refused = nil -- the script went on without it
  return why
end

--- Loads and attaches what the subscriptions made so far need. `run` does it by itself.
---@return boolean? ok
---@return string? message
---@return string? name
function Methods:start()
  local ok, message, name = self.core:start()
  if not ok then return M.refused(self, message, name) end
  return true
end

--- For an event loop of one's own: readable when `poll` has something to do. After `start`.
---@return integer
function Methods:fd()
  return self.core:fd()
end

--- One round of an event loop of one's own: waits at most so long, calls all that is due.
---@param seconds? number|string 0 without it
---@return integer? events
---@return string? message
---@return string? name
function Methods:poll(seconds)
  local number, wrong = duration.parse(seconds or 0)
  if not number then error("poll: seconds: " .. wrong, 2) end
  local n, message, name = self.loop:step(math.ceil(number * 1000))
  local ended = not self.loop.running and self.loop.exit
  if ended then
    self.loop.exit = nil
    error(ended, 0)
  end
  return n, message, name
end

--- For an event loop of one's own: seconds until `poll` has something to do though `fd` is not readable: a timer. nil
--- without timers.
---@return number?
function Methods:due()
  local ms = self.loop:due()
  return ms and ms / 1000
end

--- The end of an event loop of one's own, as that of `run`: what has come gets a moment to be delivered, and the
--- functions of `at_exit` are called.
function Methods:finish()
  if self.loop.running then error("finish: the session is running", 2) end
  self.loop:finish()
end

--- How many events had come and were not read when the run ended: by Ctrl-C, or a second one.
---@return integer
function Methods:unread()
  local stats = self.loop.unread and self.core:stats()
  return stats and stats.pending or 0
end

--- How many errors callbacks have raised.
---@return integer
function Methods:errors()
  return self.loop.errors
end

--- The last refusal of `on`, `start` or `run`: what the program reports when the script did not.
---@return string? message
---@return string? name
function Methods:refusal()
  if self.refused then return self.refused.message, self.refused.name end
end

return M
