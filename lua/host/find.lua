-- SPDX-License-Identifier: MIT
--- find: scripts, by path or as a tool by name, in the libraries there are. Never in the current folder by a bare
--- name: a tracer runs as root.
--
-- A library is a folder with tools in scripts/ and modules in lua/. A folder of TRACELEFT_PATH without scripts/ has
-- both in itself. What anybody may write to is no library.

local nearest = require "traceleft.nearest"
local system  = require "host.system"

local M = {}

--- Where the tools come from that are part of the program.
M.BUILT_IN = "built in"

local SHARED = "anybody may write to it"

local function status(path)
  return system.status(path)
end

-- The folder, what it is for being its name in it; nil if there is none, and why it is left out if that must be said.
local function part(folder, name)
  local path = folder .. name
  local kind, shared = status(path)
  if kind ~= "folder" then return nil end
  if shared then return nil, SHARED end
  return path
end

-- The library that lies there: nil if there is none.
local function library(path, may_be_flat)
  local kind, shared = status(path)
  if kind ~= "folder" then return nil end
  if shared then return { path = path, wrong = SHARED } end
  local tools, wrong = part(path, "/scripts")
  if wrong then return { path = path .. "/scripts", wrong = wrong } end
  local modules = part(path, "/lua")
  if not tools and may_be_flat then tools, modules = path, modules or path end
  return (tools or modules) and { path = path, tools = tools, modules = modules } or nil
end

-- Whether the path means the same wherever one is; /proc/self/cwd does not.
local function is_absolute(path)
  return path ~= nil and path:sub(1, 1) == "/" and not path:find "^/+proc/"
end

-- The tree that this program was built in, if it still lies there.
local function source_tree()
  local root = (system.executable() or ""):match "^(.*)/build/[^/]+$"
  return root and status(root .. "/lua/host/find.lua") == "file" and root or nil
end

-- By the XDG Base Directory Specification, which takes no relative path.
local function data_home()
  local data, home = os.getenv "XDG_DATA_HOME", os.getenv "HOME"
  if is_absolute(data) then return data end
  return is_absolute(home) and home .. "/.local/share" or nil
end

--- The libraries, best first; that of the program itself has neither path nor folders. One with `wrong` is left out.
---@return { path?: string, tools?: string, modules?: string, wrong?: string }[]
function M.libraries()
  local list = {}
  local function add(path, may_be_flat)
    list[#list + 1] = path and library(path, may_be_flat)
  end
  for folder in (os.getenv "TRACELEFT_PATH" or ""):gmatch "[^:]+" do
    if is_absolute(folder) then add(folder, true) end
  end
  add(source_tree())
  local data = data_home()
  add(data and data .. "/traceleft")
  list[#list + 1] = {}
  add "/usr/local/share/traceleft"
  add "/usr/share/traceleft"
  return list
end

--- Lets `require` find the modules of the libraries.
function M.set_package_path()
  local entries = {}
  for _, one in ipairs(M.libraries()) do
    local folder = one.modules
    if folder and not folder:find "[;?]" then -- these would make other entries of it, relative ones too
      entries[#entries + 1] = folder .. "/?.lua"
      entries[#entries + 1] = folder .. "/?/init.lua"
    end
  end
  if package.path ~= "" then entries[#entries + 1] = package.path end
  package.path = table.concat(entries, ";")
end

-- The tools of a library by name: what is built in, or files.
local function tools_of(one)
  local tools = {}
  if not one.path then
    for name, embedded in pairs(system.tools()) do
      tools[name] = { name = name, from = M.BUILT_IN, code = embedded.code, chunkname = embedded.path }
    end
    return tools
  end
  for _, file in ipairs(one.tools and system.names(one.tools) or {}) do
    local name, path = file:match "^(.+)%.lua$", one.tools .. "/" .. file
    if name and status(path) == "file" then tools[name] = { name = name, from = one.tools, path = path } end
  end
  return tools
end

---@class host.tool
---@field name string
---@field from string folder, or that it is built in
---@field path? string
---@field code? string of one that is built in
---@field chunkname? string of the code
---@field used? host.tool the one that is run by this name, if it is another

--- Every tool of every library, the better library first and by name in each. Of those of one name the first is run.
---@return host.tool[]
function M.tools()
  local all, first = {}, {}
  for _, one in ipairs(M.libraries()) do
    local tools, names = tools_of(one), {}
    for name in pairs(tools) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do
      local tool = tools[name]
      tool.used = first[name]
      first[name] = first[name] or tool
      all[#all + 1] = tool
    end
  end
  return all
end

local function no_tool(word)
  local names = {}
  for _, tool in ipairs(M.tools()) do
    if not tool.used then names[#names + 1] = tool.name end
  end
  table.sort(names)
  local hint = nearest.hints(nearest.several(word, names))
  return ("no tool '%s'%s; --scripts lists them, a script is given by path: ./%s"):format(word, hint, word)
end

--- The tool of that name; when there is none: what is wrong, and whether it is not there at all.
---@param name string
---@return host.tool? tool
---@return string? wrong
---@return boolean? missing
function M.tool(name)
  for _, one in ipairs(M.libraries()) do
    local tool = tools_of(one)[name]
    if tool then return tool end
  end
  return nil, no_tool(name), true
end

--- What is wrong with running the file, nil if nothing.
---@param path string
---@return string? wrong
function M.refused(path)
  local _, shared = status(path)
  return shared and path .. ": not run by its name, because " .. SHARED or nil
end

local function tool_chunk(word)
  local tool, wrong, missing = M.tool((word:gsub("%.lua$", "")))
  if not tool then return nil, wrong, missing end
  if tool.code then return load(tool.code, tool.chunkname, "b") end
  local refused = M.refused(tool.path)
  if refused then return nil, refused end
  return loadfile(tool.path, "t")
end

--- The function of a script. When there is none: what is wrong, and whether it is not there at all.
---@param word string
---@return function? chunk
---@return string? wrong
---@return boolean? missing
function M.script(word)
  if word == "-" then return loadfile(nil, "t") end
  if not word:find("/", 1, true) then return tool_chunk(word) end
  local file, message = io.open(word, "r")
  local readable_file = file and file:read(0) or file and file:seek "end" == 0
  if file then file:close() end
  if not readable_file then return nil, message or word .. ": cannot be read", true end
  return loadfile(word, "t")
end

return M
