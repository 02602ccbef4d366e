-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.call.struct", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.call.struct") end)

  local M = fake.load "traceleft.call.struct"
  local asked

  local function teller(head, ...)
    local fields = {}
    for i, name in ipairs { ... } do fields[i] = { name = name, type = "u32", meaning = "" } end
    asked = {}
    return M.teller({ name = head, head = { name = head, type = "u64", meaning = "ptr" }, fields = fields }, fields,
      function(field)
        asked[#asked + 1] = field.name
        return function(event) return tostring(event[field.name] or "?") end
      end)
  end

  it("shows members by name", function()
    local text = teller("p", "a", "b", "c")
    assert.equal("{a=1, c=0}", text { p = 1, a = 1, c = 0 })
    assert.equal("{a=1, b=?}", text { p = 1, a = 1, unread = { "b" } })
  end)

  it("shows the address of what is not there", function()
    local text = teller("p", "a", "b")
    assert.equal("0x10", text { p = 16 })
    assert.equal("NULL", text { p = 0 })
    assert.equal("0x10", text { p = 16, unread = { "a", "b" } })
    assert.equal("?", text { unread = { "a", "b" } })
    assert.equal("NULL", text {})
  end)

  it("takes away what only tells apart two structs of one call", function()
    assert.equal("{cur=1, max=2}", teller("p", "old_cur", "old_max") { old_cur = 1, old_max = 2 })
    assert.equal("{value=1}", teller("p", "new_value") { new_value = 1 })
    assert.equal("{old_cur=1, max=2}", teller("p", "old_cur", "max") { old_cur = 1, max = 2 })
    assert.equal("{rlim_cur=1}", teller("rlim", "rlim_cur") { rlim_cur = 1 })
  end)

  it("asks for no member of a long one that it does not show", function()
    local text = teller("p", "st_dev", "st_mode", "st_size", "st_rdev", "st_uid")
    assert.same({ "st_mode", "st_size", "st_rdev" }, asked)
    assert.equal("{st_mode=1, st_size=2, …}", text { st_mode = 1, st_size = 2, st_rdev = 0, st_uid = 9 })
    assert.equal("{st_mode=1, st_rdev=3, …}", text { st_mode = 1, st_size = 2, st_rdev = 3 })
    text = teller("p", "old_st_mode", "old_st_size", "old_st_uid")
    assert.equal("{st_mode=1, st_size=2, …}", text { old_st_mode = 1, old_st_size = 2 })
  end)
end)
