-- SPDX-License-Identifier: MIT
local fake = require "fake_core"
local fake_aggregate = require "fake_aggregate"

describe("traceleft.aggregate.aggregate", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.aggregate") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function core() return fake.session.aggs[1] end

  local function read(comm, ret, more)
    local event = { event = "syscall.read", comm = comm, ret = ret }
    for key, value in pairs(more or {}) do event[key] = value end
    fake.session:emit(event)
  end

  local function raises(message, fn, ...)
    local ok, raised = pcall(fn, ...)
    assert.is_false(ok)
    assert.equal(message, (raised:gsub("^[^:]*:%d+: ", "")))
  end

  local function reads()
    local a = tl.sum { "read", by = { "comm", "error" }, value = "ret" }
    read("cat", 10)
    read("cat", 20)
    read("sh", 50)
    read("sh", -4, { error = "EINTR" })
    return a
  end

  it("prints a table with what keys and values mean", function()
    local a = tl.sum { "stat", "tcp.close", by = { "event", "comm", "error" }, value = "sent", name = "sent \27" }
    for i = 1, 3 do
      local comm = i == 1 and "a\27[2J" or "nc"
      fake.session:emit { event = "tcp.close", comm = comm, sent = 4 << 20, error = "ECONNRESET" }
    end
    assert.equal([[
sent \x1b
    SUM EVENT     COMM     ERROR
8.0 MiB tcp.close nc       ECONNRESET
4.0 MiB tcp.close a\x1b[2J ECONNRESET
]], fake.stdout(function() a:print() end))
    assert.equal([[
    SUM EVENT     COMM     ERROR
4194304 tcp.close a\x1b[2J ECONNRESET
… 1 more
]], fake.stdout(function() a:print { title = false, top = 1, sort = "key", unit = "" } end))
    raises("print: no option 'tops' (did you mean 'top'?)", function() a:print { tops = 5 } end)
  end)

  it("prints no more rows than it was made with", function()
    local a = tl.top { "read", by = "ret", top = 2 }
    for ret = 1, 5 do read("cat", ret) end
    assert.equal("top of read by ret\nCOUNT RET\n    1 1\n    1 2\n… 3 more\n",
                 fake.stdout(function() a:print() end))
    assert.equal(2, #a:top())
    assert.equal("COUNT RET\n    1 1\n    1 2\n    1 3\n    1 4\n    1 5\n",
                 fake.stdout(function() a:print { top = 9, title = false } end))
  end)

  it("is as wide as the terminal", function()
    fake.columns = 40
    local a = tl.hist { "read", value = "ret" }
    read("cat", 3)
    local real = io.stdout
    io.stdout = fake.file()
    a:print { title = false }
    local text = io.stdout.text
    io.stdout = real
    assert.equal(40, #text - 1)
  end)

  it("says at the end of what it prints that keys found no room", function()
    local a = tl.count { "read", by = "ret", size = 1 }
    for ret = 1, 3 do read("cat", ret) end
    assert.equal(2, a.full)
    assert.equal(1, a.seen)
    assert.equal("COUNT RET\n    1 1\n"
                 .. "full: 2 events found no room for their key; count by less, or give a larger size\n",
                 fake.stdout(function() a:print { title = false } end))
    assert.equal("COUNT RET\n    1 1\n", fake.stdout(function() a:print { title = false } end))
  end)

  it("can be read when it has ended, and when its session has", function()
    local a = reads()
    assert.equal(a, (next(a.live)))
    a:stop()
    a:stop()
    assert.is_nil(next(a.live))
    assert.is_true(core().stopped)
    fake_aggregate.refuse_read = { "closed", "EBADF" }
    assert.equal(30, a:get "cat")
    fake_aggregate.refuse_read = nil
    a:clear()
    assert.same({}, a:snapshot())
  end)

  it("raises what the core cannot read", function()
    local a = reads()
    fake_aggregate.refuse_read = { "map: Cannot allocate memory", "ENOMEM" }
    raises("sum: map: Cannot allocate memory", function() a:print() end)
    a:stop()
    fake_aggregate.refuse_read = nil
    assert.same({}, a:snapshot())
  end)

  it("pauses, changes, explains and ends at the end of its block", function()
    do
      local a <close> = tl.count { "read", where = "ret > low", vars = { low = 5 } }
      read("cat", 5)
      a:set("low", 4)
      read("cat", 5)
      assert.equal(1, a:get())
      a:pause()
      read("cat", 5)
      a:resume()
      assert.equal(1, a:get())
      assert.equal("kernel", a:explain()[1].where)
    end
    assert.is_true(core().stopped)
  end)
end)
