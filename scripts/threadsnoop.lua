#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- threadsnoop: who starts threads?
--
-- usage: threadsnoop [-c [-i TIME] [-n N]] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   threadsnoop           every new thread
--   threadsnoop -C java   those that java starts
--   threadsnoop -c -i 1   how many each process starts, every second
--
-- Overhead: one event for each new thread, nothing for new processes; with -c nothing but a number in the kernel.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local interval = require "traceleft.interval"
local report   = require "traceleft.report"

local opts = args.parse {
  name = "threadsnoop",
  doc = "Who starts threads?\nTHREAD is its number as its own pid namespace has it.",
  examples = {
    { "", "every new thread" },
    { "-C java", "those that java starts" },
    { "-c -i 1", "how many each process starts, every second" },
  },
  overhead = "one event for each new thread, nothing for new processes; with -c nothing but a number in the kernel.",
  args.WHICH,
  { "-c --count", "count them by process" },
  args.INTERVAL,
  args.OUTPUT,
}

local CALLS = { "syscall.clone", "syscall.clone3" }
local WHERE = "ret > 0 and has(flags, CLONE_THREAD)"

if opts.count then
  local threads = assert(tl.count { CALLS[1], CALLS[2], by = { "comm", "pid" }, where = WHERE, target = opts.target,
                                    name = "threads" })
  return interval.run(opts, function(print_opts) threads:print(print_opts) end)
end

local show, fields = report.lines(opts, CALLS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "TID", 7, "tid", right = true },
  { "COMM", 15, "comm" },
  { "THREAD", nil, "ret" },
})
assert(tl.on(CALLS, { target = opts.target, where = WHERE, fields = fields }, show))
assert(tl.run())
