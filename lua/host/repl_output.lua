-- SPDX-License-Identifier: MIT
--- repl_output: what is printed while a line is being edited, in portions that leave the line usable.
--
-- Lines come above the prompt at most ten times a second. A burst is shown whole; of a storm that goes on, so many
-- lines a second, and how many were left out.

local M = {}

local PERIOD <const> = 100000000       -- ns between two portions
local BURST <const>, PER_SECOND <const> = 2000, 400

---@class traceleft.host.output
local Output = {}
Output.__index = Output

--- Nothing yet.
---@param now integer nanoseconds
---@return traceleft.host.output
function M.new(now)
  return setmetatable({ rest = "", left = BURST, at = now - PERIOD, refilled = now, lost = 0 }, Output)
end

--- Takes in what was printed, and how many lines of it are gone already.
---@param text string
---@param lost integer
function Output:add(text, lost)
  self.rest = self.rest .. text
  self.lost = self.lost + lost
end

local function has_line(self)
  return self.lost > 0 or self.rest:find("\n", 1, true) ~= nil
end

--- In how many milliseconds something is to be shown, nil if there is nothing.
---@param now integer
---@return integer?
function Output:due(now)
  if not has_line(self) then return nil end
  return math.max(0, (self.at + PERIOD - now + 999999) // 1000000)
end

local function refill(self, now)
  self.left = math.min(BURST, self.left + (now - self.refilled) * PER_SECOND // 1000000000)
  self.refilled = now
end

-- The end of the first n lines of the text, and how many there are.
local function end_of_lines(text, n)
  local last, lines = 0, 0
  while lines < n do
    local at = text:find("\n", last + 1, true)
    if not at then break end
    last, lines = at, lines + 1
  end
  return last, lines
end

local function count_lines(text)
  return select(2, text:gsub("\n", ""))
end

--- What is to be shown now: whole lines; "" if nothing is.
---@param now integer
---@return string
function Output:portion(now)
  if self:due(now) ~= 0 then return "" end
  refill(self, now)
  self.at = now
  local last, shown = end_of_lines(self.rest, self.left)
  local text = self.rest:sub(1, last)
  local whole = self.rest:match "^.*\n" or ""
  local more = self.lost + count_lines(whole:sub(last + 1))
  self.rest, self.lost, self.left = self.rest:sub(#whole + 1), 0, self.left - shown
  return more > 0 and ("%s… %d lines more, too many to be shown\n"):format(text, more) or text
end

--- What is left when nothing more is edited, without a limit.
---@return string
function Output:flush()
  local text, lost = self.rest, self.lost
  self.rest, self.lost = "", 0
  if text ~= "" and text:sub(-1) ~= "\n" then text = text .. "\n" end
  return lost > 0 and ("%s… %d lines more, too many to be shown\n"):format(text, lost) or text
end

return M
