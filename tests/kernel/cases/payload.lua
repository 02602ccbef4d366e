-- SPDX-License-Identifier: MIT
--- Payload: exactly the bytes that went over, of one buffer or many, and as many as were asked for.

local expect = require "expect"

local none = expect.none

local function payload(size, length)
  local bytes = {}
  for i = 0, length - 1 do bytes[#bytes + 1] = string.char((i * 7 + size) & 255) end
  return table.concat(bytes)
end

-- `options` of tl.on beside the events.
local function script(events, options)
  return ("tl.on({ %s }, %s, row) tl.run()"):format('"' .. table.concat(events, '", "') .. '"', options)
end

local function sized(wanted)
  return { name = "payload: of " .. wanted .. " bytes", run = "large @dir@ 6000",
           script = script({ "syscall.write", "syscall.pread64" }, ("{ payload = %d }"):format(wanted)),
           expect = function(result)
             for _, name in ipairs { "write", "pread64" } do
               local row = expect.one(result.rows, { event = "syscall." .. name, ret = 6000 })
               expect.fields(row, { buf = payload(6000, wanted), cut = { "buf" }, unread = none })
             end
           end }
end

local VECTORS = { "syscall.readv", "syscall.writev", "syscall.preadv", "syscall.pwritev2" }

-- The calls of `workload vectors` in turn, and what went over; no more than 64 buffers are looked at.
local TRANSFERRED = { { "writev", "onethree33" }, { "readv", "onethree33" }, { "preadv", "e33" }, { "pwritev2", "one" },
                      { "readv", "" }, { "writev", ("0123456789"):rep(10), 64 } }
local FAILED = { { "writev", "EBADF" }, { "readv", "EFAULT" } }

local function expect_vectors(result, most)
  local rows = result.rows
  for i, want in ipairs(TRANSFERRED) do
    local name, bytes, limit = table.unpack(want)
    local length = math.min(#bytes, most, limit or most)
    expect.fields(rows[i], { event = "syscall." .. name, iov = bytes:sub(1, length), ret = #bytes, error = none,
                             unread = none, cut = length < #bytes and { "iov" } or none }, "row " .. i)
  end
  for i, want in ipairs(FAILED) do
    expect.fields(rows[#TRANSFERRED + i], { event = "syscall." .. want[1], error = want[2], iov = none, unread = none })
  end
  expect.equal(#rows, #TRANSFERRED + #FAILED, "rows")
end

local function messages(result)
  local function rows(name) return expect.select(result.rows, { event = "syscall." .. name }) end
  for _, row in ipairs(rows "sendmsg") do
    expect.fields(row, { data = "hello world", ret = 11, iovlen = 2, cut = none, unread = none })
  end
  expect.equal(#rows "sendmsg", 4, "sendmsg")
  local received = rows "recvmsg"
  expect.fields(received[1], { data = "hello world", ret = 11, flags = 2 }, "peeked")
  expect.fields(received[2], { data = "hello world", ret = 11, iovlen = 3, cut = none })
  expect.fields(received[3], { data = "hell", ret = 4, msg_flags = 32 }, "too little room")
  expect.fields(received[4], { data = "hell", ret = 11, flags = 32, msg_flags = 32 }, "MSG_TRUNC")
  expect.fields(received[5], { data = none, error = "EAGAIN" }, "nothing there")
  expect.equal(#received, 5, "recvmsg")
  -- the result is the length of the message; the buffer has room for 4 bytes, and no more were written
  expect.fields(expect.one(result.rows, { event = "syscall.recvfrom" }), { buf = "hell", len = 4, ret = 11 },
                "MSG_TRUNC")
end

local function datagrams(result)
  local truth = result.truth
  local client, server = "127.0.0.1:" .. truth.client, "127.0.0.1:" .. truth.server
  local function one(name) return expect.one(result.rows, { event = "syscall." .. name }) end
  expect.fields(one "sendto", { buf = "datagram", dest_addr = server, daddr = "127.0.0.1", dport = truth.server,
                                file = "UDP " .. client, ret = 8, cut = none })
  expect.fields(one "recvfrom", { buf = "datagram", src_addr = client, dport = truth.client, file = "UDP " .. server,
                                  len = 16, ret = 8 })
  expect.fields(one "sendmsg", { data = "first", addr = server, dport = truth.server, ret = 5 })
  expect.fields(one "recvmsg", { data = "first", addr = client, dport = truth.client, ret = 5 })
  for _, name in ipairs { "sendmmsg", "recvmmsg" } do
    local row = one(name)
    expect.fields(row, { ret = 2, vlen = 2 })
    expect.equal(#row.msgvec, 2, "messages")
    expect.equal(row.msgvec[1].msg_len, 5, "first")
    expect.equal(row.msgvec[2].msg_len, 7, "second")
  end
end

-- Nothing was written to the buffers of calls that only ask how much there is.
local function asked(result)
  local values = expect.select(result.rows, { event = "syscall.getxattr" })
  local function is_empty(row, field, what)
    local value = row[field]
    expect.ok(value == nil or #value == 0, "%s: %s", what, expect.show(value))
  end
  is_empty(values[1], "value", "getxattr with no room")
  is_empty(expect.one(result.rows, { event = "syscall.listxattr" }), "list", "listxattr with no room")
  if not result.truth.none then
    expect.fields(values[1], { ret = 10, size = 0 })
    expect.fields(values[2], { ret = 10, size = 64, value = "0123456789" })
  end
  local groups = expect.count(result.rows, { event = "syscall.getgroups", ret = 2 }, 2)
  is_empty(groups[1], "list", "getgroups with no room")
  expect.equal(groups[2].list, { { gid = 21 }, { gid = 22 } }, "groups")
  local row = expect.one(result.rows, { event = "syscall.syslog" })
  expect.ok(not row.bufp or #row.bufp <= 5, "syslog: %d bytes of a buffer of 5", #(row.bufp or ""))
end

-- The room is 6 bytes, and X follow it; the kernel tells the length that there would have been.
local function little_room(result)
  expect.equal({ result.truth.namelen, result.truth.length }, { 19, 19 }, "truth")
  local received = expect.count(result.rows, { event = "syscall.recvmsg" }, 2)
  expect.fields(received[1], { addr = "unix:@tl-", cut = { "addr" }, late = none, unread = none, daddr = none })
  expect.fields(received[2], { error = "EAGAIN", addr = none, daddr = none, unread = none })
  expect.fields(expect.one(result.rows, { event = "syscall.recvfrom" }),
                { src_addr = "unix:@tl-", cut = { "src_addr" }, late = none, unread = none })
end

-- Accepts only while a call of it has not begun yet; then lets the client come.
local ACCEPTS = [[
  local closes = 0
  local accepts = tl.on("syscall.accept", { pid = @pid1@ }, row)
  local function sits() return io.open "/proc/@pid1@/syscall":read "a":find "^43 " end
  accepts:pause()
  tl.on("syscall.close", { pid = @pid1@ }, function(e)
    if e.fd ~= -1 then return end
    closes = closes + 1
    while not sits() do os.execute "sleep 0.01" end
    tl.after(0, function()
      if closes == 1 then assert(accepts:resume()) end
      local fifo = io.open("@dir@/come", "w") fifo:write "x" fifo:close()
    end)
  end)
  tl.after(0, function() os.execute "@workload@ gate @gates@ &" end)
  tl.every(0.02, function() if accepts.seen == 2 then tl.stop() end end)
  tl.run()]]

return {
  { name = "payload: vectors of buffers", events = VECTORS, channels = { "ring", "perf" }, run = "vectors @dir@",
    expect = function(result) expect_vectors(result, 256) end },
  { name = "payload: vectors of buffers, 4 bytes of each", run = "vectors @dir@",
    script = script(VECTORS, "{ payload = 4 }"),
    expect = function(result) expect_vectors(result, 4) end },
  { name = "payload: none", run = "vectors @dir@",
    script = script({ "syscall.*v", "syscall.write" }, "{ payload = 0 }"),
    expect = function(result)
      local rows = expect.select(result.rows, function(row) return row.ret == 10 or row.ret == 100 end)
      expect.equal(#rows, 3, "rows")
      for _, row in ipairs(rows) do
        expect.ok(row.iov == nil or row.iov == "", "%s: bytes: %s", row.event, expect.show(row.iov))
      end
    end },
  sized(1), sized(100), sized(4096),
  { name = "payload: more than can be had is refused", command = false,
    script = [[
      local ok, message = pcall(tl.on, "syscall.read", { payload = 4097 }, row)
      row { ok = ok and message ~= nil, message = tostring(message) }]],
    expect = function(result) expect.fields(result.rows[1], { ok = false }) end },
  { name = "payload: two subscriptions with sizes of their own", run = "large @dir@ 6000",
    script = [[
      local function length(name)
        return function(e) if e.ret == 6000 then row { [name] = true, n = #e.buf } end end
      end
      tl.on("syscall.write", { payload = 10 }, length "small")
      tl.on("syscall.write", { payload = 300 }, length "large")
      tl.run()]],
    expect = function(result)
      expect.ok(expect.one(result.rows, function(r) return r.small end).n >= 10, "small")
      expect.equal(expect.one(result.rows, function(r) return r.large end).n, 300, "large")
    end },
  { name = "payload: a write that took less than was offered", run = "short-write",
    script = script({ "syscall.write" }, "{ payload = 4096 }"),
    expect = function(result)
      local short = expect.one(result.rows, { count = 10000, ret = 4096 })
      expect.fields(short, { buf = ("s"):rep(4096), cut = none })
      expect.fields(expect.one(result.rows, { count = 10000, ret = -11 }), { buf = none, error = "EAGAIN" })
      local edge = expect.one(result.rows, { count = 200 })
      expect.ok(edge.ret < 0 and edge.buf == nil or edge.buf == ("e"):rep(edge.ret), "edge: %s", expect.show(edge))
    end },
  { name = "payload: messages, and never more than the buffer has", run = "messages",
    events = { "syscall.sendmsg", "syscall.recvmsg", "syscall.recvfrom" }, expect = messages },
  { name = "payload: datagrams and their addresses", run = "datagrams",
    events = { "syscall.send*", "syscall.recv*" }, expect = datagrams },
  { name = "payload: what fcntl passes, and only where it passes that", events = { "syscall.fcntl" },
    options = "-f", run = "locks @dir@",
    expect = function(result)
      local function one(wanted) return expect.one(result.rows, wanted) end
      local row = one { cmd = 6, ret = 0 }                                  -- F_SETLK
      expect.fields(row, { l_type = 1, l_whence = 0, l_start = 10, l_len = 20, l_pid = none, unread = none })
      expect.fields(one { cmd = 5 }, { l_type = 1, l_start = 10, l_len = 20, l_pid = result.truth.owner }) -- F_GETLK
      expect.fields(one { cmd = 3 }, { arg = row.arg, l_type = none, l_len = none, unread = none }) -- F_GETFL
      expect.fields(one { cmd = 6, arg = 0 }, { error = "EFAULT", l_type = none, unread = none })
    end },
  { name = "payload: addresses that are longer than the room for them", run = "little-room",
    events = { "syscall.recvmsg", "syscall.recvfrom" }, expect = little_room },
  { name = "payload: an address of a call that had begun before", background = { "accepting @dir@/come" },
    command = false, before = "mkfifo come", script = ACCEPTS,
    expect = function(result)
      -- Nobody saw how much room there is: what follows it is marked.
      expect.fields(result.rows[1], { late = { "addr" }, unread = { "duration" } }, "begun before")
      expect.fields(result.rows[2], { addr = "unix:@tl-", cut = { "addr" }, late = none, unread = none }, "seen")
    end },
  { name = "payload: calls that only ask how much there is", run = "asked @dir@",
    events = { "syscall.getxattr", "syscall.listxattr", "syscall.getgroups", "syscall.syslog" }, expect = asked },
}
