-- SPDX-License-Identifier: MIT
--- session: the API of traceleft, as methods. `require "traceleft"` has the same functions for a default session.

local core         = require "traceleft.core"
local attached     = require "traceleft.attached"
local clock        = require "traceleft.clock"
local derived      = require "traceleft.derived"
local escape       = require "traceleft.escape"
local explain      = require "traceleft.explain"
local glob         = require "traceleft.glob"
local loop         = require "traceleft.loop"
local measuring    = require "traceleft.measuring"
local names        = require "traceleft.names"
local nearest      = require "traceleft.nearest"
local request      = require "traceleft.request"
local running      = require "traceleft.running"
local span         = require "traceleft.span"
local subscription = require "traceleft.subscription"
local target       = require "traceleft.target"
local units        = require "traceleft.units"
local value        = require "traceleft.value"
local wanted       = require "traceleft.wanted"
local joining      = require "traceleft.joining"

local M = {}

---@class traceleft.session
---@field core traceleft.core.session
---@field loop traceleft.loop
---@field defaults traceleft.defaults
---@field live table<traceleft.subscription|traceleft.aggregate, true>
---@field aggregates traceleft.aggregate[] in the order in which they were made
---@field spans traceleft.span[] those that were not stopped
---@field descriptions table<string, traceleft.description> those that were asked for
---@field joining? traceleft.core.subscription what tells `on_enter` and `on_leave` of the session's target
---@field classes? table<string, string[]> see traceleft.names
local Session = {}
Session.__index = Session
M.methods = Session

local OPEN = { "battery", "ring", "channel", "replay", "loading" }
local CHANNELS = { auto = true, ring = true, perf = true }

local function is_strings(list)
  if type(list) ~= "table" then return false end
  for _, element in ipairs(list) do
    if type(element) ~= "string" then return false end
  end
  return true
end

-- What is wrong with the options of `open`, and the ring's bytes.
local function check_open(opts)
  local wrong = nearest.unknown_option("open", opts, OPEN)
  if wrong then return wrong end
  if opts.battery ~= nil and not is_strings(opts.battery) then
    return "open: battery: list of files or folders expected"
  end
  if opts.channel ~= nil and not CHANNELS[opts.channel] then
    return ("open: channel: 'ring', 'perf' or 'auto' expected, got '%s'"):format(tostring(opts.channel))
  end
  if opts.replay ~= nil and type(opts.replay) ~= "boolean" then return "open: replay: boolean expected" end
  if opts.loading ~= nil and type(opts.loading) ~= "function" then return "open: loading: function expected" end
  if opts.ring == nil then return nil end
  local bytes, why = units.parse_bytes(opts.ring)
  return why and "open: ring: " .. why, bytes
end

--- Opens a session. opts: battery (list of files or folders), ring (bytes or "16M"), channel ("ring", "perf",
--- "auto"), replay, loading (a function that is told before each program how many of how many are loaded, and once
--- in the end; it must not use the session, and ends the loading with false).
---@param opts? traceleft.open_options
---@param defaults? traceleft.defaults
---@return traceleft.session? session
---@return string? message
---@return string? name
function M.open(opts, defaults)
  opts = opts or {}
  if type(opts) ~= "table" then error(("open: opts: table expected, got %s"):format(type(opts)), 2) end
  local wrong, ring = check_open(opts)
  if wrong then error(wrong, 2) end
  local opened, message, name = core.open { battery = opts.battery, ring = ring, channel = opts.channel,
                                            replay = opts.replay, loading = opts.loading, spare_readers = true }
  if not opened then return nil, message, name end
  local live = {}
  local self = { core = opened, live = live, loop = loop.new(opened, live), defaults = defaults or {},
                 descriptions = {}, aggregates = {}, spans = {} }
  return setmetatable(self, Session)
end

--- Detaches everything. Harmless when that was done; refused in a callback of the session itself.
---@return boolean? ok
---@return string? message
---@return string? name
function Session:close()
  return self.core:close()
end

Session.__close = Session.close

-- What the session knows of cgroups, from the first time on that it is asked.
local function cgroups_of(self)
  if self.cgroups then return self.cgroups end
  local cgroups, message, name = derived.cgroups(self.core)
  self.cgroups = cgroups
  return cgroups, message, name
end

