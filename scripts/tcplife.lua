#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- tcplife: which connections ended, whose were they, how long did they live, and how much went over them?
--
-- usage: tcplife [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   tcplife           every connection that ends
--   tcplife -P 5432   only those with port 5432
--   tcplife --csv     rows for a spreadsheet
--
-- Overhead: one event for each end of a connection, none for data.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local ends   = require "traceleft.ends"
local report = require "traceleft.report"

local opts = args.parse {
  name = "tcplife",
  doc = "Which connections ended, whose were they, how long did they live, and how much went over them?\n"
    .. "Of connections that are older than the tracing the process may be unknown (?).",
  examples = {
    { "", "every connection that ends" },
    { "-P 5432", "only those with port 5432" },
    { "--csv", "rows for a spreadsheet" },
  },
  overhead = "one event for each end of a connection, none for data.",
  args.WHICH,
  ends.OPTIONS,
  args.OUTPUT,
}

local show, fields = report.lines(opts, "tcp.close", {
  { "TIME", 8, report.time, narrow = false },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  ends.LOCAL,
  ends.PEER,
  { "SENT", 10, "sent", right = true, narrow = report.short_bytes("SENT", "sent") },
  { "RECEIVED", 10, "received", right = true, narrow = report.short_bytes("RECVD", "received") },
  { "LIFETIME", 9, "lifetime", right = true, least = 8 },
  { "ERROR", 10, "error" },
})
assert(tl.on("tcp.close", { target = opts.target, where = opts.ends, fields = fields }, show))
assert(tl.run())
