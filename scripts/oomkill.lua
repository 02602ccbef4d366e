#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- oomkill: which processes does the kernel end for want of memory, and who asked for it?
--
-- usage: oomkill [-p PIDS] [-C NAME] … [--json | --csv | --format TEXT]
--
--   oomkill                     every victim
--   oomkill --unit db.service   only those that this unit's processes cause
--   oomkill --json              all that is known of each
--
-- Overhead: one event for each victim.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local report = require "traceleft.report"

local opts = args.parse {
  name = "oomkill",
  doc = "Which processes does the kernel end for want of memory, and who asked for it?\n"
    .. "BY is who asked for memory when there was none. Before Linux 6.9 little is known of a victim that is another\n"
    .. "one (?).",
  examples = {
    { "", "every victim" },
    { "--unit db.service", "only those that this unit's processes cause" },
    { "--json", "all that is known of each" },
  },
  overhead = "one event for each victim.",
  args.WHICH,
  args.OUTPUT,
}

local show, fields = report.lines(opts, "memory.oom", {
  { "TIME", 8, report.time },
  { "BY", 7, "pid", right = true },
  { "BY COMM", 15, "comm", least = 10 },
  { "VICTIM", 7, "victim_pid", right = true },
  { "VICTIM COMM", 15, "victim_comm", least = 11 },
  { "UID", 6, "victim_uid", right = true, least = 5 },
  { "SIZE", 9, "total_vm", right = true },
  { "ANON", 9, "anon_rss", right = true },
  { "FILE", 9, "file_rss", right = true, narrow = false },
  { "ADJ", 5, "oom_score_adj", right = true },
})
assert(tl.on("memory.oom", { target = opts.target, fields = fields }, show))
assert(tl.run())
