-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

local function with_library(fn)
  local tl = fake.load "traceleft"
  local ok, raised = pcall(fn, require "traceleft.asked", tl)
  tl.close()
  return ok, raised
end

describe("traceleft.asked", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.asked") end)

  it("gives the calls that words mean, each once", function()
    with_library(function(M)
      assert.same({ "syscall.read", "syscall.openat", "syscall.openat2" }, M.calls { "read", "openat*", "openat" })
      assert.equal(7, #M.calls {})
    end)
  end)

  it("ends the program with 2 when words mean nothing", function()
    local ok, raised = with_library(function(M) M.calls { "nosuch" } end)
    assert.is_false(ok)
    assert.equal(2, raised.exit)
    assert.truthy(raised.message:find "nosuch")
  end)

  it("says what is wrong, not where in the tool", function()
    local _, raised = with_library(function(M) M.of(function() error "count: where: no field 'rett'" end) end)
    assert.same({ exit = 2, message = "where: no field 'rett'" }, raised)
    _, raised = with_library(function(M) M.of(function() require("traceleft.exit").raise(3, "no") end) end)
    assert.same({ exit = 3, message = "no" }, raised)
  end)

  it("raises what the world refuses", function()
    local _, raised = with_library(function(M) M.of(function() return nil, "no BPF here" end) end)
    assert.truthy(raised:find "no BPF here")
    assert.equal(7, select(2, with_library(function(M) error(M.of(function() return 7 end), 0) end)))
  end)

  it("puts words and options together", function()
    with_library(function(M)
      assert.same({ "read", by = "comm" }, M.request({ "read" }, { by = "comm" }))
      assert.same({ "syscall.*" }, M.request({}, {}))
    end)
  end)
end)
