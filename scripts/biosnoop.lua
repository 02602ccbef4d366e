#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- biosnoop: which requests go to disks, from whom, and how long does each take?
--
-- usage: biosnoop [-x] [-m TIME] [-d DISK] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   biosnoop             every request
--   biosnoop -m 10ms     those that took 10 ms and more
--   biosnoop -d sda -x   those to sda that failed
--
-- Overhead: one event for each request to a disk.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "biosnoop",
  doc = "Which requests go to disks, from whom, and how long does each take?\n"
    .. "The process is the one that made the request; what is written later is made by threads of the kernel.",
  examples = {
    { "", "every request" },
    { "-m 10ms", "those that took 10 ms and more" },
    { "-d sda -x", "those to sda that failed" },
  },
  overhead = "one event for each request to a disk.",
  args.WHICH,
  { "-x --failed", "only those that failed" },
  { "-m --min", "only those that took so long, without the queue", type = "duration" },
  { "-d --disk", "only this disk", type = "string", argname = "DISK" },
  args.OUTPUT,
}

local EVENT = "block.io"


local show, fields = report.lines(opts, EVENT, {
  { "TIME", 8, report.time },
  { "COMM", 15, "comm", least = 10 },
  { "PID", 7, "pid", right = true },
  { "DISK", 8, "disk", least = 7 },
  { "OP", 7, "op", least = 5 },
  { "SECTOR", 11, "sector", right = true, least = 10 },
  { "BYTES", 9, "bytes", right = true, narrow = report.short_bytes("BYTES", "bytes") },
  { "QUEUED", 8, "queued", right = true, least = 7 },
  { "TOOK", 8, "duration", right = true, least = 7 },
  { "ERROR", 9, "error", least = 5 },
  { "FLAGS", nil, "flags", narrow = false },
})
local where = clauses.all(opts.failed and "error ~= nil",
                          opts.min and ("duration >= %d"):format(math.floor(opts.min * 1e9)),
                          opts.disk and "disk == " .. clauses.text(opts.disk))
assert(tl.on(EVENT, { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
