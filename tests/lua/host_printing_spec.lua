-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.printing", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.printing") end)

  local EVENT = { event = "syscall.openat", time = 1000000000, pid = 7, comm = "c,t", ret = -2, pathname = "/a\27" }

  -- What is printed of EVENT with such options, and the fields that were asked for.
  local function printed(opts)
    local tl = fake.load "traceleft"
    local M = require "host.printing"
    opts.events = { "openat" }
    local text = fake.stdout(function()
      assert(M.start(opts))
      fake.at(1, function(session) session:emit(EVENT) end)
      fake.at(2, function() fake.signals = 1 end)
      tl.run()
    end)
    return text, fake.session.subs[1].spec.fields
  end

  it("prints chosen fields in columns, numbers on the right", function()
    local text, fields = printed { fields = { "comm", "ret", "pathname" } }
    assert.equal("COMM                     RET PATHNAME\nc,t                       -2 /a\\x1b\n", text)
    assert.same({ "event", "comm", "ret", "pathname" }, fields)
  end)

  it("prints comma-separated values", function()
    local text, fields = printed { csv = true, fields = { "comm", "time", "error", "ret" }, time = "delta" }
    assert.equal('comm,time,error,ret\n"c,t",0.000000,,-2\n', text)
    assert.same({ "event", "comm", "time", "error", "ret" }, fields)
  end)

  it("gives CSV all fields when none are chosen", function()
    local text, fields = printed { csv = true }
    assert.truthy(text:find("^event,time,pid,", 1))
    assert.is_nil(fields)
  end)

  it("prints what a template says", function()
    local text, fields = printed { format = require("traceleft.format").parse "{comm}={ret:>4}" }
    assert.equal("c,t=  -2\n", text)
    assert.same({ "event", "comm", "ret" }, fields)
  end)

  it("refuses a template with a field that there is not", function()
    local ok, raised = pcall(printed, { format = require("traceleft.format").parse "{com}" })
    assert.is_false(ok)
    assert.same({ exit = 2, message = "--format: no field 'com' (did you mean 'comm'?)" }, raised)
  end)

  it("prints chosen fields as JSON", function()
    assert.same({ "event", "ret" }, select(2, printed { json = true, fields = { "ret" } }))
  end)

  it("subscribes lines of what is named, with the options of on", function()
    local M = fake.load "host.printing"
    local text = fake.stdout(function()
      assert(M.lines("tcp.close", { where = "sent > 0", fields = { "comm", "pid", "sent" } }))
      fake.session:emit { event = "tcp.close", comm = "c", pid = 7, sent = 5 }
    end)
    assert.equal("c[7] tcp.close sent=5\n", text)
    local spec = fake.session.subs[1].spec
    assert.same({ "event", "comm", "pid", "sent" }, spec.fields)
    assert.equal("sent > 0", spec.where)
    M.lines({ "fstat" }, {})
    assert.same({ "event", "time", "pid", "tid", "comm", "fd", "file", "ret", "error", "duration" },
                fake.session.subs[2].spec.fields)
    assert.has_error(function() M.lines("read", { args = { "ret" } }) end, "on: fn: function expected, got nil")
  end)

  it("makes a line of an event, and of nothing else", function()
    local M = fake.load "host.printing"
    local line = M.line { event = "process.exit", time = 1, pid = 7, comm = "c", status = 0 }
    assert.truthy(line:find "c%[7%] process.exit")
    assert.is_nil(M.line { event = "no.such", time = 1 })
    assert.is_nil(M.line { event = "process.exit" })
    assert.is_nil(M.line "text")
  end)
end)
