-- SPDX-License-Identifier: MIT
--- repl_line: where lines come from, while events go on: the terminal, edited by libedit, or anything else, read as it
--- is.

local core     = require "traceleft.core"
local kept     = require "host.kept"
local complete = require "host.repl_complete"
local edit     = require "host.edit"
local output   = require "host.repl_output"
local signals  = require "host.signals"

local M = {}

local SHOWN <const> = 200      -- words that Tab lists

---@class traceleft.host.lines
---@field interrupted? boolean whether the last line was given up by Ctrl-C
---@field ended? boolean whether a signal ends the program
---@field over? boolean whether something else does
local Lines = {}
Lines.__index = Lines

-- The folder for what programs remember, as the XDG says.
local function history_path()
  local folder, home = os.getenv "XDG_STATE_HOME", os.getenv "HOME"
  if not folder or folder:sub(1, 1) ~= "/" then folder = home and home ~= "" and home .. "/.local/state" end
  return folder and folder .. "/traceleft-lua/history" or nil
end

local function can_edit()
  local term = os.getenv "TERM"
  return core.isatty(0) and core.isatty(1) and term ~= nil and term ~= "" and term ~= "dumb"
end

--- A source of lines. opts: poll (called when events may have come, or a timer is due), fd (gives what becomes readable
--- by events, nil: nothing), due (gives seconds until a timer, nil: none), on_interrupt (gives what Ctrl-C on an empty
--- line did, as text), globals.
---@param opts table
---@return traceleft.host.lines
function M.new(opts)
  local self = setmetatable({ opts = opts, edited = can_edit(), before = "" }, Lines)
  self.prompts = core.isatty(0)
  self.output = output.new(core.clock())
  if self.edited then
    self.editor = edit.open(history_path())
    self.edited = self.editor ~= nil
  end
  if not self.edited then io.stdin:setvbuf "no" end -- what is read ahead nobody could wait for
  self.wait = function() return self:await() end
  self.complete = function(line, at) return self:offer(line, at) end
  return self
end

-- ---- above the line --------------------------------------------------------------------------

local function show(self)
  if not self.edited then return end
  self.output:add(kept.take())
  local text = self.output:portion(core.clock())
  if text ~= "" then self.editor:write(text) end
end

-- ---- signals ---------------------------------------------------------------------------------

-- Ctrl-C: the line goes; if there is none, what was active last.
local function interrupt(self)
  if self.before ~= "" or self.edited and self.editor:text():find "%S" then
    self.interrupted = true
    return
  end
  local said = self.opts.on_interrupt()
  if self.edited then self.editor:write(said .. "\n") else io.stderr:write(said, "\n") end
end

--- What signals have come since the last call; that one ends the program is kept.
---@return integer interrupts
---@return integer resizes
---@return integer stops
function Lines:take()
  local interrupts, ends, resizes, stops = signals.taken()
  if ends > 0 then self.ended = true end
  return interrupts, resizes, stops
end

-- What signals ask for; true if the line is to be given up.
local function obey(self)
  local interrupts, resizes, stops = self:take()
  if interrupts > 0 then interrupt(self) end
  if self.edited and resizes > 0 then self.editor:resize() end
  if self.edited and stops > 0 then self.editor:suspend() end
  return self.ended or self.interrupted
end

-- ---- waiting ---------------------------------------------------------------------------------

local function sooner(a, b)
  return a and b and math.min(a, b) or a or b
end

-- Milliseconds until something is to be done though nothing comes.
local function timeout(self)
  local due = self.opts.due()
  return sooner(due and math.ceil(due * 1000), self.edited and self.output:due(core.clock()) or nil) or -1
end

--- Lets events come until there is something to read, or the line is to be given up.
---@return boolean go_on
function Lines:await()
  while not obey(self) do
    self.opts.poll()
    if self.over then return false end
    show(self)
    local readable = signals.wait(self.opts.fd(), timeout(self))
    if readable then return not obey(self) end
  end
  return false
end

-- ---- Tab -------------------------------------------------------------------------------------

local function list(words)
  local width = 0
  for _, word in ipairs(words) do width = math.max(width, utf8.len(word) or #word) end
  local columns = math.max(1, (core.columns(1) or 80) // (width + 2))
  local most = math.min(#words, SHOWN)
  local rows, lines = (most + columns - 1) // columns, {}
  for i = 1, rows do
    local cells = {}
    for k = i, most, rows do cells[#cells + 1] = words[k] .. (" "):rep(width - (utf8.len(words[k]) or #words[k])) end
    lines[i] = table.concat(cells, "  "):gsub("%s+$", "")
  end
  if #words > most then lines[#lines + 1] = ("… %d more"):format(#words - most) end
  return table.concat(lines, "\n") .. "\n"
end

--- What Tab inserts; if that is nothing the words there are are shown.
---@param line string
---@param at integer bytes before the cursor
---@return string? text
function Lines:offer(line, at)
  local words, begun = complete.words(self.opts.globals, self.before .. line:sub(1, at))
  local text = complete.common(words):sub(#begun + 1)
  if text ~= "" then return text end
  if #words > 1 then self.editor:write(list(words)) end
end

-- ---- lines -----------------------------------------------------------------------------------

local function edited_line(self, prompt)
  kept.begin()
  signals.typing(true)
  local ok, text = pcall(self.editor.line, self.editor, prompt, self.wait, self.complete)
  signals.typing(false)
  local rest, lost = kept.take()
  kept.finish()
  self.output:add(rest, lost)
  io.stdout:write(self.interrupted and "^C\n" or not text and "\n" or "", self.output:flush())
  io.stdout:flush()
  if not ok then error(text, 0) end
  return text
end

local function plain_line(self, prompt)
  if self.prompts then io.stdout:write(prompt) end
  io.stdout:flush()
  if not self:await() then return nil end
  return (io.read "L")
end

--- The next line with its line end; nil at the end, after Ctrl-C (`interrupted`), when a signal ends the program
--- (`ended`), or when `over` was set meanwhile.
---@param prompt string
---@param before string the lines that this one goes on
---@return string?
function Lines:next(prompt, before)
  self.before, self.interrupted = before, false
  if self.ended or self.over then return nil end
  local read = self.edited and edited_line or plain_line
  return read(self, prompt)
end

--- Puts a whole chunk into the history.
---@param text string
function Lines:remember(text)
  if self.edited and text:find "%S" then self.editor:remember(text) end
end

function Lines:close()
  if self.editor then self.editor:close() end
end

return M
