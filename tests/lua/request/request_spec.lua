-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.request", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.request") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function fn() end
  local function spec() return fake.session.subs[1].spec end

  local function wrong(message, ...)
    local args = table.pack(...)
    local ok, raised = pcall(function() tl.on(table.unpack(args, 1, args.n)) end)
    assert.is_false(ok)
    assert.equal(message, (raised:gsub("^[^:]*:%d+: ", "")))
  end

  it("takes a name or a list, with or without options", function()
    tl.on("tcp.*", fn)
    assert.same({ events = { "tcp.*" }, fn = fn }, spec())
    fake.load "traceleft"
    require "traceleft".on({ "tcp.close", "process.*" }, { pid = 7, follow = true, fields = { "comm", "sent" } }, fn)
    assert.same({ events = { "tcp.close", "process.*" }, fn = fn, pids = { 7 }, follow = true,
                  fields = { "comm", "sent" } }, spec())
  end)

  it("takes args and a list of processes", function()
    tl.on("syscall.read", { pid = { 7, 8 }, args = { "comm", "ret" } }, fn)
    assert.same({ events = { "syscall.read" }, fn = fn, pids = { 7, 8 }, args = { "comm", "ret" } }, spec())
  end)

  it("takes classes and bare system calls, as the core's names", function()
    tl.on({ "%desc", "openat", "tcp.*" }, { payload = 0 }, fn)
    assert.same({ events = { "syscall.open", "syscall.openat", "syscall.openat2", "syscall.poll", "syscall.read",
                             "syscall.fstat", "syscall.openat", "tcp.*" }, fn = fn, payload = 0 }, spec())
    tl.on("stat", { fields = { "st_mode" } }, fn)
    assert.same({ "syscall.stat" }, fake.session.subs[2].spec.events)
  end)

  it("takes a target, or the words of one among the options", function()
    local sh = { kind = "comm", texts = { "sh" } }
    tl.on("tcp.*", { comm = "sh" }, fn)
    tl.on("tcp.*", { target = { comm = "sh", self = true } }, fn)
    assert.same({ events = { "tcp.*" }, fn = fn, target = sh }, spec())
    assert.same({ events = { "tcp.*" }, fn = fn, target = sh, self = true }, fake.session.subs[2].spec)
    wrong("on: target: say 'comm' in it too, not beside it", "tcp.*", { target = { uid = 0 }, comm = "sh" }, fn)
    wrong("on: uid: 'x' is no number of a user or group; say user = 'x'", "tcp.*", { uid = "x" }, fn)
    local sub, message, name = tl.on("tcp.*", { unit = "x" }, fn)
    assert.same({ nil, "cgroups: none are mounted here", "ENOENT" }, { sub, message, name })
  end)

  it("names what is wrong with on_enter and on_leave", function()
    wrong("on: on_enter: function expected, got string", "tcp.*", { comm = "sh", on_enter = "x" }, fn)
    wrong("on: on_leave: of which processes? give a target such as comm = 'sh'", "tcp.*", { on_leave = fn }, fn)
  end)

  it("follows the program's target if it is asked to", function()
    tl.defaults { target = { comm = "sh" } }
    tl.on("tcp.*", { follow = true }, fn)
    assert.equal("follow", spec().target.kind)
  end)

  it("takes the program's target when it names none", function()
    tl.defaults { pids = { 5 }, follow = true }
    tl.on("tcp.*", fn)
    assert.same({ 5 }, spec().pids)
    assert.is_true(spec().follow)
    tl.on("tcp.*", { pid = 6 }, fn)
    assert.same({ 6 }, fake.session.subs[2].spec.pids)
    assert.is_nil(fake.session.subs[2].spec.follow)
  end)

  it("names what is wrong with the events", function()
    wrong("on: names: list of names expected, got nil", nil, fn)
    wrong("on: names: the list is empty", {}, fn)
    wrong("on: names[2]: name expected, got number", { "tcp.*", 5 }, fn)
    wrong("on: names: no event 'syscall.opnat' (did you mean 'syscall.openat'?)", "syscall.opnat", fn)
    wrong("on: names: no event matches 'udp.*'", "udp.*", fn)
    wrong("on: names: no event 'fiel' (did you mean 'file'?)", "fiel", fn)
    wrong("on: names: no class 'fiel' (did you mean '%file'?)", "%fiel", fn)
    wrong("on: names: bad glob 'tcp.[': the [ has no ]", "tcp.[", fn)
  end)

  it("names what is wrong with the options", function()
    wrong("on: no option 'folow' (did you mean 'follow'?)", "tcp.*", { folow = true }, fn)
    wrong("on: opts: table expected, got number", "tcp.*", 5, fn)
    wrong("on: fn: function expected, got nil", "tcp.*")
    wrong("on: fn: function expected, got nil", "tcp.*", {})
    wrong("on: follow: boolean expected, got number", "tcp.*", { follow = 1 }, fn)
    wrong("on: follow: of no process; give pid too", "tcp.*", { follow = true }, fn)
    for _, payload in ipairs { -1, 4097, 1.5, "9" } do
      wrong(("on: payload: '%s' is no number of bytes from 0 to 4096"):format(payload), "tcp.*",
            { payload = payload }, fn)
    end
    wrong("on: pid: '0' is no process id", "tcp.*", { pid = 0 }, fn)
    wrong("on: pid: '7' is no process id", "tcp.*", { pid = { 1, "7" } }, fn)
    wrong("on: pid: the list is empty", "tcp.*", { pid = {} }, fn)
  end)

  it("names what is wrong with the fields", function()
    wrong("on: fields and args: give one of them", "tcp.*", { fields = { "comm" }, args = { "comm" } }, fn)
    wrong("on: fields: the list is empty", "tcp.*", { fields = {} }, fn)
    wrong("on: args: list of names expected, got number", "tcp.*", { args = 5 }, fn)
    wrong("on: fields: no field 'pathnam' in syscall.openat (did you mean 'pathname'?)", "syscall.openat",
          { fields = { "comm", "pathnam" } }, fn)
    wrong("on: args: no field 'xyz' in tcp.accept", "tcp.*", { args = { "sent", "xyz" } }, fn)
  end)

  it("hands on what the kernel decides", function()
    tl.on("tcp.*", { where = "dport == port", vars = { port = 443 }, limit = "600/m" }, fn)
    assert.same({ events = { "tcp.*" }, fn = fn, where = "dport == port", vars = { port = 443 }, limit = 600,
                  limit_ns = 60000000000 }, spec())
  end)

  it("names what is wrong with what the kernel decides", function()
    wrong("on: where: expression in a string expected, got function", "tcp.*", { where = fn }, fn)
    wrong("on: vars: table expected, got string", "tcp.*", { vars = "port" }, fn)
    wrong("on: limit: '600' is no limit; write it as '10000/s'", "tcp.*", { limit = 600 }, fn)
    wrong("on: limit: '1fortnight' is no duration; write it as 10, 10s, 500ms or 1.5h", "tcp.*",
          { limit = "5/fortnight" }, fn)
    for _, name in ipairs { "by", "value" } do
      wrong(("on: %s: is for aggregates, as tl.count { … }"):format(name), "tcp.*", { [name] = "comm" }, fn)
    end
  end)

  it("raises a wrong expression at the caller's line, and hands back other refusals", function()
    fake.refuse_subscribe = { "where: a value is missing", "EINVAL" }
    wrong("where: a value is missing", "tcp.*", { where = "ret >" }, fn)
    fake.refuse_subscribe = { "pid 7: no such process", "ESRCH" }
    assert.same({ nil, "pid 7: no such process", "ESRCH" }, { tl.on("tcp.*", { pid = 7 }, fn) })
  end)

  it("points at the caller's line", function()
    local function caller() tl.on("udp.*", fn) end
    local _, raised = pcall(caller)
    assert.equal("request_spec.lua:" .. debug.getinfo(caller, "S").linedefined, raised:match "([%w_]+%.lua:%d+): ")
  end)
end)
