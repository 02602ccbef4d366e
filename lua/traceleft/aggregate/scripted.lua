-- SPDX-License-Identifier: MIT
--- scripted: an aggregate with Lua functions among its clauses. Its events come to the script, which counts them; it is
--- read as one that the kernel keeps.

local core    = require "traceleft.core"
local buckets = require "traceleft.aggregate.buckets"
local derived = require "traceleft.request.derived"
local keys    = require "traceleft.aggregate.keys"
local value   = require "traceleft.value"

local M = {}

--- Keys that there is room for when nobody says how many: processes choose them.
M.SIZE = 65536

---@class traceleft.scripted
---@field seen integer events that were counted
---@field lost integer events that were lost on their way
---@field full integer events that found no room
local Scripted = {}

local meta = {
  __index = function(self, key)
    if key == "lost" then return rawget(self, "sub").lost end
    return Scripted[key]
  end,
}

-- ---- clauses ---------------------------------------------------------------------------------

-- A function of the event that gives the value of a clause, or its values if it is a function.
local function getter(clause, cgroups)
  if type(clause) == "function" then return clause end
  if derived.fields[clause] then return function(event) return cgroups:of(event.cgroup)[clause] end end
  return function(event) return event[clause] end
end

-- A function of the event that gives its key, and which values of it are cut.
local function keyer(by, cgroups)
  if #by == 1 and type(by[1]) == "function" then return function(event) return table.pack(by[1](event)) end end
  local getters = {}
  for i, clause in ipairs(by) do getters[i] = getter(clause, cgroups) end
  return function(event)
    local key, cut = { n = #by }, nil
    for i, get in ipairs(getters) do
      key[i] = get(event)
      if event.cut and type(by[i]) == "string" and value.is_cut(event, by[i]) then
        cut = cut or {}
        cut[i] = true
      end
    end
    return key, cut
  end
end

-- ---- counting --------------------------------------------------------------------------------

-- What tells rows of one key apart: the bucket, or the value itself.
local function part_of(self, number)
  if self.buckets then return self.buckets.number(number) end
  return self.kind == "distinct" and keys.pack { number, n = 1 } or ""
end

local function new_row(self, key, cut, number, part)
  if self.n >= self.size then return nil end
  self.n = self.n + 1
  return { key = key, cut = cut, n = 0, sum = 0, min = number, max = number, bucket = self.buckets and part,
           value = self.kind == "distinct" and number or nil }
end

local function add(self, key, cut, number)
  local part = part_of(self, number)
  local name = keys.pack(key, cut) .. "/" .. part
  local row = self.rows[name] or new_row(self, key, cut, number, part)
  if not row then
    self.full = self.full + 1
    return
  end
  self.rows[name] = row
  self.seen, row.n = self.seen + 1, row.n + 1
  if self.measures then
    row.sum, row.min, row.max = row.sum + number, math.min(row.min, number), math.max(row.max, number)
  end
end

-- The callback. As in the kernel an event without a value is not counted.
local function counter(self, spec, cgroups)
  local where, key_of = type(spec.where) == "function" and spec.where, keyer(spec.by or {}, cgroups)
  local get = spec.value and getter(spec.value, cgroups)
  return function(event)
    if where and not where(event) then return end
    local number = get and get(event)
    if get and number == nil then return end
    if self.measures and type(number) ~= "number" then
      error(("%s: value: number expected, got %s"):format(self.kind, type(number)), 0)
    end
    local key, cut = key_of(event)
    add(self, key, cut, number)
  end
end

local function empty(self)
  self.rows, self.n, self.since = {}, 0, core.clock()
end

--- Begins to count.
---@param session traceleft.session which knows what cgroups are called, if a clause asks
---@param spec table as the core's `aggregate` takes it, with functions
---@param why? string why clauses that are no functions are not in the kernel either
---@return traceleft.scripted? aggregate
---@return string? message
---@return string? name
function M.new(session, spec, why)
  local self = { spec = spec, kind = spec.kind, why = why or "another clause is a Lua function",
                 buckets = buckets.of(spec.kind, spec), size = spec.size or M.SIZE,
                 measures = spec.kind ~= "count" and spec.kind ~= "distinct", seen = 0, full = 0 }
  empty(self)
  local sub, message, name = session.core:subscribe {
    events = spec.events, span = spec.span, pids = spec.pids, follow = spec.follow, at_exec = spec.at_exec,
    target = spec.target, self = spec.self, limit = spec.limit,
    limit_ns = spec.limit_ns,
    where = type(spec.where) == "string" and spec.where or nil, vars = spec.vars,
    fn = counter(self, spec, session.cgroups),
  }
  if not sub then return nil, message, name end
  self.sub = sub
  return setmetatable(self, meta)
end

-- ---- as the core's ---------------------------------------------------------------------------

--- What was counted, and in how many nanoseconds. clear: begins anew.
---@param clear? boolean
---@return table[] rows
---@return integer ns
function Scripted:read(clear)
  local rows, ns = {}, core.clock() - self.since
  for _, row in pairs(self.rows) do
    local copy = {}
    for name, part in pairs(row) do copy[name] = part end
    rows[#rows + 1] = copy
  end
  if clear then empty(self) end
  return rows, ns
end

--- Ends it; what was counted can still be read.
function Scripted:stop() self.sub:stop() end

--- Counts nothing until `resume`.
function Scripted:pause() self.sub:pause() end

--- Counts again.
function Scripted:resume() return self.sub:resume() end

--- Another target.
function Scripted:target(selector, tracer) return self.sub:target(selector, tracer) end

--- Changes a value of `vars`.
---@param name string
---@param new any
function Scripted:set(name, new) return self.sub:set(name, new) end

local function has_function(clause)
  for _, one in ipairs(type(clause) == "table" and clause or { clause }) do
    if type(one) == "function" then return true end
  end
  return false
end

--- Where each clause runs, and why.
---@return { clause: string, where: string, why: string, instructions: integer }[]
function Scripted:explain()
  local spec, in_kernel = self.spec, type(self.spec.where) == "string"
  local list = in_kernel and self.sub:explain() or {}
  for _, name in ipairs { "where", "by", "value" } do
    local clause = spec[name]
    if clause ~= nil and not (name == "where" and in_kernel) then
      local why = has_function(clause) and "a Lua function runs in the script" or self.why
      list[#list + 1] = { clause = name, where = "script", why = why, instructions = 0 }
    end
  end
  return list
end

return M
