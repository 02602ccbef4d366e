-- SPDX-License-Identifier: MIT
--- recent: results of a function, kept for the keys that came lately. Processes choose the keys, so it never grows
--- beyond a bound.

local M = {}

local KEPT = 256

--- A function that gives what fn gives, computed once for each of the latest keys. fn never returns nil.
---@generic K, V
---@param fn fun(key: K): V
---@return fun(key: K): V
function M.of(fn)
  local known, n = {}, 0
  return function(key)
    local value = known[key]
    if value ~= nil then return value end
    value = fn(key)
    if n == KEPT then known, n = {}, 0 end
    known[key], n = value, n + 1
    return value
  end
end

return M
