#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- netwatch: who talks TCP to whom, what came of it, and how long did it take?
--
-- usage: netwatch [-x] [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   netwatch                  every connect, accept, close and listen
--   netwatch -x               only what failed
--   netwatch -a 10.0.0.0/8    only connections with that network
--
-- Overhead: one event for each connect, accept, close and listen, none for data.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local ends    = require "traceleft.ends"
local net     = require "traceleft.net"
local report  = require "traceleft.report"
local summary = require "traceleft.summary"
local units   = require "traceleft.units"

local opts = args.parse {
  name = "netwatch",
  doc = "Who talks TCP to whom, what came of it, and how long did it take?\n"
    .. "Ends with a summary at Ctrl-C. A value ? could not be read.",
  examples = {
    { "", "every connect, accept, close and listen" },
    { "-x", "only what failed" },
    { "-C nginx -P 443", "only nginx, only port 443 on either side" },
    { "-a 10.0.0.0/8", "only connections with that network" },
  },
  overhead = "one event for each connect, accept, close and listen, none for data.",
  args.WHICH,
  ends.OPTIONS,
  { "-x --failed", "only what failed" },
  args.OUTPUT,
}

local EVENTS = { "tcp.connect", "tcp.accept", "tcp.close", "tcp.listen" }
local FAILED = "error ~= nil or outcome == abandoned"     -- a program that gave up was told no error

local RESULT = {
  ["tcp.connect"] = function(e) return (e.error or tl.text(e, "outcome")) .. " " .. tl.text(e, "duration") end,
  ["tcp.accept"]  = function(e) return "waited " .. tl.text(e, "duration") end,
  ["tcp.listen"]  = function(e) return "backlog " .. tl.text(e, "backlog") end,
  ["tcp.close"]   = function(e)
    local lifetime, sent, received = tl.text(e, "lifetime"), e.sent or 0, e.received or 0
    return ("%s, %s out, %s in"):format(lifetime, units.short_bytes(sent), units.short_bytes(received))
  end,
}

local function result(e)
  return RESULT[e.event](e) .. (e.event ~= "tcp.connect" and e.error and " " .. e.error or "")
end

local function peer(e)
  return e.daddr and net.endpoint(e.daddr, e.dport)
end

local total = summary.new()
local show = report.lines(opts, EVENTS, {
  { "TIME", 8, report.time, narrow = false },
  { "EVENT", 7, function(e) return e.event:sub(5) end },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 8 },
  ends.LOCAL,
  { "PEER", ends.PEER[2], peer, most = ends.PEER.most },
  { "RESULT", 25, result },
})
local where = clauses.all(opts.ends, opts.failed and FAILED)
assert(tl.on(EVENTS, { target = opts.target, where = where }, function(e)
  total:add(e)
  show(e)
end))
tl.at_exit(function()
  if opts.json or report.is_text(opts) then total:write(io.stdout, opts.json) end
end)
assert(tl.run())
