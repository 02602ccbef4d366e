-- SPDX-License-Identifier: MIT
--- fixture: a battery file without programs, and records of its events, made from nothing but Lua.

local core = require "traceleft.core"

local M = {}

-- struct tl_record: size event reserved time mask unread absent cgroup pid tid ppid uid gid cpu comm
local HEAD = "<I4I2I2I8I8I8I8I8I4I4I4I4I4I4c16I8"
M.head_size = HEAD:packsize()

-- Types, sizes and how string.pack calls them; tails are struct tl_str.
local TYPES = {
  u8 = "I1", u16 = "I2", u32 = "I4", u64 = "I8", s8 = "i1", s16 = "i2", s32 = "i4", s64 = "i8", bool = "I1",
  error = "i8", str = "tail", bytes = "tail", list = "tail", path = "tail", file = "tail", sockaddr = "tail",
  array = "tail", ip = "I1c3c16",
}

local pipe = assert(io.popen "uname -m")
local machine = pipe:read "l"
pipe:close()

M.layouts = { { name = "pair", size = 8, members = {
  { "fd", "s32", "fd", 0, 4, "" }, { "events", "u16", "flags:poll", 4, 2, "" }, { "rest", "s8", "", 7, 1, "" } } } }

M.events = {
  { name = "test.values", fields = {
    { "small", "u8" }, { "port", "u16" }, { "flags", "u32", "flags:open" }, { "big", "u64" }, { "delta", "s32" },
    { "ret", "s64" }, { "yes", "bool" }, { "error", "error" }, { "path", "str" }, { "data", "bytes" },
    { "argv", "list" }, { "cwd", "path" }, { "saddr", "ip" } } },
  { name = "test.other", class = "desc test", fields = { { "ret", "s64", "", "ret" }, { "extra", "u32" } } },
  { name = "test.files", fields = {
    { "file", "file" }, { "addr", "sockaddr" }, { "fds", "array", "array:pair", "fds" }, { "name", "str" } } },
}

local function size_of(kind)
  return TYPES[kind] == "tail" and 8 or ("<" .. TYPES[kind]):packsize()
end

local function catalogue()
  local lines = { "traceleft\tABI\t5\t" .. machine }
  local function line(...) lines[#lines + 1] = table.concat({ ... }, "\t") end

  for _, layout in ipairs(M.layouts) do
    line("layout", layout.name, layout.size)
    for _, member in ipairs(layout.members) do line("member", table.unpack(member)) end
  end
  for _, event in ipairs(M.events) do
    local at = M.head_size
    for _, field in ipairs(event.fields) do at = at + size_of(field[2]) end
    event.fixed_size = at
    line("event", event.name, at, event.class or "", ("Doc of %s."):format(event.name))
    at = M.head_size
    for i, field in ipairs(event.fields) do
      local name, kind, meaning, arg = field[1], field[2], field[3] or "", field[4] or ""
      line("field", name, kind, meaning, at, size_of(kind), 9 + i, arg, "doc of " .. name)
      at = at + size_of(kind)
    end
  end
  line("end", #M.events)
  return table.concat(lines, "\n") .. "\n"
end

-- An ELF object for BPF with the catalogue as its only section beside that of the names.
local function object(text)
  local names = "\0.traceleft\0.shstrtab\0"
  local sections = 64 + #text + #names
  local header = string.pack("<c16I2I2I4I8I8I8I4I2I2I2I2I2I2", "\127ELF\2\1\1", 1, 247, 1, 0, 0, sections, 0, 64, 0, 0,
    64, 3, 2)
  local function section(name, kind, offset, size)
    return string.pack("<I4I4I8I8I8I8I4I4I8I8", name, kind, 0, 0, offset, size, 0, 0, 1, 0)
  end
  return header .. text .. names .. section(0, 0, 0, 0) .. section(1, 1, 64, #text) ..
    section(12, 3, 64 + #text, #names)
end

--- A replay session that knows these events, and the number of each by name. live: no replay; it must not start.
---@param live? boolean
function M.open(live)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  assert(file:write(object(catalogue())))
  file:close()
  local session, message = core.open { replay = not live, battery = { path } }
  os.remove(path)
  assert(session, message)
  local numbers = {}
  for i, name in ipairs(session:events()) do numbers[name] = i - 1 end
  return session, numbers
end

local function pack_ip(value)
  if not value then return ("\0"):rep(20) end
  return string.pack("<I1c3c16", #value == 4 and 2 or 10, "", value)
end

-- A struct tl_str; its text goes to `tail`, which begins at `offset`. A value { text, kind =, late = true … } has
-- that kind of file and those marks.
local MARKS = { cut = 1, changed = 2, late = 4, deleted = 8 }

local function pack_tail(value, tail, offset)
  value = type(value) == "table" and value or { value or "" }
  local at, flags = offset + #table.concat(tail), 0
  for mark, bit in pairs(MARKS) do flags = flags | (value[mark] and bit or 0) end
  tail[#tail + 1] = value[1]
  return string.pack("<I2I2I2I2", at, #value[1], flags, value.kind or 0)
end

local function pack_field(kind, value, tail, offset)
  if kind == "ip" then return pack_ip(value) end
  if TYPES[kind] == "tail" then return pack_tail(value, tail, offset) end
  return string.pack("<" .. TYPES[kind], value or 0)
end

local HEAD_DEFAULTS = { time = math.maxinteger, mask = -1, unread = 0, absent = 0, cgroup = 7, pid = 42, comm = "cat" }

local function event_named(name)
  for _, event in ipairs(M.events) do
    if event.name == name then return event end
  end
end

--- The bytes of a record. values: by field; { text, cut = true } for a cut string, { bytes, kind = 1 } for a file.
--- head: time, mask, unread and absent (bits by field number), cgroup, pid, comm.
function M.record(numbers, name, values, head)
  local event, parts, tail = event_named(name), {}, {}
  for i, field in ipairs(event.fields) do
    parts[i] = pack_field(field[2], values[field[1]], tail, event.fixed_size)
  end
  local body = table.concat(parts) .. table.concat(tail)
  local h = setmetatable(head or {}, { __index = HEAD_DEFAULTS })
  return string.pack(HEAD, M.head_size + #body, numbers[name], 0, h.time, h.mask, h.unread, h.absent, h.cgroup, h.pid,
    43, 1, 1000, 1000, 3, h.comm, 0) .. body
end

return M
