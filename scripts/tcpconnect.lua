#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- tcpconnect: who connects to whom over TCP, and what comes of it?
--
-- usage: tcpconnect [-x] [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   tcpconnect                  every connect, when its outcome is known
--   tcpconnect -x               only those that failed
--   tcpconnect -P 443 -C curl   only what curl asks of port 443
--
-- Overhead: one event for each connect; none for data.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local ends    = require "traceleft.ends"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "tcpconnect",
  doc = "Who connects to whom over TCP, and what comes of it?\n"
    .. "A connect that failed at once has no local port.",
  examples = {
    { "", "every connect, when its outcome is known" },
    { "-x", "only those that failed" },
    { "-P 443 -C curl", "only what curl asks of port 443" },
  },
  overhead = "one event for each connect; none for data.",
  args.WHICH,
  { "-x --failed", "only connects without success" },
  ends.OPTIONS,
  args.OUTPUT,
}

local show, fields = report.lines(opts, "tcp.connect", {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  ends.LOCAL,
  ends.PEER,
  { "OUTCOME", 11, "outcome" },
  { "LATENCY", 9, "duration", right = true },
})
local where = clauses.all(opts.ends, opts.failed and "outcome ~= established")
assert(tl.on("tcp.connect", { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
