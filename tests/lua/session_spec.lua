-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function raises(message, fn)
    local ok, raised = pcall(fn)
    assert.is_false(ok)
    assert.equal(message, (raised:gsub("^[^:]*:%d+: ", "")))
  end

  it("has the API as methods, and closes at the end of its block", function()
    local seen = 0
    do
      local session <close> = tl.open { ring = "16M", battery = { "extra/" } }
      assert.same({ ring = 16 << 20, battery = { "extra/" }, spare_readers = true }, fake.session.opts)
      local sub = session:on("tcp.*", function() seen = seen + 1 end)
      fake.at(1, function(core) core:emit { event = "tcp.close" } end)
      assert.equal("duration", session:run { duration = 2 })
      assert.equal(1, sub.seen)
    end
    assert.equal(1, seen)
    assert.is_true(fake.session.closed)
  end)

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

  it("names what is wrong with open", function()
    raises("open: no option 'rings' (did you mean 'ring'?)", function() tl.open { rings = 1 } end)
    raises("open: ring: 'big' is no size; write it as 4096, 64K or 16M", function() tl.open { ring = "big" } end)
    raises("open: channel: 'ring', 'perf' or 'auto' expected, got 'tcp'", function() tl.open { channel = "tcp" } end)
    raises("open: battery: list of files or folders expected", function() tl.open { battery = "x" } end)
    raises("open: replay: boolean expected", function() tl.open { replay = 1 } end)
    raises("open: opts: table expected, got string", function() tl.open "x" end)
    fake.refuse_open = { "extra/: No such file or directory", "ENOENT" }
    assert.same({ nil, "extra/: No such file or directory", "ENOENT" }, { tl.open {} })
  end)

  it("gives args to the callback one by one", function()
    local got
    tl.on("tcp.close", { args = { "sent", "comm" } }, function(...) got = table.pack(...) end)
    fake.at(1, function(core) core:emit { event = "tcp.close", sent = 5, comm = "nc" } end)
    tl.run { duration = 2 }
    assert.same({ n = 2, 5, "nc" }, got)
  end)

  it("lists and describes events", function()
    assert.same({ "tcp.accept", "tcp.close", "tcp.connect", "tcp.listen" }, tl.events "tcp.*")
    assert.equal(13, #tl.events())
    assert.same({ "syscall.poll" }, tl.events "poll")
    assert.same({ "syscall.open", "syscall.openat", "syscall.openat2", "syscall.stat" }, tl.events "%file")
    assert.same({ {}, "no event 'fil' (did you mean 'file'?)" }, { tl.events "fil" })
    assert.equal("tcp.close", tl.describe("tcp.close").name)
    assert.same({ nil, "no event 'x'", "ENOENT" }, { tl.describe "x" })
    table.remove(tl.events "desc")
    assert.equal(6, #tl.events "desc")
    raises("events: pattern: bad glob '[': the [ has no ]", function() tl.events "[" end)
    raises("events: pattern: string expected, got number", function() tl.events(5) end)
    raises("describe: name: string expected, got nil", function() tl.describe() end)
  end)

  it("says what a field means", function()
    local event = { event = "syscall.openat", flags = 524288 }
    assert.equal("O_RDONLY|O_CLOEXEC", tl.text(event, "flags"))
    raises("text: no field 'pathnam' in syscall.openat (did you mean 'pathname'?)",
           function() tl.text(event, "pathnam") end)
    raises("text: event: has no field 'event' that names a known event", function() tl.text({}, "flags") end)
    raises("text: event: table expected, got nil", function() tl.text() end)
  end)

  it("gives all that name no target another one", function()
    tl = fake.load "traceleft"
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
    tl = fake.load "traceleft"
    local sub = tl.on("tcp.*", { comm = "sh" }, function() end)
    local members = tl.targets()
    assert.same({ 5, "sh", "comm sh", sub }, { members[1].pid, members[1].comm, members[1].why,
                                                members[1].subscriptions[1] })
    assert.same({}, members[2].subscriptions)
  end)
end)
