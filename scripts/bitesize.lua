#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- bitesize: how large are the requests that go to disks, by program?
--
-- usage: bitesize [-D] [-d DISK] [-i TIME] [-n N] [-p PIDS] [-f] [-C NAME] … [--json | --csv]
--
--   bitesize          a histogram for each program, at Ctrl-C
--   bitesize -D       for each program and disk
--   bitesize -C dd    only what dd asks for
--
-- Overhead: OVERHEAD

local tl       = require "traceleft"
local args     = require "traceleft.args"
local clauses  = require "traceleft.clauses"
local interval = require "traceleft.interval"

local opts = args.parse {
  name = "bitesize",
  doc = "How large are the requests that go to disks, by program?",
  examples = {
    { "", "a histogram for each program, at Ctrl-C" },
    { "-D", "for each program and disk" },
    { "-C dd", "only what dd asks for" },
  },
  overhead = "OVERHEAD",
  args.WHICH,
  { "-D --disks", "for each disk too" },
  { "-d --disk", "only this disk", type = "string", argname = "DISK" },
  args.INTERVAL,
  args.FORMS,
}

-- What has no duration never went to the device.
local sizes = assert(tl.hist {
  "block.io", value = "bytes", by = opts.disks and { "comm", "disk" } or { "comm" }, target = opts.target,
  where = clauses.all("duration >= 0", opts.disk and "disk == " .. clauses.text(opts.disk)), name = "bytes of requests" })
interval.run(opts, function(print_opts)
  print_opts.sort = "count"
  sizes:print(print_opts)
end)
