-- SPDX-License-Identifier: MIT
--- Whether a value of ours says what strace says. Each function gets (field, value, node, see): our field, its value,
--- what strace shows (see parse.lua), and see = { text, cut, ret } of the event; it returns what is different, or nil.

local constants = require "constants"
local parse     = require "parse"

local M = {}

local WIDTH = { u8 = 8, s8 = 8, u16 = 16, s16 = 16, u32 = 32, s32 = 32 }

local function mask(value, field_type)
  local width = WIDTH[field_type]
  return width and value & ((1 << width) - 1) or value
end

local SHOW = {
  number = function(node)
    local text = node.text and " /* " .. node.text .. " */" or ""
    return ("%d%s%s"):format(node.value, text, node.file and "<" .. node.file .. ">" or "")
  end,
  string = function(node)
    return (("%q"):format(node.value:sub(1, 200)):gsub("\\\n", "\\n")) .. (node.cut and "..." or "")
  end,
}

local BRACKETS = { list = "[%s]", struct = "{%s}", all = "{%s}" }

local function show_items(node)
  local parts = {}
  for i, item in ipairs(node) do
    if i > 12 then parts[i] = "…" break end
    parts[i] = (item.name and item.name .. "=" or "") .. M.show(item)
  end
  return table.concat(parts, ", ")
end

--- What strace means, for people.
---@param node table
---@return string
function M.show(node)
  local show = SHOW[node.kind]
  if show then return show(node) end
  local brackets = BRACKETS[node.kind]
  if not brackets then return node.text or node.callee or node.kind end
  local body = (node.negated and "~" or "") .. brackets:format(show_items(node))
  return node.after and body .. " => " .. M.show(node.after) or body
end

-- "0x800", "0644", "12", "64*1024" as a number.
local function number_of(text)
  local octal, times, product = text:match "^0[0-7]+$", text:match "^(%d+)%*(%d+)$"
  if octal then return tonumber(octal, 8) end
  if times then return math.tointeger(tonumber(times) * tonumber(product)) end
  return math.tointeger(tonumber(text))
end

-- The names in a text like "O_RDONLY|0x800"; what strace has no name for is a number, or "X_???".
local function names_of(text)
  local names = {}
  for name in text:gmatch "[^|]+" do
    name = name:match "^%s*(.-)%s*$":gsub("^1<<", "")
    if not number_of(name) and not name:find "_%?%?" then names[name] = true end
  end
  return names
end

local function listed(names, but)
  local list = {}
  for name in pairs(names) do
    if not but[name] then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

