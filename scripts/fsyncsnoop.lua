#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- fsyncsnoop: which files are brought to the disk, by whom, and how long does that take?
--
-- usage: fsyncsnoop [-m TIME] [-c [-i TIME] [-n N]] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   fsyncsnoop            every fsync, fdatasync and sync_file_range
--   fsyncsnoop -m 100ms   those that take 100 ms and more
--   fsyncsnoop -c         how often and how long together, by program and file
--
-- Overhead: one event for each such call, or with -c two numbers in the kernel.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local interval = require "traceleft.interval"
local report   = require "traceleft.report"

local opts = args.parse {
  name = "fsyncsnoop",
  doc = "Which files are brought to the disk, by whom, and how long does that take?",
  examples = {
    { "", "every fsync, fdatasync and sync_file_range" },
    { "-m 100ms", "those that take 100 ms and more" },
    { "-c", "how often and how long together, by program and file" },
  },
  overhead = "one event for each such call, or with -c two numbers in the kernel.",
  args.WHICH,
  { "-m --min", "from this time on", type = "duration" },
  { "-c --count", "how often and how long, by program and file" },
  args.INTERVAL,
  args.OUTPUT,
}

local CALLS = { "syscall.fsync", "syscall.fdatasync", "syscall.sync_file_range" }
local where = opts.min and ("duration >= %d"):format(math.floor(opts.min * 1e9)) or nil

if opts.count then
  local syncs = assert(tl.avg { CALLS[1], CALLS[2], CALLS[3], by = { "comm", "file" }, value = "duration",
                                where = where, target = opts.target, name = "syncs" })
  return interval.run(opts, function(print_opts)
    print_opts.sort = "sum"
    syncs:print(print_opts)
  end)
end

local show, fields = report.lines(opts, CALLS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  { "CALL", 15, function(e) return e.event:match "%.(.*)$" end, least = 9 },
  { "TOOK", 8, "duration", right = true },
  { "ERROR", 8, "error" },
  { "FILE", 24, "file" },
})
assert(tl.on(CALLS, { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
