-- SPDX-License-Identifier: MIT
--- layout: running text in lines, and lists of terms with what they mean beside them.

local M = {}

local LEAST <const> = 20        -- columns that the text beside a term has, however narrow the terminal is

local function length(text)
  return utf8.len(text) or #text
end

--- The lines of a text of which none is longer than the width, unless a word is. Its own line ends stay.
---@param text string
---@param width integer
---@return string[]
function M.wrap(text, width)
  local lines = {}
  for paragraph in (text .. "\n"):gmatch "(.-)\n" do
    local line = paragraph:match "^%s*" .. (paragraph:match "%S+" or "")
    for word in paragraph:match "^%s*%S*(.*)$":gmatch "%S+" do
      if length(line) + 1 + length(word) <= width then
        line = line .. " " .. word
      else
        lines[#lines + 1], line = line, word
      end
    end
    lines[#lines + 1] = (line:gsub("%s+$", ""))
  end
  return lines
end

--- The text in lines of that width, each with the margin before it.
---@param text string
---@param margin string
---@param width integer
---@return string
function M.paragraph(text, margin, width)
  return margin .. table.concat(M.wrap(text, width - #margin), "\n" .. margin):gsub("\n +\n", "\n\n")
end

-- One term. A term that is too long for its column has its meaning under it.
local function item(term, meaning, column, width)
  local lines = meaning ~= "" and M.wrap(meaning, math.max(LEAST, width - column)) or {}
  local first = "  " .. term
  if length(first) < column and lines[1] then
    first = first .. (" "):rep(column - length(first)) .. table.remove(lines, 1)
  end
  for i, line in ipairs(lines) do lines[i] = (" "):rep(column) .. line end
  table.insert(lines, 1, first)
  return table.concat(lines, "\n")
end

--- Terms and what they mean, a line end after each.
---@param rows { [1]: string, [2]: string }[]
---@param column integer where the meanings begin
---@param width integer
---@return string
function M.terms(rows, column, width)
  local lines = {}
  for i, row in ipairs(rows) do lines[i] = item(row[1], row[2], column, width) .. "\n" end
  return table.concat(lines)
end

--- Examples with what they do beside them, or under them where the line would be too long; a line end after each.
---@param rows { [1]: string, [2]: string }[]
---@param width integer
---@return string
function M.examples(rows, width)
  local column = 0
  for _, row in ipairs(rows) do
    local wide = length(row[1]) + 5
    if wide <= width * 3 // 5 then column = math.max(column, wide) end
  end
  return M.terms(rows, math.max(column, 6), width)
end

return M
