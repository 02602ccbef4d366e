-- SPDX-License-Identifier: MIT
--- Gives each field of an event its place in the record and its number.

local types = require("battery.gen.types").types

local M = {}

M.HEAD = 96         -- sizeof(struct tl_record)
M.ALIGN = 8         -- of a record and of its tail
M.MAX_SIZE = 1024   -- of the fixed part
M.MAX_FIELDS = 61   -- TL_F_NSPID: one bit each, and three for who the process is

-- The members of the struct: fields by falling rank, those of one rank as they were written.
local function members_of(fields)
  local members = {}
  for index, field in ipairs(fields) do
    if not field.same_as then members[#members + 1] = { field = field, index = index } end
  end
  table.sort(members, function(a, b)
    local left, right = types[a.field.type].rank, types[b.field.type].rank
    if left ~= right then return left > right end
    return a.index < b.index
  end)
  for i, member in ipairs(members) do members[i] = member.field end
  return members
end

-- `error` of a system call is `ret` seen another way: the same bytes.
local function share_bytes(fields)
  local by_name = {}
  for _, field in ipairs(fields) do by_name[field.name] = field end
  for _, field in ipairs(fields) do
    local other = by_name[field.same_as]
    if other then field.offset, field.size = other.offset, other.size end
  end
end

---Sets offset, size and number of the event's fields, and the event's members, pad and fixed_size.
---@param event table
---@param first_number integer of the event's own fields
---@return table event
function M.place(event, first_number)
  local offset = M.HEAD

  for i, field in ipairs(event.fields) do field.number = first_number + i - 1 end
  event.members = members_of(event.fields)
  for _, field in ipairs(event.members) do
    field.offset, field.size = offset, types[field.type].size
    offset = offset + field.size
  end
  share_bytes(event.fields)
  event.pad = -offset % M.ALIGN
  event.fixed_size = offset + event.pad
  return event
end

return M
