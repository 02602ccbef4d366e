-- SPDX-License-Identifier: MIT
--- origin: where in the scripts something was made, and in which order.

local M = {}

local MOST <const> = 32        -- frames that are looked at

local root = debug.getinfo(1, "S").source:match "^(.*)traceleft/request/origin%.lua$" or ""
local OWN = { traceleft = true, host = true }
local order = 0

-- Whether a file is one of the library's own, or of the program's.
local function is_library(source)
  return source:sub(1, #root) == root and OWN[source:match("^(%l+)/", #root + 1)] or false
end

--- The Lua functions on the stack that are not the library's, innermost first: their sources, as debug.getinfo has
--- them, and the place of the first: "x.lua:12".
---@return string[] sources
---@return string? place
function M.sources()
  local list, place = {}, nil
  for level = 2, MOST do
    local info = debug.getinfo(level, "Sl")
    if not info then break end
    if info.what ~= "C" and not is_library(info.source) then
      list[#list + 1] = info.source
      place = place or ("%s:%d"):format(info.short_src, info.currentline)
    end
  end
  return list, place
end

--- Notes in a thing its `sources`, its `place`, and its `order` among all that were made.
---@generic T: table
---@param one T
---@return T
function M.mark(one)
  order = order + 1
  one.order = order
  one.sources, one.place = M.sources()
  return one
end

--- Whether a thing was made by a script, or by what that called.
---@param one table
---@param source string of the script, such as "@x.lua"
---@return boolean
function M.is_from(one, source)
  for _, name in ipairs(one.sources or {}) do
    if name == source then return true end
  end
  return false
end

return M
