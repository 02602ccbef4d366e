#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- netwatch: who talks TCP to whom, what came of it, and how long did it take?
--
-- usage: netwatch [-x] [-p PIDS] [-f] [-C NAME] [-P PORT] [-a ADDRESS] [--json]
--
--   netwatch                  every connect, accept, close and listen
--   netwatch -x               only what failed
--   netwatch -a 10.0.0.0/8    only connections with that network
--
-- Overhead: one event for each connect, accept, close and listen, none for data.

local tl        = require "traceleft"
local args      = require "traceleft.args"
local columns   = require "traceleft.columns"
local net       = require "traceleft.net"
local sink      = require "traceleft.sink"
local summary   = require "traceleft.summary"
local units     = require "traceleft.units"

local opts = args.parse {
  name = "netwatch",
  doc = "Who talks TCP to whom, what came of it, and how long did it take?\n"
    .. "Ends with a summary at Ctrl-C. A value ? could not be read.",
  examples = {
    { "", "every connect, accept, close and listen" },
    { "-x", "only what failed" },
    { "-C nginx -P 443", "only nginx, only port 443 on either side" },
    { "-a 10.0.0.0/8", "only connections with that network" },
  },
  overhead = "one event for each connect, accept, close and listen, none for data.",
  { "-p --pid", "only these processes: PID or PID,PID,…", type = "pids" },
  { "-f --follow", "their children too" },
  { "-C --command", "only processes of this name", type = "string", argname = "NAME" },
  { "-P --port", "only this port, on either side", type = "port" },
  { "-a --address", "only this address or network, on either side", type = "address" },
  { "-x --failed", "only what failed" },
  { "--json", "one JSON object per line, the summary last" },
}

local out = columns.new({ { "TIME", 8 }, { "EVENT", 7 }, { "PID", 7, right = true }, { "COMM", 8, most = 15 },
                          { "LOCAL", 15, most = 47 }, { "PEER", 15, most = 47 }, { "RESULT" } }, io.stdout)

local total = summary.new()

local RESULT = {
  ["tcp.connect"] = function(e) return tl.text(e, "outcome") .. " " .. tl.text(e, "duration") end,
  ["tcp.accept"]  = function(e) return "waited " .. tl.text(e, "duration") end,
  ["tcp.listen"]  = function(e) return "backlog " .. tl.text(e, "backlog") end,
  ["tcp.close"]   = function(e)
    return ("%s, %s out, %s in"):format(tl.text(e, "lifetime"), units.bytes(e.sent or 0), units.bytes(e.received or 0))
  end,
}

---@param e traceleft.event
local function show(e)
  local peer = e.daddr and net.endpoint(e.daddr, e.dport)
  local result = RESULT[e.event](e) .. (e.error and " " .. e.error or "")
  out:row(tl.clock(e.time):sub(1, 8), e.event:sub(5), e.pid, e.comm, net.endpoint(e.saddr, e.sport), peer, result)
end

local emit = opts.json and sink.json(io.stdout, { describe = tl.describe }) or show

---@param e traceleft.event
local function on_tcp(e)
  if opts.failed and not summary.failure(e) then return end
  if opts.command and e.comm ~= opts.command:sub(1, 15) then return end
  if opts.port and e.sport ~= opts.port and e.dport ~= opts.port then return end
  if opts.address and not net.touches(opts.address, e) then return end
  total:add(e)
  emit(e)
end

local events = { "tcp.connect", "tcp.accept", "tcp.close", "tcp.listen" }
assert(tl.on(events, { pid = opts.pid, follow = opts.follow }, on_tcp))
tl.at_exit(function() total:write(io.stdout, opts.json) end)
if not opts.json then out:header() end
assert(tl.run())
