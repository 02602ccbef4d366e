-- SPDX-License-Identifier: MIT
--- globals: those of -e chunks and of the REPL: Lua's, and the library's functions.

local tl = require "traceleft"

local M = {}

--- A table of globals. more: what there is beside; new ones become those of all scripts.
---@param more? table<string, any>
---@return table
function M.make(more)
  local own = { tl = tl }
  for name, value in pairs(more or {}) do own[name] = value end
  return setmetatable(own, {
    __index = function(_, name)
      local value = _G[name]
      if value ~= nil then return value end
      return tl[name]
    end,
    __newindex = _G,
  })
end

--- The names that chunks with such globals can use.
---@param globals table
---@return string[]
function M.names(globals)
  local known, names = {}, {}
  for _, from in ipairs { globals, _G, tl } do
    for name in next, from do
      if type(name) == "string" and not known[name] then
        known[name] = true
        names[#names + 1] = name
      end
    end
  end
  table.sort(names)
  return names
end

--- The value of a name, without calling anything.
---@param globals table
---@param name string
---@return any
function M.value(globals, name)
  for _, from in ipairs { globals, _G, tl } do
    local value = rawget(from, name)
    if value ~= nil then return value end
  end
end

return M
