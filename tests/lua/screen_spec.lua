-- SPDX-License-Identifier: MIT
describe("traceleft.screen", function()
  it("touches no global", function() assert.same({}, require "fake_core".new_globals "traceleft.screen") end)

  it("says where there is none", function()
    package.loaded["traceleft.screen"] = nil
    assert.error_matches(require "traceleft.screen".open, "only in the program: run this with traceleft%-lua")
  end)

  it("opens that of the program", function()
    package.loaded["traceleft.screen"] = nil
    package.loaded["traceleft.curses"] = { open = function(opts) return opts.mouse, "message", "ENOTTY" end }
    local screen = require "traceleft.screen"
    package.loaded["traceleft.curses"], package.loaded["traceleft.screen"] = nil, nil
    assert.same({ true, "message", "ENOTTY" }, { screen.open { mouse = true } })
  end)
end)
