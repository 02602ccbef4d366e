-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

local EVENTS = {
  { event = "syscall.read", comm = "cat", pid = 2, ret = 100 },
  { event = "syscall.read", comm = "cat", pid = 2, ret = 2000 },
  { event = "syscall.read", comm = "d\27d", pid = 3, ret = 9 },
  { event = "syscall.openat", comm = "sh", pid = 4, ret = 3 },
}

-- What a table of reads and opens writes after these events.
local function written(opts, print_opts, titles, by)
  local tl = fake.load "traceleft"
  local M = require "traceleft.joined"
  by = by or { "comm", "pid" }
  local reads = tl.avg { "read", value = "ret", by = by }
  local opens = tl.count { "openat", by = by }
  local one = M.new(titles or { "COMM", "PID" }, {
    { "READS", reads, "count" }, { "READ", reads, "sum", unit = "bytes" }, { "OPENS", opens },
  }, opts)
  for _, event in ipairs(EVENTS) do fake.session:emit(event) end
  local text = fake.stdout(function() one:print(print_opts) end)
  local rest = fake.stdout(function() one:print(print_opts) end)
  tl.close()
  return text, rest
end

describe("traceleft.joined", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.joined") end)

  it("has a row for each key, with 0 where nothing was counted, the most first", function()
    assert.equal("READS    READ OPENS COMM   PID\n    2 2.1 KiB     0 cat    2\n    1     9 B     0 d\\x1bd 3\n"
      .. "    0     0 B     1 sh     4\n", (written()))
  end)

  it("sorts by another column, or by what a function makes of them", function()
    assert.truthy(written({ sort = 3 }):find "^[^\n]*\n +0 +0 B +1 sh")
    assert.truthy(written({ sort = function(row) return -row[1] end }):find "^[^\n]*\n +0 +0 B +1 sh")
  end)

  it("says how many rows are left out", function()
    assert.truthy(written(nil, { top = 1 }):find "\n… 2 more\n$")
  end)

  it("begins anew when it is told to", function()
    local _, rest = written(nil, { clear = true })
    assert.equal("(nothing)\n", rest)
    _, rest = written()
    assert.not_equal("(nothing)\n", rest)
  end)

  it("adds up rows whose keys come to the same", function()
    local function kind(key) return { n = 1, key[1] == "sh" and "shell" or "other" } end
    assert.equal("READS    READ OPENS KIND\n    3 2.1 KiB     0 other\n    0     0 B     1 shell\n",
                 (written({ key = kind }, nil, { "KIND" })))
  end)

  it("writes JSON and comma-separated values, the titles of these once", function()
    assert.equal('{"comm":"cat","opens":0,"pid":2,"read":2100,"reads":2}\n', (written(nil, { json = true, top = 1 })))
    local text, rest = written(nil, { csv = true })
    assert.equal("reads,read,opens,comm,pid\n2,2100,0,cat,2\n1,9,0,d\\x1bd,3\n0,0,1,sh,4\n", text)
    assert.equal("2,2100,0,cat,2\n1,9,0,d\\x1bd,3\n0,0,1,sh,4\n", rest)
  end)
end)
