-- SPDX-License-Identifier: MIT
--- look: --list, --describe and --check, as text.

local tl      = require "traceleft"
local nearest = require "traceleft.nearest"

local M = {}

local OK = { [1] = "ok", [0] = "no", [-1] = "NO" }

local function width(cell)
  return utf8.len(cell) or #cell
end

local function widths_of(rows)
  local widths = {}
  for _, row in ipairs(rows) do
    for i = 1, #row do widths[i] = math.max(widths[i] or 0, width(row[i])) end
  end
  return widths
end

-- Rows with their columns under each other.
local function columns(rows, margin)
  local widths, lines = widths_of(rows), {}
  for i, row in ipairs(rows) do
    local parts = {}
    for k, cell in ipairs(row) do parts[k] = cell .. (" "):rep(widths[k] - width(cell)) end
    lines[i] = (margin .. table.concat(parts, "  ")):gsub("%s+$", "") .. "\n"
  end
  return table.concat(lines)
end

local function first_sentence(doc)
  return doc:match("^(.-%.)%s") or doc
end

--- The events that the glob matches, a line each.
---@param glob? string
---@return string? text
---@return string? wrong
---@return string? name of the errno, when the session could not be opened
function M.list(glob)
  local ok, names, message, name = pcall(tl.events, glob)
  if not ok then return nil, "--list: " .. tostring(names):gsub("^.-events: pattern: ", "") end
  if not names then return nil, message, name end
  if #names == 0 then return nil, ("no event matches '%s'"):format(glob) end
  local rows = {}
  for i, event in ipairs(names) do
    rows[i] = { event, first_sentence(assert(tl.describe(event)).doc) }
  end
  return columns(rows, "")
end

--- An event and its fields.
---@param event string
---@return string? text
---@return string? wrong
---@return string? name of the errno, when the session could not be opened
function M.describe(event)
  local names, refused, name = tl.events()
  if not names then return nil, refused, name end
  local description = tl.describe(event)
  if not description then
    return nil, ("no event '%s'%s"):format(event, nearest.hint(nearest.word(event, names)))
  end
  local rows = {}
  for i, field in ipairs(description.fields) do
    rows[i] = { field.name, field.type, field.meaning, field.doc }
  end
  return ("%s: %s\n"):format(description.name, description.doc) .. columns(rows, "  ")
end

--- What this kernel offers, and whether tracing works at all.
---@return string text
---@return boolean works
function M.check()
  local rows, works = {}, true
  for i, line in ipairs(tl.check()) do
    rows[i] = { OK[line.ok], line.name, line.note }
    works = works and line.ok >= 0
  end
  return columns(rows, ""), works
end

return M
