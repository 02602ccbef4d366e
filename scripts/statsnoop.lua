#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- statsnoop: whose attributes do processes ask for, and which files are not there?
--
-- usage: statsnoop [-x] [--fd] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   statsnoop                every stat, lstat, statx, newfstatat and statfs
--   statsnoop -x -C python*  what the search for modules does not find
--   statsnoop --fd           fstat and fstatfs of open files too
--
-- Overhead: one event for each such call, 570 ns; with -x 480 for those that work.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local report = require "traceleft.report"

local opts = args.parse {
  name = "statsnoop",
  doc = "Whose attributes do processes ask for, and which files are not there?\n"
    .. "Of a call that names a descriptor alone the path is that of the open file.",
  examples = {
    { "", "every stat, lstat, statx, newfstatat and statfs" },
    { "-x -C 'python*'", "what the search for modules does not find" },
    { "--fd", "fstat and fstatfs of open files too" },
  },
  overhead = "one event for each such call, 570 ns; with -x 480 for those that work.",
  args.WHICH,
  { "-x --failed", "only the calls that failed" },
  { "--fd", "fstat and fstatfs too" },
  args.OUTPUT,
}

local CALLS = { "syscall.stat", "syscall.lstat", "syscall.newfstatat", "syscall.statx", "syscall.statfs" }
if opts.fd then table.move({ "syscall.fstat", "syscall.fstatfs" }, 1, 2, #CALLS + 1, CALLS) end

-- What the program named, or what the descriptor is that it named instead.
local function file(e)
  if e.pathname == "" or e.event:find "%.fstat" then return tl.text(e, "file") end
  return tl.text(e, e.event == "syscall.statfs" and "path" or "pathname")
end

local show, fields = report.lines(opts, CALLS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm" },
  { "CALL", 10, function(e) return e.event:match "%.(.*)$" end },
  { "ERROR", 8, "error" },
  { "PATH", 26, file, needs = { "pathname", "path", "file" } },
})
assert(tl.on(CALLS, { target = opts.target, where = opts.failed and "ret < 0" or nil, fields = fields }, show))
assert(tl.run())