-- Each name that strace has must be ours too. We may have more, for strace may be older than our headers, but no
-- word for nothing where strace has none.
local function names_error(theirs, ours)
  theirs, ours = names_of(theirs), names_of(ours)
  local missing, idle = listed(theirs, ours), {}
  for _, name in ipairs(listed(ours, theirs)) do
    if constants.is_nothing(name) then idle[#idle + 1] = name end
  end
  if #missing > 0 then return "has no name " .. table.concat(missing, "|") end
  if #idle > 0 then return "says too much: " .. table.concat(idle, "|") end
end

-- Of several words of strace's, "A or B", one is enough.
local function text_error(node, text)
  if not text then return end
  local first
  for choice in ((node.text or tostring(node.value)) .. " or "):gmatch "(.-) or " do
    local wrong = names_error(choice, text)
    if not wrong then return end
    first = first or wrong
  end
  return first
end

local function is_named(field)
  return field.meaning:find "^flags:" or field.meaning:find "^enum:" or field.meaning == "mode"
end

-- {u32=4, u64=4}, {sival_int=4, sival_ptr=0x4}: all of it is the widest. htons(3) is the number that was passed.
local function of_union(node)
  if node.kind == "call" and node.callee == "htons" and node[1] then
    local value = node[1].value & 0xffff
    return { kind = "number", value = value << 8 & 0xff00 | value >> 8 }
  end
  return node.kind == "struct" and (node.u64 or node.sival_ptr) or node
end

local function number(field, value, node, see)
  node = of_union(node)
  if node.kind == "null" then return value ~= 0 and "is not 0" or nil end
  if node.kind ~= "number" then return "is a number" end
  if mask(value, field.type) ~= mask(node.value, field.type) then return "is another number" end
  -- A mode without a type is a number with strace, and at times one with a type too.
  if is_named(field) and (node.text or field.meaning ~= "mode") then return text_error(node, see.text) end
end

-- An address: strace shows what is there, if it can, and that is compared with other fields.
local function pointer(_, value, node)
  node = of_union(node)
  if node.kind == "null" then return value ~= 0 and "is not 0" or nil end
  if node.kind == "number" then return value ~= node.value and "is another address" or nil end
  return value == 0 and "is 0" or nil
end

-- The number behind a pointer: strace shows [16], and [128 => 16] if the call changed it.
local function pointee(field, value, node, see)
  if node.kind ~= "list" or #node ~= 1 then return "is the number behind a pointer" end
  local item = node.after and node.after[1] or node[1].after or node[1]
  return number(field, value, item, see)
end

-- Bytes that both show must be the same; where neither is cut, there are as many.
local function same_bytes(value, theirs, ours_cut, theirs_cut)
  if value == theirs then return nil end
  local common = math.min(#value, #theirs)
  if value:sub(1, common) ~= theirs:sub(1, common) then return "has other bytes" end
  if #value > #theirs and not theirs_cut then return "has more bytes" end
  if #value < #theirs and not ours_cut then return "has fewer bytes" end
end

local function text(_, value, node, see)
  if node.kind == "number" and value == "" then return nil end -- nothing was transferred
  if node.kind == "number" then return "is an address with strace" end
  if node.kind == "null" and value == "" then return nil end
  if node.kind ~= "string" then return "is a string" end
  return same_bytes(value, node.value, see.cut, node.cut)
end

-- [{iov_base="…", iov_len=3}, …]: up to the first that strace cuts.
local function vector_bytes(node)
  local parts = {}
  for _, item in ipairs(node) do
    local base = item.iov_base
    if base and base.kind == "null" then base = { kind = "string", value = "" } end
    if not base or base.kind ~= "string" then return table.concat(parts), base and base.kind ~= "null" end
    parts[#parts + 1] = base.value
    if base.cut then return table.concat(parts), true end
  end
  return table.concat(parts), node.cut
end

-- The numbers in a struct or list, in their order.
local function numbers_in(node, list)
  for _, item in ipairs(node) do
    if item.kind == "number" then list[#list + 1] = item.value
    elseif item.kind == "struct" or item.kind == "list" then numbers_in(item, list) end
  end
  return list
end

local INT = { [4] = "<I4", [8] = "<i8" }

-- [1], {l_onoff=1, l_linger=0}: as many numbers as fit, of 4 or 8 bytes each.
local function packed(value, node)
  local numbers = numbers_in(node, {})
  local size = #numbers > 0 and #value // #numbers
  local int = INT[size]
  if not int or #value % size ~= 0 then return "is a struct" end
  for i, theirs in ipairs(numbers) do
    local ours = int:unpack(value, (i - 1) * size + 1)
    if ours ~= mask(theirs, size == 4 and "u32" or "u64") then return "has another number" end
  end
end

local function bytes(field, value, node, see)
  local is_vector = node.kind == "list" and (#node == 0 or node[1].iov_base)
  if not is_vector and (node.kind == "list" or node.kind == "struct") then return packed(value, node) end
  if node.kind == "list" then
    local theirs, cut = vector_bytes(node)
    return same_bytes(value, theirs, see.cut, cut)
  end
  return text(field, value, node, see)
end

local function strings(_, value, node, see)
  if node.kind ~= "list" then return "is a list" end
  for i, ours in ipairs(value) do
    local item = node[i]
    if not item then return not node.cut and ("has more strings: %q"):format(ours) or nil end
    local last = i == #value and see.cut
    local wrong = text(nil, ours, item, { cut = last })
    if wrong then return ("string %d %s"):format(i, wrong) end
  end
  if #value < #node and not see.cut then return "has fewer strings" end
end

local function sigset(_, value, node)
  if node.kind ~= "list" then return "is a signal set" end
  local theirs = 0
  for _, item in ipairs(node) do theirs = theirs | 1 << (item.value - 1) end
  if node.negated then theirs = ~theirs end
  if theirs ~= value then return "is another set" end
end

local function timespec(_, value, node)
  if node.kind == "number" then return "is an address with strace" end
  local seconds, fraction, unit = node.tv_sec, node.tv_nsec, 1
  if node.tv_usec then fraction, unit = node.tv_usec, 1000 end
  if not seconds or not fraction then return "is a time" end
  if value ~= seconds.value * 1000000000 + fraction.value * unit then return "is another time" end
end

local function status_word(item)
  local equals = item.equals and " == " .. (item.equals.text or tostring(item.equals.value)) or ""
  return ("%s(s)%s"):format(item.callee or M.show(item), equals)
end

-- [{WIFEXITED(s) && WEXITSTATUS(s) == 3}]: in the words of strace, so the words are compared.
local function wait_status(_, _, node, see)
  local struct = node[1]
  if not struct then return "is an address with strace" end
  local parts = {}
  local items = struct[1] and struct[1].kind == "all" and struct[1] or struct
  for i, item in ipairs(items) do parts[i] = status_word(item) end
  local theirs = table.concat(parts, " && ")
  if see.text ~= theirs then return ("is %s, strace says %s"):format(see.text, theirs) end
end

local function device(_, value, node)
  if node.kind ~= "number" then return "is a device" end
  local n = node.value
  local major = (n >> 8 & 0xfff) | (n >> 32 & ~0xfff)
  local minor = (n & 0xff) | (n >> 12 & ~0xff)
  if value ~= major << 20 | minor then return "is another device" end
end

local ADDRESSES = {
  [1] = function(node)
    local path = node.sun_path
    if not path then return "unix:" end
    return "unix:" .. (path.abstract and "@" or "") .. path.value
  end,
  [2] = function(node)
    return node.sin_addr and node.sin_addr.text:match '"(.*)"' .. ":" .. node.sin_port.text:match "%d+"
  end,
  [10] = function(node)
    return node.sin6_addr and ("[%s]:%s"):format(node.sin6_addr.text:match '"(.*)"', node.sin6_port.text:match "%d+")
  end,
  [16] = function(node)
    return ("netlink:%d/0x%x"):format(node.nl_pid.value & 0xffffffff, node.nl_groups.value & 0xffffffff)
  end,
}

--- "127.0.0.1:80" for what strace shows of a socket's address; nil for a family that is not compared, and for an
--- address that is too short for its family.
function M.address(node)
  local family = node.sa_family and node.sa_family.value
  return ADDRESSES[family] and ADDRESSES[family](node), family
end

local function sockaddr(_, value, node)
  if node.kind ~= "struct" then return "is an address" end
  local theirs, family = M.address(node)
  if theirs and value ~= theirs then return ("is %s, strace says %s"):format(value, theirs) end
  if not theirs and not family then return "is an address of no family" end
end

local function fdset(_, value, node, see)
  if node.kind == "number" and value == "" then return nil end -- no descriptors at all: nobody looked there
  if node.kind ~= "list" then return "is a set of descriptors" end
  local numbers = {}
  for i, item in ipairs(node) do numbers[i] = ("%d"):format(item.value) end
  local theirs = "[" .. table.concat(numbers, " ") .. "]"
  if see.text ~= theirs then return ("is %s, strace says %s"):format(see.text, theirs) end
end

-- {msg_hdr={…}, msg_len=3}: the members of the struct inside are ours too.
local function flattened(node)
  local inner = node.msg_hdr
  if not inner then return node end
  local flat = { kind = "struct" }
  for _, item in ipairs(inner) do flat[#flat + 1], flat[item.name] = item, item end
  for _, item in ipairs(node) do
    if item ~= inner then flat[#flat + 1], flat[item.name] = item, item end
  end
  return flat
end

-- One element: a member of theirs that we have not is a difference.
local function element(field, ours, theirs, i, see)
  theirs = flattened(theirs)
  for _, member in ipairs(field.members or {}) do
    local item = theirs[member.name]
    local what = item and ours[member.name] ~= nil
      and M.compare(member, ours[member.name], item, { text = M.member_text(see, i, member.name) })
    if what then return ("element %d, %s %s"):format(i, member.name, what) end
  end
  for _, item in ipairs(theirs) do
    if item.name and item.kind ~= "nothing" and ours[item.name] == nil then
      return ("element %d has no %s"):format(i, item.name)
    end
  end
end

local function array(field, value, node, see)
  if node.kind ~= "list" then return "is an array" end
  for i, ours in ipairs(value) do
    local theirs = node[i]
    if not theirs then return not node.cut and "has more elements" or nil end
    local what = element(field, ours, theirs, i, see)
    if what then return what end
  end
  if #value < #node and not see.cut then return "has fewer elements" end
end

-- What it is depends on another argument; strace may know and show more than the number.
local function raw(field, value, node, see)
  if node.kind == "list" then return "is a number" end
  return number(field, value, node, see)
end

local BY_MEANING = { hex = raw, timespec = timespec, timeval = timespec, sigset = sigset, dev = device, fdset = fdset,
                     wait_status = wait_status, sockaddr = sockaddr, ptr = pointer }
local BY_TYPE = { str = text, bytes = bytes, list = strings, path = text, sockaddr = sockaddr, array = array }

--- The text of a member of an array's element, cut out of the text of the whole array.
---@param see table
---@param i integer
---@param name string
---@return string?
function M.member_text(see, i, name)
  see.parsed = see.parsed or { pcall(parse.value, see.text) }
  local list = see.parsed[1] and see.parsed[2]
  local item = list and list[i] and list[i][name]
  return item and (item.text or tostring(item.value))
end

--- What is different between our value and what strace shows; nil: nothing.
---@param field table
---@param value any not nil
---@param node table
---@param see { text: string, cut: boolean? }
---@return string?
function M.compare(field, value, node, see)
  local compare = BY_MEANING[field.meaning] or BY_TYPE[field.type]
  if compare then return compare(field, value, node, see) end
  if node.kind == "list" then return pointee(field, value, node, see) end
  return number(field, value, node, see)
end

return M
