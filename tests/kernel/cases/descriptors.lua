-- SPDX-License-Identifier: MIT
--- Descriptors: what each is, wherever it came from and wherever the file is. `touch` of the workload is flock.

local expect = require "expect"

local none = expect.none

-- What stands for itself has no mount namespace.
local function is_path(name)
  return name:find "^/" and not name:find "^/memfd:"
end

local function touched(result, fd, what)
  return expect.one(result.rows, { event = "syscall.flock", fd = fd }, what or "flock of " .. fd)
end

-- A case with one line `key` of say_file, and one touch.
local function one_file(name, run, key, fields)
  return { name = "descriptors: " .. name, events = { "syscall.flock" }, run = run, options = "-f",
           expect = function(result)
             local line = result.truth[key]
             local row = touched(result, line[1])
             expect.file(row, line)
             if fields then expect.fields(row, fields(result)) end
           end }
end

local function deep(name, depth, length, is_cut)
  return { name = "descriptors: " .. name, events = { "syscall.flock" },
           run = ("deep @dir@ %d %d"):format(depth, length),
           expect = function(result)
             local fd, inode, _, path = table.unpack(result.truth.deep)
             local row = touched(result, fd)
             expect.fields(row, { inode = inode, unread = none, cut = is_cut and { "file" } or none })
             if not is_cut then return expect.equal(row.file, path, "file") end
             local rest = row.file:match "^…(/.*)$"
             expect.ok(rest and #rest > 500 and path:sub(-#rest) == rest, "file: %s", row.file)
           end }
end

-- Files in the order in which they were touched.
local function in_turn(result, keys)
  expect.equal(#result.rows, #keys, "rows")
  for i, key in ipairs(keys) do expect.file(result.rows[i], result.truth[key]) end
end

local function dup_rows(result)
  local rows = {}
  for _, row in ipairs(result.rows) do
    if row.event == "syscall.dup2" or row.event == "syscall.dup3" then rows[#rows + 1] = row end
  end
  return rows
end

local function expect_dups(result)
  local truth, rows = result.truth, dup_rows(result)
  for _, words in ipairs(truth.all.number) do expect.file(touched(result, words[1]), truth.doubled) end
  expect.file(expect.one(result.rows, { event = "syscall.dup" }), truth.doubled)
  for _, row in ipairs(expect.count(result.rows, { event = "syscall.fcntl" }, 2)) do
    expect.file(row, truth.doubled)
    expect.ok(row.ret >= 400, "fcntl: ret is %d", row.ret)
  end
  -- from, onto, what was there
  local wanted = { { "doubled", 301 }, { "doubled", 302 }, { "other", 301, "doubled" }, { "other", 302, "doubled" },
                   { "other", 600 }, { "other", truth.other[1], "other" } }
  for i, want in ipairs(wanted) do
    expect.file(rows[i], truth[want[1]], "oldfd_")
    expect.file(rows[i], truth[want[1]])
    expect.fields(rows[i], { newfd = want[2], ret = want[2], error = none })
    if want[3] then
      expect.file(rows[i], truth[want[3]], "newfd_", "what was there")
    else
      expect.fields(rows[i], { newfd_file = none, newfd_inode = none })
    end
  end
  expect.fields(rows[7], { error = "EBADF", oldfd = 999, oldfd_file = none, file = none, newfd = 301 })
  expect.file(rows[7], truth.other, "newfd_")
  expect.equal(#rows, 7, "dup2 and dup3")
  for _, words in ipairs(truth.all.number) do
    local is_other = words[1] == 301 or words[1] == 302
    expect.file(expect.one(result.rows, { event = "syscall.close", fd = words[1] }),
                is_other and truth.other or truth.doubled, "", "close of " .. words[1])
  end
  expect.fields(expect.one(result.rows, { event = "syscall.close", fd = 999 }), { file = none, error = "EBADF" })
end

return {
  { name = "descriptors: of every kind", events = { "syscall.flock" }, run = "kinds @dir@",
    channels = { "ring", "perf" },
    expect = function(result)
      local truth = result.truth
      for _, line in ipairs(truth.all.fd) do
        local row = touched(result, line[1], line[4])
        expect.file(row, line)
        expect.fields(row, { mntns = is_path(line[4]) and truth.mntns or none, ret = row.ret }, line[4])
      end
      expect.fields(touched(result, truth.odd), { file = "UNIX @odd\n\x01\0\xfe end", cut = none, unread = none })
      expect.equal(#result.rows, #truth.all.fd + 1, "rows")
      expect.ok(#truth.all.fd >= 35, "kinds: only %d", #truth.all.fd)
    end },
  { name = "descriptors: numbers that are none", events = { "syscall.flock" }, run = "bad-fds",
    expect = function(result)
      for _, fd in ipairs { -1, -100, 777, 0x7fffffff, result.truth.closed } do
        expect.fields(touched(result, fd), { file = none, inode = none, dev = none, mntns = none, unread = none,
                                             error = "EBADF", ret = -9 })
      end
      expect.equal(#result.rows, 5, "rows")
    end },
  { name = "descriptors: dup, dup2, dup3, F_DUPFD; what dup2 replaces", run = "dups @dir@",
    events = { "syscall.flock", "syscall.dup*", "syscall.fcntl", "syscall.close" }, expect = expect_dups },
  { name = "descriptors: inherited", events = { "syscall.flock" }, before = "mkdir 'a folder'",
    command = "sh -c 'exec 9>>\"@dir@/a folder/a file\"; exec @workload@ touches 9 3'",
    expect = function(result)
      for _, row in ipairs(expect.count(result.rows, { fd = 9 }, 3)) do expect.file(row, result.truth.fd) end
      expect.equal(result.rows[1].file, result.dir .. "/a folder/a file", "file")
    end },
  { name = "descriptors: older than the tracer", background = { "touches 1 5" },
    script = [[tl.on("syscall.flock", { pid = @pid1@ }, row) tl.run()]],
    expect = function(result)
      for _, row in ipairs(expect.count(result.rows, { fd = 1 }, 5)) do expect.file(row, result.truth.fd) end
      expect.equal(result.rows[1].file, result.dir .. "/background1", "file")
    end },
  one_file("sent over a socket", "rights @dir@", "received", function(result)
    return { pid = result.truth.receiver, file = result.dir .. "/sent" }
  end),
  { name = "descriptors: taken with pidfd_getfd", events = { "syscall.flock", "syscall.pidfd_getfd" }, options = "-f",
    run = "taken @dir@",
    expect = function(result)
      expect.file(touched(result, 701), result.truth.taken)
      local row = expect.one(result.rows, { event = "syscall.pidfd_getfd" })
      expect.fields(row, { file = result.dir .. "/taken", inode = result.truth.taken[2], error = none,
                           pidfd_file = "anon_inode:[pidfd]", targetfd = result.truth.taken[1] })
    end },
  { name = "descriptors: of another thread, and of a process that shares them", events = { "syscall.flock" },
    run = "shared @dir@", options = "-f",
    expect = function(result)
      local truth = result.truth
      expect.file(touched(result, truth.first[1]), truth.first)
      expect.fields(touched(result, truth.first[1]), { tid = truth.thread })
      expect.file(touched(result, truth.second[1]), truth.second)
    end },
  { name = "descriptors: another file by the end of the call is marked, not named", events = { "syscall.read" },
    run = "swapped @dir@",
    expect = function(result)
      expect.fields(expect.one(result.rows, { tid = result.truth.reader }),
                    { buf = "x", ret = 1, file = none, inode = none, unread = { "file", "inode", "dev", "mntns" } })
    end },
  { name = "descriptors: changed by another thread while in use, never the wrong one", n = 5000,
    run = "swaps @dir@ @n@", options = "--ring 16M",
    script = [[
      local seen = { right = 0, wrong = 0, unread = 0 }
      tl.on("syscall.pread64", { fields = { "fd", "buf", "file" } }, function(e)
        if e.fd ~= 800 then return end
        local kind = not e.file and "unread" or e.file:match("[^/]*$") == (e.buf == "1" and "one" or "two") and "right"
        if kind == "unread" and not e.unread then kind = "wrong" end
        seen[kind or "wrong"] = seen[kind or "wrong"] + 1
      end)
      tl.at_exit(function() row(seen) end)
      tl.run()]],
    expect = function(result)
      local seen = result.rows[1]
      expect.equal(seen.wrong, 0, "wrong files")
      expect.equal(seen.right + seen.unread, result.n, "reads")
    end },
  { name = "descriptors: many files, each for a moment", n = 300, run = "brief @dir@ @n@",
    events = { "syscall.openat", "syscall.flock", "syscall.close" },
    expect = function(result)
      local rows = expect.select(result.rows, function(row) return (row.file or ""):find("/brief-", 1, true) end)
      expect.equal(#rows, 3 * result.n, "rows")
      for i, row in ipairs(rows) do
        expect.equal(row.file, ("%s/brief-%d"):format(result.dir, (i - 1) // 3), "file of row " .. i)
        expect.equal(row.event, ({ "syscall.openat", "syscall.flock", "syscall.close" })[(i - 1) % 3 + 1], "event")
      end
    end },

  deep("200 components", 200, 12, false),
  deep("names of 255 bytes", 13, 255, false),
  deep("deeper than paths can be told: marked", 300, 1, true),
  deep("longer than paths can be told: marked", 20, 255, true),
  { name = "descriptors: where a relative path starts", events = { "syscall.openat" }, run = "at-folder @dir@",
    expect = function(result)
      local function at(pathname) return expect.one(result.rows, { pathname = pathname }) end
      expect.file(at "nothing/here", result.truth.folder, "dirfd_")
      expect.fields(at "nothing/here", { dirfd = result.truth.folder[1], file = none, error = "ENOENT" })
      expect.file(at "nothing/there", result.truth.folder, "dirfd_")
      expect.fields(at "nothing/there", { dirfd = -100, file = none })
      expect.fields(at "nothing/left", { dirfd = -100, dirfd_file = result.dir .. "/leaving (deleted)" })
    end },
  { name = "descriptors: bind mounts, each under its own path", events = { "syscall.flock" }, run = "bind @dir@",
    expect = function(result)
      in_turn(result, { "real", "bound", "single" })
      expect.ok(result.truth.inner ~= result.truth.outer, "truth")
      for _, row in ipairs(result.rows) do
        expect.fields(row, { mntns = result.truth.inner, inode = result.truth.real[2] })
      end
    end },
  { name = "descriptors: overlayfs", events = { "syscall.flock" }, run = "overlay @dir@",
    needs = function()
      local file = assert(io.open "/proc/filesystems")
      local text = file:read "a"
      file:close()
      return text:find "\toverlay\n", "no overlayfs here"
    end,
    expect = function(result)
      in_turn(result, { "old", "new", "copied" })
      expect.equal(result.rows[1].file, result.dir .. "/merged/old", "file")
      expect.equal(result.rows[1].mntns, result.truth.mntns, "mntns")
    end },
  { name = "descriptors: in a chroot, named from the outside", events = { "syscall.flock" }, run = "chroot @dir@",
    expect = function(result) in_turn(result, { "prisoner", "jail" }) end },
  one_file("in a container: its own mounts, root and pids", "container @dir@", "inside", function(result)
    return { pid = result.truth.pid_outside, mntns = result.truth.inner, file = "/etc/inside" }
  end),
  { name = "descriptors: renamed, removed, never named, of a mount that is gone", events = { "syscall.flock" },
    run = "nameless @dir@",
    expect = function(result)
      local keys = { "renamed", "removed", "folder" }
      if result.truth.unnamed then keys[#keys + 1] = "unnamed" end
      keys[#keys + 1] = "detached"
      in_turn(result, keys)
      expect.equal(result.rows[1].file, result.dir .. "/after", "renamed")
      expect.equal(result.rows[2].file, result.dir .. "/after (deleted)", "removed")
    end },
}
