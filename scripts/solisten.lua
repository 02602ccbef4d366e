#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- solisten: which programs begin to listen, where, and with how long a queue?
--
-- usage: solisten [-x] [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   solisten           every listen over TCP
--   solisten -x        only those that were refused
--   solisten -P 8080   who listens on port 8080
--
-- Overhead: one event for each listen; they are rare.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local ends    = require "traceleft.ends"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "solisten",
  doc = "Which programs begin to listen, where, and with how long a queue?",
  examples = {
    { "", "every listen over TCP" },
    { "-x", "only those that were refused" },
    { "-P 8080", "who listens on port 8080" },
  },
  overhead = "one event for each listen; they are rare.",
  args.WHICH,
  { "-x --failed", "only those that were refused" },
  ends.OPTIONS_HERE,
  args.OUTPUT,
}

local show, fields = report.lines(opts, "tcp.listen", {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  ends.LOCAL,
  { "BACKLOG", 7, "backlog", right = true },
  { "NETNS", 10, "netns", right = true },
  { "ERROR", 10, "error" },
})
local where = clauses.all(opts.ends, opts.failed and "error ~= nil")
assert(tl.on("tcp.listen", { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
