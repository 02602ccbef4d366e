-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.globals", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.globals") end)

  local M, tl
  before_each(function()
    M = fake.load "host.globals"
    tl = require "traceleft"
  end)

  it("has those of Lua, the library's functions, and more", function()
    local env = M.make { extra = 1 }
    assert.same({ tl, tl.on, print, 1 }, { env.tl, env.on, env.print, env.extra })
    assert.is_nil(env.nothing)
    assert.equal(tl.every, M.value(env, "every"))
    assert.equal(1, M.value(env, "extra"))
  end)

  it("gives new ones to all scripts", function()
    local env = M.make()
    env.new_one = 7
    assert.equal(7, _G.new_one)
    assert.equal(7, M.value(env, "new_one"))
    _G.new_one = nil
  end)

  it("lists names, each once", function()
    local names, seen = M.names(M.make { help = 1 }), {}
    for _, name in ipairs(names) do
      assert.is_nil(seen[name])
      seen[name] = true
    end
    assert.is_true(seen.on and seen.print and seen.help and seen.tl)
  end)
end)
