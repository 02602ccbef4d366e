-- SPDX-License-Identifier: MIT
--- live: -i and --watch: what is run while somebody types, or changes it.

local tl      = require "traceleft"
local escape  = require "traceleft.escape"
local exit    = require "traceleft.exit"
local core    = require "traceleft.core"
local reload  = require "host.reload"

local M = {}

local USAGE <const> = 2

local function said(path, wrong)
  if exit.is_exit(wrong) then wrong = wrong.message or ("exit %d"):format(wrong.exit) end
  local text = wrong and "not loaded again, what was loaded goes on: " .. tostring(wrong) or "loaded again"
  io.stderr:write(escape.lines(("%s: %s"):format(path, text)), "\n")
end

local function check_watched(word)
  if word and word ~= "-" and core.stat(word) then return end
  exit.raise(USAGE, "--watch: which script? give its path")
end

-- What is done before the first prompt: modules and chunks, then the script.
local function beginning(opts, run, word, args)
  local first = { function() return xpcall(run, debug.traceback) end }
  if not word then return first end
  first[2] = function()
    local script, wrong = reload.load(word, args)
    if opts.watch then reload.watch(word, said) end
    return script ~= nil, wrong
  end
  return first
end

local function watch(run, word, args)
  reload.take_over()
  run()
  local script, wrong = reload.load(word, args)
  if not script then error(wrong, 0) end
  reload.watch(word, said)
  local why, message = tl.run(script.waiting)
  if not why then exit.raise(3, message) end
  reload.finish_all(why, function(value) error(value, 0) end)
end

--- Runs modules and chunks (run) and the script of that name, and goes on: with a prompt, or until its end.
---@param opts table
---@param run fun()
---@param word? string
---@param args string[] those of the script
function M.run(opts, run, word, args)
  if opts.watch then check_watched(word) end
  if not opts.interactive then return watch(run, word, args) end
  local repl = require "host.repl"
  repl.run { command = opts.command, first = beginning(opts, run, word, args) }
end

return M
