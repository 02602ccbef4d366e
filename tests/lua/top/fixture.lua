-- SPDX-License-Identifier: MIT
--- fixture: views over the events of the fake core, for the specs of traceleft.top.

local fake = require "fake_core"

local M = {}

--- The modules loaded afresh over a fresh fake; M.views are the views to be monitored.
---@param name string
---@return any
function M.load(name)
  for key in pairs(package.loaded) do
    if key:find "^traceleft" then package.loaded[key] = nil end
  end
  local module = fake.load(name)
  local cells = require "traceleft.top.cells"
  local function into(view, where, title, events)
    return { view = view, where = where, title = title, events = events }
  end
  M.views = {
    { name = "process", title = "Processes", events = { "read", "openat" }, by = { "pid", "comm" }, main = "calls",
      sort = "CALLS/S", spread = "times",
      measures = { calls = { "avg", value = "duration" }, failed = { "count", where = "ret < 0" },
                   times = { "hist", value = "duration", selected = { "pid", "comm" } } },
      columns = { { "PID", 6, cells.key(1, nil, true) }, { "COMM", 10, cells.key(2), most = 16 },
                  { "CALLS/S", 8, cells.rate "calls" }, { "FAIL/S", 6, cells.rate "failed" },
                  { "AVG", 6, cells.average "calls" }, { "", 5, cells.past() } },
      enter = function(row)
        if row.key[1] == 1 then return nil end
        return into("call", "pid == " .. row.key[1], ("%s[%d]"):format(row.key[2], row.key[1]))
      end },
    { name = "call", title = "Calls", events = { "read", "openat" }, by = { "event" }, main = { "calls" },
      spread = "times", measures = { calls = { "count" }, times = { "hist", value = "duration" } },
      columns = { { "CALL", 16, cells.key(1) }, { "CALLS/S", 8, cells.rate "calls" } },
      enter = function(row) return into("process", "event == '" .. row.key[1] .. "'", row.key[1], { row.key[1] }) end },
  }
  return module
end

--- Has the session see calls: { pid, comm, event, duration, ret }, …
function M.calls(...)
  for _, call in ipairs { ... } do
    fake.session:emit { pid = call[1], comm = call[2], event = call[3] or "syscall.read", duration = call[4] or 1000,
                        ret = call[5] or 0 }
  end
end

return M
