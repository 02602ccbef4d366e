#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- slowcalls: which system calls take long, and on what?
--
-- usage: slowcalls [-a] [-m TIME] [-c [-i TIME] [-n N]] [-p PIDS] [-f] [-C NAME] … [--json | --csv] [CALL…]
--
--   slowcalls               calls of 10 ms and more, but for those that are there to wait
--   slowcalls -m 1ms file   calls that name files, of 1 ms and more
--   slowcalls -a -p 181     all that process 181 waits in
--   slowcalls -c -i 5       how many, how long together, by program and call
--
-- Overhead: 260 to 300 ns for each call, whose begin is kept; one event for each that took long.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local asked    = require "traceleft.asked"
local call     = require "traceleft.call"
local clauses  = require "traceleft.clauses"
local interval = require "traceleft.interval"
local report   = require "traceleft.report"
local waits    = require "traceleft.waits"

local opts = args.parse {
  name = "slowcalls",
  doc = "Which system calls take long, and on what?\n"
    .. "Calls that are there to wait (accept, poll, select, epoll_wait, futex, sleep, wait …), and reads of terminals "
    .. "and pipes, are only shown if they are named, or with -a.",
  examples = {
    { "", "calls of 10 ms and more, but for those that are there to wait" },
    { "-m 1ms file", "calls that name files, of 1 ms and more" },
    { "-a -p 181", "all that process 181 waits in" },
    { "-c -i 5", "how many, how long together, by program and call" },
  },
  overhead = "260 to 300 ns for each call, whose begin is kept; one event for each that took long.",
  { "calls", "system calls, globs, or classes such as file and network; all without them", list = true },
  args.WHICH,
  { "-m --min", "from this time on", type = "duration", default = "10ms" },
  { "-a --all", "those that are there to wait too" },
  { "-c --count", "how many and how long by program and call, not each" },
  args.INTERVAL,
  args.OUTPUT,
}

local calls, waiting = asked.calls(opts.calls), nil
if not opts.all then calls, waiting = waits.others(calls, opts.calls) end

local where = clauses.all(("duration >= %d"):format(math.floor(opts.min * 1e9)), waiting)
if opts.count then
  local slow = asked.of(tl.avg, asked.request(calls, { by = { "comm", "event" }, value = "duration", where = where,
                                                       target = opts.target, name = "slow calls" }))
  return interval.run(opts, function(print_opts)
    print_opts.sort = "sum"
    slow:print(print_opts)
  end)
end

local text, needs = call.teller(tl.describe, calls, { duration = false })
local show, fields = report.lines(opts, calls, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm" },
  { "TOOK", 8, "duration", right = true },
  { "CALL", nil, text, needs = needs },
})
asked.of(tl.on, calls, { target = opts.target, where = where, fields = fields }, show)
assert(tl.run())
