-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

-- What a tool writes when it is run with these words while that happens; `before` is called when the library is loaded.
local function run(path, words, happenings, before)
  fake.load "traceleft"
  if before then before() end
  for i, event in ipairs(happenings or {}) do
    fake.at(i, function(session)
      event.time, event.pid, event.ppid, event.uid, event.comm = i * 1000000000, 42, 1, 0, event.comm or "cat"
      session:emit(event)
    end)
  end
  fake.at(9, function() fake.signals = 1 end)
  local real_out, real_arg, file = io.stdout, arg, fake.file()
  io.stdout, _G.arg = file, words
  local ok, raised = pcall(dofile, path)
  io.stdout, _G.arg = real_out, real_arg
  return file.text, not ok and raised or nil
end

local function at(second) return os.date("%H:%M:%S", second) end

describe("scripts/opensnoop.lua", function()
  local OPENS = {
    { event = "syscall.openat", ret = 3, pathname = "/etc/passwd" },
    { event = "syscall.openat", ret = -2, error = "ENOENT", pathname = "/no\27", comm = "sh" },
  }
  it("shows opens", function()
    assert.equal(([[
TIME         PID COMM              FD ERROR    PATH
%s      42 cat                3 -        /etc/passwd
%s      42 sh                 - ENOENT   /no\x1b
]]):format(at(1), at(2)), (run("scripts/opensnoop.lua", {}, OPENS)))
  end)
  it("leaves to the kernel what is not asked for", function()
    run("scripts/opensnoop.lua", { "-x", "-C", "cat" })
    local spec = fake.session.subs[1].spec
    assert.equal("ret < 0", spec.where)
    assert.same({ kind = "comm", texts = { "cat" } }, spec.target)
  end)
  it("speaks JSON", function()
    assert.equal('{"event":"syscall.openat","time":1000000000,"pid":42,"ppid":1,"uid":0,"comm":"sh","ret":-2,'
      .. '"error":"ENOENT","pathname":"/no\\u001b"}\n', (run("scripts/opensnoop.lua", { "--json" }, { OPENS[2] })))
  end)
end)

describe("scripts/execsnoop.lua", function()
  it("shows programs and their arguments", function()
    assert.equal(([[
TIME         PID    PPID   UID COMM            ARGS
%s      42       1     0 ls              ls -l "a b" "" …
%s      42       1     0 sh              ?
]]):format(at(1), at(2)), (run("scripts/execsnoop.lua", {}, {
      { event = "process.exec", comm = "ls", argv = { "ls", "-l", "a b", "" }, cut = { "argv" } },
      { event = "process.exec", comm = "sh", unread = { "argv" } },
    })))
  end)
end)

describe("scripts/netwatch.lua", function()
  local function tcp(name, more)
    more.event, more.saddr, more.sport, more.comm = "tcp." .. name, "10.0.0.1", 5000, "nc"
    return more
  end
  local EVENTS = {
    tcp("listen", { backlog = 5 }),
    tcp("connect", { daddr = "10.0.0.2", dport = 443, outcome = 1, duration = 1200000 }),
    tcp("connect", { daddr = "::1", dport = 1, outcome = 2, error = "ECONNREFUSED", duration = 80000 }),
    tcp("accept", { daddr = "10.0.0.3", dport = 999, duration = 50000 }),
    tcp("close", { daddr = "10.0.0.2", dport = 443, sent = 12, received = 2048, lifetime = 2500000000 }),
  }
  it("shows connections, and sums up", function()
    assert.equal(([[
TIME     EVENT       PID COMM            LOCAL                 PEER                  RESULT
%s listen       42 nc              10.0.0.1:5000         -                     backlog 5
%s connect      42 nc              10.0.0.1:5000         10.0.0.2:443          established 1.20 ms
%s connect      42 nc              10.0.0.1:5000         [::1]:1               ECONNREFUSED 80.0 µs
%s accept       42 nc              10.0.0.1:5000         10.0.0.3:999          waited 50.0 µs
%s close        42 nc              10.0.0.1:5000         10.0.0.2:443          2.50 s, 12 out, 2.0K in

connects 2, accepts 1, closes 1, listens 1
failures 1 (1 ECONNREFUSED)
12 B sent, 2.0 KiB received
top peers: 1 10.0.0.2:443, 1 10.0.0.3, 1 [::1]:1
]]):format(at(1), at(2), at(3), at(4), at(5)), (run("scripts/netwatch.lua", {}, EVENTS)))
  end)
  it("leaves to the kernel what is not asked for", function()
    local function where(...)
      run("scripts/netwatch.lua", { ... })
      return fake.session.subs[1].spec.where
    end
    assert.is_nil(where())
    assert.equal("sport == 443 or dport == 443", where("-P", "443"))
    assert.equal("saddr == '::/0' or daddr == '::/0'", where("-a", "::/0"))
    assert.equal("error ~= nil or outcome == abandoned", where("-x"))
    assert.equal("(sport == 1 or dport == 1) and (error ~= nil or outcome == abandoned)", where("-x", "-P", "1"))
    where("-C", "curl")
    assert.same({ kind = "comm", texts = { "curl" } }, fake.session.subs[1].spec.target)
  end)
  it("ends its JSON with the summary", function()
    assert.equal('{"accept":0,"close":0,"connect":0,"event":"netwatch.summary","failed":0,"failures":[],"listen":0,'
      .. '"peers":[],"received":0,"sent":0}\n', (run("scripts/netwatch.lua", { "--json" })))
  end)
end)

