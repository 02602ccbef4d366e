-- SPDX-License-Identifier: MIT
--- paths: names of files as programs pass them, made whole. Links are not followed.

local M = {}

--- The path without "//", "/." and "/..".
---@param path string absolute
---@return string
function M.plain(path)
  local parts = {}
  for part in path:gmatch "[^/]+" do
    if part == ".." then parts[#parts] = nil elseif part ~= "." then parts[#parts + 1] = part end
  end
  return "/" .. table.concat(parts, "/")
end

--- The whole path of a name that may start from a folder; nil if nobody knows the folder.
---@param folder? string
---@param name? string
---@return string?
function M.whole(folder, name)
  if not name then return nil end
  if name:sub(1, 1) == "/" then return M.plain(name) end
  return folder and folder:sub(1, 1) == "/" and M.plain(folder .. "/" .. name) or nil
end

return M
