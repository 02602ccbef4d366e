-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.running", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.running") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function raises(message, fn, ...)
    local ok, raised = pcall(fn, ...)
    assert.is_false(ok)
    assert.equal(message, (raised:gsub("^[^:]*:%d+: ", "")))
  end

  local function nothing() end

  it("names the wrong argument", function()
    local syntax = "'x' is no duration; write it as 10, 10s, 500ms or 1.5h"
    raises("every: seconds: " .. syntax, function() tl.every("x", nothing) end)
    raises("every: seconds: must be more than 0", function() tl.every(0, nothing) end)
    raises("after: fn: function expected, got nil", function() tl.after(1) end)
    raises("watch: fd: 'x' is no file descriptor", function() tl.watch("x", nothing) end)
    raises("watch: fn: function expected, got nil", function() tl.watch(0) end)
    raises("at_exit: fn: function expected, got nil", function() tl.at_exit() end)
    raises("run: no option 'durations' (did you mean 'duration'?)", function() tl.run { durations = 1 } end)
    raises("run: duration: " .. syntax, function() tl.run { duration = "x" } end)
    raises("run: opts: table expected, got number", function() tl.run(5) end)
    raises("poll: seconds: " .. syntax, function() tl.poll "x" end)
  end)

  it("points at the caller's line", function()
    for _, fn in ipairs { function() tl.every(0, nothing) end, function() tl.after(1) end, function() tl.run(5) end } do
      local _, raised = pcall(fn)
      assert.equal("running_spec.lua:" .. debug.getinfo(fn, "S").linedefined, raised:match "([%w_]+%.lua:%d+): ")
    end
  end)

  it("is not run inside itself", function()
    local message
    tl.after(1, function() message = select(2, pcall(tl.run)) end)
    tl.run()
    assert.equal("run: the session is running already", message)
  end)

  it("answers with the refusal when nothing else is left", function()
    fake.load "traceleft"
    tl = require "traceleft"
    fake.refuse_subscribe = { "no process 99", "ESRCH" }
    assert.same({ nil, "no process 99", "ESRCH" }, { tl.on("tcp.*", { pid = 99 }, nothing) })
    assert.same({ nil, "no process 99", "ESRCH" }, { tl.run() })
  end)

  it("forgets a refusal when the script went on without it", function()
    fake.refuse_subscribe = { "no process 99", "ESRCH" }
    tl.on("tcp.*", { pid = 99 }, nothing)
    fake.refuse_subscribe = nil
    tl.after(1, nothing)
    assert.equal("idle", tl.run())
    assert.is_nil(tl.refusal())
  end)

  it("takes the shorter one of the script's and the program's duration", function()
    tl.defaults { duration = 3 }
    tl.on("tcp.*", nothing)
    assert.equal("duration", tl.run())
    assert.equal(3000000000, fake.now)
    tl.run { duration = 9 }
    assert.equal(6000000000, fake.now)
    tl.run { duration = 1 }
    assert.equal(7000000000, fake.now)
  end)

  it("serves another event loop", function()
    local ticks = 0
    tl.every(0.01, function() ticks = ticks + 1 end)
    assert.is_true(tl.start())
    assert.equal(7, tl.fd())
    assert.equal(0, tl.poll())
    assert.equal(0, tl.poll(1))
    assert.equal(1, ticks)
    assert.same({ 0, 10 }, fake.polls)
  end)

  it("tells another event loop when a timer is due", function()
    assert.is_nil(tl.due())
    tl.on("tcp.*", nothing)
    assert.is_nil(tl.due())
    tl.after(2.5, nothing)
    assert.equal(2.5, tl.due())
    fake.now = 3000000000
    assert.equal(0, tl.due())
  end)

  it("hands the exit of a callback to another event loop", function()
    local exit = require "traceleft.exit"
    tl.after(0, function() exit.raise(4, "enough") end)
    local ok, raised = pcall(tl.poll)
    assert.is_false(ok)
    assert.equal(4, raised.exit)
    assert.equal(0, tl.poll())
  end)

  it("ends another event loop in order: what has come is delivered, then come the functions of at_exit", function()
    local calls = {}
    tl.on("tcp.close", function() calls[#calls + 1] = "event" end)
    tl.at_exit(function() calls[#calls + 1] = "exit" end)
    fake.at(0, function(session) session:emit { event = "tcp.close" } end)
    tl.finish()
    assert.same({ "event", "exit" }, calls)
    assert.is_true(fake.session.quiet)
    assert.is_false(fake.catching)
    tl.finish()
    assert.same({ "event", "exit" }, calls)
  end)

  it("has nothing to end without a session", function()
    assert.is_nil(tl.finish())
    assert.is_nil(fake.session)
  end)
end)
