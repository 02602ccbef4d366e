-- SPDX-License-Identifier: MIT
--- aggregate: what `count`, `hist` … return: what was counted so far, by key, in the kernel or in the script.
--
-- Numbers are those since the begin or the last `clear`. What a key lacks is nil in `snapshot` and `get`, and "-" in
-- `each`, where nil would end the loop.

local buckets  = require "traceleft.buckets"
local heatmap  = require "traceleft.heatmap"
local keys     = require "traceleft.keys"
local out      = require "traceleft.out"
local printout = require "traceleft.printout"
local results  = require "traceleft.results"
local subscription = require "traceleft.subscription"

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

local PRINT = { "top", "title", "unit", "sort", "clear", "rate", "json", "csv", "rows", "ns" }
local PICTURE = { "top", "title", "unit", "sort", "rows" }
local SNAPSHOT = { "sort", "clear" }
local TOP <const> = 10
local FROM_CORE = { seen = true, lost = true, full = true, errors = true, held = true, bit = true }

local meta = {
  __name = "traceleft.aggregate",
  methods = Aggregate,
  __index = function(self, key)
    if FROM_CORE[key] then return rawget(self, "core")[key] end
    return Aggregate[key]
  end,
}

-- ---- reading ---------------------------------------------------------------------------------

-- What a stopped one has left is kept here.
local function read_final(self, clear)
  local final = self.final
  if clear then self.final = { rows = {}, ns = 0 } end
  return final.rows, final.ns
end

local function read_core(self, clear)
  local rows, ns = self.core:read(clear)
  if not rows then error(("%s: %s"):format(self.measure.kind, ns), 0) end
  return rows, ns
end

-- A row for each key, and in how many nanoseconds that came together. Who reads shows it in a way of his own.
local function read(self, clear, named)
  self.used = true
  local rows, ns = (self.final and read_final or read_core)(self, clear or false)
  return results.finish(self.measure.kind, rows, self.buckets, named), ns
end

--- What was counted by key, sorted: { key = { … }, value =, count = }. The value is a number; of avg
--- { count, sum, avg }, of hist and lhist { { low, high, count }, … }, of quantile { count, p50, p90, p99, p999, max }.
--- opts: sort as for `print`, or false: in any order, with a `name` each, which no other key has; clear (begin anew; no
--- event that comes meanwhile is lost or counted twice).
---@param opts? { sort?: string|false, clear?: boolean }
---@return traceleft.result[] rows
---@return integer ns since the last clear or the begin
function Aggregate:snapshot(opts)
  opts = opts or {}
  local wrong = printout.wrong("snapshot", self.measure.kind, opts, SNAPSHOT)
  if wrong then error(wrong, 2) end
  local unsorted = opts.sort == false
  local rows, ns = read(self, opts.clear, unsorted)
  return unsorted and rows or results.sort(rows, opts.sort), ns
end

local function values_of(row)
  local list = { keys.unpack(row.key) }
  list[#list + 1] = row.value
  return table.unpack(list)
end

--- For `for`: the values of each key and what was counted: for comm, n in calls:each() do … end
---@return fun(): any ...
function Aggregate:each()
  local rows, i = self:snapshot(), 0
  return function()
    i = i + 1
    if rows[i] then return values_of(rows[i]) end
  end
end

--- The first rows of `snapshot`.
---@param n? integer
---@return traceleft.result[]
function Aggregate:top(n)
  n = n or self.measure.top or TOP
  if math.type(n) ~= "integer" or n < 1 then error(("top: '%s' is no number of rows"):format(tostring(n)), 2) end
  local rows = self:snapshot()
  return table.move(rows, 1, math.min(n, #rows), 1, {})
end

-- The row of a key, of which missing values may be left out at the end.
local function find(self, rows, ...)
  local key = table.pack(...)
  key.n = math.max(key.n, #self.measure.by)
  local name = keys.pack(key)
  for _, row in ipairs(rows) do
    if keys.pack(row.key, row.cut) == name then return row end
  end
end

--- What was counted for a key; of counts and sums 0 and of others nil if there is nothing.
---@param ... any the values of the key
---@return any
function Aggregate:get(...)
  local row = find(self, (read(self)), ...)
  if row then return row.value end
  return results.zero(self.measure.kind)
end

--- How many a second, of sums how much: of a key, or of all together.
---@param ... any the values of the key
---@return number
function Aggregate:rate(...)
  local rows, ns = read(self)
  local rate, sum = printout.per_second(self.measure.kind, ns), 0.0
  if select("#", ...) > 0 then rows = { find(self, rows, ...) } end
  for _, row in ipairs(rows) do sum = sum + rate(row) end
  return sum
end

--- Begins anew with nothing.
function Aggregate:clear()
  (self.final and read_final or read_core)(self, true)
end

-- ---- printing --------------------------------------------------------------------------------

local function text(self, opts)
  local rows, ns = opts.rows, opts.ns
  if not rows then rows, ns = read(self, opts.clear) end
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
  return printout.svg(self, opts.rows or read(self), opts)
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
