-- SPDX-License-Identifier: MIT
--- What an argument of a system call can be: the fields that it makes, and how a handler reads it.
-- `read` names a function of readers.lua. `part` is what the base programs do with it before handlers
-- run (enum tl_part_work); `own` that the field may not bear the argument's name alone.

local M = {}

-- name = { type, meaning, doc, read = }; without `read` it is a plain number.
local kinds = {
  int     = { "s32", "", "A number." },
  uint    = { "u32", "", "A number." },
  long    = { "s64", "", "A number." },
  ulong   = { "u64", "", "A number." },
  hex     = { "u64", "hex", "A number." },
  size    = { "u64", "bytes", "Number of bytes." },
  ssize   = { "s64", "bytes", "Number of bytes." },
  off     = { "s64", "", "Offset in a file." },
  ptr     = { "u64", "ptr", "An address." },
  pid     = { "s32", "pid", "The process." },
  uid     = { "s32", "uid", "The user." },
  gid     = { "s32", "gid", "The group." },
  mode    = { "u32", "mode", "Permission bits." },
  signal  = { "s32", "enum:signal", "The signal." },
  dev     = { "u32", "dev", "The device.", read = "dev" },
  wait_status = { "s32", "wait_status", "How the child ended or stopped." },

  str     = { "str", "", "The string that the program passed.", read = "str" },
  path    = { "str", "path", "The path that the program passed.", read = "path", part = "string" },
  strs    = { "list", "", "The strings that the program passed.", read = "strs" },
  argv    = { "list", "", "The arguments, the program's name first.", read = "argv", part = "exec_argv" },
  envp    = { "list", "", "The environment.", read = "envp" },
  exec_path = { "str", "path", "The program as the caller named it.", read = "path", part = "exec_path" },

  buf_in  = { "bytes", "", "The bytes that the program passed.", read = "buf" },
  buf_out = { "bytes", "", "The bytes that the program got.", read = "buf" },
  iov_in  = { "bytes", "", "The bytes that the program passed, of all buffers.", read = "iov" },
  iov_out = { "bytes", "", "The bytes that the program got, of all buffers.", read = "iov" },

  timespec     = { "s64", "timespec", "A time that the program passed, in nanoseconds.", read = "time_in" },
  timeval      = { "s64", "timeval", "A time that the program passed, in nanoseconds.", read = "time_in" },
  timespec_held = { "s64", "timespec", "A time that the program passed, in nanoseconds.", read = "time_held",
                    part = "held_bytes" },
  timeval_held = { "s64", "timeval", "A time that the program passed, in nanoseconds.", read = "time_held",
                   part = "held_bytes" },
  timespec_out = { "s64", "timespec", "A time that the program got, in nanoseconds.", read = "time_out" },
  timeval_out  = { "s64", "timeval", "A time that the program got, in nanoseconds.", read = "time_out" },
  sigset       = { "u64", "sigset", "A set of signals that the program passed.", read = "pointee_in" },
  sigset_out   = { "u64", "sigset", "A set of signals that the program got.", read = "pointee" },
  nodes        = { "u64", "", "A set of NUMA nodes that the program passed, the first 64.", read = "pointee_in" },
  fdset        = { "bytes", "fdset", "A set of descriptors, when the call returns.", read = "fdset" },
}

-- Kinds with a domain: "flags:open". flags64 for the calls whose flags are 64 bits wide.
local with_domain = {
  flags   = { "u32", "flags:", "Flags." },
  flags64 = { "u64", "flags:", "Flags." },
  enum    = { "s32", "enum:", "One of a list." },
}

local DESCRIPTORS = {
  fd    = { "s32", "fd", "The descriptor." },
  dirfd = { "s32", "dirfd", "The directory that a relative path starts from." },
}

-- What is said of the file behind a descriptor, in the order of struct tl_file_fields.
M.file_fields = {
  { "file", "file", "", "What %s is." },
  { "inode", "u64", "inode", "Its inode." },
  { "dev", "u32", "dev", "The device that holds it." },
  { "mntns", "u32", "ns", "The mount namespace that its path belongs to." },
}

-- Addresses of sockets. _in: the program passes it, with its length in the next argument; _out: the
-- kernel writes it, and its length to where the next argument points.
local sockaddr = {
  { nil, "sockaddr", "", "The address, of whatever family." },
  { "daddr", "ip", "", "The peer's address; none if it is neither IPv4 nor IPv6." },
  { "dport", "u16", "port", "The peer's port." },
}

local msghdr = {
  { nil, "u64", "ptr", "Where the message's head is." },
  { "addr", "sockaddr", "", "The peer's address, if the message has one." },
  { "daddr", "ip", "", "The peer's address; none if it is neither IPv4 nor IPv6." },
  { "dport", "u16", "port", "The peer's port." },
  { "data", "bytes", "", "The bytes that were transferred, of all buffers." },
  { "iovlen", "u64", "", "Number of buffers." },
  { "controllen", "u64", "bytes", "Bytes of ancillary data." },
  { "msg_flags", "u32", "flags:msg", "Flags of a message that was received." },
}

local compound = {
  sockaddr_in  = { read = "sockaddr_in", fields = sockaddr },
  sockaddr_out = { read = "sockaddr_out", fields = sockaddr, next_part = "held_bytes" },
  msg_in       = { read = "msg", fields = msghdr },
  msg_out      = { read = "msg", fields = msghdr, part = "held_bytes", part_fields = { 2, 3, 4 } },
}

local function single(row, meaning)
  return { read = row.read or "number", part = row.part,
           fields = { { nil, row[1], meaning or row[2], row[3] } } }
end

local function pointee(name, structs)
  local kind = M.find(name, structs)
  if not kind or kind.read ~= "number" then return nil end
  kind.read = "pointee"
  return kind
end

-- A struct behind a pointer: the pointer, and a field for each member.
local function struct(form, name, structs)
  local definition = structs[name]
  if not definition then return nil end
  local fields = { { nil, "u64", "ptr", "Where the program has it." } }
  for i, row in ipairs(definition.fields) do
    fields[i + 1] = { row[1], row[2], row[3], row[4], from = row.from or row[1], member = true }
  end
  return { read = "struct", form = form, fields = fields, c = definition.c, header = definition.header,
           define = definition.define }
end

local function array(name, structs)
  local definition = structs[name]
  if not definition then return nil end
  return { read = "array", layout = name, c = definition.c, header = definition.header, define = definition.define,
           fields = { { nil, "array", "array:" .. name, "One after the other." } } }
end

local STRUCTS = { ["in"] = true, out = true, inout = true }

-- "flags:open", "in:timespec"
local function with_colon(form, domain, structs)
  if STRUCTS[form] then return struct(form, domain, structs) end
  if form == "array_in" or form == "array_out" then return array(domain, structs) end
  local row = with_domain[form]
  return row and single(row, row[2] .. domain)
end

---The kind of that name: { read, fields = { { name or nil, type, meaning, doc }… } }. A kind with
---a star, as "uint*", is the value behind the pointer when the call returns.
---@param name string
---@param structs table battery/structs.lua
---@return table? kind nil: there is none
function M.find(name, structs)
  local behind = name:match "^(.+)%*$"
  local form, domain = name:match "^([%w_]+):([%w_]+)$"

  if behind then return pointee(behind, structs) end
  if form then return with_colon(form, domain, structs) end
  if DESCRIPTORS[name] then
    local kind = single(DESCRIPTORS[name])
    kind.descriptor, kind.part = true, name == "fd" and "file" or "dir"
    return kind
  end
  if kinds[name] then return single(kinds[name]) end
  return compound[name]
end

return M
