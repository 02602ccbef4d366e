-- SPDX-License-Identifier: MIT
--- barchart: numbers by name as bars, a picture of an aggregate.
--
--   barchart.svg({ { name = "cat", value = 130, text = "130" }, … }, { title = "count of syscall.read by comm" })

local svg = require "traceleft.svg.svg"

local M = {}

local WIDTH <const>, ROW <const>, TOP <const>, MARGIN <const> = 960, 26, 58, 24
local CHAR <const> = 7.4        -- about the width of a letter
local NAME_MOST <const> = 44    -- letters of a name that are shown

---@class traceleft.barchart.row
---@field name string
---@field value number
---@field text string the value with its unit

local function shortened(name)
  if (utf8.len(name) or #name) <= NAME_MOST then return name end
  local cut = utf8.offset(name, NAME_MOST) or NAME_MOST
  return name:sub(1, cut - 1) .. "…"
end

-- How wide the longest of these texts is, about.
local function widest(rows, text_of)
  local most = 0
  for _, row in ipairs(rows) do
    local text = text_of(row)
    most = math.max(most, utf8.len(text) or #text)
  end
  return most * CHAR
end

local function draw(parts, row, y, left, room, most)
  local length = most > 0 and math.max(0, row.value) / most * room or 0
  parts[#parts + 1] = svg.label(left - 10, y + 16, row.shown, "e")
  if length > 0 then
    parts[#parts + 1] = svg.box(left, y + 3, math.max(length, 1), ROW - 8, "b", row.name .. ": " .. row.text)
  end
  parts[#parts + 1] = svg.label(left + length + 8, y + 16, row.text, "s")
end

-- The rows with the names that are shown, safe and not too long.
local function prepared(rows)
  local list = {}
  for i, row in ipairs(rows) do
    list[i] = { name = row.name, shown = shortened(row.name), value = row.value, text = row.text }
  end
  return list
end

--- The picture of rows in their order.
---@param rows traceleft.barchart.row[]
---@param opts { title: string, note?: string }
---@return string svg
function M.svg(rows, opts)
  rows = prepared(rows)
  local left = MARGIN + widest(rows, function(row) return row.shown end) + 10
  local room = WIDTH - left - MARGIN - widest(rows, function(row) return row.text end) - 8
  local most = 0
  for _, row in ipairs(rows) do most = math.max(most, row.value) end
  local parts = { svg.label(MARGIN, 32, opts.title, "t") }
  for i, row in ipairs(rows) do draw(parts, row, TOP + (i - 1) * ROW, left, math.max(room, 100), most) end
  if #rows == 0 then parts[2] = svg.label(MARGIN, TOP + 16, "nothing was counted", "s") end
  local bottom = TOP + math.max(1, #rows) * ROW
  if opts.note then parts[#parts + 1] = svg.label(MARGIN, bottom + 18, opts.note, "s") end
  return svg.document(WIDTH, bottom + (opts.note and 34 or 16), opts.title, parts)
end

return M
