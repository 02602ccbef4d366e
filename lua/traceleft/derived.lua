-- SPDX-License-Identifier: MIT
--- derived: fields that follow from the cgroup of an event's process: `cgroup_path`, `unit`, `container`,
--- `container_id`. An event has them if `fields` or `args` name them, and expressions may.
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
  if not paths or not core.stat(mount .. "/cgroup.controllers") then return end
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
function M.cgroups(session)
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
function M.cgroups_of(session)
  if session.cgroups then return session.cgroups end
  local cgroups, message, name = M.cgroups(session.core)
  session.cgroups = cgroups
  return cgroups, message, name
end

local FIELDS = {
  { "cgroup_path", "The path of the process's cgroup." },
  { "unit", "The unit of systemd that the process belongs to." },
  { "container", "The container that it is in: its name, or its id if nobody tells the name." },
  { "container_id", "The id of that container." },
}

--- The fields, and what each is.
---@type table<string, string>
M.fields = {}
for _, field in ipairs(FIELDS) do M.fields[field[1]] = field[2] end

--- Adds them to what an event is, unless it has such fields of its own.
---@param description traceleft.description
function M.describe(description)
  local known, fields = {}, description.fields
  for _, field in ipairs(fields) do known[field.name] = true end
  for _, field in ipairs(FIELDS) do
    if not known[field[1]] then
      fields[#fields + 1] = { name = field[1], type = "str", meaning = "", doc = field[2], arg = "", named = true }
    end
  end
end

--- Whether one of the texts or lists of such may name a derived field: it has its name as a word.
---@param ... string|table|function|nil
---@return boolean
function M.is_named(...)
  for i = 1, select("#", ...) do
    local text = select(i, ...)
    if type(text) == "table" and M.is_named(table.unpack(text)) then return true end
    for word in (type(text) == "string" and text or ""):gmatch "[%a_][%w_]*" do
      if M.fields[word] then return true end
    end
  end
  return false
end

--- Lets the core know what cgroups are called, if one of the expressions may ask.
---@param session traceleft.session
---@param ... string|table|function|nil
---@return boolean? ok
---@return string? message
---@return string? name
function M.prepare(session, ...)
  if not M.is_named(...) then return true end
  local cgroups, message, name = M.cgroups_of(session)
  if not cgroups then return nil, message, name end
  return true
end

--- The names in the list that are derived, by place; nil if none is.
---@param list string[]?
---@return table<integer, string>?
function M.of(list)
  local found
  for i, name in ipairs(list or {}) do
    if M.fields[name] then
      found = found or {}
      found[i] = name
    end
  end
  return found
end

local function with_fields(cgroups, fn, derived, keep)
  return function(event)
    local facts = cgroups:of(event.cgroup)
    for _, name in pairs(derived) do event[name] = facts[name] end
    if not keep then event.cgroup = nil end
    return fn(event)
  end
end

local function with_args(cgroups, fn, derived, n)
  return function(...)
    local values = { ... }
    for i, name in pairs(derived) do values[i] = cgroups:of(values[i])[name] end
    return fn(table.unpack(values, 1, n))
  end
end

-- The list as the core takes it: `cgroup` in the place of what follows from it.
local function core_list(list, derived)
  local given, keep = {}, false
  for i, name in ipairs(list) do
    given[i] = derived[i] and "cgroup" or name
    keep = keep or name == "cgroup"
  end
  return given, keep
end

--- Puts into a spec what the core takes instead of derived fields, and a function that adds them.
---@param cgroups traceleft.cgroups
---@param spec table with fields or args, and fn
function M.wrap(cgroups, spec)
  local what = spec.fields and "fields" or "args"
  local list = spec[what]
  local derived = M.of(list)
  local given, keep = core_list(list, derived)
  spec[what] = given
  spec.fn = spec.fields and with_fields(cgroups, spec.fn, derived, keep) or with_args(cgroups, spec.fn, derived, #list)
end

return M
