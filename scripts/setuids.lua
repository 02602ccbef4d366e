#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- setuids: who changes user or group, to what, and who is not let?
--
-- usage: setuids [-x] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   setuids          every setuid, setresuid … setgroups
--   setuids -x       only what was refused
--   setuids -C sudo  what sudo does
--
-- Overhead: one event for each such call; they are rare.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local call   = require "traceleft.call"
local report = require "traceleft.report"

local opts = args.parse {
  name = "setuids",
  doc = "Who changes user or group, to what, and who is not let?\n"
    .. "UID is the user whose rights the thread has after the call.",
  examples = {
    { "", "every setuid, setresuid … setgroups" },
    { "-x", "only what was refused" },
    { "-C sudo", "what sudo does" },
  },
  overhead = "one event for each such call; they are rare.",
  args.WHICH,
  { "-x --failed", "only the calls that failed" },
  args.OUTPUT,
}

local CALLS = {}
for i, name in ipairs { "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid",
                        "setgroups" } do
  CALLS[i] = "syscall." .. name
end

local text, needs = call.teller(tl.describe, CALLS, { duration = false })
local show, fields = report.lines(opts, CALLS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "PPID", 7, "ppid", right = true },
  { "COMM", 15, "comm" },
  { "UID", 6, "uid", right = true },
  { "CALL", nil, text, needs = needs },
})
assert(tl.on(CALLS, { target = opts.target, where = opts.failed and "error ~= nil" or nil, fields = fields }, show))
assert(tl.run())
