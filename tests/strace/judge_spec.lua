-- SPDX-License-Identifier: MIT
local home = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$" or "."
package.path = home .. "/?.lua;" .. package.path

local parse = require "parse"

local STRACE = '1000000000.000000000 openat(-100 /* AT_FDCWD */</root>, "x\\"", 0x80000 /* O_RDONLY|O_CLOEXEC */) '
  .. "= 3</root/x\\\"> <0.000100000>"

local function description()
  local fields = {
    { name = "dirfd", type = "s32", meaning = "dirfd", arg = "dirfd" },
    { name = "dirfd_file", type = "file", meaning = "", arg = "dirfd" },
    { name = "dirfd_inode", type = "u64", meaning = "inode", arg = "dirfd" },
    { name = "pathname", type = "str", meaning = "path", arg = "pathname" },
    { name = "flags", type = "u32", meaning = "flags:open", arg = "flags" },
    { name = "ret", type = "s64", meaning = "fd", arg = "ret" },
    { name = "file", type = "file", meaning = "", arg = "ret" },
    by_name = {},
  }
  for _, field in ipairs(fields) do fields.by_name[field.name] = field end
  return fields
end

local function event(changes)
  local row = { event = "syscall.openat", call = "openat", tid = 1, number = 1, wall = 1000000000000090000,
                duration = 50000, dirfd = -100, dirfd_file = "/root", dirfd_inode = 5, pathname = 'x"', flags = 0x80000,
                ret = 3, file = '/root/x"', text = { flags = "O_RDONLY|O_CLOEXEC", dirfd = "AT_FDCWD" } }
  for key, value in pairs(changes or {}) do row[key] = value ~= parse and value or nil end
  return row
end

describe("tests/strace/call", function()
  local call = require "call"

  local function differences(changes, line)
    local list = {}
    for i, one in ipairs(call.compare({ call = parse.line(line or STRACE), event = event(changes) }, description())) do
      list[i] = one.arg .. ": " .. one.what
    end
    return list
  end

  it("finds nothing where there is nothing", function() assert.same({}, differences()) end)

  it("finds each value that is another", function()
    assert.same({ "dirfd: is another number" }, differences { dirfd = 4 })
    assert.same({ "dirfd_file: strace says /root" }, differences { dirfd_file = "/tmp" })
    assert.same({ "pathname: has other bytes" }, differences { pathname = "y" })
    assert.same({ "pathname: has fewer bytes" }, differences { pathname = "x" })
    assert.same({}, differences { pathname = "x", cut = { "pathname" } })
    assert.same({ "pathname: is absent" }, differences { pathname = parse })
    assert.same({ "pathname: could not be read" }, differences { pathname = parse, unread = { "pathname" } })
    assert.same({ "flags: is another number" }, differences { flags = 0 })
    assert.same({ "flags: has no name O_CLOEXEC" }, differences { text = { flags = "O_RDONLY", dirfd = "AT_FDCWD" } })
    assert.same({ "ret: is another number" }, differences { ret = 4 })
    assert.same({ "error: is another error" }, differences { error = "EPERM" })
    assert.same({ 'file: strace says /root/x"' }, differences { file = "/root/x" })
  end)

  it("finds what strace has more", function()
    assert.same({ "argument 4: is missing" }, differences(nil, (STRACE:gsub("%) =", ", 0644) ="))))
  end)

  it("knows that a failed call returns no descriptor", function()
    local line = STRACE:gsub("= 3<.*", "= -1 ENOENT (No such file) <0.000100000>")
    assert.same({}, differences({ ret = -2, error = "ENOENT", file = parse }, line))
    assert.same({ "error: is another error" }, differences({ ret = -2, error = "EPERM", file = parse }, line))
  end)
end)