-- Lets the spec have fields that follow from the cgroup, if it wants some.
local function derive(self, spec)
  if not derived.of(spec.fields or spec.args) then return true end
  local cgroups, message, name = cgroups_of(self)
  if not cgroups then return nil, message, name end
  derived.wrap(cgroups, spec)
  return true
end

--- What the cgroup of that id is: { cgroup_path =, unit =, container =, container_id = }, without what is not known.
--- Asked before `run`, with any id, it knows those too that are gone when they are asked for.
---@param id integer field `cgroup` of an event
---@return { cgroup_path?: string, unit?: string, container?: string, container_id?: string }?
---@return string? message
---@return string? name
function Session:cgroup(id)
  if math.type(id) ~= "integer" then error(("cgroup: id: integer expected, got %s"):format(type(id)), 2) end
  local cgroups, message, name = cgroups_of(self)
  if not cgroups then return running.refused(self, message, name) end
  return cgroups:of(id)
end

--- Calls fn with each event that these words mean: names, globs, system calls as strace calls them ("openat"), classes
--- ("file", "%file"); or with each end of a span. opts: target, or its words (pid, follow, comm, unit …: see
--- traceleft.target), fields (these alone in the event; they may be `cgroup_path`, `unit`, `container`, `container_id`
--- too), args (fn gets these values, and no table), payload (bytes of a buffer, 0 to 4096; 256 without it), where (an
--- expression that is decided in the kernel), vars (names in it, and their values), limit ("10000/s"), on_enter and
--- on_leave (functions that get an event target.enter or target.leave when a process joins the target, or is in it at
--- the begin, and when it leaves or is no more).
---@param words string|string[]|traceleft.span
---@param opts traceleft.on_options|fun(event: traceleft.event)
---@param fn? function
---@return traceleft.subscription? subscription
---@return string? message
---@return string? name
function Session:on(words, opts, fn)
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

-- Puts what is told who joins and leaves the session's target in the place of what was.
local function rewatch(self, told, selector, own)
  local old, new = self.joining, nil
  if told then
    local message, name
    new, message, name = joining.open(self.core, told, { target = selector, self = own })
    if not new then return nil, message, name end
  end
  self.joining = new
  if old then old:stop() end
  return true
end

-- What is wrong with `on_enter` and `on_leave` of a session's target.
local function wrong_watch(told, selector)
  local wrong = told and (joining.wrong(told) or joining.wrong_target(told, { target = selector }))
  return wrong and "target: " .. wrong
end

--- From now on the target of all subscriptions that name none, those that are there already too. It may have `on_enter`
--- and `on_leave`, as in `on`.
---@param spec traceleft.session_target
---@return boolean? ok
---@return string? message
---@return string? name
function Session:target(spec)
  local told
  told, spec = joining.split(spec)
  local selector, wrong, refused = target.make(spec)
  if wrong then error(wrong, 2) end
  if not selector then return running.refused(self, refused.message, refused.name) end
  wrong = wrong_watch(told, selector)
  if wrong then error(wrong, 2) end
  local watched, why, errname = rewatch(self, told, selector, spec.self)
  if not watched then return running.refused(self, why, errname) end
  span.retarget(self, selector, spec.self)
  for sub in pairs(self.live) do
    if sub.default then
      local ok, message, name = subscription.set_target(sub, selector, spec.self)
      if not ok then return running.refused(self, message, name) end
    end
  end
  self.defaults = setmetatable({ target = spec }, { __index = self.defaults })
  return true
end

