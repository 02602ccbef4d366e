-- SPDX-License-Identifier: MIT
--- format: lines as a person writes them: '{time} {comm:15} {pathname} took {duration:>8}'.
--
--   {field}        what it means, as text; - without a value, ? if it could not be read
--   {field:12}     so wide at least, {field:>12} on the right
--   {field.raw}    the number itself, text as it is
--   {{ and }}      braces; \n and \t are a line end and a tab

local escape  = require "traceleft.escape"
local nearest = require "traceleft.nearest"

local M = {}

local ESCAPES = { ["\\n"] = "\n", ["\\t"] = "\t", ["\\\\"] = "\\" }
local MOST <const> = 1000
local SINGLE <const> = "column %d: a single '%s'; write '%s%s' for one"

local function literal(text)
  return (text:gsub("\\.", ESCAPES))
end

-- What stands between braces, or what is wrong with it.
local function place(text)
  local name, raw, right, width = text:match "^([%a_][%w_]*)(%.?r?a?w?):?(>?)(%d*)$"
  if not name or raw ~= "" and raw ~= ".raw" or (right ~= "" and width == "") then
    return nil, ("'{%s}' is none of {field}, {field:12}, {field:>12}, {field.raw}"):format(escape.text(text))
  end
  if #width > 4 or (tonumber(width) or 0) > MOST then return nil, ("'{%s}': at most %d wide"):format(text, MOST) end
  return { name = name, raw = raw ~= "", right = right ~= "", width = tonumber(width) or 0 }
end

-- The parts of a template: texts, and tables of places.
local function parts_of(template)
  local parts, at = {}, 1
  while at <= #template do
    local from = template:find("[{}]", at)
    parts[#parts + 1] = literal(template:sub(at, (from or 0) - 1))
    if not from then break end
    local brace = template:sub(from, from)
    if template:sub(from + 1, from + 1) == brace then
      parts[#parts + 1], at = brace, from + 2
    else
      local inner = brace == "{" and template:match("^{([^{}]*)}", from)
      if not inner then return nil, SINGLE:format(from, brace, brace, brace) end
      local found, wrong = place(inner)
      if not found then return nil, wrong end
      parts[#parts + 1], at = found, from + #inner + 2
    end
  end
  return parts
end

local function padded(text, part)
  local room = (" "):rep(part.width - (utf8.len(text) or #text))
  return part.right and room .. text or text .. room
end

---@class traceleft.format
---@field fields string[] the names that the template has
---@field parts (string|table)[]
local Format = {}
Format.__index = Format

--- Reads a template.
---@param template string
---@return traceleft.format? format
---@return string? wrong
function M.parse(template)
  local parts, wrong = parts_of(template)
  if not parts then return nil, wrong end
  local self, known = { parts = parts, fields = {} }, {}
  for _, part in ipairs(parts) do
    local name = type(part) == "table" and part.name
    if name and not known[name] then self.fields[#self.fields + 1], known[name] = name, true end
  end
  if #self.fields == 0 then return nil, "names no field, such as {comm}" end
  return setmetatable(self, Format)
end

--- What is wrong with the names, nil if each is a field of one of these events.
---@param known string[] names of fields
---@return string? wrong
function Format:wrong(known)
  local is = {}
  for _, name in ipairs(known) do is[name] = true end
  for _, name in ipairs(self.fields) do
    if not is[name] then return ("no field '%s'%s"):format(name, nearest.hint(nearest.word(name, known))) end
  end
end

--- The line, without a line end. tell: the text of a field; raw: its value.
---@param tell fun(name: string): string safe for a terminal
---@param raw fun(name: string): any
---@return string
function Format:line(tell, raw)
  local texts = {}
  for i, part in ipairs(self.parts) do
    if type(part) == "string" then
      texts[i] = part
    elseif part.raw and raw(part.name) ~= nil then
      texts[i] = padded(escape.text(tostring(raw(part.name))), part)
    else
      texts[i] = padded(tell(part.name), part)
    end
  end
  return table.concat(texts)
end

return M
