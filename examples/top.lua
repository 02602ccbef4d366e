-- SPDX-License-Identifier: MIT
--- A monitor of one's own: who writes how much, on the whole screen. As root: traceleft-lua examples/top.lua
--
-- Enter goes from a process to the files that it writes, Backspace back; ? shows the other keys.

local cells = require "traceleft.top.cells"
local top   = require "traceleft.top"

local WRITES = { "write", "pwrite64", "writev", "pwritev", "pwritev2" }

local MEASURES = {
  bytes = { "sum", value = "ret", where = "ret > 0" },
  calls = { "avg", value = "duration" },
}

local NUMBERS = { { "BYTES/S", 9, cells.bytes "bytes" }, { "CALLS/S", 8, cells.rate "calls" },
                  { "AVG", 6, cells.average "calls" }, { "", 8, cells.past() } }

local VIEWS = {
  { name = "process", title = "Processes that write", events = WRITES, by = { "pid", "comm" }, measures = MEASURES,
    main = "calls", sort = "BYTES/S",
    columns = { { "PID", 7, cells.key(1, nil, true) }, { "COMM", 15, cells.key(2) }, table.unpack(NUMBERS) },
    enter = function(row)
      return { view = "file", title = ("%s[%d]"):format(row.key[2], row.key[1]), where = "pid == " .. row.key[1] }
    end },
  { name = "file", title = "Files that are written", events = WRITES, by = { "file" }, measures = MEASURES,
    main = "calls", sort = "BYTES/S",
    columns = { { "FILE", 30, cells.key(1, cells.path), most = 90 }, table.unpack(NUMBERS) } },
}

assert(top.run { name = "writes", views = VIEWS })
