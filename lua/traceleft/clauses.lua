-- SPDX-License-Identifier: MIT
--- clauses: what a tool was told, put together as a `where`.
--
--   local where = clauses.all(opts.failed and "ret < 0", opts.name and "filename == " .. clauses.text(opts.name))

local M = {}

--- All that are there joined by `and`; nil if none is.
---@param ... string|false|nil
---@return string? where
function M.all(...)
  local parts = {}
  for i = 1, select("#", ...) do
    local clause = select(i, ...)
    if clause then parts[#parts + 1] = clause end
  end
  if #parts < 2 then return parts[1] end
  return "(" .. table.concat(parts, ") and (") .. ")"
end

--- Any text as a literal of an expression.
---@param text string
---@return string
function M.text(text)
  return '"' .. text:gsub('["\\\0-\31\127-\255]', function(char) return ("\\%03d"):format(char:byte()) end) .. '"'
end

--- Whether a field is one of the words of a list, as a clause.
---@param field string
---@param words string[] one at least
---@return string
function M.one_of(field, words)
  local literals = {}
  for i, word in ipairs(words) do literals[i] = M.text(word) end
  return ("%s in { %s }"):format(field, table.concat(literals, ", "))
end

return M
