-- SPDX-License-Identifier: MIT
--- colour: emphasis on terminals. Nothing is coloured where NO_COLOR is set, in a pipe or a file, or on a terminal that
--- calls itself dumb.

local core = require "traceleft.core"

local M = {}

local CODES = { dim = "2", bold = "1", red = "31" }

local function plain(text)
  return text
end

local function painter(code)
  return function(text)
    if text == "" then return text end
    return "\27[" .. code .. "m" .. text .. "\27[0m"
  end
end

--- Whether what is written to the file may have colours.
---@param file any
---@return boolean
function M.wanted(file)
  local number = file == io.stdout and 1 or file == io.stderr and 2 or nil
  if not number or not core.isatty(number) then return false end
  local no, term = os.getenv "NO_COLOR", os.getenv "TERM"
  return not (no and no ~= "") and term ~= nil and term ~= "dumb"
end

--- Functions that paint a text for the file: dim, bold, red. They change nothing where no colour is wanted.
---@param file any
---@return table<string, fun(text: string): string>
function M.painters(file)
  local wanted, all = M.wanted(file), {}
  for name, code in pairs(CODES) do all[name] = wanted and painter(code) or plain end
  return all
end

return M