describe("tests/strace/values", function()
  local values = require "values"

  local function compare(field, value, text, see)
    return values.compare(field, value, parse.value(text), see or {})
  end

  it("compares times, sets of signals, states of children, devices", function()
    local time = { type = "s64", meaning = "timespec" }
    assert.is_nil(compare(time, 1000000005, "{tv_sec=1, tv_nsec=5}"))
    assert.is_nil(compare(time, 1000005000, "{tv_sec=1, tv_usec=5}"))
    assert.truthy(compare(time, 1000000006, "{tv_sec=1, tv_nsec=5}"))
    local set = { type = "u64", meaning = "sigset" }
    assert.is_nil(compare(set, 1 << 8 | 1 << 18, "[9 /* KILL */ 19 /* STOP */]"))
    assert.is_nil(compare(set, ~(1 << 8), "~[9 /* KILL */]"))
    assert.truthy(compare(set, 1 << 8, "~[9 /* KILL */]"))
    local status = { type = "s32", meaning = "wait_status" }
    local exited = { text = "WIFEXITED(s) && WEXITSTATUS(s) == 3" }
    assert.is_nil(compare(status, 0x300, "[{WIFEXITED(s) && WEXITSTATUS(s) == 3}]", exited))
    assert.truthy(compare(status, 0x300, "[{WIFEXITED(s) && WEXITSTATUS(s) == 4}]", exited))
    assert.is_nil(compare(status, 0x8b, "[{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}]",
                          { text = "WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)" }))
    local device = { type = "u32", meaning = "dev" }
    assert.is_nil(compare(device, 254 << 20, "0xfe00 /* makedev(0xfe, 0) */"))
    assert.truthy(compare(device, 253 << 20, "0xfe00 /* makedev(0xfe, 0) */"))
  end)

  it("compares addresses", function()
    local field = { type = "sockaddr", meaning = "" }
    local inet = [[{sa_family=0x2 /* AF_INET */, sin_port="\xb9\x91" /* htons(47505) */, ]]
      .. [[sin_addr="\x7f\x00\x00\x01" /* inet_addr("127.0.0.1") */}]]
    assert.is_nil(compare(field, "127.0.0.1:47505", inet))
    assert.truthy(compare(field, "127.0.0.1:47506", inet))
    assert.is_nil(compare(field, "unix:@a b", '{sa_family=0x1 /* AF_UNIX */, sun_path=@"a b"}'))
    assert.truthy(compare(field, "unix:a b", '{sa_family=0x1 /* AF_UNIX */, sun_path=@"a b"}'))
  end)

  it("compares bytes as far as both show them", function()
    local field = { type = "bytes", meaning = "" }
    assert.is_nil(compare(field, "abc", '"abc"'))
    assert.is_nil(compare(field, "abcd", '"abc"...'))
    assert.truthy(compare(field, "abcd", '"abc"'))
    assert.truthy(compare(field, "ab", '"abc"'))
    assert.is_nil(compare(field, "ab", '"abc"', { cut = true }))
    assert.truthy(compare(field, "axcd", '"abc"...'))
    assert.is_nil(compare(field, "abcd", '[{iov_base="ab", iov_len=2}, {iov_base="cd", iov_len=2}]'))
    assert.truthy(compare(field, "abce", '[{iov_base="ab", iov_len=2}, {iov_base="cd", iov_len=2}]'))
  end)

  it("compares lists and arrays element by element", function()
    local list = { type = "list", meaning = "" }
    assert.is_nil(compare(list, { "a", "b" }, '["a", "b"]'))
    assert.truthy(compare(list, { "a" }, '["a", "b"]'))
    assert.truthy(compare(list, { "a", "b", "c" }, '["a", "b"]'))
    assert.truthy(compare(list, { "a", "c" }, '["a", "b"]'))
    local array = { type = "array", meaning = "array:pollfd",
                    members = { { name = "fd", type = "s32", meaning = "fd" },
                                { name = "events", type = "u16", meaning = "flags:poll" } } }
    local see = { text = "[{fd=3, events=POLLIN}]" }
    assert.is_nil(compare(array, { { fd = 3, events = 1 } }, "[{fd=3</a>, events=0x1 /* POLLIN */}]", see))
    assert.truthy(compare(array, { { fd = 4, events = 1 } }, "[{fd=3</a>, events=0x1 /* POLLIN */}]", see))
    assert.truthy(compare(array, { { fd = 3, events = 1 } }, "[{fd=3</a>, events=0x1 /* POLLPRI */}]", see))
    assert.truthy(compare(array, { { fd = 3 } }, "[{fd=3</a>, events=0x1 /* POLLIN */}]", see))
    assert.truthy(compare(array, {}, "[{fd=3</a>, events=0x1 /* POLLIN */}]", see))
  end)
end)

