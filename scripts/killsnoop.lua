#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- killsnoop: who asks for which signal to be sent to whom, and is it let?
--
-- usage: killsnoop [-x] [-s SIGNAL] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   killsnoop              every kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo and pidfd_send_signal
--   killsnoop -x           only those that failed
--   killsnoop -s SIGKILL   only SIGKILL
--
-- Overhead: one event for each such call.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local asked   = require "traceleft.asked"
local clauses = require "traceleft.clauses"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "killsnoop",
  doc = "Who asks for which signal to be sent to whom, and is it let?\n"
    .. "By system calls; sigsnoop shows the signals themselves, those of the kernel among them.",
  examples = {
    { "", "every kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo and pidfd_send_signal" },
    { "-x", "only those that failed" },
    { "-s SIGKILL", "only SIGKILL" },
  },
  overhead = "one event for each such call.",
  args.WHICH,
  { "-x --failed", "only the calls that failed" },
  { "-s --signal", "only this signal", type = "string", argname = "SIGNAL" },
  args.OUTPUT,
}

local CALLS = { "syscall.kill", "syscall.tkill", "syscall.tgkill", "syscall.rt_sigqueueinfo",
                "syscall.rt_tgsigqueueinfo", "syscall.pidfd_send_signal" }

local function target(e)
  return e.target_tid or e.target_pid or e.tgid or tl.text(e, "file")
end

local show, fields = report.lines(opts, CALLS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm" },
  { "CALL", 17, function(e) return e.event:sub(9) end },
  { "SIGNAL", 10, "sig" },
  { "TARGET", 7, target, needs = { "target_pid", "target_tid", "tgid", "file" }, right = true },
  { "ERROR", 8, "error" },
})
local where = clauses.all(opts.failed and "error ~= nil", opts.signal and "sig == " .. opts.signal)
assert(asked.of(tl.on, CALLS, { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
