#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- execsnoop: which programs are run, by whom, and with what arguments?
--
-- usage: execsnoop [-p PIDS] [-f] [-C NAME] [--json]
--
--   execsnoop             every program that is run
--   execsnoop -C git      only programs named git
--   execsnoop -f -p 181   what process 181 and its children run
--
-- Overhead: one event for each program that is run.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local columns = require "traceleft.columns"
local escape  = require "traceleft.escape"
local sink    = require "traceleft.sink"
local value   = require "traceleft.value"

local opts = args.parse {
  name = "execsnoop",
  doc = "Which programs are run, by whom, and with what arguments?\n"
    .. "Arguments that end in … were cut, ? could not be read.",
  examples = {
    { "", "every program that is run" },
    { "-C git", "only programs named git" },
    { "-f -p 181", "what process 181 and its children run" },
  },
  overhead = "one event for each program that is run.",
  { "-p --pid", "only what these processes run: PID or PID,PID,…", type = "pids" },
  { "-f --follow", "their children too" },
  { "-C --command", "only programs of this name", type = "string", argname = "NAME" },
  { "--json", "one JSON object per line" },
}

local out = columns.new({ { "TIME", 8 }, { "PID", 7, right = true }, { "PPID", 7, right = true },
                          { "UID", 5, right = true }, { "COMM", 15 }, { "ARGS" } }, io.stdout)

-- The arguments as one could type them: those with blanks or nothing in them stand between quotes.
local function command_line(e)
  if not e.argv then return tl.text(e, "argv") end
  local words = {}
  for i, word in ipairs(e.argv) do words[i] = word:find("^[%w%p]+$") and word or escape.quote(word) end
  return table.concat(words, " ") .. (value.is_cut(e, "argv") and " …" or "")
end

---@param e traceleft.event.process.exec
local function show(e)
  out:row(tl.clock(e.time):sub(1, 8), e.pid, e.ppid, e.uid, e.comm, command_line(e))
end

local emit = opts.json and sink.json(io.stdout, { describe = tl.describe }) or show

---@param e traceleft.event.process.exec
local function on_exec(e)
  if not opts.command or e.comm == opts.command:sub(1, 15) then emit(e) end
end

assert(tl.on("process.exec", { pid = opts.pid, follow = opts.follow }, on_exec))
if not opts.json then out:header() end
assert(tl.run())
