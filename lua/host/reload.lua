-- SPDX-License-Identifier: MIT
--- reload: scripts that are run beside the REPL, or again when their file changes.
--
-- Such a script is a coroutine. Where it calls `run` it waits, and whoever has the loop runs it; when that ends, the
-- script goes on. Loading it again keeps its aggregates: one that is asked for as before goes on counting. What else
-- the old version made is stopped once the new one is attached; an error in the new one leaves the old as it is.

local core    = require "traceleft.core"
local tl      = require "traceleft"
local exit    = require "traceleft.exit"
local origin  = require "traceleft.request.origin"
local find    = require "host.find"
local signals = require "host.signals"

local M = {}

local PERIOD <const> = 0.25    -- seconds between two looks at a file

---@class traceleft.host.script
---@field path string
---@field co thread
---@field waiting? table what `run` was given, while it waits there
---@field args string[]
---@field source string as debug.getinfo has it
---@field seen? string what its file looked like when it was loaded
---@field changing? string what it looked like a moment ago

local scripts = {}             -- by path
local order = {}               -- paths, the last one loaded at the end
local running                  -- the script whose coroutine runs

local runs = 0                 -- of the library's `run` that are under way

local function run_of(original)
  return function(opts)
    if not running or coroutine.running() ~= running.co or not coroutine.isyieldable() then
      runs = runs + 1
      local _ <close> = setmetatable({}, { __close = function() runs = runs - 1 end })
      return original(opts)
    end
    running.waiting = opts or {}
    local why = coroutine.yield()
    signals.guard "chunk"
    return why
  end
end

-- `stop` without a run ends those that scripts wait in.
local function stop_of(original)
  return function()
    if runs > 0 then return original() end
    for _, script in pairs(scripts) do M.end_run(script, "stop") end
  end
end

--- Lets `run` of the library wait for whoever has the loop, in scripts of this module, and `stop` end that.
function M.take_over()
  tl.run, tl.stop = run_of(tl.run), stop_of(tl.stop)
end

-- Lets the coroutine go on until it waits, ends, or fails.
local function resume(script, ...)
  local before = running
  running, script.waiting = script, nil
  local guard = signals.guard "none"
  local ok, message = coroutine.resume(script.co, ...)
  signals.guard(guard)
  running = before
  if ok then return true end
  if exit.is_exit(message) then return false, message end
  return false, debug.traceback(script.co, tostring(message))
end

-- ---- loading ---------------------------------------------------------------------------------

local function mark()
  return origin.mark({}).order
end

local function is_older(source, number)
  return function(one) return one.order <= number and origin.is_from(one, source) end
end

local function stop_all(is_meant)
  for _, one in ipairs(tl.attached() or {}) do
    if is_meant(one) then one:stop() end
  end
end

-- What a new version may go on with.
local function heirs(source)
  local list = {}
  for _, one in ipairs(tl.attached() or {}) do
    if one.definition and origin.is_from(one, source) then list[#list + 1] = one end
  end
  return list
end

local function start(script, args)
  local ok, wrong = resume(script, table.unpack(args))
  if not ok then return false, wrong end
  if #(tl.attached() or {}) == 0 then return true end
  local started, message = tl.start()
  return started ~= nil, message
end

-- Exchanges what is attached: all that the old version made, or, when the new one failed, all that that one did.
local function settle(source, number, taken, ok)
  local function is_old(one) return is_older(source, number)(one) and not taken[one] end
  local function is_new(one) return one.order > number and not taken[one] end
  local drop = ok and is_old or is_new
  stop_all(drop)
  tl.forget_exits(drop)
end

local function file_of(path)
  local inode, _, changed, size = core.stat(path)
  return inode and ("%d %d %d"):format(inode, changed, size) or nil
end

local function remember(script)
  for i, path in ipairs(order) do
    if path == script.path then table.remove(order, i) break end
  end
  order[#order + 1], scripts[script.path] = script.path, script
end

-- A script that runs for a time waits that long; `run` itself would see to it, of its own and of the program's -d.
local function end_in_time(script)
  local opts = script.waiting
  if type(opts) ~= "table" or runs > 0 or opts.duration == nil then return end
  local timer = tl.after(opts.duration, function() M.end_run(script, "duration") end)
  if timer then timer.hidden = true end
end

--- Runs a script, or runs it again.
---@param path string with a slash, or a tool's name
---@param args? string[]
---@return traceleft.host.script? script
---@return any wrong
function M.load(path, args)
  local old, seen = scripts[path], file_of(path)
  local chunk, wrong = find.script(path)
  if old then old.seen = seen end
  if not chunk then return nil, wrong end
  local function guarded(...)
    signals.guard "chunk"
    return chunk(...)
  end
  local script = { path = path, args = args or old and old.args or {}, co = coroutine.create(guarded), seen = seen,
                   source = debug.getinfo(chunk, "S").source }
  local number = mark()
  tl.inherit(heirs(script.source))
  local ok
  ok, wrong = start(script, script.args)
  settle(script.source, number, tl.inherit(nil) or {}, ok)
  if not ok then return nil, wrong end
  if old then coroutine.close(old.co) end
  remember(script)
  end_in_time(script)
  return script
end

local function is_readable(path)
  local file = io.open(path, "r")
  if file then file:close() end
  return file ~= nil
end

--- The path that a word means: of a script that was loaded, by its name; of a file; or the word itself, a tool's name.
---@param word? string nil: the script that was loaded last
---@return string? path
function M.path(word)
  if not word then return order[#order] end
  if scripts[word] or word:find("/", 1, true) then return word end
  for i = #order, 1, -1 do
    if order[i]:match "[^/]+$" == word then return order[i] end
  end
  return word:find "%.lua$" and is_readable("./" .. word) and "./" .. word or word
end

-- ---- the end of a run ------------------------------------------------------------------------

--- Lets a script that waits in `run` go on behind it.
---@param script traceleft.host.script
---@param why string
---@return boolean ok
---@return any wrong
function M.finish(script, why)
  if not script.waiting then return true end
  return resume(script, why)
end

--- Ends the run that a script waits in, after the callback in hand: calls its functions of `at_exit`, and lets it
--- go on.
---@param script traceleft.host.script
---@param why string
function M.end_run(script, why)
  if not script.waiting then return end
  tl.after(0, function()
    local function is_own(exit_) return origin.is_from(exit_, script.source) end
    for _, fn in ipairs(tl.forget_exits(is_own)) do fn() end
    local ok, wrong = M.finish(script, why)
    if not ok then error(wrong, 0) end
  end)
end

--- Lets all that wait go on.
---@param why string
---@param on_wrong fun(wrong: any)
function M.finish_all(why, on_wrong)
  for _, path in ipairs(order) do
    local ok, wrong = M.finish(scripts[path], why)
    if not ok then on_wrong(wrong) end
  end
end

-- ---- when a file changes ---------------------------------------------------------------------

--- Loads the script again whenever its file has changed; said gets what came of it.
---@param path string
---@param said fun(path: string, wrong: any)
function M.watch(path, said)
  local timer = tl.every(PERIOD, function()
    local script = scripts[path]
    local seen = file_of(path)
    if not script or not seen or seen == script.seen then return end
    if seen ~= script.changing then -- it may be half written
      script.changing = seen
      return
    end
    local new, wrong = M.load(path)
    said(path, not new and wrong or nil)
  end)
  if timer then timer.hidden = true end
end

return M
