-- SPDX-License-Identifier: MIT
--- nearest: which known word a misspelt one was meant to be.

local M = {}

-- Row i of the table of edit distances; before is the row above, earlier the one above that.
local function next_row(before, earlier, word, other, i)
  local row, char = { [0] = i }, word:sub(i, i)
  for j = 1, #other do
    local changed = before[j - 1] + (char == other:sub(j, j) and 0 or 1)
    row[j] = math.min(before[j] + 1, row[j - 1] + 1, changed)
    local swapped = i > 1 and j > 1 and char == other:sub(j - 1, j - 1) and word:sub(i - 1, i - 1) == other:sub(j, j)
    if swapped then row[j] = math.min(row[j], earlier[j - 2] + 1) end
  end
  return row
end

--- How many characters must be changed, added, left out, or swapped with their neighbour to make one word of the other.
---@param word string
---@param other string
---@return integer
function M.distance(word, other)
  local row, before = {}, nil
  for j = 0, #other do row[j] = j end
  for i = 1, #word do row, before = next_row(row, before, word, other, i), row end
  return row[#other]
end

--- The nearest of the words, nil if none is near.
---@param word string
---@param words string[]
---@return string?
function M.word(word, words)
  local best, best_distance = nil, math.max(1, #word // 3) + 1
  for _, candidate in ipairs(words) do
    local distance = M.distance(word, candidate)
    if distance < best_distance then best, best_distance = candidate, distance end
  end
  return best
end

-- The words that begin with the word, or else have it in them.
local function around(word, words)
  local starting, containing = {}, {}
  for _, candidate in ipairs(words) do
    local at = #word > 1 and candidate:find(word, 1, true)
    local list = at == 1 and starting or at and containing
    if list then list[#list + 1] = candidate end
  end
  return #starting > 0 and starting or containing
end

--- Up to four of the words that are nearest; if none is near, such as have the word in them.
---@param word string
---@param words string[]
---@return string[]
function M.several(word, words)
  local best = M.word(word, words)
  local found = best and {} or around(word, words)
  for _, candidate in ipairs(best and words or {}) do
    if M.distance(word, candidate) == M.distance(word, best) then found[#found + 1] = candidate end
  end
  return table.move(found, 1, 4, 1, {})
end

--- " (did you mean 'A', 'B' or 'C'?)" for messages, "" without words.
---@param words string[]
---@return string
function M.hints(words)
  if #words == 0 then return "" end
  local last = table.remove(words)
  local before = #words > 0 and "'" .. table.concat(words, "', '") .. "' or " or ""
  return (" (did you mean %s'%s'?)"):format(before, last)
end

--- " (did you mean 'WORD'?)" for messages, "" without a word.
---@param word? string
---@return string
function M.hint(word)
  return word and (" (did you mean '%s'?)"):format(word) or ""
end

--- The first key of the table, in the alphabet, that is not among the known words, as a message.
---@param what string what the table is for: "on"
---@param options table
---@param known string[]
---@return string? message
function M.unknown_option(what, options, known)
  local is_known, unknown = {}, nil
  for _, name in ipairs(known) do is_known[name] = true end
  for key in pairs(options) do
    local name = tostring(key)
    if not is_known[key] and (not unknown or name < unknown) then unknown = name end
  end
  return unknown and ("%s: no option '%s'%s"):format(what, unknown, M.hint(M.word(unknown, known))) or nil
end

return M
