-- SPDX-License-Identifier: MIT
--- record.lua PID FILE  writes down every system call of a process and its children, as lines of Lua.
--
-- The first line names all events there are: N{ "syscall.open"… }. The first event of a kind is preceded by its
-- description: D{ name=…, { name=, type=, meaning=, arg=, members= }… }. An event is
-- E{ event=…, <its fields>, wall = ns since 1970, text = { field = what tl.text says } }.
-- What was lost is the last line: L{ lost=…, seen=… }.

local tl   = require "traceleft"
local core = require "traceleft.core"

local pid, path = tonumber(arg[1]), arg[2]
local out = assert(io.open(path, "w"))
out:setvbuf("full", 1 << 20)

local COMMON = {}
for word in ("event time ppid uid gid comm cpu cgroup"):gmatch "%S+" do COMMON[word] = true end

local described = {}

local function literal(value)
  if type(value) ~= "table" then return (("%q"):format(value):gsub("\\\n", "\\n")) end
  local parts = {}
  for key, member in pairs(value) do parts[#parts + 1] = "[" .. literal(key) .. "]=" .. literal(member) end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function describe(event)
  local description = assert(tl.describe(event))
  local known = { name = event, own = {} }
  for i, field in ipairs(description.fields) do
    known[i] = { name = field.name, type = field.type, meaning = field.meaning, arg = field.arg,
                 members = field.members }
    if not COMMON[field.name] then known.own[#known.own + 1] = field.name end
  end
  described[event] = known
  out:write("D", literal { name = event, class = description.class, table.unpack(known) }, "\n")
  return known
end

local function record(e)
  local known = described[e.event] or describe(e.event)
  local row, text = { event = e.event, time = e.time, unread = e.unread, cut = e.cut, changed = e.changed,
                      late = e.late }, {}
  local seconds, ns = core.wall(e.time)
  row.wall = seconds * 1000000000 + ns
  for _, name in ipairs(known.own) do
    row[name] = e[name]
    if e[name] ~= nil then text[name] = tl.text(e, name) end
  end
  row.text = text
  out:write("E", literal(row), "\n")
end

out:write("N", literal(tl.events "syscall.*"), "\n")
local sub = assert(tl.on("syscall.*", { pid = pid, follow = true }, record))
assert(tl.run())
out:write("L", literal { lost = sub.lost, seen = sub.seen }, "\n")
assert(out:close())
