-- SPDX-License-Identifier: MIT
--- traceleft: what a script sees.
--
-- Its functions are the methods of a default session, which is opened when it is first needed. `tl.open` gives a
-- session of one's own. Wrong arguments raise; what the world refuses is nil, a message and a name such as "ESRCH".

local core    = require "traceleft.core"
local nearest = require "traceleft.nearest"
local session = require "traceleft.session.session"

---@class traceleft
---@field args traceleft.args.module
local M = {}

--- The version of the library.
---@type string
M.version = core.version

local OPEN = { "battery", "ring", "channel", "replay", "loading" }
local TARGET = { "target", "pids", "follow", "at_exec", "duration", "child" }
local NEEDS_NO_SESSION = { errors = 0, unread = 0, close = false, refusal = false, report = false, due = false,
                           finish = false, attached = false, inherit = false, forget_exits = false }

local default
local defaults = {}
local open_options = {}

-- The default session, opened now if it was not.
local function default_session()
  if default then return default end
  local opened, message, name = session.open(open_options, defaults)
  if not opened then return nil, message, name end
  default = opened
  return default
end

--- Sets what the program was given on its command line. For subscriptions that name no target: target, or pids, follow,
--- at_exec. For `run`: duration, and child, a held command that is released at the start and whose end is the run's.
--- For the default session, before its first use: battery, ring, channel, replay, loading.
---@param options traceleft.defaults
function M.defaults(options)
  if type(options) ~= "table" then error(("defaults: table expected, got %s"):format(type(options)), 2) end
  local known = table.move(OPEN, 1, #OPEN, #TARGET + 1, { table.unpack(TARGET) })
  local wrong = nearest.unknown_option("defaults", options, known)
  if wrong then error(wrong, 2) end
  for _, name in ipairs(OPEN) do
    if options[name] ~= nil then open_options[name] = options[name] end
  end
  for _, name in ipairs(TARGET) do
    if options[name] ~= nil then defaults[name] = options[name] end
  end
end

--- Opens a session of one's own: local s <close> = tl.open { battery = { "extra/" }, ring = "16M" }.
---@param options? traceleft.open_options
---@return traceleft.session? session
---@return string? message
---@return string? name
function M.open(options)
  return session.open(options, defaults)
end

--- Tries what the tracer needs of this kernel: { { name =, ok =, note = }, … }.
---@return traceleft.check[]
function M.check()
  return core.check()
end

-- The function of the default session. The last call must be a tail call: errors point at the caller's line.
local function forward(name, method)
  return function(...)
    local without = NEEDS_NO_SESSION[name]
    if without ~= nil and not default then return without or nil end
    local self, message, errname = default_session()
    if not self then return nil, message, errname end
    return method(self, ...)
  end
end

for name, method in pairs(session.methods) do
  if name:sub(1, 2) ~= "__" then M[name] = forward(name, method) end
end

--- Wall-clock text of an event's time: "14:03:59.123456".
---@param ns integer nanoseconds since boot
---@return string
function M.clock(ns)
  return session.methods.clock(nil, ns)
end

-- tl.args is the module traceleft.args, loaded when it is first asked for: most scripts have no options.
setmetatable(M, {
  __index = function(_, name)
    if name == "args" then return require "traceleft.args" end
  end,
})

return M
