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

return {
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
