-- SPDX-License-Identifier: MIT
--- repl_environment: what chunks of the REPL have beside Lua and the library: help, subs, reload, and an `on` and a
--- `print` that know what people want to see.

local tl       = require "traceleft"
local escape   = require "traceleft.escape"
local exit     = require "traceleft.exit"
local globals  = require "host.globals"
local help     = require "host.repl_help"
local printing = require "host.printing"
local reload   = require "host.reload"
local subs     = require "host.repl_subs"

local M = {}

---@class traceleft.repl what the REPL has beside the library
local Repl = {}

--- Tells of events, functions, and what there is.
---@param topic any a name, glob or class of events; a function, or its name; nil: all there is
function Repl.help(topic)
  print((help.text(topic):gsub("\n$", "")))
end

--- What is attached, by number: how much it sees and loses, how much a second since the last call, and how to stop it.
---@return table<integer, traceleft.subscription|traceleft.aggregate|traceleft.span|traceleft.timer>
function Repl.subs()
  return subs.list()
end

--- Runs a script, or runs it again. An aggregate that it asks for as before goes on with its counts; what else the old
--- version made is stopped when the new one is attached. With an error in the new version the old one goes on.
---@param word? string path or name of the script; the last one without it
function Repl.reload(word)
  local path = reload.path(word)
  if not path then error("reload: which script? reload 'x.lua'", 2) end
  local script, wrong = reload.load(path)
  if script then return end
  if exit.is_exit(wrong) then wrong = wrong.message or ("exit %d"):format(wrong.exit) end
  io.stderr:write(escape.lines(tostring(wrong)), "\n")
end

-- Without a function each event is printed as a line.
local function on(words, opts, fn)
  if fn == nil and (opts == nil or type(opts) == "table") then return printing.lines(words, opts or {}) end
  return tl.on(words, opts, fn)
end

--- The globals of chunks.
---@return table
function M.make()
  return globals.make { help = Repl.help, on = on, reload = Repl.reload, subs = Repl.subs }
end

--- A `print` that shows an event as a line: it is what most callbacks do.
---@param original fun(...)
---@return fun(...)
function M.printer(original)
  return function(...)
    local line = select("#", ...) == 1 and printing.line((...))
    if line then return original(line) end
    return original(...)
  end
end

return M
