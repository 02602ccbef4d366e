#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- tcpretrans: which segments had to be sent again, on which connections, and why?
--
-- usage: tcpretrans [-c [-i TIME] [-n N]] [-P PORT] [-a ADDRESS] [-p PIDS] … [--json | --csv | --format TEXT]
--
--   tcpretrans                   every segment that is sent again
--   tcpretrans -c                how many by connection
--   tcpretrans -a 192.0.2.0/24   only to and from that network
--
-- Overhead: one event for each segment that is sent again.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local ends     = require "traceleft.ends"
local interval = require "traceleft.interval"
local report   = require "traceleft.report"

local opts = args.parse {
  name = "tcpretrans",
  doc = "Which segments had to be sent again, on which connections, and why?\n"
    .. "timeout: no acknowledgement came; fast: acknowledgements told of the loss; probe: the tail was sent\n"
    .. "again to make one come; syn, synack: no answer to those. The process of an old connection is unknown (?).",
  examples = {
    { "", "every segment that is sent again" },
    { "-c", "how many by connection" },
    { "-a 192.0.2.0/24", "only to and from that network" },
  },
  overhead = "one event for each segment that is sent again.",
  args.WHICH,
  { "-c --count", "count them by connection" },
  ends.OPTIONS,
  args.INTERVAL,
  args.OUTPUT,
}

if opts.count then
  local again = assert(tl.count { "tcp.retransmit", by = { "saddr", "sport", "daddr", "dport", "kind" },
                                  target = opts.target, where = opts.ends })
  return interval.run(opts, function(print_opts) again:print(print_opts) end)
end
local show, fields = report.lines(opts, "tcp.retransmit", {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  ends.LOCAL,
  ends.PEER,
  { "STATE", 12, "state" },
  { "KIND", 7, "kind" },
})
assert(tl.on("tcp.retransmit", { target = opts.target, where = opts.ends, fields = fields }, show))
assert(tl.run())
