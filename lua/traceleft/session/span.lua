-- SPDX-License-Identifier: MIT
--- span: from one event to another, measured in the kernel.
--
--   local held = tl.span { start = "openat", stop = "close", key = "pid", start_where = "ret >= 0" }
--   tl.on(held, { where = "duration > 10ms" }, fn)
--   tl.hist { held, value = "duration", by = "comm" }
--
-- The time of a start event is kept by its key, a number; the stop event with the same key ends the span. A later start
-- begins it anew. What is subscribed to a span gets its stop events, with a `duration` since the start.

local attached     = require "traceleft.session.attached"
local definition   = require "traceleft.request.definition"
local nearest      = require "traceleft.nearest"
local origin       = require "traceleft.request.origin"
local running      = require "traceleft.session.running"
local subscription = require "traceleft.request.subscription"
local target       = require "traceleft.request.target"
local wanted       = require "traceleft.request.wanted"

local M = {}

---@class traceleft.span
---@field name string what its events are called
---@field errors integer events of which `key`, `where` or `start_where` could not be decided: a division by zero
---@field full integer starts that found no room
---@field unbegun integer stops whose start was not seen, or had to make room for newer ones
local Span = {}

local FROM_CORE = { errors = true, full = true, unbegun = true }

local meta = {
  __name = "traceleft.span",
  methods = Span,
  __index = function(self, key)
    if FROM_CORE[key] then return rawget(self, "core")[key] end
    return Span[key]
  end,
}

-- ---- what was asked for ------------------------------------------------------------------------

local OPTIONS = { "start", "stop", "key", "start_key", "stop_key", "where", "start_where", "name", "size",
                  "target" }
