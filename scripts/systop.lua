#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- systop: what do processes ask the kernel for, how often, and how long does it take?
--
-- usage: systop [-v NAME] [-s COLUMN] [-w EXPR] [-i TIME] [-b N] [-n ROWS] [-m] [-p PIDS] [-f] [-C NAME] …
--
--   systop                            all processes, on the whole screen; ? shows the keys
--   systop --view file -C mysqld      which files mysqld reads and writes
--   systop -b 1 -i 10 --view error    a table of what failed in ten seconds
--
-- Overhead: counted in the kernel, for the view on the screen alone; no event is sent. Added to each system call, on a
-- busy virtual machine where one takes 215 ns: process 280 ns, call 240 ns, container 310 ns, error 180 ns; file, to
-- reads and writes alone, 1060 ns, because of their paths; peer and port, nothing. Some 400 bytes for a refresh.

local tl      = require "traceleft"
local args    = require "traceleft.args"
local cells   = require "traceleft.top.cells"
local cgroups = require "traceleft.cgroups"
local exit    = require "traceleft.exit"
local top     = require "traceleft.top"

local opts = args.parse {
  name = "systop",
  doc = "What do processes ask the kernel for, how often, and how long does it take?\n"
    .. "A monitor on the whole screen; ? shows its keys. Views: process, call, file, peer, port, container, error.",
  examples = {
    { "", "all processes, on the whole screen" },
    { "--view file -C mysqld", "which files mysqld reads and writes" },
    { "-w 'duration > 10ms'", "only calls that took longer" },
    { "-b 1 -i 10 --view error", "a table of what failed in ten seconds" },
  },
  overhead = "240 to 310 ns for a system call; view file, 1060 ns for a read or write; no event is sent.",
  args.WHICH,
  { "-v --view", "the view to begin with", type = "string", argname = "NAME" },
  { "-s --sort", "sort by the column of this title", type = "string", argname = "COLUMN" },
  { "-w --where", "count only what this holds for", type = "string", argname = "EXPR" },
  { "-i --interval", "time between two refreshes (1s)", type = "duration", default = "1s" },
  { "-b --batch", "write so many tables to stdout instead", type = "count", argname = "N" },
  { "-n --rows", "rows of such a table (20)", type = "count", default = "20" },
  { "-m --mouse", "a click selects a row, the wheel moves" },
}

