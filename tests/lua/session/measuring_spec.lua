-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.measuring", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.measuring") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function emit(comm)
    return function(session) session:emit { event = "syscall.read", comm = comm, ret = 3, duration = 1000 } end
  end

  it("makes every kind, in the kernel, or in the script with the same to be read", function()
    local where = function() return true end
    for _, kind in ipairs { "count", "sum", "avg", "min", "max", "hist", "lhist", "quantile", "top", "distinct" } do
      local function opts(own)
        local lhist = kind == "lhist" or nil
        return { "read", by = "comm", value = kind ~= "count" and "ret" or nil, where = own, low = lhist and 0,
                 high = lhist and 9, step = lhist and 1, name = "x" }
      end
      local kernel, script = tl[kind](opts "ret == 3"), tl[kind](opts(where))
      for i = 1, 3 do emit(i == 1 and "cat" or "sh")(fake.session) end
      assert.equal(2, #kernel:snapshot(), kind)
      assert.same(kernel:snapshot(), script:snapshot())
      assert.equal(fake.stdout(function() kernel:print() end), fake.stdout(function() script:print() end))
    end
  end)

  it("has units of systemd as targets, and shows values in the unit of their field", function()
    fake.cgroups = { "/system.slice/nginx.service" }
    for _, opts in ipairs { { unit = "nginx" }, { target = { unit = "nginx" } } } do
      opts[1], opts.value, opts.name = "read", "duration", "took"
      local took = tl.hist(opts)
      local core = fake.session.aggs[#fake.session.aggs]
      assert.same({ kind = "cgroup_name", texts = { "nginx.service" } }, core.spec.target)
      emit "cat"(fake.session)
      assert.truthy(fake.stdout(function() took:print() end):find("[512 ns, 1.02 µs)", 1, true))
    end
    fake.cgroups = nil
    local none, message, name = tl.hist { "read", value = "ret", unit = "bytes" }
    assert.same({ nil, "cgroups: none are mounted here", "ENOENT" }, { none, message, name })
  end)

  it("points at the caller's line", function()
    local function caller() tl.count { "udp.*" } end
    local _, raised = pcall(caller)
    assert.equal("measuring_spec.lua:" .. debug.getinfo(caller, "S").linedefined, raised:match "([%w_]+%.lua:%d+): ")
  end)

  it("hands back what the core refuses, as on does", function()
    for _, where in ipairs { "ret >", print } do
      fake.refuse_subscribe = { "there are 64 already", "ENOSPC" }
      assert.same({ nil, "there are 64 already", "ENOSPC" }, { tl.count { "read", where = where } })
      assert.same({ "there are 64 already", "ENOSPC" }, { tl.refusal() })
    end
  end)

  it("raises a wrong expression at the caller's line", function()
    fake.refuse_subscribe = { "where: a value is missing", "EINVAL" }
    local function caller() tl.count { "read", where = "ret >" } end
    local _, raised = pcall(caller)
    local line = debug.getinfo(caller, "S").linedefined
    assert.equal(("measuring_spec.lua:%d: count: where: a value is missing"):format(line), raised:match "[^/]*$")
  end)

  it("keeps a run going until all of them are stopped", function()
    local kernel, script = tl.count { "read" }, tl.count { "read", where = function() return true end }
    fake.at(1, emit "cat")
    fake.at(2, function() end)
    tl.after(3, function() kernel:stop() end)
    tl.after(4, function() script:stop() end)
    assert.equal("idle", tl.run())
    assert.equal(4000000000, fake.now)
    assert.same({ 1, 1 }, { kernel:get(), script:get() })
  end)

  it("prints at intervals", function()
    local calls = tl.count { "read", by = "comm" }
    tl.every(1, function() calls:print { title = false, clear = true } end)
    for i, comm in ipairs { "cat", "sh" } do fake.at(i - 0.5, emit(comm)) end
    assert.equal("COUNT COMM\n    1 cat\nCOUNT COMM\n    1 sh\n(nothing)\n",
                 fake.stdout(function() tl.run { duration = 3 } end))
  end)

  it("reports what the script has not read, in the order of their making", function()
    tl.count { "read", name = "a" }
    local b = tl.count { "read", name = "b" }
    tl.count { "read", name = "c", by = "comm" }
    emit "cat"(fake.session)
    assert.equal(1, b:get())
    assert.equal("a: 1\n\nc\nCOUNT COMM\n    1 cat\n", fake.stdout(tl.report))
    assert.equal("", fake.stdout(tl.report))
  end)

  it("reports what a script that reads by itself was not told", function()
    local a = tl.count { "read", by = "ret", size = 1, name = "by\27" }
    for ret = 1, 3 do fake.session:emit { event = "syscall.read", ret = ret } end
    a:snapshot()
    assert.equal("traceleft: by\\x1b: full: 2 events found no room for their key; count by less, or give a larger "
                 .. "size\n", fake.stderr(tl.report))
    assert.equal("", fake.stderr(tl.report))
  end)

  it("lets go of what has ended and been read", function()
    local session <close> = tl.open {}
    for i = 1, 9 do
      local one <close> = session:count { "read" }
      if i > 1 then one:get() end
    end
    assert.equal(2, #session.aggregates)
  end)

  it("reports nothing without a session", function()
    assert.is_nil(tl.report())
    assert.is_nil(fake.session)
  end)
end)
