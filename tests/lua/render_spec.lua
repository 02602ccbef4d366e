-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.render", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.render") end)

  local describe = fake.load("traceleft").describe
  local M = require "traceleft.render"
  local TIME = os.date("%H:%M:%S", 3) .. ".000456 "

  local function line(event)
    event.time, event.pid, event.comm = 3000456789, 42, event.comm or "cat"
    return M.line(event, describe(event.event))
  end

  it("shows a system call as strace does", function()
    assert.equal(TIME .. 'cat[42] openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3 12µs',
      line { event = "syscall.openat", dirfd = -100, pathname = "/etc/passwd", flags = 524288, ret = 3,
             duration = 12300 })
    assert.equal(TIME .. 'cat[42] openat(5, "/no"…, O_RDONLY) = -1 ENOENT (No such file or directory)',
      line { event = "syscall.openat", dirfd = 5, pathname = "/no", flags = 0, ret = -2, error = "ENOENT",
             cut = { "pathname" } })
    assert.equal(TIME .. 'cat[42] read(0, "a\\n", 18446744073709551615) = 2',
      line { event = "syscall.read", fd = 0, buf = "a\n", count = -1, ret = 2 })
    assert.equal(TIME .. "cat[42] openat(AT_FDCWD, ?, O_RDONLY) = -1 EFAULT (Bad address)",
      line { event = "syscall.openat", dirfd = -100, flags = 0, ret = -14, error = "EFAULT", unread = { "pathname" } })
    assert.equal(TIME .. "cat[42] openat(AT_FDCWD, NULL, O_RDONLY) = -1 EFAULT (Bad address)",
      line { event = "syscall.openat", dirfd = -100, flags = 0, ret = -14, error = "EFAULT" })
  end)

  it("names the thread where it is not the process's first", function()
    assert.equal(TIME .. "cat[42/43] process.exit", line { event = "process.exit", tid = 43 })
    assert.equal(TIME .. "cat[42] process.exit", line { event = "process.exit", tid = 42 })
    assert.equal("?[?] process.exit", M.line({ event = "process.exit" }, describe "process.exit"))
  end)

  it("shows as much as it is told", function()
    local event = { event = "syscall.read", pid = 1, comm = "x", fd = 0, buf = "abcdef", count = 6, ret = 6 }
    assert.equal('x[1] read(0, "abcd"…, 6) = 6', M.lines(4)(event, describe "syscall.read"))
    assert.equal('x[1] read(0, "abcdef", 6) = 6', M.line(event, describe "syscall.read"))
  end)

  it("knows the fields that the line of an event needs", function()
    assert.same({ "event", "time", "pid", "tid", "comm", "fd", "file", "ret", "error", "duration" },
                M.fields(describe "syscall.fstat"))
    assert.same({ "event", "time", "pid", "tid", "comm", "status", "signal", "lifetime" },
                M.fields(describe "process.exit"))
  end)

  it("shows who a connection joins", function()
    local function tcp(name, more)
      more.event, more.comm = "tcp." .. name, "curl"
      more.saddr, more.sport, more.family, more.netns = "10.0.0.1", 5000, 2, 7
      return line(more)
    end
    assert.equal(TIME .. "curl[42] tcp.connect 10.0.0.1:5000 -> 10.0.0.2:443 established duration=1.20 ms",
      tcp("connect", { daddr = "10.0.0.2", dport = 443, outcome = 1, duration = 1200000 }))
    assert.equal(TIME .. "curl[42] tcp.connect 10.0.0.1:5000 -> [::1]:1 refused ECONNREFUSED",
      tcp("connect", { daddr = "::1", dport = 1, outcome = 2, error = "ECONNREFUSED" }))
    assert.equal(TIME .. "curl[42] tcp.accept 10.0.0.1:5000 <- 10.0.0.2:4 fd=6",
      tcp("accept", { daddr = "10.0.0.2", dport = 4, fd = 6 }))
    assert.equal(TIME .. "curl[42] tcp.listen 10.0.0.1:5000 backlog=128", tcp("listen", { backlog = 128 }))
  end)

  it("shows any other event by its fields", function()
    assert.equal(TIME .. 'sh[42] process.exec filename="/bin/ls" path=? argv=["ls", "-l"]',
      line { event = "process.exec", comm = "sh", filename = "/bin/ls", argv = { "ls", "-l" }, unread = { "path" } })
    assert.equal(TIME .. "a\\x1b[42] process.exit signal=SIGKILL",
      line { event = "process.exit", comm = "a\27", signal = 9 })
  end)
end)
