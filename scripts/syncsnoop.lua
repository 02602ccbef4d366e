#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- syncsnoop: who makes the disks write now, and how long does that take?
--
-- usage: syncsnoop [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   syncsnoop             every sync, syncfs, fsync, fdatasync, sync_file_range and msync
--   syncsnoop --user www-data
--
-- Overhead: one event for each such call.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local call   = require "traceleft.call"
local report = require "traceleft.report"

local opts = args.parse {
  name = "syncsnoop",
  doc = "Who makes the disks write now, and how long does that take?",
  examples = {
    { "", "every sync, syncfs, fsync, fdatasync, sync_file_range and msync" },
    { "--user www-data", "those of one user" },
  },
  overhead = "one event for each such call.",
  args.WHICH,
  args.OUTPUT,
}

local CALLS = { "syscall.sync", "syscall.syncfs", "syscall.fsync", "syscall.fdatasync", "syscall.sync_file_range",
                "syscall.msync" }

local text, needs = call.teller(tl.describe, CALLS, { duration = false })
local show, fields = report.lines(opts, CALLS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm" },
  { "TOOK", 8, "duration", right = true },
  { "CALL", nil, text, needs = needs },
})
assert(tl.on(CALLS, { target = opts.target, fields = fields }, show))
assert(tl.run())
