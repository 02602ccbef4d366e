-- SPDX-License-Identifier: MIT
--- subscribing: the part of a session's methods that asks for events, and for what follows from them.

local cgroups      = require "traceleft.cgroups"
local derived      = require "traceleft.request.derived"
local joining      = require "traceleft.request.joining"
local request      = require "traceleft.request.request"
local running      = require "traceleft.session.running"
local subscription = require "traceleft.request.subscription"
local wanted       = require "traceleft.request.wanted"

local M = {}

---@class traceleft.session
local Methods = {}
M.methods = Methods

-- Lets the spec have fields that follow from the cgroup, if it wants some.
local function derive(self, spec)
  local ok, message, name = derived.prepare(self, spec.where)
  if not ok or not derived.of(spec.fields or spec.args) then return ok, message, name end
  local known
  known, message, name = cgroups.of(self)
  if not known then return nil, message, name end
  derived.wrap(known, spec)
  return true
end

--- What the cgroup of that id is: { cgroup_path =, unit =, container =, container_id = }, without what is not known.
--- Asked before `run`, with any id, it knows those too that are gone when they are asked for.
---@param id integer field `cgroup` of an event
---@return { cgroup_path?: string, unit?: string, container?: string, container_id?: string }?
---@return string? message
---@return string? name
function Methods:cgroup(id)
  if math.type(id) ~= "integer" then error(("cgroup: id: integer expected, got %s"):format(type(id)), 2) end
  local known, message, name = cgroups.of(self)
  if not known then return running.refused(self, message, name) end
  return known:of(id)
end

--- Calls fn with each event that these words mean: names, globs, system calls as strace calls them ("openat"), classes
--- ("file", "%file"); or with each end of a span. opts: target, or its words (pid, follow, comm, unit …: see
--- traceleft.target), fields (these alone in the event; they may be `cgroup_path`, `unit`, `container`, `container_id`
--- too), args (fn gets these values, and no table), payload (bytes of a buffer, 0 to 4096; 256 without it), where (an
--- expression that is decided in the kernel; what it asks of the cgroup alone, as unit == 'nginx.service', here for a
--- cgroup's first event), vars (names in it, and their values), limit ("10000/s"), on_enter and on_leave (functions
--- that get an event target.enter or target.leave when a process joins the target, or is in it at the begin, and when
--- it leaves or is no more).
---@param words string|string[]|traceleft.span
---@param opts traceleft.on_options|fun(event: traceleft.event)
---@param fn? function
---@return traceleft.subscription? subscription
---@return string? message
---@return string? name
function Methods:on(words, opts, fn)
  local spec, wrong, refused = request.make(self, words, opts, fn)
  if not spec then
    if wrong then error(wrong, 2) end
    return running.refused(self, refused.message, refused.name)
  end
  local default, told = spec.default, spec.joining
  spec.default, spec.joining = nil, nil
  local watcher, sub
  local ok, message, name = derive(self, spec)
  if not ok then return running.refused(self, message, name) end
  if told then
    watcher, message, name = joining.open(self.core, told, wanted.target_part(spec))
    if not watcher then return running.refused(self, message, name) end
  end
  sub, message, name = self.core:subscribe(spec)
  if not sub then
    if watcher then watcher:stop() end
    if running.is_wrong_clause(message, name) then error(message, 2) end
    return running.refused(self, message, name)
  end
  return subscription.new(sub, self.live, { default = default, span = wanted.span(words), joining = watcher,
                                           about = subscription.about(words, opts) })
end

return M
