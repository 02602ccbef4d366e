#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- syscount: which system calls are made, by whom, how long do they take, and how many fail?
--
-- usage: syscount [-P] [-L] [-x] [-e ERRORS] [-i TIME] [-n N] [-p PIDS] [-f] [-C NAME] … [--json | --csv] [CALL…]
--
--   syscount            the calls of all processes, at Ctrl-C
--   syscount -L -i 1    with the time spent in them, every second
--   syscount -P file    which processes make calls that name files
--   syscount -x -P      whose calls fail
--
-- Overhead: about 125 ns for each call, 190 with -L; no events.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local asked    = require "traceleft.asked"
local clauses  = require "traceleft.clauses"
local interval = require "traceleft.interval"

local opts = args.parse {
  name = "syscount",
  doc = "Which system calls are made, by whom, how long do they take, and how many fail?",
  examples = {
    { "", "the calls of all processes, at Ctrl-C" },
    { "-L -i 1", "with the time spent in them, every second" },
    { "-P file", "which processes make calls that name files" },
    { "-x -P", "whose calls fail" },
  },
  overhead = "about 125 ns for each call, 190 with -L; no events.",
  { "calls", "system calls, globs, or classes such as file and network; all without them", list = true },
  args.WHICH,
  { "-P --process", "by process, not by call" },
  { "-L --latency", "the time spent in them too, the most first" },
  { "-x --failed", "only calls that failed" },
  { "-e --errors", "only calls that failed so: ENOENT,EPERM,…", type = "words", argname = "ERRORS" },
  args.INTERVAL,
  args.FORMS,
}

local calls = asked.of(opts.latency and tl.avg or tl.count, asked.request(opts.calls, {
  name = "calls", target = opts.target, by = opts.process and { "comm", "pid" } or { "event" },
  where = clauses.all(opts.failed and "error ~= nil", opts.errors and clauses.one_of("error", opts.errors)),
  value = opts.latency and "duration" or nil,
}))
interval.run(opts, function(print_opts)
  print_opts.sort = opts.latency and "sum" or "value"
  calls:print(print_opts)
end)
