-- SPDX-License-Identifier: MIT
--- cgroups: what a person calls the cgroup of a number, as the field `cgroup` has it.

local core       = require "traceleft.core"
local containers = require "traceleft.containers"

local M = {}

local PATIENCE <const> = 1000000000     -- ns between two looks for a number that is not known

local names, looked = {}, nil

-- A container by its name, or the begin of its id; a unit by the last part of its path.
local function call(path)
  local id, own = containers.of(path)
  if id then return (containers.name(id) or id:sub(1, 12)) .. path:sub(#own + 1) end
  return path:match "([^/]+)$" or "/"
end

local function look()
  local paths, mount = core.cgroups()
  for _, path in ipairs(paths or {}) do
    local number = core.stat(mount .. path)
    if number and not names[number] then names[number] = call(path) end
  end
end

--- The name; that of one that is gone, or was never seen, is its number. A missing one is looked for again.
---@param number integer
---@return string
function M.name(number)
  local now = core.clock()
  if not names[number] and (not looked or now - looked >= PATIENCE) then
    looked = now
    look()
  end
  return names[number] or ("cgroup %d"):format(number)
end

return M
