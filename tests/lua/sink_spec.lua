-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.sink", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.sink") end)

  local describe = fake.load("traceleft").describe
  local M = require "traceleft.sink"
  local EVENT = { event = "tcp.listen", pid = 42, comm = "nc", saddr = "::1", sport = 80, backlog = 5 }

  it("writes lines for people", function()
    local file = fake.file()
    M.text(file, { describe = describe })(EVENT)
    assert.equal("nc[42] tcp.listen [::1]:80 backlog=5\n", file.text)
  end)

  it("writes as much of buffers as it is told", function()
    local file = fake.file()
    local event = { event = "syscall.read", pid = 42, comm = "nc", fd = 0, buf = "abc", count = 9, ret = 3 }
    M.text(file, { describe = describe, shown = 2 })(event)
    assert.equal('nc[42] read(0, "ab"…, 9) = 3\n', file.text)
  end)

  it("writes JSON lines", function()
    local file = fake.file()
    M.json(file, { describe = describe })(EVENT)
    assert.equal('{"event":"tcp.listen","pid":42,"comm":"nc","saddr":"::1","sport":80,"backlog":5}\n', file.text)
  end)

  it("writes comma-separated values, and tells what could not be read from what there is not", function()
    local file = fake.file()
    local write = M.csv(file, { describe = describe, fields = { "comm", "saddr", "sport", "time" } })
    write(EVENT)
    write { event = "tcp.listen", comm = "x", unread = { "saddr" } }
    assert.equal("comm,saddr,sport,time\nnc,::1,80,\nx,?,,\n", file.text)
  end)

  it("writes lines by a template", function()
    local file = fake.file()
    local format = require("traceleft.format").parse "{comm} {sport.raw}"
    M.format(file, { describe = describe, format = format })(EVENT)
    assert.equal("nc 80\n", file.text)
  end)

  it("ends when the disk is full", function()
    local file = fake.file()
    local write = M.json(file, { describe = describe, name = "out.json" })
    file.refuse = { "No space left on device", 28 }
    local _, raised = pcall(write, EVENT)
    assert.equal(1, raised.exit)
    assert.equal("out.json: No space left on device", raised.message)
  end)

  it("wants to know how events are described", function()
    assert.has_error(function() M.text(fake.file(), {}) end)
  end)
end)
