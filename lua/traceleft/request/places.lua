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

local function is_program(path)
  local found, _, _, _, what = core.stat(path)
  return found ~= nil and what ~= "folder"
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
      if folder:sub(1, 1) == "/" and is_program(path) then return path end
    end
    return missing("exe", "no such program in PATH", word)
  end
  local found, message, name = core.stat(word)
  if not found then return nil, nil, { message = "exe " .. message, name = name } end
  if not is_program(word) then return nil, nil, { message = ("exe %s: a folder"):format(word), name = "EISDIR" } end
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

local function suffix_of(name)
  local suffix = name:match "%.(%w+)$"
  return SUFFIXES[suffix] and suffix
end

-- Names of units, or of slices alone.
local function only_units(names, what)
  local list = {}
  for _, name in ipairs(names) do
    local suffix = suffix_of(name)
    if suffix and (what == "unit" or suffix == what) then list[#list + 1] = name end
  end
  return list
end

-- A unit of systemd is a cgroup of its name; without a suffix it has this one. One that is known and does not run will.
local function unit(what, suffix, word)
  if not suffix_of(word) then word = word .. suffix end
  if what == "slice" and suffix_of(word) ~= what then
    return nil, ("slice: '%s' is none; say unit"):format(word)
  end
  if glob.is_glob(word) then return word end
  local paths, refused = cgroups()
  if not paths then return nil, nil, refused end
  local names, known = last_parts(paths)
  if known[word] or is_unit_file(word) then return word end
  return missing(what, "no such unit", word, only_units(names, what))
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
  local none = #names == 0 and ", and no other one runs" or ""
  return missing("container", "no such container" .. none, word, names, "ESRCH")
end

local FIRST_NAMESPACE <const> = 0xe0000000     -- no number of one is less; those of processes are

-- Where the namespaces of one kind are.
local function namespace_path(word, kind)
  if word:find("/", 1, true) or kind ~= "net" then return word end
  return "/run/netns/" .. word
end

local function namespace_number(word, name, kind)
  if word >= FIRST_NAMESPACE then return word end
  local text = "%s: '%d' is no number of a namespace; that of a process is /proc/%d/ns/%s"
  return nil, text:format(name, word, word, kind)
end

--- The number of a namespace: itself, "net:[4026531840]", a path, or the name that `ip netns` gave it.
function M.namespace(word, name)
  local kind = name:sub(1, -3)
  if math.type(word) == "integer" and word > 0 then return namespace_number(word, name, kind) end
  if type(word) ~= "string" then return nil, ("%s: '%s' is no namespace"):format(name, tostring(word)) end
  local number = word:match "^%d+$" or word:match("^" .. kind .. ":%[(%d+)%]$")
  if number then return namespace_number(math.tointeger(number) or 0, name, kind) end
  local path = namespace_path(word, kind)
  local inode, message, errname, _, what = core.stat(path)
  if not inode then return nil, nil, { message = name .. " " .. message, name = errname } end
  if what == kind then return inode end
  local text = "%s %s: not such a namespace; that of a process is /proc/PID/ns/%s"
  return nil, nil, { message = text:format(name, path, kind), name = "EINVAL" }
end

-- Devices that are found everywhere and are no terminals: /dev/null and its like.
local function is_memory(device)
  return device >> 8 & 0xfff == 1
end

--- The device of a terminal: "/dev/pts/3", "pts/3".
function M.tty(word)
  if type(word) ~= "string" then return nil, ("tty: path expected, got %s"):format(type(word)) end
  local path = word:sub(1, 1) == "/" and word or "/dev/" .. word
  local inode, device, errname = core.stat(path)
  if not inode then return nil, nil, { message = "tty " .. device, name = errname } end
  if device == 0 or is_memory(device) then
    return nil, nil, { message = ("tty %s: not a terminal"):format(path), name = "ENOTTY" }
  end
  return device
end

return M
