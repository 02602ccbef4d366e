-- SPDX-License-Identifier: MIT
--- scripts: --scripts, the tools that can be run by name: what each answers, and where it comes from.

local escape  = require "traceleft.escape"
local glob    = require "traceleft.glob"
local json    = require "traceleft.json"
local layout  = require "traceleft.layout"
local nearest = require "traceleft.nearest"
local capture = require "host.capture"
local find    = require "host.find"

local M = {}

local COLUMN <const> = 16

-- The compiled text, as that which is built in is.
local function code_of(tool)
  if tool.code then return tool.code end
  local file = io.open(tool.path, "rb")
  local text = file and file:read "a" or ""
  if file then file:close() end
  local chunk = load(text:gsub("^#[^\n]*", ""), ("@scripts/%s.lua"):format(tool.name), "t")
  return chunk and string.dump(chunk)
end

-- Whether it is the same as the one that is run.
local function is_copy(tool)
  if not tool.used then return false end
  local code = code_of(tool)
  return tool.from == tool.used.from or code ~= nil and code == code_of(tool.used)
end

-- Those that the glob means, with what they say; copies of those that are run are left out.
local function rows(pattern)
  local list = {}
  for _, tool in ipairs(find.tools()) do
    if tool.name:find(pattern) and not is_copy(tool) then
      local said = capture.read(tool)
      said.name, said.from, said.path, said.used = tool.name, tool.from, tool.path, not tool.used
      said.instead = tool.used and tool.used.from
      said.wrong = said.wrong or tool.path and find.refused(tool.path)
      list[#list + 1] = said
    end
  end
  return list
end

local function no_match(word)
  local names = {}
  for _, tool in ipairs(find.tools()) do names[#names + 1] = not tool.used and tool.name or nil end
  return ("no tool matches '%s'%s"):format(word, nearest.hints(nearest.several(word, names)))
end

-- What is found, or what is wrong with the word.
local function matching(word)
  local pattern, wrong = glob.pattern(word or "*")
  if not pattern then return nil, "--scripts: " .. wrong end
  local list = rows(pattern)
  if word and #list == 0 then return nil, no_match(word) end
  return list
end

local function meaning(row)
  if row.wrong then return "cannot be run: " .. escape.text(row.wrong) end
  local answer = escape.text(row.answer)
  if not row.used then return ("not run by this name (%s has one). %s"):format(escape.text(row.instead), answer) end
  return answer
end

local function groups(list, width)
  local parts, terms, from = {}, {}, nil
  local function flush()
    if from then parts[#parts + 1] = escape.text(from) .. "\n" .. layout.terms(terms, COLUMN, width) end
    terms = {}
  end
  for _, row in ipairs(list) do
    if row.from ~= from then flush() end
    from = row.from
    terms[#terms + 1] = { escape.text(row.name), meaning(row) }
  end
  flush()
  for _, one in ipairs(find.libraries()) do
    if one.wrong then parts[#parts + 1] = ("%s\n  left out: %s\n"):format(escape.text(one.path), one.wrong) end
  end
  return table.concat(parts, "\n")
end

local function json_lines(list)
  local lines = {}
  for i, row in ipairs(list) do
    lines[i] = json.encode { name = row.name, answer = row.answer, path = row.path, from = row.from,
                             used = row.used, wrong = row.wrong } .. "\n"
  end
  return table.concat(lines)
end

--- The tools that the glob means, by where they come from, in the order in which they are looked for.
---@param word? string
---@param width integer of the lines
---@param as_json? boolean one JSON object per line instead
---@return string? text
---@return string? wrong
function M.text(word, width, as_json)
  local list, wrong = matching(word)
  if not list then return nil, wrong end
  return as_json and json_lines(list) or groups(list, width)
end

return M
