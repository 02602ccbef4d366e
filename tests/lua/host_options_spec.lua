-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.options", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.options") end)

  local M = fake.load "host.options"
  local function parse(...) return M.parse { [0] = "traceleft-lua", ... } end

  it("takes words of events with commas between, % and all", function()
    assert.same({ "file", "%stat", "tcp.*", "openat" }, parse("-t", "file,%stat", "-ttcp.*", "-t", "openat").events)
  end)

  it("takes how much of a buffer to show", function()
    assert.equal(80, parse("-s", "80").size)
    assert.equal(0, parse("-s0").size)
    assert.equal(4096, parse("-s", "4K").size)
    assert.same({ nil, "-s: at most 4096 bytes of a buffer can be had" }, { parse("-s", "4097") })
    assert.same({ nil, "-s: '-1' is no size; write it as 4096, 64K or 16M" }, { parse("-s", "-1") })
    assert.same({ nil, "-s: a value is missing" }, { parse "-s" })
  end)

  it("refuses what says nothing", function()
    local wrong = M.contradiction(parse("-s", "80"))
    assert.equal("-s: goes with -t; in a script it is the option payload of on", wrong)
    assert.is_nil(M.contradiction(parse("-s", "80", "-t", "file")))
    assert.is_nil(M.contradiction(parse("-s", "80", "-t", "file", "--json")))
  end)
end)
