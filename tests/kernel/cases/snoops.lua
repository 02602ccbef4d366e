-- SPDX-License-Identifier: MIT
--- The tools that ask about system calls, processes and files: each is run beside a workload that does 23 things that
--- it must show, and others that it must not.

local expect  = require "expect"
local harness = require "harness"
local json    = require "strict_json"
local tools   = require "tool"

local N = tools.N
local rows, objects = tools.rows, tools.objects

local function file(name)
  return ("scripts/%s.lua"):format(name)
end

-- What a tool that counts says as JSON.
local function counts(words, run, check)
  words = words:gsub("^%l+", file)
  return tools.case(words .. ": counts exactly", {
    file = words .. " --json", run = run,
    expect = function(result) check(json.lines(result.out), result) end })
end

-- Of an aggregate: the row whose key has these parts.
local function keyed(list, key)
  return expect.one(list, function(row)
    for name, value in pairs(key) do
      if row.key[name] ~= value then return false end
    end
    return true
  end, expect.show(key))
end

local function of_count(key, n)
  return function(list) expect.equal(keyed(list, key).count, n, "count") end
end

local STATS, BIRTHS, IDENTITIES = ("stats @dir@ %d"):format(N), ("births %d"):format(N), ("identities %d"):format(N)
local FAILURES, SYNCS = ("failures %d"):format(N), ("syncs @dir@ %d"):format(N)
local MISSING = " workload +%l+ +ENOENT +/no/such/file$"
local REFUSED = " 65534 setuid%(0%) = %-1 EPERM"
local AGE = " workload +%d[%d.]* %S+ "

-- ---- processes -------------------------------------------------------------------------------

local PROCESSES = {
  rows(file "exitsnoop", BIRTHS, {
    [AGE .. "status 0$"] = N + 1, [AGE .. "status 7$"] = N, [AGE .. "SIGKILL$"] = N }),
  rows(file "exitsnoop" .. " -x", BIRTHS, { [AGE .. "status 7$"] = N, [AGE .. "SIGKILL$"] = N }),
  objects(file "exitsnoop", BIRTHS, { event = "process.exit", status = 7, comm = "workload" }),
  rows(file "forksnoop", BIRTHS, { [" workload +%d+$"] = 3 * N }),
  counts("forksnoop -c", BIRTHS, of_count({ comm = "workload" }, 3 * N)),
  rows(file "threadsnoop", BIRTHS, { [" workload +%d+$"] = N }),
  counts("threadsnoop -c", BIRTHS, of_count({ comm = "workload" }, N)),
  rows(file "execsnoop" .. " -x", ("no-programs %d"):format(N), {
    [' workload +ENOENT +/no/such/file: "no program"$'] = N, [" workload +%- +/.*workload no%-programs 23$"] = 1 }),
  rows(file "execsnoop", ("no-programs %d"):format(N), { [" workload +/.*workload no%-programs 23$"] = 1 }),
  rows(file "setuids", IDENTITIES, {
    [" 0 set%l+%(.*%) = 0$"] = 9 * N, [" 65534 setresuid%(65534, 65534, 65534%) = 0$"] = 1, [REFUSED] = N }),
  rows(file "setuids" .. " -x", IDENTITIES, { [REFUSED] = N }),
}

-- ---- calls -----------------------------------------------------------------------------------

-- What `failures` does, by call and reason; those of one reason are left out.
local function failing(without)
  return function(list)
    for call, reason in ("openat ENOENT read EBADF kill ESRCH read EAGAIN"):gmatch "(%S+) (%S+)" do
      local found = expect.select(list, function(row)
        return row.key.event == "syscall." .. call and row.key.error == reason and row.key.comm == "workload"
      end)
      expect.equal(found[1] and found[1].count, reason ~= without and N or nil, reason)
    end
  end
end

local FAILING = {
  ["openat +ENOENT +No such file or directory +/no/such/file$"] = N, ["read +EBADF +Bad file descriptor +%-$"] = N,
  ["kill +ESRCH +No such process +%-$"] = N,
}
local NOT_NOW = { ["read +EAGAIN +Resource temporarily unavailable +pipe:%[%d+%]$"] = N }
for pattern, n in pairs(FAILING) do NOT_NOW[pattern] = n end

