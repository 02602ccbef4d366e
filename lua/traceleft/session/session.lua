-- SPDX-License-Identifier: MIT
--- session: the API of traceleft, as methods. `require "traceleft"` has the same functions for a default session.

local core        = require "traceleft.core"
local attached    = require "traceleft.session.attached"
local loop        = require "traceleft.session.loop"
local measuring   = require "traceleft.session.measuring"
local nearest     = require "traceleft.nearest"
local running     = require "traceleft.session.running"
local span        = require "traceleft.session.span"
local subscribing = require "traceleft.session.subscribing"
local targeting   = require "traceleft.session.targeting"
local telling     = require "traceleft.session.telling"
local units       = require "traceleft.units"

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
---@field replay? boolean
---@field cgroups? traceleft.cgroups what is known of cgroups, once somebody asked
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

-- What options must be, in their order, and what is said otherwise.
local CHECKS = {
  { "battery", is_strings, "list of files or folders expected" },
  { "channel", function(value) return CHANNELS[value] end, "'ring', 'perf' or 'auto' expected, got '%s'" },
  { "replay", function(value) return type(value) == "boolean" end, "boolean expected" },
  { "loading", function(value) return type(value) == "function" end, "function expected" },
}

-- What is wrong with the options of `open`, and the ring's bytes.
local function check_open(opts)
  local wrong = nearest.unknown_option("open", opts, OPEN)
  if wrong then return wrong end
  for _, check in ipairs(CHECKS) do
    local name, value = check[1], opts[check[1]]
    if value ~= nil and not check[2](value) then
      return ("open: %s: " .. check[3]):format(name, tostring(value))
    end
  end
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
                 descriptions = {}, aggregates = {}, spans = {}, replay = opts.replay }
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

for _, part in ipairs { subscribing, measuring, targeting, running, span, attached, telling } do
  for name, method in pairs(part.methods) do Session[name] = method end
end

return M
