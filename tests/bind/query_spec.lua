-- SPDX-License-Identifier: MIT
--- What subscriptions are asked beside their names, and aggregates, through the binding; without a kernel.
local fixture = require "tests.bind.fixture"

describe("queries of traceleft.core", function()
  local session, numbers

  before_each(function() session, numbers = fixture.open() end)
  after_each(function() session:close() end)

  local function feed(values, head)
    assert(session:feed(fixture.record(numbers, "test.values", values, head)))
  end

  local function ask(spec)
    local got = {}
    spec.events, spec.fn = { "test.values" }, function(e) got[#got + 1] = e.port end
    return assert(session:subscribe(spec)), got
  end

  it("decides where in a replay, and counts what it cannot decide", function()
    local sub, got = ask { where = "100 // port == 2 and starts(path, '/etc/')" }
    for _, port in ipairs { 40, 50, 0, 51 } do feed { port = port, path = "/etc/passwd" } end
    feed { port = 50, path = "/tmp" }
    assert.same({ 40, 50 }, got)
    assert.same({ 2, 1, 0 }, { sub.seen, sub.errors, sub.held })
  end)

  it("asks a function what cgroups are called", function()
    local asked = {}
    session:name_cgroups(function(id, which)
      asked[#asked + 1] = ("%d.%d"):format(id, which)
      if id == 13 then error "no" end
      return ({ "/a", "a.service", nil, "id-" .. id })[which], id ~= 14
    end)
    local function fed(where, ids)
      local sub, got = ask { where = where }
      asked = {}
      for _, id in ipairs(ids) do feed({ port = id }, { cgroup = id }) end
      sub:stop()
      return got
    end
    assert.same({ 11, 12 }, fed("unit == 'a.service' and cgroup ~= 20", { 11, 12, 13, 20 }))
    assert.same({ 12, 12 }, fed("container_id == 'id-12'", { 11, 12, 11, 12, 11 }))
    assert.same({ "11.4", "11.4", "12.4", "12.4" }, asked)     -- to decide, and whether that stands; then no more
    assert.same({ 14, 11 }, fed("container == nil and starts(cgroup_path, '/')", { 14, 11 }))
    assert.same({}, fed("container ~= nil", { 14, 14 }))
    assert.equal(4, #asked)                                    -- it may get a name
    assert.has_error(function() session:name_cgroups "x" end)
  end)

  it("refuses what follows from cgroups when nobody tells it", function()
    local _, why, name = session:subscribe { events = { "test.values" }, where = "unit == 'a'", fn = print }
    assert.same({ "unit: nobody tells it; see tl_session_name_cgroups()", "ENOENT" }, { why, name })
  end)

  it("takes vars, and changes them", function()
    local sub, got = ask { where = "port < limit and path == who or port in ports or path in paths",
                           vars = { limit = 10, who = "me", ports = { 80, 443 }, paths = { "/a", "/b" } } }
    local function fed(port, path)
      feed { port = port, path = path }
      return table.remove(got) == port
    end
    assert.same({ true, false, true, true, false },
                { fed(9, "me"), fed(9, "you"), fed(443, ""), fed(11, "/b"), fed(11, "me") })
    assert.is_true(sub:set("limit", 12))
    assert.is_true(sub:set("who", "you"))
    assert.is_true(sub:set("ports", { 22 }))
    assert.is_true(sub:set("paths", { "/c" }))
    assert.same({ true, false, true, false, true },
                { fed(11, "you"), fed(11, "me"), fed(22, ""), fed(443, ""), fed(99, "/c") })
    assert.equal("ENOENT", select(3, sub:set("nobody", 1)))
    assert.equal("EINVAL", select(3, sub:set("limit", "many")))
    sub:stop()
    assert.equal("ENOENT", select(3, sub:set("limit", 1)))
  end)

  it("tells where clauses run, and why", function()
    local sub = ask { where = "port == 1 and path == cwd" }
    assert.same({
      { event = "test.values", clause = "port == 1", where = "kernel, after the handler", instructions = 0,
        why = "test.values has no arguments that are known before its handler" },
      { event = "test.values", clause = "path == cwd", where = "the tracer's process", instructions = 0,
        why = "two strings of the record are compared" },
      { event = "test.values", where = "sent to the tracer's process", why = "", instructions = 0 },
    }, sub:explain())
    sub:stop()
    assert.same({}, sub:explain())
  end)

  it("answers wrong expressions with the place", function()
    local function refused(where, vars)
      return { session:subscribe { events = { "test.values" }, fn = print, where = where, vars = vars } }
    end
    assert.same({ nil, "where: no field 'prt'; did you mean 'port'?\nprt == 1\n^", "ENOENT" }, refused "prt == 1")
    assert.same({ nil, "where: something is missing at the end\nport ==\n       ^", "EINVAL" }, refused "port ==")
    assert.equal("EINVAL", refused("port == v", { v = { "a" } })[3])
  end)

  it("raises at wrong arguments, naming them", function()
    local cases = {
      { { where = 5 }, "where: string expected, got number" },
      { { vars = 5 }, "vars: table expected" },
      { { vars = { 5 } }, "vars: names expected, got a number as a key" },
      { { vars = { v = 1.5 } }, "vars: v: integer expected, got a float" },
      { { vars = { v = true } }, "vars: v: integer, string or list of either expected, got boolean" },
      { { vars = { v = { 1, "a" } } }, "vars: v%[2%]: integer expected, got string" },
      { { vars = { v = { "a", 1 } } }, "vars: v%[2%]: string expected, got number" },
      { { limit = 5 }, "limit and limit_ns: give both" },
      { { limit = 0, limit_ns = 1 }, "limit: number of 1 or more expected" },
      { { limit = 1, limit_ns = "1" }, "limit_ns: number of 1 or more expected" },
    }
    for _, case in ipairs(cases) do
      local spec = case[1]
      spec.events, spec.fn = { "test.values" }, print
      assert.error_matches(function() session:subscribe(spec) end, case[2])
    end
  end)

  it("has room for many vars", function()
    local vars, parts = {}, {}
    for i = 1, 60 do
      vars["v" .. i] = i
      parts[i] = "port == v" .. i
    end
    local _, got = ask { where = table.concat(parts, " or "), vars = vars }
    for port = 0, 70 do feed { port = port } end
    assert.equal(60, #got)
  end)
end)

describe("aggregates of traceleft.core", function()
  local session

  before_each(function() session = fixture.open(true) end)
  after_each(function() session:close() end)

  local function made(spec)
    spec.events = spec.events or { "test.values" }
    return session:aggregate(spec)
  end

  it("are made of every kind, and are empty before the start", function()
    for _, kind in ipairs { "count", "sum", "avg", "min", "max", "hist", "lhist", "quantile", "distinct" } do
      local lhist = kind == "lhist"
      local one = assert(made { kind = kind, value = kind ~= "count" and "port" or nil, by = { "path", "comm" },
                                low = lhist and 0 or nil, high = lhist and 10 or nil, step = lhist and 2 or nil,
                                size = 100, where = "port > 1" })
      assert.same({ {}, 0 }, { one:read(false) })
      assert.same({ 0, 0, 0, 0 }, { one.seen, one.full, one.errors, one.held })
      assert.equal("kernel, after the handler", one:explain()[2].where)
      one:stop()
      assert.equal("ENOENT", select(3, one:read(false)))
    end
  end)

  it("are refused where the kernel cannot count", function()
    local _, message, name = made { kind = "count", where = "path == cwd" }
    assert.equal("EOPNOTSUPP", name)
    assert.equal("where: 'path == cwd' cannot be decided in the kernel: two strings of the record are compared",
                 message)
    local replay = fixture.open()
    assert.equal("EOPNOTSUPP", select(3, replay:aggregate { kind = "count", events = { "test.values" } }))
    replay:close()
  end)

  it("answer wrong clauses with the place", function()
    assert.same({ nil, "by: no field 'prt'; did you mean 'port'?\nprt\n^", "ENOENT" },
                { made { kind = "count", by = { "prt" } } })
    assert.same({ nil, "value: 'path' is a string where a number is needed\npath\n^", "EINVAL" },
                { made { kind = "sum", value = "path" } })
    assert.same({ nil, "value: of a count there is none", "EINVAL" }, { made { kind = "count", value = "port" } })
    assert.equal("EINVAL", select(3, made { kind = "lhist", value = "port", low = 5, high = 5, step = 1 }))
    assert.equal("EINVAL", select(3, made { kind = "count", events = { "test.*" }, by = { "file", "name", "fds" } }))
  end)

  it("raise at wrong arguments, naming them", function()
    assert.error_matches(function() made { kind = "most" } end, "kind: count, sum, avg")
    assert.error_matches(function() made { kind = "count", by = 5 } end, "by: list of strings expected, got number")
    assert.error_matches(function() made { kind = "count", size = "10" } end, "size: integer expected")
    assert.error_matches(function() made { kind = "count", fn = print } end, "no option 'fn'")
    assert.error_matches(function() made { kind = "sum", value = 5 } end, "value: string expected, got number")
  end)

  it("are no subscriptions, and these are none", function()
    local sub = assert(session:subscribe { events = { "test.values" }, fn = print })
    assert.same({ nil, "read: this subscription is no aggregate", "EINVAL" }, { sub:read(false) })
  end)
end)
