#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- tcptop: which connections and processes move most bytes over TCP?
--
-- usage: tcptop [-c] [-i TIME] [-n N] [-P PORT] [-a ADDRESS] [-p PIDS] [-f] [-C NAME] … [--json | --csv]
--
--   tcptop -i 1     the 20 connections with most bytes, every second
--   tcptop -c       by process
--   tcptop -P 443   only of port 443
--
-- Overhead: about 340 ns for each send and receive, before Linux 6.3 also 100 ns for each read and write; no events.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local ends     = require "traceleft.ends"
local interval = require "traceleft.interval"
local joined   = require "traceleft.joined"
local net      = require "traceleft.net"

local opts = args.parse {
  name = "tcptop",
  doc = "Which connections and processes move most bytes over TCP?\n"
    .. "Bytes as processes give and take them. Before Linux 6.3 from system calls: io_uring is not seen.",
  examples = {
    { "-i 1", "the 20 connections with most bytes, every second" },
    { "-c", "by process" },
    { "-P 443", "only of port 443" },
  },
  overhead = "about 340 ns for each send and receive, before Linux 6.3 also 100 ns for each read and write; no events.",
  args.WHICH,
  { "-c --process", "by process, not by connection" },
  ends.OPTIONS,
  args.INTERVAL,
  args.FORMS,
}

local by = opts.process and { "pid", "comm" } or { "pid", "comm", "saddr", "sport", "daddr", "dport" }

local function bytes(event)
  return assert(tl.sum { event, value = "bytes", by = by, target = opts.target, where = opts.ends })
end

local function key(k)
  if opts.process then return k end
  return table.pack(k[1], k[2], net.endpoint(k[3], k[4]), net.endpoint(k[5], k[6]))
end

local sent, received = bytes "tcp.send", bytes "tcp.receive"
local titles = opts.process and { "PID", "COMM" } or { "PID", "COMM", "LOCAL", "PEER" }
local connections = joined.new(titles, { { "SENT", sent, unit = "bytes" }, { "RECEIVED", received, unit = "bytes" } },
                               { key = key, sort = function(row) return row[1] + row[2] end })
interval.run(opts, function(print_opts) connections:print(print_opts) end)
