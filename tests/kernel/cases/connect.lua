-- SPDX-License-Identifier: MIT
--- tcp.connect: each outcome once, with error, duration, addresses and owner.

local expect = require "expect"

local none = expect.none
local ESTABLISHED, REFUSED, TIMED_OUT, UNREACHABLE, ABANDONED = 1, 2, 3, 4, 5
local SECOND = 1000000000

local function has_ipv6()
  local file = io.open "/proc/net/if_inet6"
  local there = file and file:read(1)
  if file then file:close() end
  return there, "no IPv6 here"
end

-- The attempts that are not those which fill the listener's queue.
local function attempts(result)
  local filler = result.truth.filler_port
  return expect.select(result.rows, function(row)
    return row.event == "tcp.connect" and (not filler or row.sport ~= filler)
  end)
end

local function check(result, wanted)
  local truth = result.truth
  local row = expect.one(attempts(result), {}, "tcp.connect")
  local failed = truth.error ~= "none" and wanted.outcome ~= ABANDONED
  expect.fields(row, { error = failed and truth.error or none, outcome = wanted.outcome, pid = truth.pid,
                       tid = truth.pid, comm = "workload", uid = 0, netns = truth.netns,
                       family = wanted.family or 2 })
  if truth["remote"] then expect.fields(row, { daddr = truth.remote[1], dport = truth.remote[2] }) end
  if truth["local"] then expect.fields(row, { saddr = truth["local"][1], sport = truth["local"][2] }) end
  expect.time(row.duration, wanted.least or 1, truth.elapsed + 1000000, "duration")
end

local function case(outcome, wanted)
  return { name = "tcp.connect: " .. outcome, events = { "tcp.connect" }, run = "connect " .. outcome,
           needs = wanted.ipv6 and has_ipv6, channels = wanted.channels,
           expect = function(result) check(result, wanted) end }
end

return {
  case("established4", { outcome = ESTABLISHED, channels = { "ring", "perf" } }),
  case("established6", { outcome = ESTABLISHED, family = 10, ipv6 = true }),
  case("mapped", { outcome = ESTABLISHED, ipv6 = true }),
  case("refused4", { outcome = REFUSED, channels = { "ring", "perf" } }),
  case("refused6", { outcome = REFUSED, family = 10, ipv6 = true }),
  case("refused-mapped", { outcome = REFUSED, ipv6 = true }),
  case("timeout", { outcome = TIMED_OUT, least = SECOND }),
  case("netunreach", { outcome = UNREACHABLE }),
  case("hostunreach", { outcome = UNREACHABLE }),
  case("later-established", { outcome = ESTABLISHED }),
  case("later-refused", { outcome = REFUSED }),
  case("slow", { outcome = ESTABLISHED, least = SECOND // 2 }),
  case("interrupted", { outcome = ESTABLISHED, least = SECOND // 2 }),
  case("abandoned", { outcome = ABANDONED }),
}