table.move(target.words, 1, #target.words, #OPTIONS + 1, OPTIONS)

--- The options of `span`.
M.options = OPTIONS

local TEXTS = { "key", "start_key", "stop_key", "where", "start_where", "name" }

local function wrong_types(opts)
  for _, name in ipairs(TEXTS) do
    if opts[name] ~= nil and type(opts[name]) ~= "string" then
      return ("%s: text expected, got %s"):format(name, type(opts[name]))
    end
  end
  if opts.size ~= nil and not (math.type(opts.size) == "integer" and opts.size > 0) then
    return "size: number of starts expected"
  end
end

-- Puts the events and the key of one end into the spec. Gives all events that are meant, or what is wrong.
local function set_end(session, spec, what, opts)
  if opts[what] == nil then return nil, what .. ": which event? names as in `on`" end
  spec[what .. "_key"] = opts[what .. "_key"] or opts.key
  if not spec[what .. "_key"] then
    return nil, "key: what have a start and its stop in common? an expression such as 'tid'"
  end
  local list, wrong = wanted.strings(what, opts[what])
  if not list then return nil, wrong end
  local events, taken = wanted.events(session, list)
  if not events then return nil, what .. ": " .. taken:gsub("^names: ", "") end
  spec[what] = taken
  return events
end

-- "span.openat-close", and with a number if there is one of that name.
local function own_name(session, starts, stops)
  local base = ("span.%s-%s"):format(starts[1]:match "[^.]+$", stops[1]:match "[^.]+$")
  local name, n = base, 1
  while session.descriptions[name] do
    n = n + 1
    name = ("%s-%d"):format(base, n)
  end
  return name
end

local function wrong_name(session, name)
  if name == "" or name:find "[%s%c]" then return "name: one word expected" end
  for _, event in ipairs(session.core:events()) do
    if event == name then return ("name: there is an event %s"):format(name) end
  end
  for _, span in ipairs(session.spans) do
    if span.name == name then return ("name: there is a span %s"):format(name) end
  end
end

-- What the core takes, and the stop events; or what is wrong, or what the world refuses.
local function make(session, opts)
  local spec = { where = opts.where, start_where = opts.start_where, size = opts.size }
  local starts, stops, refused
  local wrong = wrong_types(opts)
  if wrong then return nil, wrong end
  starts, wrong = set_end(session, spec, "start", opts)
  if not starts then return nil, wrong end
  stops, wrong = set_end(session, spec, "stop", opts)
  if not stops then return nil, wrong end
  spec.name = opts.name or own_name(session, starts, stops)
  wrong, refused = wanted.wrong_target(spec, opts, session.defaults)
  wrong = wrong or wrong_name(session, spec.name)
  if wrong or refused then return nil, wrong, refused end
  return spec, stops
end

-- ---- what its events are -----------------------------------------------------------------------

local DURATION = { name = "duration", type = "u64", meaning = "duration", arg = "",
                   doc = "Nanoseconds from the start to the stop." }

-- All fields of the stop events, each once; the duration is the span's.
local function description(session, name, stops)
  local fields, known = {}, {}
  for _, stop in ipairs(stops) do
    for _, field in ipairs(session:describe(stop).fields) do
      if not known[field.name] then
        known[field.name] = true
        fields[#fields + 1] = field.name == "duration" and DURATION or field
      end
    end
  end
  if not known.duration then fields[#fields + 1] = DURATION end
  return { name = name, doc = "What ends with " .. table.concat(stops, ", ") .. ".", class = "", fields = fields }
end

-- ---- its life ----------------------------------------------------------------------------------

--- Ends it, and what was made on it: callbacks get nothing more; what was counted can still be read.
function Span:stop()
  if self.stopped then return end
  self.stopped = true
  local session = self.session
  for one in pairs(session.live) do
    if one.span == self then one:stop() end
  end
  for i, span in ipairs(session.spans) do
    if span == self then table.remove(session.spans, i) break end
  end
  self.core:stop()
end

meta.__close = Span.stop

--- Where its clauses run: those of its start events, then those of its stop events. code: with the instructions.
---@param code? boolean
---@return table[]
function Span:explain(code)
  return self.core:explain(code)
end

---@class traceleft.session
local Methods = {}
M.methods = Methods

--- A span from a start event to the stop event with the same key, for `on` and aggregates. opts: start, stop (events as
--- in `on`), key (an expression of a number, as "tid"; start_key and stop_key where they differ), where (which events
--- stop it), start_where (which start it), name, size (starts that there is room for, 16384 without it; the oldest make
--- room), target or its words (pid, follow, comm …: of the starts, and of what is made on it and names none).
---@param opts traceleft.span_options
---@return traceleft.span? span
---@return string? message
---@return string? errname
function Methods:span(opts)
  if type(opts) ~= "table" then error(("span: table expected, got %s"):format(type(opts)), 2) end
  local unknown = nearest.unknown_option("span", opts, OPTIONS)
  if unknown then error(unknown, 2) end
  local asked = definition.exact { "span", opts }
  local heir = attached.heir(self, asked)
  if heir then return heir end
  local spec, stops, refused = make(self, opts)
  if refused then return running.refused(self, refused.message, refused.name) end
  if not spec then error("span: " .. stops, 2) end
  local whose = wanted.target_part(spec)
  spec.default = nil
  local core, message, name = self.core:span(spec)
  if not core then
    if running.is_wrong_clause(message, name) then error("span: " .. message, 2) end
    return running.refused(self, message, name)
  end
  self.descriptions[spec.name] = description(self, spec.name, stops)
  local span = setmetatable({ core = core, session = self, name = spec.name, title = spec.name, target = whose,
                              definition = asked, whose = subscription.whose(opts) }, meta)
  table.insert(self.spans, origin.mark(span))
  return span
end

--- Gives the spans that name no target another one.
---@param session traceleft.session
---@param selector table
---@param own? boolean the tracer itself too
function M.retarget(session, selector, own)
  for _, span in ipairs(session.spans) do
    if span.target.default then
      span.core:target(selector, own)
      span.target = { target = selector, self = own, default = true }
    end
  end
end

return M
