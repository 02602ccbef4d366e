#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- biolatency: how long do disks take for what they are asked for?
--
-- usage: biolatency [-D] [-F] [-Q] [-d DISK] [-i TIME] [-n N] [-p PIDS] [-f] [-C NAME] … [--json | --csv]
--
--   biolatency           one histogram of all disks, at Ctrl-C
--   biolatency -D -i 1   one for each disk, every second
--   biolatency -F        one for each kind of request
--   biolatency -Q        with the time in the kernel's own queue
--
-- Overhead: three or four short programs for each request to a disk; no events.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local clauses  = require "traceleft.clauses"
local interval = require "traceleft.interval"

local opts = args.parse {
  name = "biolatency",
  doc = "How long do disks take for what they are asked for?\n"
    .. "From the issue of a request to its end; those that never went to the device are left out.",
  examples = {
    { "", "one histogram of all disks, at Ctrl-C" },
    { "-D -i 1", "one for each disk, every second" },
    { "-F", "one for each kind of request" },
    { "-Q", "with the time in the kernel's own queue" },
  },
  overhead = "three or four short programs for each request to a disk; no events.",
  args.WHICH,
  { "-D --disks", "a histogram for each disk" },
  { "-F --flags", "a histogram for each operation with its flags" },
  { "-Q --queued", "with the time in the queue" },
  { "-d --disk", "only this disk", type = "string", argname = "DISK" },
  args.INTERVAL,
  args.PICTURE,
  args.FORMS,
}

local by = {}
if opts.disks then by[1] = "disk" end
if opts.flags then table.move({ "op", "flags" }, 1, 2, #by + 1, by) end

local times = assert(tl.hist {
  "block.io", value = opts.queued and "duration + queued" or "duration", by = #by > 0 and by or nil,
  where = opts.disk and "disk == " .. clauses.text(opts.disk), target = opts.target, name = "time of requests" })
interval.run(opts, function(print_opts)
  print_opts.sort = "count"
  times:print(print_opts)
end, times)
