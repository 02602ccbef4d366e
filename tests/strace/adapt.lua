-- SPDX-License-Identifier: MIT
--- Where strace shows a call in another form than its arguments: brings that form to ours.

local parse = require "parse"

local NOTHING = { kind = "nothing" }

local function copy(list) return { table.unpack(list) } end

-- "in [3], out [4]" after the result: { ["in"] = node… }
local function note_of(call)
  local note, parts = call.note or "", {}
  for word, text in (note .. ", "):gmatch "(%l+) ([%[{].-[%]}]), " do parts[word] = parse.value(text) end
  return parts
end

-- The sets are shown as they were passed; what became of them stands after the result.
local function select(call)
  local args, note = copy(call.args), note_of(call)
  if not call.ret or call.error then return args end
  for i, word in ipairs { "in", "out", "except" } do
    if args[i + 1].kind == "list" then args[i + 1] = note[word] or { kind = "list" } end
  end
  return args
end

-- An element of poll's list with what happened: nothing, if the next of those where something did is of another.
local function polled(item, now)
  local is_it = now and item.fd and now.fd.value == item.fd.value
  local revents = is_it and now.revents or { kind = "number", value = 0, name = "revents" }
  return { kind = "struct", item.fd, item.events, revents, fd = item.fd, events = item.events, revents = revents },
         is_it
end

-- [{fd=3, events=POLLIN}] and after the result [{fd=3, revents=POLLIN}], of those alone where something happened;
-- no more of them than strace shows of a list.
local function poll(call)
  local args = copy(call.args)
  if args[1].kind ~= "list" or not call.ret or call.error then return args end
  local happened = parse.value(call.note and call.note:match "^%[.*%]" or "[]")
  local merged, next_one = { kind = "list", cut = args[1].cut }, 1
  for i, item in ipairs(args[1]) do
    local is_it
    if happened.cut and next_one > #happened then
      merged.cut = true
      break
    end
    merged[i], is_it = polled(item, happened[next_one])
    if is_it then next_one = next_one + 1 end
  end
  args[1] = merged
  return args
end

local NAMES_OF_CLONE = { child_stack = "stack", child_tidptr = "child_tid", parent_tid = "parent_tid" }

-- clone(child_stack=…, flags=…): by name, not by place.
local function clone(call, arguments)
  local by_name, args = {}, {}
  for _, node in ipairs(call.args) do by_name[NAMES_OF_CLONE[node.name] or node.name] = node end
  for i, argument in ipairs(arguments) do args[i] = by_name[argument.name] or NOTHING end
  return args
end

-- The offset's upper half, which strace does not show.
local function offset_of_two_halves(call)
  local args = copy(call.args)
  table.insert(args, 5, NOTHING)
  return args
end

-- The places of the arguments that each operation has; what it has not strace leaves out.
local FUTEX = {
  FUTEX_WAIT_BITSET = { 1, 2, 3, 4, 6 },
  FUTEX_WAKE_BITSET = { 1, 2, 3, 6 },
  FUTEX_LOCK_PI = { 1, 2, 4 },
  FUTEX_LOCK_PI2 = { 1, 2, 4 },
}

local function futex(call)
  local operation = (call.args[2].text or ""):match "FUTEX_[%u_%d]+" or ""
  local places = FUTEX[operation:gsub("_PRIVATE$", "")]
  if not places then return call.args end
  local args = { NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING }
  for i, place in ipairs(places) do args[place] = call.args[i] end
  return args
end

-- A copy of a node under another name.
local function named(node, name)
  local other = { name = name }
  for key, value in pairs(node) do
    if key ~= "name" then other[key] = value end
  end
  return other
end

-- [{access}, {modification}]
local function two_times(call)
  local args = copy(call.args)
  for i, node in ipairs(args) do
    if node.kind == "list" and #node == 2 then
      args[i] = { kind = "struct", named(node[1], "atime"), named(node[2], "mtime") }
    end
  end
  return args
end

-- {effective=0xffffffff /* … */|0x1ff /* … */}: the low and the high 32 capabilities.
local function capabilities(call)
  local args = copy(call.args)
  if not args[2] or args[2].kind ~= "struct" then return args end
  local flat = { kind = "struct" }
  for _, member in ipairs(args[2]) do
    flat[#flat + 1] = named(member.left or member, member.name)
    if member.right then flat[#flat + 1] = named(member.right, member.name .. "_high") end
  end
  args[2] = flat
  return args
end

-- loads=[1, 2, 3]
local function sysinfo(call)
  local struct = call.args[1]
  if struct.kind ~= "struct" then return call.args end
  local flat = { kind = "struct" }
  for _, member in ipairs(struct) do
    if member.name == "loads" then
      for i, name in ipairs { "load1", "load5", "load15" } do flat[#flat + 1] = named(member[i], name) end
    else
      flat[#flat + 1] = member
    end
  end
  return { flat }
end

-- [0 1 5]: numbers of CPUs, as a mask of so many bytes.
local function cpu_mask(list, size)
  if list.kind ~= "list" or size <= 0 then return list end
  local bytes = {}
  for i = 1, size do bytes[i] = 0 end
  for _, item in ipairs(list) do
    local at = item.value // 8 + 1
    if at <= size then bytes[at] = bytes[at] | 1 << item.value % 8 end
  end
  for i = 1, size do bytes[i] = string.char(bytes[i]) end
  return { kind = "string", value = table.concat(bytes) }
end

local function sched_setaffinity(call)
  local pid, size, mask = table.unpack(call.args)
  return { pid, size, cpu_mask(mask, size.value) }
end

local function sched_getaffinity(call)
  local pid, size, mask = table.unpack(call.args)
  return { pid, size, cpu_mask(mask, call.ret and call.ret.value or 0) }
end

-- [0x00000000000001, 0000000000000000]: we show the first word.
local function first_word(place)
  return function(call)
    local args = copy(call.args)
    local list = args[place]
    if list.kind == "list" and #list > 0 then args[place] = { kind = "list", list[1] } end
    return args
  end
end

local function two_node_masks(call)
  return first_word(3) { args = first_word(4)(call) }
end

local ADAPT = {
  capget = capabilities, capset = capabilities, clone = clone, futex = futex, futimesat = two_times,
  get_mempolicy = first_word(2), mbind = first_word(4), migrate_pages = two_node_masks, poll = poll, ppoll = poll,
  preadv2 = offset_of_two_halves, pselect6 = select, pwritev2 = offset_of_two_halves,
  sched_getaffinity = sched_getaffinity, sched_setaffinity = sched_setaffinity, select = select,
  set_mempolicy = first_word(2), sysinfo = sysinfo, utimensat = two_times, utimes = two_times,
}

-- A call that strace knows by its number alone.
local function other(call)
  return { { kind = "number", value = call.number }, { kind = "number", value = 0 }, table.unpack(call.args) }
end

-- strace shows the six registers; we know how many arguments there are, and of which size.
local function newer(call, arguments)
  return { table.unpack(call.args, 1, #arguments) }
end

--- The arguments as strace shows them, in the places of ours; those of kind "nothing" are not compared.
---@param call table
---@param arguments table[]
---@return table[]
return function(call, arguments)
  local change = ADAPT[call.name]
  if call.raw then change = call.name == "other" and other or newer end
  return change and change(call, arguments) or call.args
end
