#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- containers: which containers, units and other cgroups do most, and what fails in them?
--
-- usage: containers [-s COLUMN] [-i TIME] [-n N] [--cpu] [-p PIDS] [-f] … [--json | --csv]
--
--   containers -i 5           all of them, every five seconds, by number of system calls
--   containers -s errors      where most fails
--   containers --cpu -s cpu   with the CPU time of each
--
-- Overhead: about 150 ns for each system call, 200 for reads and writes; --cpu 100 for each context switch.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local interval = require "traceleft.interval"
local joined   = require "traceleft.joined"
local report   = require "traceleft.report"

local COLUMNS = { "calls", "errors", "read", "written", "conns", "cpu" }

local opts = args.parse {
  name = "containers",
  doc = "Which containers, units and other cgroups do most, and what fails in them?\n"
    .. "Bytes are those of reads and writes of files, pipes and sockets; CONNS are TCP connections, of both sides.",
  examples = {
    { "-i 5", "all of them, every five seconds, by number of system calls" },
    { "-s errors", "where most fails" },
    { "--cpu -s cpu", "with the CPU time of each" },
  },
  overhead = "about 150 ns for each system call, 200 for reads and writes; --cpu 100 for each context switch.",
  args.WHICH,
  { "-s --sort", "the column to sort by", choices = COLUMNS, default = "calls" },
  { "--cpu", "CPU time too" },
  args.INTERVAL,
  args.FORMS,
}

local READS = { "read", "pread64", "readv", "preadv", "preadv2", "recvfrom", "recvmsg" }
local WRITES = { "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg", "sendfile" }

local function measure(kind, calls, more)
  local request = table.move(calls, 1, #calls, 1, { by = { "container", "unit", "cgroup_path" }, target = opts.target })
  for name, value in pairs(more or {}) do request[name] = value end
  return assert(tl[kind](request))
end

local columns = {
  { "CALLS", measure("count", { "syscall.*" }) },
  { "ERRORS", measure("count", { "syscall.*" }, { where = "error ~= nil and ret > -512" }) },
  { "READ", measure("sum", READS, { value = "ret", where = "ret > 0" }), unit = "bytes" },
  { "WRITTEN", measure("sum", WRITES, { value = "ret", where = "ret > 0" }), unit = "bytes" },
  { "CONNS", measure("count", { "tcp.connect", "tcp.accept" }, { where = "error == nil" }) },
}
local sort = 1
for i, name in ipairs(COLUMNS) do sort = name == opts.sort and i or sort end
if opts.cpu or sort > #columns then
  local ran = measure("sum", { "sched.switch" }, { value = "duration", where = "pid ~= 0" })
  columns[6] = { "CPU", ran, unit = "duration" }
end

-- What a person calls it: its container, its unit, or the path of its cgroup.
local KINDS = { "container", "unit", "cgroup" }

-- On a terminal a container that has no name is the begin of its id, as everywhere.
local function short(name)
  return #name == 64 and not name:find "%X" and report.is_text(opts) and name:sub(1, 12) or name
end

local function name_of(key)
  for i, kind in ipairs(KINDS) do
    if key[i] then return { n = 2, kind, short(key[i]) } end
  end
  return { n = 2, "gone", "-" }
end

local groups = joined.new({ "KIND", "NAME" }, columns, { sort = sort, key = name_of })
interval.run(opts, function(print_opts) groups:print(print_opts) end)
