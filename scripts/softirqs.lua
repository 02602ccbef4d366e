#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- softirqs: how much time do soft interrupts take?
--
-- usage: softirqs [-d] [-c] [-i TIME] [-n N] [--json | --csv]
--
--   softirqs          how many there were and how long they took, at Ctrl-C
--   softirqs -i 1     the same, every second
--   softirqs -d       as histograms
--
-- Overhead: OVERHEAD

local tl       = require "traceleft"
local args     = require "traceleft.args"
local interval = require "traceleft.interval"

local opts = args.parse {
  name = "softirqs",
  doc = "How much time do soft interrupts take?\n"
    .. "What interrupts have left to be done: network, timers, disks, RCU.",
  examples = {
    { "", "how many there were and how long they took, at Ctrl-C" },
    { "-i 1", "the same, every second" },
    { "-d", "as histograms" },
  },
  overhead = "OVERHEAD",
  { "-d --dist", "a histogram for each" },
  { "-c --cpus", "by CPU too" },
  args.WHICH,
  args.INTERVAL,
  args.FORMS,
}

local times = assert(tl[opts.dist and "hist" or "avg"] {
  "irq.soft", value = "duration", by = opts.cpus and { "vector", "cpu" } or { "vector" }, target = opts.target,
  name = "time in interrupts" })
interval.run(opts, function(print_opts)
  print_opts.sort = opts.dist and "count" or "sum"
  times:print(print_opts)
end)
