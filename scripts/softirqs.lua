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
-- Overhead: two short programs for each soft interrupt; no events.

local args = require "traceleft.args"
local irqs = require "traceleft.irqs"

local opts = args.parse {
  name = "softirqs",
  doc = "How much time do soft interrupts take?\n"
    .. "What interrupts have left to be done: network, timers, disks, RCU.",
  examples = irqs.EXAMPLES,
  overhead = "two short programs for each soft interrupt; no events.",
  irqs.OPTIONS,
  args.WHICH,
  args.INTERVAL,
  args.FORMS,
}

irqs.run(opts, "irq.soft", "vector")
