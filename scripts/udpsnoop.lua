#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- udpsnoop: who sends datagrams to whom, and who receives them?
--
-- usage: udpsnoop [-s | -r] [-x] [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   udpsnoop            every datagram sent and received
--   udpsnoop -s -P 53   only questions to name servers
--   udpsnoop -x         only what failed
--
-- Overhead: one event for each datagram, and about 250 ns for each read and write of anything else.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local ends    = require "traceleft.ends"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "udpsnoop",
  doc = "Who sends datagrams to whom, and who receives them?\n"
    .. "By system calls: those of io_uring are not seen. MSGS: datagrams of one call that the row is about.",
  examples = {
    { "", "every datagram sent and received" },
    { "-s -P 53", "only questions to name servers" },
    { "-x", "only what failed" },
  },
  overhead = "one event for each datagram, and about 250 ns for each read and write of anything else.",
  args.WHICH,
  { "-s --sent", "only datagrams that are sent" },
  { "-r --received", "only datagrams that are received" },
  { "-x --failed", "only calls that failed" },
  ends.OPTIONS,
  args.OUTPUT,
}

local EVENTS = opts.sent == opts.received and { "udp.send", "udp.receive" }
  or { opts.sent and "udp.send" or "udp.receive" }

local show, fields = report.lines(opts, EVENTS, {
  { "TIME", 8, report.time, narrow = false },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  { "CALL", 7, function(e) return e.event:sub(5) end },
  ends.LOCAL,
  ends.PEER,
  { "BYTES", 6, "bytes", right = true },
  { "MSGS", 4, "messages", right = true },
  { "ERROR", 12, "error" },
})
local where = clauses.all(opts.ends, opts.failed and "error ~= nil")
assert(tl.on(EVENTS, { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
