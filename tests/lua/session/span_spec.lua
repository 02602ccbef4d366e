-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.span", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.span") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function open(more)
    local opts = { start = "openat", stop = { "read", "tcp.c*" }, key = "tid" }
    for name, value in pairs(more or {}) do opts[name] = value ~= "" and value or nil end
    return tl.span(opts)
  end

  local function raises(message, fn, ...)
    local ok, raised = pcall(fn, ...)
    assert.is_false(ok)
    assert.equal(message, (raised:gsub("^[^ ]*%.lua:%d+: ", "")))
  end

  it("hands the core what it was asked for", function()
    local span = open { start_where = "ret >= 0", where = "ret == 0", size = 5, pid = 7, follow = true }
    assert.same({ name = "span.openat-read", start = { "syscall.openat" }, stop = { "syscall.read", "tcp.c*" },
                  start_key = "tid", stop_key = "tid", start_where = "ret >= 0", where = "ret == 0", size = 5,
                  pids = { 7 }, follow = true }, fake.span.spec)
    assert.equal("span.openat-read", span.name)
    assert.equal("span.openat-read-2", open().name)
    assert.equal("held", open { name = "held" }.name)
    open { key = "", start_key = "ret", stop_key = "fd" }
    assert.same({ "ret", "fd" }, { fake.span.spec.start_key, fake.span.spec.stop_key })
    assert.same({ 2, 0, 0 }, { span.unbegun, span.errors, span.full })
    assert.equal("syscall.openat", span:explain()[1].event)
  end)

  it("is explained with what is made on it", function()
    tl.count { open { name = "held" }, name = "n" }
    assert.equal("held\nsyscall.openat\n  in the end: kernel, in a program of 9 instructions\n\nn\n",
                 tl.explain():match "^.-\nn\n")
  end)

  it("refuses what it does not understand", function()
    raises("span: table expected, got nil", tl.span)
    raises("span: no option 'keys' (did you mean 'key'?)", open, { keys = "tid" })
    raises("span: key: text expected, got number", open, { key = 5 })
    raises("span: size: number of starts expected", open, { size = 0 })
    raises("span: stop: which event? names as in `on`", tl.span, { start = "read", key = "tid" })
    raises("span: key: what have a start and its stop in common? an expression such as 'tid'", open, { key = "" })
    raises("span: start: no event 'syscall.opnat' (did you mean 'syscall.openat'?)", open, { start = "syscall.opnat" })
    raises("span: stop[1]: name expected, got number", open, { stop = { 5 } })
    raises("span: name: one word expected", open, { name = "two words" })
    raises("span: name: there is an event tcp.close", open, { name = "tcp.close" })
    open { name = "held" }
    raises("span: name: there is a span held", open, { name = "held" })
    raises("span: pid: 'x' is no process id", open, { pid = "x" })
  end)

  it("raises a wrong expression, and hands back what the core refuses", function()
    for _, what in ipairs { "key", "start_key", "stop_key", "where", "start_where" } do
      fake.refuse_subscribe = { what .. ": no field 'x'", "ENOENT" }
      raises(("span: %s: no field 'x'"):format(what), open)
    end
    fake.refuse_subscribe = { "span: there are 16 already", "ENOSPC" }
    assert.same({ nil, "span: there are 16 already", "ENOSPC" }, { open() })
    assert.same({ "span: there are 16 already", "ENOSPC" }, { tl.refusal() })
  end)

  it("is an event with a duration, for callbacks and aggregates", function()
    local span, got = open(), {}
    local sub = tl.on(span, { where = "duration > 1ms" }, function(e) got[#got + 1] = tl.text(e, "duration") end)
    local by = tl.sum { span, value = "duration", by = "comm" }
    local script = tl.sum { span, value = function(e) return e.duration end, by = "comm" }
    assert.equal(fake.span, fake.session.subs[1].spec.span)
    assert.equal("sum(duration) of span.openat-read by comm", by.title)
    for _, event in ipairs { "span.openat-read", "syscall.read" } do
      fake.session:emit { event = event, comm = "cat", ret = 0, duration = 1500000 }
    end
    assert.same({ "1.50 ms" }, got)
    assert.same({ 1500000, 1500000 }, { by:get "cat", script:get "cat" })
    assert.equal("    SUM COMM\n1.50 ms cat\n", fake.stdout(function() by:print { title = false } end))
    assert.equal(1, sub.seen)
  end)

  it("describes its events by all fields of the stop events, each once", function()
    open { name = "held" }
    local description, names = tl.describe "held", {}
    for _, field in ipairs(description.fields) do
      assert.is_nil(names[field.name])
      names[field.name] = field
    end
    assert.equal("duration", names.duration.meaning)
    assert.truthy(names.fd and names.daddr and names.sent)
    open { name = "other", stop = "process.exec" }
    local fields = tl.describe "other".fields
    assert.equal("duration", fields[#fields].name)
  end)

  it("refuses fields that its events do not have, and company", function()
    local span = open()
    raises("on: fields: no field 'pathname' in span.openat-read", tl.on, span, { fields = { "pathname" } }, print)
    raises("count: names: a span goes alone", tl.count, { span, "read" })
    raises("count: names[2]: name expected, got table", tl.count, { "read", span })
    raises("on: span: it is another session's", tl.on, tl.open {}:span { start = "read", stop = "read", key = "tid" },
           print)
  end)

  it("gives what is made on it its target, unless that names one", function()
    local span = open { pid = 7, follow = true }
    tl.on(span, print)
    tl.on(span, { pid = 8 }, print)
    local subs = fake.session.subs
    assert.same({ { 7 }, true }, { subs[1].spec.pids, subs[1].spec.follow })
    assert.same({ { 8 } }, { subs[2].spec.pids, subs[2].spec.follow })
    local every = open()
    tl.on(every, print)
    assert.is_true(tl.target { comm = "sh" })
    assert.same({ nil, "comm" }, { span.core.spec.target, every.core.spec.target.kind })
    assert.equal("comm", subs[3].spec.target.kind)
    tl.on(every, print)
    assert.equal("comm", subs[4].spec.target.kind)
  end)

  it("stops with all that was made on it, which can still be read", function()
    local span, other = open(), tl.count { "read" }
    local a, n = tl.count { span }, 0
    local sub = tl.on(span, function() n = n + 1 end)
    fake.session:emit { event = "span.openat-read", duration = 1 }
    span:stop()
    span:stop()
    fake.session:emit { event = "span.openat-read", duration = 1 }
    assert.same({ 1, 1 }, { a:get(), n })
    assert.is_true(sub.core.stopped and fake.span.stopped)
    assert.is_nil(other.core.stopped)
    raises("on: span: it has been stopped", tl.on, span, print)
    do
      local _ <close> = open { name = "held" }
    end
    assert.is_true(fake.span.stopped)
    assert.equal("held", open { name = "held" }.name)
  end)
end)
