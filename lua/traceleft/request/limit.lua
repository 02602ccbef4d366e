-- SPDX-License-Identifier: MIT
--- limit: how many records may come in which time: "10000/s", "100/ms", "5/10s", "600/m".

local duration = require "traceleft.duration"

local M = {}

--- The number and the nanoseconds of such a text, or nil and what is wrong with it.
---@param text any
---@return integer? count
---@return integer|string ns or what is wrong
function M.parse(text)
  local count, span = tostring(text):match "^%s*(%d+)%s*/%s*(%S+)%s*$"
  count = math.tointeger(tonumber(count))
  if not count or count < 1 then
    return nil, ("limit: '%s' is no limit; write it as '10000/s'"):format(tostring(text))
  end
  local seconds, wrong = duration.parse(span:match "^%d" and span or "1" .. span)
  if not seconds then return nil, "limit: " .. wrong end
  local ns = math.tointeger(math.floor(seconds * 1e9 + 0.5))
  if not ns then return nil, ("limit: '%s': that is too long"):format(text) end
  if ns < 1 then return nil, ("limit: '%s': no time at all"):format(text) end
  return count, ns
end

--- Puts the limit of the options into the spec, as the core takes it. Returns what is wrong with it.
---@param spec table
---@param limit? string
---@return string? wrong
function M.set(spec, limit)
  if limit == nil then return nil end
  local count, ns = M.parse(limit)
  if not count then return ns --[[@as string]] end
  spec.limit, spec.limit_ns = count, ns
end

return M
