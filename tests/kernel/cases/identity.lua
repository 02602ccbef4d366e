-- SPDX-License-Identifier: MIT
--- Who processes are: the program's file, the number in the process's own pid namespace, the user who logged in.

local expect  = require "expect"
local harness = require "harness"

local FIELDS = [[fields = { "event", "pid", "pathname", "exe", "nspid", "loginuid" }]]

-- What rows of one path say: all the same, and how many there are.
local function told(rows, path)
  local first, n = nil, 0
  for _, found in ipairs(expect.select(rows, { pathname = path })) do
    first, n = first or found, n + 1
    expect.equal({ found.exe, found.nspid, found.loginuid }, { first.exe, first.nspid, first.loginuid }, path)
  end
  return first or {}, n
end

local function link_target(path)
  local pipe = assert(io.popen("readlink -f " .. path))
  local text = pipe:read "l"
  pipe:close()
  return text
end

local OPENS = [[
  tl.target { no = { comm = "tl-nobody" } }
  tl.on("openat", { ]] .. FIELDS .. [[, where = "starts(pathname, '/no/such/')" }, row)
  tl.run()]]

return {
  { name = "identity: the program's file, of those there before and of new ones", n = 20, script = OPENS,
    before = "cp @workload@ @dir@/other",
    background = { "open @n@ /no/such/before" },
    command = "sh -c '@workload@ gate @gates@; @workload@ open @n@ /no/such/new; @dir@/other open @n@ /no/such/other'",
    expect = function(result)
      local workload = link_target(harness.workload)
      for path, exe in pairs { before = workload, new = workload, other = result.dir .. "/other" } do
        local first, n = told(result.rows, "/no/such/" .. path)
        expect.equal({ n, first.exe, first.nspid }, { result.n, exe, first.pid }, path)
      end
    end },
  { name = "identity: numbers of a pid namespace", n = 20, script = OPENS,
    command = "sh -c '@workload@ namespace pid open @n@ /no/such/inside'",
    expect = function(result)
      local first, n = told(result.rows, "/no/such/inside")
      expect.equal({ n, first.nspid, first.pid ~= 1 }, { result.n, 1, true }, "opens, nspid")
    end },
  { name = "identity: who logged in, whoever the process is by now", n = 20, script = OPENS,
    needs = function() return io.open "/proc/self/loginuid" ~= nil, "this kernel keeps no login" end,
    command = "sh -c '@workload@ open @n@ /no/such/nobody; echo 4007 >/proc/self/loginuid && " ..
              "exec @workload@ user 4001 open @n@ /no/such/login'",
    expect = function(result)
      local nobody, before = told(result.rows, "/no/such/nobody")
      local login, after = told(result.rows, "/no/such/login")
      local own = tonumber(harness.read("/proc/self/loginuid"):match "%d+")
      expect.equal({ before, nobody.loginuid }, { result.n, own ~= 4294967295 and own or nil }, "before")
      if own == 4294967295 then expect.equal({ after, login.loginuid }, { result.n, 4007 }, "after a login") end
    end },
  -- The process is gone before anybody looks: what the record says is all there is.
  { name = "identity: of processes that are gone, at each event of their lives", n = 50, run = "exec @n@",
    options = "-f", script = [[
      local n, wrong = { }, 0
      local exe = io.popen("readlink -f @workload@"):read "l"
      tl.on({ "process.exec", "process.exit", "process.fork", "exit_group" },
            { fields = { "event", "exe", "nspid", "pid" } }, function(e)
        n[e.event] = (n[e.event] or 0) + 1
        if e.exe ~= exe or e.nspid ~= e.pid then wrong = wrong + 1 end
      end)
      tl.at_exit(function() n.wrong = wrong row(n) end)
      tl.start()
      tl.run()]],
    expect = function(result)
      local n = result.n
      expect.equal(result.rows[1], { ["process.exec"] = n + 1, ["process.exit"] = n + 1, ["process.fork"] = n,
                                     ["syscall.exit_group"] = n + 1, wrong = 0 }, "events")
    end },
  { name = "identity: in where and by, decided in the kernel", n = 50, before = "cp @workload@ @dir@/other",
    command = "sh -c '@workload@ open @n@ /no/such/one; @dir@/other open @n@ /no/such/two'", options = "-f",
    script = [[
      local sub = tl.on("openat", { where = "exe == '@dir@/other' and starts(pathname, '/no/such/')" }, function(e)
        row { pathname = e.pathname, named = e.exe == nil }
      end)
      local by = tl.count { "openat", by = { "exe", "nspid" }, where = "starts(pathname, '/no/such/')" }
      tl.start()
      local all = true
      for _, part in ipairs(sub:explain()) do all = all and (not part.clause or part.where:find "^kernel" ~= nil) end
      tl.at_exit(function()
        for exe, nspid, n in by:each() do row { exe = exe, number = nspid > 0, n = n } end
        row { all = all }
      end)
      tl.run()]],
    expect = function(result)
      local n, other = result.n, result.dir .. "/other"
      expect.count(result.rows, { pathname = "/no/such/two", named = true }, n)
      expect.count(result.rows, { pathname = "/no/such/one" }, 0)
      expect.count(result.rows, { exe = other, number = true, n = n }, 1)
      expect.count(result.rows, { exe = link_target(harness.workload), number = true, n = n }, 1)
      expect.count(result.rows, { all = true }, 1)
    end },
  -- A path that has no room is cut at a slash, and says so. Nobody asks: nothing is kept.
  { name = "identity: a long path is cut at a slash", n = 20, limit = 60,
    before = [[d=@dir@; for i in 1 2 3 4 5 6 7 8; do d=$d/$(printf '%0150d' $i); done
               mkdir -p $d && cp @workload@ $d/long && echo $d/long >@dir@/path]],
    command = "sh -c '$(cat @dir@/path) open @n@ /no/such/long'",
    script = [[
      tl.target { no = { comm = "tl-nobody" } }
      tl.on("openat", { fields = { "pathname", "exe" }, where = "starts(pathname, '/no/such/')" }, function(e)
        row { exe = e.exe, cut = e.cut and e.cut[1] }
      end)
      tl.run()]],
    expect = function(result)
      local path = harness.read(result.dir .. "/path"):match "[^\n]+"
      local found = result.rows[1]
      local rest = found.exe:match "^…(/.+)$"
      expect.equal({ #result.rows, found.cut }, { result.n, "exe" }, "opens, what is cut")
      expect.ok(#path > 1100 and rest and #rest > 700, "exe: %s", found.exe)
      expect.equal(path:sub(-#rest), rest, "the end of the path")
    end },
  { name = "identity: hooks and what is kept are there while somebody asks", command = false, script = [[
      local me = io.open("/proc/self/stat"):read "n"
      local function kept()
        local n, pipe = nil, io.popen("@workload@ bpf-of " .. me)
        for line in pipe:lines() do n = n or math.tointeger(line:match "^entries tl_known (%d+)$") end
        pipe:close()
        return n or 0
      end
      tl.on("sethostname", function() end)
      tl.start()
      local none = kept()
      local sub = assert(tl.on("setdomainname", { fields = { "exe" } }, function() end))
      local some = kept()
      sub:stop()
      assert(tl.on("setdomainname", { where = "exe == '/no/such'" }, function() end))
      row { none = none, some = some > 5, again = kept() > 5 }]],
    expect = function(result)
      expect.equal(result.rows[1], { none = 0, some = true, again = true }, "what is kept")
    end },
}
