-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.repl_help", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.repl_help") end)

  local M
  before_each(function() M = fake.load "host.repl_help" end)

  it("tells what there is", function()
    local text = M.text()
    assert.truthy(text:find "\n  on%(words, opts, fn%) +Calls fn with each event")
    assert.truthy(text:find "\n  aggregate:print%(opts%) +Writes what was counted")
    assert.falsy(text:find "inherit")
  end)

  it("tells of functions what their comments say, and of options", function()
    local tl = require "traceleft"
    assert.equal(M.text "every", M.text(tl.every))
    assert.truthy(M.text "tl.every":find "^every%(seconds, fn%)\n  Calls fn again and again")
    local text = M.text(tl.hist)
    assert.truthy(text:find "^hist%(opts%)\n")
    assert.truthy(text:find "value%?: .- what is measured")
  end)

  it("has a text for every function of the library", function()
    local tl = require "traceleft"
    local hidden = { inherit = true, forget_exits = true }
    for name, value in pairs(tl) do
      if type(value) == "function" and not hidden[name] then
        assert.equal(name .. "(", M.text(value):match "^[%w_]+%(", name .. " has no comment")
      end
    end
  end)

  it("tells of events, and of several", function()
    assert.truthy(M.text "tcp.connect":find "^tcp.connect: ")
    assert.truthy(M.text "tcp.*":find "\ntcp.connect")
  end)

  it("knows the nearest word", function()
    assert.equal("nothing is known of 'hits' (did you mean 'hist'?)\n", M.text "hits")
    assert.truthy(M.text(7):find "^nothing is known")
  end)
end)
