#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- mountsnoop: who mounts and unmounts file systems, and what comes of it?
--
-- usage: mountsnoop [-x] [-p PIDS] [-f] [-C NAME] … [--json | --csv | --format TEXT]
--
--   mountsnoop            every mount and umount, by the new calls (fsopen, move_mount …) too
--   mountsnoop -x         only what failed
--   mountsnoop -C runc    what runc does for its containers
--
-- Overhead: one event for each such call; they are rare.

local tl     = require "traceleft"
local args   = require "traceleft.args"
local call   = require "traceleft.call"
local report = require "traceleft.report"

local opts = args.parse {
  name = "mountsnoop",
  doc = "Who mounts and unmounts file systems, and what comes of it?",
  examples = {
    { "", "every mount and umount, by the new calls (fsopen, move_mount …) too" },
    { "-x", "only what failed" },
    { "-C runc", "what runc does for its containers" },
  },
  overhead = "one event for each such call; they are rare.",
  args.WHICH,
  { "-x --failed", "only the calls that failed" },
  args.OUTPUT,
}

local CALLS = {}
for i, name in ipairs { "mount", "umount2", "fsopen", "fsconfig", "fsmount", "fspick", "move_mount", "open_tree",
                        "mount_setattr", "pivot_root" } do
  CALLS[i] = "syscall." .. name
end

local text, needs = call.teller(tl.describe, CALLS, { duration = false })
local show, fields = report.lines(opts, CALLS, {
  { "TIME", 8, report.time },
  { "PID", 7, "pid", right = true },
  { "COMM", 15, "comm" },
  { "TOOK", 8, "duration", right = true },
  { "CALL", nil, text, needs = needs },
})
assert(tl.on(CALLS, { target = opts.target, where = opts.failed and "ret < 0" or nil, fields = fields }, show))
assert(tl.run())
