-- SPDX-License-Identifier: MIT
--- out: writing so that no failure passes unseen.
--
-- A closed pipe on stdout (`| head`) ends the program in silence, as its reader wished; anything else that stops
-- a write ends it with one line that names the file.

local exit = require "traceleft.exit"

local M = {}

local EPIPE = 32

local names = setmetatable({}, { __mode = "k" })
local dirty = {}

local function fail(file, message, code)
  dirty[file] = nil
  if code == EPIPE and file == io.stdout then exit.raise(0) end
  local name = names[file] or (file == io.stdout and "stdout") or "output"
  exit.raise(1, ("%s: %s"):format(name, tostring(message):gsub("^.*: ", "")))
end

--- Says what a file is called in messages.
---@param file file*
---@param name string
function M.name(file, name)
  names[file] = name
end

--- Writes, and raises an exit when that failed.
---@param file file* or anything with a method `write`
---@param text string
function M.write(file, text)
  local ok, message, code = file:write(text)
  if not ok then fail(file, message, code) end
  dirty[file] = true
end

--- Hands on what `write` and `print` have kept back; raises an exit when that failed.
function M.flush()
  local file = io.stdout
  repeat
    dirty[file] = nil
    if io.type(file) ~= "closed file" and file.flush then
      local ok, message, code = file:flush()
      if not ok then fail(file, message, code) end
    end
    file = next(dirty)
  until not file
end

return M
