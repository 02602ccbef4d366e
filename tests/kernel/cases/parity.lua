-- SPDX-License-Identifier: MIT
--- What TraceLeft had: its twelve system calls; and what its documentation says that it missed.

local expect  = require "expect"
local harness = require "harness"

local none = expect.none

local TWELVE = { "open", "close", "read", "write", "mkdir", "mkdirat", "chmod", "fchmod", "fchmodat", "chown", "fchown",
                 "fchownat" }

-- Each with success and without, in the order of `workload twelve`. file, folder: lines of say_file.
local WANTED = {
  { "open", pathname = "file", flags = 66, mode = 416, file = "file" },
  { "open", pathname = "none", flags = 0, error = "ENOENT" },
  { "write", fd = 401, buf = "content", count = 7, ret = 7, file = "file" },
  { "read", fd = 401, buf = "content", count = 16, ret = 7, file = "file" },
  { "read", fd = 499, count = 16, error = "EBADF", buf = none },
  { "write", fd = 499, count = 7, error = "EBADF", buf = none },
  { "mkdir", pathname = "one", mode = 488, ret = 0 },
  { "mkdir", pathname = "none/one", mode = 488, error = "ENOENT" },
  { "mkdirat", dirfd = 400, pathname = "two", mode = 453, ret = 0, file = "folder" },
  { "mkdirat", dirfd = 499, pathname = "two", mode = 453, error = "EBADF" },
  { "chmod", pathname = "file", mode = 388, ret = 0 },
  { "chmod", pathname = "none", mode = 388, error = "ENOENT" },
  { "fchmod", fd = 401, mode = 420, ret = 0, file = "file" },
  { "fchmod", fd = 499, mode = 420, error = "EBADF" },
  { "fchmodat", dirfd = 400, pathname = "file", mode = 384, ret = 0, file = "folder" },
  { "fchmodat", dirfd = 400, pathname = "none", mode = 384, error = "ENOENT", file = "folder" },
  { "chown", pathname = "file", owner = 11, group = 12, ret = 0 },
  { "chown", pathname = "none", owner = 11, group = 12, error = "ENOENT" },
  { "fchown", fd = 401, owner = 13, group = -1, ret = 0, file = "file" },
  { "fchown", fd = 499, owner = 13, group = -1, error = "EBADF" },
  { "fchownat", dirfd = 400, pathname = "file", owner = 15, group = 16, flags = 0x100, ret = 0, file = "folder" },
  { "fchownat", dirfd = 400, pathname = "none", owner = 15, group = 16, flags = 0, error = "ENOENT", file = "folder" },
  { "close", fd = 401, ret = 0, file = "file" },
  { "close", fd = 499, error = "EBADF" },
}

local function check_row(row, want, truth)
  local fields = { error = none, unread = none, cut = none }
  for key, value in pairs(want) do
    if key ~= 1 and key ~= "file" then fields[key] = value end
  end
  expect.fields(row, fields, want[1])
  if want.file then expect.file(row, truth[want.file]) else expect.fields(row, { file = none }) end
  expect.time(row.duration, 1, 60000000000, "duration")
end

-- The calls of that name, each with its own fields, and no other.
local function check_call(result, name)
  local rows = expect.select(result.rows, function(row) return row.event == "syscall." .. name and row.fd ~= 1 end)
  local i = 0
  for _, want in ipairs(WANTED) do
    if want[1] == name then
      i = i + 1
      check_row(rows[i], want, result.truth)
    end
  end
  expect.equal(#rows, i, "rows of " .. name)
  expect.ok(i >= 2, "no test")
end

local function each_of_twelve(name)
  return { name = "parity: " .. name, events = { "syscall." .. name }, run = "twelve @dir@",
           expect = function(result) check_call(result, name) end }
end

local function all_twelve()
  local events = {}
  for i, name in ipairs(TWELVE) do events[i] = "syscall." .. name end
  return { name = "parity: the twelve at once", events = events, run = "twelve @dir@",
           expect = function(result)
             for _, name in ipairs(TWELVE) do check_call(result, name) end
           end }
end

local cases = {
  { name = "parity: ( sleep 1; cat /dev/null ) > FILE", options = "-f",
    events = { "syscall.write", "syscall.dup2", "syscall.close" },
    command = [[sh -c "( @workload@ naps 20; cat /dev/null ) > @dir@/FILE"]],
    expect = function(result)
      local file = result.dir .. "/FILE"
      local write = expect.one(result.rows, function(row) return row.event == "syscall.write" and row.fd == 1 end)
      expect.fields(write, { file = file, ret = #write.buf })
      expect.ok(write.buf:find "^nap 20 ", "buf: %s", write.buf)
    end },
  { name = "parity: sixteen readers that sleep in other processes", n = 1000, run = "zeros @n@",
    background = { "true", "true", "true", "true", "true", "true", "true", "true",
                   "true", "true", "true", "true", "true", "true", "true", "true" },
    script = [[
      local all = 0
      tl.on("syscall.read", { args = { "file" } }, function(file) if file == "/dev/zero" then all = all + 1 end end)
      tl.on("process.exit", function(e) if e.comm == "workload" then row { reads = all } end end)
      tl.run()]],
    expect = function(result) expect.equal(result.rows[1].reads, result.n, "reads") end },
  { name = "parity: paths and contents of pids above 32768", n = 20,
    custom = function(room)
      room:start "at-pids brief @dir@ @n@ -- 40000 70000"
      local result = room:trace {
        script = [[tl.on({ "syscall.openat", "syscall.flock" }, { pid = @pid1@, follow = true }, row) tl.run()]] }
      expect.equal(result.status, 0, "exit status")
      for _, pid in ipairs { 40000, 70000 } do
        for i = 0, room.n - 1 do
          expect.one(result.rows, { event = "syscall.flock", pid = pid, file = ("%s/brief-%d"):format(room.dir, i) })
        end
      end
    end },
  { name = "parity: globally, with paths behind descriptors", n = 30, command = false,
    script = [[
      tl.on("syscall.flock", row)
      tl.on("process.exit", function(e) if e.comm == "workload" then tl.stop() end end)
      tl.after(0, function() os.execute "@workload@ brief @dir@ @n@ >/dev/null &" end)
      tl.run()]],
    expect = function(result)
      for i = 0, result.n - 1 do
        expect.one(result.rows, { comm = "workload", file = ("%s/brief-%d"):format(result.dir, i) })
      end
    end },
}

table.insert(cases, all_twelve())
if harness.scale == 1 then -- elsewhere at once is enough
  for i, name in ipairs(TWELVE) do table.insert(cases, i, each_of_twelve(name)) end
end
return cases
