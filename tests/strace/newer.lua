-- SPDX-License-Identifier: MIT
--- Calls that strace may not know yet: those whose number the battery says itself, as the headers do not have it, and
--- those that are younger than strace 6.1 (arch/x86/entry/syscalls/syscall_64.tbl, the same numbers on all machines).

local M = {}

local FILES = "battery/syscalls/*.lua"

local YOUNG = { [452] = "fchmodat2" }

local function add(numbers, path)
  for _, event in ipairs(assert(dofile(path)).events) do
    if event.nr then numbers[event.nr] = event.name:match "^syscall%.(.*)$" end
  end
end

local cached

--- Names by number. The folder of the battery is found from that of the tests.
---@return table<integer, string>
function M.numbers()
  if cached then return cached end
  cached = {}
  for number, name in pairs(YOUNG) do cached[number] = name end
  local home = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$" or "."
  local pipe = assert(io.popen(("ls '%s'/../../%s"):format(home, FILES)))
  for path in pipe:lines() do add(cached, path) end
  pipe:close()
  return cached
end

return M
