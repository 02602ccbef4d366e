-- SPDX-License-Identifier: MIT
--- values: what the value of an option can be, for completion: events, fields, processes, users, tools.
--
-- Each kind is a function of what is typed so far and of the line, and returns { VALUE, MEANING } for each that could
-- be meant.

local derived = require "traceleft.derived"
local tl      = require "traceleft"
local system  = require "host.system"

local M = {}

local CALL = "syscall."
local MANY <const> = 40         -- events of which fields are offered; more have no other than all have

local ALIKE = { "syscall.close", "process.exit", "tcp.listen" } -- what they have in common all events have

local function first_sentence(doc)
  return doc:match "^(.-%.)%s" or doc
end

local function begins(text, with)
  return text:sub(1, #with) == with
end

-- The system calls by their bare names, and all classes.
local function calls_and_classes(names)
  local calls, classes = {}, {}
  for _, name in ipairs(names) do
    if begins(name, CALL) then calls[name:sub(#CALL + 1)] = true end
    for class in (tl.describe(name).class or ""):gmatch "%S+" do classes[class] = true end
  end
  return calls, classes
end

-- Events by the words that -t takes for them.
local function event_words(names, typed)
  local list, whole = {}, begins(typed, CALL:sub(1, 3))
  for _, name in ipairs(names) do
    local word = begins(name, CALL) and not whole and name:sub(#CALL + 1) or name
    if begins(word, typed) then list[#list + 1] = { word, first_sentence(tl.describe(name).doc) } end
  end
  return list
end

--- Events as -t takes them: a system call by its bare name, unless more is typed; and classes, with a % where one is
--- typed or a system call has that name.
function M.events(typed)
  local names = tl.events() or {}
  local list = event_words(names, typed)
  local calls, classes = calls_and_classes(names)
  for class in pairs(classes) do
    local percent = begins(typed, "%") or calls[class]
    list[#list + 1] = { (percent and "%" or "") .. class, "all system calls of this class" }
  end
  return list
end

-- The events that words such as those of -t mean, none if they are many.
local function meant(words)
  local names = {}
  for _, word in ipairs(words) do
    local ok, found = pcall(tl.events, word)
    for _, name in ipairs(ok and found or {}) do names[#names + 1] = name end
  end
  return #names <= MANY and names or {}
end

-- The fields of the events in their order, of how many events each is one, and how many events there are.
local function fields_of(names)
  local fields, counts, there = {}, {}, 0
  for _, name in ipairs(names) do
    local description = tl.describe(name)
    there = there + (description and 1 or 0)
    for _, field in ipairs(description and description.fields or {}) do
      if not counts[field.name] then fields[#fields + 1] = field end
      counts[field.name] = (counts[field.name] or 0) + 1
    end
  end
  return fields, counts, there
end

-- Whether the field can be named there. One that follows from the cgroup is made in the tracer's process, and only
-- shown; the kernel knows none.
local function is_meant(field, with_derived)
  return with_derived or not (field.named and derived.fields[field.name])
end

-- Fields of the events on the line, or else those that all events have.
local function fields_on(line, with_derived)
  local names, list = meant(line.events), {}
  local fields, counts, there = fields_of(#names > 0 and names or ALIKE)
  local least = #names > 0 and 1 or there
  for _, field in ipairs(fields) do
    if counts[field.name] >= least and is_meant(field, with_derived) then
      list[#list + 1] = { field.name, field.doc ~= "" and field.doc or field.type }
    end
  end
  return list
end

--- Fields that the kernel can tell apart, sum up or sort.
function M.fields(_, line)
  return fields_on(line, false)
end

--- Fields that can be shown.
function M.shown(_, line)
  return fields_on(line, true)
end

-- Calls fn with the number and the name of each process.
local function each_process(fn)
  for _, name in ipairs(system.names "/proc") do
    local file = name:find "^%d+$" and io.open("/proc/" .. name .. "/comm")
    if file then
      fn(name, file:read "l" or "")
      file:close()
    end
  end
end

function M.pids()
  local list = {}
  each_process(function(pid, comm) list[#list + 1] = { pid, comm } end)
  return list
end

function M.comms()
  local list, known = {}, {}
  each_process(function(_, comm)
    if not known[comm] and not comm:find "[%c/]" then list[#list + 1] = { comm, "" } end
    known[comm] = true
  end)
  return list
end

function M.users()
  local list = {}
  local file = io.open "/etc/passwd"
  for line in file and file:lines() or function() end do
    local name, uid = line:match "^([^:]+):[^:]*:(%d+)"
    if name then list[#list + 1] = { name, uid } end
  end
  if file then file:close() end
  return list
end

local CGROUPS = "/sys/fs/cgroup"

-- The cgroups right below the one with that path; where both versions are there, those of version 2.
local function cgroups_in(path)
  local root = system.status(CGROUPS .. "/unified") and CGROUPS .. "/unified" or CGROUPS
  local names = {}
  for _, name in ipairs(system.names(root .. path)) do
    if system.status(root .. path .. name) == "folder" then names[#names + 1] = name end
  end
  return names
end

function M.cgroups(typed)
  local path, list = typed:match "^/.*/" or "/", {}
  for i, name in ipairs(cgroups_in(path)) do list[i] = { path .. name, "" } end
  return list
end

-- Cgroups of systemd below these that end so, without the end.
local function ending(paths, ending_)
  local list = {}
  for _, path in ipairs(paths) do
    for _, name in ipairs(cgroups_in(path)) do
      if name:sub(-#ending_) == ending_ then list[#list + 1] = { name:sub(1, -#ending_ - 1), "" } end
    end
  end
  return list
end

function M.units() return ending({ "/system.slice/" }, ".service") end

function M.slices() return ending({ "/", "/user.slice/" }, ".slice") end

return M
