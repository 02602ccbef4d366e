-- SPDX-License-Identifier: MIT
--- find: scripts, by path or as a tool by name. Never in the current folder by a bare name: a tracer runs as root.

local nearest = require "traceleft.nearest"
local system  = require "host.system"

local M = {}

local function add_path_list(folders, list)
  for folder in (list or ""):gmatch("[^:]+") do
    if folder:sub(1, 1) == "/" then folders[#folders + 1] = folder end
  end
end

--- The folders that tools and their modules are looked for in, best first.
---@return string[]
function M.folders()
  local folders = {}
  add_path_list(folders, os.getenv "TRACELEFT_PATH")
  local source = (system.executable() or ""):match("^(.*)/build/[^/]+$")
  if source then folders[#folders + 1] = source .. "/scripts" end
  local home = os.getenv "HOME"
  if home then add_path_list(folders, home .. "/.local/share/traceleft/scripts") end
  folders[#folders + 1] = "/usr/local/share/traceleft/scripts"
  folders[#folders + 1] = "/usr/share/traceleft/scripts"
  return folders
end

--- Lets `require` find modules beside the tools.
function M.set_package_path()
  local entries = {}
  for _, folder in ipairs(M.folders()) do
    entries[#entries + 1] = folder .. "/?.lua"
    entries[#entries + 1] = folder .. "/?/init.lua"
  end
  if package.path ~= "" then entries[#entries + 1] = package.path end
  package.path = table.concat(entries, ";")
end

local function readable(path)
  local file = io.open(path, "r")
  if file then file:close() end
  return file ~= nil
end

local function no_tool(word, tools)
  local names = {}
  for name in pairs(tools) do names[#names + 1] = name end
  table.sort(names)
  local hint = nearest.hint(nearest.word(word, names))
  return ("no tool '%s'%s; a script is given by path: ./%s"):format(word, hint, word)
end

local function tool(word)
  local name = word:gsub("%.lua$", "")
  local tools = system.tools()
  local embedded = tools[name]
  if embedded then return load(embedded.code, embedded.path, "b") end
  for _, folder in ipairs(M.folders()) do
    local path = ("%s/%s.lua"):format(folder, name)
    if readable(path) then return loadfile(path, "t") end
  end
  return nil, no_tool(word, tools), true
end

--- The function of a script. When there is none: what is wrong, and whether it is not there at all.
---@param word string
---@return function? chunk
---@return string? wrong
---@return boolean? missing
function M.script(word)
  if word == "-" then return loadfile(nil, "t") end
  if not word:find("/", 1, true) then return tool(word) end
  local file, message = io.open(word, "r")
  local readable_file = file and file:read(0) or file and file:seek "end" == 0
  if file then file:close() end
  if not readable_file then return nil, message or word .. ": cannot be read", true end
  return loadfile(word, "t")
end

return M
