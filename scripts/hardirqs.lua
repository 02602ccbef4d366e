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
-- Overhead: two short programs for each handler that is run; no events.

local args = require "traceleft.args"
local irqs = require "traceleft.irqs"

local opts = args.parse {
  name = "hardirqs",
  doc = "How much time do the handlers of interrupts take?\n"
    .. "By the name of the handler: a device or its driver. Those of timers and of other CPUs are no handlers.",
  examples = irqs.EXAMPLES,
  overhead = "two short programs for each handler that is run; no events.",
  irqs.OPTIONS,
  args.WHICH,
  args.INTERVAL,
  args.FORMS,
}

irqs.run(opts, "irq.hard", "name")
