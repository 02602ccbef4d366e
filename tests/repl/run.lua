-- SPDX-License-Identifier: MIT
--- run.lua [WORD]…  drives the REPL in a terminal of tmux, as a person would, and reads the screen: all cases, or those
--- that have one of the words in their name. Needs root.
--
--   TRACELEFT=$PWD/build/traceleft-lua lua5.4 tests/repl/run.lua
--
-- Nothing waits for a time: the screen is looked at until it shows what it must, or for TL_TEST_LIMIT seconds (20).

local home = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = home .. "/?.lua;" .. package.path
local cases  = require "cases"
local screen = require "screen"

local TRACELEFT = os.getenv "TRACELEFT" or "build/traceleft-lua"

local function start(room)
  local s = screen.new(room)
  s:type(TRACELEFT, true)
  s:await "leaves%.\n>$"
  return s
end

local function traceback(message)
  return type(message) == "string" and debug.traceback(message, 2) or message
end

local function run(entry)
  if entry.plain then return pcall(entry.plain) end
  local room, s = screen.sh "mktemp -d":match "%S+", nil
  local ok, wrong = xpcall(function()
    s = start(room)
    entry.fn(s, room)
  end, traceback)
  if s then s:close() end
  screen.sh("rm -rf " .. room)
  return ok, wrong
end

local function is_wanted(name)
  for _, word in ipairs(arg) do
    if name:find(word, 1, true) then return true end
  end
  return #arg == 0
end

local passed, failed = 0, 0

local function judge(entry)
  local ok, wrong = run(entry)
  if ok then
    passed = passed + 1
    print("ok " .. entry.name)
  else
    failed = failed + 1
    print("not ok " .. entry.name .. "\n    " .. tostring(wrong):gsub("\n", "\n    "))
  end
  io.stdout:flush()
end

for _, entry in ipairs(cases) do
  if is_wanted(entry.name) then judge(entry) end
end
print(("%d passed, %d failed, 0 skipped"):format(passed, failed))
os.exit(failed == 0)
