-- SPDX-License-Identifier: MIT
--- Which processes: each selector with members that were there before the tracer, such as become members, and others.

local expect  = require "expect"
local harness = require "harness"

-- Where version 2 of cgroups is mounted, made by us if it is nowhere.
local function cgroup_mount()
  for line in harness.read("/proc/mounts"):gmatch "[^\n]+" do
    local point, kind = line:match "^%S+ (%S+) (%S+)"
    if kind == "cgroup2" then return point end
  end
end

local function pids_mount()
  for line in harness.read("/proc/mounts"):gmatch "[^\n]+" do
    local point, kind, options = line:match "^%S+ (%S+) (%S+) (%S+)"
    if kind == "cgroup" and ("," .. options .. ","):find(",pids,", 1, true) then return point end
  end
end

local function needs_cgroups()
  return cgroup_mount() ~= nil, "no cgroups of version 2 are mounted here"
end

local function needs_root_user()
  return harness.read("/etc/passwd"):find("\nnobody:", 1, true) ~= nil, "no user nobody here"
end

-- The tracer's answer to a subscription with this target: each open of a path below /no/such, by path.
local function counts(result)
  local found = {}
  for _, row in ipairs(result.rows) do found[row.pathname] = (found[row.pathname] or 0) + 1 end
  return found
end

local function on(selector)
  return ([[tl.on("syscall.openat", { fields = { "pathname", "pid" }, target = { %s } }, function(e)
    if e.pathname and e.pathname:find "^/no/such/" then row(e) end end) tl.run()]]):format(selector)
end

local function seen(expected)
  return function(result)
    local wanted = {}
    for name, n in pairs(expected) do wanted["/no/such/" .. name] = n == true and result.n or n end
    expect.equal(counts(result), wanted, "opens by path")
  end
end

local function case(name, selector, background, expected, more)
  local made = { name = "target: " .. name, n = 40, background = background, script = on(selector),
                 expect = seen(expected) }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end

-- A namespace that ends gives its number to the next one: what the script has open does not end.
local function in_namespace(kind, background, expected)
  local file = ("/proc/@pid1@/ns/%s"):format(kind)
  return case(kind .. "ns", ("%sns = '%s'"):format(kind, file), background, expected,
              { script = ('local held <close> = assert(io.open "%s") '):format(file) ..
                         on(("%sns = '%s'"):format(kind, file)) })
end

local function open(name) return "open @n@ /no/such/" .. name end

local ID = ("c0ffee0123456789"):rep(4)

-- Cgroups of the case's own below the mount, and what takes them away; `@cg@` is that folder.
local function in_cgroups(name, folders, selector, background, expected, more)
  local made = { name = "target: " .. name, n = 40, needs = needs_cgroups }
  made.custom = function(room)
    local root = cgroup_mount() .. "/tl-case"
    local function fill(text) return (text:gsub("@cg@", root)) end
    local function clean()
      harness.sh(("find %s -depth -type d -exec rmdir {} + 2>/dev/null"):format(root))
    end
    clean()
    for _, folder in ipairs(folders) do assert(harness.sh(("mkdir -p %s/%s"):format(root, folder)) == 0) end
    if more and more.before then harness.sh(more.before) end
    local ok, why = pcall(function()
      for _, entry in ipairs(background) do
        room:start(type(entry) == "table" and { fill(entry[1]), fill(entry[2]) } or fill(entry))
      end
      local result = room:trace { script = on(fill(selector)) }
      expect.equal({ result.status, result.err }, { 0, "" }, "exit status and stderr")
      seen(expected)(result)
    end)
    room:finish()
    clean()
    if more and more.after then harness.sh(more.after) end
    if not ok then error(why, 0) end
  end
  return made
end

local function refused(name, selector, message, errname)
  return { name = "target refused: " .. name, command = false,
    script = ([[
      local sub, message, name = tl.on("process.exec", { %s }, row)
      row { sub = sub ~= nil, message = message, name = name }]]):format(selector),
    status = 3, err = message,
    expect = function(result) expect.fields(expect.one(result.rows, {}), { sub = false, name = errname }) end }
end

