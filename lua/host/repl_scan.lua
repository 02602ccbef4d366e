-- SPDX-License-Identifier: MIT
--- repl_scan: where in a Lua text its end is: in a string, a comment, the table of a call.

local M = {}

-- What the text begins with at that place, and the place behind it: "string" of a finished one, "open" and where its
-- content begins, "comment" of one that does not end.
local function step(text, at)
  local long = text:match("^%[(=*)%[", at)
  local comment = text:match("^%-%-%[(=*)%[", at)
  if comment or long then
    local level = comment or long
    local from = at + #level + (comment and 4 or 2)
    local _, last = text:find("]" .. level .. "]", from, true)
    if last then return "string", last + 1 end
    return comment and "comment" or "open", from
  end
  if text:find("^%-%-", at) then
    local last = text:find("\n", at, true)
    if last then return "string", last + 1 end
    return "comment", at
  end
  return nil, at + 1
end

local function quoted(text, at)
  local quote, i = text:sub(at, at), at + 1
  while i <= #text do
    local char = text:sub(i, i)
    if char == "\\" then i = i + 1
    elseif char == quote then return "string", i + 1
    elseif char == "\n" then return nil, i end
    i = i + 1
  end
  return "open", at + 1
end

--- If the end of the text is in a string: what is before the string, and its content so far. Else the text alone; nil
--- in a comment.
---@param text string
---@return string? before
---@return string? content
function M.string(text)
  local at = 1
  while at <= #text do
    local start, kind = at, nil
    if text:find("^[\"']", at) then kind, at = quoted(text, at) else kind, at = step(text, at) end
    if kind == "comment" then return nil end
    if kind == "open" then return text:sub(1, start - 1), text:sub(at) end
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
