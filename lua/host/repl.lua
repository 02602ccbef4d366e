-- SPDX-License-Identifier: MIT
--- repl: reads Lua, runs it, prints what it gives, while events go on.

local tl      = require "traceleft"
local escape  = require "traceleft.escape"
local exit    = require "traceleft.exit"
local environment = require "host.repl_environment"
local lines   = require "host.repl_line"
local reload  = require "host.reload"
local show    = require "host.repl_show"
local signals = require "host.signals"
local subs    = require "host.repl_subs"

local M = {}

local PROMPT, MORE = "> ", ">> "
local EXPRESSION = "local __ <close> = nil return " -- no tail call: what is called knows where it was called

---@class traceleft.host.repl
---@field reader traceleft.host.lines
---@field env table
---@field chunks integer
---@field exit? traceleft.exit what a script or a callback ended the program with

local function say(text)
  io.stderr:write(escape.lines(tostring(text)), "\n")
end

-- ---- errors ----------------------------------------------------------------------------------

local INNER = { "^%[C%]", "^%(%.%.%.tail", "^lua/traceleft/", "^lua/host/" }

local function is_inner(line)
  for _, pattern in ipairs(INNER) do
    if line:find(pattern) then return true end
  end
  return false
end

-- Where it happened, in what the user wrote; of a chunk's own line the message says it all.
local function trace(message)
  if type(message) ~= "string" then return message end
  local frames = {}
  for line in debug.traceback("", 2):gmatch "\n\t([^\n]+)" do
    if not is_inner(line) then frames[#frames + 1] = line end
  end
  return #frames > 1 and message .. "\n\t" .. table.concat(frames, "\n\t") or message
end

-- An exit ends the program; anything else is said.
local function complain(self, wrong)
  if exit.is_exit(wrong) then
    self.exit = self.exit or wrong
    self.reader.over = true
  else
    say(wrong)
  end
end

-- ---- events ----------------------------------------------------------------------------------

-- Attaches what was subscribed; until then nothing is loaded. Ctrl-C meanwhile stops what was attached last.
local function start(self)
  if #(tl.attached() or {}) == 0 then return end
  signals.guard "chunk"
  local whole, started, message = pcall(tl.start)
  signals.guard "none"
  if not whole then
    self.reader:take()
    message = subs.stop_current()
  end
  if whole and started then
    self.started = true
  else
    say(message)
  end
end

local function poll(self)
  if not self.started then return end
  signals.guard "callbacks"
  local ok, n, message = pcall(tl.poll, 0)
  signals.guard "none"
  if not ok then complain(self, n) elseif not n then
    say(message)
    self.started = false
  end
  subs.look()
end

-- ---- chunks ----------------------------------------------------------------------------------

-- The chunk of a text, as an expression if it is one; else what is wrong, and whether more lines may mend it.
local function compile(self, text)
  local name = "=repl:" .. self.chunks
  local chunk = load(EXPRESSION .. text, name, "t", self.env)
  local wrong
  if not chunk then chunk, wrong = load(text, name, "t", self.env) end
  return chunk, wrong, wrong and wrong:find("<eof>$") ~= nil
end

local function evaluate(self, chunk)
  signals.guard "chunk"
  local results = table.pack(xpcall(chunk, trace))
  signals.guard "none"
  self.reader:take() -- Ctrl-C was for the chunk
  if not results[1] then return complain(self, results[2]) end
  local values = table.pack(table.unpack(results, 2, results.n))
  local ok, wrong = xpcall(show.results, trace, values)
  if not ok then complain(self, wrong) end
end

local function finish_chunk(self, text, chunk)
  show.keep("=repl:" .. self.chunks, text)
  self.reader:remember((text:gsub("\n$", "")))
  self.chunks = self.chunks + 1
  evaluate(self, chunk)
  start(self)
  subs.look()
end

-- Reads a chunk of one or more lines and runs it; false at the end.
local function turn(self)
  local text = ""
  local chunk, wrong, more
  repeat
    local line = self.reader:next(text == "" and PROMPT or MORE, text)
    if not line then return self.reader.interrupted end
    text = text .. line
    chunk, wrong, more = compile(self, text)
  until not more or not text:find "%S"
  if chunk then
    finish_chunk(self, text, chunk)
  else
    self.reader:remember((text:gsub("\n$", "")))
    say(wrong)
  end
  return true
end

-- ---- its life --------------------------------------------------------------------------------

local function greet(opts)
  local file = io.open "/proc/sys/kernel/osrelease"
  local release = file and file:read "l" or "?"
  if file then file:close() end
  print(("traceleft-lua %s on Linux %s. help() says what to type, Ctrl-D leaves."):format(tl.version, release))
  if opts.command then print "The command of -c is held; run() starts it." end
end

-- What Ctrl-C on an empty line does.
local function interrupted()
  return subs.stop_current() or "nothing is attached; Ctrl-D leaves"
end

local function due(self)
  return self.started and tl.due() or nil
end

local function prepare(self)
  self.env = environment.make()
  self.reader = lines.new {
    globals = self.env, on_interrupt = interrupted,
    poll = function() poll(self) end,
    due = function() return due(self) end,
    fd = function() return self.started and (tl.fd()) or nil end,
  }
  _G.print = environment.printer(print)
end

-- `run` in a chunk: Ctrl-C ends the run, and stops what was active last.
local function run_of(self, original)
  return function(...)
    local guard = signals.guard "callbacks"
    local results = table.pack(pcall(original, ...))
    signals.guard(guard)
    subs.look()
    if self.reader:take() > 0 then say(interrupted()) end
    if not results[1] then error(results[2], 0) end
    return table.unpack(results, 2, results.n)
  end
end

local function run_scripts(self, opts)
  for _, run in ipairs(opts.first) do
    local ok, wrong = run()
    if not ok then complain(self, wrong) end
  end
  start(self)
end

local function leave(self)
  if self.started then
    local ok, wrong = pcall(tl.finish)
    if not ok then complain(self, wrong) end
  else
    pcall(tl.finish)
  end
  reload.finish_all("signal", function(wrong) complain(self, wrong) end)
  self.reader:close()
end

local function interact(self, opts)
  run_scripts(self, opts)
  if self.reader.prompts then greet(opts) end
  repeat until not turn(self)
end

--- Reads and runs until Ctrl-D or a signal. opts: command (of -c), first: functions that are called before the first
--- prompt, and return false and why if they fail.
---@param opts { command?: string, first: (fun(): boolean, any)[] }
function M.run(opts)
  local self = { chunks = 1 }
  prepare(self)
  tl.run = run_of(self, tl.run)
  reload.take_over()
  signals.catch(true)
  local ok, wrong = xpcall(interact, trace, self, opts)
  leave(self)
  signals.catch(false)
  if not ok then error(wrong, 0) end
  if self.exit then error(self.exit, 0) end
end

return M
