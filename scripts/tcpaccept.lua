#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- tcpaccept: which programs accept connections, from whom, and how long did those wait?
--
-- usage: tcpaccept [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   tcpaccept                 every connection that is accepted
--   tcpaccept -P 80           only on port 80
--   tcpaccept -a 10.0.0.0/8   only from that network
--
-- Overhead: one event for each connection accepted; none for data.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local ends   = require "traceleft.ends"
local report = require "traceleft.report"

local opts = args.parse {
  name = "tcpaccept",
  doc = "Which programs accept connections, from whom, and how long did those wait?",
  examples = {
    { "", "every connection that is accepted" },
    { "-P 80", "only on port 80" },
    { "-a 10.0.0.0/8", "only from that network" },
  },
  overhead = "one event for each connection accepted; none for data.",
  args.WHICH,
  ends.OPTIONS,
  args.OUTPUT,
}

local show, fields = report.lines(opts, "tcp.accept", {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  ends.LOCAL,
  ends.PEER,
  { "FD", 4, "fd", right = true },
  { "WAITED", 9, "duration", right = true },
})
assert(tl.on("tcp.accept", { target = opts.target, where = opts.ends, fields = fields }, show))
assert(tl.run())
