-- SPDX-License-Identifier: MIT
--- Turns the entry of a system call into fields, and arguments that readers.lua can read.

local kinds   = require "battery.gen.kinds"
local readers = require "battery.gen.readers"

local M = {}

local EVENT_KEYS = { name = true, class = true, doc = true, ret = true, args = true, args_arm64 = true,
                     nr = true, machine = true, never = true, saved = true, creates = true }
local ARG_KEYS = { true, true, doc = true, len = true, room = true, names = true, prefix = true, when = true }
local ARGS_MAX = 6
local RESULT = 6        -- TL_PART_RET

local function check_keys(where, entry, known, fail)
  for key in pairs(entry) do
    if not known[key] then fail(where, "no such key %q", tostring(key)) end
  end
end

-- The name of a kind's i-th field: that of the argument, its own, or what names = { "saddr", … } says.
local function name_of(entry, row, others)
  if not row[1] then return entry[1] end
  if entry.names and not row.member then return entry.names[others] or row[1] end
  return (entry.prefix or "") .. row[1]
end

local function fields_of(entry, kind)
  local fields, others = {}, 0
  for i, row in ipairs(kind.fields) do
    if row[1] then others = others + 1 end
    fields[i] = { name = name_of(entry, row, others), type = row[2] == "chars" and "str" or row[2], meaning = row[3],
                  from = row.from, doc = i == 1 and entry.doc or row[4], arg = entry[1] }
  end
  return fields
end

local function find_length(where, entry, args, fail)
  if not entry.len then return nil end
  if entry.len == "ret" then return { ret = true } end
  local star, name = entry.len:match "^(%*?)([%w_]+)$"
  for i, arg in ipairs(args) do
    if arg[1] == name then return { index = i - 1, behind = star == "*" } end
  end
  fail(where, "len: there is no argument %q", entry.len)
end

local ROOM_KINDS = { size = true, int = true, uint = true, ulong = true }

-- Results may be larger than the room that the program has, so bytes are at most as many as the argument after them
-- says, or that named by `room`.
local function find_room(where, entry, index, args, fail)
  for i, arg in ipairs(args) do
    if entry.room and arg[1] == entry.room then return i - 1 end
  end
  if entry.room then fail(where, "room: there is no argument %q", entry.room) end
  local after = args[index + 1]
  return entry[2] == "buf_out" and not entry.len and after and ROOM_KINDS[after[2]] and index or nil
end

local WITH_LENGTH = { buf = true, array = true }
local WITH_NEXT = { sockaddr_in = true, sockaddr_out = true, iov = true }

-- A struct that is there only with some operations: when = { "cmd", "F_SETLK", …, only = { l_pid = { "F_GETLK" } } },
-- constants of the struct's header; `only`: members that say something with some of them alone.
local function find_when(where, entry, kind, args, fail)
  if not entry.when then return nil end
  if kind.read ~= "struct" then fail(where, "when is for structs") end
  for i, arg in ipairs(args) do
    if arg[1] == entry.when[1] then return { index = i - 1, values = { table.unpack(entry.when, 2) },
                                              only = entry.when.only or {} } end
  end
  fail(where, "when: there is no argument %q", tostring(entry.when[1]))
end

local function check_buffer(here, entry, kind, fail)
  if not WITH_LENGTH[kind.read] and entry.len then fail(here, "len is for buffers") end
  if kind.read == "array" and not entry.len then fail(here, "len is missing: the number of elements") end
end

local function find_kind(here, entry, has_next, env, fail)
  check_keys(here, entry, ARG_KEYS, fail)
  if not entry[2] then fail(here, "kind is missing") end
  local kind = kinds.find(tostring(entry[2]), env.structs)
  if not kind then fail(here, "no such kind %q", tostring(entry[2])) end
  check_buffer(here, entry, kind, fail)
  if WITH_NEXT[kind.read] and not has_next then
    fail(here, "the argument after it must be its length")
  end
  return kind
end

local HELD = { file = "held", dir = "held_dir", string = "held_string" }

local function argument(where, entry, index, args, event, env, fail)
  local here = where .. "." .. tostring(entry[1])
  local kind = find_kind(here, entry, args[index + 1] ~= nil, env, fail)
  local part = event.saved and HELD[kind.part] or kind.part

  if kind.layout then env.arrays[kind.layout] = true end
  if event.closes and kind.descriptor and (event.closes == true or event.closes == entry[1]) then
    part = HELD[kind.part]
  end
  return { name = entry[1], index = index - 1, read = readers[kind.read], c = kind.c, form = kind.form,
           header = kind.header, define = kind.define, part = part, descriptor = kind.descriptor,
           next_part = kind.next_part, part_fields = kind.part_fields,
           fields = fields_of(entry, kind), length = find_length(here, entry, args, fail),
           room = find_room(here, entry, index, args, fail), when = find_when(here, entry, kind, args, fail),
           saved = event.saved }
end

-- The four fields that tell what a descriptor is.
local function file_fields(prefix, what, of)
  local fields = {}
  for i, row in ipairs(kinds.file_fields) do
    fields[i] = { name = prefix .. row[1], type = row[2], meaning = row[3], doc = row[4]:format(what), arg = of,
                  file = true }
  end
  return fields
end

