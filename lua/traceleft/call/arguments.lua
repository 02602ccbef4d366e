-- SPDX-License-Identifier: MIT
--- arguments: the fields of an event in groups, each argument of a system call with what comes from it.

local M = {}

-- What is known of a file beside what it is.
local DETAILS = { "inode", "dev", "mntns" }

---@class traceleft.arguments.group
---@field name string of the argument, or of the field if it comes from none
---@field head? traceleft.field the argument itself
---@field fields traceleft.field[] the others

--- The groups, in the order of the fields.
---@param description traceleft.description
---@return traceleft.arguments.group[]
function M.groups(description)
  local groups, by_name = {}, {}
  for _, field in ipairs(description.fields) do
    local name = field.arg
    if not name or name == "" then name = field.name end
    local group = by_name[name]
    if not group then
      group = { name = name, fields = {} }
      by_name[name], groups[#groups + 1] = group, group
    end
    if field.name == name then group.head = field else group.fields[#group.fields + 1] = field end
  end
  return groups
end

local function is_descriptor(field)
  return field.meaning == "fd" or field.meaning == "dirfd"
end

-- Which field `file` belongs to: a struct's own field is an address, there it is the first descriptor.
local function owner_of_plain_file(group)
  if group.head and group.head.meaning ~= "ptr" then return group.head.name end
  for _, field in ipairs(group.fields) do
    if is_descriptor(field) then return field.name end
  end
end

-- Notes that this field says what a descriptor of the group is, and that its details go unsaid.
local function note_file(group, field, file_of, unsaid)
  local prefix = field.name:match("^(.*)file$") or ""
  local owner = prefix == "" and owner_of_plain_file(group) or prefix:sub(1, -2)
  file_of[owner or ""] = field
  unsaid[field.name] = true
  for _, detail in ipairs(DETAILS) do unsaid[prefix .. detail] = true end
end

local function has_type(group, kind)
  if group.head and group.head.type == kind then return true end
  for _, field in ipairs(group.fields) do
    if field.type == kind then return true end
  end
  return false
end

--- The fields of a group that a line shows beside the argument itself, and which field says what a descriptor is.
--- A file's inode, device and mount namespace, and an address's parts, are not among them.
---@param group traceleft.arguments.group
---@return traceleft.field[] members
---@return table<string, traceleft.field> file_of
function M.members(group)
  local file_of, unsaid, members = {}, {}, {}
  local has_address = has_type(group, "sockaddr")
  for _, field in ipairs(group.fields) do
    if field.type == "file" then note_file(group, field, file_of, unsaid) end
    if has_address and (field.type == "ip" or field.meaning == "port") then unsaid[field.name] = true end
  end
  for _, field in ipairs(group.fields) do
    if not unsaid[field.name] then members[#members + 1] = field end
  end
  return members, file_of
end

return M
