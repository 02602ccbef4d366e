-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.call.depends", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.call.depends") end)

  local M = fake.load "traceleft.call.depends"
  local real = fake.meanings
  setup(function()
    fake.meanings = { ["flags:open"] = { [0] = "O_RDONLY", [64] = "O_RDONLY|O_CREAT" },
                      ["flags:fd_flags"] = { "FD_CLOEXEC" },
                      ["enum:fcntl"] = { [0] = "F_DUPFD", "F_GETFD", "F_SETFD", [99] = "F_NEW" } }
  end)
  teardown(function() fake.meanings = real end)

  local FIELDS = { flags = { name = "flags", meaning = "flags:open" }, cmd = { name = "cmd", meaning = "enum:fcntl" },
                   arg = { name = "arg" }, ret = { name = "ret" } }

  it("knows whether an argument says anything", function()
    local says, decider = M.says("openat", "mode", FIELDS)
    assert.equal("flags", decider)
    assert.is_true(says { flags = 64 })
    assert.is_false(says { flags = 0 })
    assert.is_true(says {})
  end)

  it("leaves out nothing when the operation has no name", function()
    assert.is_true(M.says("openat", "mode", FIELDS) { flags = 12345 })
    assert.is_true(M.says("fcntl", "arg", FIELDS) { cmd = 77 })
    assert.is_true(M.says("fcntl", "arg", FIELDS) { cmd = 99 })
    assert.is_false(M.says("fcntl", "arg", FIELDS) { cmd = 1 })
  end)

  it("has nothing to say of other arguments, nor where the deciding one is not there", function()
    assert.is_nil(M.says("openat", "pathname", FIELDS))
    assert.is_nil(M.says("openat", "mode", {}))
    assert.is_nil(M.says("close", "fd", FIELDS))
    assert.is_nil(M.teller("openat", "mode", FIELDS))
    assert.is_nil(M.teller("fcntl", "arg", {}))
  end)

  it("reads an argument as the operation takes it", function()
    local tell = M.teller("fcntl", "arg", FIELDS)
    assert.equal("FD_CLOEXEC", tell { cmd = 2, arg = 1 })
    assert.equal("1", tell { cmd = 0, arg = 1 })
    assert.is_nil(tell { cmd = 99, arg = 1 })
    assert.is_nil(tell { cmd = 2 })
    assert.is_nil(tell { arg = 1 })
    assert.equal("FD_CLOEXEC", M.teller("fcntl", "ret", FIELDS) { cmd = 1, ret = 1 })
  end)
end)
