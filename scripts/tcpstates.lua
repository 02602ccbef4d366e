#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- tcpstates: how do connections change their state, and how long are they in each?
--
-- usage: tcpstates [-s STATE] [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   tcpstates                 every change
--   tcpstates -s CLOSE_WAIT   only into and out of CLOSE_WAIT: who does not close?
--   tcpstates -P 80           only of port 80
--
-- Overhead: one event for each change: four to six for each end of a connection.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local ends    = require "traceleft.ends"
local report  = require "traceleft.report"

local STATES = { "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "CLOSE", "CLOSE_WAIT", "LAST_ACK",
                 "LISTEN", "CLOSING" }

local opts = args.parse {
  name = "tcpstates",
  doc = "How do connections change their state, and how long are they in each?\n"
    .. "The process is unknown (?) until one has connected, accepted or closed it.",
  examples = {
    { "", "every change" },
    { "-s CLOSE_WAIT", "only into and out of CLOSE_WAIT: who does not close?" },
    { "-P 80", "only of port 80" },
  },
  overhead = "one event for each change: four to six for each end of a connection.",
  args.WHICH,
  { "-s --state", "only into and out of this state: " .. table.concat(STATES, ", "), choices = STATES,
    argname = "STATE" },
  ends.OPTIONS,
  args.OUTPUT,
}

local show, fields = report.lines(opts, "tcp.state", {
  { "TIME", 8, report.time, narrow = false },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  ends.LOCAL,
  ends.PEER,
  { "OLD", 11, "old" },
  { "NEW", 11, "new" },
  { "IN OLD", 9, "duration", right = true, least = 8 },
})
local where = clauses.all(opts.ends, opts.state and ("old == %s or new == %s"):format(opts.state, opts.state))
assert(tl.on("tcp.state", { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
