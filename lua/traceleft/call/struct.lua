-- SPDX-License-Identifier: MIT
--- struct: an argument that points to a struct, as strace shows it: {st_mode=S_IFREG|0644, st_size=10, …}.

local value = require "traceleft.value"

local M = {}

-- Long structs: the members that are worth the room, and one that takes the place of another when it is not 0.
local BRIEF = {
  { "st_mode", "st_size", instead = { st_size = "st_rdev" } },
  { "stx_mode", "stx_size" },
  { "sysname", "nodename" },
  { "ru_utime", "ru_stime" },
}

---@class traceleft.struct.part
---@field label string
---@field field traceleft.field
---@field tell fun(event: traceleft.event): string
---@field instead? traceleft.struct.part shown in its place when it is there and not 0

local function unprefixed(members, prefix)
  local labels = {}
  for i, member in ipairs(members) do
    if member.name:sub(1, #prefix) ~= prefix or #member.name == #prefix then return nil end
    labels[i] = member.name:sub(#prefix + 1)
  end
  return labels
end

-- What the members are called in the struct: "old_" and the like tell apart two structs of one call.
local function labels_of(members)
  return unprefixed(members, "old_") or unprefixed(members, "new_") or unprefixed(members, "")
end

local function brief_of(by_label)
  for _, brief in ipairs(BRIEF) do
    if by_label[brief[1]] and by_label[brief[2]] then return brief end
  end
end

-- The parts that are shown, and whether there are more.
local function parts_of(members, tell)
  local all, by_label, labels = {}, {}, labels_of(members)
  for i, member in ipairs(members) do
    all[i] = { label = labels[i], field = member }
    by_label[labels[i]] = all[i]
  end
  local brief, parts = brief_of(by_label), all
  if brief then parts = { by_label[brief[1]], by_label[brief[2]] } end
  for i, part in ipairs(parts) do
    part.tell = tell(part.field)
    part.instead = brief and brief.instead and by_label[brief.instead[brief[i]]]
    if part.instead then part.instead.tell = tell(part.instead.field) end
  end
  return parts, brief ~= nil
end

local function is_there(event, part)
  return event[part.field.name] ~= nil
end

local function has_any(event, parts)
  for _, part in ipairs(parts) do
    if is_there(event, part) then return true end
  end
  return false
end

local function unread(event, parts)
  for _, part in ipairs(parts) do
    if value.is_unread(event, part.field.name) then return true end
  end
  return false
end

-- What stands for a struct that nobody could read or that the call did not write.
local function address(event, parts, head, tell_head)
  if head and event[head.name] ~= nil then return tell_head(event) end
  return unread(event, parts) and "?" or "NULL"
end

local function chosen(event, part)
  local other = part.instead
  return other and (event[other.field.name] or 0) ~= 0 and other or part
end

-- "st_mode=S_IFREG|0644, st_size=10"
local function members_text(event, parts)
  local texts = {}
  for _, part in ipairs(parts) do
    part = chosen(event, part)
    if is_there(event, part) or value.is_unread(event, part.field.name) then
      texts[#texts + 1] = part.label .. "=" .. part.tell(event)
    end
  end
  return table.concat(texts, ", ")
end

-- The two ends of a pipe: "3<pipe:[1]>, 4<pipe:[1]>".
local function elements_text(event, parts)
  local texts = {}
  for i, part in ipairs(parts) do texts[i] = part.tell(event) end
  return table.concat(texts, ", ")
end

local function only_descriptors(members)
  for _, member in ipairs(members) do
    if member.meaning ~= "fd" then return false end
  end
  return true
end

--- A function that makes the text of a struct. tell: makes that of a member; it is asked for those that are shown.
---@param group traceleft.arguments.group
---@param members traceleft.field[]
---@param tell fun(field: traceleft.field): fun(event: traceleft.event): string
---@return fun(event: traceleft.event): string
function M.teller(group, members, tell)
  local parts, more = parts_of(members, tell)
  local head, tell_head = group.head, group.head and value.teller(group.head)
  local text, left, right = members_text, "{", more and ", …}" or "}"
  if only_descriptors(members) then text, left, right = elements_text, "[", "]" end
  return function(event)
    if not has_any(event, parts) then return address(event, parts, head, tell_head) end
    return left .. text(event, parts) .. right
  end
end

return M
