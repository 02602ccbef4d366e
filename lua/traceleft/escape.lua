-- SPDX-License-Identifier: MIT
--- escape: bytes that processes control, made safe for a terminal.
--
-- Printable UTF-8 stays as it is. What could move the cursor, change the meaning of what is beside it, or is no
-- UTF-8 at all becomes \n, \t, \x1b or \u{202e}.

local M = {}

local NAMED = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r" }

-- Ranges of code points that are valid but change how their neighbours are shown.
local UNSAFE = {
  { 0x80, 0x9f },       -- C1 controls
  { 0xad, 0xad },       -- soft hyphen
  { 0x61c, 0x61c },     -- bidi mark
  { 0x200b, 0x200b },   -- zero width space
  { 0x200e, 0x200f },   -- bidi marks
  { 0x2028, 0x202e },   -- separators, bidi embeddings and overrides
  { 0x2060, 0x206f },   -- invisible operators, bidi isolates
  { 0xfeff, 0xfeff },   -- byte order mark
  { 0xfff9, 0xfffb },   -- interlinear annotation
  { 0xe0000, 0xe0fff }, -- tags
}

local function is_unsafe(code)
  for _, range in ipairs(UNSAFE) do
    if code >= range[1] and code <= range[2] then return true end
  end
  return false
end

local function escape_byte(char)
  return NAMED[char] or ("\\x%02x"):format(char:byte())
end

-- The safe text of the character at i, and where the next one begins.
local function next_char(text, i)
  if not utf8.len(text, i, i) then return escape_byte(text:sub(i, i)), i + 1 end
  local code = utf8.codepoint(text, i)
  local char = utf8.char(code)
  if code < 0x20 or code == 0x7f then char = escape_byte(char)
  elseif is_unsafe(code) then char = ("\\u{%x}"):format(code) end
  return char, i + #utf8.char(code)
end

--- The text, safe for a terminal and on one line.
---@param text string
---@return string
function M.text(text)
  if not text:find("[^\x20-\x7e]") then return text end
  local parts, i = {}, 1
  while i <= #text do
    parts[#parts + 1], i = next_char(text, i)
  end
  return table.concat(parts)
end

--- The text between double quotes, unambiguous: quotes and backslashes of its own are escaped too.
---@param text string
---@return string
function M.quote(text)
  if not text:find '["\\]' then return '"' .. M.text(text) .. '"' end
  local parts = {}
  for run, special in text:gmatch('([^"\\]*)(["\\]?)') do
    parts[#parts + 1] = M.text(run)
    parts[#parts + 1] = special ~= "" and "\\" .. special or nil
  end
  return '"' .. table.concat(parts) .. '"'
end

--- The text of several lines: line ends and tabs stay, all else as in `text`.
---@param text string
---@return string
function M.lines(text)
  return (text:gsub("[^\n\t]+", M.text))
end

return M
