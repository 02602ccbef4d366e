-- SPDX-License-Identifier: MIT
--- What befalls connections, datagrams and packets on their way; each counted, and held against what the kernel says.

local expect = require "expect"

local none = expect.none

local function has_ipv6()
  local file = io.open "/proc/net/if_inet6"
  local there = file and file:read(1)
  if file then file:close() end
  return there, "no IPv6 here"
end

local function sum(rows, field)
  local total = 0
  for _, row in ipairs(rows) do total = total + (row[field] or 0) end
  return total
end

-- ---- states ----------------------------------------------------------------------------------

local CLOSE, LISTEN, SYN_RECV, SYN_SENT, ESTABLISHED = 7, 10, 3, 2, 1

-- The states of one end in their order, as "7>2 2>1 …".
local function path_of(rows, sport, dport)
  local steps = {}
  for _, row in ipairs(expect.select(rows, { sport = sport, dport = dport })) do
    steps[#steps + 1] = row.old .. ">" .. row.new
  end
  return table.concat(steps, " ")
end

local function check_states(result)
  local client, server = result.truth.client, result.truth.server
  expect.equal(path_of(result.rows, client[3], client[5]), "2>1 1>4 4>5 5>7", "states of the client")
  local asked = expect.one(result.rows, { old = CLOSE, new = SYN_SENT, dport = server[3] })
  expect.fields(asked, { sport = none, pid = client[1], daddr = server[2], duration = none, unread = none })
  -- Of the steps before, older kernels do not know the peer yet; and two packets may make one socket each, of which one
  -- is closed again.
  local steps = path_of(result.rows, server[3], server[5]):gsub("10>3 ", ""):gsub("3>7 ", "")
  expect.equal(steps, "3>1 1>8 8>9 9>7", "states of the server")
  for _, words in ipairs { client, server } do
    for _, row in ipairs(expect.select(result.rows, { sport = words[3], dport = words[5] })) do
      expect.fields(row, { saddr = words[2], daddr = words[4], netns = result.truth.netns, family = 2 })
      if row.old == ESTABLISHED then
        expect.fields(row, { pid = words[1], comm = "workload" })
        expect.time(row.duration, 40e6, result.truth.elapsed, "time as ESTABLISHED")
      end
    end
  end
  local listening = expect.one(result.rows, { old = CLOSE, new = LISTEN })
  expect.fields(listening, { sport = server[3], comm = "workload" })
  expect.one(result.rows, { old = LISTEN, new = CLOSE, pid = listening.pid })
  expect.ok(#expect.select(result.rows, { new = SYN_RECV }) > 0, "no SYN_RECV")
end

-- ---- what gets lost --------------------------------------------------------------------------

local KIND = { syn = 1, synack = 2, fast = 3, timeout = 4, probe = 5 }

local function check_lost(result)
  local truth, sent_again = result.truth, expect.select(result.rows, { event = "tcp.retransmit" })
  local _, saddr, sport, daddr, dport = table.unpack(truth.lost)
  expect.equal(#sent_again, truth.retransmits, "segments sent again")
  for _, row in ipairs(sent_again) do
    expect.fields(row, { pid = truth.lost[1], comm = "workload", saddr = saddr, sport = sport, daddr = daddr,
                         dport = dport, state = ESTABLISHED, netns = truth.netns })
    expect.ok(row.kind == KIND.timeout or row.kind == KIND.probe, "kind %s", row.kind)
  end
  expect.ok(#expect.select(sent_again, { kind = KIND.timeout }) > 0, "none for want of an acknowledgement")
  -- All that was sent was dropped, but for the last: 100 bytes behind a header of 32.
  local dropped = expect.count(result.rows, { event = "packet.drop", sport = sport, dport = dport, length = 132 },
                               truth.retransmits, "segments dropped")
  for _, row in ipairs(dropped) do
    expect.fields(row, { saddr = saddr, daddr = daddr, ethertype = 0x800, netns = truth.netns, protocol = 6,
                         tcp_flags = 0x18, family = 2 })
    expect.ok(row.location ~= 0, "location")
    if row.reason then expect.equal(row.text, "SOCKET_FILTER", "reason") end
  end
end

local LOST = [[
  tl.on("tcp.retransmit", row)
  tl.on("packet.drop", { where = "protocol == IPPROTO_TCP", self = true }, function(e)
    e.text = tl.text(e, "reason")
    row(e)
  end)
  tl.run()]]

local function check_overflow(result)
  local truth = result.truth
  expect.count(result.rows, { event = "tcp.retransmit", dport = truth.port, kind = KIND.syn, state = SYN_SENT,
                              pid = truth.client }, truth.retransmits, "requests sent again")
end

local function check_resets(result)
  local truth = result.truth
  local received = expect.select(result.rows, { direction = 2 })
  expect.equal(#received, 2 * result.n, "resets received")
  expect.count(received, { dport = truth.port, pid = truth.pid, state = 2 }, result.n, "received instead of an answer")
  expect.count(result.rows, { direction = 1, pid = truth.pid }, result.n, "resets sent by the client")
  -- Those for no socket only newer kernels tell; they all have a reason.
  local by_nobody = expect.select(result.rows, { direction = 1, sport = truth.port })
  expect.ok(#by_nobody == 0 or #by_nobody == result.n, "%d resets where nobody listens", #by_nobody)
  for _, row in ipairs(by_nobody) do expect.fields(row, { text = "NO_SOCKET", state = none, saddr = "127.0.0.1" }) end
end

-- ---- bytes and datagrams ---------------------------------------------------------------------

local function check_bytes(result)
  local client = result.truth.client
  local sent = expect.select(result.rows, { event = "tcp.send", sport = client[3] })
  local taken = expect.select(result.rows, { event = "tcp.receive", sport = client[5] })
  expect.equal(sum(sent, "bytes"), client[6], "bytes sent")
  expect.equal(sum(taken, "bytes"), client[6], "bytes received")
  for _, row in ipairs(sent) do
    expect.fields(row, { pid = result.truth.sender, saddr = client[2], daddr = client[4], dport = client[5] })
  end
  for _, row in ipairs(taken) do expect.fields(row, { pid = client[1], comm = "workload", dport = client[3] }) end
end

local function bytes_of(rows)
  local list = {}
  for i, row in ipairs(rows) do list[i] = row.bytes .. (row.messages > 1 and "*" .. row.messages or "") end
  return table.concat(list, " ")
end

-- The last three of eight datagrams of one call are told together: 25 + 26 + 27.
local DATAGRAMS = "10 11 12 13 14 20 21 22 23 24 78*3"

local function check_udp(result)
  local truth, pid, saddr, sport, daddr, dport = result.truth, table.unpack(result.truth.sender)
  local sent = expect.select(result.rows, { event = "udp.send", pid = pid })
  local taken = expect.select(result.rows, { event = "udp.receive", pid = pid })
  expect.equal(bytes_of(sent), DATAGRAMS, "datagrams sent")
  expect.equal(bytes_of(taken), DATAGRAMS, "datagrams received")
  for _, row in ipairs(sent) do
    expect.fields(row, { saddr = saddr, sport = sport, daddr = daddr, dport = dport, netns = truth.netns,
                         error = none })
  end
  expect.fields(sent[1], { payload = "0123456789" })
  expect.fields(sent[4], { payload = ("x"):rep(13) })
  expect.fields(sent[11], { payload = none, cut = none })
  expect.fields(taken[1], { daddr = saddr, dport = sport, sport = dport, payload = "0123456789" })
  expect.fields(taken[2], { daddr = none, payload = ("x"):rep(11), unread = { "daddr", "dport" } })
  expect.fields(taken[5], { daddr = saddr, dport = sport, payload = ("x"):rep(14) })
  expect.fields(taken[6], { payload = ("x"):rep(20) })
end

local function check_nobody(result)
  local truth, pid, saddr, sport, daddr, dport = result.truth, table.unpack(result.truth.sender)
  local to = { daddr = daddr, dport = dport }
  local sent = expect.count(result.rows, { event = "udp.send", pid = pid, dport = dport }, result.n)
  expect.fields(sent[1], { bytes = 33 })
  local refused = expect.count(result.rows, { event = "udp.receive", pid = pid, error = "ECONNREFUSED" }, result.n)
  expect.fields(refused[1], { bytes = none, payload = none, dport = dport })
  local dropped = expect.count(result.rows, { event = "packet.drop", sport = sport, dport = dport, protocol = 17 },
                               result.n, "dropped")
  for _, row in ipairs(dropped) do
    expect.fields(row, to)
    expect.fields(row, { saddr = saddr, tcp_flags = none, state = none, netns = truth.netns })
    if row.reason then expect.equal(row.text, "NO_SOCKET", "reason") end
  end
end

local NOBODY = [[
  tl.on("udp.*", row)
  tl.on("packet.drop", { where = "protocol == IPPROTO_UDP", self = true }, function(e)
    e.text = tl.text(e, "reason")
    row(e)
  end)
  tl.run()]]

return {
  { name = "tcp.state: each end from its begin to its end", channels = { "ring", "perf" },
    script = [[ tl.on("tcp.state", { self = true, where = "saddr == '127.0.0.1'" }, row) tl.run() ]],
    run = "pair 4 normal 1000 70000 40", expect = check_states },
  { name = "tcp.retransmit, packet.drop: segments that a filter takes away", script = LOST, run = "lose 4",
    expect = check_lost },
  { name = "tcp.retransmit: requests that a listener has no room for", events = { "tcp.retransmit" },
    run = "overflow 1",
    expect = check_overflow },
  { name = "tcp.reset: sent, received, and where nobody listens", n = 5, run = "resets @n@", expect = check_resets,
    script = [[ tl.on("tcp.reset", function(e) e.text = tl.text(e, "reason") row(e) end) tl.run() ]] },
  { name = "tcp.send, tcp.receive: bytes by every call", events = { "tcp.send", "tcp.receive" }, options = "-f",
    run = "bytes 4", expect = check_bytes },
  { name = "tcp.send, tcp.receive: over IPv6", events = { "tcp.send", "tcp.receive" }, options = "-f",
    run = "bytes 6", needs = has_ipv6, expect = check_bytes },
  { name = "udp: datagrams by every call", events = { "udp.*" }, run = "udp 4", channels = { "ring", "perf" },
    expect = check_udp },
  { name = "udp: over IPv6", events = { "udp.*" }, run = "udp 6", needs = has_ipv6, expect = check_udp },
  { name = "udp, packet.drop: where nobody is", n = 20, script = NOBODY, run = "nobody @n@", expect = check_nobody },
  -- Older kernels answer only once a second over IPv6.
  { name = "packet.drop: over IPv6, where nobody is", n = 2, script = NOBODY, run = "nobody @n@ 6", needs = has_ipv6,
    expect = check_nobody },
  { name = "packet.drop: a reason by its name in where", n = 7, run = "nobody @n@",
    needs = function()
      local pipe = io.popen "grep -c '^ffff.*drop_reasons$\\|drop_reasons' /proc/kallsyms"
      local n = pipe:read "n"
      pipe:close()
      return n and n > 0, "this kernel tells no reasons"
    end,
    script = [[
      tl.on("packet.drop", { where = "reason == NO_SOCKET and protocol == IPPROTO_UDP", self = true }, row)
      tl.run()]],
    expect = function(result)
      expect.count(result.rows, { dport = result.truth.sender[5] }, result.n)
    end },
}
