-- SPDX-License-Identifier: MIT
--- glob: names with *, ? and [a-z] in them, as a shell matches them; no character is special between the parts.

local M = {}

local WILD = { ["*"] = ".*", ["?"] = "." }

--- Whether the word has anything in it that makes it a glob.
---@param word string
---@return boolean
function M.is_glob(word)
  return word:find("[*?%[]") ~= nil
end

-- The Lua pattern of the set that begins at i, and where it ends.
local function set_pattern(glob, i)
  local close = glob:find("]", i + 2 + (glob:find("^[!^]", i + 1) and 1 or 0), true)
  if not close then return nil, ("bad glob '%s': the [ has no ]"):format(glob) end
  local inner = glob:sub(i + 1, close - 1):gsub("^!", "^"):gsub("[%%%]%[]", "%%%0")
  return "[" .. inner .. "]", close
end

--- The Lua pattern of a glob.
---@param glob string
---@return string? pattern
---@return string? message
function M.pattern(glob)
  local parts, i = { "^" }, 1
  while i <= #glob do
    local char = glob:sub(i, i)
    local part, stop = WILD[char] or char:gsub("%W", "%%%0"), i
    if char == "[" then part, stop = set_pattern(glob, i) end
    if not part then return nil, stop end
    parts[#parts + 1] = part
    i = stop + 1
  end
  return table.concat(parts) .. "$"
end

--- The names that the glob (or plain name) matches, in their order.
---@param names string[]
---@param glob? string all names without it
---@return string[]? matches
---@return string? message
function M.filter(names, glob)
  local pattern, message = M.pattern(glob or "*")
  if not pattern then return nil, message end
  local matches = {}
  for _, name in ipairs(names) do
    if name:find(pattern) then matches[#matches + 1] = name end
  end
  return matches
end

return M
