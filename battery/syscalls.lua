-- SPDX-License-Identifier: MIT
--- System calls. One entry is one event; its arguments have the names of the man page.

return {
  doc = "System calls, when they return. Arguments have the names of the man page.",
  events = {
    { name = "syscall.open", doc = "A file was opened, or an open was refused.", ret = "fd",
      args = {
        { "pathname", "path" },
        { "flags", "flags:open", doc = "How to open." },
        { "mode", "mode", doc = "Permissions; says something only with O_CREAT or O_TMPFILE." },
      } },
    { name = "syscall.openat", doc = "A file was opened, or an open was refused.", ret = "fd",
      args = {
        { "dirfd", "dirfd" },
        { "pathname", "path" },
        { "flags", "flags:open", doc = "How to open." },
        { "mode", "mode", doc = "Permissions; says something only with O_CREAT or O_TMPFILE." },
      } },
    { name = "syscall.openat2", doc = "A file was opened under conditions, or refused.", ret = "fd",
      args = {
        { "dirfd", "dirfd" },
        { "pathname", "path" },
        { "how", "open_how" },
        { "size", "size", doc = "Size of the struct that the program passed." },
      } },
    { name = "syscall.read", doc = "Bytes were read from a descriptor.", ret = "bytes",
      args = {
        { "fd", "fd" },
        { "buf", "buf_out", doc = "The bytes that were read, at most 256 of them." },
        { "count", "size", doc = "Number of bytes asked for." },
      } },
    { name = "syscall.write", doc = "Bytes were written to a descriptor.", ret = "bytes",
      args = {
        { "fd", "fd" },
        { "buf", "buf_in", doc = "The bytes that were written, at most 256 of them." },
        { "count", "size", doc = "Number of bytes offered." },
      } },
    { name = "syscall.close", doc = "A descriptor was closed.", ret = "",
      args = { { "fd", "fd" } } },
    { name = "syscall.connect", doc = "A socket was connected to an address.", ret = "",
      args = {
        { "sockfd", "fd", doc = "The socket." },
        { "addr", "sockaddr_in" },
        { "addrlen", "uint", doc = "Size of the address that the program passed." },
      } },
    { name = "syscall.accept4", doc = "A connection was taken from a listening socket.", ret = "fd",
      args = {
        { "sockfd", "fd", doc = "The listening socket." },
        { "addr", "sockaddr_out" },
        { "addrlen", "uint*", doc = "Size of the peer's address; none if it was not asked for." },
        { "flags", "flags:accept4", doc = "Flags of the new socket." },
      } },
  },
}
