-- SPDX-License-Identifier: MIT
--- repl_scan: where in a Lua text its end is: in a string, a comment, the table of a call.

local M = {}

-- What begins at that place, and the place behind it: "closed" of what has its end, "open" and where its content begins
-- of a string without one, "comment" of such a comment.
local function long_bracket(text, at, level, kind)
  local from = at + #level + (kind == "comment" and 4 or 2)
  local _, last = text:find("]" .. level .. "]", from, true)
  if last then return "closed", last + 1 end
  return kind, from
end

local function comment(text, at)
  local level = text:match("^%-%-%[(=*)%[", at)
  if level then return long_bracket(text, at, level, "comment") end
  local last = text:find("\n", at, true)
  if last then return "closed", last + 1 end
  return "comment", at
end

local function quoted(text, at)
  local quote, i = text:sub(at, at), at + 1
  while i <= #text do
    local char = text:sub(i, i)
    if char == "\\" then i = i + 1
    elseif char == quote then return "closed", i + 1
    elseif char == "\n" then return "closed", i end
    i = i + 1
  end
  return "open", at + 1
end

local function step(text, at)
  if text:find("^[\"']", at) then return quoted(text, at) end
  if text:find("^%-%-", at) then return comment(text, at) end
  local level = text:match("^%[(=*)%[", at)
  if level then return long_bracket(text, at, level, "open") end
  return "closed", at + 1
end

--- If the end of the text is in a string: what is before the string, and its content so far. Else the text alone; nil
--- in a comment.
---@param text string
---@return string? before
---@return string? content
function M.string(text)
  local at = 1
  while at <= #text do
    local kind, after = step(text, at)
    if kind == "comment" then return nil end
    if kind == "open" then return text:sub(1, at - 1), text:sub(after) end
    at = after
  end
  return text
end

-- The text with strings and what stands in brackets taken out, so that what is open is left.
local function open_part(text)
  text = text:gsub("(['\"]).-%1", "'")
  local n
  repeat
    text, n = text:gsub("%b{}", "#")
    local m
    text, m = text:gsub("%b()", "#")
    n = n + m
  until n == 0
  return text
end

--- The function that is called with the table that is open at the end of the text: "on" of `on("x", {`.
---@param text string
---@return string?
function M.call_of_table(text)
  local open = open_part(text)
  local head = open:match "^(.*){[^{]*$"
  return head and (head:match "([%a_][%w_.:]*)%s*%($" or head:match "([%a_][%w_.:]*)%s*%([^({]*$"
    or head:match "([%a_][%w_.:]*)%s*$")
end

--- The key that a string at the end of the text is the value of, or in whose list it is: "where" of `where = `.
---@param before string
---@return string?
function M.clause(before)
  return before:match "([%a_]+)%s*=%s*$" or open_part(before):match "([%a_]+)%s*=%s*{[^{}]*$"
end

return M