local CALLS = {
  rows(file "statsnoop", STATS, { [" workload +%l+ +%- +/"] = 5 * N, [MISSING] = 2 * N }),
  rows(file "statsnoop" .. " -x", STATS, { [MISSING] = 2 * N }),
  rows(file "statsnoop" .. " --fd", STATS, {
    [" workload +fstat +%- "] = N, [" workload +[^f%s]%S+ +%- +/"] = 5 * N, [MISSING] = 2 * N }),
  objects(file "statsnoop", STATS, { event = "syscall.statx", error = "ENOENT" }),

  counts("syscount getppid kill read", FAILURES, function(list)
    expect.equal(keyed(list, { event = "syscall.getppid" }).count, N, "getppid")
    expect.equal(keyed(list, { event = "syscall.kill" }).count, N, "kill")
    expect.ok(keyed(list, { event = "syscall.read" }).count >= 2 * N, "read")
  end),
  counts("syscount -P -x -e EBADF,ESRCH", FAILURES, of_count({ comm = "workload" }, 2 * N)),
  counts("syscount -L nanosleep", ("naps" .. (" 5"):rep(N)), function(list, result)
    local least, most = 5000000 * N, 0
    for _, nap in ipairs(result.truth.all.nap) do most = most + nap[2] end
    local found = keyed(list, { event = "syscall.nanosleep" })
    expect.equal(found.count, N, "count")
    expect.time(found.value.sum, least, most, "sum")
  end),
  rows(file "syssnoop" .. " -x openat kill", FAILURES, {
    ['openat%(AT_FDCWD, "/no/such/file", O_RDONLY%) = %-1 ENOENT %(No such file or directory%) '] = N,
    ["kill%(2147483632, SIGTERM%) = %-1 ESRCH %(No such process%) "] = N }),
  rows(file "syssnoop" .. " -w 'fd == -1' read", FAILURES, { ["read%(%-1, .*, 1%) = %-1 EBADF "] = N }),
  objects(file "syssnoop" .. " getppid kill", FAILURES, { event = "syscall.getppid" }),

  rows(file "errsnoop", FAILURES, FAILING, "what fails, not what only says 'not now'"),
  rows(file "errsnoop" .. " -a", FAILURES, NOT_NOW),
  rows(file "errsnoop" .. " -e EAGAIN", FAILURES, { ["read +EAGAIN "] = N }),
  rows(file "errsnoop" .. " -e ESRCH,EBADF", FAILURES, { [" kill +ESRCH "] = N, [" read +EBADF "] = N }),
  counts("errsnoop -c", FAILURES, failing "EAGAIN"),
  counts("errsnoop -c -a", FAILURES, failing()),
  counts("errsnoop -c -a --no EBADF", FAILURES, failing "EBADF"),
  rows(file "slowcalls" .. " -m 150ms nanosleep", "naps 1 300 1 300", {
    ["^nap "] = 4, [" workload +%d[%d.]* ms nanosleep%({tv_sec=0, tv_nsec=300000000}, .*%) = 0$"] = 2 }),
  rows(file "slowcalls" .. " -m 150ms", "naps 300", { ["^nap "] = 1 }, "not those that are there to wait"),
  tools.case(file "slowcalls" .. ": no reads of pipes", {
    file = file "slowcalls" .. " -m 150ms", command = "sh -c 'sleep 0.3 | cat'",
    expect = function(result) expect.equal(tools.lines_with(result.out, " read%("), 0, result.out) end }),
  tools.case(file "slowcalls" .. " -a: reads of pipes too", {
    file = file "slowcalls" .. " -a -m 150ms", command = "sh -c 'sleep 0.3 | cat'",
    expect = function(result) expect.equal(tools.lines_with(result.out, " read%(0<pipe:"), 1, result.out) end }),
  rows(file "slowcalls" .. " -a -m 150ms", "naps 300", { ["^nap "] = 1, [" nanosleep%("] = 1 }, "all of them"),
  rows(file "slowcalls" .. " -m 0 openat kill getppid pipe2", FAILURES, {
    [" openat%("] = N, [" kill%("] = N, [" getppid%("] = N, [" pipe2%("] = 1 }),
  counts("slowcalls -c -m 20ms nanosleep", "naps" .. (" 1 25"):rep(N), function(list, result)
    local late = #expect.select(result.truth.all.nap, function(nap) return nap[1] == 1 and nap[2] >= 20000000 end)
    local found = keyed(list, { comm = "workload", event = "syscall.nanosleep" }).count
    expect.ok(found >= N and found <= N + late, "expected %d, at most %d of the short ones; found %d", N, late, found)
  end),
  counts("futexctn", ("futexes %d 2"):format(N), function(list, result)
    local found = keyed(list, { comm = "workload", uaddr = tonumber(result.truth.word) })
    expect.equal(found.count, N, "waits")
    expect.ok(found.value.sum >= N * 2000000, "time: %d", found.value.sum)
  end),
}

