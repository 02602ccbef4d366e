#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- filetop: which files are read and written most, and by whom?
--
-- usage: filetop [-F] [-s COLUMN] [-i TIME] [-n N] [-p PIDS] [-f] [-C NAME] … [--json | --csv] [PATH]
--
--   filetop -i 1          the 20 files with most bytes, every second
--   filetop -F /var/log   below /var/log, of all processes together
--   filetop -s writes     sorted by the number of writes
--
-- Overhead: about 840 ns for each read and write, whose file is found out; no events.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local clauses  = require "traceleft.clauses"
local interval = require "traceleft.interval"
local joined   = require "traceleft.joined"

local COLUMNS = { "bytes", "reads", "read", "writes", "written" }

local opts = args.parse {
  name = "filetop",
  doc = "Which files are read and written most, and by whom?\n"
    .. "What is mapped into memory, or copied by copy_file_range, sendfile and splice, is not seen.",
  examples = {
    { "-i 1", "the 20 files with most bytes, every second" },
    { "-F /var/log", "below /var/log, of all processes together" },
    { "-s writes", "sorted by the number of writes" },
  },
  overhead = "about 840 ns for each read and write, whose file is found out; no events.",
  { "path", "only files whose path begins so", optional = true },
  args.WHICH,
  { "-F --files", "by file, not by process and file" },
  { "-s --sort", "the column to sort by", choices = COLUMNS, default = "bytes" },
  args.INTERVAL,
  args.FORMS,
}

local READS = { "read", "pread64", "readv", "preadv", "preadv2" }
local WRITES = { "write", "pwrite64", "writev", "pwritev", "pwritev2" }

local where = "ret > 0 and starts(file, " .. clauses.text(opts.path or "/") .. ")"
local by = opts.files and { "file" } or { "pid", "comm", "file" }

local function measure(calls)
  return assert(tl.avg(table.move(calls, 1, #calls, 1, { value = "ret", by = by, where = where,
                                                         target = opts.target })))
end

local reads, writes = measure(READS), measure(WRITES)
local titles = opts.files and { "FILE" } or { "PID", "COMM", "FILE" }
local columns = {
  { "READS", reads, "count" },
  { "READ", reads, "sum", unit = "bytes" },
  { "WRITES", writes, "count" },
  { "WRITTEN", writes, "sum", unit = "bytes" },
}
local SORTS = { bytes = function(row) return row[2] + row[4] end, reads = 1, read = 2, writes = 3, written = 4 }
local files = joined.new(titles, columns, { sort = SORTS[opts.sort] })
interval.run(opts, function(print_opts) files:print(print_opts) end)
