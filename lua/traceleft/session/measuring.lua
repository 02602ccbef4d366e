-- SPDX-License-Identifier: MIT
--- measuring: the part of a session's methods that makes aggregates.
--
--   local reads = tl.hist { "read", value = "duration", by = "comm", where = "ret > 0" }
--
-- The list has the events, as `on` takes them. by: a field, an expression, or a list of such; value: what is measured;
-- where: which events. As strings they run in the kernel; a function, in the script. What follows from the cgroup
-- (unit, container, container_id, cgroup_path) is counted by the cgroup there, and named and chosen when it is read.

local aggregate = require "traceleft.aggregate.aggregate"
local attached  = require "traceleft.session.attached"
local derived   = require "traceleft.request.derived"
local escape    = require "traceleft.escape"
local measure   = require "traceleft.aggregate.measure"
local out       = require "traceleft.out"
local running   = require "traceleft.session.running"
local scripted  = require "traceleft.aggregate.scripted"

local M = {}

---@class traceleft.session
local Methods = {}
M.methods = Methods

-- Lets go of those that have ended and been read, so that a session may make new ones for as long as it lives.
local function forget(self)
  local left = {}
  for _, one in ipairs(self.aggregates) do
    if self.live[one] or not one.used then left[#left + 1] = one end
  end
  self.aggregates = left
end

local function made(self, what)
  local heir = attached.heir(self, what.definition)
  if heir then return heir end
  local spec = what.spec
  local found, message, name = derived.prepare(self, what.by, spec.where, spec.value)
  if not found then return nil, message, name end
  if what.scripted then
    found, message, name = scripted.new(self, spec)
  else
    found, message, name = self.core:aggregate(spec)
    if name == "EOPNOTSUPP" and measure.is_plain(what) then
      found, message, name = scripted.new(self, spec, message)
    end
  end
  if not found then return nil, message, name end
  local new = aggregate.new(found, self, what)
  forget(self)
  table.insert(self.aggregates, new)
  return new
end

for _, kind in ipairs(measure.KINDS) do
  Methods[kind] = function(self, opts)
    local what, wrong, refused = measure.make(self, kind, opts)
    if wrong then error(wrong, 2) end
    if not what then return running.refused(self, refused.message, refused.name) end
    local new, message, name = made(self, what)
    if new then return new end
    if running.is_wrong_clause(message, name) then error(kind .. ": " .. message, 2) end
    return running.refused(self, message, name)
  end
end

--- Prints the aggregates that the script has never read, in the order in which they were made, and says on stderr which
--- of them are not complete. The program does so at its end.
function Methods:report()
  local any = false
  for _, one in ipairs(self.aggregates) do
    local text, complaints = aggregate.rest(one)
    if text then out.write(io.stdout, (any and "\n" or "") .. text) end
    any = any or text ~= nil
    if complaints ~= "" then io.stderr:write("traceleft: ", escape.text(one.title), ": ", complaints) end
  end
end

return M
