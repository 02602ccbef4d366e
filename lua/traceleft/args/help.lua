-- SPDX-License-Identifier: MIT
--- arghelp: what a tool says of its options: the rows of which -h, its man page and completion are made.

local argtypes = require "traceleft.args.types"
local layout   = require "traceleft.layout"

local M = {}

local HELP = { "-h --help", "say all this" }
local OWN = "Options"
local NARROW <const>, WIDE <const>, COLUMN_MOST <const> = 60, 112, 30

-- One option or argument as it is shown.
local function row_of(option, section)
  local names, doc = {}, option[2]
  for name in option[1]:gmatch "%S+" do names[#names + 1] = name end
  local is_option = names[1]:sub(1, 1) == "-"
  local argname, read = argtypes.of(option)
  if not is_option then argname = option.argname or names[1]:upper() end
  if is_option and not (option.type or option.choices) then argname = nil end
  local default = option.default
  if default and not doc:find(default, 1, true) then doc = ("%s; without it %s"):format(doc, default) end
  return { option = option, names = names, argname = argname, read = read, doc = doc, choices = option.choices,
           type = option.type, section = section, is_option = is_option }
end

local function add_rows(rows, spec, section)
  for _, option in ipairs(spec) do
    if type(option[1]) == "table" then
      add_rows(rows, option, option.title or section)
    else
      rows[#rows + 1] = row_of(option, section)
    end
  end
  return rows
end

---@class traceleft.args.row
---@field names string[] "-p", "--pid"; of an argument its name
---@field argname? string how its value is called; a flag has none
---@field doc string
---@field choices? string[]
---@field type? string
---@field section string
---@field is_option boolean
---@field read function
---@field option traceleft.args.option

--- All options and arguments of a tool: those of sets too, and -h. Raises when two have the same name.
---@param spec traceleft.args
---@return traceleft.args.row[]
function M.rows(spec)
  local rows, known = add_rows({ row_of(HELP, OWN) }, spec, OWN), {}
  for _, row in ipairs(rows) do
    for _, name in ipairs(row.names) do
      if known[name] then error(("args: %s: there are two of that name"):format(name), 0) end
      known[name] = true
    end
  end
  return rows
end

--- How a row is written in lists: "-p, --pid PIDS".
---@param row traceleft.args.row
---@return string
function M.term(row)
  if not row.is_option then return row.argname end
  return table.concat(row.names, ", ") .. (row.argname and " " .. row.argname or "")
end

--- The rows by their sections; that of the tool's own comes first.
---@param spec traceleft.args
---@return { title: string, rows: traceleft.args.row[] }[]
function M.sections(spec)
  local list, by_title = {}, {}
  for _, row in ipairs(M.rows(spec)) do
    local section = by_title[row.section]
    if not section then
      section = { title = row.section, rows = {} }
      list[#list + 1], by_title[row.section] = section, section
    end
    table.insert(section.rows, row)
  end
  table.insert(list[1].rows, table.remove(list[1].rows, 1)) -- -h is the last of them
  return list
end

--- "opensnoop [options] [FILE]"
---@param spec traceleft.args
---@return string
function M.usage(spec)
  local words = { spec.name, "[options]" }
  for _, row in ipairs(M.rows(spec)) do
    local option = row.option
    local form = option.list and "[%s…]" or option.optional and "[%s]" or "%s"
    if not row.is_option then words[#words + 1] = form:format(row.argname) end
  end
  return table.concat(words, " ")
end

local function terms_of(section)
  local terms, column = {}, 0
  for i, row in ipairs(section.rows) do
    terms[i] = { M.term(row), row.doc }
    column = math.max(column, utf8.len(terms[i][1]) + 4)
  end
  return terms, column
end

local function examples_of(spec)
  local rows = {}
  for i, example in ipairs(spec.examples or {}) do
    rows[i] = { (spec.name .. " " .. example[1]):gsub(" $", ""), example[2] }
  end
  return rows
end

--- What -h prints, for lines of that width.
---@param spec traceleft.args
---@param width integer
---@return string
function M.help(spec, width)
  width = math.max(NARROW, math.min(width, WIDE))
  local parts = { "Usage: " .. M.usage(spec), layout.paragraph(spec.doc, "", width) }
  local column, sections = 0, M.sections(spec)
  for _, section in ipairs(sections) do column = math.max(column, select(2, terms_of(section))) end
  for _, section in ipairs(sections) do
    local terms = layout.terms(terms_of(section), math.min(column, COLUMN_MOST), width)
    parts[#parts + 1] = section.title .. ":\n" .. terms:gsub("\n$", "")
  end
  local examples = examples_of(spec)
  if #examples > 0 then parts[#parts + 1] = "Examples:\n" .. layout.examples(examples, width):gsub("\n$", "") end
  if spec.overhead then parts[#parts + 1] = layout.paragraph("Overhead: " .. spec.overhead, "", width) end
  return table.concat(parts, "\n\n")
end

return M
