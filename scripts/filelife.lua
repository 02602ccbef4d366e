#!/usr/bin/env traceleft-lua
-- SPDX-License-Identifier: MIT
--- filelife: which files are made and soon removed, by whom, and how old do they get?
--
-- usage: filelife [-m TIME] [-p PIDS] [-f] [-C NAME] … [--json | --csv] [PATH]
--
--   filelife             files that are made and removed while it runs
--   filelife -m 1s       those that were removed within a second
--   filelife /var/tmp    below /var/tmp
--
-- Overhead: one event for each file that is made, removed or renamed; about 500 ns for an open that makes none.

local tl       = require "traceleft"
local args     = require "traceleft.args"
local clauses  = require "traceleft.clauses"
local duration = require "traceleft.duration"
local paths    = require "traceleft.paths"
local report   = require "traceleft.report"

local opts = args.parse {
  name = "filelife",
  doc = "Which files are made and soon removed, by whom, and how old do they get?\n"
    .. "Files are known by their paths: one that is removed through a symbolic link to its folder is not seen.",
  examples = {
    { "", "files that are made and removed while it runs" },
    { "-m 1s", "those that were removed within a second" },
    { "/var/tmp", "below /var/tmp" },
  },
  overhead = "one event for each file that is made, removed or renamed; about 500 ns for an open that makes none.",
  { "path", "only files whose path begins so", optional = true },
  args.WHICH,
  { "-m --max", "up to this age", type = "duration" },
  args.FORMS,
}

-- Files that were made by path, and their paths by process and name; of many the older half is in `older`.
local KEPT <const> = 100000
local made, older, n = { files = {}, paths = {} }, { files = {}, paths = {} }, 0

local function name_of(pid, path)
  return pid .. path:match "[^/]*$"
end

local function remember(path, file)
  if n == KEPT then made, older, n = { files = {}, paths = {} }, made, 0 end
  made.files[path], made.paths[name_of(file.pid, path)], n = file, path, n + 1
end

local function forget(path)
  local file = made.files[path] or older.files[path]
  made.files[path], older.files[path] = nil, nil
  return file
end

-- The path of a name; without a folder it is taken for the last file of this name that the same process made.
local function find(e, folder, name)
  local key = name and name_of(e.pid, name)
  return paths.whole(folder, name) or key and (made.paths[key] or older.paths[key])
end

local show = report.lines(opts, {}, {
  { "TIME", 8, report.time },
  { "PID", 7, function(e) return e.pid end, right = true },
  { "COMM", 15, function(e) return e.comm end, least = 10 },
  { "MADE BY", 15, function(e) return e.maker end, least = 10 },
  { "AGE", 9, function(e) return opts.csv and e.age or duration.text(e.age) end, right = true },
  { "END", 8, function(e) return e.how end },
  { "FILE", 22, function(e) return e.file end },
})

local function ended(e, how, path)
  local file = path and forget(path)
  local age = file and e.time - file.time
  if not file or opts.max and age > opts.max * 1e9 then return end
  show { event = "filelife.end", time = e.time, pid = e.pid, comm = e.comm, maker = file.comm, age = age, how = how,
         file = path }
end

local function renamed(e)
  local from, to = find(e, e.olddirfd_file, e.oldpath), find(e, e.newdirfd_file, e.newpath)
  if not from or from == to then return end
  to = to or paths.whole(from:match "^(.*)/", e.newpath)
  local file = forget(from)
  ended(e, "replaced", to)
  if file and to then remember(to, file) end
end

local function on(calls, where, fields, fn)
  table.move({ "event", "time", "pid", "comm" }, 1, 4, #fields + 1, fields)
  assert(tl.on(calls, { target = opts.target, where = where, fields = fields }, fn))
end

local MAKE = { "syscall.open", "syscall.openat", "syscall.openat2", "syscall.creat" }
on(MAKE, clauses.all("created", opts.path and "starts(file, " .. clauses.text(opts.path) .. ")"), { "file" },
   function(e) if e.file then remember(e.file, e) end end)
on({ "syscall.unlink", "syscall.unlinkat" }, "ret == 0", { "pathname", "file" },
   function(e) ended(e, "removed", find(e, e.file, e.pathname)) end)
on({ "syscall.rename", "syscall.renameat", "syscall.renameat2" }, "ret == 0",
   { "oldpath", "newpath", "olddirfd_file", "newdirfd_file" }, renamed)
assert(tl.run())
