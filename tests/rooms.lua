-- SPDX-License-Identifier: MIT
--- rooms.lua: holds each #include of core/ and each require of lua/traceleft/ against what its room may know
--- (CONTRIBUTING.md, "What each room may know").
--- Run from the top of the tree: lua5.4 tests/rooms.lua. Exits with 1 and names the lines where one knows too much.

-- Two rooms work on the inside of a session, and know that header alone.
local MAY = {
  common    = {},
  catalogue = { "common" },
  decode    = { "common", "catalogue" },
  load      = { "common", "catalogue" },
  expr      = { "common", "catalogue", "decode" },
  target    = { "common", "catalogue", "load", "session/session.h" },
  verdict   = { "common", "catalogue", "decode", "load", "expr", "session/session.h" },
  session   = { "common", "catalogue", "decode", "load", "expr", "target", "verdict" },
}

-- The same of lua/traceleft/: what lies in it itself is for all.
local LUA = {
  args      = { "request" },
  call      = {},
  svg       = {},
  request   = {},
  aggregate = { "request", "svg" },
  session   = { "request", "aggregate" },
  top       = { "aggregate" },
}

local function may(room, header)
  local of = header:match "^(.-)/"
  if of == room then return true end
  for _, known in ipairs(MAY[room]) do
    if known == of or known == header then return true end
  end
  return false
end

-- "core/expr/set.c:7: expr may not know session"
local function check(path, wrong)
  local room, line = path:match "^core/([^/]+)/", 0
  if not MAY[room] then
    wrong[#wrong + 1] = ("%s: no room of that name in tests/rooms.lua"):format(path)
    return
  end
  for text in io.lines(path) do
    line = line + 1
    local header = text:match '^#include "([^"]+/[^"]+)"'
    if header and not may(room, header) then
      wrong[#wrong + 1] = ("%s:%d: %s may not know %s"):format(path, line, room, header)
    end
  end
end

local function check_lua(path, wrong)
  local room, line = path:match "^lua/traceleft/([^/]+)/", 0
  local may_know = LUA[room]
  if not may_know then
    wrong[#wrong + 1] = ("%s: no room of that name in tests/rooms.lua"):format(path)
    return
  end
  for text in io.lines(path) do
    line = line + 1
    local of = text:match 'require "traceleft%.(%l+)%.'
    if of and of ~= room and not (" " .. table.concat(may_know, " ") .. " "):find(" " .. of .. " ", 1, true) then
      wrong[#wrong + 1] = ("%s:%d: %s may not know %s"):format(path, line, room, of)
    end
  end
end

-- How many files there are.
local function each(pattern, fn, wrong)
  local files, pipe = 0, assert(io.popen("echo " .. pattern))
  for path in pipe:read "a":gmatch "%S+" do
    files = files + 1
    fn(path, wrong)
  end
  pipe:close()
  return files
end

local wrong = {}
local files = each("core/*/*.[ch]", check, wrong) + each("lua/traceleft/*/*.lua", check_lua, wrong)
if files < 100 then wrong[#wrong + 1] = "only " .. files .. " files found; run this from the top of the tree" end
for _, text in ipairs(wrong) do io.stderr:write(text, "\n") end
os.exit(#wrong == 0)
