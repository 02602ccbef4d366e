-- SPDX-License-Identifier: MIT
--- System calls: arguments, results, payloads, and paths in awkward places of memory.

local expect = require "expect"

local none = expect.none
local BOTH = { "ring", "perf" }
local AWKWARD = "/no/such/file/in/an/awkward/place"
local SIZES = { 1, 7, 255, 256 }

local function payload(size, length)
  local bytes = {}
  for i = 0, length - 1 do bytes[#bytes + 1] = string.char((i * 7 + size) & 255) end
  return table.concat(bytes)
end

local function durations(rows, what)
  for _, row in ipairs(rows) do expect.time(row.duration, 1, 60000000000, what .. ": duration") end
end

-- What `workload opens` says it did, beside the rows of that call.
local function check_opens(result, call, expected)
  local rows = expect.count(result.rows, { event = "syscall." .. call }, #expected)
  for i, wanted in ipairs(expected) do
    local ret, name = table.unpack(result.truth.all[call][i])
    wanted.ret, wanted.error = ret, name ~= "none" and name or none
    expect.fields(rows[i], wanted, call)
  end
  durations(rows, call)
end

-- Nothing went over: no bytes may be shown.
local function empty(row, expected)
  expect.fields(row, expected)
  expect.ok(row.buf == nil or row.buf == "", "%s: bytes that never went over: %s", row.event, expect.show(row.buf))
end

local function expect_payload(result)
  local truth = result.truth
  for i, event in ipairs { "syscall.write", "syscall.read" } do
    local fd = i == 1 and truth.out or truth["in"]
    local rows = expect.select(result.rows, { event = event, fd = fd })
    if i == 1 then empty(table.remove(rows, 1), { ret = 0, count = 0, error = none }) end
    expect.equal(#rows, #SIZES + 1, event)
    for k, size in ipairs(SIZES) do
      expect.fields(rows[k], { buf = payload(size, size), ret = size, cut = none,
                               count = i == 1 and size or 8192, error = none }, event .. " of " .. size)
    end
    expect.fields(rows[#rows], { buf = payload(300, 256), ret = 300, cut = { "buf" } }, event .. " of 300")
    durations(rows, event)
  end
  local failed = { ret = -9, error = "EBADF", count = 5 }
  empty(expect.one(result.rows, { event = "syscall.write", fd = 987 }), failed)
  empty(expect.one(result.rows, { event = "syscall.read", fd = 988 }), failed)
end

-- A path which can be read at last must be right; the kernel itself has read it when the call returns.
local function expect_path(result)
  local row = expect.one(result.rows, { flags = 0 }) -- not that of a temporary file
  expect.fields(row, { pathname = AWKWARD, ret = result.truth.ret, error = "ENOENT", unread = none, cut = none })
end

local function path_case(name, command)
  return { name = "path: " .. name, events = { "syscall.openat" }, run = command, channels = { "ring" },
           expect = expect_path }
end

return {
  { name = "open, openat, openat2: fields, ret, error, duration", channels = BOTH,
    before = "mkdir empty",
    events = { "syscall.open", "syscall.openat", "syscall.openat2" }, run = "opens @dir@/empty",
    expect = function(result)
      local folder = result.truth.folder
      result.rows = expect.select(result.rows, function(row) return not row.pathname:find "/empty$" end)
      check_opens(result, "open", { { pathname = "one", flags = 577, mode = 416 },
                                    { pathname = "one/two", flags = 0 } })
      check_opens(result, "openat", { { dirfd = folder, pathname = "two", flags = 194, mode = 388 },
                                      { dirfd = folder, pathname = "two", flags = 194, mode = 388 } })
      check_opens(result, "openat2", {
        { dirfd = folder, pathname = "three", flags = 66, mode = 384, resolve = 8, size = 24 },
        { dirfd = folder, pathname = "../three", flags = 66, mode = 384, resolve = 8, size = 24 } })
      expect.equal(#result.rows, 6, "rows of all three")
    end },
  { name = "openat: every one of many, by fields every event has", n = 2000, channels = BOTH,
    events = { "syscall.openat" }, run = "open @n@ /no/such/file",
    expect = function(result)
      local rows = expect.count(result.rows, { event = "syscall.openat", pathname = "/no/such/file" }, result.n)
      local first, last = rows[1], 0
      for _, row in ipairs(rows) do
        expect.fields(row, { pid = first.pid, tid = first.pid, ppid = first.ppid, uid = 0, gid = 0, comm = "workload",
                             dirfd = -100, flags = 524288, ret = -2, error = "ENOENT" })
        expect.ok(row.time > last, "time does not go on")
        expect.ok(row.cpu >= 0 and row.cgroup >= 0, "cpu or cgroup")
        last = row.time
      end
    end },
  { name = "close: fd and error", n = 50, events = { "syscall.close" }, run = "closes @n@",
    expect = function(result)
      local rows = expect.count(result.rows, { fd = 900 }, result.n)
      expect.fields(rows[1], { ret = 0, error = none })
      expect.count(rows, { ret = -9, error = "EBADF" }, result.n - 1)
      durations(rows, "close")
    end },
  { name = "read, write: payload is exactly the bytes that went over", channels = BOTH,
    events = { "syscall.read", "syscall.write" }, run = "payload 0 " .. table.concat(SIZES, " ") .. " 300",
    expect = expect_payload },
  { name = "read: bytes of a flood", n = 1000, events = { "syscall.read" }, run = "zeros @n@",
    expect = function(result)
      expect.count(result.rows, { fd = result.truth.fd, ret = 1, buf = "\0", count = 1 }, result.n)
    end },
  { name = "connect, accept4: address, port, descriptors",
    events = { "syscall.connect", "syscall.accept4" }, options = "-f", run = "inherit",
    expect = function(result)
      local _, saddr, sport, daddr, dport = table.unpack(result.truth.client)
      expect.fields(expect.one(result.rows, { event = "syscall.connect" }),
                    { daddr = daddr, dport = dport, addrlen = 16, ret = 0, error = none, pid = result.truth.client[1] })
      local row = expect.one(result.rows, { event = "syscall.accept4" })
      expect.fields(row, { pid = result.truth.server[1], error = none, flags = 0 })
      expect.ok(row.ret > 2, "accept4: ret is %s", row.ret)
      expect.ok(saddr == "127.0.0.1" and sport > 0, "truth")
    end },
  { name = "connect: refused", events = { "syscall.connect" }, run = "connect refused6",
    expect = function(result)
      local daddr, dport = table.unpack(result.truth.remote)
      expect.fields(expect.one(result.rows, { event = "syscall.connect" }),
                    { daddr = daddr, dport = dport, addrlen = 28, ret = -111, error = "ECONNREFUSED" })
    end, needs = function()
      local file = io.open "/proc/net/if_inet6"
      return file and file:read(1) and file:close(), "no IPv6 here"
    end },
  path_case("on a page that is not there yet", "cold"),
  path_case("that goes on on a page that is not there yet", "half-cold"),
  path_case("that ends with its page", "edge"),
  { name = "path: the longest there is", events = { "syscall.openat" }, run = "long-path",
    expect = function(result)
      local row = expect.one(result.rows, { event = "syscall.openat" })
      expect.equal(#row.pathname, 4095, "length")
      expect.equal(row.pathname, "/" .. ("./"):rep(2043) .. "dev/null", "path")
      expect.fields(row, { ret = result.truth.ret, cut = none })
    end },
  { name = "path: no memory there", events = { "syscall.openat" }, run = "bad-path",
    expect = function(result)
      expect.fields(expect.one(result.rows, { event = "syscall.openat" }),
                    { pathname = none, error = "EFAULT", ret = -14, unread = { "pathname" } })
    end },
}
