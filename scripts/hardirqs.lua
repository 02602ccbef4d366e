#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- hardirqs: how much time do the handlers of interrupts take?
--
-- usage: hardirqs [-d] [-c] [-i TIME] [-n N] [--json | --csv]
--
--   hardirqs          how many there were and how long they took, at Ctrl-C
--   hardirqs -i 1     the same, every second
--   hardirqs -d       as histograms
--
-- Overhead: OVERHEAD

local tl       = require "traceleft"
local args     = require "traceleft.args"
local interval = require "traceleft.interval"

local opts = args.parse {
  name = "hardirqs",
  doc = "How much time do the handlers of interrupts take?\n"
    .. "By the name of the handler: a device or its driver. Those of timers and of other CPUs are no handlers.",
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
  "irq.hard", value = "duration", by = opts.cpus and { "name", "cpu" } or { "name" }, target = opts.target,
  name = "time in interrupts" })
interval.run(opts, function(print_opts)
  print_opts.sort = opts.dist and "count" or "sum"
  times:print(print_opts)
end)
