-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.colour", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.colour") end)

  local M = fake.load "traceleft.colour"
  local real = os.getenv
  local function painted(terminal, env)
    fake.columns = terminal and 80 or nil
    rawset(os, "getenv", function(name) return env[name] end)
    local text = M.painters(io.stdout).red "x"
    rawset(os, "getenv", real)
    fake.columns = nil
    return text
  end

  it("paints on terminals alone", function()
    assert.equal("\27[31mx\27[0m", painted(true, { TERM = "xterm" }))
    assert.equal("x", painted(false, { TERM = "xterm" }))
  end)

  it("respects NO_COLOR, and terminals that know no colours", function()
    assert.equal("x", painted(true, { TERM = "xterm", NO_COLOR = "1" }))
    assert.equal("\27[31mx\27[0m", painted(true, { TERM = "xterm", NO_COLOR = "" }))
    assert.equal("x", painted(true, { TERM = "dumb" }))
    assert.equal("x", painted(true, {}))
  end)

  it("paints in no other file, and no empty text", function()
    fake.columns = 80
    assert.equal("x", M.painters(fake.file()).bold "x")
    assert.equal("", M.painters(io.stdout).dim "")
    fake.columns = nil
  end)
end)
