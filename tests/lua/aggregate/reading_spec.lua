-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.reading", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.reading") end)

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

  it("is read as a sorted list", function()
    assert.same({ { key = { n = 2, "sh" }, value = 50, count = 1 }, { key = { n = 2, "cat" }, value = 30, count = 2 },
                  { key = { n = 2, "sh", "EINTR" }, value = -4, count = 1 } }, reads():snapshot())
  end)

  it("is read and cleared at once, in an order of choice", function()
    local a = reads()
    fake.now = 7
    local before = core().reads
    local rows, ns = a:snapshot { sort = "key", clear = true }
    assert.same({ "cat", "sh", "sh", 7, before + 1 },
                { rows[1].key[1], rows[2].key[1], rows[3].key[1], ns, core().reads })
    assert.same({}, a:snapshot())
    raises("snapshot: no option 'top'", function() a:snapshot { top = 5 } end)
    raises("snapshot: sort: 'p99' is none of value, key, count", function() a:snapshot { sort = "p99" } end)
  end)

  it("is walked key by key, to the end though values are missing", function()
    local list = {}
    for comm, err, sum in reads():each() do list[#list + 1] = ("%s %s %d"):format(comm, err, sum) end
    assert.same({ "sh - 50", "cat - 30", "sh EINTR -4" }, list)
    local total = tl.count { "read" }
    read("cat", 1)
    for n in total:each() do list[#list + 1] = n end
    assert.equal(1, list[4])
  end)

  it("gives the first rows, and one key", function()
    local a = reads()
    assert.equal(2, #a:top(2))
    assert.equal("sh", a:top(1)[1].key[1])
    assert.equal(3, #a:top())
    assert.same({ 30, 50, -4, 0 }, { a:get "cat", a:get("sh", nil), a:get("sh", "EINTR"), a:get "no" })
    raises("top: '0' is no number of rows", function() a:top(0) end)
    assert.is_nil(tl.max { "read", value = "ret" }:get())
  end)

  it("clears, and forgets nothing that came between", function()
    local a = tl.count { "read" }
    read("cat", 1)
    a:clear()
    assert.equal(0, a:get())
    read("cat", 1)
    local before = core().reads
    assert.equal("count of read: 1\n", fake.stdout(function() a:print { clear = true } end))
    assert.equal(before + 1, core().reads)
    assert.equal("count of read: 0\n", fake.stdout(function() a:print() end))
  end)

  it("gives rates since the last clear", function()
    local a = reads()
    fake.now = 4000000000
    assert.equal(7.5, a:rate "cat")
    assert.equal(19.0, a:rate())
    assert.equal(0.0, a:rate "no")
    local n = tl.count { "read", by = "comm" }
    n:clear()
    read("cat", 5)
    fake.now = 6000000000
    assert.equal(0.5, n:rate "cat")
  end)
end)
