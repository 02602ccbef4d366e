#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- runqslower: which threads had to wait long for a CPU, and after whom?
--
-- usage: runqslower [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT] [MIN]
--
--   runqslower          waits of 10 ms and more
--   runqslower 500us    of half a millisecond and more
--   runqslower -C db*   of programs with such a name
--
-- Overhead: OVERHEAD; one event for each that took long.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local report = require "traceleft.report"

local opts = args.parse {
  name = "runqslower",
  doc = "Which threads had to wait long for a CPU, and after whom?\n"
    .. "AFTER is the thread that had the CPU until then; others may have come between.",
  examples = {
    { "", "waits of 10 ms and more" },
    { "500us", "of half a millisecond and more" },
    { "-C 'db*'", "of programs with such a name" },
  },
  overhead = "OVERHEAD; one event for each that took long.",
  { "min", "from this time on (10ms)", type = "duration", optional = true },
  args.WHICH,
  args.OUTPUT,
}

local EVENT = "sched.wait"

local show, fields = report.lines(opts, EVENT, {
  { "TIME", 8, report.time },
  { "COMM", 15, "comm" },
  { "TID", 7, "tid", right = true },
  { "CPU", 3, "cpu", right = true },
  { "WAITED", 8, "duration", right = true },
  { "SINCE", 9, "reason" },
  { "AFTER", 15, "prev_comm" },
  { "TID", 7, "prev_tid", right = true },
})
local least = math.floor((opts.min or 0.01) * 1e9)
assert(tl.on(EVENT, { target = opts.target, where = ("duration >= %d"):format(least), fields = fields }, show))
assert(tl.run())
