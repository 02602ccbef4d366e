-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.tabulate", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.tabulate") end)

  local M = fake.load "traceleft.tabulate"
  local TITLES = { { "COUNT", right = true }, { "COMM" }, { "PATH" } }

  it("makes columns as wide as what is in them", function()
    assert.equal([[
  COUNT COMM            PATH
1234567 systemd-journal /etc/a
      2 ä\x1b[2J        -
]], M.text(TITLES, { { "1234567", "systemd-journal", "/etc/a" }, { "2", "ä\27[2J", "-" } }, 80))
  end)

  it("gives long texts no more than the terminal has, and cuts nothing", function()
    local long = ("x"):rep(60)
    local rows = { { "1", long, "a" }, { "2", "short", "b" } }
    assert.equal("COUNT COMM" .. (" "):rep(57) .. "PATH\n    1 " .. long .. " a\n    2 short" .. (" "):rep(56) .. "b\n",
                 M.text(TITLES, rows, 200))
    assert.equal("COUNT COMM" .. (" "):rep(26) .. "PATH\n    1 " .. long .. " a\n    2 short" .. (" "):rep(25) .. "b\n",
                 M.text(TITLES, rows, 40))
  end)

  it("has a number alone on the right too", function()
    assert.equal("AVG\n  5\n", M.text({ { "AVG", right = true } }, { { "5" } }, 80))
  end)
end)
