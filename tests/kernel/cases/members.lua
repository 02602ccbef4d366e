-- SPDX-License-Identifier: MIT
--- Who joins a target and who leaves it: each process once, before its first event and after its last.

local expect = require "expect"

local function open(name) return "open @n@ /no/such/" .. name end

-- A run that lets the background go, and ends when as many have left as are told to, at the latest after some seconds.
local function script(n, body)
  return ([[
    local left, wanted = 0, %d
    local function note(what) return function(e) row { what = what, pid = e.pid, comm = e.comm, time = e.time } end end
    local enter, gone = note "enter", note "leave"
    local function leave(e) gone(e) left = left + 1 end
    local function show(e)
      if e.pathname and e.pathname:find "^/no/such/" then row { what = "open", pid = e.pid, pathname = e.pathname } end
    end
    %s
    tl.after(0, function() os.execute "@workload@ gate @gates@" end)
    tl.every(0.05, function() if left >= wanted then tl.stop() end end)
    tl.run { duration = 20 }]]):format(n, body)
end

-- What the rows say of one process, in their order: "enter open leave", equal ones once.
local function story(rows, pid)
  local words = {}
  for _, found in ipairs(rows) do
    if found.pid == pid and words[#words] ~= found.what then words[#words + 1] = found.what end
    if found.pid == pid and found.what ~= "open" then words[#words + 1] = "" end
  end
  return (table.concat(words, " "):gsub(" +", " "):gsub(" $", ""))
end

local function stories(expected)
  return function(result)
    local found, pids = {}, {}
    for i, pid in ipairs(result.pids) do
      found[i] = story(result.rows, pid)
      pids[pid] = true
    end
    expect.equal(found, expected, "what was told of each")
    for _, told in ipairs(result.rows) do expect.ok(pids[told.pid], "foreign: %s", expect.show(told)) end
  end
end

local function case(name, background, n, body, expected)
  return { name = "members: " .. name, n = 20, command = false, background = background, script = script(n, body),
           expect = stories(expected) }
end

local BOTH = "on_enter = enter, on_leave = leave"

return {
  case("by name: there before, become later, become another",
       { { "name member1", open "before" }, "name member2 " .. open "later",
         { "name member3", "name other " .. open "left" }, open "other" }, 3,
       ([[tl.on("openat", { comm = "member*", fields = { "pid", "pathname" }, %s }, show)]]):format(BOTH),
       { "enter open leave", "enter open leave", "enter leave", "" }),
  case("by user, who gives it up", { "user 4001 " .. open "in", { "user 4001", "user 4002 " .. open "out" } }, 2,
       ([[tl.on("openat", { uid = 4001, fields = { "pid", "pathname" }, %s }, show)]]):format(BOTH),
       { "enter open leave", "enter leave" }),
  case("of the session's target, and of one of two subscriptions",
       { { "name member1", open "first" }, { "name member2", open "second" } }, 2,
       ([[assert(tl.target { comm = "member1", %s })
          tl.on("openat", { fields = { "pid", "pathname" } }, show)
          tl.on("openat", { comm = "member2", fields = { "pid", "pathname" }, %s }, show)]]):format(BOTH, BOTH),
       { "enter open leave", "enter open leave" }),
  case("as events, with a where", { { "name member1", open "first" }, { "name member2", open "second" } }, 1,
       [[tl.on("target.*", { comm = "member*", where = "comm == 'member2'" }, function(e)
           (e.event == "target.enter" and enter or leave)(e) end)]], { "", "enter leave" }),
  { name = "members: another target while running", background = { open "1", open "2" }, n = 20,
    script = script(3, [[
      local sub = tl.on("openat", { pid = @pid1@, on_enter = enter, on_leave = leave }, show)
      tl.start()
      assert(sub:target { pid = @pid2@ })
      assert(sub:target { pid = { @pid1@, @pid2@ } })
      sub:pause()
      sub:resume()]]), command = false,
    expect = stories { "enter leave enter open leave", "enter open leave" } },
  { name = "members: nobody is told after stop", command = false, background = { open "1" }, n = 20,
    script = script(0, [[
      local sub = tl.on("openat", { pid = @pid1@, on_enter = enter, on_leave = leave }, show)
      tl.start()
      sub:stop()
      tl.on("process.exit", function() end)]]), expect = stories { "" } },
  -- The parent of the one that ends does not wait for it before the run is over.
  { name = "members: who has ended leaves though nobody waits for it, and does not join", limit = 30,
    command = "sh -c '@workload@ name tl-dead true & exec sleep 20'", script = [[
      local function note(what) return function(e) row { what = what, pid = e.pid } end end
      local function join_too_late()
        tl.on("process.exit", { comm = "tl-dead", on_enter = note "enter too late" }, note "exit too late")
      end
      local function leave(e)
        note "leave" (e)
        tl.after(0, join_too_late)
        tl.after(0.3, tl.stop)
      end
      tl.on("process.exit", { comm = "tl-dead", on_enter = note "enter", on_leave = leave }, note "exit")
      tl.run { duration = 15 }]],
    expect = function(result)
      local words = {}
      for i, found in ipairs(result.rows) do words[i] = found.what end
      expect.equal(table.concat(words, " "), "enter exit leave", "what was told")
    end },
  { name = "members: the first thread ends before the others", limit = 30,
    command = "sh -c '@workload@ name tl-lead leader; true'", script = [[
      local function note(what) return function(e) row { what = what, pid = e.pid } end end
      tl.on("process.exit", { comm = "tl-lead", on_enter = note "enter", on_leave = note "leave" }, note "exit")
      tl.run()]],
    expect = function(result)
      local words = {}
      for i, found in ipairs(result.rows) do words[i] = found.what end
      expect.equal(table.concat(words, " "), "enter exit leave", "what was told")
    end },
  { name = "members: limited", command = false, background = { open "1", open "2", open "3" }, script = [[
      local sub = tl.on("target.enter", { pid = { @pid1@, @pid2@, @pid3@ }, limit = "2/h" }, row)
      tl.after(0, function() os.execute "@workload@ gate @gates@" end)
      tl.every(0.05, function() if sub.seen + sub.held == 3 then row { held = sub.held } tl.stop() end end)
      tl.run { duration = 20 }]],
    expect = function(result)
      expect.count(result.rows, { event = "target.enter" }, 2)
      expect.count(result.rows, { held = 1 }, 1)
    end },
  { name = "members: refused", command = false,
    script = [[
      local _, why, name = tl.span { start = "target.enter", stop = "target.leave", key = "pid" }
      row { why = why, name = name }
      row { events = #tl.events "*" > 100, own = #tl.events "target.*" }]],
    status = 3, err = "cannot be",
    expect = function(result)
      expect.equal(result.rows[1], { why = "target.leave: cannot be the end of a span", name = "EOPNOTSUPP" },
                   "refusal")
      expect.equal(result.rows[2], { events = true, own = 2 }, "events")
    end },
  { name = "members: a storm of short processes", n = 5000, run = "exec @n@", options = "-f --ring 64M", limit = 120,
    script = [[
      local who, twice, strange = {}, 0, 0
      local entered, left = 0, 0
      local function key(e) return e.pid .. " " .. e.started end
      local function enter(e)
        entered = entered + 1
        if who[key(e)] then twice = twice + 1 end
        who[key(e)] = "in"
      end
      local function leave(e)
        left = left + 1
        if who[key(e)] ~= "in" then twice = twice + 1 end
        who[key(e)] = "out"
      end
      local function exec(e) if who[e.pid .. " " .. e.time - e.lifetime] ~= "in" then strange = strange + 1 end end
      tl.on("process.exit", { on_enter = enter, on_leave = leave }, exec)
      local function done() row { entered = entered, left = left, twice = twice, strange = strange } end
      tl.at_exit(done)
      tl.run()]],
    expect = function(result)
      local found = result.rows[1]
      expect.equal({ found.entered, found.twice, found.strange }, { result.n + 1, 0, 0 }, "joined, twice, strange")
      -- The run may be over before the last two have left.
      expect.ok(found.left >= result.n - 1 and found.left <= found.entered, "left: %d", found.left)
    end },
}
