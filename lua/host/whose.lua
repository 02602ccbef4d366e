-- SPDX-License-Identifier: MIT
--- whose: the kinds of values, for completion, that say which processes: as in host.values.

local containers = require "traceleft.containers"
local core       = require "traceleft.core"
local system     = require "host.system"

local M = {}

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

--- Names of containers, or the begins of their ids.
function M.containers()
  local list = {}
  for i, name in ipairs(select(2, containers.find(core.cgroups() or {}, ""))) do list[i] = { name, "" } end
  return list
end

function M.units() return ending({ "/system.slice/" }, ".service") end

function M.slices() return ending({ "/", "/user.slice/" }, ".slice") end

local KEYS = { comm = M.comms, user = M.users, unit = M.units, slice = M.slices, container = M.containers,
               pid = M.pids, cgroup = M.cgroups, uid = false, gid = false, exe = false, tree = M.pids }

--- KEY=VALUE of the processes that are left out.
function M.excluded(typed)
  local list, key, value = {}, typed:match "^(%l+)=(.*)$"
  if not key then
    for name in pairs(KEYS) do list[#list + 1] = { name .. "=", "" } end
    table.sort(list, function(a, b) return a[1] < b[1] end)
    return list
  end
  for i, one in ipairs(KEYS[key] and KEYS[key](value) or {}) do list[i] = { key .. "=" .. one[1], one[2] } end
  return list
end

return M
