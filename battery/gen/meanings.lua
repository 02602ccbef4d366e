-- SPDX-License-Identifier: MIT
--- The meanings that a field can have beside its type, in the order of the reference.

local M = {}

M.list = {
  { "time",     "nanoseconds since boot, suspend included" },
  { "duration", "nanoseconds" },
  { "pid",      "a process" },
  { "tid",      "a thread" },
  { "uid",      "a user" },
  { "gid",      "a group" },
  { "fd",       "a file descriptor of the process" },
  { "dirfd",    "a descriptor of a directory, or `AT_FDCWD` (-100)" },
  { "path",     "a path as the program wrote it: maybe relative, not resolved" },
  { "mode",     "permission bits, maybe with the type of the file" },
  { "dev",      "a device: major number times 2^20 plus minor number" },
  { "inode",    "an inode number" },
  { "ns",       "a namespace, by its inode number" },
  { "cgroup",   "a cgroup v2, by its id" },
  { "port",     "a port number, in the machine's byte order" },
  { "bytes",    "a number of bytes" },
  { "ptr",      "an address in the memory of the process; its text is hexadecimal" },
  { "hex",      "a number whose text is hexadecimal" },
  { "timespec", "nanoseconds, passed as seconds and nanoseconds" },
  { "timeval",  "nanoseconds, passed as seconds and microseconds" },
  { "sigset",   "a set of signals, bit 0 is signal 1" },
  { "fdset",    "a set of descriptors, a bit each" },
  { "wait_status", "how a child ended or stopped, as wait4 tells it" },
}

M.known = {}
for _, meaning in ipairs(M.list) do M.known[meaning[1]] = true end

---Splits "flags:open" into "flags" and "open"; other meanings have no second part.
---@param meaning string
---@return string? form "flags" or "enum"
---@return string? domain
function M.domain(meaning)
  local form, domain = meaning:match "^(%l+):([%w_]+)$"
  if form == "flags" or form == "enum" then return form, domain end
end

return M
