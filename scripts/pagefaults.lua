#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- pagefaults: which processes touch pages that are not there, and how?
--
-- usage: pagefaults [-a] [-c] [-i TIME] [-n N] [-p PIDS] [-f] [-C NAME] … [--json | --csv]
--
--   pagefaults             faults by process and kind, at Ctrl-C
--   pagefaults -i 1 -n 5   the five with most, every second
--   pagefaults -c -p 181   by the instruction that makes them
--
-- Overhead: about 300 ns for each page fault; with -a one event for each.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local interval = require "traceleft.interval"
local report   = require "traceleft.report"

local opts = args.parse {
  name = "pagefaults",
  doc = "Which processes touch pages that are not there, and how?\n"
    .. "Faults of a program's own instructions; those of system calls that work for it are not counted. present: a\n"
    .. "page was there, and had to be copied or made writable.",
  examples = {
    { "", "faults by process and kind, at Ctrl-C" },
    { "-i 1 -n 5", "the five with most, every second" },
    { "-c -p 181", "by the instruction that makes them" },
    { "-a -C vim", "each of them" },
  },
  overhead = "about 300 ns for each page fault; with -a one event for each.",
  args.WHICH,
  { "-c --code", "by the instruction that made them" },
  { "-a --all", "a row for each, with its address" },
  args.INTERVAL,
  args.OUTPUT,
}

if opts.all then
  local show, fields = report.lines(opts, "memory.fault", {
    { "TIME", 8, report.time },
    { "PID", 7, "pid", right = true },
    { "COMM", 15, "comm" },
    { "ACCESS", 7, "access" },
    { "PRESENT", 7, "present" },
    { "ADDRESS", 18, "address", least = 14 },
    { "CODE", 14, "ip" },
  })
  assert(tl.on("memory.fault", { target = opts.target, fields = fields }, show))
  return assert(tl.run())
end
local by = opts.code and { "pid", "comm", "ip", "access" } or { "pid", "comm", "access", "present" }
local faults = assert(tl.count { "memory.fault", by = by, target = opts.target })
interval.run(opts, function(print_opts) faults:print(print_opts) end)
