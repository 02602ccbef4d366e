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
-- Overhead: OVERHEAD

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
  overhead = "OVERHEAD",
  args.WHICH,
  { "-x --failed", "only those that failed" },
  { "-m --min", "only those that took so long, without the queue", type = "duration" },
  { "-d --disk", "only this disk", type = "string", argname = "DISK" },
  args.OUTPUT,
}

local EVENT = "block.io"

local show, fields = report.lines(opts, EVENT, {
  { "TIME", 8, report.time },
  { "COMM", 15, "comm" },
  { "PID", 7, "pid", right = true },
  { "DISK", 8, "disk" },
  { "OP", 7, "op" },
  { "SECTOR", 11, "sector", right = true },
  { "BYTES", 9, "bytes", right = true },
  { "QUEUED", 8, "queued", right = true },
  { "TOOK", 8, "duration", right = true },
  { "ERROR", 9, "error" },
  { "FLAGS", nil, "flags" },
})
local where = clauses.all(opts.failed and "error ~= nil",
                          opts.min and ("duration >= %d"):format(math.floor(opts.min * 1e9)),
                          opts.disk and "disk == " .. clauses.text(opts.disk))
assert(tl.on(EVENT, { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
