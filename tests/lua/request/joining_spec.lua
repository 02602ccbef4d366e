-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.joining", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.joining") end)

  local tl, seen
  before_each(function()
    tl = fake.load "traceleft"
    seen = {}
  end)

  local function note(what) return function(e) seen[#seen + 1] = what .. e.pid end end

  local function on(opts)
    opts.on_enter, opts.on_leave = opts.on_enter or note "enter ", opts.on_leave or note "leave "
    return tl.on("process.exec", opts, note "exec ")
  end

  it("tells who joins and who leaves, by a subscription of its own that comes first", function()
    on { comm = "sh", fields = { "pid" } }
    local own, main = fake.session.subs[1].spec, fake.session.subs[2].spec
    assert.same({ "target.enter", "target.leave" }, own.events)
    assert.same(main.target, own.target)
    assert.is_nil(own.fields)
    assert.is_nil(main.joining)
    for _, event in ipairs { "target.enter", "process.exec", "target.leave" } do
      fake.session:emit { event = event, pid = 7 }
    end
    assert.same({ "enter 7", "exec 7", "leave 7" }, seen)
  end)

  it("asks for the event alone that is wanted", function()
    tl.on("process.exec", { pid = { 7, 8 }, follow = true, on_leave = print }, print)
    local own = fake.session.subs[1].spec
    assert.same({ { "target.leave" }, { 7, 8 }, true }, { own.events, own.pids, own.follow })
  end)

  it("goes with the subscription: to another target, and to its end, but not into a pause", function()
    local sub = on { comm = "sh" }
    local own, main = fake.session.subs[1], fake.session.subs[2]
    assert.is_true(sub:target { uid = 5 })
    assert.same({ kind = "uid", numbers = { 5 } }, own.spec.target)
    assert.same(main.spec.target, own.spec.target)
    sub:pause()
    assert.is_nil(own.paused)
    sub:stop()
    assert.is_true(own.stopped and main.stopped)
  end)

  it("follows the target of the session when the subscription does", function()
    tl.target { comm = "sh" }
    tl.on("process.exec", { on_enter = print }, print)
    tl.target { comm = "ed" }
    assert.same({ kind = "comm", texts = { "ed" } }, fake.session.subs[1].spec.target)
    assert.same({ kind = "comm", texts = { "ed" } }, fake.session.subs[2].spec.target)
  end)

  it("refuses targets that only leave some out", function()
    local no = { no = { comm = "sh" } }
    for _, spec in ipairs { no, { any = { { uid = 0 }, no } }, { all = { no, no } } } do
      local ok, message = pcall(on, { target = spec })
      assert.is_false(ok)
      assert.truthy(message:find("on_enter: of which processes?", 1, true))
    end
    on { target = { all = { no, { uid = 0 } } } }
  end)

  it("leaves nothing when the subscription is refused", function()
    tl.stats()
    local subscribe = fake.session.subscribe
    fake.session.subscribe = function(...)
      if #fake.session.subs == 1 then return nil, "no room", "ENOSPC" end
      return subscribe(...)
    end
    local sub, message = on { comm = "sh" }
    assert.same({ nil, "no room" }, { sub, message })
    assert.is_true(fake.session.subs[1].stopped)
  end)
end)
