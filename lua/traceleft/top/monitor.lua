-- SPDX-License-Identifier: MIT
--- top.monitor: what is shown and how one got there: a stack of levels, each a view with what holds in it.

local counting = require "traceleft.top.counting"
local model    = require "traceleft.top.model"
local view     = require "traceleft.top.view"

local M = {}

---@class traceleft.top.level
---@field view traceleft.top.view
---@field where? string
---@field titles string[] of the rows that were entered
---@field events? string[]

---@class traceleft.top.monitor
---@field views traceleft.top.view[]
---@field by_name table<string, traceleft.top.view>
---@field levels traceleft.top.level[]
---@field model traceleft.top.model
---@field counting traceleft.top.counting
---@field filter? string
---@field frozen boolean
---@field spread boolean whether the distribution of the selected row is shown
---@field selected? string name of the row under the cursor
---@field at integer where it is
---@field message? string
local Monitor = {}
Monitor.__index = Monitor

-- The column that a view is sorted by: that with this title if it has one, or its own.
local function sort_of(one, title)
  return title and view.column(one, title) or one.sort and view.column(one, one.sort) or 1
end

--- A monitor on its first view. opts: view (its name), sort (title of a column), where (a filter), target.
---@param views traceleft.top.view[]
---@param opts { view?: string, sort?: string, where?: string, target?: traceleft.target }
---@return traceleft.top.monitor? monitor
---@return string? wrong
function M.new(views, opts)
  local first, wrong = view.find(views, opts.view or views[1].name)
  if not first then return nil, wrong end
  if opts.sort then
    local column
    column, wrong = view.column(first, opts.sort)
    if not column then return nil, wrong end
  end
  local self = setmetatable({ views = views, by_name = view.by_name(views), levels = {}, filter = opts.where,
                              target = opts.target, sort = opts.sort, frozen = false, spread = true, at = 1 }, Monitor)
  wrong = self:open { view = first, titles = {} }
  if wrong then return nil, wrong end
  return self
end

--- The level that is shown.
---@return traceleft.top.level
function Monitor:level()
  return self.levels[#self.levels]
end

-- Counts for a level instead of what was counted before; if that is refused, all stays as it was.
local function count_for(self, level, filter)
  local new, wrong = counting.start(level, { target = self.target, filter = filter })
  if not new then return wrong end
  if self.counting then self.counting:stop() end
  self.counting, self.model = new, model.new(level.view, sort_of(level.view, self.sort))
  self.frozen, self.at, self.selected, self.aimed = false, 1, nil, nil
  if not self.spread then new:pause(false, false) end
end

--- Goes to a level that lies above the present one.
---@param level traceleft.top.level
---@return string? wrong
function Monitor:open(level)
  local wrong = count_for(self, level, self.filter)
  if not wrong then self.levels[#self.levels + 1] = level end
  return wrong
end

--- Into the selected row: to the view that tells more of it.
---@return string? wrong
function Monitor:enter()
  local row, level = self.model.list[self.at], self:level()
  local entry = row and level.view.enter and level.view.enter(row)
  if not entry then return row and "there is nothing more to be shown of this" or nil end
  local titles = table.move(level.titles, 1, #level.titles, 1, {})
  titles[#titles + 1] = entry.title
  return self:open { view = self.by_name[entry.view], where = view.all(level.where, entry.where), titles = titles,
                     events = entry.events }
end

--- Back to where `enter` was called.
---@return string? wrong
function Monitor:back()
  if #self.levels < 2 then return "this is the first one" end
  local wrong = count_for(self, self.levels[#self.levels - 1], self.filter)
  if not wrong then self.levels[#self.levels] = nil end
  return wrong
end

--- To another view of the same.
---@param name string
---@return string? wrong
function Monitor:switch(name)
  local level = self:level()
  if level.view.name == name then return nil end
  local new = { view = self.by_name[name], where = level.where, titles = level.titles }
  local wrong = count_for(self, new, self.filter)
  if not wrong then self.levels[#self.levels] = new end
  return wrong
end

--- Shows only what the condition holds for; "" or nil: all.
---@param text? string
---@return string? wrong
function Monitor:set_filter(text)
  if text and not text:find "%S" then text = nil end
  local wrong = count_for(self, self:level(), text)
  if not wrong then self.filter = text end
  return wrong
end

--- Takes what was counted in the interval.
function Monitor:tick()
  if self.frozen then return end
  self.model:update(self.counting:take())
  self:find()
  self:aim()
end

--- Has the row under the cursor measured from now on, if another one was.
function Monitor:aim()
  local row = self.model.list[self.at]
  self.model.selected = self.aimed -- what was taken is of that one
  if self.aimed == (row and row.name) then return end
  self.aimed = row and row.name
  self.counting:select(row)
end

--- Puts the cursor on the row that was selected; if that is gone, it stays in its place.
function Monitor:find()
  local list = self.model.list
  self.at = self.model:index(self.selected) or math.max(1, math.min(self.at, #list))
  if not self.selected then return end
  self.selected = list[self.at] and list[self.at].name
end

--- Moves the cursor.
---@param rows integer
function Monitor:move(rows)
  self.at = math.max(1, math.min(#self.model.list, self.at + rows))
  local row = self.model.list[self.at]
  self.selected = row and row.name
end

--- Sorts by the next column on the right or left; by the same one the other way round.
---@param step integer 1, -1, 0
function Monitor:sort_by(step)
  local rows, columns = self.model, self.model.view.columns
  if step == 0 then rows.reverse = not rows.reverse else rows.reverse = false end
  local at = rows.sort
  repeat
    at = (at - 1 + step) % #columns + 1
  until step == 0 or columns[at][1] ~= ""
  rows.sort = at
  rows:order()
  self:find()
end

--- Stops, or goes on.
function Monitor:freeze()
  self.frozen = not self.frozen
  self.counting:pause(self.frozen, self.spread)
end

--- Shows the distribution of the selected row, or does not and spares the kernel the work.
function Monitor:toggle_spread()
  self.spread = not self.spread
  if not self.frozen then self.counting:pause(false, self.spread) end
end

--- Ends it.
function Monitor:close()
  self.counting:stop()
end

return M