local READS  = { "read", "pread64", "readv", "preadv", "preadv2", "recvfrom", "recvmsg" }
local WRITES = { "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg" }
local IO = table.move(WRITES, 1, #WRITES, #READS + 1, { "fsync", "fdatasync", table.unpack(READS) })

local function called(id) return cgroups.called(tl.cgroup(id), id) end

-- What views of calls measure; `selected`: what tells the row whose distribution is shown.
local function calls(selected)
  return { calls = { "avg", value = "duration" }, longest = { "max", value = "duration" },
           failed = { "count", where = "ret < 0" }, times = { "hist", value = "duration", selected = selected } }
end

-- The columns that views of calls have, behind their own.
local function columns(...)
  local list = { ... }
  for _, column in ipairs { { "CALLS/S", 8, cells.rate "calls" }, { "FAIL/S", 7, cells.rate "failed" },
                            { "AVG", 6, cells.average "calls" }, { "LONGEST", 8, cells.most "longest" },
                            { "INSIDE", 7, cells.inside "calls" }, { "", 6, cells.past() } } do
    list[#list + 1] = column
  end
  return list
end

local function bare(event) return (event:gsub("^syscall%.", "")) end

local function into(view, title, where, events)
  return { view = view, title = title, where = where, events = events }
end

-- What a call works on: files if it has a descriptor, else what became of it.
local function into_call(row)
  local event = row.key[1]
  local view = tl.describe(event).class:find "%f[%w]desc%f[%W]" and "file" or "error"
  return into(view, bare(event), ("event == '%s'"):format(event), { event })
end

local VIEWS = {
  { name = "process", title = "Processes", events = { "syscall.*" }, by = { "pid", "comm" },
    measures = calls { "pid", "comm" }, main = "calls", sort = "CALLS/S", spread = "times",
    columns = columns({ "PID", 7, cells.key(1, nil, true) }, { "COMM", 15, cells.key(2) }),
    enter = function(row) return into("call", ("%s[%d]"):format(row.key[2], row.key[1]), "pid == " .. row.key[1]) end },
  { name = "call", title = "System calls", events = { "syscall.*" }, by = { "event" }, measures = calls(),
    main = "calls", sort = "CALLS/S", spread = "times", columns = columns({ "CALL", 23, cells.key(1, bare) }),
    enter = into_call },
  { name = "file", title = "Files and connections", events = IO, by = { "file", "dev", "inode" }, main = "calls",
    sort = "CALLS/S", spread = "times",
    measures = { calls = { "avg", value = "duration" },
                 times = { "hist", value = "duration", selected = { "dev", "inode" } },
                 got = { "sum", value = "ret", where = "ret > 0", events = READS },
                 put = { "sum", value = "ret", where = "ret > 0", events = WRITES } },
    columns = { { "CALLS/S", 8, cells.rate "calls" }, { "READ/S", 9, cells.bytes "got" },
                { "WRITTEN/S", 10, cells.bytes "put" }, { "AVG", 6, cells.average "calls" },
                { "", 6, cells.past() }, { "FILE", 36, cells.key(1, cells.path), most = 90 } },
    enter = function(row)
      local where = row.key[3] and ("dev == %d and inode == %d"):format(row.key[2], row.key[3])
      return where and into("process", row.key[1] or "?", where, IO)
    end },
  { name = "peer", title = "Peers of TCP", events = { "tcp.connect", "tcp.accept", "tcp.close" }, by = { "daddr" },
    main = "all", sort = "EVENTS/S", spread = "times",
    measures = { all = { "count" }, connects = { "avg", value = "duration", events = { "tcp.connect" } },
                 times = { "hist", value = "duration", events = { "tcp.connect" } },
                 failed = { "count", where = "error ~= nil", events = { "tcp.connect" } },
                 accepts = { "count", events = { "tcp.accept" } },
                 put = { "sum", value = "sent", events = { "tcp.close" } },
                 got = { "sum", value = "received", events = { "tcp.close" } } },
    columns = { { "PEER", 15, cells.key(1), most = 39 }, { "EVENTS/S", 9, cells.rate "all" },
                { "CONN/S", 7, cells.rate "connects" }, { "FAIL/S", 7, cells.rate "failed" },
                { "ACCEPT/S", 9, cells.rate "accepts" }, { "AVG", 6, cells.average "connects" },
                { "SENT/S", 9, cells.bytes "put" }, { "GOT/S", 9, cells.bytes "got" }, { "", 3, cells.past() } },
    enter = function(row) return into("port", row.key[1], ("daddr == '%s'"):format(row.key[1])) end },
  { name = "port", title = "Ports of TCP, of peers (out) and of this machine (in)", events = { "tcp.connect" },
    by = { "daddr", "dport", "comm" }, main = { "connects", "accepts" }, sort = "CONN/S", spread = "times",
    measures = { connects = { "avg", value = "duration", tag = "out" },
                 times = { "hist", value = "duration", tag = "out" },
                 failed = { "count", where = "error ~= nil", tag = "out" },
                 accepts = { "count", events = { "tcp.accept" }, by = { "daddr", "sport", "comm" }, tag = "in" } },
    columns = { { "WAY", 3, cells.key(4) }, { "PEER", 15, cells.key(1), most = 39 },
                { "PORT", 5, cells.key(2, nil, true) }, { "COMM", 15, cells.key(3) },
                { "CONN/S", 8, cells.rate("connects", "accepts") },
                { "FAIL/S", 7, cells.rate "failed" }, { "AVG", 6, cells.average "connects" },
                { "LONGEST", 8, cells.longest "times" }, { "", 6, cells.past() } } },
  { name = "container", title = "Containers, units and other cgroups", events = { "syscall.*" }, by = { "cgroup" },
    measures = calls(), main = "calls", sort = "CALLS/S", spread = "times",
    columns = columns({ "CGROUP", 23, cells.key(1, called), most = 50 }),
    enter = function(row) return into("process", called(row.key[1]), "cgroup == " .. row.key[1]) end },
  { name = "error", title = "Calls that fail", events = { "syscall.*" }, by = { "event", "error" }, main = "failed",
    measures = { failed = { "count", where = "error ~= nil" } }, sort = "FAIL/S",
    columns = { { "CALL", 23, cells.key(1, bare) }, { "ERROR", 15, cells.key(2) }, { "FAIL/S", 8, cells.rate "failed" },
                { "", 20, cells.past() } },
    enter = function(row)
      local event, error = row.key[1], row.key[2]
      local where = ("event == '%s' and error == '%s'"):format(event, error)
      return into("process", bare(event) .. " " .. error, where, { event })
    end },
}

local _, message, name = top.run {
  name = "systop", views = VIEWS, view = opts.view, sort = opts.sort, where = opts.where, target = opts.target,
  interval = opts.interval, batch = opts.batch, rows = opts.rows, mouse = opts.mouse,
}
if message then exit.raise(name == "EINVAL" and 2 or 3, "systop: " .. message) end
