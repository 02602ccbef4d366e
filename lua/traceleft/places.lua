-- SPDX-License-Identifier: MIT
--- places: what names of users, units, containers, cgroups, programs, namespaces and terminals mean on this machine.
--
-- Each function takes a name and the option's name, and returns the value; or nil and what is wrong with the word; or
-- nil, nil and { message =, name = } when there is no such thing here.

local core       = require "traceleft.core"
local containers = require "traceleft.containers"
local glob       = require "traceleft.glob"
local nearest    = require "traceleft.nearest"

local M = {}

local UNIT_FOLDERS = { "/etc/systemd/system/", "/run/systemd/system/", "/run/systemd/transient/",
                       "/usr/local/lib/systemd/system/", "/usr/lib/systemd/system/", "/lib/systemd/system/" }
local SUFFIXES = { service = true, scope = true, slice = true, socket = true, mount = true, swap = true,
                   automount = true, timer = true, path = true, target = true, device = true }

local function missing(what, name, word, known, errname)
  local near = nearest.word(word, known or {})
  return nil, nil, { message = ("%s '%s': %s%s"):format(what, word, name, nearest.hint(near)),
                     name = errname or "ENOENT" }
end

local function exists(path)
  return core.stat(path) ~= nil
end

--- A user's number, by its name or number.
function M.user(word)
  if math.type(word) == "integer" and word >= 0 then return word end
  if type(word) ~= "string" then return nil, ("user: name expected, got %s"):format(type(word)) end
  local names = {}
  for line in io.lines "/etc/passwd" do
    local name, uid = line:match "^([^:]+):[^:]*:(%d+):"
    if name == word then return math.tointeger(uid) end
    names[#names + 1] = name
  end
  if word:find "^%d+$" then return math.tointeger(word) end
  return missing("user", "no such user", word, names)
end

--- A program's file: a path, or a name that PATH has.
function M.exe(word)
  if not word:find("/", 1, true) then
    for folder in (os.getenv "PATH" or "/usr/bin:/bin"):gmatch "[^:]+" do
      local path = folder .. "/" .. word
      if folder:sub(1, 1) == "/" and exists(path) then return path end
    end
    return missing("exe", "no such program in PATH", word)
  end
  local found, message, name = core.stat(word)
  if not found then return nil, nil, { message = "exe " .. message, name = name } end
  return word
end

local function cgroups()
  local paths, mount, name = core.cgroups()
  if not paths then return nil, { message = mount, name = name } end
  return paths, mount
end

-- The last parts of all paths, each once.
local function last_parts(paths)
  local names, known = {}, {}
  for _, path in ipairs(paths) do
    local name = path:match "([^/]+)$"
    if name and not known[name] then names[#names + 1] = name end
    if name then known[name] = true end
  end
  return names, known
end

--- The path of a cgroup from the root of all, or a glob of such; the place where they are mounted may stand before it.
function M.cgroup(word)
  local paths, mount = cgroups()
  if not paths then return nil, nil, mount end
  if word:sub(1, #mount + 1) == mount .. "/" then word = word:sub(#mount + 1) end
  if not word:find "^[/*?%[]" then word = "/" .. word end
  if #word > 1 then word = word:gsub("/+$", "") end
  if glob.is_glob(word) then return word end
  for _, path in ipairs(paths) do
    if path == word then return word end
  end
  return missing("cgroup", "no such cgroup", word, paths)
end

local function is_unit_file(name)
  local template = name:gsub("@.*(%.%w+)$", "@%1")
  for _, folder in ipairs(UNIT_FOLDERS) do
    if exists(folder .. name) or exists(folder .. template) then return true end
  end
  return false
end

local function only_with(names, suffix)
  local list = {}
  for _, name in ipairs(names) do
    if name:sub(-#suffix) == suffix then list[#list + 1] = name end
  end
  return list
end

-- A unit of systemd is a cgroup of its name; without a suffix it has this one. One that is known and does not run will.
local function unit(what, suffix, word)
  if not SUFFIXES[word:match "%.(%w+)$" or ""] then word = word .. suffix end
  if glob.is_glob(word) then return word end
  local paths, refused = cgroups()
  if not paths then return nil, nil, refused end
  local names, known = last_parts(paths)
  if known[word] or is_unit_file(word) then return word end
  return missing(what, "no such unit", word, only_with(names, suffix))
end

--- The cgroup of a unit of systemd: "nginx", "nginx.service", "user@*".
function M.unit(word)
  return unit("unit", ".service", word)
end

--- The cgroup of a slice of systemd: "system", "user-1000.slice".
function M.slice(word)
  return unit("slice", ".slice", word)
end

--- The cgroups of a container: by its name, by its id or the begin of it, or by a glob of either.
function M.container(word)
  local paths, refused = cgroups()
  if not paths then return nil, nil, refused end
  local found, names = containers.find(paths, word)
  if #found > 0 then return found end
  return missing("container", "no such container", word, names, "ESRCH")
end

--- The number of a namespace: itself, "net:[4026531840]", a path, or the name that `ip netns` gave it.
function M.namespace(word, name)
  if math.type(word) == "integer" and word > 0 then return word end
  if type(word) ~= "string" then return nil, ("%s: '%s' is no namespace"):format(name, tostring(word)) end
  local number = word:match "^%d+$" or word:match "^%l+:%[(%d+)%]$"
  if number then return math.tointeger(number) end
  local path = word:find("/", 1, true) and word or "/run/netns/" .. word
  local inode, message, errname = core.stat(path)
  if not inode then return nil, nil, { message = name .. " " .. message, name = errname } end
  return inode
end

--- The device of a terminal: "/dev/pts/3", "pts/3".
function M.tty(word)
  if type(word) ~= "string" then return nil, ("tty: path expected, got %s"):format(type(word)) end
  local path = word:sub(1, 1) == "/" and word or "/dev/" .. word
  local inode, device, errname = core.stat(path)
  if not inode then return nil, nil, { message = "tty " .. device, name = errname } end
  if device == 0 then return nil, nil, { message = ("tty %s: not a terminal"):format(path), name = "ENOTTY" } end
  return device
end

return M