return {
  case("uid", "uid = 4001", { { "user 4001", open "before" }, "user 4001 " .. open "later", open "other" },
       { before = true, later = true }),
  case("uid: one that gives it up", "uid = 0",
       { { "user 4002", open "other" }, "user 4002 " .. open "left", open "in" }, { ["in"] = true }),
  case("user", "user = 'nobody'", { { "user 65534", open "before" }, open "other" }, { before = true },
       { needs = needs_root_user }),
  case("gid", "gid = { 4003, 4004 }", { { "group 4003", open "before" }, "group 4004 " .. open "later", open "other" },
       { before = true, later = true }),
  case("comm: globs, and names that change", "comm = { 'mem*[0-9]', 'exact' }",
       { { "name member1", open "before" }, "name member2 " .. open "later", "name exact " .. open "exact",
         { "name member3", "name other " .. open "left" }, "name memberx " .. open "x",
         "name exactly " .. open "more" },
       { before = true, later = true, exact = true }),
  case("comm: by exec", "comm = 'copy*'",
       { "exec-as @dir@/copy1 copy1 " .. open "exec", open "other" }, { exec = true },
       { before = "cp @workload@ copy1" }),
  case("exe", "exe = '@dir@/twin'",
       { { "exec-as @dir@/twin x", open "before" }, "exec-as @dir@/twin x " .. open "later", open "other",
         "exec-as @dir@/hard x " .. open "link", { "exec-as @dir@/twin x", "exec-as @workload@ x " .. open "left" } },
       { before = true, later = true, link = true }, { before = "cp @workload@ twin; ln twin hard" }),
  case("all of several", "uid = 4001, comm = 'member'",
       { "user 4001 name member " .. open "both", "user 4001 " .. open "one", "name member " .. open "other",
         "name member user 4001 " .. open "turned" }, { both = true, turned = true }),
  case("any, all and no in one another",
       "any = { { uid = 4001, no = { comm = 'bad*' } }, { all = { { comm = 'good' }, { gid = 4003 } } } }",
       { "user 4001 " .. open "first", "user 4001 name bad1 " .. open "bad", "name good " .. open "half",
         "name good group 4003 " .. open "second", "group 4003 " .. open "other" }, { first = true, second = true }),
  case("no: all but these", "no = { { comm = 'quiet' }, { uid = 4001 } }",
       { open "in", { "name quiet", open "before" }, "name quiet " .. open "later", "user 4001 " .. open "user" },
       { ["in"] = true }),
  case("pid, follow and no", "pid = @pid1@, follow = true, no = { comm = 'quiet' }",
       { "below " .. open "child", open "other" }, { child = true }),
  case("follow: what matched before, and its children", "comm = 'head', follow = true",
       { "name head below name tail below " .. open "below", "name tail " .. open "other" }, { below = true }),
  in_namespace("mnt", { { "namespace mnt", open "before" }, "namespace mnt " .. open "other", open "outside" },
               { before = true }),
  in_namespace("net", { { "namespace net", "below " .. open "before" }, open "outside",
                        { "namespace net", open "other" } }, { before = true }),
  case("pidns: all but that of the tracer", "no = { pidns = '/proc/self/ns/pid' }",
       { { "namespace pid", open "before" }, "namespace pid " .. open "later", open "outside" },
       { before = true, later = true }),
  case("netns: one that moves", "no = { netns = '/proc/self/ns/net' }",
       { "namespace net " .. open "later", open "outside" }, { later = true }),
  { name = "target: tty", n = 40, background = { { "terminal @dir@/tty", open "before" }, open "other",
                                                { "terminal @dir@/tty2", open "another" } },
    script = [[local file = io.open "@dir@/tty"
      local name = file:read "l"
      file:close() ]] .. on "tty = name", expect = seen { before = true } },
  case("tree: with descendants that were there before", "tree = @pid1@",
       { { "below below", open "before" }, open "other" }, {}, {
         custom = function(room)
           room:start { "below below", open "before" }
           room:start(open "other")
           local result = room:trace { script = on(("tree = %d"):format(room.background[1].pid)) }
           expect.equal(result.err, "", "stderr")
           seen { before = true } (result)
         end }),
  case("tree: with orphans", "tree = @pid1@", { "orphan below " .. open "orphan", "orphan " .. open "other" },
       { orphan = true }),
  in_cgroups("cgroup: path", { "a/b", "ab" }, "cgroup = '/tl-case/a'",
    { { "cgroup @cg@/a", open "before" }, { "cgroup @cg@/a/b", open "below" }, "cgroup @cg@/a " .. open "moved",
      "new-cgroup @cg@/a/new " .. open "new", { "cgroup @cg@/a", "cgroup @cg@/ab " .. open "left" },
      "cgroup @cg@/ab " .. open "other" },
    { before = true, below = true, moved = true, new = true }),
  in_cgroups("cgroup: glob, and cgroups that are made later", { "x" }, "cgroup = '/tl-case/web-*/run'",
    { "new-cgroup @cg@/web-1 new-cgroup @cg@/web-1/run new-cgroup @cg@/web-1/run/sub " .. open "later",
      "new-cgroup @cg@/web-2 " .. open "above", "new-cgroup @cg@/x/run " .. open "other" }, { later = true }),
  in_cgroups("unit and slice", { "system.slice/tl-app.service", "user.slice/user-1.slice" },
    "any = { { unit = 'tl-app' }, { slice = 'user-1' } }",
    { { "cgroup @cg@/system.slice/tl-app.service", open "service" }, "cgroup @cg@/system.slice " .. open "above",
      "new-cgroup @cg@/user.slice/user-1.slice/session-2.scope " .. open "session", open "other" },
    { service = true, session = true }),
  in_cgroups("unit: again after a restart", { "tl-app.service" }, "unit = 'tl-app.service'",
    { "new-cgroup @cg@/other.slice new-cgroup @cg@/other.slice/tl-app.service " .. open "again",
      "new-cgroup @cg@/tl-app.servicex " .. open "other" }, { again = true }),
  in_cgroups("container of docker: by id, with what is in it", { "docker-" .. ID .. ".scope" },
    "container = 'c0ffee012345'",
    { { "cgroup @cg@/docker-" .. ID .. ".scope namespace mnt", open "before" },
      "new-cgroup @cg@/docker-" .. ID .. ".scope/init.scope namespace net namespace pid " .. open "inside",
      "cgroup @cg@ " .. open "other" }, { before = true, inside = true }),
  in_cgroups("container of podman, containerd and cri-o",
    { "libpod-" .. ID .. ".scope", "cri-containerd-1" .. ID .. ".scope",
      "crio-2" .. ID .. ".scope", "libpod-conmon-" .. ID .. ".scope" },
    "container = { 'c0ffee', '1c0ffee', '2c0f*' }",
    { "cgroup @cg@/libpod-" .. ID .. ".scope " .. open "podman", "cgroup @cg@/crio-2" .. ID .. ".scope " .. open "crio",
      "cgroup @cg@/cri-containerd-1" .. ID .. ".scope " .. open "containerd",
      "cgroup @cg@/libpod-conmon-" .. ID .. ".scope " .. open "other" },
    { podman = true, crio = true, containerd = true }),
  in_cgroups("container of docker: by name", { "docker/" .. ID }, "container = 'tl-web'",
    { { "cgroup @cg@/docker/" .. ID, open "before" }, "cgroup @cg@/docker " .. open "other" }, { before = true },
    { before = ([[mkdir -p /var/lib/docker/containers/%s
        echo '{"ID":"x","Name":"/tl-web","Config":{}}' >/var/lib/docker/containers/%s/config.v2.json]]):format(ID, ID),
      after = ([[rm -r /var/lib/docker/containers/%s
        rmdir -p /var/lib/docker/containers 2>/dev/null]]):format(ID) }),
  { name = "target: unit, where only version 1 of cgroups is mounted", n = 40,
    needs = function() return pids_mount() ~= nil, "the controller pids of version 1 is not mounted here" end,
    custom = function(room)
      local root = pids_mount() .. "/tl-case"
      local function clean() harness.sh(("find %s -depth -type d -exec rmdir {} + 2>/dev/null"):format(root)) end
      clean()
      assert(harness.sh(("mkdir -p %s/tl-app.service %s/other"):format(root, root)) == 0)
      local ok, why = pcall(function()
        room:start { ("cgroup %s/tl-app.service"):format(root), open "before" }
        room:start(("cgroup %s/tl-app.service "):format(root) .. open "moved")
        room:start(("new-cgroup %s/tl-app.service/new "):format(root) .. open "new")
        room:start(("cgroup %s/other "):format(root) .. open "other")
        local result = room:trace { script = on "unit = 'tl-app'",
          prefix = ("unshare -m sh -c 'umount %s; exec \"$@\"' sh"):format(cgroup_mount() or "/no/such/mount") }
        expect.equal(result.status, 0, "exit status")
        seen { before = true, moved = true, new = true } (result)
      end)
      room:finish()
      clean()
      if not ok then error(why, 0) end
    end },
  { name = "target: different ones at once, and changed while running", n = 30,
    background = { open "1", "below " .. open "2", open "3", open "4" },
    script = [[
      local function on(n, pid)
        return tl.on("syscall.openat", { pid = pid, follow = true, fields = { "pathname" } }, function(e)
          if e.pathname:find "^/no/such/" then row { sub = n, pathname = e.pathname } end end)
      end
      on(1, { @pid1@, @pid2@ })
      on(2, @pid3@)
      local third = on(3, @pid1@)
      tl.start()
      assert(third:target { pid = { @pid3@, @pid4@ } })
      local who = {}
      for _, m in ipairs(tl.targets()) do who[#who + 1] = { pid = m.pid, comm = m.comm, n = #m.subscriptions } end
      row { who = who }
      tl.run()]],
    expect = function(result)
      for _, pair in ipairs { { 1, 1 }, { 1, 2 }, { 2, 3 }, { 3, 3 }, { 3, 4 } } do
        expect.count(result.rows, { sub = pair[1], pathname = "/no/such/" .. pair[2] }, result.n)
      end
      expect.equal(#result.rows, 5 * result.n + 1, "rows")
      local pids, n = result.pids, {}
      for _, member in ipairs(result.rows[1].who) do n[member.pid] = member.n end
      expect.equal(n, { [pids[1]] = 1, [pids[2]] = 1, [pids[3]] = 2, [pids[4]] = 1 }, "subscriptions by pid")
    end },
  { name = "target: that of the session, for all that name none", n = 30, background = { open "1", open "2" },
    script = [[
      local function show(e) if e.pathname:find "^/no/such/" then row { pathname = e.pathname } end end
      tl.on("syscall.openat", { fields = { "pathname" } }, show)
      assert(tl.target { pid = @pid2@ })
      tl.on("syscall.openat", { fields = { "pathname" } }, show)
      tl.run()]],
    expect = function(result)
      expect.count(result.rows, { pathname = "/no/such/2" }, 2 * result.n)
      expect.equal(#result.rows, 2 * result.n, "rows")
    end },
  { name = "target: on the command line", n = 40, options = "--comm 'mem*' --uid 4001 --no gid=4003", command = false,
    background = { "name member user 4001 " .. open "in", "name member " .. open "one",
                   "name member group 4003 user 4001 " .. open "out" },
    script = [[tl.on("syscall.openat", { fields = { "pathname" } }, function(e)
      if e.pathname:find "^/no/such/" then row(e) end end)
      tl.after(0, function() os.execute "@workload@ gate @gates@" tl.after(0.1, tl.stop) end)
      tl.run()]],
    expect = seen { ["in"] = true } },
  { name = "target: the tracer itself only when it is told to", command = false,
    script = [[
      local me = io.open("/proc/self/stat"):read "n"
      local function mine(what) return function(e)
        if e.pid == me and e.pathname == "/no/such/me" then row { who = what } end
      end end
      tl.on("syscall.openat", { comm = "traceleft-lua" }, mine "comm")
      tl.on("syscall.openat", { comm = "traceleft-lua", self = true }, mine "self")
      tl.on("syscall.openat", { no = { uid = 77 } }, mine "no")
      tl.on("syscall.openat", { pid = me }, mine "pid")
      tl.after(0, function() io.open "/no/such/me" end)
      tl.run { duration = 0.3 }]],
    expect = function(result)
      expect.count(result.rows, { who = "self" }, 1)
      expect.count(result.rows, { who = "pid" }, 1)
      expect.equal(#result.rows, 2, "rows")
    end },
  { name = "target: 64 subscriptions with one each, and no 65th", command = false,
    script = [[
      for i = 1, 64 do assert(tl.on("process.exec", { uid = 5000 + i }, row)) end
      tl.start()
      local sub, message, name = tl.on("process.exec", { uid = 1 }, row)
      row { sub = sub ~= nil, message = message, name = name }]],
    status = 3, err = "there are 64 already",
    expect = function(result)
      expect.fields(result.rows[1], { sub = false, name = "ENOSPC",
        message = "subscription: there are 64 already, the most a session can have; stop one" })
    end },
  refused("a unit that nobody knows", "unit = 'tl-nosuch'", "unit 'tl%-nosuch.service': no such unit", "ENOENT"),
  refused("a container that is not there", "container = 'tl-nosuch'", "container 'tl%-nosuch': no such container",
          "ESRCH"),
  refused("a file that is not there", "exe = '/no/such/file'", "exe /no/such/file: No such file", "ENOENT"),
  refused("a dead process in a tree", "tree = 2147483000", "process 2147483000: no such process", "ESRCH"),
}
