#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- runqlat: how long do threads that could run wait for a CPU?
--
-- usage: runqlat [-P | -L | -W] [-i TIME] [-n N] [-p PIDS] [-f] [-C NAME] … [--json | --csv]
--
--   runqlat             one histogram of all threads, at Ctrl-C
--   runqlat -P -i 1     one for each process, every second
--   runqlat -f -p 181   process 181 and its children
--
-- Overhead: about 220 ns for each switch of threads, its wake-up included; no events.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local interval = require "traceleft.interval"

local opts = args.parse {
  name = "runqlat",
  doc = "How long do threads that could run wait for a CPU?\n"
    .. "From being woken, made or put aside for another one to running again.",
  examples = {
    { "", "one histogram of all threads, at Ctrl-C" },
    { "-P -i 1", "one for each process, every second" },
    { "-f -p 181", "process 181 and its children" },
  },
  overhead = "about 220 ns for each switch of threads, its wake-up included; no events.",
  args.WHICH,
  { "-P --processes", "a histogram for each process" },
  { "-L --threads", "a histogram for each thread" },
  { "-W --why", "by what the thread waits after: woken, new, preempted" },
  args.INTERVAL,
  args.PICTURE,
  args.FORMS,
}

local by = {}
if opts.processes then by = { "comm", "pid" } elseif opts.threads then by = { "comm", "tid" } end
if opts.why then by[#by + 1] = "reason" end

local waits = assert(tl.hist { "sched.wait", value = "duration", by = #by > 0 and by or nil, target = opts.target,
                               name = "time in the queue" })
interval.run(opts, function(print_opts) waits:print(print_opts) end, waits)