local function tools()
  local pipe <close> = assert(io.popen "cd scripts && ls *.lua")
  return pipe:read("a"):gmatch "(%S+)%.lua"
end

describe("every tool", function()
  for name in tools() do
    local path = "scripts/" .. name .. ".lua"
    it(name .. " says with -h what it answers, with examples", function()
      local text, raised = run(path, { "-h" })
      assert.equal("", text)
      assert.equal(0, raised.exit)
      assert.truthy(raised.message:find("?\n", 1, true))
      assert.truthy(raised.message:find("Examples:", 1, true))
      assert.truthy(raised.message:find("Overhead:", 1, true))
    end)
    it(name .. " ends with 2 on wrong usage, and when nothing would follow", function()
      local _, raised = run(path, { "--no-such" })
      assert.equal(2, raised.exit)
      _, raised = run(path, { "-p", "none" })
      assert.equal(2, raised.exit)
      if raised.message:find "unknown option" then return end -- packets have no process
      assert.equal(name .. ": --pid: 'none' is no process id; '" .. name .. " -h' tells more", raised.message)
    end)
    it(name .. " is in scripts/README.md", function()
      local file <close> = assert(io.open "scripts/README.md")
      assert.truthy(file:read("a"):find("[" .. name .. "](" .. name .. ".lua)", 1, true))
    end)
  end
end)

-- The columns that a tool shows on a terminal of 80. What the fake does not know is to it as an open.
local function columns_of(path, words)
  local found
  run(path, words, nil, function()
    fake.columns = 80
    local tl, columns = require "traceleft", require "traceleft.columns"
    local describe, new = tl.describe, columns.new
    tl.describe = function(name) return describe(name) or describe "syscall.openat" end
    columns.new = function(...)
      found = new(...)
      return found
    end
  end)
  return found
end

-- Words that tools need to show rows, and those with which they show others.
local NEEDED = { spyfile = { "/x" }, pagefaults = { "-a" } }
local OTHERS = { sigsnoop = { "-D" }, execsnoop = { "-x" }, tcpdrop = { "--all" } }

describe("rows on a terminal of 80 columns", function()
  local function check(name, words)
    local path = "scripts/" .. name .. ".lua"
    it("have all that " .. table.concat({ name, table.unpack(words) }, " ") .. " shows", function()
      local shown = columns_of(path, words)
      local last, sum = shown.specs[#shown.specs], 0
      for i, spec in ipairs(shown.specs) do
        assert.is_true(#spec[1] <= (shown.widths[i] or 0) or spec == last, spec[1] .. " is wider than its column")
        if spec ~= last then sum = sum + shown.widths[i] + 1 end
        if spec[1] == "LOCAL" or spec[1] == "PEER" then assert.is_true(shown.widths[i] >= #"192.168.100.200:54321") end
        if spec[1] == "COMM" then assert.is_true(shown.widths[i] >= 8) end
      end
      assert.is_true(sum + math.max(#last[1], last.least or last[2] or 12) <= 80, "wider than 80")
    end)
  end
  for name in tools() do
    local file <close> = assert(io.open("scripts/" .. name .. ".lua"))
    if file:read("a"):find("report.lines", 1, true) then
      check(name, NEEDED[name] or {})
      if OTHERS[name] then check(name, OTHERS[name]) end
    end
  end
end)

describe("examples/hello.lua", function()
  it("runs", function()
    local real, lines = print, {}
    _G.print = function(...) lines[#lines + 1] = table.concat({ ... }, " ") end
    local _, raised = run("examples/hello.lua", {}, {
      { event = "syscall.openat", ret = 3, pathname = "/etc/passwd" },
      { event = "syscall.openat", ret = -2, error = "ENOENT", pathname = "/no" },
    })
    _G.print = real
    assert.is_nil(raised)
    assert.same({ at(2) .. ".000000 cat /no ENOENT" }, lines)
  end)
end)
