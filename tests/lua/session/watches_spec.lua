-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.watches", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.watches") end)

  local M, watches, calls
  before_each(function()
    M = fake.load "traceleft.session.watches"
    watches, calls = M.new(), {}
  end)

  local function note(fd) calls[#calls + 1] = fd end
  local function call(fn) fn() end
  local session = { fd = function() return 7 end }

  it("calls those that are ready, in their order", function()
    for _, fd in ipairs { 4, 5, 6 } do watches:add(fd, note) end
    fake.ready = { [4] = true, [6] = true, [7] = true }
    local ready = watches:wait(session, 0)
    assert.same({ [4] = true, [6] = true, [7] = true }, ready)
    assert.is_true(watches:fire(ready, call))
    assert.same({ 4, 6 }, calls)
    assert.is_false(watches:fire({ [7] = true }, call))
  end)

  it("waits without a session's descriptor", function()
    watches:add(4, note)
    fake.ready = { [4] = true, [7] = true }
    assert.same({ [4] = true }, watches:wait({ fd = function() return nil, "none", "EBADF" end }, 0))
  end)

  it("forgets what was stopped, by its end or by leaving its block", function()
    do
      local first <close> = watches:add(4, note)
      assert.equal(4, first.fd)
    end
    local second = watches:add(5, note)
    assert.is_true(watches:any())
    second:stop()
    second:stop()
    assert.is_false(watches:any())
  end)

  it("tells an interruption from a failure", function()
    fake.refuse_wait = { "wait: Interrupted", "EINTR" }
    assert.same({}, watches:wait(session, -1))
    fake.refuse_wait = { "wait: Bad", "EINVAL" }
    assert.same({ nil, "wait: Bad", "EINVAL" }, { watches:wait(session, -1) })
  end)
end)
