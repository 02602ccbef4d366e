-- SPDX-License-Identifier: MIT
--- top.keys: what each key does.

local line = require "traceleft.top.line"

local M = {}

local FAR <const> = 1 << 40

--- What `?` shows.
---@type { [1]: string, [2]: string }[]
M.HELP = {
  { "↑ ↓ PgUp PgDn Home End", "move; also j k" },
  { "Enter, Backspace", "into the selected row, and back" },
  { "1 … 9, Tab", "another view of the same" },
  { "< >, r", "sort by another column, the other way round" },
  { "/", "show only what an expression holds for, as in where: ret < 0 and comm ~= 'sshd'" },
  { "Space, f", "freeze: the kernel counts nothing meanwhile" },
  { "h", "distribution of the selected row" },
  { "+ -", "a longer or shorter interval" },
  { "Ctrl-L", "draw the screen anew" },
  { "?", "this" },
  { "q, Ctrl-C", "leave" },
}

local function move(rows)
  return function(top, page) top.monitor:move(rows == "page" and page or rows == "-page" and -page or rows) end
end

local function sort(step)
  return function(top) top.monitor:sort_by(step) end
end

local function next_view(step)
  return function(top)
    local monitor = top.monitor
    local at = 0
    for i, one in ipairs(monitor.views) do
      if one == monitor:level().view then at = i end
    end
    return monitor:switch(monitor.views[(at - 1 + step) % #monitor.views + 1].name)
  end
end

local function freeze(top) top.monitor:freeze() end
local function enter(top) return top.monitor:enter() end
local function back(top) return top.monitor:back() end

local KEYS = {
  up = move(-1), k = move(-1), down = move(1), j = move(1), ["page up"] = move "-page", ["page down"] = move "page",
  ["wheel up"] = move(-3), ["wheel down"] = move(3), home = move(-FAR), ["end"] = move(FAR),
  enter = enter, backspace = back, escape = back, left = sort(-1), right = sort(1), ["<"] = sort(-1), [">"] = sort(1),
  r = sort(0), tab = next_view(1), ["back tab"] = next_view(-1), f = freeze, [" "] = freeze,
  h = function(top) top.monitor:toggle_spread() end,
  ["?"] = function(top) top.help = true end,
  ["/"] = function(top) top.typing = line.new(top.monitor.filter) end,
  ["+"] = function(top) top:set_interval(top.interval * 2) end,
  ["-"] = function(top) top:set_interval(top.interval / 2) end,
  redraw = function(top) top.anew = true end,
  q = function(top) top.stop() end,
}

-- While a line is typed: Enter takes it, unless it is wrong, Escape forgets it.
local function typed(top, key)
  if key == "escape" then
    top.typing = nil
  elseif key == "enter" then
    local wrong = top.monitor:set_filter(top.typing.text)
    if wrong then return wrong end
    top.typing = nil
  else
    top.typing:key(key)
  end
end

local function pressed(top, key, page)
  local number = key:match "^[1-9]$"
  local one = number and top.monitor.views[tonumber(number)]
  if one then return top.monitor:switch(one.name) end
  local action = KEYS[key]
  return action and action(top, page)
end

--- Does what a key asks for; what could not be done is said in top.message.
---@param top traceleft.top
---@param key string
---@param page integer rows of a page
---@param row? integer of the list, of a click
function M.press(top, key, page, row)
  if key == "resize" or key == "" then return end
  top.message = nil
  if top.help then
    top.help = false
  elseif top.typing then
    top.message = typed(top, key)
  elseif key == "click" then
    if row then top.monitor:move(row - top.monitor.at) end
  else
    top.message = pressed(top, key, page)
  end
end

return M
