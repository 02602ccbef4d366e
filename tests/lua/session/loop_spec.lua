-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.loop", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.loop") end)

  local tl, log

  before_each(function()
    tl = fake.load "traceleft"
    log = {}
  end)

  local function note(name) return function() log[#log + 1] = name end end
  local function connect(session) session:emit { event = "tcp.connect", pid = 1 } end

  it("ends at once when there is nothing to call", function()
    assert.equal("idle", tl.run())
  end)

  it("ends after the duration, whatever its unit", function()
    tl.on("tcp.*", note "event")
    fake.at(0.5, connect)
    fake.at(5, connect)
    assert.equal("duration", tl.run { duration = "2s" })
    assert.same({ "event" }, log)
    assert.equal(2000000000, fake.now)
  end)

  it("runs timers between events, and at_exit in order", function()
    tl.on("tcp.*", note "event")
    tl.every(1, note "tick")
    tl.after("1500ms", note "once")
    tl.at_exit(note "first")
    tl.at_exit(note "second")
    fake.at(1.2, connect)
    tl.run { duration = 2 }
    assert.same({ "tick", "event", "once", "tick", "first", "second" }, log)
  end)

  it("calls what watches a descriptor that can be read, between events", function()
    tl.on("tcp.*", note "event")
    local watch
    watch = tl.watch(5, function(fd)
      log[#log + 1] = fd
      fake.ready[5] = nil
      if #log > 3 then watch:stop() end
    end)
    fake.at(0.5, connect)
    local function ready() fake.ready[5] = true end
    fake.at(1, ready)
    fake.at(2, connect)
    fake.at(3, ready)
    fake.at(4, ready)
    assert.equal("duration", tl.run { duration = 10 })
    assert.same({ "event", 5, "event", 5 }, log)
  end)

  it("goes on for as long as something is watched", function()
    local watch = tl.watch(5, function() end)
    tl.after(2, function() watch:stop() end)
    assert.equal("idle", tl.run())
    assert.equal(2000000000, fake.now)
  end)

  it("says why a descriptor cannot be watched, and goes on when the wait was interrupted", function()
    tl.watch(5, note "never")
    fake.refuse_wait = { "wait: Interrupted", "EINTR" }
    fake.at(0, function() fake.refuse_wait = { "wait: Bad", "EINVAL" } end)
    assert.same({ nil, "wait: Bad", "EINVAL" }, { tl.run() })
  end)

  it("ends when the last timer and subscription are gone", function()
    local sub = tl.on("tcp.*", note "event")
    tl.after(1, function() sub:stop() end)
    assert.equal("idle", tl.run())
    assert.equal(1000000000, fake.now)
  end)

  it("stops after the callback in hand", function()
    tl.on("tcp.*", function() log[#log + 1] = "event" tl.stop() end)
    fake.at(1, connect)
    fake.at(1, connect)
    assert.equal("stop", tl.run())
    assert.same({ "event" }, log)
  end)

  it("ends in order at Ctrl-C, and delivers what is on its way", function()
    tl.on("tcp.*", note "event")
    tl.at_exit(note "exit")
    fake.at(1, function() fake.signals = 1 end)
    fake.at(1, connect)
    assert.equal("signal", tl.run())
    assert.same({ "event", "exit" }, log)
    assert.is_false(fake.catching)
  end)

  it("gives up at once at the second Ctrl-C", function()
    tl.on("tcp.*", note "event")
    tl.at_exit(function() fake.signals = 2 end)
    tl.at_exit(note "never")
    fake.at(1, function() fake.signals = 1 end)
    local ok, raised = pcall(tl.run)
    assert.is_false(ok)
    assert.equal(130, raised.exit)
    assert.same({}, log)
    assert.is_false(fake.catching)
  end)

  it("ends with the command, and delivers what it left", function()
    local child = { wait = function() return fake.now >= 1e9 and { exit = 0 } or nil end,
                    release = function() fake.at(0.5, connect) fake.at(1, connect) end }
    tl.defaults { pids = { 77 }, at_exec = true, child = child }
    tl.on("tcp.*", note "event")
    assert.equal("child", tl.run())
    assert.same({ "event", "event" }, log)
    assert.same({ 77 }, fake.session.subs[1].spec.pids)
    assert.is_true(fake.session.subs[1].spec.at_exec)
  end)

  it("shows an error of a callback once for each place, counts it, and goes on", function()
    tl.on("tcp.*", function() error "bad\27" end)
    tl.after(3, function() error({}) end)
    for i = 1, 2 do fake.at(i, connect) end
    local text = fake.stderr(function() assert.equal("duration", tl.run { duration = 4 }) end)
    assert.equal(3, tl.errors())
    local _, times = text:gsub("traceleft: error in a callback", "")
    assert.equal(2, times)
    assert.truthy(text:find("^traceleft: error in a callback %(shown once%): .-loop_spec.lua:%d+: bad\\x1b\n"
                            .. "stack traceback:"))
  end)

  it("lets an exit of a callback end the run in order", function()
    local exit = require "traceleft.exit"
    tl.on("tcp.*", function() exit.raise(1, "out.json: No space left on device") end)
    tl.at_exit(note "exit")
    fake.at(1, connect)
    local _, raised = pcall(tl.run)
    assert.equal("out.json: No space left on device", raised.message)
    assert.same({ "exit" }, log)
    assert.equal(0, tl.errors())
  end)

  it("hands back what the kernel refused", function()
    tl.on("tcp.*", note "event")
    fake.refuse_start = { "no privileges: run as root", "EPERM" }
    assert.same({ nil, "no privileges: run as root", "EPERM" }, { tl.run() })
    assert.same({ "no privileges: run as root", "EPERM" }, { tl.refusal() })
    assert.is_false(fake.catching)
    fake.refuse_start, fake.refuse_poll = nil, { "poll: broken", "EIO" }
    assert.same({ nil, "poll: broken", "EIO" }, { tl.run() })
  end)

  it("may be run again", function()
    tl.at_exit(note "exit")
    tl.after(1, note "one")
    tl.run()
    tl.after(1, note "two")
    tl.run()
    assert.same({ "one", "exit", "two" }, log)
  end)
end)
