-- SPDX-License-Identifier: MIT
--- top.line: a line that is being typed.

local M = {}

---@class traceleft.top.line
---@field text string
---@field at integer bytes before the cursor
local Line = {}
Line.__index = Line

--- A line with some text in it, the cursor behind it.
---@param text? string
---@return traceleft.top.line
function M.new(text)
  text = text or ""
  return setmetatable({ text = text, at = #text }, Line)
end

local function before(self) return utf8.offset(self.text, -1, self.at + 1) - 1 end
local function behind(self) return utf8.offset(self.text, 2, self.at + 1) - 1 end

-- Takes the bytes between two places away.
local function cut(self, from, to)
  self.text = self.text:sub(1, from) .. self.text:sub(to + 1)
  self.at = from
end

local EDIT = {
  left = function(self) if self.at > 0 then self.at = before(self) end end,
  right = function(self) if self.at < #self.text then self.at = behind(self) end end,
  home = function(self) self.at = 0 end,
  ["end"] = function(self) self.at = #self.text end,
  backspace = function(self) if self.at > 0 then cut(self, before(self), self.at) end end,
  delete = function(self) if self.at < #self.text then cut(self, self.at, behind(self)) end end,
  kill = function(self) cut(self, 0, self.at) end,
  ["kill word"] = function(self) cut(self, #self.text:sub(1, self.at):gsub("%S*%s*$", "", 1), self.at) end,
}

--- Takes a key that is no end of the line: a character, or one that edits.
---@param key string
function Line:key(key)
  local edit = EDIT[key]
  if edit then return edit(self) end
  if utf8.len(key) ~= 1 then return end
  self.text = self.text:sub(1, self.at) .. key .. self.text:sub(self.at + 1)
  self.at = self.at + #key
end

--- What is before the cursor.
---@return string
function Line:before()
  return self.text:sub(1, self.at)
end

return M
