-- SPDX-License-Identifier: MIT
--- subscription: what `on` returns; the core's subscription, and whether it is still there.

local definition = require "traceleft.request.definition"
local origin     = require "traceleft.request.origin"
local target     = require "traceleft.request.target"

local M = {}

---@class traceleft.subscription
---@field seen integer records that reached its callback
---@field lost integer records of it that were lost while it was there
---@field errors integer events for which `where` could not be decided: a division by zero
---@field held integer events that the limit held back
---@field title? string its events, as they were asked for
---@field where? string
---@field whose? string which processes, as text; nil: the session's
---@field place? string where in a script it was made: "x.lua:12"
local Subscription = {}

local OWN = { default = true, paused = true, title = true, where = true, whose = true, place = true, order = true,
              sources = true, span = true, joining = true }

local function index(self, key)
  local method = Subscription[key]
  if method or OWN[key] then return method end
  return rawget(self, "core")[key]
end

local meta = { __index = index, __name = "traceleft.subscription", methods = Subscription }

--- Ends it. Harmless when it has ended.
function Subscription:stop()
  if not self.live[self] then return end
  self.live[self] = nil
  self.core:stop()
  if self.joining then self.joining:stop() end
end

--- Lets no events come until `resume`; the kernel does no work for it meanwhile. `on_enter` and `on_leave` go on.
function Subscription:pause()
  self.paused = true
  return self.core:pause()
end

--- Lets events come again.
---@return boolean? ok
---@return string? message
---@return string? name
function Subscription:resume()
  local ok, message, name = self.core:resume()
  if ok then self.paused = nil end
  return ok, message, name
end

--- Changes one of `vars`, from the next event on.
---@param name string
---@param value integer|string|integer[]|string[]
---@return boolean? ok
---@return string? message
---@return string? errname
function Subscription:set(name, value)
  return self.core:set(name, value)
end

--- Where each clause of `where` runs, and why not earlier: a list of { event =, clause =, where =, why =,
--- instructions = }.
--- code: with the instructions of the programs, as lines.
---@param code? boolean
---@return table[]
function Subscription:explain(code)
  return self.core:explain(code)
end

--- The same with a target as the core takes it. Who joins is told first.
---@param one any
---@param selector table
---@param own? boolean the tracer itself too
---@return boolean? ok
---@return string? message
---@return string? name
function M.set_target(one, selector, own)
  if one.joining then
    local ok, message, name = one.joining:target(selector, own)
    if not ok then return nil, message, name end
  end
  return one.core:target(selector, own)
end

--- Gives a subscription or an aggregate another target; when it is refused the old one stays.
---@param one any
---@param spec traceleft.target
---@return boolean? ok
---@return string? message
---@return string? name
function M.retarget(one, spec)
  local selector, wrong, refused = target.make(spec)
  if wrong then error(wrong, 3) end
  if not selector then return nil, refused.message, refused.name end
  local ok, message, name = M.set_target(one, selector, spec.self)
  if not ok then return nil, message, name end
  one.default, one.whose = nil, definition.words(spec)
  return true
end

--- Another target from now on. When it is refused the old one stays.
---@param spec traceleft.target
---@return boolean? ok
---@return string? message
---@return string? name
function Subscription:target(spec)
  return M.retarget(self, spec)
end

meta.__close = Subscription.stop

--- Puts a subscription or an aggregate among the live ones; the value is its place in the order in which they were
--- made.
---@param live table<any, integer>
---@param one any
function M.enter(live, one)
  live[one] = origin.mark(one).order
end

--- What the words and options of `on` say, as text for people: the events, `where`, which processes.
---@param words string|string[]|traceleft.span
---@param opts table|function
---@return { title: string, where?: string, whose?: string }
function M.about(words, opts)
  if type(words) == "table" then words = words.name or table.concat(words, ", ") end
  if type(opts) ~= "table" then opts = {} end
  return { title = words, where = opts.where, whose = M.whose(opts) }
end

--- Which processes the options name, as text; nil if they name none.
---@param opts table
---@return string?
function M.whose(opts)
  local spec = opts.target
  for _, word in ipairs(not spec and target.words or {}) do
    if opts[word] ~= nil then
      spec = spec or {}
      spec[word] = opts[word]
    end
  end
  return spec and definition.words(spec)
end

--- Wraps a core subscription; it is a key of `live` until it is stopped.
---@param core traceleft.core.subscription
---@param live table<traceleft.subscription, integer>
---@param own? { default?: boolean, span?: traceleft.span, joining?: traceleft.core.subscription, about?: table }
--- default: its target is the session's; span: whose ends are its events; joining: what tells `on_enter`, `on_leave`;
--- about: of `about`
---@return traceleft.subscription
function M.new(core, live, own)
  own = own or {}
  local about = own.about or {}
  local self = setmetatable({ core = core, live = live, default = own.default, span = own.span, joining = own.joining,
                              title = about.title, where = about.where, whose = about.whose }, meta)
  M.enter(live, self)
  return self
end

return M
