#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- opensnoop: which files do processes open, and which opens fail?
--
-- usage: opensnoop [-x | -n] [-p PIDS] [-f] [-C NAME] [--unit NAME] … [--json | --csv | --format TEXT] [PATH]
--
--   opensnoop             every open of every process
--   opensnoop -x          only the opens that failed
--   opensnoop -f -p 181   process 181 and its children
--   opensnoop -n          only the opens that made the file
--
-- Overhead: one event for each open, openat and openat2, about 1 µs; nothing for other system calls.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "opensnoop",
  doc = "Which files do processes open, and which opens fail?\n"
    .. "A path marked … was cut, a path ? could not be read.",
  examples = {
    { "", "every open of every process" },
    { "-x", "only the opens that failed" },
    { "-f -p 181", "process 181 and its children" },
    { "-C nginx --json", "what nginx opens, one JSON object per line" },
    { "-n /var/spool/", "files that are made below /var/spool" },
  },
  overhead = "one event for each open, openat and openat2, about 1 µs; nothing for other system calls.",
  { "path", "only paths that begin so, as the program passes them", optional = true },
  args.WHICH,
  { "-x --failed", "only the opens that failed" },
  { "-n --new", "only the opens that made the file" },
  args.OUTPUT,
}

local CALLS = { "syscall.open", "syscall.openat", "syscall.openat2" }

local show, fields = report.lines(opts, CALLS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm" },
  { "FD", 4, function(e) return e.ret >= 0 and e.ret or nil end, needs = { "ret" }, right = true },
  { "ERROR", 8, "error" },
  { "PATH", nil, "pathname" },
})
local where = clauses.all(opts.failed and "ret < 0", opts.new and "created",
                          opts.path and "starts(pathname, " .. clauses.text(opts.path) .. ")")
assert(tl.on(CALLS, { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
