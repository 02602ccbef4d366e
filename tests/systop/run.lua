-- SPDX-License-Identifier: MIT
--- run.lua [WORD]…  drives systop in a terminal of tmux, as a person would, and reads the screen: all cases, or those
--- that have one of the words in their name. Needs root.
--
--   TRACELEFT=$PWD/build/traceleft-lua lua5.4 tests/systop/run.lua
--
-- Nothing waits for a time: the screen is looked at until it shows what it must, or for TL_TEST_LIMIT seconds (20).

local home = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = home .. "/?.lua;" .. home .. "/../repl/?.lua;" .. package.path
local cases  = require "cases"
local screen = require "screen"

local function traceback(message)
  return type(message) == "string" and debug.traceback(message, 2) or message
end

-- A busy process: reads, opens that fail, and a name that is none for a terminal. Ended by its number.
local BUSY = [[
sh -c 'while :; do cat /etc/passwd /no/such/file; sleep 0.01; done' >/dev/null 2>&1 & echo $!]]

local function run(entry)
  local room = screen.sh "mktemp -d":match "%S+"
  local pid, s = screen.sh(BUSY):match "%d+", nil
  local ok, wrong = xpcall(function()
    s = screen.new(room, entry.columns or 80, entry.rows or 24)
    entry.fn(s, pid, room)
  end, traceback)
  if s then s:close() end
  screen.sh(("kill %s; rm -rf %s"):format(pid, room))
  return ok, wrong
end

local function is_wanted(name)
  for _, word in ipairs(arg) do
    if name:find(word, 1, true) then return true end
  end
  return #arg == 0
end

local passed, failed = 0, 0

for _, entry in ipairs(cases) do
  if is_wanted(entry.name) then
    local ok, wrong = run(entry)
    if ok then passed = passed + 1 else failed = failed + 1 end
    print((ok and "ok " or "not ok ") .. entry.name)
    if not ok then print("    " .. tostring(wrong):gsub("\n", "\n    ")) end
    io.stdout:flush()
  end
end
print(("%d passed, %d failed, 0 skipped"):format(passed, failed))
os.exit(failed == 0)
