#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- errsnoop: which system calls fail, why, and on what?
--
-- usage: errsnoop [-a] [-c [-i TIME] [-n N]] [-e ERRORS] [--no ERRORS] [-p PIDS] [-f] … [--json | --csv] [CALL…]
--
--   errsnoop -p 181            what fails in process 181, and why
--   errsnoop -c -i 5           counts by program, call and reason, every five seconds
--   errsnoop -e EACCES,EPERM   what nobody is let do
--
-- Overhead: one event for each call that fails, or a number with -c (140 ns); 270 ns for each that does not.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local asked    = require "traceleft.asked"
local clauses  = require "traceleft.clauses"
local core     = require "traceleft.core"
local interval = require "traceleft.interval"
local notnow   = require "traceleft.notnow"
local report   = require "traceleft.report"

local opts = args.parse {
  name = "errsnoop",
  doc = "Which system calls fail, why, and on what?\n"
    .. "What only says 'not now' is no failure, and shown with -a alone, or if -e names it: EINTR, EAGAIN (but of "
    .. "calls that make processes or lock memory), EINPROGRESS of a connect that does not wait (tcpconnect tells what "
    .. "came of it), ETIMEDOUT of a futex.",
  examples = {
    { "-p 181", "what fails in process 181, and why" },
    { "-c -i 5", "counts by program, call and reason, every five seconds" },
    { "-e EACCES,EPERM", "what nobody is let do" },
    { "--no ENOENT network", "failures of sockets, but for those whose path is not there" },
  },
  overhead = "one event for each call that fails, or a number with -c (140 ns); 270 ns for each that does not.",
  { "calls", "system calls, globs, or classes such as file and network; all without them", list = true },
  args.WHICH,
  { "-a --all", "what only says 'not now' too" },
  { "-e --errors", "only these reasons: ENOENT,EPERM,…", type = "words", argname = "ERRORS" },
  { "--no", "none of these reasons", type = "words", argname = "ERRORS" },
  { "-c --count", "count them by program, call and reason" },
  args.INTERVAL,
  args.OUTPUT,
}

-- Results below -511 are the kernel's own: the call goes on, and the program sees no failure.
local where = clauses.all("error ~= nil", "ret > -512", opts.errors and clauses.one_of("error", opts.errors),
                          opts.no and "not (" .. clauses.one_of("error", opts.no) .. ")",
                          not opts.all and not opts.errors and notnow.OTHERS)

if opts.count then
  local failures = asked.of(tl.count, asked.request(opts.calls, { by = { "comm", "event", "error" }, where = where,
                                                                  target = opts.target, name = "failures" }))
  return interval.run(opts, function(print_opts) failures:print(print_opts) end)
end

local OPERANDS = { "pathname", "filename", "oldpath", "path", "target", "addr", "file" }

local calls = asked.calls(opts.calls)

-- What the call was about: the first of these that it has.
local function operand(e)
  for _, name in ipairs(OPERANDS) do
    if e[name] then return tl.text(e, name) end
  end
end

local show, fields = report.lines(opts, calls, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm", least = 10 },
  { "CALL", 12, least = 10, function(e) return e.event:match "%.(.*)$" end },
  { "ERROR", 12, "error" },
  { "REASON", 26, function(e) return core.errno_text(-e.ret) end, needs = { "ret" }, most = 35, narrow = false },
  { "ON", 28, operand, needs = OPERANDS },
})
asked.of(tl.on, calls, { target = opts.target, where = where, fields = fields }, show)
assert(tl.run())