-- A member of a struct that is a descriptor gets the fields of the file too, right behind it.
local function files_of_members(arg)
  local fields = {}
  for _, field in ipairs(arg.fields) do
    fields[#fields + 1] = field
    if field.from and field.meaning == "fd" then
      local files = file_fields(field.name .. "_", ("`%s`"):format(field.name), arg.name)
      field.files, field.file_prefix = files, field.name .. "_"
      table.move(files, 1, 4, #fields + 1, fields)
    end
  end
  return fields
end

local function count_descriptors(event, ret)
  local n = ret == "fd" and 1 or 0
  for _, arg in ipairs(event.args) do
    if arg.descriptor then n = n + 1 end
  end
  return n
end

-- Says which files the descriptors are: `file` if there is one, or for the one that the call returned.
local function add_files(event, ret)
  local several = count_descriptors(event, ret) > 1
  for _, arg in ipairs(event.args) do
    if arg.descriptor then
      arg.file_prefix = several and arg.name .. "_" or ""
      arg.files = file_fields(arg.file_prefix, ("`%s`"):format(arg.name), arg.name)
      table.move(arg.files, 1, 4, 2, arg.fields)
    end
  end
  if ret == "fd" then event.ret_files = file_fields("", "the new descriptor", "ret") end
end

local function result_fields(ret)
  return {
    { name = "ret", type = "s64", meaning = ret, doc = "What the call returned." },
    { name = "error", type = "error", meaning = "", same_as = "ret",
      doc = "Why the call failed; none if it did not." },
    { name = "duration", type = "u64", meaning = "duration", doc = "How long the call took." },
  }
end

-- Of the calls that can make the file that they open.
local function created_field()
  return { name = "created", type = "bool", meaning = "",
           doc = "Whether the call made the file; none if it failed." }
end

-- The end of an execveat looks like that of an execve: only how it began tells them apart.
local MIXED_UP = { execve = { "execve", "execveat" } }

local function add_begins(event, name)
  for _, begin in ipairs(MIXED_UP[name] or {}) do
    event.needs[#event.needs + 1] = { syscall = begin, side = "enter", fields = "-", work = "time" }
  end
end

-- The fields for which an argument is prepared: what its descriptor is, some of them, or the first.
local function fields_of_part(arg)
  if arg.files then return arg.files end
  local fields = {}
  for i, n in ipairs(arg.part_fields or { 1 }) do fields[i] = arg.fields[n] end
  return fields
end

-- What the base programs have to do for a part, at both ends of the call, and for which fields.
local function add_needs(event, name)
  local function need(side, fields, work)
    local names = {}
    for i, field in ipairs(fields) do names[i] = field.name end
    event.needs[#event.needs + 1] = { syscall = name, side = side, fields = table.concat(names, ","), work = work }
  end

  for _, arg in ipairs(event.args) do
    if arg.part then
      local fields, work = fields_of_part(arg), ("%s:%d"):format(arg.part, arg.index)
      need("enter", fields, work)
      need("exit", fields, work)
    end
    if arg.next_part then
      local work = ("%s:%d"):format(arg.next_part, arg.index + 1)
      need("enter", arg.fields, work)
      need("exit", arg.fields, work)
    end
  end
  if event.ret_files then need("exit", event.ret_files, "file:" .. RESULT) end
  if event.created then need("exit", { event.created }, "file:" .. RESULT) end
  if event.saved then
    event.needs[#event.needs + 1] = { syscall = name, side = "enter", fields = "-", work = "args" }
  end
  if not event.never then need("enter", { { name = "duration" } }, "time") end
  add_begins(event, name)
end

-- What verdicts can be made of before the handler runs: fields that are an argument as it is, the result, the duration.
-- An exec's registers are gone by then.
local function add_raws(event)
  local function raw(field, what) event.raws[#event.raws + 1] = { field = field, what = what } end

  for _, arg in ipairs(event.args) do
    if arg.read == readers.number and not event.saved then raw(arg.fields[1].name, arg.index) end
  end
  if event.never then return end
  raw("ret", "ret")
  raw("error", "ret")
  raw("duration", "duration")
end

-- Calls after which a descriptor is something else; `true`: all of them are.
local CLOSES = { close = true, dup2 = "newfd", dup3 = "newfd" }

local function arguments(where, entry, event, env, fail)
  local args = env.machine == "aarch64" and entry.args_arm64 or entry.args
  if type(args) ~= "table" then fail(where, "args are missing") end
  if #args > ARGS_MAX then fail(where, "more than %d arguments", ARGS_MAX) end
  for i, arg in ipairs(args) do
    event.args[i] = argument(where, arg, i, args, event, env, fail)
  end
end

---@param where string
---@param entry table
---@param env table machine, structs
---@param fail function (where, message, …) raises
---@return table event
function M.event(where, entry, env, fail)
  check_keys(where, entry, EVENT_KEYS, fail)
  if type(entry.ret) ~= "string" and not entry.never then fail(where, "ret is missing") end
  if entry.creates and entry.ret ~= "fd" then fail(where, "creates is for calls that return a descriptor") end
  if type(entry.class) ~= "string" then fail(where, "class is missing") end
  local name = entry.name:match "%.(.+)$"
  local event = { args = {}, fields = {}, attach = {}, needs = {}, raws = {}, syscall = name, nr = entry.nr,
                  never = entry.never, saved = entry.saved, closes = CLOSES[name] }
  event[entry.never and "enter" or "exit"] = { [name] = "tl_syscall_" .. name }
  arguments(where, entry, event, env, fail)
  add_files(event, entry.ret)
  for _, arg in ipairs(event.args) do
    if arg.form then arg.all_fields = files_of_members(arg) end
    local fields = arg.all_fields or arg.fields
    table.move(fields, 1, #fields, #event.fields + 1, event.fields)
  end
  if event.ret_files then table.move(event.ret_files, 1, 4, #event.fields + 1, event.fields) end
  event.created = entry.creates and created_field() or nil
  event.fields[#event.fields + 1] = event.created
  if not entry.never then table.move(result_fields(entry.ret), 1, 3, #event.fields + 1, event.fields) end
  add_needs(event, name)
  add_raws(event)
  return event
end

return M
