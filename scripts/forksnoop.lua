#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- forksnoop: who makes new processes, and how many?
--
-- usage: forksnoop [-c [-i TIME] [-n N]] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   forksnoop            every new process
--   forksnoop -c -i 1    how many each program makes, every second
--   forksnoop -f -p 181  those of process 181 and of its children
--
-- Overhead: one event for each new process; with -c nothing but a number in the kernel.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local interval = require "traceleft.interval"
local report   = require "traceleft.report"

local opts = args.parse {
  name = "forksnoop",
  doc = "Who makes new processes, and how many?",
  examples = {
    { "", "every new process" },
    { "-c -i 1", "how many each program makes, every second" },
    { "-f -p 181", "those of process 181 and of its children" },
  },
  overhead = "one event for each new process; with -c nothing but a number in the kernel.",
  args.WHICH,
  { "-c --count", "count them by process" },
  args.INTERVAL,
  args.OUTPUT,
}

if opts.count then
  local forks = assert(tl.count { "process.fork", by = { "comm", "pid" }, target = opts.target, name = "forks" })
  return interval.run(opts, function(print_opts) forks:print(print_opts) end)
end

local show, fields = report.lines(opts, "process.fork", {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "PPID", 7, "ppid", right = true },
  { "UID", 5, "uid", right = true },
  { "COMM", 15, "comm" },
  { "CHILD", nil, "child" },
})
assert(tl.on("process.fork", { target = opts.target, fields = fields }, show))
assert(tl.run())
