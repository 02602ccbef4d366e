-- SPDX-License-Identifier: MIT
--- containers: which cgroups are containers, and what they are called.
--
-- docker, podman, containerd and cri-o put the id into the name of the cgroup: docker-ID.scope and libpod-ID.scope
-- under systemd; without it /docker/ID, libpod-ID, /NAMESPACE/ID. What a person calls them is in the runtime's own
-- files.

local glob = require "traceleft.glob"

local M = {}

local PREFIXES = { "docker", "libpod", "cri%-containerd", "crio", "nerdctl", "containerd", "podman" }
local NAMESPACES = { default = true, moby = true, ["k8s.io"] = true, ["buildkit"] = true }

local function id_in(name)
  local bare = name:gsub("%.scope$", "")
  for _, prefix in ipairs(PREFIXES) do
    local id = bare:match("^" .. prefix .. "%-(%x+)$")
    if id and #id >= 12 then return id end
  end
  if #bare == 64 and bare:find "^%x+$" then return bare end
end

--- The container that a cgroup is: its id, nil if it is none. What is in a container's cgroup is no other container.
---@param path string
---@return string? id
---@return string? own the path of its cgroup
function M.of(path)
  for part, behind in path:gmatch "([^/]+)()" do
    local id = id_in(part)
    if id then return id, path:sub(1, behind - 1) end
  end
  local namespace, id, behind = path:match "^/([^/]+)/([^/]+)()"
  if namespace and NAMESPACES[namespace] then return id, path:sub(1, behind - 1) end
end

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read "a"
  file:close()
  return text
end

-- The value of a key that stands in a JSON text, wherever it is.
local function value_of(text, key)
  return text and text:match('"' .. key:gsub("%p", "%%%0") .. '"%s*:%s*"([^"]*)"')
end

local function docker_name(id)
  local name = value_of(read("/var/lib/docker/containers/" .. id .. "/config.v2.json"), "Name")
  return name and name:gsub("^/", "")
end

-- Where podman and cri-o keep what they know: those of root, and those that users have without root.
local function stores()
  local list = { "/var/lib/containers/storage/overlay-containers/" }
  for home in (read "/etc/passwd" or ""):gmatch "[^:\n]*:[^:\n]*:%d+:%d+:[^:\n]*:(/[^:\n]+):" do
    list[#list + 1] = home .. "/.local/share/containers/storage/overlay-containers/"
  end
  return list
end

-- All of podman's containers are in one file: the name stands behind the id of the same object.
local function podman_name(id)
  for _, store in ipairs(stores()) do
    local text = read(store .. "containers.json") or ""
    local _, at = text:find('"' .. id .. '"', 1, true)
    if at then return text:match('^[^{}]-"names"%s*:%s*%[%s*"([^"]+)"', at + 1) end
  end
end

local CRI = { "io.kubernetes.cri.container-name", "io.kubernetes.container.name", "nerdctl/name" }

local function bundle_name(id)
  local paths = { "/var/lib/containers/storage/overlay-containers/" .. id .. "/userdata/config.json" }
  for namespace in pairs(NAMESPACES) do
    paths[#paths + 1] = ("/run/containerd/io.containerd.runtime.v2.task/%s/%s/config.json"):format(namespace, id)
  end
  for _, path in ipairs(paths) do
    local text = read(path)
    for _, key in ipairs(CRI) do
      local name = value_of(text, key)
      if name then return name end
    end
  end
end

--- What a person calls the container; nil if nobody says.
---@param id string
---@return string?
function M.name(id)
  return docker_name(id) or podman_name(id) or bundle_name(id)
end

local function fits(word, id, name)
  if glob.is_glob(word) then
    local pattern = glob.pattern(word)
    return id:find(pattern) ~= nil or (name ~= nil and name:find(pattern) ~= nil)
  end
  return name == word or (#word >= 3 and id:sub(1, #word) == word)
end

--- The paths of the cgroups of the containers that a word means; and all names and ids there are.
---@param paths string[] of all cgroups
---@param word string
---@return string[] found
---@return string[] known
function M.find(paths, word)
  local found, known, seen = {}, {}, {}
  for _, path in ipairs(paths) do
    local id, own = M.of(path)
    if id and not seen[own] then
      seen[own] = true
      local name = M.name(id)
      known[#known + 1] = name or id:sub(1, 12)
      if fits(word, id, name) then found[#found + 1] = own end
    end
  end
  return found, known
end

return M
