#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- opensnoop: which files do processes open, and which opens fail?
--
-- usage: opensnoop [-x] [-p PIDS] [-f] [-C NAME] [--json]
--
--   opensnoop             every open of every process
--   opensnoop -x          only the opens that failed
--   opensnoop -f -p 181   process 181 and its children
--
-- Overhead: one event for each open, openat and openat2, and nothing for other system calls.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local columns = require "traceleft.columns"
local sink    = require "traceleft.sink"

local opts = args.parse {
  name = "opensnoop",
  doc = "Which files do processes open, and which opens fail?\n"
    .. "A path marked … was cut, a path ? could not be read.",
  examples = {
    { "", "every open of every process" },
    { "-x", "only the opens that failed" },
    { "-f -p 181", "process 181 and its children" },
    { "-C nginx --json", "what nginx opens, one JSON object per line" },
  },
  overhead = "one event for each open, openat and openat2; nothing for other system calls.",
  { "-x --failed", "only the opens that failed" },
  { "-p --pid", "only these processes: PID or PID,PID,…", type = "pids" },
  { "-f --follow", "their children too" },
  { "-C --command", "only processes of this name", type = "string", argname = "NAME" },
  { "--json", "one JSON object per line" },
}

local out = columns.new({ { "TIME", 8 }, { "PID", 7, right = true }, { "COMM", 15 }, { "FD", 4, right = true },
                          { "ERROR", 8 }, { "PATH" } }, io.stdout)

---@param e traceleft.event
local function show(e)
  out:row(tl.clock(e.time):sub(1, 8), e.pid, e.comm, e.ret >= 0 and e.ret or nil, e.error, tl.text(e, "pathname"))
end

local emit = opts.json and sink.json(io.stdout, { describe = tl.describe }) or show

---@param e traceleft.event
local function on_open(e)
  if opts.failed and not e.error then return end
  if opts.command and e.comm ~= opts.command:sub(1, 15) then return end
  emit(e)
end

local calls = { "syscall.open", "syscall.openat", "syscall.openat2" }
assert(tl.on(calls, { pid = opts.pid, follow = opts.follow }, on_open))
if not opts.json then out:header() end
assert(tl.run())
