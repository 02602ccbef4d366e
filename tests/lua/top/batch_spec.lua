-- SPDX-License-Identifier: MIT
local fake    = require "fake_core"
local fixture = require "top.fixture"

describe("traceleft.top.batch", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.top.batch") end)

  local monitor, written

  -- What is written of one interval, in lines.
  local function write(most, ...)
    local M = fixture.load "traceleft.top.batch"
    monitor = require "traceleft.top.monitor".new(fixture.views, {})
    fixture.calls(...)
    fake.now = fake.now + 1000000000
    monitor:tick()
    local out, before = require "traceleft.out", require "traceleft.out".write
    written = nil
    out.write = function(_, text) written = text end
    local ok, wrong = pcall(M.write, monitor, "Processes", most)
    out.write = before
    assert(ok, wrong)
    local lines = {}
    for line in written:gmatch "[^\n]*\n" do lines[#lines + 1] = line:gsub("%s+$", "") end
    return lines
  end

  it("writes counts where the screen shows rates, and no pictures", function()
    local lines = write(10, { 1, "a" }, { 1, "a" }, { 2, "b", "syscall.openat", 5000, -2 })
    assert.equal("Processes", lines[1])
    assert.same({ "PID", "COMM", "CALLS", "FAIL", "AVG" }, { lines[2]:match "(%S+)%s+(%S+)%s+(%S+)%s+(%S+)%s+(%S+)$" })
    assert.same({ "1", "a", "2" }, { lines[3]:match "^%s*(%S+)%s+(%S+)%s+(%S+)" })
    assert.same({ "2", "b", "1", "1" }, { lines[4]:match "^%s*(%S+)%s+(%S+)%s+(%S+)%s+(%S+)" })
    assert.equal("", lines[5])
  end)

  it("writes as many rows as are wanted", function()
    assert.equal(4, #write(1, { 1, "a" }, { 1, "a" }, { 2, "b" }))
  end)

  it("writes names as a terminal may have them", function()
    local line = write(1, { 1, "\27[31m" })[3]
    assert.equal("1 " .. require "traceleft.escape".text "\27[31m", line:match "^%s*(%S+%s+%S+)")
    assert.is_nil(written:find "\27")
  end)
end)
