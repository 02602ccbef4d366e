-- SPDX-License-Identifier: MIT
--- top.view: what a monitor can show, as a table; checked here, with its conditions put together.
--
--   { name = "call", title = "System calls", events = { "syscall.*" }, by = { "event" },
--     measures = { calls = { "avg", value = "duration" }, failed = { "count", where = "ret < 0" },
--                  times = { "hist", value = "duration" } },
--     main = "calls",                                   -- whose rates make the picture, and the order
--     columns = { { "CALL", 20, cells.key(1) }, { "CALLS/S", 8, cells.rate "calls" }, … },
--     sort = "CALLS/S", spread = "times",               -- a `hist`: shown for the selected row
--     enter = function(row) return { view = "file", where = "…", title = "read" } end }

local measure = require "traceleft.aggregate.measure"
local nearest = require "traceleft.nearest"

local M = {}

---@class traceleft.top.measure
---@field [1] string kind of aggregate
---@field value? string
---@field where? string
---@field by? string[] the view's without it
---@field events? string[] the view's without it
---@field selected? string[] only for the selected row: of `by`, numbers or short text, that tell it from others
---@field tag? string a last value of the key: the rows of this measure are others than those of the same key without

---@class traceleft.top.column
---@field [1] string title
---@field [2] integer width
---@field [3] traceleft.top.cell
---@field most? integer width that it may take where there is room

---@class traceleft.top.entry where `enter` leads
---@field view string
---@field where? string what holds for the row
---@field title string
---@field events? string[] instead of the other view's

---@class traceleft.top.view
---@field name string
---@field title string
---@field events string[]
---@field by string[]
---@field measures table<string, traceleft.top.measure>
---@field main string|string[] whose rates the picture and the sum on top are made of
---@field columns traceleft.top.column[]
---@field sort? string title of the column that it is sorted by at first
---@field spread? string
---@field enter? fun(row: traceleft.top.row): traceleft.top.entry?
---@field size? integer keys that there is room for

local KEYS = { "name", "title", "events", "by", "measures", "main", "columns", "sort", "spread", "enter", "size" }
local NEEDED = { name = "string", title = "string", events = "table", by = "table", measures = "table",
                 columns = "table" }

local OF_ROWS = { name = true, key = true, cut = true, past = true, idle = true }

local function is_kind(word)
  for _, kind in ipairs(measure.KINDS) do
    if kind == word then return true end
  end
end

local function wrong_measures(view)
  for name, one in pairs(view.measures) do
    if OF_ROWS[name] then return ("measures.%s: rows have something else of that name"):format(name) end
    if not is_kind(one[1]) then return ("measures.%s: '%s' is no kind of aggregate"):format(name, tostring(one[1])) end
  end
  local names = type(view.main) == "table" and { table.unpack(view.main) } or { view.main }
  names[#names + 1] = view.spread
  for _, name in ipairs(names) do
    if not view.measures[name] then return ("no measure '%s'"):format(tostring(name)) end
  end
end

local function wrong_columns(view)
  for i, column in ipairs(view.columns) do
    local cell = column[3]
    if type(column[1]) ~= "string" or math.type(column[2]) ~= "integer" or type(cell) ~= "table" or not cell.text then
      return ("columns[%d]: { TITLE, WIDTH, CELL } expected"):format(i)
    end
  end
end

-- What is wrong with a view, nil if nothing.
local function wrong(view)
  if type(view) ~= "table" then return "view: table expected, got " .. type(view) end
  local what = ("view '%s'"):format(tostring(view.name))
  local unknown = nearest.unknown_option(what, view, KEYS)
  if unknown then return unknown end
  for key, kind in pairs(NEEDED) do
    if type(view[key]) ~= kind then return ("%s: %s: %s expected"):format(what, key, kind) end
  end
  local bad = wrong_measures(view) or wrong_columns(view)
  return bad and what .. ": " .. bad
end

--- The views by their names; raises what is wrong with one.
---@param views traceleft.top.view[]
---@return table<string, traceleft.top.view>
function M.by_name(views)
  local by_name = {}
  for _, view in ipairs(views) do
    local bad = wrong(view)
    if bad then error(bad, 3) end
    by_name[view.name] = view
  end
  return by_name
end

--- The view that a word names, or what is wrong with the word.
---@param views traceleft.top.view[]
---@param word string
---@return traceleft.top.view? view
---@return string? wrong
function M.find(views, word)
  local names = {}
  for i, view in ipairs(views) do
    if view.name == word then return view end
    names[i] = view.name
  end
  return nil, ("no view '%s'%s; there are %s"):format(word, nearest.hint(nearest.word(word, names)),
                                                     table.concat(names, ", "))
end

--- The number of the column with that title, with or without its "/S", or what is wrong with it.
---@param view traceleft.top.view
---@param title string
---@return integer? column
---@return string? wrong
function M.column(view, title)
  local titles, wanted = {}, title:upper():gsub("/S$", "")
  for i, column in ipairs(view.columns) do
    local name = column[1]:gsub("/S$", "")
    if name ~= "" and name == wanted then return i end
    if name ~= "" then titles[#titles + 1] = name end
  end
  return nil, ("no column '%s'%s; there are %s"):format(title, nearest.hint(nearest.word(wanted, titles)),
                                                       table.concat(titles, ", "))
end

--- Conditions that must all hold, as one; nil if there is none.
---@param ... string?
---@return string?
function M.all(...)
  local parts = {}
  for i = 1, select("#", ...) do
    local part = select(i, ...)
    if part then parts[#parts + 1] = "(" .. part .. ")" end
  end
  return #parts > 0 and table.concat(parts, " and ") or nil
end

return M
