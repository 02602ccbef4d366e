-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.attached", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.attached") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function titles()
    local list = {}
    for i, one in ipairs(tl.attached()) do list[i] = one.title end
    return list
  end

  it("lists what is there in the order in which it was made", function()
    assert.is_nil(tl.attached())
    tl.on({ "tcp.*", "read" }, function() end)
    local timer = tl.every(2, function() end)
    tl.count { "read", by = "comm" }
    tl.span { start = "openat", stop = "read", key = "tid", name = "held" }
    local sub = tl.on("tcp.close", { where = "sent > 0", comm = "sh", follow = true }, function() end)
    assert.same({ "tcp.*, read", "every 2.00 s", "count of read by comm", "held", "tcp.close" }, titles())
    assert.equal("sent > 0", sub.where)
    assert.equal("comm sh, follow", sub.whose)
    assert.truthy(sub.place:find "attached_spec%.lua:%d+$")
    timer:stop()
    sub:stop()
    assert.same({ "tcp.*, read", "count of read by comm", "held" }, titles())
  end)

  it("knows what is paused", function()
    local sub, calls = tl.on("read", function() end), tl.count { "read" }
    sub:pause()
    calls:pause()
    assert.same({ true, true }, { sub.paused, calls.paused })
    sub:resume()
    calls:resume()
    assert.same({}, { sub.paused, calls.paused })
  end)

  it("lets an aggregate go on that is asked for as before, once", function()
    local old = tl.count { "read", by = "comm" }
    tl.inherit { old }
    assert.equal(old, tl.count { by = "comm", "read" })
    assert.not_equal(old, tl.count { by = "comm", "read" })
    assert.not_equal(old, tl.count { "read", by = "pid" })
    assert.not_equal(old, tl.sum { "read", by = "comm", value = "ret" })
    assert.same({ [old] = true }, tl.inherit(nil))
    assert.not_equal(old, tl.count { "read", by = "comm" })
    assert.same({}, tl.inherit(nil))
  end)

  it("lets no stopped one go on, and spans as well, with what is on them", function()
    local function held() return tl.span { start = "openat", stop = "read", key = "tid" } end
    local span, stopped = held(), tl.count { "read" }
    local times = tl.hist { span, value = "duration" }
    stopped:stop()
    tl.inherit { span, stopped, times }
    assert.not_equal(stopped, tl.count { "read" })
    assert.equal(span, held())
    assert.equal(times, tl.hist { span, value = "duration" })
  end)

  it("takes functions of at_exit back", function()
    local calls = {}
    local function note(text) return function() calls[#calls + 1] = text end end
    tl.at_exit(note "one")
    tl.at_exit(note "two")
    local first
    tl.forget_exits(function(exit) first = first or exit.order return exit.order == first end)
    tl.finish()
    assert.same({ "two" }, calls)
  end)
end)
