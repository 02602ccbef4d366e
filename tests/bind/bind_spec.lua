-- SPDX-License-Identifier: MIT
-- The C module against the real core, without privileges: a replay session and records made by hand.

local core    = require "traceleft.core"
local fixture = require "tests.bind.fixture"

describe("traceleft.core", function()
  local session, numbers

  before_each(function() session, numbers = fixture.open() end)
  after_each(function() session:close() end)

  local function record(name, values, head) return fixture.record(numbers, name, values, head) end

  it("delivers every type of value", function()
    local got
    assert(session:subscribe { events = { "test.*" }, fn = function(e) got = e end })
    assert(session:feed(record("test.values", {
      small = 200, port = 443, flags = 66, big = -1, delta = -5, ret = -2, yes = 1, error = -2, path = "/etc/x",
      data = { "a\0b", cut = true }, argv = "ls\0-l\0\0", cwd = "b\0a\0", saddr = "\127\0\0\1",
    }, { unread = 1 << 10 })))
    assert.same({
      event = "test.values", time = math.maxinteger, pid = 42, tid = 43, ppid = 1, uid = 1000, gid = 1000,
      comm = "cat", cpu = 3, cgroup = 7, port = 443, flags = 66, big = -1, delta = -5, ret = -2, yes = true,
      error = "ENOENT", path = "/etc/x", data = "a\0b", argv = { "ls", "-l", "" }, cwd = "/a/b",
      saddr = "127.0.0.1", unread = { "small" }, cut = { "data" },
    }, got)
  end)

  -- struct tl_file_socket: inode, two addresses, family type protocol ports of_peer, local remote
  local function unix_socket(name)
    return string.pack("<I8c20c20I2I2I2I2I2I2I4I4xxxx", 5, "", "", 1, 1, 0, 0, 0, 0, 0, 0) .. name
  end

  it("delivers files and addresses as text, each with its own", function()
    local tables, args = {}, {}
    assert(session:subscribe { events = { "test.files" }, fn = function(e) tables[#tables + 1] = e end })
    assert(session:subscribe { events = { "test.files" }, args = { "file", "addr", "name" },
                               fn = function(...) args[#args + 1] = table.concat({ ... }, " ") end })
    local PATH, PIPE, SOCKET = 1, 4, 6
    for _, file in ipairs { { "x\0tmp\0", kind = PATH, deleted = true }, { string.pack("<I8", 123), kind = PIPE },
                            { unix_socket "\0name", kind = SOCKET } } do
      assert(session:feed(record("test.files", { file = file, addr = "\2\0\0\80\127\0\0\1", name = "n" })))
    end
    assert.same({ "/tmp/x (deleted)", "pipe:[123]", "UNIX @name" },
                { tables[1].file, tables[2].file, tables[3].file })
    assert.equal("127.0.0.1:80", tables[1].addr)
    assert.same({ "/tmp/x (deleted) 127.0.0.1:80 n", "pipe:[123] 127.0.0.1:80 n", "UNIX @name 127.0.0.1:80 n" }, args)
  end)

  it("delivers an array as a list of tables", function()
    local got = {}
    assert(session:subscribe { events = { "test.files" }, fields = { "fds" },
                               fn = function(e) got[#got + 1] = e end })
    local two = string.pack("<i4I2xi1", -1, 0x8001, -7) .. string.pack("<i4I2xi1", 5, 4, 1)
    assert(session:feed(record("test.files", { fds = two })))
    assert(session:feed(record("test.files", { fds = { two .. "\0\0\0", cut = true } })))
    assert(session:feed(record("test.files", { fds = "" })))
    local elements = { { fd = -1, events = 0x8001, rest = -7 }, { fd = 5, events = 4, rest = 1 } }
    assert.same({ { fds = elements }, { fds = elements, cut = { "fds" } }, { fds = {} } }, got)
  end)

  it("tells what was rewritten, read late, cut or not read; what is absent is nil", function()
    local got
    assert(session:subscribe { events = { "test.files" }, fields = { "file", "addr", "fds", "name" },
                               fn = function(e) got = e end })
    local values = { file = { "[eventfd]", kind = 3, late = true }, name = { "n", changed = true } }
    assert(session:feed(record("test.files", values, { unread = 1 << 11, absent = 1 << 12 })))
    assert.same({ file = "anon_inode:[eventfd]", name = "n", late = { "file" }, changed = { "name" },
                  unread = { "addr" } }, got)
    -- a file of a kind that there is not, and less than an address: nothing is made up
    assert(session:feed(record("test.files", { file = { "x", kind = 99 }, addr = "\2", name = "" })))
    assert.same({ fds = {}, name = "", unread = { "file", "addr" } }, got)
  end)

  it("keeps values apart that change from record to record", function()
    local seen = {}
    assert(session:subscribe { events = { "test.values" }, args = { "comm", "saddr", "error" },
                               fn = function(...) seen[#seen + 1] = table.concat({ ... }, " ") end })
    local v6 = ("\0"):rep(15) .. "\1"
    for _, case in ipairs { { "a", "\1\2\3\4", -2 }, { "b", v6, -13 }, { "b", v6, -13 }, { "a", "\1\2\3\4", -2 } } do
      assert(session:feed(record("test.values", { saddr = case[2], error = case[3] }, { comm = case[1] })))
    end
    assert.same({ "a 1.2.3.4 ENOENT", "b ::1 EACCES", "b ::1 EACCES", "a 1.2.3.4 ENOENT" }, seen)
  end)

  it("takes records one behind the other in a string", function()
    local seen = {}
    assert(session:subscribe { events = { "test.other" }, args = { "extra" },
                               fn = function(n) seen[#seen + 1] = n end })
    local function other(n) return record("test.other", { extra = n }) end
    assert.equal(3, session:feed(other(1) .. other(2) .. other(3)))
    assert.equal(3, session:feed { other(4) .. other(5), other(6) })
    assert.equal("EBADMSG", select(3, session:feed(other(7) .. other(8):sub(1, -2))))
    assert.equal("EINVAL", select(3, session:feed { other(9), 10 }))
    assert.equal("EBADMSG", select(3, session:feed ""))
    assert.equal(0, session:feed {})
    assert.same({ 1, 2, 3, 4, 5, 6, 7, 9 }, seen)
  end)

  it("survives a collector that never rests, and callbacks that take away what they were fed", function()
    local batch, seen, names = {}, {}, {}
    for _, list in ipairs { { "comm", "error", "extra" }, { "comm", "path", "event" } } do
      assert(session:subscribe { events = { "test.*" }, args = list, fn = function(comm, other)
        for i = 1, #batch do batch[i] = false end
        collectgarbage()
        seen[#seen + 1] = comm .. (other or "")
      end })
    end
    assert(session:subscribe { events = { "test.*" }, fields = { "comm", "argv" }, fn = function(e)
      collectgarbage()
      names[#names + 1] = e.comm .. #(e.argv or "")
    end })
    collectgarbage("setpause", 0)
    for i = 1, 12 do
      batch[1] = record("test.values", { error = -i, path = "/" .. i, argv = "a\0b\0" }, { comm = "c" .. i // 3 }) ..
        record("test.other", {}, { comm = "d" .. i })
      assert(session:feed(batch))
    end
    collectgarbage("setpause", 200)
    assert.equal(48, #seen)
    assert.same({ "c0EPERM", "c0/1", "d1", "d1", "c0ENOENT", "c0/2", "d2", "d2", "c1ESRCH", "c1/3" },
                table.move(seen, 1, 10, 1, {}))
    assert.same({ "c02", "d10", "c02", "d20", "c12" }, table.move(names, 1, 5, 1, {}))
  end)

  it("has room for subscriptions that come and go during one feed", function()
    local count, fn, sub = 0, nil, nil
    local function again()
      if sub then sub:stop() end
      sub = assert(session:subscribe { events = { "test.other" }, args = { "comm", "pid", "tid", "uid", "gid", "ret" },
                                       fn = fn })
    end
    fn = function(comm, pid)
      assert(comm == "cat" and pid == 42)
      count = count + 1
      again()
    end
    again()
    assert.equal(2000, session:feed(record("test.other", {}):rep(2000)))
    assert.is_true(count >= 2000)
    assert.equal(1, session:feed(record("test.other", {})))
  end)

  it("goes on after errors in one feed", function()
    local errors, count = 0, 0
    session:on_error(function() errors = errors + 1 end)
    assert(session:subscribe { events = { "test.other" }, args = { "comm" }, fn = function(comm)
      count = count + 1
      if count % 2 == 0 then error(comm) end
    end })
    assert.equal(3000, session:feed(record("test.other", {}):rep(3000)))
    assert.same({ 3000, 1500 }, { count, errors })
  end)

  it("gives the fields asked for, and nil for what an event does not have", function()
    local tables, args = {}, {}
    assert(session:subscribe { events = { "test.*" }, fields = { "comm", "extra" },
                               fn = function(e) tables[#tables + 1] = e end })
    assert(session:subscribe { events = { "test.*" }, args = { "event", "extra", "comm" },
                               fn = function(...) args[#args + 1] = table.pack(...) end })
    assert.equal(2, session:feed { record("test.values", {}), record("test.other", { extra = 9 }) })
    assert.same({ { comm = "cat" }, { comm = "cat", extra = 9 } }, tables)
    assert.same({ { "test.values", nil, "cat", n = 3 }, { "test.other", 9, "cat", n = 3 } }, args)
  end)

  it("lets a callback stop, subscribe and interrupt, but not poll or close", function()
    local sub, second, answers = nil, 0, {}
    sub = assert(session:subscribe { events = { "test.other" }, fn = function()
      sub:stop()
      assert(session:subscribe { events = { "test.other" }, fn = function() second = second + 1 end })
      answers.close = select(3, session:close())
      answers.feed = pcall(session.feed, session, "")
    end })
    assert(session:feed(record("test.other", {})))
    assert(session:feed(record("test.other", {})))
    assert.same({ close = "EBUSY", feed = false }, answers)
    assert.equal(1, sub.seen)
    assert.is_true(second >= 1) -- the first record is for every bit of the mask, so the new one may get it too
    sub:stop()
  end)

  it("hands errors to on_error with a traceback, and calls the others all the same", function()
    local errors, others = {}, 0
    session:on_error(function(message) errors[#errors + 1] = message end)
    assert(session:subscribe { events = { "test.other" }, fn = function() error "boom" end })
    assert(session:subscribe { events = { "test.other" }, args = { "pid" }, fn = function() error { exit = 3 } end })
    assert(session:subscribe { events = { "test.other" }, fn = function() others = others + 1 end })
    assert(session:feed(record("test.other", {})))
    assert.matches("bind_spec.lua:%d+: boom\nstack traceback:", errors[1])
    assert.same({ exit = 3 }, errors[2])
    assert.equal(1, others)
  end)

  it("raises an error at the end of the poll when nobody takes it", function()
    assert(session:subscribe { events = { "test.other" }, fn = function() error "boom" end })
    assert.error_matches(function() session:feed(record("test.other", {})) end, "boom")
    session:on_error(function() end)
    assert(session:feed(record("test.other", {})))
  end)

  it("refuses a damaged record", function()
    local _, message, name = session:feed(record("test.other", {}):sub(1, -2))
    assert.equal("EBADMSG", name)
    assert.is_string(message)
  end)

  it("keeps a subscription that nobody holds, and lets go of a closed session", function()
    local count = 0
    session:subscribe { events = { "test.other" }, fn = function() count = count + 1 end }
    collectgarbage() collectgarbage()
    assert(session:feed(record("test.other", {})))
    assert.equal(1, count)
    local weak = setmetatable({ session }, { __mode = "v" })
    session:close()
    session = fixture.open()
    collectgarbage() collectgarbage() collectgarbage()
    assert.is_nil(weak[1])
  end)

  it("is closed once, and says so", function()
    local sub = assert(session:subscribe { events = { "test.other" }, fn = print })
    assert(session:close())
    assert(session:close())
    assert.error_matches(function() session:events() end, "closed")
    assert.equal(0, sub.seen)
    sub:pause()
    assert.equal("ENOENT", select(3, sub:resume()))
    sub:stop()
  end)

  it("raises at wrong arguments, naming them", function()
    local fn = function() end
    local cases = {
      { { events = { "test.other" } }, "fn: function expected" },
      { { events = {}, fn = fn }, "events: list of names" },
      { { events = { 1 }, fn = fn }, "events%[1%]: string expected" },
      { { events = { "test.other" }, fn = fn, pids = { 0 } }, "pids%[1%]: '0' is no process id" },
      { { events = { "test.other" }, fn = fn, piids = {} }, "no option 'piids'" },
      { { events = { "test.other" }, fn = fn, payload = -1 }, "payload: number of bytes expected" },
      { { events = { "test.other" }, fn = fn, payload = "16" }, "payload: number of bytes expected" },
      { { events = { "test.other" }, fn = fn, args = { "pid" }, fields = { "pid" } }, "give one of them" },
    }
    for _, case in ipairs(cases) do
      assert.error_matches(function() session:subscribe(case[1]) end, case[2])
    end
    assert.error_matches(function() core.open { ring = "16X" } end, "ring: '16X' is no size")
    assert.error_matches(function() core.open { channel = "tube" } end, "channel:")
    assert.error_matches(function() core.open { loading = true } end, "loading: function expected, got boolean")
  end)

  it("takes classes, and payloads up to what a field holds", function()
    assert(session:subscribe { events = { "desc" }, fields = { "extra" }, fn = print, payload = 0 })
    assert(session:subscribe { events = { "%test" }, fields = { "extra" }, fn = print, payload = 4096 })
    -- "file" is in no class: only an event of the class has the field
    assert.equal("ENOENT", select(3, session:subscribe { events = { "%test" }, fields = { "file" }, fn = print }))
    assert.equal("ENOENT", select(3, session:subscribe { events = { "%tes" }, fn = print }))
    local _, message, name = session:subscribe { events = { "desc" }, fn = print, payload = 4097 }
    assert.equal("EINVAL", name)
    assert.equal("payload: 4097 bytes; 4096 are the most that a field holds", message)
  end)

  it("answers an unknown event or field with nil, a message and ENOENT", function()
    assert.equal("ENOENT", select(3, session:subscribe { events = { "test.othr" }, fn = print }))
    assert.equal("ENOENT", select(3, session:subscribe { events = { "test.other" }, fields = { "x" }, fn = print }))
    assert.equal("ENOENT", select(3, session:describe "nosuch"))
    assert.equal("test.other", session:nearest "test.othr")
  end)

  it("describes events", function()
    local event = assert(session:describe "test.other")
    assert.equal("Doc of test.other.", event.doc)
    assert.equal("desc test", event.class)
    assert.same({ name = "ret", type = "s64", meaning = "", doc = "doc of ret", arg = "ret" }, event.fields[11])
    assert.equal("", event.fields[1].arg)
    local fds = assert(session:describe "test.files").fields[13]
    assert.equal("array:pair", fds.meaning)
    assert.same({ name = "events", type = "u16", meaning = "flags:poll", doc = "", arg = "" }, fds.members[2])
    assert.equal(3, #fds.members)
  end)
end)

describe("core.split", function()
  it("splits as a shell does", function()
    assert.same({ "a b", "c", "d\"e", "", "f$g", "\\x" }, core.split [['a b' c "d\"e" '' "f\$g" "\x"]])
    assert.same({ "ab", "cd" }, core.split "a'b'\tc\\d\n")
    assert.same({}, core.split "  ")
    assert.equal("EINVAL", select(3, core.split "a 'b"))
  end)
end)

describe("core.spawn", function()
  it("holds the command until it is released", function()
    local path = os.tmpname()
    local child = assert(core.spawn { "sh", "-c", "echo x > " .. path .. "; exit 3" })
    assert.is_true(child.pid > 0)
    assert.is_nil(child:wait(true))
    assert.equal("", io.open(path):read "a")
    child:release()
    assert.same({ code = 3 }, child:wait())
    assert.same({ code = 3 }, child:wait(true))
    assert.equal("x\n", io.open(path):read "a")
    os.remove(path)
  end)

  it("tells of signals and of commands that cannot be run", function()
    local child = assert(core.spawn { "sleep", "100" })
    child:release()
    child:kill(9)
    assert.equal("SIGKILL", child:wait().name)
    local _, message, name = core.spawn { "no-such-command" }
    assert.equal("no-such-command: command not found", message)
    assert.equal("ENOENT", name)
    assert.equal("EISDIR", select(3, core.spawn { "/" }))
  end)

  it("waits for descriptors", function()
    assert.same({}, core.wait({}, 1))
    assert.same({ 9999 }, core.wait({ 9999 }, -1)) -- none is open: who reads it is told
    assert.error_matches(function() core.wait({ "x" }, 0) end, "number expected")
    assert.error_matches(function() core.wait({ 1 }) end, "number expected")
    local many = {}
    for i = 1, 65 do many[i] = 1 end
    assert.error_matches(function() core.wait(many, 0) end, "too many descriptors")
  end)
end)
