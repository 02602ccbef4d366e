-- SPDX-License-Identifier: MIT
--- Truth: what was really opened, and paths that others rewrite. What cannot be known is marked.

local expect = require "expect"

local none = expect.none

local function late(command, mark)
  return { name = "truth: path, read late or not: " .. command, events = { "syscall.openat" }, run = command,
           expect = function(result)
             local row = expect.one(result.rows, { flags = 0 })
             expect.fields(row, { pathname = "/no/such/file/in/an/awkward/place", error = "ENOENT", file = none,
                                  late = mark, changed = none, unread = none })
           end }
end

-- Sums are made in the callback: the calls are many.
local SUMS = [[
  local sums = { calls = 0, lies = 0, marked = 0, found = 0 }
  tl.on("syscall.access", { fields = { "pathname", "ret" } }, function(e)
    local letter = e.pathname and e.pathname:match "/([ab])$"
    if not letter and not e.unread then return end
    sums.calls = sums.calls + 1
    if e.ret == 0 then sums.found = sums.found + 1 end
    if e.changed or e.late or e.unread then sums.marked = sums.marked + 1
    elseif (letter == "a") ~= (e.ret == 0) then sums.lies = sums.lies + 1 end
  end)
  tl.at_exit(function() row(sums) end)
  tl.run()]]

return {
  { name = "truth: a path that is rewritten while the call sleeps", events = { "syscall.openat" },
    channels = { "ring", "perf" }, run = "rewritten @dir@",
    expect = function(result)
      expect.fields(expect.one(result.rows, { tid = result.truth.opener }),
                    { pathname = result.dir .. "/fifo", file = result.dir .. "/fifo", changed = { "pathname" },
                      flags = 0, error = none, unread = none })
    end },
  { name = "truth: the same, marked in the line of -t and in JSON", no_script = true,
    options = "-t openat -o @dir@/lines", run = "rewritten @dir@",
    suffix = "&& @tracer@ -t openat --json -o @dir@/json -c '@workload@ rewritten @dir@/again'",
    before = "mkdir again",
    expect = function(result)
      local harness, json = require "harness", require "strict_json"
      local line
      for text in harness.read(result.dir .. "/lines"):gmatch "[^\n]+" do
        if text:find("/fifo", 1, true) and text:find("O_RDONLY) = ", 1, true) then line = text end
      end
      expect.ok(line and line:find("</" .. result.dir:sub(2) .. "/fifo>", 1, true), "line: %s", line)
      local object = expect.one(json.lines(harness.read(result.dir .. "/json")), function(row) return row.changed end)
      expect.fields(object, { changed = { "pathname" }, file = result.dir .. "/again/fifo" })
    end },
  { name = "truth: links: what was passed, and what was opened", events = { "syscall.openat" }, run = "links @dir@",
    expect = function(result)
      local target = result.truth.target
      local link = expect.one(result.rows, { pathname = "link" })
      expect.file(link, target)
      local twin = expect.one(result.rows, { pathname = "twin" })
      expect.fields(twin, { file = result.dir .. "/twin", inode = target[2] })
      expect.fields(expect.one(result.rows, { pathname = "/proc/self/fd/0" }),
                    { file = "/dev/null", dirfd = -100, dirfd_file = none, unread = none }) -- an absolute path
    end },
  { name = "truth: whether an open has made the file", n = 23, options = "-f", run = "lives @dir@ @n@ 0",
    before = "i=0; while [ $i -lt 23 ]; do : >old$i; i=$((i + 1)); done",
    script = [[
      tl.on({ "open", "openat", "openat2", "creat" }, { fields = { "file", "created", "error", "pathname", "unread" },
                                                        where = "has(flags, O_CREAT)" }, row)
      tl.on("openat", { where = "created", fields = { "file" } }, function(e) row { by_kernel = e.file } end)
      tl.run()]],
    expect = function(result)
      local function named(name) return function(row) return row.file and row.file:find("/" .. name .. "%d*$") end end
      for name, made in pairs { brief = true, old = false, stays = true } do
        local rows = expect.count(result.rows, named(name), result.n, name)
        expect.count(rows, { created = made, unread = none }, result.n, name .. ": created")
      end
      expect.fields(expect.one(result.rows, named "bare"), { created = true })
      expect.count(result.rows, function(row) return row.by_kernel ~= nil end, 2 * result.n + 1, "in the kernel")
    end },
  { name = "truth: an open that failed has made nothing", events = { "syscall.openat" }, run = "open 1 /no/such/file",
    expect = function(result)
      expect.fields(expect.one(result.rows, { pathname = "/no/such/file" }), { created = none, unread = none })
    end },
  { name = "truth: two paths in turn: always the file that was opened", n = 4000, run = "flips @dir@ @n@",
    options = "--ring 64M",
    script = [[
      tl.on("syscall.openat", { fields = { "flags", "file", "inode", "ret", "pathname" } }, function(e)
        if e.flags == 0x200000 then row { file = e.file, inode = e.inode, pathname = e.pathname } end
      end)
      tl.run()]],
    expect = function(result)
      local names = { [result.truth.a[2]] = result.dir .. "/a", [result.truth.b[2]] = result.dir .. "/b" }
      expect.equal(#result.rows, result.n, "opens")
      for i, row in ipairs(result.rows) do
        local inode = result.truth.all.open[i][1]
        expect.equal(row.inode, inode, "inode of open " .. i)
        expect.equal(row.file, names[inode], "file of open " .. i)
        expect.ok(row.pathname:match("^" .. result.dir:gsub("%p", "%%%0") .. "/[ab]$"), "pathname: %s", row.pathname)
      end
    end },
  { name = "truth: a path that changes once about the call: right, or marked", n = 4000, run = "once @dir@ @n@",
    options = "--ring 64M", script = SUMS,
    expect = function(result)
      expect.fields(result.rows[1], { calls = result.n, lies = 0, found = result.truth.found })
    end },
  late("cold", { "pathname" }),
  late("half-cold", { "pathname" }),
  late("edge", none),
}