describe("tests/strace/align", function()
  local align = require "align"

  local function call(name, ms) return { name = name, time = ms * 1000000, took = 500000 } end
  local function row(name, ms) return { call = name, wall = ms * 1000000 + 300000, duration = 100000 } end

  local function names(list)
    local shown = {}
    for i, pair in ipairs(list) do
      shown[i] = (pair.call and pair.call.name or "-") .. (pair.event and pair.event.call or "-")
    end
    return table.concat(shown, " ")
  end

  it("pairs by order, and by time where names differ", function()
    assert.same("aa bb", names(align.thread({ call("a", 1), call("b", 2) }, { row("a", 1), row("b", 2) })))
    assert.same("aa b- cc",
                names(align.thread({ call("a", 1), call("b", 2), call("c", 3) }, { row("a", 1), row("c", 3) })))
    assert.same("aa -b cc",
                names(align.thread({ call("a", 1), call("c", 3) }, { row("a", 1), row("b", 2), row("c", 3) })))
    assert.same("a- bb", names(align.thread({ call("a", 1), call("b", 2) }, { row("b", 2) })))
    assert.same("-a", names(align.thread({}, { row("a", 1) })))
    assert.same("a-", names(align.thread({ call("a", 1) }, {})))
  end)

  it("takes the call in which a thread was killed for the last event, whatever the clocks say", function()
    local killed = { name = "b", time = 9000000 }
    assert.same("aa bb", names(align.thread({ call("a", 1), killed }, { row("a", 1), row("b", 2) })))
    assert.same("aa -b -c b-", names(align.thread({ call("a", 1), killed }, { row("a", 1), row("b", 2), row("c", 3) })))
  end)

  it("sees calls of the same name that one side has more", function()
    assert.same("a- aa", names(align.thread({ call("a", 1), call("a", 5) }, { row("a", 5) })))
  end)

  it("finds times that cannot be", function()
    local function wrong(one, other, took)
      local first = call("a", 10)
      first.took = took or first.took
      local list = align.thread({ first, call("b", 12) }, { one, other })
      align.check_times(list)
      return list[1].time_error
    end
    assert.is_nil(wrong(row("a", 10), row("b", 12)))
    assert.truthy(wrong({ call = "a", wall = 10300000, duration = 900000 }, row("b", 12)))
    assert.truthy(wrong({ call = "a", wall = 13000000, duration = 2900000 }, row("b", 12), 2950000))
  end)
end)

describe("tests/strace/judge", function()
  local judge = require "judge"

  it("counts what is known, and returns the rest", function()
    local known = { { "read", "buf", why = "", what = "has .*" },
                    { "open.*", why = "", test = function(difference) return difference.ok end } }
    local rest = judge.sort({ { call = "read", arg = "buf", what = "has other bytes" },
                              { call = "read", arg = "fd", what = "has other bytes" },
                              { call = "openat", arg = "x", what = "y", ok = true },
                              { call = "openat", arg = "x", what = "y" } }, known)
    assert.same({ 1, 1, 2, "fd" }, { known[1].seen, known[2].seen, #rest, rest[1].arg })
  end)
end)
