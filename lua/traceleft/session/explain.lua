-- SPDX-License-Identifier: MIT
--- explain: where the clauses of a subscription run, and why not earlier, as text.

local M = {}

-- What events have in common is said once for all of them.
local function group(rows)
  local groups, by_text = {}, {}
  for _, row in ipairs(rows) do
    local text = table.concat({ row.clause or "", row.where, row.why, row.instructions }, "\0")
    local found = by_text[text]
    if not found then
      found = { row = row, events = {} }
      by_text[text] = found
      groups[#groups + 1] = found
    end
    table.insert(found.events, row.event)
  end
  return groups
end

local SHOWN <const> = 3

local function names(events)
  local text = table.concat(events, ", ", 1, math.min(#events, SHOWN))
  if #events <= SHOWN then return text end
  return ("%s and %d more"):format(text, #events - SHOWN)
end

local function describe(row)
  local text = row.clause and row.clause .. ": " .. row.where or "in the end: " .. row.where
  if row.instructions > 0 then text = text .. (", in a program of %d instructions"):format(row.instructions) end
  if row.why ~= "" then text = text .. "; not earlier: " .. row.why end
  return text
end

--- Text of what `explain` of a subscription or an aggregate returned.
---@param rows table[]
---@return string
function M.text(rows)
  local lines, last = {}, nil
  for _, one in ipairs(group(rows)) do
    local head = names(one.events)
    if head ~= last then lines[#lines + 1] = head end
    last = head
    lines[#lines + 1] = "  " .. describe(one.row)
    for _, line in ipairs(one.row.code or {}) do lines[#lines + 1] = "    " .. line end
  end
  return table.concat(lines, "\n") .. "\n"
end

return M