-- ---- files -----------------------------------------------------------------------------------

local function slow(list, result)
  expect.count(list, function(row) return row.count == 16 << 20 end, result.truth.large, "large writes")
end

local function lives(words, lines)
  local spec = rows(file "filelife" .. words, ("lives @dir@ %d 1"):format(N), lines)
  spec.before = ("i=0; while [ $i -lt %d ]; do : >old$i; i=$((i + 1)); done"):format(N)
  return spec
end

local FILES = {
  counts("filetop @dir@", ("transfers @dir@ %d"):format(N), function(list)
    expect.equal(#list, 2, "rows")
    expect.fields(expect.one(list, function(row) return row.file:find "/out0$" end),
                  { reads = 0, read = 0, writes = N, written = 100 * N, comm = "workload" })
    expect.fields(expect.one(list, function(row) return row.file:find "/in0$" end),
                  { reads = N, read = 50 * N, writes = 0, written = 0 })
  end),
  counts("filetop -F -s reads", ("transfers @dir@ %d"):format(N), function(list)
    expect.fields(expect.one(list, function(row) return row.file:find "/out0$" end),
                  { writes = N, pid = expect.none })
    expect.count(list, function(row) return row.file:find "^pipe" end, 0)
  end),
  counts("fileslower -m 1ms @dir@", ("slow-writes @dir@ %d 16 1000"):format(N), slow),
  counts("fileslower -m 10min @dir@", ("slow-writes @dir@ %d 1 1000"):format(N), function(list)
    expect.equal(#list, 0, "rows")
  end),
  rows(file "fileslower" .. " -m 0 @dir@", ("transfers @dir@ %d"):format(N), {
    ["write +100 .*/out0$"] = N, ["pread64 +50 .*/in0$"] = N, [" read +0 .*/out0$"] = 1 }),
  -- "old" files were there before: `before` makes them.
  lives("", { ["removed +/.*/brief%d+$"] = 12, ["removed +/.*/renamed%d+$"] = 11, ["removed +/.*/bare$"] = 1 }),
  lives(" @dir@/brief", { ["removed +/.*/brief%d+$"] = 12, ["removed +/.*/renamed%d+$"] = 11 }),
  lives(" -m 10min @dir@/bare", { ["removed +/.*/bare$"] = 1 }),
  lives(" -m 0 @dir@/brief", {}),
  rows(file "opensnoop" .. " -n @dir@/brief", ("lives @dir@ %d 0"):format(N), {
    ["workload +%d+ +%- +/.*/brief"] = N }),
  rows(file "fsyncsnoop", SYNCS, {
    [" fsync .* %- +/.*/synced0$"] = N, [" fdatasync .* %- +/.*/synced0$"] = N,
    [" sync_file_range .* %- +/.*/synced0$"] = N, [" fsync .* EBADF +%-$"] = N }),
  counts("fsyncsnoop -c", SYNCS, function(list)
    local row = expect.one(list, function(r) return r.key.file and r.key.file:find "/synced0$" end)
    expect.equal(row.count, 3 * N, "syncs")
  end),
  rows(file "syncsnoop", SYNCS, {
    [" fsync%(%d+</.*/synced0>%) = 0$"] = N, [" fdatasync%(%d+</.*/synced0>%) = 0$"] = N,
    [" sync_file_range%("] = N, [" msync%(0x%x+, 4096, MS_SYNC%) = 0$"] = N, [" fsync%(%-1%) = %-1 EBADF "] = N }),
  rows(file "mountsnoop", ("mounts @dir@ %d"):format(N), {
    [' mount%("none", "/", NULL, MS_REC|MS_PRIVATE, NULL%) = 0$'] = 1,
    [' mount%("a source", "/.*", "tmpfs", MS_NOSUID|MS_NOEXEC, "size=64k"%) = 0$'] = N,
    [' umount2%("/.*", MNT_DETACH%) = 0$'] = N, [' umount2%("/no/such/file", 0%) = %-1 ENOENT '] = N }),
  rows(file "mountsnoop" .. " -x", ("mounts @dir@ %d"):format(N), { [' umount2%("/no/such/file", 0%) = %-1 '] = N }),
  rows(file "spyfile" .. " @dir@/said0", ("says @dir@ %d"):format(N), {
    [" pwrite64 .* hello %d+\\n$"] = N, [" pread64 .* hello %d+\\n$"] = N }),
  rows(file "spyfile" .. " -w @dir@/", ("says @dir@ %d"):format(N), {
    [" pwrite64 .* hello %d+\\n$"] = N, [" pwrite64 .* secret\\n$"] = N }),
}

-- ---- containers ------------------------------------------------------------------------------

local ID = ("c0ffee0123456789"):rep(4)

local function cgroup_mount()
  for line in harness.read("/proc/mounts"):gmatch "[^\n]+" do
    local point, kind = line:match "^%S+ (%S+) (%S+)"
    if kind == "cgroup2" then return point end
  end
end

local WORK = "@workload@ cgroup %s/docker-%s.scope failures %d; "
  .. "@workload@ cgroup %s/tl.service/sub transfers @dir@ %d; @workload@ cgroup %s storm %d 1 >truth"

local function in_containers(room)
  local root = cgroup_mount() .. "/tl-containers"
  harness.sh(("mkdir -p %s/docker-%s.scope %s/tl.service/sub"):format(root, ID, root))
  local ok, result = pcall(room.trace, room, tools.case("", { file = file "containers" .. " --cpu --json",
    command = ("sh -c '%s'"):format(WORK:format(root, ID, N, root, N, root, N)) }))
  room:finish()
  harness.sh(("find %s -depth -type d -exec rmdir {} +"):format(root))
  if not ok then error(result, 0) end
  local list = json.lines(result.out)
  expect.equal({ result.status, result.err }, { 0, "" }, "exit status and stderr")
  expect.fields(expect.one(list, { kind = "container", name = ID }), { errors = 4 * N, read = 0, conns = 0 })
  expect.fields(expect.one(list, { kind = "unit", name = "tl.service" }),
                { written = 200 * N + #"0\n", read = 150 * N, errors = 1, conns = 0 }) -- it moved by a write of "0"
  local plain = expect.one(list, { kind = "cgroup", name = "/tl-containers" })
  expect.equal(plain.conns, 2 * N, "connections")
  expect.ok(plain.cpu > 0 and plain.calls > 4 * N, "CPU time and calls: %s", expect.show(plain))
end

local CONTAINERS = {
  { name = file "containers" .. ": counts exactly, in containers, units and plain cgroups", custom = in_containers,
    needs = function() return cgroup_mount() ~= nil, "no cgroups of version 2 are mounted here" end },
}

local cases = {}
for _, list in ipairs { PROCESSES, CALLS, FILES, CONTAINERS } do table.move(list, 1, #list, #cases + 1, cases) end
for _, name in ipairs { "exitsnoop", "forksnoop", "threadsnoop", "setuids", "statsnoop", "syscount", "syssnoop",
                        "errsnoop", "slowcalls", "futexctn", "filetop", "fileslower", "filelife", "fsyncsnoop",
                        "syncsnoop", "mountsnoop", "spyfile", "containers" } do
  cases[#cases + 1] = tools.help(file(name))
end
return cases