--- Who is a target now: { { pid =, comm =, why = "comm nginx*", subscriptions = { … } }, … }, by pid. A target that
--- only leaves some out, and none at all, is not told: its processes are all the others.
---@return traceleft.member[]? members
---@return string? message
---@return string? name
function Session:targets()
  local members, message, name = self.core:targets()
  if not members then return nil, message, name end
  for _, member in ipairs(members) do
    local bits, list = member.subs, {}
    member.subs = nil
    for sub in pairs(self.live) do
      if sub.bit and bits & sub.bit ~= 0 then list[#list + 1] = sub end
    end
    member.subscriptions = list
  end
  return members
end

-- A share of "2%", "0.5 %" or 0.02; nil if it is none.
local function share(cpu)
  local percent = type(cpu) == "string" and tonumber(cpu:match "^%s*([%d.]+)%s*%%%s*$")
  local part = percent and percent / 100 or type(cpu) == "number" and cpu or nil
  return part and part > 0 and part <= 1 and part or nil
end

--- Sets how much of each CPU's time tracing may take in the kernel; false: as much as it takes. What comes when a
--- tenth of a second's share is used up is held back, and counted in `stats().held`.
---@param opts { cpu: string|number }|false "2%", or 0.02
---@return boolean? ok
---@return string? message
---@return string? name
function Session:budget(opts)
  if opts == false then return self.core:budget(0) end
  if type(opts) ~= "table" then error(("budget: table expected, got %s"):format(type(opts)), 2) end
  local wrong = nearest.unknown_option("budget", opts, { "cpu" })
  if wrong then error(wrong, 2) end
  local part = share(opts.cpu)
  if not part then error(("budget: cpu: '%s' is no share; write it as '2%%'"):format(tostring(opts.cpu)), 2) end
  return self.core:budget(part)
end

--- Text that says where the clauses of all spans, subscriptions and aggregates run, and why. `code`: with the
--- instructions. Before `start` no programs have been made yet.
---@param code? boolean
---@return string
function Session:explain(code)
  local list, parts = {}, {}
  for one in pairs(self.live) do list[#list + 1] = one end
  table.sort(list, function(a, b) return self.live[a] < self.live[b] end)
  for _, one in ipairs(self.spans) do parts[#parts + 1] = one.name .. "\n" .. explain.text(one:explain(code)) end
  for _, one in ipairs(list) do
    parts[#parts + 1] = (one.title and one.title .. "\n" or "") .. explain.text(one:explain(code))
  end
  return table.concat(parts, "\n")
end

--- The names of all events, or of those that the word means: a name, a glob, a system call, a class, as in `on`.
---@param word? string
---@return string[]
---@return string? wrong why there is none
function Session:events(word)
  if word == nil then return self.core:events() end
  if type(word) ~= "string" then error(("events: pattern: string expected, got %s"):format(type(word)), 2) end
  local bad = select(2, glob.pattern(word))
  if bad then error("events: pattern: " .. bad, 2) end
  local found, wrong = names.find(self, word)
  if not found then return {}, wrong end
  return table.move(found, 1, #found, 1, {})
end

--- What an event is: { name, doc, class, fields = { { name, type, meaning, doc, arg, named }, … } }. `named` fields
--- are there for who names them alone: in `fields` and `args`, and those that do not follow from the cgroup also in
--- `where` and `by`.
---@param name string
---@return traceleft.description? description
---@return string? message
---@return string? errname
function Session:describe(name)
  if type(name) ~= "string" then error(("describe: name: string expected, got %s"):format(type(name)), 2) end
  local known = self.descriptions[name]
  if known then return known end
  local description, message, errname = self.core:describe(name)
  if not description then return nil, message, errname end
  derived.describe(description)
  self.descriptions[name] = description
  return description
end

--- Counts of the session: made, delivered, unclaimed, lost (by cause in `causes`), unfinished (system calls
--- that began and did not end yet, or never), wakeups.
---@return traceleft.stats? stats
---@return string? message
---@return string? name
function Session:stats()
  return self.core:stats()
end

--- What a field of an event means, as text that is safe for a terminal: tl.text(e, "flags") is "O_RDWR|O_CREAT".
---@param event traceleft.event
---@param name string
---@return string
function Session:text(event, name)
  if type(event) ~= "table" then error(("text: event: table expected, got %s"):format(type(event)), 2) end
  local description = self:describe(event.event or "")
  if not description then error("text: event: has no field 'event' that names a known event", 2) end
  for _, field in ipairs(description.fields) do
    if field.name == name then return value.text(event, field) end
  end
  local hint = nearest.hint(self.core:nearest(tostring(name), event.event))
  error(("text: no field '%s' in %s%s"):format(escape.text(tostring(name)), event.event, hint), 2)
end

--- Wall-clock text of an event's time: "14:03:59.123456".
---@param ns integer nanoseconds since boot
---@return string
function Session.clock(_, ns)
  if math.type(ns) ~= "integer" then error(("clock: ns: integer expected, got %s"):format(type(ns)), 2) end
  return clock.text(ns)
end

for _, part in ipairs { attached, measuring, running, span } do
  for name, method in pairs(part.methods) do Session[name] = method end
end

return M
