#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- tcpconnlat: which connects are slow?
--
-- usage: tcpconnlat [-m TIME] [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   tcpconnlat            every connect that was established, with its latency
--   tcpconnlat -m 100ms   only those that took longer
--   tcpconnlat -H         a histogram of them all at Ctrl-C
--
-- Overhead: one event for each connect that is shown; with -H none.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local clauses  = require "traceleft.clauses"
local ends     = require "traceleft.ends"
local interval = require "traceleft.interval"
local report   = require "traceleft.report"

local opts = args.parse {
  name = "tcpconnlat",
  doc = "Which connects are slow?\n"
    .. "From the call of connect to the answer of the peer: the network and the listener, not the program.",
  examples = {
    { "", "every connect that was established, with its latency" },
    { "-m 100ms", "only those that took longer" },
    { "-H", "a histogram of them all at Ctrl-C" },
  },
  overhead = "one event for each connect that is shown; with -H none.",
  args.WHICH,
  { "-m --min", "only connects that took at least so long", type = "duration", default = "0" },
  { "-H --hist", "a histogram instead of rows" },
  ends.OPTIONS,
  args.INTERVAL,
  args.OUTPUT,
}

local where = clauses.all(opts.ends, "outcome == established", ("duration >= %d"):format(opts.min * 1000000000 // 1))
if opts.hist then
  local latency = assert(tl.hist { "tcp.connect", value = "duration", target = opts.target, where = where })
  return interval.run(opts, function(print_opts) latency:print(print_opts) end)
end
local show, fields = report.lines(opts, "tcp.connect", {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  ends.LOCAL,
  ends.PEER,
  { "LATENCY", 9, "duration", right = true, least = 8 },
})
assert(tl.on("tcp.connect", { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
