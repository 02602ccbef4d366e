#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- execsnoop: which programs are run, by whom, and with what arguments?
--
-- usage: execsnoop [-x] [-p PIDS] [-f] [-C NAME] [--unit NAME] … [--json | --csv | --format TEXT]
--
--   execsnoop             every program that is run
--   execsnoop -x          those too that could not be run
--   execsnoop -C git      only programs named git
--   execsnoop -f -p 181   what process 181 and its children run
--
-- Overhead: one event for each program that is run.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local escape = require "traceleft.escape"
local report = require "traceleft.report"
local value  = require "traceleft.value"

local opts = args.parse {
  name = "execsnoop",
  doc = "Which programs are run, by whom, and with what arguments?\n"
    .. "Arguments that end in … were cut, ? could not be read.",
  examples = {
    { "", "every program that is run" },
    { "-x", "those too that could not be run" },
    { "-C git", "only programs named git" },
    { "-f -p 181", "what process 181 and its children run" },
  },
  overhead = "one event for each program that is run.",
  args.WHICH,
  { "-x --failed", "those too that could not be run" },
  args.OUTPUT,
}

-- The arguments as one could type them: those with blanks or nothing in them stand between quotes.
local function command_line(e)
  if not e.argv then return tl.text(e, "argv") end
  local words = {}
  for i, word in ipairs(e.argv) do words[i] = word:find("^[%w%p]+$") and word or escape.quote(word) end
  return table.concat(words, " ") .. (value.is_cut(e, "argv") and " …" or "")
end

-- An exec that works is told by the program that has begun; one that fails by the call, with the path that was tried.
local function arguments(e)
  return (e.error and tl.text(e, "pathname") .. ": " or "") .. command_line(e)
end

local events = { "process.exec" }
if opts.failed then events = { "process.exec", "syscall.execve", "syscall.execveat" } end
local specs = {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "PPID", 7, "ppid", right = true },
  { "UID", 5, "uid", right = true },
  { "COMM", 15, "comm" },
  { "ERROR", 8, "error" },
  { "ARGS", nil, arguments, needs = { "argv", "pathname", "error" } },
}
if not opts.failed then
  table.remove(specs, 6)
  specs[6].needs = { "argv" }
end
local show, fields = report.lines(opts, events, specs)
local where = opts.failed and "event == 'process.exec' or error ~= nil" or nil
assert(tl.on(events, { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
