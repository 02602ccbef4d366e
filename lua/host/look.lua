-- SPDX-License-Identifier: MIT
--- look: --list, --describe and --check, as text.

local tl        = require "traceleft"
local arguments = require "traceleft.call.arguments"

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

-- Classes as -t takes them: "file,desc".
local function classes(description)
  return ((description.class or ""):gsub(" +", ","))
end

-- Name, classes if any of them has some, and the first sentence of each event.
local function event_rows(names)
  local rows, any = {}, false
  for i, name in ipairs(names) do
    local description = assert(tl.describe(name))
    rows[i] = { name, classes(description), first_sentence(description.doc) }
    any = any or rows[i][2] ~= ""
  end
  if not any then
    for _, row in ipairs(rows) do table.remove(row, 2) end
  end
  return rows
end

-- The events that the word means, at least one; else what is wrong, and the name of the errno when the session could
-- not be opened.
local function events(option, word)
  local ok, names, message, name = pcall(tl.events, word)
  if not ok then return nil, option .. ": " .. tostring(names):gsub("^.-events: pattern: ", "") end
  if not names or #names == 0 then return nil, message, name end
  return names
end

--- The events that the word means, a line each.
---@param word? string name, glob, system call or class
---@return string? text
---@return string? wrong
---@return string? name of the errno, when the session could not be opened
function M.list(word)
  local names, wrong, name = events("--list", word)
  if not names then return nil, wrong, name end
  return columns(event_rows(names), "")
end

local function field_row(field, depth)
  return { ("  "):rep(depth) .. field.name, field.type, field.meaning or "", field.doc or "" }
end

-- A field, and under an array the members of its elements.
local function add_field(rows, field, depth)
  rows[#rows + 1] = field_row(field, depth)
  for _, member in ipairs(field.members or {}) do rows[#rows + 1] = field_row(member, depth + 1) end
end

local function add_group(rows, group)
  if group.head then add_field(rows, group.head, 0) end
  for _, field in ipairs(group.fields) do add_field(rows, field, group.head and 1 or 0) end
end

-- A row for each field, of those alone that must be named or of the others; what comes from an argument stands under
-- it.
local function field_rows(description, named)
  local rows = {}
  for _, group in ipairs(arguments.groups(description)) do
    if (group.head and group.head.named or false) == named then add_group(rows, group) end
  end
  return rows
end

--- An event and its fields.
---@param word string its name, or that of a system call
---@return string? text
---@return string? wrong
---@return string? name of the errno, when the session could not be opened
function M.describe(word)
  local names, wrong, name = events("--describe", word)
  if not names then return nil, wrong, name end
  if #names > 1 then return nil, ("'%s' means %d events; --list %s names them"):format(word, #names, word) end
  local description = assert(tl.describe(names[1]))
  local class = classes(description)
  return ("%s: %s\n"):format(description.name, description.doc) .. (class ~= "" and "class " .. class .. "\n" or "")
    .. columns(field_rows(description, false), "  ")
    .. "\nonly if they are named, as --fields does:\n" .. columns(field_rows(description, true), "  ")
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
