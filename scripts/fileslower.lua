#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- fileslower: which reads and writes of files take long?
--
-- usage: fileslower [-m TIME] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT] [PATH]
--
--   fileslower             reads, writes and syncs of files that take 10 ms and more
--   fileslower -m 1ms      1 ms and more
--   fileslower /var/lib    of files below /var/lib
--
-- Overhead: about 280 ns for each read, write and sync; one event for each that took long.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "fileslower",
  doc = "Which reads and writes of files take long?\n"
    .. "What is mapped into memory, or copied by copy_file_range, sendfile and splice, is not seen.",
  examples = {
    { "", "reads, writes and syncs of files that take 10 ms and more" },
    { "-m 1ms", "1 ms and more" },
    { "/var/lib", "of files below /var/lib" },
  },
  overhead = "about 280 ns for each read, write and sync; one event for each that took long.",
  { "path", "only files whose path begins so", optional = true },
  args.WHICH,
  { "-m --min", "from this time on", type = "duration", default = "10ms" },
  args.OUTPUT,
}

local CALLS = { "syscall.read", "syscall.pread64", "syscall.readv", "syscall.preadv", "syscall.preadv2",
                "syscall.write", "syscall.pwrite64", "syscall.writev", "syscall.pwritev", "syscall.pwritev2",
                "syscall.fsync", "syscall.fdatasync", "syscall.sync_file_range" }

local show, fields = report.lines(opts, CALLS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  { "CALL", 10, function(e) return e.event:match "%.(.*)$" end },
  { "BYTES", 8, function(e) return e.ret >= 0 and e.ret or nil end, needs = { "ret" }, right = true },
  { "TOOK", 8, "duration", right = true },
  { "FILE", 23, "file" },
})
local where = clauses.all(("duration >= %d"):format(math.floor(opts.min * 1e9)),
                          "starts(file, " .. clauses.text(opts.path or "/") .. ")")
assert(tl.on(CALLS, { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
