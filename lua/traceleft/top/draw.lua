-- SPDX-License-Identifier: MIT
--- top.draw: a monitor put on a screen: what it shows, the rows, a distribution, a line of words.

local escape = require "traceleft.escape"
local cells  = require "traceleft.top.cells"
local keys   = require "traceleft.top.keys"
local panel  = require "traceleft.top.panel"

local M = {}

local PANEL <const> = 7         -- lines of the distribution, with what parts it from the rows
local ROOMY <const> = 16        -- lines of a screen that has room for it
local HINTS = "Enter into  Backspace back  / filter  <> sort  Space freeze  h distribution  ? help  q leave"

-- How wide each column is: what is left goes to those that may grow, and then to the picture.
local function widths_of(columns, total)
  local widths, spare, spark = {}, total - #columns + 1, nil
  for i, column in ipairs(columns) do
    widths[i] = column[2]
    spare = spare - column[2]
    if column[3].spark then spark = i end
  end
  for i, column in ipairs(columns) do
    local more = math.max(0, math.min(spare, (column.most or column[2]) - column[2]))
    widths[i], spare = widths[i] + more, spare - more
  end
  if spark then widths[spark] = math.max(0, widths[spark] + spare) end
  return widths
end

local function put_cell(screen, line, at, width, text, right, style)
  if right then
    local blanks = math.max(0, width - screen:width(text))
    text = (" "):rep(blanks) .. text
  end
  screen:put(line, at, text, style, width)
end

local function put_titles(top, screen, line, columns, widths)
  local rows, at = top.monitor.model, 0
  screen:put(line, 0, "", "title", select(2, screen:size()))
  for i, column in ipairs(columns) do
    local sorted = i == rows.sort
    local text = column[1] .. (sorted and (rows.reverse and "▲" or "▼") or "")
    put_cell(screen, line, at, widths[i], text, column[3].right, "title")
    at = at + widths[i] + 1
  end
end

local function put_row(screen, line, row, columns, widths, selected)
  local at, plain = 0, selected and "cursor" or row.idle > 0 and "dim" or "plain"
  screen:put(line, 0, "", plain, select(2, screen:size()))
  for i, column in ipairs(columns) do
    local cell = column[3]
    local text = escape.text(cell.text(cell.value(row), row, widths[i]))
    put_cell(screen, line, at, widths[i], text, cell.right, cell.spark and not selected and "spark" or plain)
    at = at + widths[i] + 1
  end
end

-- The rows in so many lines from one on, the selected one among them.
local function put_rows(top, screen, first, height)
  local monitor, _, total = top.monitor, screen:size()
  local columns = monitor.model.view.columns
  local widths, list = widths_of(columns, total), monitor.model.list
  local page = height - 1
  top.first = math.max(1, math.min(top.first, monitor.at, #list - page + 1))
  if monitor.at >= top.first + page then top.first = monitor.at - page + 1 end
  put_titles(top, screen, first, columns, widths)
  for i = 0, page - 1 do
    local row = list[top.first + i]
    if not row then break end
    put_row(screen, first + 1 + i, row, columns, widths, top.first + i == monitor.at)
  end
  if #list == 0 then screen:put(first + 1, 0, top.counted and "nothing happened" or "counting …", "dim") end
  top.page, top.rows_at = page, first + 1
end

local function head(top)
  local monitor = top.monitor
  local rows = monitor.model
  return (" %s  %s  %s/s  %d rows  every %s%s"):format(top.name, rows.view.title, cells.number(rows.total), #rows.list,
    ("%gs"):format(top.interval), monitor.frozen and "  FROZEN" or "")
end

local function put_head(top, screen)
  local _, width = screen:size()
  local clock = top.clock()
  screen:put(0, 0, head(top), "title", width)
  screen:put(0, width - #clock - 1, clock .. " ", "title", #clock + 1)
end

-- The names of the views, and where one is.
local function put_views(top, screen)
  local at, level = 0, top.monitor:level()
  for i, one in ipairs(top.monitor.views) do
    local text = ("%d %s"):format(i, one.name)
    screen:put(1, at, text, one == level.view and "key" or "plain")
    at = at + screen:width(text) + 2
  end
  local parts = {}
  for i, title in ipairs(level.titles) do parts[i] = "› " .. escape.text(title) end
  if top.monitor.filter then parts[#parts + 1] = "where " .. escape.text(top.monitor.filter) end
  if #parts == 0 then return 2 end
  screen:put(2, 0, table.concat(parts, " "), "good")
  return 3
end

local function put_panel(top, screen, line)
  local rows, _, width = top.monitor.model, screen:size()
  local row = rows.list[top.monitor.at]
  screen:put(line, 0, ("─"):rep(width), "dim", width)
  local buckets
  if row then buckets = rows:spread(row) end
  for i, text in ipairs(panel.lines(buckets, width, PANEL - 1)) do
    screen:put(line + i, 0, text, i == 1 and "bold" or "spark")
  end
end

local WORDS = { full = "%d events found no room for their key", lost = "%d events were lost" }

-- What the numbers lack; what only the distribution lacks is said to be so.
local function missing(top)
  local parts, counting = {}, top.monitor.counting
  for _, one in ipairs(counting.missing) do
    local text = WORDS[one.what]:format(one.count)
    if one.measure == counting.spread then text = text .. " of the distribution" end
    parts[#parts + 1] = text
  end
  return #parts > 0 and table.concat(parts, "; ") or nil
end

-- The last line: what is typed, what went wrong, what is missing, or which keys there are. Returns the cursor's column.
local function put_status(top, screen, line)
  local _, width = screen:size()
  if top.typing then
    local prompt = "where: " .. top.typing.text
    screen:put(line, 0, prompt, "plain", width)
    if top.message then screen:put(line, screen:width(prompt) + 3, escape.text(top.message), "bad") end
    return math.min(width - 1, screen:width("where: " .. top.typing:before()))
  end
  local message = top.message or missing(top)
  screen:put(line, 0, message and escape.text(message) or HINTS, message and "bad" or "dim", width)
end

local function put_help(top, screen)
  local lines = screen:size()
  screen:put(0, 0, " " .. top.name .. ": keys", "title", select(2, screen:size()))
  for i, entry in ipairs(keys.HELP) do
    if i + 1 >= lines then break end
    screen:put(i + 1, 2, entry[1], "key")
    screen:put(i + 1, 28, entry[2], "plain")
  end
end

--- Draws it anew.
---@param top traceleft.top
---@param screen traceleft.screen
function M.draw(top, screen)
  screen:erase()
  if top.help then
    put_help(top, screen)
    return screen:show(top.anew)
  end
  local lines = screen:size()
  local with_panel = top.monitor.spread and top.monitor.model.view.spread and lines >= ROOMY
  local last = lines - 1 - (with_panel and PANEL or 0)
  put_head(top, screen)
  local first = put_views(top, screen)
  put_rows(top, screen, first, math.max(2, last - first))
  if with_panel then put_panel(top, screen, last) end
  local column = put_status(top, screen, lines - 1)
  if column then return screen:show(lines - 1, column) end
  screen:show(top.anew)
end

return M
