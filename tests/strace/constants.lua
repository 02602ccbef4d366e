-- SPDX-License-Identifier: MIT
--- The names behind numbers that the tracer was built with, out of gen/constants.c of the build.

local M = {}

local build = os.getenv "B" or "build"
local nothing

-- Lines like { "O_RDONLY", 0x0 },
local function read()
  nothing = {}
  local file = io.open(build .. "/gen/constants.c")
  if not file then return end
  for name, value in file:read("a"):gmatch '{%s*"([^"]+)",%s*(%-?%w+)' do
    if tonumber((value:gsub("[uUlL]+$", ""))) == 0 then nothing[name] = true end
  end
  file:close()
end

--- Whether it is a name for no flag at all.
---@param name string
---@return boolean
function M.is_nothing(name)
  if not nothing then read() end
  return nothing[name] == true
end

return M
