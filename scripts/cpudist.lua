#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- cpudist: how long do threads run once they have a CPU, and why do they stop?
--
-- usage: cpudist [-P | -L] [-S] [-i TIME] [-n N] [-p PIDS] [-f] [-C NAME] … [--json | --csv]
--
--   cpudist            one histogram of all threads, at Ctrl-C
--   cpudist -S -i 1    by what they do then: wait, or would have gone on; every second
--   cpudist -P         one for each process
--
-- Overhead: about 210 ns for each switch of threads; no events.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local interval = require "traceleft.interval"

local opts = args.parse {
  name = "cpudist",
  doc = "How long do threads run once they have a CPU, and why do they stop?",
  examples = {
    { "", "one histogram of all threads, at Ctrl-C" },
    { "-S -i 1", "by what they do then: wait, or would have gone on; every second" },
    { "-P", "one for each process" },
  },
  overhead = "about 210 ns for each switch of threads; no events.",
  args.WHICH,
  { "-P --processes", "a histogram for each process" },
  { "-L --threads", "a histogram for each thread" },
  { "-S --states", "a histogram for each state that threads are left in" },
  args.INTERVAL,
  args.PICTURE,
  args.FORMS,
}

local by = {}
if opts.processes then by = { "comm", "pid" } elseif opts.threads then by = { "comm", "tid" } end
if opts.states then by[#by + 1] = "state" end

local runs = assert(tl.hist { "sched.switch", value = "duration", by = #by > 0 and by or nil, where = "pid ~= 0",
                              target = opts.target, name = "time on the CPU" })
interval.run(opts, function(print_opts) runs:print(print_opts) end, runs)
