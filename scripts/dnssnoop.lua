#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- dnssnoop: which names do processes ask for, what is the answer, and how long does it take?
--
-- usage: dnssnoop [-x] [-m TIME] [-P PORT] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   dnssnoop           every question, with its answer or after 5 s without one
--   dnssnoop -x        only those without an answer that helps
--   dnssnoop -m 50ms   only those that took longer
--
-- Overhead: two events for each question, and about 250 ns for each read and write of anything else.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local asking   = require "traceleft.asking"
local duration = require "traceleft.duration"
local report   = require "traceleft.report"

local opts = args.parse {
  name = "dnssnoop",
  doc = "Which names do processes ask for, what is the answer, and how long does it take?\n"
    .. "Over UDP alone. A name that is cut or nonsense is shown as ?.",
  examples = {
    { "", "every question, with its answer or after 5 s without one" },
    { "-x", "only those without an answer that helps" },
    { "-m 50ms", "only those that took longer" },
    { "-P 5353", "of multicast DNS" },
  },
  overhead = "two events for each question, and about 250 ns for each read and write of anything else.",
  args.WHICH,
  { "-x --failed", "only those without an answer, or with NXDOMAIN, SERVFAIL …" },
  { "-m --min", "only those that took at least so long", type = "duration", default = "0" },
  { "-P --port", "port of name servers (53)", type = "port", default = "53" },
  args.OUTPUT,
}

local EVENTS = { "udp.send", "udp.receive" }
local least = opts.min * 1000000000 // 1

local show = report.lines(opts, EVENTS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  { "SERVER", 15, "daddr", most = 39, narrow = false },
  { "TYPE", 5, function(e) return e.asked or "?" end },
  { "CODE", 8, function(e) return e.code end },
  { "LATENCY", 9, function(e) return e.latency and duration.text(e.latency) end, right = true },
  { "NAME", 26, function(e) return e.name or "?" end },
})

local questions = asking.new(function(e)
  if opts.failed and e.code == "NOERROR" then return end
  if e.latency and e.latency < least then return end
  show(e)
end)

local where = ("dport == %d"):format(opts.port)
assert(tl.on(EVENTS, { target = opts.target, where = where, payload = 512 }, function(e) questions:take(e) end))
tl.every(1, function() questions:expire() end)
tl.at_exit(function() questions:finish() end)
assert(tl.run())
