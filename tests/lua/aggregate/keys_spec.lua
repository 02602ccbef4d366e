-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.keys", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.keys") end)

  local M = fake.load "traceleft.aggregate.keys"
  local key = table.pack

  it("tells all keys apart", function()
    local seen = {}
    for _, one in ipairs { key(), key(nil), key(nil, nil), key "1", key(1), key(1.0), key(true), key "true", key "nil",
                           key("a", "b"), key "a1:b", key "as1:b", key("", "ab"), key("ab", "") } do
      local text = M.pack(one)
      assert.is_nil(seen[text], text)
      seen[text] = true
    end
    assert.not_equal(M.pack(key "a"), M.pack(key "a", { true }))
    assert.equal(M.pack(key("a", nil, 3)), M.pack { n = 3, "a", nil, 3 })
  end)

  it("puts them in order", function()
    local list = { key("b", 1), key "b", key "a", key(10), key(9), key(false), key(nil), key("a", nil), key("a", 2) }
    table.sort(list, M.less)
    assert.same({ key(nil), key(false), key(9), key(10), key "a", key("a", nil), key("a", 2), key "b", key("b", 1) },
                list)
    assert.is_false(M.less(key "a", key "a"))
  end)

  it("takes lists for what is in them", function()
    assert.equal(M.pack(key { "a", "b" }), M.pack(key { "a", "b" }))
    assert.not_equal(M.pack(key { "a", "b" }), M.pack(key { "ab" }))
    assert.not_equal(M.pack(key { "1:a" }), M.pack(key "1:a"))
    assert.is_false(M.less(key { "a", "b" }, key { "a", "b" }))
    assert.is_true(M.less(key({ "a" }, 1), key({ "a" }, 2)))
    assert.is_true(M.less(key { "a" }, key { "b" }))
  end)

  it("unpacks what is missing as -", function()
    assert.same({ "-", 5, "-" }, { M.unpack(key(nil, 5, nil)) })
    assert.same({}, { M.unpack(key()) })
  end)
end)
