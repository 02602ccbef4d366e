-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.limit", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.limit") end)

  local M = fake.load "traceleft.request.limit"

  it("reads how many in which time", function()
    for text, expected in pairs { ["10000/s"] = { 10000, 1000000000 }, ["100/ms"] = { 100, 1000000 },
                                  ["5/10s"] = { 5, 10000000000 }, ["600/m"] = { 600, 60000000000 },
                                  [" 1 / 0.7ms "] = { 1, 700000 }, ["7/h"] = { 7, 3600000000000 },
                                  ["3/2"] = { 3, 2000000000 }, ["1/ns"] = { 1, 1 } } do
      assert.same(expected, { M.parse(text) }, text)
    end
  end)

  it("refuses the rest", function()
    for _, text in ipairs { "", "many", "5", 5, "/s", "0/s", "-5/s", "1.5/s", "99999999999999999999/s" } do
      assert.same({ nil, ("limit: '%s' is no limit; write it as '10000/s'"):format(text) }, { M.parse(text) })
    end
    assert.same({ nil, "limit: '1x' is no duration; write it as 10, 10s, 500ms or 1.5h" }, { M.parse "5/x" })
    assert.same({ nil, "limit: '5/0s': no time at all" }, { M.parse "5/0s" })
    assert.same({ nil, "limit: '5/999999999d': that is too long" }, { M.parse "5/999999999d" })
  end)

  it("puts it into a spec", function()
    local spec = {}
    assert.is_nil(M.set(spec, nil))
    assert.same({}, spec)
    assert.is_nil(M.set(spec, "5/s"))
    assert.same({ limit = 5, limit_ns = 1000000000 }, spec)
    assert.equal("limit: 'x' is no limit; write it as '10000/s'", M.set({}, "x"))
  end)
end)
