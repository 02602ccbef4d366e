-- SPDX-License-Identifier: MIT
--- What the scripts of the cases begin with: local tl, row = dofile(os.getenv "TL_PRELUDE").
--
-- row(value) writes one value, tables included, as a line of Lua that harness.lua reads back exactly.

local tl  = require "traceleft"
local out = assert(io.open(os.getenv "TL_ROWS", "w"))

local function text(value)
  if type(value) ~= "table" then return (("%q"):format(value):gsub("\\\n", "\\n")) end
  local parts = {}
  for key, member in pairs(value) do
    parts[#parts + 1] = "[" .. text(key) .. "]=" .. text(member)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function row(value)
  out:write(text(value), "\n")
end

return tl, row
