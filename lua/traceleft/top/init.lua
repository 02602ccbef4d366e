-- SPDX-License-Identifier: MIT
--- top: a monitor on the whole screen, made from tables that say what can be seen. See traceleft.top.view for these,
--- traceleft.top.cells for what columns show, and examples/top.lua for one of one's own.
--
--   local top, cells = require "traceleft.top", require "traceleft.top.cells"
--   assert(top.run { name = "writes", views = { { name = "process", … } } })

local tl      = require "traceleft"
local core    = require "traceleft.core"
local exit    = require "traceleft.exit"
local screens = require "traceleft.screen"
local batch   = require "traceleft.top.batch"
local draw    = require "traceleft.top.draw"
local keys    = require "traceleft.top.keys"
local monitor = require "traceleft.top.monitor"
local nearest = require "traceleft.nearest"

local M = {}

local SHORTEST <const>, LONGEST <const> = 0.1, 60
local ROWS <const> = 20         -- of a table on stdout
local OPTIONS = { "name", "views", "view", "sort", "where", "target", "interval", "batch", "rows", "mouse" }

---@class traceleft.top
---@field name string
---@field monitor traceleft.top.monitor
---@field interval number
---@field first integer row of the list that is the first on the screen
---@field message? string
---@field typing? traceleft.top.line
---@field help? boolean
---@field anew? boolean whether the whole screen is sent anew
---@field counted? boolean whether an interval is over
local Top = {}
Top.__index = Top

local function clock()
  return tl.clock(core.clock()):sub(1, 8)
end

--- Another interval from now on.
---@param seconds number
function Top:set_interval(seconds)
  self.interval = math.max(SHORTEST, math.min(LONGEST, seconds))
  if self.timer then self.timer:stop() end
  self.timer = tl.every(self.interval, self.on_tick)
end

--- Ends it.
function Top.stop()
  tl.stop()
end

-- An error ends the run, and is raised when the terminal is as it was.
local function guard(self, fn)
  return function()
    local ok, failure = xpcall(fn, function(value)
      return exit.is_exit(value) and value or debug.traceback(tostring(value), 2)
    end)
    if ok then return end
    self.failure = self.failure or failure
    tl.stop()
  end
end

local function show(self)
  draw.draw(self, self.screen)
  self.anew = nil
end

local function on_keys(self)
  local key, y, gone = self.screen:key()
  while key do
    local row = key == "click" and y >= self.rows_at and self.first + y - self.rows_at or nil
    keys.press(self, key, self.page, row)
    key, y, gone = self.screen:key()
  end
  if gone then return tl.stop() end
  show(self)
end

local function run_on_screen(self, mouse)
  local screen <close>, message, name = screens.open { mouse = mouse }
  if not screen then return nil, message, name end
  self.screen = screen
  self.on_tick = guard(self, function()
    self.monitor:tick()
    self.counted = true
    show(self)
  end)
  local watch = tl.watch(screen:fd(), guard(self, function() on_keys(self) end))
  self:set_interval(self.interval)
  show(self)
  local why
  why, message, name = tl.run()
  watch:stop()
  self.monitor:close()
  if not why then return nil, message, name end
  if self.failure then error(self.failure, 0) end
  return true
end

local function run_in_tables(self, count, rows)
  local left = count
  local function write()
    if left == 0 then return end
    left = left - 1
    self.monitor:tick()
    batch.write(self.monitor, clock() .. " " .. self.monitor.model.view.title, rows or ROWS)
  end
  self.on_tick = function()
    write()
    if left == 0 then tl.stop() end
  end
  tl.at_exit(function()
    write()
    self.monitor:close()
  end)
  self:set_interval(self.interval)
  return tl.run()
end

--- Runs a monitor until its user leaves it, or with `batch` until it has written so many tables to stdout. opts: name,
--- views, view (the first one's name), sort (title of a column), where (an expression), target, interval (seconds),
--- batch, rows (of a table), mouse.
---@param opts table
---@return boolean|string|nil done
---@return string? message what was refused: there is no terminal, or a wrong view, column or expression
---@return string? name
function M.run(opts)
  local unknown = nearest.unknown_option("top", opts, OPTIONS)
  if unknown then error(unknown, 2) end
  local new, wrong = monitor.new(opts.views, opts)
  if not new then return nil, wrong, "EINVAL" end
  local self = setmetatable({ name = opts.name, monitor = new, interval = opts.interval or 1, first = 1, page = 1,
                              rows_at = 0, clock = clock }, Top)
  if opts.batch then return run_in_tables(self, opts.batch, opts.rows) end
  return run_on_screen(self, opts.mouse)
end

return M
