-- SPDX-License-Identifier: MIT
--- What an argument of a system call can be: the fields that it makes, and how a handler reads it.
-- A kind with `read` names a function of readers.lua; without one it is a plain number.

local M = {}

local kinds = {
  int     = { "s32", "", "A number." },
  uint    = { "u32", "", "A number." },
  long    = { "s64", "", "A number." },
  ulong   = { "u64", "", "A number." },
  size    = { "u64", "bytes", "Number of bytes." },
  ssize   = { "s64", "bytes", "Number of bytes." },
  off     = { "s64", "", "Offset in a file." },
  ptr     = { "u64", "ptr", "An address." },
  fd      = { "s32", "fd", "The descriptor." },
  dirfd   = { "s32", "dirfd", "The directory that a relative path starts from." },
  pid     = { "s32", "pid", "The process." },
  uid     = { "u32", "uid", "The user." },
  gid     = { "u32", "gid", "The group." },
  mode    = { "u32", "mode", "Permission bits." },
  signal  = { "s32", "enum:signal", "The signal." },
  dev     = { "u32", "dev", "The device.", read = "dev" },
  str     = { "str", "", "The string that the program passed.", read = "str" },
  path    = { "str", "path", "The path that the program passed.", read = "str" },
  buf_in  = { "bytes", "", "The bytes that the program passed.", read = "buf" },
  buf_out = { "bytes", "", "The bytes that the program got.", read = "buf" },
}

-- Kinds with a domain: "flags:open". flags64 for the calls whose flags are 64 bits wide.
local with_domain = {
  flags   = { "u32", "flags:", "Flags." },
  flags64 = { "u64", "flags:", "Flags." },
  enum    = { "s32", "enum:", "One of a list." },
}

-- Addresses of sockets: one argument, two fields. _in: the program passes it, with its length in
-- the next argument; _out: the kernel writes it, and its length to where the next argument points.
local sockaddr = {
  { "daddr", "ip", "", "The peer's address; none if it is neither IPv4 nor IPv6." },
  { "dport", "u16", "port", "The peer's port." },
}
local sockaddrs = {
  sockaddr_in  = { read = "sockaddr_in", fields = sockaddr },
  sockaddr_out = { read = "sockaddr_out", fields = sockaddr },
}

-- Structs that the program passes; each member becomes a field.
local structs = {
  open_how = {
    read = "struct", c = "struct open_how", header = "linux/openat2.h",
    fields = {
      { "flags", "u64", "flags:open", "How to open." },
      { "mode", "u64", "mode", "Permissions of a file that is made." },
      { "resolve", "u64", "flags:resolve", "What the path may not pass." },
    },
  },
}

local function single(row, meaning, read)
  return { read = read or row.read or "number",
           fields = { { nil, row[1], meaning or row[2], row[3] } } }
end

---The kind of that name: { read, fields = { { name or nil, type, meaning, doc }… } }. A kind with
---a star, as "uint*", is the value behind the pointer when the call returns.
---@param name string
---@return table? kind nil: there is none
function M.find(name)
  local pointee = name:match "^(.+)%*$"
  local form, domain = name:match "^(%w+):([%w_]+)$"

  if pointee then
    local kind = M.find(pointee)
    if not kind or kind.read ~= "number" then return nil end
    kind.read = "pointee"
    return kind
  end
  if form then
    local row = with_domain[form]
    return row and single(row, row[2] .. domain)
  end
  if kinds[name] then return single(kinds[name]) end
  return sockaddrs[name] or structs[name]
end

return M
