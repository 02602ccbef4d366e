-- SPDX-License-Identifier: MIT
--- present: what an aggregate has counted, as text: one number, a table, or histograms.

local histogram = require "traceleft.histogram"
local quantity  = require "traceleft.quantity"
local tabulate  = require "traceleft.tabulate"

local M = {}

---@class traceleft.presentation
---@field kind string
---@field by any[] expressions or functions
---@field tellers (fun(key: traceleft.key, at: integer, cut?: boolean): string)[]
---@field unit string
---@field step? integer of lhist

local NOTHING = "(nothing)\n"

-- ---- keys ------------------------------------------------------------------------------------

local function teller(shape, i)
  return shape.tellers[i] or shape.tellers[#shape.tellers]
end

local function key_texts(shape, row)
  local texts = {}
  for i = 1, row.key.n do texts[i] = teller(shape, i)(row.key, i, row.cut and row.cut[i]) end
  return texts
end

local function key_name(shape, i)
  local clause = shape.by[i]
  return type(clause) == "string" and clause or "key"
end

-- How many values keys have; a function may return more than one.
local function key_size(shape, rows)
  local size = #shape.by
  for _, row in ipairs(rows) do size = math.max(size, row.key.n) end
  return size
end

--- The key of a row as one text: "cat, syscall.read", "" without a key.
---@param shape traceleft.presentation
---@param row traceleft.result
---@return string
function M.key_text(shape, row)
  return table.concat(key_texts(shape, row), ", ")
end

-- ---- numbers ---------------------------------------------------------------------------------

local function whole(number)
  return ("%d"):format(number)
end

-- The columns of each kind: title, where its value is ("" is the value itself), and whether it is a number of events.
local COLUMNS = {
  avg = { { "AVG", "avg" }, { "COUNT", "count", whole }, { "SUM", "sum" } },
  quantile = { { "P50", "p50" }, { "P90", "p90" }, { "P99", "p99" }, { "P99.9", "p999" }, { "MAX", "max" },
               { "COUNT", "count", whole } },
  count = { { "COUNT", "", whole } },
  distinct = { { "DISTINCT", "", whole } },
}

local function columns_of(shape, rate)
  local list = { table.unpack(COLUMNS[shape.kind] or { { shape.kind:upper(), "" } }) }
  local show = quantity.shower(shape.unit)
  for i, column in ipairs(list) do list[i] = { column[1], column[2], column[3] or show } end
  if rate then list[#list + 1] = { "PER SECOND", "rate", shape.kind == "sum" and show or quantity.shower() } end
  return list
end

local function number_text(column, row, rate)
  local name, value = column[2], row.value
  if name == "rate" then value = rate(row) elseif name ~= "" then value = value[name] end
  return column[3](value)
end

-- ---- the forms -------------------------------------------------------------------------------

local function table_text(shape, rows, opts)
  local columns, titles, lines = columns_of(shape, opts.rate), {}, {}
  for i, column in ipairs(columns) do titles[i] = { column[1], right = true } end
  for i = 1, key_size(shape, rows) do titles[#titles + 1] = { key_name(shape, i):upper() } end
  for i, row in ipairs(rows) do
    local cells = {}
    for k, column in ipairs(columns) do cells[k] = number_text(column, row, opts.rate) end
    for _, text in ipairs(key_texts(shape, row)) do cells[#cells + 1] = text end
    for k = #cells + 1, #titles do cells[k] = "" end
    lines[i] = cells
  end
  return tabulate.text(titles, lines, opts.width)
end

-- "comm=cat event=syscall.read" above a histogram.
local function heading(shape, row)
  local parts = {}
  for i, text in ipairs(key_texts(shape, row)) do parts[i] = key_name(shape, i) .. "=" .. text end
  return #parts > 0 and table.concat(parts, " ") .. "\n" or ""
end

local function histograms(shape, rows, opts)
  local bound, parts = quantity.bound(shape.unit), {}
  for i, row in ipairs(rows) do
    parts[i] = heading(shape, row) .. histogram.text(row.value, bound, opts.width, shape.step)
  end
  return table.concat(parts, "\n")
end

-- The one number of an aggregate without keys.
local function number(shape, row, opts)
  local columns = columns_of(shape, opts.rate)
  local text = number_text(columns[1], row, opts.rate)
  if columns[2] then text = ("%s (%s per second)"):format(text, number_text(columns[2], row, opts.rate)) end
  return (opts.title and opts.title .. ": " or "") .. text .. "\n"
end

local FORMS = { hist = histograms, lhist = histograms, avg = table_text, quantile = table_text }

-- Without keys and without parts a number says it all.
local function form_of(shape, rows)
  return FORMS[shape.kind] or #shape.by == 0 and #rows == 1 and number or table_text
end

--- The text of rows. opts: title, width of the lines, more (how many rows are left out), and rate, a function that
--- gives what there was of a row per second, for a column with it.
---@param shape traceleft.presentation
---@param rows traceleft.result[] in their order
---@param opts { title?: string, width: integer, more: integer, rate?: fun(row: traceleft.result): number }
---@return string
function M.text(shape, rows, opts)
  local form = form_of(shape, rows)
  if form == number then return number(shape, rows[1], opts) end
  local title = opts.title and opts.title .. "\n" or ""
  if #rows == 0 then return title .. NOTHING end
  return title .. form(shape, rows, opts) .. (opts.more > 0 and ("… %d more\n"):format(opts.more) or "")
end

return M
