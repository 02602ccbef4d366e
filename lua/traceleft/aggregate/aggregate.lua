-- SPDX-License-Identifier: MIT
--- aggregate: what `count`, `hist` … return: what was counted so far, by key, in the kernel or in the script.
--
-- Numbers are those since the begin or the last `clear`. What a key lacks is nil in `snapshot` and `get`, and "-" in
-- `each`, where nil would end the loop.

local buckets  = require "traceleft.aggregate.buckets"
local heatmap  = require "traceleft.svg.heatmap"
local out      = require "traceleft.out"
local printout = require "traceleft.aggregate.printout"
local reading  = require "traceleft.aggregate.reading"
local subscription = require "traceleft.request.subscription"

local M = {}

---@class traceleft.aggregate
---@field title string what is printed above it
---@field seen integer events that were counted
---@field lost integer events that should have been, and were not
---@field full integer events that found no room for their key
---@field used? boolean whether the script has read it
---@field where? string|function
---@field whose? string which processes, as text; nil: the session's
---@field definition string what it was asked for, so that the same is known again
---@field place? string where in a script it was made: "x.lua:12"
local Aggregate = {}
for name, method in pairs(reading.methods) do Aggregate[name] = method end

local PRINT = { "top", "title", "unit", "sort", "clear", "rate", "json", "csv", "rows", "ns" }
local PICTURE = { "top", "title", "unit", "sort", "rows" }
local FROM_CORE = { seen = true, lost = true, full = true, errors = true, held = true, bit = true }

local meta = {
  __name = "traceleft.aggregate",
  methods = Aggregate,
  __index = function(self, key)
    if FROM_CORE[key] then return rawget(self, "core")[key] end
    return Aggregate[key]
  end,
}

-- ---- printing --------------------------------------------------------------------------------

local function text(self, opts)
  local rows, ns = opts.rows, opts.ns
  if not rows then rows, ns = reading.read(self, opts.clear) end
  if opts.json then return printout.json(self, rows, ns, opts) end
  if opts.csv then return printout.csv(self, rows, ns, opts) end
  return printout.text(self, rows, ns, opts) .. printout.complaints(self)
end

--- Writes what was counted to stdout, the most first. opts: top (so many rows), title (false: none), unit ("duration"
--- of nanoseconds, "bytes", or a word), sort ("value", "key", "count", and what else a value has), rate (a column more:
--- per second), clear (begin anew), json (an object a line instead, its numbers without units),
--- csv (comma-separated values, their titles the first time), rows and ns (those of a `snapshot`, instead of reading).
---@param opts? traceleft.print_options
function Aggregate:print(opts)
  opts = opts or {}
  local wrong = printout.wrong("print", self.measure.kind, opts, PRINT)
  if wrong then error(wrong, 2) end
  out.write(io.stdout, text(self, opts))
end

--- What was counted as a picture (SVG), a file of its own: bars, the longest first. opts as for `print`: top, title,
--- unit, sort, rows. How a histogram changes with time is a picture of traceleft.heatmap.
---@param opts? traceleft.print_options
---@return string svg
function Aggregate:svg(opts)
  opts = opts or {}
  local wrong = printout.wrong("svg", self.measure.kind, opts, PICTURE)
  if wrong then error(wrong, 2) end
  return printout.svg(self, opts.rows or reading.read(self), opts)
end

--- A heat map of a histogram over time, still empty: see traceleft.heatmap. unit: as for `print`.
---@param unit? string
---@return traceleft.heatmap
function Aggregate:heatmap(unit)
  if self.measure.kind ~= "hist" then error("heatmap: only of hist, not of " .. self.measure.kind, 2) end
  return heatmap.new { title = self.title, unit = unit or printout.unit(self) }
end

-- ---- its life --------------------------------------------------------------------------------

--- Ends it. What was counted can still be read. Harmless when it has ended.
function Aggregate:stop()
  if not self.live[self] then return end
  self.live[self] = nil
  local ok, rows, ns = pcall(self.core.read, self.core, false) -- the session may be closed
  self.final = { rows = ok and rows or {}, ns = ok and rows and ns or 0 }
  self.core:stop()
end

--- Ends it, and forgets what was counted: nothing is read, nor printed in the end.
function Aggregate:drop()
  self.live[self], self.used = nil, true
  self.final = { rows = {}, ns = 0 }
  self.core:stop()
end

--- Counts nothing until `resume`; the kernel does no work for it meanwhile.
function Aggregate:pause()
  self.paused = true
  return self.core:pause()
end

--- Counts again.
---@return boolean? ok
---@return string? message
---@return string? name
function Aggregate:resume()
  local ok, message, name = self.core:resume()
  if ok then self.paused = nil end
  return ok, message, name
end

--- Changes one of `vars`, from the next event on.
---@param name string
---@param value any
---@return boolean? ok
---@return string? message
---@return string? errname
function Aggregate:set(name, value)
  return self.core:set(name, value)
end

--- Where each clause runs, and why: { { clause =, where =, why =, instructions = }, … }.
--- code: with the instructions of the programs, as lines.
---@param code? boolean
---@return table[]
function Aggregate:explain(code)
  return self.core:explain(code)
end

--- Another target from now on. When it is refused the old one stays.
---@param spec traceleft.target
---@return boolean? ok
---@return string? message
---@return string? name
function Aggregate:target(spec)
  return subscription.retarget(self, spec)
end

meta.__close = Aggregate.stop

--- Wraps an aggregate of the core; it is a key of the session's `live` until it is stopped.
---@param core traceleft.core.aggregate
---@param session traceleft.session
---@param measure traceleft.measure
---@return traceleft.aggregate
function M.new(core, session, measure)
  local self = { core = core, session = session, live = session.live, measure = measure, title = measure.title,
                 span = measure.span, default = measure.default, where = measure.where, whose = measure.whose,
                 definition = measure.definition,
                 buckets = buckets.of(measure.kind, measure.spec),
                 said = { full = 0, lost = 0 } }
  setmetatable(self, meta)
  subscription.enter(self.live, self)
  return self
end

--- What is left to say at the end: the text of one that the script never read, and what it was never told.
---@param self traceleft.aggregate
---@return string? text for stdout
---@return string complaints for stderr
function M.rest(self)
  return not self.used and text(self, {}) or nil, printout.complaints(self)
end

return M
