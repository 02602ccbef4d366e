-- SPDX-License-Identifier: MIT
--- cgroups: what is known of the cgroups of this machine, by the id that events have: path, unit, container.
--
-- What a cgroup is does not change, so it is found out once. Cgroups that are made later are told by the event
-- cgroup.mkdir, before a process can be in them: what is known of them outlives them, and their processes.

local containers = require "traceleft.containers"
local core       = require "traceleft.core"

local M = {}

local RETRY <const> = 500000000     -- ns between two looks for what was not there

local PATIENCE <const> = 10000000000 -- ns that a runtime has to write down a name

local SUFFIXES = { service = true, scope = true, socket = true, mount = true, swap = true }

--- The unit of systemd that a cgroup belongs to: the outermost one that is no slice.
---@param path string
---@return string? unit
function M.unit(path)
  for part in path:gmatch "[^/]+" do
    if SUFFIXES[part:match "%.(%l+)$" or ""] then return part end
  end
end

---@class traceleft.cgroups what is known of the cgroups of this machine
---@field facts table<integer, table> by id
---@field there boolean whether this machine has cgroups of version 2
---@field missed table<integer, true> ids that a look for them has not found
local Cgroups = {}
Cgroups.__index = Cgroups

-- What the path says. A runtime may write down the name of a container after it has made the cgroup.
local function facts_of(path)
  local id = containers.of(path)
  local name = id and containers.name(id)
  return { cgroup_path = path, unit = M.unit(path), container_id = id, container = name or id,
           unnamed = id and not name or nil, since = core.clock() }
end

local function name_again(facts)
  local now = core.clock()
  if facts.tried and now - facts.tried < RETRY then return end
  facts.tried = now
  local name = containers.name(facts.container_id)
  facts.container = name or facts.container_id
  if name or now - facts.since > PATIENCE then facts.unnamed = nil end
end

function Cgroups:add(id, path)
  self.facts[id] = facts_of(path)
end

-- Those that are there now. Only version 2 has the ids that events have.
function Cgroups:scan()
  local paths, mount = core.cgroups()
  self.scanned = core.clock()
  self.there = paths ~= nil and core.stat(mount .. "/cgroup.controllers") ~= nil
  if not paths or not self.there then return end
  for _, path in ipairs(paths) do
    local id = core.stat(mount .. path)
    if id and not self.facts[id] then self:add(id, path) end
  end
end

--- What is known of a cgroup; an empty table if nothing is.
---@param id integer?
---@return { cgroup_path?: string, unit?: string, container?: string, container_id?: string }
function Cgroups:of(id)
  local facts = self.facts[id or 0]
  if not facts and id and (not self.missed[id] or core.clock() - self.scanned >= RETRY) then
    self:scan()
    facts = self.facts[id]
    self.missed[id] = not facts or nil
  end
  if not facts then return {} end
  if facts.unnamed then name_again(facts) end
  return facts
end

-- Places of the texts as the core knows them.
local TOLD = { "cgroup_path", "unit", "container", "container_id" }

-- One of them, and whether it will always be that: who has an id may get a name.
function Cgroups:tell(id, which)
  local facts = self:of(id)
  return facts[TOLD[which]], facts.cgroup_path ~= nil and not (which == 3 and facts.unnamed)
end

--- The cgroups of the machine, kept up to date by the session from its start on.
---@param session traceleft.core.session
---@return traceleft.cgroups? cgroups
---@return string? message
---@return string? name
function M.open(session)
  local self = setmetatable({ facts = {}, missed = {}, scanned = 0 }, Cgroups)
  local sub, message, name = session:subscribe {
    events = { "cgroup.mkdir" }, args = { "id", "path", "hierarchy" }, where = "hierarchy == 0",
    fn = function(id, path) if id and path then self:add(id, path) end end }
  if not sub then return nil, message, name end
  self:scan()
  session:name_cgroups(function(id, which) return self:tell(id, which) end)
  return self
end

--- The same for a session of the library, made once.
---@param session traceleft.session
---@return traceleft.cgroups? cgroups
---@return string? message
---@return string? name
function M.of(session)
  if session.cgroups then return session.cgroups end
  local cgroups, message, name = M.open(session.core)
  session.cgroups = cgroups
  return cgroups, message, name
end

--- What a person calls it: a container by its name or the begin of its id, with what is below it; a unit by the last
--- part of its path; what is not known by its number.
---@param facts? { cgroup_path?: string, container?: string, container_id?: string } what `of` gives
---@param id integer
---@return string
function M.called(facts, id)
  local path = facts and facts.cgroup_path
  if not path then return ("cgroup %d"):format(id) end
  local _, own = containers.of(path)
  if not own then return path:match "([^/]+)$" or "/" end
  local name = facts.container ~= facts.container_id and facts.container or facts.container_id:sub(1, 12)
  return name .. path:sub(#own + 1)
end

return M
