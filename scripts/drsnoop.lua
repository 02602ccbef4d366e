#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- drsnoop: who has to wait for memory to be freed, and how long?
--
-- usage: drsnoop [-m TIME] [-c] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   drsnoop           every reclaim that a process has to do itself
--   drsnoop -m 10ms   only those that took longer
--   drsnoop -c        only for the limit of a cgroup
--
-- Overhead: one event for each reclaim.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "drsnoop",
  doc = "Who has to wait for memory to be freed, and how long?\n"
    .. "direct: the machine was short of memory; cgroup: the memory of a cgroup was.",
  examples = {
    { "", "every reclaim that a process has to do itself" },
    { "-m 10ms", "only those that took longer" },
    { "-c", "only for the limit of a cgroup" },
  },
  overhead = "one event for each reclaim.",
  args.WHICH,
  { "-m --min", "only those that took at least so long", type = "duration", default = "0" },
  { "-c --limits", "only for the limit of a cgroup" },
  args.OUTPUT,
}

local show, fields = report.lines(opts, "memory.reclaim", {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm" },
  { "KIND", 6, "kind" },
  { "ORDER", 5, "order", right = true },
  { "PAGES", 7, "reclaimed", right = true },
  { "LATENCY", 9, "duration", right = true },
})
local where = clauses.all(("duration >= %d"):format(opts.min * 1000000000 // 1), opts.limits and "kind == cgroup")
assert(tl.on("memory.reclaim", { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
