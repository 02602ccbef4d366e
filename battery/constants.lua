-- SPDX-License-Identifier: MIT
--- Names behind numbers: the domains of the meanings "flags:…" and "enum:…".
-- prefix: every macro of the headers that begins so; exclude: but not these (aliases, limits);
-- also: names that the headers spell otherwise; mask: the bits of the flags that are an enum;
-- names: a list by hand, where the header has them as enumerators.

return {
  -- The kernel's own header: the C library hides O_LARGEFILE, the kernel shows it.
  { name = "open", flags = true, headers = { "linux/fcntl.h" }, prefix = "O_",
    mask = "O_ACCMODE", exclude = { "O_ACCMODE", "O_NDELAY" }, also = { { "O_ASYNC", "FASYNC" } } },
  { name = "resolve", flags = true, headers = { "linux/openat2.h" }, prefix = "RESOLVE_" },
  { name = "accept4", flags = true, headers = { "sys/socket.h" },
    names = { "SOCK_NONBLOCK", "SOCK_CLOEXEC" } },
  { name = "family", headers = { "sys/socket.h" }, prefix = "AF_",
    exclude = { "AF_MAX", "AF_LOCAL", "AF_FILE", "AF_ROUTE" } },
  { name = "signal", headers = { "signal.h" }, prefix = "SIG",
    exclude = { "SIGRTMIN", "SIGRTMAX", "SIGSTKSZ", "SIGCLD", "SIGIOT", "SIGPOLL" } },
}
