-- SPDX-License-Identifier: MIT
--- value: one field of an event as text that is safe for a terminal.
--
-- "?" is a value that the kernel side could not read, "…" stands where text was cut, /* changed */ behind what
-- another thread rewrote during the call: the text is what was there at the begin. /* late */ behind an address: the
-- begin of the call was not seen, so nobody knows how much room it was written to. Strings are often read late, because
-- their page came with the call; that does not make them doubtful enough for a mark.

local escape = require "traceleft.escape"
local number = require "traceleft.number"

local M = {}

--- How many bytes of a buffer, and how many elements of a list, a line shows when nobody says so.
M.SHOWN = 32

local CHANGED, LATE = " /* changed */", " /* late */"
local AS_IS = { str = true, path = true, bytes = true, comm = true, file = true, sockaddr = true }

local function lists(names, wanted)
  for _, name in ipairs(names) do
    if name == wanted then return true end
  end
  return false
end

-- Makes a function of an event and a name: whether that mark of the event has the name.
local function marked(mark)
  return function(event, name)
    local names = event[mark]
    return names ~= nil and lists(names, name)
  end
end

--- Whether the kernel side could not read the field.
---@type fun(event: traceleft.event, name: string): boolean
M.is_unread = marked "unread"

--- Whether there was more than the event holds.
---@type fun(event: traceleft.event, name: string): boolean
M.is_cut = marked "cut"

--- Whether another thread rewrote the value during the call; the event has what was there at the begin.
---@type fun(event: traceleft.event, name: string): boolean
M.is_changed = marked "changed"

local is_late = marked "late"

local shower

local function any(value)
  return escape.text(tostring(value))
end

local function whole(text, cut)
  return escape.quote(text) .. (cut and "…" or "")
end

local function shortened(most)
  return function(text, cut)
    if #text <= most then return whole(text, cut) end
    return escape.quote(text:sub(1, most)) .. "…"
  end
end

-- Elements between brackets, at most so many.
local function list_of(element, most)
  return function(list, cut)
    local parts = {}
    for i = 1, math.min(#list, most) do parts[i] = element(list[i]) end
    return "[" .. table.concat(parts, ", ") .. ((cut or #list > most) and "…]" or "]")
  end
end

-- "{fd=3, events=POLLIN}", members of which the table has none left out.
local function table_of(field, most)
  local members = {}
  for i, member in ipairs(field.members or {}) do members[i] = { member.name, shower(member, most) } end
  return function(value)
    local parts = {}
    for _, member in ipairs(members) do
      local own = value[member[1]]
      if own ~= nil then parts[#parts + 1] = member[1] .. "=" .. member[2](own) end
    end
    return "{" .. table.concat(parts, ", ") .. "}"
  end
end

-- "[3 4]" of the bits of an fd_set.
local function bits(bytes)
  local set = {}
  for i = 1, #bytes do
    local byte = bytes:byte(i)
    for bit = 0, 7 do
      if byte >> bit & 1 == 1 then set[#set + 1] = ("%d"):format((i - 1) * 8 + bit) end
    end
  end
  return "[" .. table.concat(set, " ") .. "]"
end

-- An address that holds nothing but what addresses are made of stands without quotes.
local function address(text, cut)
  if not text:find "[^%w.:%%/@_+%[%]-]" then return text .. (cut and "…" or "") end
  return whole(text, cut)
end

local SHOWERS = {
  path = function() return whole end,
  file = function() return whole end,
  comm = function() return whole end,
  sockaddr = function() return address end,
  str = function(field, most) return field.meaning == "path" and whole or shortened(most) end,
  bytes = function(field, most) return field.meaning == "fdset" and bits or shortened(most) end,
  list = function(_, most) return list_of(shortened(most), most) end,
  array = function(field, most) return list_of(table_of(field, most), most) end,
  bool = function() return any end,
  error = function() return any end,
  ip = function() return any end,
  event = function() return any end,
}

--- A function that makes the text of a field's value as part of a line: strings between quotes; of buffers, strings
--- that are no paths, and lists at most so many bytes or elements.
---@param field traceleft.field
---@param most? integer
---@return fun(value: any, cut?: boolean): string
function M.shower(field, most)
  local make = SHOWERS[field.type]
  return make and make(field, most or M.SHOWN) or number.shower(field)
end

shower = M.shower

local function with_mark(event, field, text)
  if field.type == "sockaddr" and is_late(event, field.name) then return text .. LATE end
  return M.is_changed(event, field.name) and text .. CHANGED or text
end

--- A function that makes the text of a field as part of a line, with its marks.
---@param field traceleft.field
---@param most? integer
---@return fun(event: traceleft.event): string
function M.teller(field, most)
  local name, make = field.name, shower(field, most)
  return function(event)
    local value = event[name]
    if value == nil then return M.is_unread(event, name) and "?" or "-" end
    if not (event.cut or event.changed or event.late) then return make(value) end
    return with_mark(event, field, make(value, M.is_cut(event, name)))
  end
end

local makers = setmetatable({}, { __mode = "k" })

-- What makes the text of a field outside of a line: nothing is shortened, strings are as they are.
local function maker(field)
  local make = makers[field]
  if make then return make end
  if AS_IS[field.type] and field.meaning ~= "fdset" then
    make = function(value, cut) return any(value) .. (cut and "…" or "") end
  else
    make = shower(field, math.maxinteger)
  end
  makers[field] = make
  return make
end

--- Text of a field; strings as they are, "-" without a value.
---@param event traceleft.event
---@param field traceleft.field from the event's description
---@return string
function M.text(event, field)
  local name = field.name
  local value = event[name]
  if value == nil then return M.is_unread(event, name) and "?" or "-" end
  return with_mark(event, field, maker(field)(value, M.is_cut(event, name)))
end

return M
