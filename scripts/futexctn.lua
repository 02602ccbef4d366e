#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- futexctn: who waits for locks of programs, at which addresses, and how long?
--
-- usage: futexctn [-H] [-m TIME] [-i TIME] [-n N] [-p PIDS] [-f] [-C NAME] … [--json | --csv]
--
--   futexctn -p 181     the locks of process 181 that cost it most time
--   futexctn -H         how long programs wait, as histograms
--   futexctn -m 1ms     waits of 1 ms and more
--
-- Overhead: a few numbers for each futex call that waits, no events; locks that nobody waits for make no call.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local clauses  = require "traceleft.clauses"
local interval = require "traceleft.interval"

local opts = args.parse {
  name = "futexctn",
  doc = "Who waits for locks of programs, at which addresses, and how long?\n"
    .. "Threads that wait for work are here too. The time is that of the waits, not that the lock was held.",
  examples = {
    { "-p 181", "the locks of process 181 that cost it most time" },
    { "-H", "how long programs wait, as histograms" },
    { "-m 1ms", "waits of 1 ms and more" },
  },
  overhead = "a few numbers for each futex call that waits, no events; locks that nobody waits for make no call.",
  args.WHICH,
  { "-H --histogram", "how long, by program" },
  { "-m --min", "waits from this time on", type = "duration" },
  args.INTERVAL,
  args.FORMS,
}

-- FUTEX_WAIT, FUTEX_LOCK_PI, FUTEX_WAIT_BITSET, FUTEX_WAIT_REQUEUE_PI, FUTEX_LOCK_PI2
local WAITS = "futex_op & 0x7f in { 0, 6, 9, 11, 13 }"

local waits = assert(tl[opts.histogram and "hist" or "avg"] {
  "futex", value = "duration", by = opts.histogram and { "comm" } or { "comm", "pid", "uaddr" }, target = opts.target,
  where = clauses.all(WAITS, opts.min and ("duration >= %d"):format(math.floor(opts.min * 1e9))), name = "waits",
})
interval.run(opts, function(print_opts)
  print_opts.sort = not opts.histogram and "sum" or nil
  waits:print(print_opts)
end)
