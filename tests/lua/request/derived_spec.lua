-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.derived", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.derived") end)

  local ID = ("ab12"):rep(16)
  local tl, M, containers, there, scans

  before_each(function()
    tl = fake.load "traceleft"
    M = require "traceleft.request.derived"
    containers = require "traceleft.containers"
    containers.name = function() end
    there = { ["/"] = 1, ["/system.slice/nginx.service"] = 5, ["/docker-" .. ID .. ".scope/x"] = 6 }
    scans = 0
    local core = require "traceleft.core"
    core.cgroups = function()
      scans = scans + 1
      local paths = {}
      for path in pairs(there) do paths[#paths + 1] = path end
      return paths, "/cg"
    end
    core.stat = function(path) return path == "/cg/cgroup.controllers" and 9 or there[path:match "^/cg(.*)"] end
  end)

  local function made(id, path)
    fake.session:emit { event = "cgroup.mkdir", id = id, path = path, hierarchy = 0 }
  end

  it("adds what the cgroup tells to the fields that were asked for", function()
    local seen = {}
    tl.on("process.exec", { fields = { "comm", "unit", "cgroup_path" } }, function(e) seen[#seen + 1] = e end)
    assert.same({ "comm", "cgroup", "cgroup" }, fake.session.subs[2].spec.fields)
    fake.session:emit { event = "process.exec", comm = "a", cgroup = 5 }
    fake.session:emit { event = "process.exec", comm = "b", cgroup = 1 }
    assert.same({ "nginx.service", "/system.slice/nginx.service" }, { seen[1].unit, seen[1].cgroup_path })
    assert.is_nil(seen[1].cgroup)
    assert.same({ cgroup_path = "/", comm = "b", event = "process.exec" }, seen[2])
    assert.equal(1, scans)
  end)

  it("puts it in the place of arguments, and leaves the cgroup to who asked for it", function()
    local seen
    tl.on("process.exec", { args = { "unit", "cgroup", "container", "comm" } }, function(...) seen = { ... } end)
    assert.same({ "cgroup", "cgroup", "cgroup", "comm" }, fake.session.subs[2].spec.args)
    fake.session:emit { event = "process.exec", comm = "a", cgroup = 6 }
    assert.same({ "docker-" .. ID .. ".scope", 6, ID, "a" }, seen)
    tl.on("process.exec", { fields = { "unit", "cgroup" } }, function(e) seen = e.cgroup end)
    fake.session:emit { event = "process.exec", cgroup = 5 }
    assert.equal(5, seen)
  end)

  it("knows cgroups that were made later, and those that are gone", function()
    local seen
    tl.on("process.exec", { args = { "cgroup_path" } }, function(path) seen = path end)
    made(77, "/later")
    fake.session:emit { event = "process.exec", cgroup = 77 }
    assert.equal("/later", seen)
    there["/system.slice/nginx.service"] = nil
    fake.session:emit { event = "process.exec", cgroup = 5 }
    assert.equal("/system.slice/nginx.service", seen)
  end)

  it("looks again for what it does not know, but not at each event", function()
    local seen
    tl.on("process.exec", { args = { "cgroup_path" } }, function(path) seen = path end)
    local before = scans
    for _ = 1, 3 do fake.session:emit { event = "process.exec", cgroup = 99 } end
    assert.is_nil(seen)
    assert.equal(before + 1, scans)
    there["/hidden"], there["/new"] = 99, 100
    fake.session:emit { event = "process.exec", cgroup = 100 }
    assert.equal("/new", seen)
    fake.session:emit { event = "process.exec", cgroup = 99 }
    assert.equal("/hidden", seen)
    there["/late"] = 101
    fake.session:emit { event = "process.exec", cgroup = 102 }
    fake.session:emit { event = "process.exec", cgroup = 102 }
    fake.now = fake.now + 1000000000
    there["/last"] = 102
    for _ = 1, 3 do fake.session:emit { event = "process.exec", cgroup = 102 } end
    assert.equal("/last", seen)
    assert.equal(before + 4, scans)
  end)

  it("asks for a name until the runtime has written it down", function()
    local seen
    tl.on("process.exec", { args = { "container", "container_id" } }, function(...) seen = { ... } end)
    fake.session:emit { event = "process.exec", cgroup = 6 }
    assert.same({ ID, ID }, seen)
    containers.name = function() return "web" end
    fake.now = fake.now + 1000000000
    fake.session:emit { event = "process.exec", cgroup = 6 }
    assert.same({ "web", ID }, seen)
    containers.name = function() error "asked again" end
    fake.session:emit { event = "process.exec", cgroup = 6 }
    assert.same({ "web", ID }, seen)
  end)

  it("tells what a cgroup is by its id", function()
    assert.equal("/system.slice/nginx.service", tl.cgroup(5).cgroup_path)
    assert.equal("nginx.service", tl.cgroup(5).unit)
    assert.same({}, tl.cgroup(12345))
    local ok, raised = pcall(tl.cgroup, "x")
    assert.is_false(ok)
    assert.truthy(raised:find "cgroup: id: integer expected, got string")
  end)

  it("tells the core what cgroups are called, and whether they always will be", function()
    tl.on("process.exec", { where = "unit == 'nginx.service'" }, print)
    local namer = fake.session.namer
    assert.same({ "/system.slice/nginx.service", true, "nginx.service", true, n = 4 },
                table.pack(namer(5, 1), select(2, namer(5, 1)), namer(5, 2)))
    assert.same({ nil, true, n = 2 }, table.pack(namer(5, 3)))
    assert.same({ nil, false, n = 2 }, table.pack(namer(12345, 2)))
    assert.same({ ID, false }, { namer(6, 3) })
    assert.same({ ID, true }, { namer(6, 4) })
    containers.name = function() return "web" end
    fake.now = fake.now + 1000000000
    assert.same({ "web", true }, { namer(6, 3) })
  end)

  it("refuses expressions where there are no such cgroups, but not in a replay", function()
    local core = require "traceleft.core"
    core.stat = function() end
    local sub, why, name = tl.on("process.exec", { where = "unit ~= nil" }, print)
    assert.is_nil(sub)
    assert.equal("ENOENT", name)
    assert.truthy(why:find "^unit, container, cgroup_path: no cgroups of version 2 are mounted here")
    assert.is_nil((tl.count { "process.exec", by = "container" }))
    assert.is_truthy(tl.on("process.exec", { fields = { "unit" } }, print))
    assert.is_truthy(tl.open { replay = true }:on("process.exec", { where = "unit ~= nil" }, print))
  end)

  it("knows whether expressions may ask for it", function()
    assert.is_true(M.is_named("ret < 0 and unit == 'x'"))
    assert.is_true(M.is_named(nil, { print, "comm", "container" }))
    assert.is_true(M.is_named({ "starts(cgroup_path, '/')" }, nil))
    assert.is_false(M.is_named("units == my_unit and cgroup == 5", { "comm" }, print, nil))
  end)

  it("is there for each of those who count", function()
    local function subscriptions(make)
      fake.load "traceleft"
      make(require "traceleft")
      return #fake.session.subs, fake.session.namer ~= nil
    end
    assert.same({ 0, false }, { subscriptions(function(lib) lib.count { "read", by = "comm" } end) })
    assert.same({ 1, true }, { subscriptions(function(lib) lib.count { "read", by = { "comm", "unit" } } end) })
    assert.same({ 1, true }, { subscriptions(function(lib) lib.count { "read", where = "unit ~= nil" } end) })
    assert.same({ 1, true }, { subscriptions(function(lib) lib.distinct { "read", value = "container" } end) })
  end)

  it("makes one subscription to new cgroups, and none if nobody asks", function()
    tl.on("process.exec", { fields = { "comm" } }, print)
    assert.equal(1, #fake.session.subs)
    tl.on("process.exec", { fields = { "unit" } }, print)
    tl.on("process.exec", { fields = { "container" } }, print)
    assert.equal(4, #fake.session.subs)
  end)
end)
