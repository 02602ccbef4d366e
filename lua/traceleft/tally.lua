-- SPDX-License-Identifier: MIT
--- tally: counts by key, and which keys have the most.

local M = {}

---@class traceleft.tally
---@field total number sum of all that was added
---@field counts table<any, number>
local Tally = {}
Tally.__index = Tally

--- A tally of nothing yet.
---@return traceleft.tally
function M.new()
  return setmetatable({ total = 0, counts = {} }, Tally)
end

--- Adds to the count of a key.
---@param key any
---@param amount? number 1 without it
function Tally:add(key, amount)
  amount = amount or 1
  self.total = self.total + amount
  self.counts[key] = (self.counts[key] or 0) + amount
end

local function more(a, b)
  if a.count ~= b.count then return a.count > b.count end
  return tostring(a.key) < tostring(b.key)
end

--- The keys with the most, the most first: { { key =, count = }, … }.
---@param limit? integer
---@return { key: any, count: number }[]
function Tally:top(limit)
  local rows = {}
  for key, count in pairs(self.counts) do rows[#rows + 1] = { key = key, count = count } end
  table.sort(rows, more)
  for i = #rows, (limit or #rows) + 1, -1 do rows[i] = nil end
  return rows
end

--- "12 a, 3 b": the keys with the most as one clause, "" if there is none.
---@param limit? integer
---@return string
function Tally:text(limit)
  local parts = {}
  for i, row in ipairs(self:top(limit)) do parts[i] = ("%d %s"):format(row.count, row.key) end
  return table.concat(parts, ", ")
end

return M
