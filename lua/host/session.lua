-- SPDX-License-Identifier: MIT
--- session: what the program does with the library's default session: its target, its end, what was lost.

local core     = require "traceleft.core"
local tl       = require "traceleft"
local escape   = require "traceleft.escape"
local exit     = require "traceleft.exit"
local measure  = require "traceleft.aggregate.measure"
local counting = require "host.counting"
local options  = require "host.options"
local printing = require "host.printing"
local progress = require "traceleft.progress"
local select   = require "host.select"

local M = {}

local USAGE, CANNOT_TRACE = 2, 3
local DRIVES = { "run", "poll", "start" }
local asked, driven = false, false     -- whether something subscribed, and whether the script ran it

-- Notes the calls of one function. A tail call: errors still point at the caller's line.
local function watch(name, note)
  local fn = tl[name]
  tl[name] = function(...)
    note()
    return fn(...)
  end
end

--- Notes from now on whether the script subscribes, and whether it runs what it subscribed.
function M.watch()
  local function note() asked = true end
  watch("on", note)
  for _, kind in ipairs(measure.KINDS) do watch(kind, note) end
  for _, name in ipairs(DRIVES) do watch(name, function() driven = true end) end
end

local function fail(status, message, name)
  if name == "EPERM" and not message:find "root" then
    message = message .. "; run it as root, or with CAP_BPF and CAP_PERFMON"
  end
  exit.raise(status, message)
end

--- Raises what the library answered unless it is a value.
function M.need(value, message, name)
  if value == nil then fail(CANNOT_TRACE, message, name) end
  return value
end

--- Starts the command of -c, held before its exec; nil without one.
---@param command? string
function M.spawn(command)
  if not command then return nil end
  local words, wrong = core.split(command)
  if words and #words == 0 then wrong = "the command is empty" end
  if wrong then exit.raise(USAGE, "-c: " .. escape.text(wrong)) end
  local child, message = core.spawn(words)
  if not child then exit.raise(USAGE, escape.text(message)) end
  return child
end

--- Hands the options to the library.
function M.configure(opts, child)
  local target = select.target(opts, child)
  local wrong, refused = select.check(target)
  if wrong then exit.raise(USAGE, wrong) end
  if refused then exit.raise(CANNOT_TRACE, refused.message) end
  tl.defaults {
    target = target,
    pids = child and { child.pid } or opts.pids, at_exec = child and true or nil, follow = opts.follow,
    duration = opts.duration, child = child,
    battery = opts.battery, ring = opts.ring, channel = opts.channel, loading = progress.loading(),
  }
end

-- What was wrong, by the option that said it.
local function blamed(text)
  local fields = text:match "%f[%a]fields: .*$"
  local kind, key, rest = text:match "(%l+): (%l+): (.*)$"
  if key == "by" or key == "value" then return ("--%s: %s"):format(key == "by" and key or kind, rest) end
  return text:match "%f[%a]where:.*$" or fields and "--" .. fields or "-t: " .. text:gsub("^.-: names: ", "")
end

--- Subscribes what -t names, or counts it.
function M.trace(opts)
  if not opts.events then return end
  M.need(tl.events())
  local subscribe = options.measures(opts) and counting.start or printing.start
  local ok, done, message, name = pcall(subscribe, opts)
  if not ok then
    if exit.is_exit(done) then error(done, 0) end
    exit.raise(USAGE, blamed(tostring(done)))
  end
  M.need(done, message, name)
end

--- Prints what was counted and not printed before.
function M.report(opts)
  counting.finish(opts)
  tl.report()
end

--- Where all that was subscribed runs, and why.
---@param code boolean with the instructions
---@return string
function M.explain(code)
  M.need(tl.start())
  return tl.explain(code)
end

--- Runs what was subscribed, unless the script did.
function M.run(child)
  if driven or not (asked or child) then return end
  M.need(tl.run())
end

--- What the library refused and the script did not answer.
function M.refusal()
  local message, name = tl.refusal()
  if message then fail(CANNOT_TRACE, message, name) end
end

--- The last word of the command, nil if there is none to say.
local function child_text(child, command)
  local status = child:wait(true)
  if not status then child:kill() return nil end
  if status.failed then return ("-c %s: cannot be run: %s"):format(command, status.failed) end
  if status.signal and core.signalled() == 0 then
    return ("-c %s: killed by %s"):format(command, status.name)
  end
end

local function lost_text(stats)
  local parts = {}
  for cause, count in pairs(stats.causes) do
    if count > 0 then parts[#parts + 1] = ("%s: %d"):format(cause, count) end
  end
  table.sort(parts)
  local remedy = (stats.causes["channel full"] or 0) > 0 and "; use a larger --ring, such as 64M" or ""
  return ("lost %d event%s (%s)%s"):format(stats.lost, stats.lost == 1 and "" or "s", table.concat(parts, ", "), remedy)
end

-- What is not in the events, and why.
local function missing_texts()
  local lines = {}
  local ok, stats = pcall(tl.stats)
  if not ok or not stats then return lines end
  if stats.lost > 0 then lines[#lines + 1] = lost_text(stats) end
  if stats.held > 0 then
    lines[#lines + 1] = ("held back %d times by the budget: what happened then is not in the events")
      :format(stats.held)
  end
  local unread = tl.unread()
  if unread > 0 then lines[#lines + 1] = ("lost %d events (not read before the end)"):format(unread) end
  return lines
end

--- Ends it: what there is to say on stderr, line by line.
---@return string[] lines
---@return boolean failed whether the command could not be run
function M.finish(opts, child)
  local lines = {}
  local text = child and child_text(child, escape.text(opts.command))
  lines[1] = text
  if asked or driven then table.move(missing_texts(), 1, 3, #lines + 1, lines) end
  pcall(tl.close)
  return lines, text ~= nil and text:find("cannot be run", 1, true) ~= nil
end

return M
