#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- tcpdrop: which TCP segments does the kernel throw away, and why?
--
-- usage: tcpdrop [--all] [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   tcpdrop         every TCP segment that is dropped
--   tcpdrop -P 80   only to and from port 80
--   tcpdrop --all   packets of any protocol
--
-- Overhead: one event for each packet that is dropped.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local ends    = require "traceleft.ends"
local ksyms   = require "traceleft.ksyms"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "tcpdrop",
  doc = "Which TCP segments does the kernel throw away, and why?\n"
    .. "The reason is known since Linux 5.17; before, the place in the kernel tells. With -p and its like: packets of "
    .. "TCP connections that such a process has made or accepted since. Received ones are among them since Linux 6.11, "
    .. "which is the first to tell the socket that a packet was for.",
  examples = {
    { "", "every TCP segment that is dropped" },
    { "-P 80", "only to and from port 80" },
    { "--all", "packets of any protocol" },
  },
  overhead = "one event for each packet that is dropped.",
  args.WHICH,
  { "--all", "packets of any protocol" },
  ends.OPTIONS,
  args.OUTPUT,
}

local name = ksyms.new()

local function protocol(e)
  return (tl.text(e, "protocol"):gsub("^IPPROTO_", ""))
end

local function place(e)
  return name(e.location)
end

-- Where there is room for one of them.
local function reason(e)
  return e.reason and tl.text(e, "reason") or place(e)
end

local narrow_protocol
if not opts.all then narrow_protocol = false end      -- it is TCP

local show, fields = report.lines(opts, "packet.drop", {
  { "TIME", 8, report.time },
  ends.FROM,
  ends.TO,
  { "FLAGS", 9, "tcp_flags", least = 7, narrow = false },
  { "STATE", 11, "state", narrow = false },
  { "PROTO", 6, protocol, needs = { "protocol" }, narrow = narrow_protocol },
  { "BYTES", 6, "length", right = true, narrow = false },
  { "REASON", 20, "reason", narrow = { "REASON", 19, reason, needs = { "reason", "location" } } },
  { "WHERE", 20, place, needs = { "location" }, narrow = false },
})
local where = clauses.all(opts.ends, not opts.all and "protocol == IPPROTO_TCP")
assert(tl.on("packet.drop", { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
