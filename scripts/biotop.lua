#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- biotop: who keeps which disks busy?
--
-- usage: biotop [-s COLUMN] [-d DISK] [-i TIME] [-n N] [-p PIDS] [-f] [-C NAME] … [--json | --csv]
--
--   biotop -i 1          who moves most bytes, every second
--   biotop -s time       whom the disks spend most time on
--   biotop -d nvme0n1    on one disk
--
-- Overhead: OVERHEAD

local tl       = require "traceleft"
local args     = require "traceleft.args"
local clauses  = require "traceleft.clauses"
local interval = require "traceleft.interval"
local joined   = require "traceleft.joined"

local opts = args.parse {
  name = "biotop",
  doc = "Who keeps which disks busy?\n"
    .. "TIME is that of all requests together, AVG that of one; what is written later is made by threads of the kernel.",
  examples = {
    { "-i 1", "who moves most bytes, every second" },
    { "-s time", "whom the disks spend most time on" },
    { "-d nvme0n1", "on one disk" },
  },
  overhead = "OVERHEAD",
  args.WHICH,
  { "-s --sort", "the column to sort by", choices = { "bytes", "io", "time", "avg" }, default = "bytes" },
  { "-d --disk", "only this disk", type = "string", argname = "DISK" },
  args.INTERVAL,
  args.FORMS,
}

local function measure(value)
  return assert(tl.avg { "block.io", value = value, by = { "pid", "comm", "disk", "op" }, target = opts.target,
                         where = clauses.all("duration >= 0", opts.disk and "disk == " .. clauses.text(opts.disk)) })
end

local sizes, times = measure "bytes", measure "duration"
local SORTS = { io = 1, bytes = 2, time = 3, avg = 4 }
local users = joined.new({ "PID", "COMM", "DISK", "OP" }, {
  { "IO", sizes, "count" },
  { "BYTES", sizes, "sum", unit = "bytes" },
  { "TIME", times, "sum", unit = "duration" },
  { "AVG", times, "avg", unit = "duration" },
}, { sort = SORTS[opts.sort] })
interval.run(opts, function(print_opts) users:print(print_opts) end)
