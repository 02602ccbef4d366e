-- SPDX-License-Identifier: MIT
--- Fields that follow from the process's cgroup, also of cgroups and processes that are gone by then.

local expect  = require "expect"
local harness = require "harness"

local ID = ("c0ffee0123456789"):rep(4)

local function cgroup_mount()
  for line in harness.read("/proc/mounts"):gmatch "[^\n]+" do
    local point, kind = line:match "^%S+ (%S+) (%S+)"
    if kind == "cgroup2" then return point end
  end
end

-- All processes, not only those of the command.
local SCRIPT = [[
  tl.target { no = { comm = "tl-nobody" } }
  tl.on("openat", { fields = { "pathname", "cgroup_path", "unit", "container", "container_id" } }, function(e)
    if e.pathname and e.pathname:find "^/no/such/" then row(e) end end)
  tl.on("openat", { args = { "unit", "pathname" } }, function(unit, pathname)
    if pathname and pathname:find "^/no/such/" then row { as_arg = unit or "none", pathname = pathname } end end)
  tl.on("exit_group", { fields = { "comm", "cgroup_path" } }, function(e) if e.comm == "tl-gone" then row(e) end end)
  tl.run()]]

-- What was said of the opens of each path: the same each time.
local function check(result, path, n, wanted)
  local rows = expect.select(result.rows, { pathname = "/no/such/" .. path })
  local opens = 0
  for _, found in ipairs(rows) do
    if found.as_arg then
      expect.equal(found.as_arg, wanted.unit or "none", path .. ": unit as an argument")
    else
      opens = opens + 1
      local told = { path = found.cgroup_path, unit = found.unit, container = found.container, id = found.container_id }
      expect.equal(told, wanted, path)
    end
  end
  expect.equal({ opens, #rows }, { n, 2 * n }, path .. ": opens")
end

local DOCKER = "/var/lib/docker/containers/" .. ID

-- ---- in where and by ---------------------------------------------------------------------------

local ASKED = [[
  local quiet = { "syscall.openat", no = { comm = "tl-nobody" }, where = "starts(pathname, '/no/such/')" }
  local function with(more)
    local request = table.move(quiet, 1, #quiet, 1, { no = quiet.no })
    for key, value in pairs(more) do request[key] = value end
    request.where = quiet.where .. " and " .. more.where
    return request
  end
  local function on(what, where)
    return tl.on("openat", { no = quiet.no, where = where .. " and " .. quiet.where, fields = { "pathname" } },
                 function(e) row { what = what, pathname = e.pathname } end)
  end
  local app = on("unit", "unit == 'tl-app.service'")
  on("name", "container == 'tl-web'")
  on("path", "starts(cgroup_path, '/tl-asked/system.slice/')")
  on("mixed", "(container_id ~= nil or pathname == '/no/such/none')")
  on("one of", "unit in { 'tl-app.service', 'gone.scope' }")
  local counts = {
    unit = tl.count(with { by = "unit", where = "cgroup ~= 1" }),
    path = tl.count(with { by = { "cgroup_path", "comm" }, where = "starts(cgroup_path, '/tl-asked')" }),
    some = tl.count(with { where = "container == 'tl-web'" }),
    mixed = tl.count(with { by = "unit", where = "(unit == 'gone.scope' or pathname == '/no/such/none')" }),
    sum = tl.sum(with { by = "container", value = "flags", where = "unit ~= nil" }),
    distinct = tl.distinct(with { value = "unit", where = "starts(cgroup_path, '/tl-asked')" }),
  }
  tl.at_exit(function()
    for name, one in pairs(counts) do
      for _, found in ipairs(one:snapshot()) do
        row { what = name, key = found.key[1] or "none", count = found.value, n = found.count, comm = found.key[2] }
      end
    end
    local stats = tl.stats()
    row { what = "stats", unclaimed = stats.unclaimed, seen = app.seen }
  end)
  tl.run()]]

-- What was counted, by name and key.
local function counted(rows)
  local found = {}
  for _, one in ipairs(rows) do
    if one.count then found[one.what .. " " .. one.key] = (found[one.what .. " " .. one.key] or 0) + one.count end
  end
  return found
end

local function opened(rows, what)
  local found = {}
  for _, one in ipairs(expect.select(rows, { what = what })) do
    if one.pathname then found[one.pathname:match "[^/]+$"] = (found[one.pathname:match "[^/]+$"] or 0) + 1 end
  end
  return found
end

local function check_asked(result)
  local n, rows = result.n, result.rows
  expect.equal({ opened(rows, "unit"), opened(rows, "name"), opened(rows, "path"), opened(rows, "one of") },
               { { service = n }, { docker = n }, { service = n }, { service = n, gone = n } }, "where")
  expect.equal(opened(rows, "mixed"), { docker = n, none = n }, "where that the kernel cannot decide")
  local scope, numbers = "docker-" .. ID .. ".scope", counted(rows)
  local flags = numbers["sum none"] / (2 * n)
  expect.equal(numbers, {
    ["unit tl-app.service"] = n, ["unit gone.scope"] = n, ["unit " .. scope] = n, ["unit none"] = n,
    ["path /tl-asked/system.slice/tl-app.service/sub"] = n, ["path /tl-asked/gone.scope"] = n,
    ["path /tl-asked/" .. scope] = n, ["path /tl-asked"] = n, ["some none"] = n,
    ["mixed gone.scope"] = n, ["mixed none"] = n, ["sum tl-web"] = flags * n, ["sum none"] = 2 * flags * n,
    ["distinct none"] = 3 }, "aggregates")
  local stats = expect.one(rows, { what = "stats" })
  expect.equal(stats.seen, n, "seen")
  -- Of what nobody wanted in the end each cgroup had a few on their way before the kernel knew.
  expect.ok(stats.unclaimed < n, "%d records that nobody wanted", stats.unclaimed)
end

local function asked(room)
  local root = cgroup_mount() .. "/tl-asked"
  local scope = "docker-" .. ID .. ".scope"
  local function clean()
    harness.sh(("find %s -depth -type d -exec rmdir {} + 2>/dev/null; rm -rf %s; rmdir -p %s 2>/dev/null")
      :format(root, DOCKER, "/var/lib/docker/containers"))
  end
  clean()
  harness.sh(("mkdir -p %s/system.slice/tl-app.service/sub %s/%s %s; echo '{\"Name\":\"/tl-web\"}' >%s/config.v2.json")
    :format(root, root, scope, DOCKER, DOCKER))
  local work = table.concat({
    "@workload@ cgroup %s/system.slice/tl-app.service/sub open @n@ /no/such/service",
    "@workload@ cgroup %s/" .. scope .. " open @n@ /no/such/docker", "@workload@ cgroup %s open @n@ /no/such/none",
    "@workload@ new-cgroup %s/gone.scope open @n@ /no/such/gone", "rmdir %s/gone.scope" }, "; "):gsub("%%s", root)
  local ok, result = pcall(room.trace, room, { n = room.n, script = ASKED, command = ("sh -c '%s'"):format(work) })
  room:finish()
  clean()
  if not ok then error(result, 0) end
  expect.equal({ result.status, result.err }, { 0, "" }, "exit status and stderr")
  check_asked(result)
end

return {
  { name = "derived: in where and by", n = 200, custom = asked, everywhere = true,
    needs = function() return cgroup_mount() ~= nil, "no cgroups of version 2 are mounted here" end },
  { name = "derived: path, unit and container", n = 20,
    needs = function() return cgroup_mount() ~= nil, "no cgroups of version 2 are mounted here" end,
    custom = function(room)
      local mount = cgroup_mount()
      local root = mount .. "/tl-case"
      local function clean()
        harness.sh(("find %s -depth -type d -exec rmdir {} + 2>/dev/null; rm -rf %s; rmdir -p %s 2>/dev/null")
          :format(root, DOCKER, "/var/lib/docker/containers"))
      end
      clean()
      local crio = "crio-2" .. ID .. ".scope"
      for _, folder in ipairs { "system.slice/tl-app.service/sub", "docker-" .. ID .. ".scope" } do
        assert(harness.sh(("mkdir -p %s/%s"):format(root, folder)) == 0)
      end
      harness.sh(([[mkdir -p %s; echo '{"ID":"x","Name":"/tl-web","Config":{}}' >%s/config.v2.json]])
        :format(DOCKER, DOCKER))
      local ok, why = pcall(function()
        room:start { "cgroup " .. root .. "/system.slice/tl-app.service/sub", "open @n@ /no/such/service" }
        room:start { "cgroup " .. root .. "/docker-" .. ID .. ".scope namespace mnt", "open @n@ /no/such/docker" }
        room:start(("new-cgroup %s/%s namespace net open @n@ /no/such/crio"):format(root, crio))
        room:start(("cgroup %s open @n@ /no/such/none"):format(root))
        local result = room:trace { script = SCRIPT,
          command = ("sh -c '@workload@ gate @gates@; @workload@ new-cgroup %s/gone.scope open @n@ /no/such/gone; %s'")
            :format(root, ("@workload@ new-cgroup %s/left.scope name tl-gone open 1 /no/such/left; " ..
              "rmdir %s/gone.scope %s/left.scope")
              :format(root, root, root)) }
        expect.equal({ result.status, result.err }, { 0, "" }, "exit status and stderr")
        local n, base = result.n, "/tl-case"
        check(result, "service", n, { path = base .. "/system.slice/tl-app.service/sub", unit = "tl-app.service" })
        check(result, "docker", n, { path = base .. "/docker-" .. ID .. ".scope", unit = "docker-" .. ID .. ".scope",
                                     container = "tl-web", id = ID })
        check(result, "crio", n, { path = base .. "/" .. crio, unit = crio, container = "2" .. ID, id = "2" .. ID })
        check(result, "none", n, { path = base })
        check(result, "gone", n, { path = base .. "/gone.scope", unit = "gone.scope" })
        expect.count(result.rows, { comm = "tl-gone", cgroup_path = base .. "/left.scope" }, 1)
      end)
      room:finish()
      clean()
      if not ok then error(why, 0) end
    end },
  -- The cgroup and its process are gone before the script looks at all: it sleeps until the command has ended.
  { name = "derived: of a cgroup that is gone when the callback runs",
    needs = function() return cgroup_mount() ~= nil, "no cgroups of version 2 are mounted here" end,
    custom = function(room)
      local root = cgroup_mount() .. "/tl-case-gone"
      harness.sh("rmdir " .. root .. " 2>/dev/null")
      local result = room:trace { command = false, script = ([[
        tl.on("openat", { fields = { "pathname", "cgroup_path" } }, function(e)
          if e.pathname == "/no/such/gone" then
            row { path = e.cgroup_path, there = io.open "%s/cgroup.procs" ~= nil }
          end
        end)
        tl.start()
        os.execute "@workload@ new-cgroup %s open 1 /no/such/gone; rmdir %s"
        tl.after(0.2, tl.stop)
        tl.run()]]):format(root, root, root) }
      expect.equal({ result.status, result.err }, { 0, "" }, "exit status and stderr")
      expect.equal(result.rows, { { path = "/tl-case-gone", there = false } }, "rows")
    end },
}
