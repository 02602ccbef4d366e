#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- exitsnoop: which processes end, how, and after how long?
--
-- usage: exitsnoop [-x] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   exitsnoop              every process that ends
--   exitsnoop -x           only those that failed: a status other than 0, or a signal
--   exitsnoop --unit cron  what cron's jobs came to
--
-- Overhead: one event for each process that ends.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local report = require "traceleft.report"

local opts = args.parse {
  name = "exitsnoop",
  doc = "Which processes end, how, and after how long?",
  examples = {
    { "", "every process that ends" },
    { "-x", "only those that failed: a status other than 0, or a signal" },
    { "--unit cron", "what cron's jobs came to" },
  },
  overhead = "one event for each process that ends; threads are none.",
  args.WHICH,
  { "-x --failed", "only those that failed" },
  args.OUTPUT,
}

local function result(e)
  if not e.signal then return ("status %d"):format(e.status) end
  return tl.text(e, "signal") .. (e.core and ", core dumped" or "")
end

local show, fields = report.lines(opts, "process.exit", {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "PPID", 7, "ppid", right = true },
  { "UID", 5, "uid", right = true },
  { "COMM", 15, "comm" },
  { "AGE", 9, "lifetime", right = true },
  { "RESULT", nil, result, needs = { "status", "signal", "core" } },
})
local where = opts.failed and "signal ~= nil or status ~= 0" or nil
assert(tl.on("process.exit", { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
