#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- sigsnoop: which signals are sent, by whom, to whom, and what became of them?
--
-- usage: sigsnoop [-s SIGNAL] [-D] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   sigsnoop              every signal that is made
--   sigsnoop -s SIGKILL   who kills whom?
--   sigsnoop -D           signals as they reach their handlers
--
-- Overhead: one event for each signal.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local asked  = require "traceleft.asked"
local report = require "traceleft.report"

local opts = args.parse {
  name = "sigsnoop",
  doc = "Which signals are sent, by whom, to whom, and what became of them?\n"
    .. "Of a signal that the kernel makes in an interrupt (a timer) the sender is whatever ran just then.",
  examples = {
    { "", "every signal that is made" },
    { "-s SIGKILL", "who kills whom?" },
    { "-D", "signals as they reach their handlers" },
  },
  overhead = "one event for each signal.",
  args.WHICH,
  { "-s --signal", "only this signal", type = "string", argname = "SIGNAL" },
  { "-D --delivered", "signals as they reach a thread, not as they are made" },
  args.OUTPUT,
}

local EVENT = opts.delivered and "signal.deliver" or "signal.send"
local SIGNAL = { "SIGNAL", 10, "signal" }

local show, fields = report.lines(opts, EVENT, opts.delivered and {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  SIGNAL,
  { "CODE", 9, "code" },
  { "HANDLER", 16, "handler", least = 14 },
  { "FLAGS", nil, "flags" },
} or {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  SIGNAL,
  { "TARGET", 7, "target_tid", right = true },
  { "TARGET COMM", 15, "target_comm", least = 11 },
  { "CODE", 9, "code" },
  { "RESULT", 10, "result" },
})
local where = opts.signal and "signal == " .. opts.signal or nil
assert(asked.of(tl.on, EVENT, { target = opts.target, where = where, fields = fields }, show))
assert(tl.run())
