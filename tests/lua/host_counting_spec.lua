-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.counting", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.counting") end)

  local M, tl
  before_each(function()
    M = fake.load "host.counting"
    tl = require "traceleft"
  end)

  local function read(seconds, comm, ret)
    fake.at(seconds, function(session)
      session:emit { event = "syscall.read", comm = comm, ret = ret, error = ret < 0 and "EINTR" or nil }
    end)
  end

  -- What such a run writes.
  local function written(opts, seconds)
    opts.events = { "read" }
    return fake.stdout(function()
      assert.is_true(M.start(opts))
      tl.run { duration = seconds }
      M.finish(opts)
    end)
  end

  local function at(second) return os.date("%H:%M:%S", second) end

  it("prints at the end, in the order of the command line", function()
    read(1, "cat", 5)
    read(2, "cat", 7)
    read(3, "sh", -1)
    assert.equal([[
count of read by comm
COUNT COMM
    2 cat
… 1 more

sum(ret) of read by comm
SUM COMM
 12 cat
… 1 more
]], written({ by = { "comm" }, top = 1, measures = { { kind = "count" }, { kind = "sum", value = "ret" } } }, 4))
  end)

  it("prints at intervals, each from nothing, and what is left at the end", function()
    read(0.5, "cat", 5)
    read(2.5, "cat", 5)
    read(3.2, "cat", 5)
    assert.equal(("%s count of read: 1\n%s count of read: 0\n%s count of read: 1\n%s count of read: 1\n")
                 :format(at(1), at(2), at(3), at(3)), written({ measures = { { kind = "count" } }, every = 1 }, 3.5))
  end)

  it("prints nothing at the end when nothing has come since the last time", function()
    read(0.5, "cat", 5)
    assert.equal(at(1) .. " count of read: 1\n", written({ measures = { { kind = "count" } }, every = 1 }, 1.5))
  end)

  it("prints JSON", function()
    read(0.5, "cat", 5)
    read(0.6, "a\27", -1)
    local expected = [[
{"aggregate":"count of read by comm, error","count":1,"key":{"comm":"a\u001b","error":"EINTR"},"value":1}
{"aggregate":"count of read by comm, error","count":1,"key":{"comm":"cat"},"value":1}
]]
    assert.equal(expected, written({ by = { "comm", "error" }, json = true }, 1))
    M = fake.load "host.counting"
    tl = require "traceleft"
    read(0.5, "cat", 5)
    assert.equal('{"aggregate":"hist(ret) of read","count":1,"value":[{"count":1,"high":8,"low":4}]}\n',
                 written({ measures = { { kind = "hist", value = "ret" } }, json = true, every = 1 }, 1))
  end)

  it("asks for nothing, or hands back what is refused", function()
    assert.is_false(M.start { events = { "read" } })
    fake.refuse_subscribe = { "there are 64 already", "ENOSPC" }
    assert.same({ nil, "there are 64 already", "ENOSPC" }, { M.start { events = { "read" }, by = { "x" } } })
    fake.refuse_subscribe = { "by: no field 'x'", "EINVAL" }
    assert.has_error(function() M.start { events = { "read" }, by = { "x" } } end)
  end)
end)
