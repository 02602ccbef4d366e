-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.waits", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.waits") end)

  local M = fake.load "traceleft.waits"

  it("leaves out what waits by its nature, and reads of what does", function()
    local calls, where = M.others({ "syscall.accept4", "syscall.fsync", "syscall.read" }, {})
    assert.same({ "syscall.fsync", "syscall.read" }, calls)
    local function wanted(event, file)
      local function starts(text, begin) return text:sub(1, #begin) == begin end
      local text = where:gsub("event in {.-}", "event == 'syscall.read'"):gsub("file in {.-}", "file == '/dev/tty'")
      return load("return " .. text, "", "t", { event = event, file = file, starts = starts })()
    end
    assert.is_false(wanted("syscall.read", "/dev/pts/3"))
    assert.is_false(wanted("syscall.read", "pipe:[5]"))
    assert.is_false(wanted("syscall.read", "anon_inode:[timerfd]"))
    assert.is_false(wanted("syscall.read", "/dev/tty"))
    assert.is_true(wanted("syscall.read", "/srv/dev/tty"))
    assert.is_true(wanted("syscall.fsync", "pipe:[5]"))
  end)

  it("keeps what is named, but not what a class or a glob means", function()
    local all = { "syscall.accept", "syscall.fsync", "syscall.read" }
    assert.same({ all }, { M.others(all, { "accept", "syscall.read" }) })
    assert.same({ "syscall.fsync", "syscall.read" }, (M.others(all, { "desc", "acc*" })))
  end)

  it("keeps all where nothing else was meant", function()
    assert.same({ { "syscall.poll", "syscall.ppoll" } }, { M.others({ "syscall.poll", "syscall.ppoll" }, { "*poll" }) })
  end)
end)
