-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.notnow", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.notnow") end)

  local M = fake.load "traceleft.notnow"

  -- What the clause comes to; Lua has no `in`.
  local function is_failure(call, error)
    local text = M.OTHERS:gsub("(%l+) in (%b{})", "among(%1, %2)")
    local function among(value, list)
      for _, one in ipairs(list) do
        if one == value then return true end
      end
      return false
    end
    return load("return " .. text, "", "t", { event = "syscall." .. call, error = error, among = among })()
  end

  it("passes over what only says: not now", function()
    for _, one in ipairs { "read EAGAIN", "connect EINPROGRESS", "connect EALREADY", "wait4 EINTR", "futex EAGAIN",
                           "futex ETIMEDOUT" } do
      assert.is_false(is_failure(one:match "(%S+) (%S+)"), one)
    end
  end)

  it("takes the same for a failure where something was used up, or did not answer", function()
    for _, one in ipairs { "clone EAGAIN", "mlock EAGAIN", "connect ETIMEDOUT", "openat ENOENT", "futex EINVAL" } do
      assert.is_true(is_failure(one:match "(%S+) (%S+)"), one)
    end
  end)
end)
