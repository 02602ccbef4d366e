#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- spyfile: what is read from a file and written to it, and by whom?
--
-- usage: spyfile [-r | -w] [-s SIZE] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT] PATH
--
--   spyfile /var/log/app.log    what is written to the log, and who reads it
--   spyfile -w /dev/pts/3       what programs say on a terminal
--   spyfile -r /etc/app.conf    who reads the configuration
--
-- Overhead: about 760 ns for each read and write, whose file is found out; an event for those of this one.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local clauses = require "traceleft.clauses"
local report  = require "traceleft.report"

local opts = args.parse {
  name = "spyfile",
  doc = "What is read from a file and written to it, and by whom?\n"
    .. "What is mapped into memory, or copied by copy_file_range, sendfile and splice, is not seen.\n"
    .. "… stands where there was more.",
  examples = {
    { "/var/log/app.log", "what is written to the log, and who reads it" },
    { "-w /dev/pts/3", "what programs say on a terminal" },
    { "-r /etc/app.conf", "who reads the configuration" },
  },
  overhead = "about 760 ns for each read and write, whose file is found out; an event for those of this one.",
  { "path", "the file, by its whole path; all below a folder whose path ends with /" },
  args.WHICH,
  { "-r --reads", "only what is read" },
  { "-w --writes", "only what is written" },
  { "-s --size", "bytes that are shown, at most 4096", type = "size", default = "256" },
  args.OUTPUT,
}

local READS = { "syscall.read", "syscall.pread64", "syscall.readv", "syscall.preadv", "syscall.preadv2" }
local WRITES = { "syscall.write", "syscall.pwrite64", "syscall.writev", "syscall.pwritev", "syscall.pwritev2" }

local calls = {}
if opts.reads or not opts.writes then table.move(READS, 1, #READS, 1, calls) end
if opts.writes or not opts.reads then table.move(WRITES, 1, #WRITES, #calls + 1, calls) end

local DATA = { "buf", "iov" }

local function data(e)
  return tl.text(e, e.buf ~= nil and "buf" or "iov")
end

local show, fields = report.lines(opts, calls, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm" },
  { "CALL", 8, function(e) return e.event:match "%.(.*)$" end },
  { "BYTES", 6, "ret", right = true },
  { "DATA", nil, data, needs = DATA },
})
local is_file = opts.path:find "/$" and "starts(file, %s)" or "file == %s"
local where = "ret > 0 and " .. is_file:format(clauses.text(opts.path))
assert(tl.on(calls, { target = opts.target, where = where, fields = fields, payload = opts.size }, show))
assert(tl.run())
