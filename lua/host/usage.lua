-- SPDX-License-Identifier: MIT
--- usage: the text of -h.

local help   = require "host.help"
local layout = require "traceleft.layout"

local M = {}

local COLUMN <const> = 19
local NARROW <const>, WIDE <const> = 60, 112

local function section(one, width)
  local note = one.note and layout.paragraph(one.note, "  ", width) .. "\n" or ""
  return ("%s\n%s%s"):format(one[1], note, layout.terms({ table.unpack(one, 2) }, COLUMN, width))
end

local function examples(width)
  local rows = {}
  for i, example in ipairs(help.examples) do rows[i] = { help.name .. " " .. example[1], example[2] } end
  return "Examples\n" .. layout.examples(rows, width)
end

local function status()
  local parts = {}
  for i, row in ipairs(help.status) do parts[i] = row[1] .. " " .. row[2] end
  return "Exit status: " .. table.concat(parts, "; ") .. "."
end

--- What -h prints, for lines of that width.
---@param width integer
---@return string
function M.text(width)
  width = math.max(NARROW, math.min(width, WIDE))
  local parts = {
    ("%s - %s\n"):format(help.name, help.answer), ("Usage: %s\n"):format(help.usage),
    layout.paragraph(help.intro, "", width) .. "\n",
  }
  for _, one in ipairs(help.sections) do parts[#parts + 1] = section(one, width) end
  parts[#parts + 1] = layout.paragraph(help.notes, "", width) .. "\n"
  parts[#parts + 1] = examples(width)
  parts[#parts + 1] = layout.paragraph(help.libraries, "", width) .. "\n"
  parts[#parts + 1] = layout.paragraph(status(), "", width) .. "\n"
  return table.concat(parts, "\n")
end

return M
