-- SPDX-License-Identifier: MIT
--- Connections seen from both sides: tuples, owners, bytes, lifetimes; listeners; and each exactly once in a storm.

local expect = require "expect"

local none = expect.none
local MS = 1000000

local LIFE = { "tcp.connect", "tcp.accept", "tcp.close", "tcp.listen" }

local function has_ipv6()
  local file = io.open "/proc/net/if_inet6"
  local there = file and file:read(1)
  if file then file:close() end
  return there, "no IPv6 here"
end

-- A side as the workload printed it: pid, saddr, sport, daddr, dport, sent, received.
local function side(words)
  return { pid = words[1], saddr = words[2], sport = words[3], daddr = words[4], dport = words[5] }
end

local function one(result, event, wanted, expected)
  local row = expect.one(result.rows, { event = event, sport = wanted.sport, dport = wanted.dport },
                         event .. " of port " .. wanted.sport)
  expect.fields(row, wanted, event)
  expect.fields(row, expected, event)
  return row
end

local HOLD = 40

local function check_pair(result, kind, ending)
  local truth = result.truth
  local client, server = side(truth.client), side(truth.server)
  local common = { family = kind == "6" and 10 or 2, netns = truth.netns, comm = "workload" }
  expect.time(one(result, "tcp.connect", client, common).duration, 1, truth.elapsed, "duration of connect")
  expect.time(one(result, "tcp.accept", server, common).duration, 0, truth.elapsed, "time in the queue")
  for _, words in ipairs { truth.client, truth.server } do
    local row = one(result, "tcp.close", side(words), common)
    expect.fields(row, { sent = words[6], received = words[7] }, "bytes of the " .. words[1])
    expect.time(row.lifetime, HOLD * MS, truth.elapsed + MS, "lifetime")
    expect.equal(row.error, ending == "reset" and words == truth.server and "ECONNRESET" or nil, "error of close")
  end
  expect.count(result.rows, function(row) return row.event ~= "tcp.listen" end, 4, "connect, accept, two closes")
end

local function pair(kind, ending, channels)
  return { name = ("pair: %s %s: tuples, owners, bytes, lifetime"):format(kind, ending), channels = channels,
           events = LIFE, options = "-f", run = ("pair %s %s 1000 70000 %d"):format(kind, ending, HOLD),
           needs = kind ~= "4" and has_ipv6 or nil,
           expect = function(result) check_pair(result, kind, ending) end }
end

local function check_passed(who)
  return function(result)
    local truth = result.truth
    local client, server = side(truth.client), side(truth.server)
    one(result, "tcp.connect", client, { error = none })
    one(result, "tcp.accept", server, {})
    if who == "client" then client.pid = truth.closer else server.pid = truth.closer end
    one(result, "tcp.close", client, { sent = truth.asked, received = truth.answered })
    one(result, "tcp.close", server, { sent = truth.answered, received = truth.asked })
  end
end

-- FNV-1a over the tuple as text, as the workload computes it; sums of it do not depend on the order.
local STORM = [[
  local sums = {}
  local function hash(saddr, sport, daddr, dport)
    local h = 0xcbf29ce484222325
    for _, byte in ipairs { (saddr .. ":" .. sport .. ">" .. daddr .. ":" .. dport):byte(1, -1) } do
      h = (h ~ byte) * 0x100000001b3
    end
    return h
  end
  local function add(name, e)
    local s = sums[name] or { name = name, sum = 0, xor = 0, count = 0, sent = 0, received = 0, pids = {} }
    local h = hash(e.saddr, e.sport, e.daddr, e.dport)
    sums[name], s.sum, s.xor, s.count = s, s.sum + h, s.xor ~ h, s.count + 1
    s.pids[e.pid] = true
    if e.sent then s.sent, s.received = s.sent + e.sent, s.received + e.received end
  end
  local port, closes = nil, {}
  tl.on("tcp.listen", function(e) port = e.sport end)
  tl.on("tcp.connect", function(e) add(e.error and "failed" or "connect", e) end)
  tl.on("tcp.accept", function(e) add("accept", e) end)
  tl.on("tcp.close", function(e) closes[#closes + 1] = e end)
  tl.at_exit(function()
    for _, e in ipairs(closes) do add(e.sport == port and "close server" or "close client", e) end
    for _, s in pairs(sums) do row(s) end
    row(tl.stats())
  end)
  tl.run()]]

local function check_storm(result)
  local truth = result.truth
  for name, who in pairs { connect = "client", accept = "server", ["close client"] = "client",
                           ["close server"] = "server" } do
    local row = expect.one(result.rows, { name = name }, name)
    expect.fields(row, { count = truth[who .. "_count"], sum = truth[who .. "_sum"], xor = truth[who .. "_xor"] }, name)
    if who == "server" then expect.equal(row.pids, { [truth.server_pid] = true }, "owner of " .. name) end
  end
  expect.fields(expect.one(result.rows, { name = "close client" }), { sent = truth.asked, received = truth.answered })
  expect.fields(expect.one(result.rows, { name = "close server" }), { sent = truth.answered, received = truth.asked })
  expect.count(result.rows, { name = "failed" }, 0)
  expect.fields(expect.one(result.rows, function(row) return row.made end), { lost = 0 })
end

return {
  pair("4", "normal", { "ring", "perf" }), pair("6", "normal"), pair("mapped", "normal"),
  pair("4", "accept"), pair("4", "half"), pair("4", "reset"), pair("6", "reset"), pair("4", "exit"),
  { name = "owner: an inherited socket is closed by the child", events = LIFE, options = "-f",
    run = "inherit", expect = check_passed "server" },
  { name = "owner: a socket passed by SCM_RIGHTS is closed by who got it", events = LIFE, options = "-f",
    run = "pass", expect = check_passed "client" },
  { name = "tcp.listen: bound, not bound, refused", events = { "tcp.listen" }, run = "listen",
    expect = function(result)
      local truth = result.truth
      local common = { pid = truth.pid, netns = truth.netns, family = 2 }
      for i, backlog in ipairs { 5, 6 } do
        local row = expect.one(result.rows, { backlog = backlog })
        expect.fields(row, common)
        expect.fields(row, { saddr = truth.all.listen[i][1], sport = truth.all.listen[i][2], error = none })
        expect.ok(row.fd > 2, "fd")
      end
      local row = expect.one(result.rows, { backlog = 7 })
      expect.fields(row, { error = truth.failed[2], pid = truth.pid })
      expect.equal(#result.rows, 3, "rows")
    end },
  { name = "tcp.listen: IPv6", events = { "tcp.listen" }, run = "listen6", needs = has_ipv6,
    expect = function(result)
      expect.fields(expect.one(result.rows, {}), { saddr = "::1", sport = result.truth.listen[2], family = 10 })
    end },
  { name = "storm: every connection exactly once on both sides", n = 10000, channels = { "ring", "perf" },
    options = "-f --ring 64M", run = "storm @n@ 8", script = STORM, expect = check_storm },
  { name = "storm over IPv6", n = 2000, options = "-f --ring 64M", run = "storm @n@ 4 6", script = STORM,
    needs = has_ipv6, expect = check_storm },
}
