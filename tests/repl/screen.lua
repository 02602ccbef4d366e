-- SPDX-License-Identifier: MIT
--- screen: a program in a terminal of tmux: keys go in, and what the screen shows is read.

local M = {}

local LIMIT <const> = tonumber(os.getenv "TL_TEST_LIMIT") or 20        -- seconds until something must be there

---@class repl.screen
local Screen = {}
Screen.__index = Screen

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- What a command of the shell prints.
---@param command string
---@return string
function M.sh(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

local number = 0

--- A terminal with a shell in it.
---@param room string a folder of its own
---@param columns? integer
---@param rows? integer
---@return repl.screen
function M.new(room, columns, rows)
  number = number + 1
  local self = setmetatable({ socket = ("%s/tmux%d"):format(room, number) }, Screen)
  local size = ("-x %d -y %d"):format(columns or 100, rows or 40)
  local shell = ("env -i PATH=%s HOME=%s LANG=C.UTF-8 TERM=screen PS1='$ ' sh")
    :format(quoted(os.getenv "PATH"), quoted(room))
  self:tmux(("new-session -d %s %s"):format(size, quoted(shell)))
  self:await "^%$$"
  return self
end

--- What a command of tmux answers.
function Screen:tmux(words)
  return M.sh(("tmux -f /dev/null -S %s %s"):format(quoted(self.socket), words))
end

--- Types a text, and Enter behind it if `enter`.
function Screen:type(text, enter)
  self:tmux(("send-keys -l -- %s"):format(quoted(text)))
  if enter then self:key "Enter" end
end

--- A key by its name in tmux: "C-c", "Tab", "Up".
function Screen:key(name)
  self:tmux("send-keys " .. name)
end

--- What the screen shows: its lines up to the last that is not empty, without blanks at their ends; wrapped ones are
--- one.
function Screen:text()
  return (self:tmux "capture-pane -p -J":gsub(" +\n", "\n"):gsub("\n+$", ""))
end

local function now()
  local file <close> = assert(io.open "/proc/uptime")
  return file:read "n"
end

--- Waits until the screen shows it: a pattern, or a function of the text that gives true.
function Screen:await(wanted, what)
  local deadline = now() + LIMIT
  local text
  repeat
    text = self:text()
    local found = type(wanted) == "string" and text:match(wanted) or type(wanted) == "function" and wanted(text)
    if found then return found, text end
    os.execute "sleep 0.05"
  until now() > deadline
  error(("%s did not come; the screen:\n%s"):format(what or wanted, text), 2)
end

--- Types a line, and waits for what the screen shows then.
function Screen:line(text, wanted)
  self:type(text, true)
  return self:await(wanted)
end

function Screen:resize(columns, rows)
  self:tmux(("resize-window -x %d -y %d"):format(columns, rows))
end

function Screen:close()
  self:tmux "kill-server 2>/dev/null"
end

return M
