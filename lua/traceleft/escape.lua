-- SPDX-License-Identifier: MIT
--- escape: bytes that processes control, made safe for a terminal.
--
-- Printable UTF-8 stays as it is. What could move the cursor, change the meaning of what is beside it, or is no
-- UTF-8 at all becomes \n, \t, \x1b or \u{202e}.

local M = {}

local find, gsub, sub = string.find, string.gsub, string.sub

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

-- What stands for a byte that may not stand alone.
local ESCAPES = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r" }
for byte = 0, 0xff do
  local char = string.char(byte)
  ESCAPES[char] = ESCAPES[char] or ("\\x%02x"):format(byte)
end

local function is_unsafe(code)
  for _, range in ipairs(UNSAFE) do
    if code >= range[1] and code <= range[2] then return true end
  end
  return false
end

-- The safe text of the character at i, which is not printable ASCII, and where the next one begins.
local function next_char(text, i)
  local byte = text:byte(i)
  if byte < 0x80 or not utf8.len(text, i, i) then return ESCAPES[sub(text, i, i)], i + 1 end
  local code = utf8.codepoint(text, i)
  local char = utf8.char(code)
  return is_unsafe(code) and ("\\u{%x}"):format(code) or char, i + #char
end

local function escape_wide(text)
  local parts, n, i = {}, 0, 1
  local at = find(text, "[^\x20-\x7e]")
  while at do
    parts[n + 1] = sub(text, i, at - 1)
    parts[n + 2], i = next_char(text, at)
    n = n + 2
    at = find(text, "[^\x20-\x7e]", i)
  end
  parts[n + 1] = sub(text, i)
  return table.concat(parts)
end

--- The text, safe for a terminal and on one line.
---@param text string
---@return string
function M.text(text)
  if not find(text, "[^\x20-\x7e]") then return text end
  if find(text, "[\x80-\xff]") then return escape_wide(text) end
  return (gsub(text, "[\0-\x1f\x7f]", ESCAPES))
end

--- The text between double quotes, unambiguous: quotes and backslashes of its own are escaped too.
---@param text string
---@return string
function M.quote(text)
  if not find(text, "[^ !#-%[%]-~]") then return '"' .. text .. '"' end
  return '"' .. M.text((gsub(text, '["\\]', "\\%0"))) .. '"'
end

-- "TCP 10.0.0.1:80->10.0.0.2:443": the arrow is the tracer's own, no process can choose it.
local CONNECTION = "^%u+%d? [%x.:%[%]*]+%->[%x.:%[%]*]+$"

-- "UNIX ->/run/x.sock", of a socket that has no name itself: that of its peer.
local PEER <const> = "^UNIX %->[/@]"

--- The text for between < and >, unambiguous: angle brackets and backslashes of its own are escaped too.
---@param text string
---@return string
function M.angle(text)
  if not find(text, "[^ -;=?-%[%]-~]") or find(text, CONNECTION) then return text end
  if find(text, PEER) then return "UNIX ->" .. M.angle(sub(text, #"UNIX ->" + 1)) end
  text = gsub(text, "\\", "\\\\")
  return M.text((gsub(text, "[<>]", ESCAPES)))
end

--- The text of several lines: line ends and tabs stay, all else as in `text`.
---@param text string
---@return string
function M.lines(text)
  return (text:gsub("[^\n\t]+", M.text))
end

return M
