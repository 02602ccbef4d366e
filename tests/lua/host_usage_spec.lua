-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.usage", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.usage") end)

  local M, help, options
  before_each(function()
    M, help, options = fake.load "host.usage", require "host.help", require "host.options"
  end)

  -- Each option that the help names, and whether it says that there is a value.
  local function told()
    local names = {}
    for _, section in ipairs(help.sections) do
      for _, row in ipairs { table.unpack(section, 2) } do
        for term in (row[1] .. ", "):gmatch "(%-.-), " do
          names[term:match "^%S+"] = term:find "^%-%S+ [^%[]" ~= nil
        end
      end
    end
    return names
  end

  it("tells of all options that are read, and of no other", function()
    local known, in_help = options.known(), told()
    known["-i"] = in_help["-i"] -- refused so far
    assert.same(known, in_help)
  end)

  it("fits the terminal", function()
    for _, width in ipairs { 60, 80, 112 } do
      for line in M.text(width):gmatch "[^\n]+" do
        assert.is_true(utf8.len(line) <= width or line:find "^  traceleft%-lua " ~= nil, line)
      end
    end
    assert.equal(M.text(112), M.text(300))
  end)

  it("begins with name, answer and usage, and ends with the statuses", function()
    assert.equal(1, (M.text(80):find("traceleft-lua - trace processes of this machine with Lua\n\nUsage: ", 1, true)))
    assert.truthy(M.text(112):find "Exit status: 0 all went well; .*; 3 it could not trace%.\n$")
  end)
end)
