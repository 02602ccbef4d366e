-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.targeting", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.targeting") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function raises(message, fn)
    local ok, raised = pcall(fn)
    assert.is_false(ok)
    assert.equal(message, (raised:gsub("^[^:]*:%d+: ", "")))
  end

  it("tells who joins and leaves its target, in one subscription at a time", function()
    local function enter() end
    local function leave() end
    assert.is_true(tl.target { comm = "sh", on_enter = enter })
    local first = fake.session.subs[1]
    assert.same({ "target.enter" }, first.spec.events)
    assert.same({ kind = "comm", texts = { "sh" } }, first.spec.target)
    assert.is_true(tl.target { comm = "ed", on_leave = leave })
    assert.same({ "target.leave" }, fake.session.subs[2].spec.events)
    assert.is_true(first.stopped)
    assert.is_true(tl.target { comm = "ed" })
    assert.is_true(fake.session.subs[2].stopped)
    assert.equal(2, #fake.session.subs)
    raises("target: on_enter: of which processes? give a target such as comm = 'sh'",
           function() tl.target { no = { comm = "sh" }, on_enter = enter } end)
  end)

  it("gives all that name no target another one", function()
    local function fn() end
    tl.on("tcp.*", fn)
    tl.on("tcp.*", { comm = "ls" }, fn)
    assert.is_true(tl.target { comm = "sh" })
    tl.on("tcp.*", fn)
    local targets = {}
    for i, sub in ipairs(fake.session.subs) do targets[i] = sub.spec.target.texts[1] end
    assert.same({ "sh", "ls", "sh" }, targets)
    assert.same({ nil, "cgroups: none are mounted here", "ENOENT" }, { tl.target { unit = "x" } })
  end)

  it("tells who is in, and of which subscriptions", function()
    local sub = tl.on("tcp.*", { comm = "sh" }, function() end)
    local members = tl.targets()
    assert.same({ 5, "sh", "comm sh", sub }, { members[1].pid, members[1].comm, members[1].why,
                                                members[1].subscriptions[1] })
    assert.same({}, members[2].subscriptions)
  end)
end)
