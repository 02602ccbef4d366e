-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.args.sets", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.args.sets") end)

  local M = fake.load "traceleft.args.sets"

  it("has sets whose options all have a doc", function()
    for _, set in ipairs { M.WHICH, M.OUTPUT } do
      for _, option in ipairs(set) do assert.truthy(option[1]:find "^%-" and #option[2] > 0) end
    end
  end)

  it("makes no target of nothing", function()
    local opts = {}
    assert.is_nil(M.WHICH.finish(opts))
    assert.is_nil(opts.target)
  end)

  it("lets one form of output be chosen", function()
    assert.is_nil(M.OUTPUT.finish { csv = true })
    assert.equal("--csv and --format: give one of them", M.OUTPUT.finish { csv = true, format = {} })
  end)
end)
