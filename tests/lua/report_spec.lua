-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

-- What a report of these options writes of these events.
local function lines(opts, events, words)
  local tl = fake.load "traceleft"
  local M = require "traceleft.report"
  local real, file = io.stdout, fake.file()
  io.stdout = file
  local ok, fields = pcall(function()
    local show, fields = M.lines(opts, words or "syscall.openat", {
      { "TIME", 8, M.time }, { "COMM", 5, "comm" },
      { "FD", 3, function(e) return e.ret >= 0 and e.ret or nil end, needs = { "ret" }, right = true },
      { "PATH", nil, "pathname" },
    })
    for _, event in ipairs(events) do show(event) end
    return fields
  end)
  io.stdout = real
  tl.close()
  return ok and file.text, fields
end

describe("traceleft.report", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.report") end)

  local EVENTS = {
    { event = "syscall.openat", time = 1000000000, comm = "c\27t", ret = 3, pathname = "/a,b" },
    { event = "syscall.openat", time = 2500000000, comm = "ls", ret = -2, pathname = "/x" },
  }
  local function at(second) return os.date("%H:%M:%S", second) end

  it("writes rows, and says which fields they need", function()
    local text, fields = lines({}, EVENTS)
    assert.equal("TIME     COMM   FD PATH\n" .. at(1) .. " c\\x1bt  3 /a,b\n" .. at(2) .. " ls      - /x\n", text)
    assert.same({ "event", "time", "comm", "ret", "pathname" }, fields)
  end)

  it("shows the columns that there is room for, and needs no other fields; a time that was asked for stays", function()
    local function narrow(opts)
      local tl = fake.load "traceleft"
      fake.columns = 16
      local M, real, file = require "traceleft.report", io.stdout, fake.file()
      io.stdout = file
      local show, fields = M.lines(opts, "syscall.openat", {
        { "TIME", 8, M.time, narrow = false }, { "COMM", 9, "comm", narrow = { "PID", 3, "pid", right = true } },
        { "SIZE", 5, "ret", right = true, narrow = M.short_bytes("SIZE", "ret") } })
      show { event = "syscall.openat", time = 1000000000, pid = 42, ret = 5000 }
      io.stdout = real
      tl.close()
      return file.text:gsub("\27%[%d*m", ""), fields
    end
    local text, fields = narrow {}
    assert.equal("PID  SIZE\n 42  4.9K\n", text)
    assert.same({ "event", "pid", "ret" }, fields)
    assert.equal("TIME     PID  SIZE\n" .. at(1) .. "  42  4.9K\n", (narrow { time = "wall" }))
  end)

  it("writes times as it is told", function()
    assert.equal("       TIME COMM   FD PATH\n   0.000000 c\\x1bt  3 /a,b\n   1.500000 ls      - /x\n",
                 (lines({ time = "relative" }, EVENTS)))
  end)

  it("writes comma-separated values", function()
    assert.equal("time,comm,fd,path\n" .. at(1) .. '.000000,c\\x1bt,3,"/a,b"\n' .. at(2) .. ".500000,ls,,/x\n",
                 (lines({ csv = true }, EVENTS)))
  end)

  it("writes JSON of all fields", function()
    local text, fields = lines({ json = true }, { EVENTS[2] })
    assert.equal('{"event":"syscall.openat","time":2500000000,"comm":"ls","ret":-2,"pathname":"/x"}\n', text)
    assert.is_nil(fields)
  end)

  it("writes what a template says, and knows what that needs", function()
    local format = require("traceleft.format").parse "{comm}: {pathname}"
    local text, fields = lines({ format = format }, EVENTS)
    assert.equal("c\\x1bt: /a,b\nls: /x\n", text)
    assert.same({ "event", "comm", "pathname" }, fields)
  end)

  it("refuses a template with fields that there are not", function()
    local format = require("traceleft.format").parse "{pathnam}"
    local text, raised = lines({ format = format }, EVENTS)
    assert.is_false(text)
    assert.same({ exit = 2, message = "--format: no field 'pathnam' (did you mean 'pathname'?)" }, raised)
  end)
end)
