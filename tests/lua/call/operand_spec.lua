-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.call.operand", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.call.operand") end)

  local M = fake.load "traceleft.call.operand"
  local function field(name, type, meaning) return { name = name, type = type, meaning = meaning or "" } end
  local function single(event, ...) return M.single(field(...))(event) end

  it("tells what was not read from what was not there", function()
    assert.equal("?", single({ unread = { "p" } }, "p", "str"))
    assert.equal("?", single({ unread = { "p" }, error = "EFAULT" }, "p", "bytes"))
    assert.equal("NULL", single({}, "p", "str"))
    assert.equal("NULL", single({}, "p", "bytes"))
  end)

  it("calls nothing NULL that a failed call may not have written", function()
    for _, kind in ipairs { "bytes", "array", "sockaddr", "s32", "u64" } do
      assert.equal("…", single({ error = "EBADF" }, "p", kind))
    end
    assert.equal("NULL", single({ error = "EBADF" }, "p", "str"))
    assert.equal("NULL", single({ error = "EBADF" }, "p", "list"))
    for _, meaning in ipairs { "timespec", "timeval", "sigset" } do
      assert.equal("NULL", single({ error = "EINTR" }, "p", "s64", meaning))
    end
    assert.equal("NULL", single({ error = "EINTR" }, "p", "bytes", "fdset"))
  end)

  it("counts the environment, and no other list", function()
    assert.equal("[/* 0 vars */]", single({ envp = {} }, "envp", "list"))
    assert.equal("[/* 2+ vars */]", single({ envp = { "A=1", "B" }, cut = { "envp" } }, "envp", "list"))
    assert.equal('["A=1"]', single({ argv = { "A=1" } }, "argv", "list"))
  end)

  local function descriptor(event)
    return M.descriptor(field("dirfd", "s32", "dirfd"), field("file", "file"), field("path", "str", "path"))(event)
  end

  it("says what a descriptor is", function()
    assert.equal("5</tmp>", descriptor { dirfd = 5, file = "/tmp", path = "x" })
    assert.equal("5</tmp>", descriptor { dirfd = 5, file = "/tmp", path = "/x" })
    assert.equal("5</t…>", descriptor { dirfd = 5, file = "/t", cut = { "file" } })
    assert.equal("5<?>", descriptor { dirfd = 5, unread = { "file" } })
    assert.equal("5", descriptor { dirfd = 5 })
  end)

  it("names the working directory where a path starts there", function()
    assert.equal("AT_FDCWD</tmp>", descriptor { dirfd = -100, file = "/tmp", path = "x" })
    assert.equal("AT_FDCWD</tmp>", descriptor { dirfd = -100, file = "/tmp", path = "" })
    assert.equal("AT_FDCWD</tmp>", descriptor { dirfd = -100, file = "/tmp", unread = { "path" } })
    assert.equal("AT_FDCWD", descriptor { dirfd = -100, file = "/tmp", path = "/x" })
    assert.equal("AT_FDCWD", descriptor { dirfd = -100, unread = { "file" }, path = "/x" })
  end)
end)
