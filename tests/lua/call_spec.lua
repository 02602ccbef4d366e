-- SPDX-License-Identifier: MIT
-- Lines held against those of strace 6.1 -y, written down by hand. Where a line is another one on purpose, the name of
-- its test says why. The words of the domains are the core's; here they are what the core's own tests ask of it.

local fake = require "fake_core"

local function time_text(second, fraction, unit)
  return function(ns)
    return ("{%s=%d, %s=%d}"):format(second, ns // 1000000000, fraction, ns % 1000000000 // unit)
  end
end

local SIGNALS = { "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
                  "ALRM", "TERM", "STKFLT", "CHLD" }

local function signal_set(mask)
  local names = {}
  for i, name in ipairs(SIGNALS) do
    if mask >> (i - 1) & 1 == 1 then names[#names + 1] = name end
  end
  return "[" .. table.concat(names, " ") .. "]"
end

local function mode(number)
  local kind = ({ [8] = "S_IFREG|", [4] = "S_IFDIR|", [2] = "S_IFCHR|" })[number >> 12] or ""
  return kind .. ("0%02o"):format(number & 0xfff)
end

local OPEN = fake.flags({ { 0x40, "O_CREAT" }, { 0x200, "O_TRUNC" }, { 0x800, "O_NONBLOCK" }, { 0x8000, "O_LARGEFILE" },
                          { 0x80000, "O_CLOEXEC" } },
                        { bits = 3, [0] = "O_RDONLY", "O_WRONLY", "O_RDWR" })
local POLL = fake.flags { { 1, "POLLIN" }, { 4, "POLLOUT" }, { 16, "POLLHUP" } }

local DOMAINS = {
  dirfd = { [-100] = "AT_FDCWD" }, mode = mode, sigset = signal_set,
  dev = function(number) return ("%d:%d"):format(number >> 20, number & 0xfffff) end,
  timespec = time_text("tv_sec", "tv_nsec", 1), timeval = time_text("tv_sec", "tv_usec", 1000),
  wait_status = function(status) return ("WIFEXITED(s) && WEXITSTATUS(s) == %d"):format(status >> 8) end,
  ["flags:open"] = OPEN, ["flags:poll"] = POLL, ["flags:at"] = fake.flags { { 0x1000, "AT_EMPTY_PATH" } },
  ["flags:fd_flags"] = fake.flags { { 1, "FD_CLOEXEC" } },
  ["flags:prot"] = fake.flags { { 1, "PROT_READ" }, { 2, "PROT_WRITE" } },
  ["flags:map"] = fake.flags { { 1, "MAP_SHARED" }, { 2, "MAP_PRIVATE" }, { 32, "MAP_ANONYMOUS" } },
  ["flags:mremap"] = fake.flags { { 1, "MREMAP_MAYMOVE" }, { 2, "MREMAP_FIXED" } },
  ["flags:sock"] = fake.flags { { 0x80000, "SOCK_CLOEXEC" } },
  ["enum:fcntl"] = { [0] = "F_DUPFD", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", [9] = "F_GETOWN",
                     [16] = "F_GETOWN_EX", [1030] = "F_DUPFD_CLOEXEC" },
  ["enum:futex"] = { [0] = "FUTEX_WAIT", [129] = "FUTEX_WAKE_PRIVATE", [137] = "FUTEX_WAIT_BITSET_PRIVATE",
                     [135] = "FUTEX_UNLOCK_PI_PRIVATE", [4] = "FUTEX_CMP_REQUEUE" },
  ["enum:signal"] = { [2] = "SIGINT", [15] = "SIGTERM", [17] = "SIGCHLD" },
  ["enum:sigprocmask"] = { [0] = "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK" },
  ["enum:whence"] = { [0] = "SEEK_SET", "SEEK_CUR" }, ["enum:clock"] = { [0] = "CLOCK_REALTIME", "CLOCK_MONOTONIC" },
  ["enum:rlimit"] = { [3] = "RLIMIT_STACK", [4] = "RLIMIT_CORE" }, ["enum:rusage"] = { [0] = "RUSAGE_SELF" },
  ["enum:prctl"] = { [3] = "PR_GET_DUMPABLE", [15] = "PR_SET_NAME", [38] = "PR_SET_NO_NEW_PRIVS" },
  ["flags:clone"] = fake.flags({ { 0x200000, "CLONE_CHILD_CLEARTID" }, { 0x80000, "CLONE_SETTLS" },
                                 { 0x1000000, "CLONE_CHILD_SETTID" } }, { bits = 0xff, [17] = "SIGCHLD" }),
  ["enum:epoll_op"] = { "EPOLL_CTL_ADD" }, ["flags:epoll"] = fake.flags { { 1, "EPOLLIN" } },
}

local function FD(name, file)
  local prefix = file == "file" and "" or name .. "_"
  return { name, "s32", name:find "dirfd" and "dirfd" or "fd" }, { prefix .. "file", "file", "", name },
    { prefix .. "inode", "u64", "inode", name }, { prefix .. "dev", "u32", "dev", name },
    { prefix .. "mntns", "u32", "ns", name }
end
local RET_FILE = { { "file", "file", "", "ret" }, { "inode", "u64", "inode", "ret" }, { "dev", "u32", "dev", "ret" },
                   { "mntns", "u32", "ns", "ret" } }
local PATH = { "pathname", "str", "path" }
local FLAGS, MODE = { "flags", "u32", "flags:open" }, { "mode", "u32", "mode" }
local ADDR = { { "addr", "sockaddr" }, { "daddr", "ip", "", "addr" }, { "dport", "u16", "port", "addr" } }
local STAT = { { "statbuf", "u64", "ptr" }, { "st_mode", "u32", "mode", "statbuf" },
               { "st_uid", "u32", "uid", "statbuf" }, { "st_size", "s64", "bytes", "statbuf" },
               { "st_rdev", "u32", "dev", "statbuf" } }

-- The fields of each call: rows, or lists of them.
local CALLS = {
  open = { "fd", PATH, FLAGS, MODE, RET_FILE },
  openat = { "fd", { FD "dirfd" }, PATH, FLAGS, MODE, RET_FILE },
  read = { "bytes", { FD("fd", "file") }, { "buf", "bytes" }, { "count", "u64", "bytes" } },
  write = { "bytes", { FD("fd", "file") }, { "buf", "bytes" }, { "count", "u64", "bytes" } },
  close = { "", { FD("fd", "file") } },
  getpid = { "pid" },
  umask = { "mode", { "mask", "u32", "mode" } },
  mkdir = { "", PATH, MODE },
  renameat = { "", { FD "olddirfd" }, { "oldpath", "str", "path" }, { FD "newdirfd" }, { "newpath", "str", "path" } },
  chown = { "", PATH, { "owner", "s32", "uid" }, { "group", "s32", "gid" } },
  mknod = { "", PATH, MODE, { "device", "u32", "dev" } },
  readlink = { "bytes", PATH, { "buf", "bytes" }, { "bufsiz", "u64", "bytes" } },
  setxattr = { "", { "path", "str", "path" }, { "name", "str" }, { "value", "bytes" }, { "size", "u64", "bytes" } },
  lseek = { "", { FD("fd", "file") }, { "offset", "s64" }, { "whence", "s32", "enum:whence" } },
  fcntl = { "", { FD "fd" }, { "cmd", "s32", "enum:fcntl" }, { "arg", "u64", "hex" }, RET_FILE },
  dup2 = { "fd", { FD "oldfd" }, { "newfd", "s32", "fd" }, RET_FILE },
  pipe2 = { "", { "pipefd", "u64", "ptr" }, { "read_fd", "s32", "fd", "pipefd" },
            { "read_fd_file", "file", "", "pipefd" }, { "read_fd_inode", "u64", "inode", "pipefd" },
            { "write_fd", "s32", "fd", "pipefd" }, { "write_fd_file", "file", "", "pipefd" }, FLAGS },
  newfstatat = { "", { FD("dirfd", "file") }, PATH, STAT, { "flags", "u32", "flags:at" } },
  uname = { "", { "buf", "u64", "ptr" }, { "sysname", "str", "", "buf" }, { "nodename", "str", "", "buf" },
            { "release", "str", "", "buf" } },
  getrusage = { "", { "who", "s32", "enum:rusage" }, { "usage", "u64", "ptr" },
                { "ru_utime", "s64", "timeval", "usage" }, { "ru_stime", "s64", "timeval", "usage" },
                { "ru_maxrss", "s64", "", "usage" } },
  prlimit64 = { "", { "target_pid", "s32", "pid" }, { "resource", "s32", "enum:rlimit" }, { "new_limit", "u64", "ptr" },
                { "rlim_cur", "u64", "", "new_limit" }, { "rlim_max", "u64", "", "new_limit" },
                { "old_limit", "u64", "ptr" }, { "old_rlim_cur", "u64", "", "old_limit" },
                { "old_rlim_max", "u64", "", "old_limit" } },
  connect = { "", { FD("sockfd", "file") }, ADDR, { "addrlen", "u32" } },
  accept4 = { "fd", { FD "sockfd" }, ADDR, { "addrlen", "u32" }, { "flags", "u32", "flags:sock" }, RET_FILE },
  sendmsg = { "bytes", { FD("sockfd", "file") }, { "msg", "u64", "ptr" }, { "addr", "sockaddr", "", "msg" },
              { "daddr", "ip", "", "msg" }, { "dport", "u16", "port", "msg" }, { "data", "bytes", "", "msg" },
              { "iovlen", "u64", "", "msg" }, { "flags", "u32" } },
  writev = { "bytes", { FD("fd", "file") }, { "iov", "bytes" }, { "iovcnt", "s32" } },
  poll = { "", { "fds", "array", "array:pollfd", nil, { { "fd", "s32", "fd" }, { "events", "s16", "flags:poll" },
                                                        { "revents", "s16", "flags:poll" } } },
           { "nfds", "u32" }, { "timeout", "s32" } },
  epoll_ctl = { "", { FD "epfd" }, { "op", "s32", "enum:epoll_op" }, { FD "fd" }, { "epoll_event", "u64", "ptr" },
                { "events", "u32", "flags:epoll", "epoll_event" }, { "data", "u64", "", "epoll_event" } },
  select = { "", { "nfds", "s32" }, { "readfds", "bytes", "fdset" }, { "writefds", "bytes", "fdset" },
             { "exceptfds", "bytes", "fdset" }, { "timeout", "s64", "timeval" } },
  mmap = { "ptr", { "addr", "u64", "ptr" }, { "length", "u64", "bytes" }, { "prot", "u32", "flags:prot" },
           { "flags", "u32", "flags:map" }, { FD("fd", "file") }, { "offset", "u64", "hex" } },
  mremap = { "ptr", { "old_address", "u64", "ptr" }, { "old_size", "u64", "bytes" }, { "new_size", "u64", "bytes" },
             { "flags", "u32", "flags:mremap" }, { "new_address", "u64", "ptr" } },
  brk = { "ptr", { "addr", "u64", "ptr" } },
  futex = { "", { "uaddr", "u64", "ptr" }, { "futex_op", "s32", "enum:futex" }, { "val", "u32" },
            { "timeout", "s64", "timespec" }, { "uaddr2", "u64", "ptr" }, { "val3", "u64", "hex" } },
  kill = { "", { "target_pid", "s32", "pid" }, { "sig", "s32", "enum:signal" } },
  rt_sigprocmask = { "", { "how", "s32", "enum:sigprocmask" }, { "nset", "u64", "sigset" },
                     { "oset", "u64", "sigset" }, { "sigsetsize", "u64", "bytes" } },
  clock_nanosleep = { "", { "clockid", "s32", "enum:clock" }, { "flags", "s32" }, { "request", "s64", "timespec" },
                      { "remain", "s64", "timespec" } },
  wait4 = { "pid", { "upid", "s32", "pid" }, { "wstatus", "s32", "wait_status" }, { "options", "s32" },
            { "rusage", "u64", "ptr" } },
  execve = { "", PATH, { "argv", "list" }, { "envp", "list" } },
  pause = { "" },
  prctl = { "", { "option", "s32", "enum:prctl" }, { "arg2", "u64", "hex" }, { "arg3", "u64", "hex" },
            { "arg4", "u64", "hex" }, { "arg5", "u64", "hex" } },
  clone = { "pid", { "flags", "u64", "flags:clone" }, { "stack", "u64", "ptr" }, { "parent_tid", "s32" },
            { "child_tid", "u64", "ptr" }, { "tls", "u64", "ptr" } },
  other = { "", { "number", "s64" }, { "arg0", "u64", "ptr" } },
}

local function add(rows, row)
  if type(row[1]) == "string" then rows[#rows + 1] = row return end
  for _, inner in ipairs(row) do rows[#rows + 1] = inner end
end

local function describe_call(name)
  local rows = {}
  for i = 2, #CALLS[name] do add(rows, CALLS[name][i]) end
  local result = { { "ret", "s64", CALLS[name][1], "" }, { "error", "error", "", "" },
                   { "duration", "u64", "duration", "" } }
  table.move(result, 1, 3, #rows + 1, rows)
  return fake.description { "syscall." .. name, rows }
end

describe("traceleft.call", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.call") end)

  local M = fake.load "traceleft.call"
  local real = fake.meanings
  setup(function() fake.meanings = DOMAINS end)
  teardown(function() fake.meanings = real end)

  local plans = {}

  local function line(name, event, shown)
    local key = name .. (shown or "")
    plans[key] = plans[key] or M.plan(describe_call(name), shown)
    return M.text(event, plans[key])
  end

  -- Specs of calls, each an event and its line.
  local function shows(what, cases)
    it(what, function()
      for _, case in ipairs(cases) do assert.equal(case[3], line(case[1], case[2], case[4])) end
    end)
  end

  local function failing(event, name, number)
    event.error, event.ret = name, -(number or 1)
    return event
  end

  shows("shows opens", {
    { "openat", { dirfd = -100, pathname = "/etc/passwd", flags = 0x80000, mode = 0, ret = 3, file = "/etc/passwd",
                  dirfd_file = "/root", inode = 7, dev = 8, mntns = 9, duration = 12345 },
      'openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3</etc/passwd> 12µs' },
    { "openat", { dirfd = -100, dirfd_file = "/root", pathname = "x", flags = 0x241, mode = 420, ret = 3,
                  file = "/root/x" },
      'openat(AT_FDCWD</root>, "x", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3</root/x>' },
    { "openat", { dirfd = 5, dirfd_file = "/tmp", pathname = "x", flags = 2, mode = 511, ret = 3, file = "/tmp/x" },
      'openat(5</tmp>, "x", O_RDWR) = 3</tmp/x>' },
    { "open", { pathname = "", flags = 0x8000, mode = 77, ret = 4 }, 'open("", O_RDONLY|O_LARGEFILE) = 4' },
  })

  shows("names the error and its reason", {
    { "openat", failing({ dirfd = -100, pathname = "/no", flags = 0, mode = 0 }, "ENOENT", 2),
      'openat(AT_FDCWD, "/no", O_RDONLY) = -1 ENOENT (No such file or directory)' },
    { "close", failing({ fd = 99 }, "EBADF", 9), "close(99) = -1 EBADF (Bad file descriptor)" },
  })

  shows("leaves out the working directory of an absolute path, where it means nothing", {
    { "newfstatat", { dirfd = -100, file = "/root", pathname = "/etc", statbuf = 1, st_mode = 16877, st_uid = 0,
                      st_size = 4096, st_rdev = 0, flags = 0, ret = 0 },
      'newfstatat(AT_FDCWD, "/etc", {st_mode=S_IFDIR|0755, st_size=4096, …}, 0) = 0' },
    { "newfstatat", { dirfd = -100, file = "/root", pathname = ".", statbuf = 1, st_mode = 16877, st_uid = 0,
                      st_size = 4096, st_rdev = 0, flags = 0, ret = 0 },
      'newfstatat(AT_FDCWD</root>, ".", {st_mode=S_IFDIR|0755, st_size=4096, …}, 0) = 0' },
  })

  shows("shows two descriptors and what each is", {
    { "renameat", { olddirfd = 5, olddirfd_file = "/a", oldpath = "x", newdirfd = 6, newdirfd_file = "/b",
                    newpath = "y", ret = 0 }, 'renameat(5</a>, "x", 6</b>, "y") = 0' },
    { "dup2", { oldfd = 1, oldfd_file = "pipe:[2213803]", newfd = 77, file = "pipe:[2213803]", ret = 77 },
      "dup2(1<pipe:[2213803]>, 77) = 77<pipe:[2213803]>" },
    { "pipe2", { pipefd = 1, read_fd = 11, read_fd_file = "pipe:[22]", write_fd = 12, write_fd_file = "pipe:[22]",
                 flags = 0x80000, ret = 0 }, "pipe2([11<pipe:[22]>, 12<pipe:[22]>], O_RDONLY|O_CLOEXEC) = 0" },
  })

  shows("shows buffers, shortened", {
    { "read", { fd = 3, file = "/etc/locale.alias", buf = "# Locale name alias data base.\n# and so on", count = 4096,
                ret = 2996 }, 'read(3</etc/locale.alias>, "# Locale name alias data base.\\n#"…, 4096) = 2996' },
    { "read", { fd = 3, file = "/x", buf = "", count = 4096, ret = 0 }, 'read(3</x>, "", 4096) = 0' },
    { "read", { fd = 0, buf = "abc", count = 10, ret = 900, cut = { "buf" } }, 'read(0, "abc"…, 10) = 900' },
    { "write", { fd = 1, file = "/dev/pts/0", buf = "hello\n", count = 6, ret = 6 },
      'write(1</dev/pts/0>, "hello\\n", 6) = 6' },
    { "writev", { fd = 1, file = "/dev/null", iov = "abcd", iovcnt = 2, ret = 4 },
      'writev(1</dev/null>, "abcd", 2) = 4' },
  })

  shows("shows as much of them as -s says, and paths in full", {
    { "read", { fd = 0, buf = ("x"):rep(40), count = 40, ret = 40 },
      'read(0, "' .. ("x"):rep(40) .. '", 40) = 40', 64 },
    { "read", { fd = 0, buf = "xyz", count = 40, ret = 3 }, 'read(0, ""…, 40) = 3', 0 },
    { "mkdir", { pathname = "/abc/def", mode = 448, ret = 0 }, 'mkdir("/abc/def", 0700) = 0', 2 },
    { "setxattr", { path = "/abc", name = "user.mime", value = "text", size = 4, ret = 0 },
      'setxattr("/abc", "use"…, "tex"…, 4) = 0', 3 },
  })

  shows("escapes bytes in hex where strace writes octal: \\x01 never runs into the digit behind it", {
    { "read", { fd = 3, buf = "\127ELF\2\0001", count = 832, ret = 832 }, 'read(3, "\\x7fELF\\x02\\x001", 832) = 832' },
  })

  shows("leaves UTF-8 readable that strace escapes", {
    { "mkdir", { pathname = "/tmp/größe \"1\"", mode = 511, ret = 0 }, 'mkdir("/tmp/größe \\"1\\"", 0777) = 0' },
  })

  shows("lets no file name end the brackets", {
    { "close", { fd = 13, file = "/tmp/d\n> = 0 9ns", ret = 0 }, "close(13</tmp/d\\n\\x3e = 0 9ns>) = 0" },
    { "close", { fd = 5, file = "TCP 127.0.0.1:37701->127.0.0.1:34822", ret = 0 },
      "close(5<TCP 127.0.0.1:37701->127.0.0.1:34822>) = 0" },
    { "close", { fd = 5, file = "/a/very/deep", cut = { "file" }, ret = 0 }, "close(5</a/very/deep…>) = 0" },
    { "close", { fd = 5, unread = { "file" }, ret = 0 }, "close(5<?>) = 0" },
  })

  shows("shows files and their attributes", {
    { "umask", { mask = 18, ret = 18 }, "umask(022) = 022" },
    { "chown", { pathname = "/x", owner = -1, group = 100, ret = 0 }, 'chown("/x", -1, 100) = 0' },
    { "lseek", { fd = 3, file = "/etc/passwd", offset = -5, whence = 1, ret = 12 },
      "lseek(3</etc/passwd>, -5, SEEK_CUR) = 12" },
    { "readlink", { pathname = "/proc/self/exe", buf = "/root/.pyenv/versions/3.11.7/bin/python3.11", bufsiz = 4096,
                    ret = 43 }, 'readlink("/proc/self/exe", "/root/.pyenv/versions/3.11.7/bin"…, 4096) = 43' },
  })

  shows("shows devices as major:minor, in decimal as ls does", {
    { "mknod", { pathname = "/n", mode = 8630, device = 1 << 20 | 3, ret = 0 }, 'mknod("/n", S_IFCHR|0666, 1:3) = 0' },
    { "newfstatat", { dirfd = 0, file = "/dev/null", pathname = "", statbuf = 1, st_mode = 8630, st_uid = 0,
                      st_size = 0, st_rdev = 1 << 20 | 3, flags = 4096, ret = 0 },
      'newfstatat(0</dev/null>, "", {st_mode=S_IFCHR|0666, st_rdev=1:3, …}, AT_EMPTY_PATH) = 0' },
  })

  shows("shows the address of a struct that was not written or could not be read", {
    { "newfstatat", failing({ dirfd = -100, pathname = "/no", statbuf = 0x7ffdec05ef00, flags = 0 }, "ENOENT", 2),
      'newfstatat(AT_FDCWD, "/no", 0x7ffdec05ef00, 0) = -1 ENOENT (No such file or directory)' },
    { "newfstatat", failing({ dirfd = -100, pathname = "/", statbuf = 0, flags = 0 }, "EFAULT", 14),
      'newfstatat(AT_FDCWD, "/", NULL, 0) = -1 EFAULT (Bad address)' },
    { "uname", { buf = 16, ret = 0, unread = { "sysname", "nodename" } }, "uname(0x10) = 0" },
    { "uname", { ret = 0, unread = { "buf", "sysname", "nodename" } }, "uname(?) = 0" },
  })

  shows("shows structs, the long ones in short", {
    { "uname", { buf = 16, sysname = "Linux", nodename = "vm", release = "6.1", ret = 0 },
      'uname({sysname="Linux", nodename="vm", …}) = 0' },
    { "uname", { buf = 16, sysname = "Linux", unread = { "nodename" }, ret = 0 },
      'uname({sysname="Linux", nodename=?, …}) = 0' },
    { "getrusage", { who = 0, usage = 16, ru_utime = 74648000, ru_stime = 91938000, ru_maxrss = 7, ret = 0 },
      "getrusage(RUSAGE_SELF, {ru_utime={tv_sec=0, tv_usec=74648}, ru_stime={tv_sec=0, tv_usec=91938}, …}) = 0" },
    { "prlimit64", { target_pid = 0, resource = 4, new_limit = 16, rlim_cur = 0, rlim_max = 0, old_limit = 0, ret = 0 },
      "prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=0}, NULL) = 0" },
  })

  shows("writes numbers out that strace breaks into factors", {
    { "prlimit64", { target_pid = 0, resource = 3, new_limit = 0, old_limit = 16, old_rlim_cur = 8388608,
                     old_rlim_max = -1, ret = 0 },
      "prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8388608, rlim_max=18446744073709551615}) = 0" },
  })

  shows("shows addresses of sockets as one types them, not as structs", {
    { "connect", { sockfd = 6, file = "TCP 127.0.0.1:34822->127.0.0.1:37701", addr = "127.0.0.1:37701",
                   daddr = "127.0.0.1", dport = 37701, addrlen = 16, ret = 0 },
      "connect(6<TCP 127.0.0.1:34822->127.0.0.1:37701>, 127.0.0.1:37701, 16) = 0" },
    { "connect", failing({ sockfd = 8, file = "UNIX", addr = "unix:/tmp/a b", addrlen = 11 }, "ENOENT", 2),
      'connect(8<UNIX>, "unix:/tmp/a b", 11) = -1 ENOENT (No such file or directory)' },
    { "connect", failing({ sockfd = 8, unread = { "addr", "daddr" }, addrlen = 11 }, "EFAULT", 14),
      "connect(8, ?, 11) = -1 EFAULT (Bad address)" },
  })

  shows("shows lengths behind pointers without brackets: what a field is does not tell how it was passed", {
    { "accept4", { sockfd = 5, sockfd_file = "TCP 127.0.0.1:1", addr = "[::1]:34822", addrlen = 28, flags = 0x80000,
                   ret = 7, file = "TCP6 [::1]:1->[::1]:34822" },
      "accept4(5<TCP 127.0.0.1:1>, [::1]:34822, 28, SOCK_CLOEXEC) = 7<TCP6 [::1]:1->[::1]:34822>" },
    { "accept4", { sockfd = 5, flags = 0, ret = 7 }, "accept4(5, NULL, NULL, 0) = 7" },
  })

  shows("shows … where a call that failed did not write, for want of the pointer", {
    { "read", failing({ fd = 99, count = 10 }, "EBADF", 9), "read(99, …, 10) = -1 EBADF (Bad file descriptor)" },
    { "accept4", failing({ sockfd = 5, flags = 0 }, "EAGAIN", 11),
      "accept4(5, …, …, 0) = -1 EAGAIN (Resource temporarily unavailable)" },
    { "wait4", failing({ upid = -1, options = 0, rusage = 0 }, "ECHILD", 10),
      "wait4(-1, …, 0, NULL) = -1 ECHILD (No child processes)" },
  })

  shows("shows messages by the bytes that went, not by their buffers", {
    { "sendmsg", { sockfd = 6, file = "UDP 0.0.0.0:9", msg = 16, addr = "10.0.0.1:53", daddr = "10.0.0.1", dport = 53,
                   data = "abcd", iovlen = 2, flags = 0, ret = 4 },
      'sendmsg(6<UDP 0.0.0.0:9>, {addr=10.0.0.1:53, data="abcd", iovlen=2}, 0) = 4' },
  })

  shows("shows sets of descriptors; what became ready stands beside what was asked for, not behind the result", {
    { "poll", { fds = { { fd = 7, events = 1, revents = 1 } }, nfds = 1, timeout = 0, ret = 1 },
      "poll([{fd=7, events=POLLIN, revents=POLLIN}], 1, 0) = 1" },
    { "poll", { fds = { { fd = 7, events = 5, revents = 0 }, { fd = 8, events = 1, revents = 16 } }, nfds = 70,
                timeout = -1, ret = 1, cut = { "fds" } },
      "poll([{fd=7, events=POLLIN|POLLOUT, revents=0}, {fd=8, events=POLLIN, revents=POLLHUP}…], 70, -1) = 1" },
    { "poll", { nfds = 0, timeout = 5, ret = 0 }, "poll(NULL, 0, 5) = 0" },
    { "select", { nfds = 8, readfds = "\xa0", writefds = "\64", timeout = 1500000000, ret = 2 },
      "select(8, [5 7], [6], NULL, {tv_sec=1, tv_usec=500000}) = 2" },
    { "epoll_ctl", { epfd = 9, epfd_file = "anon_inode:[eventpoll]", op = 1, fd = 6, fd_file = "socket:[22]",
                     epoll_event = 16, events = 1, data = 6, ret = 0 },
      "epoll_ctl(9<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 6<socket:[22]>, {events=EPOLLIN, data=6}) = 0" },
  })

  shows("shows memory in hex", {
    { "mmap", { addr = 0, length = 43715, prot = 1, flags = 2, fd = 3, file = "/etc/ld.so.cache", offset = 0,
                ret = 0x7fa1a7c81000 },
      "mmap(NULL, 43715, PROT_READ, MAP_PRIVATE, 3</etc/ld.so.cache>, 0) = 0x7fa1a7c81000" },
    { "mmap", { addr = 0x7fa1a7ac5000, length = 8192, prot = 3, flags = 34, fd = -1, offset = 0x26000,
                ret = 0x7fa1a7ac5000 },
      "mmap(0x7fa1a7ac5000, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0x26000) = 0x7fa1a7ac5000" },
    { "mmap", failing({ addr = 0, length = 1, prot = 0, flags = 0, fd = -1, offset = 0 }, "EINVAL", 22),
      "mmap(NULL, 1, 0, 0, -1, 0) = -1 EINVAL (Invalid argument)" },
    { "brk", { addr = 0, ret = 0x55a001b05000 }, "brk(NULL) = 0x55a001b05000" },
  })

  shows("leaves out arguments that say nothing in this call", {
    { "mremap", { old_address = 4096, old_size = 4096, new_size = 8192, flags = 1, new_address = 7, ret = 8192 },
      "mremap(0x1000, 4096, 8192, MREMAP_MAYMOVE) = 0x2000" },
    { "mremap", { old_address = 4096, old_size = 4096, new_size = 8192, flags = 3, new_address = 12288, ret = 12288 },
      "mremap(0x1000, 4096, 8192, MREMAP_MAYMOVE|MREMAP_FIXED, 0x3000) = 0x3000" },
    { "futex", { uaddr = 16, futex_op = 129, val = 2147483647, timeout = 7, uaddr2 = 7, val3 = 7, ret = 0 },
      "futex(0x10, FUTEX_WAKE_PRIVATE, 2147483647) = 0" },
    { "futex", { uaddr = 16, futex_op = 135, val = 0, timeout = 7, uaddr2 = 7, val3 = 7, ret = 0 },
      "futex(0x10, FUTEX_UNLOCK_PI_PRIVATE, 0) = 0" },
    { "futex", { uaddr = 16, futex_op = 0, val = 2, uaddr2 = 7, val3 = 7, ret = 0 },
      "futex(0x10, FUTEX_WAIT, 2, NULL) = 0" },
    { "futex", { uaddr = 16, futex_op = 137, val = 0, timeout = 1000000005, uaddr2 = 7, val3 = 0xffffffff, ret = 0 },
      "futex(0x10, FUTEX_WAIT_BITSET_PRIVATE, 0, {tv_sec=1, tv_nsec=5}, 0xffffffff) = 0" },
    { "futex", { uaddr = 16, futex_op = 77, val = 0, timeout = 1, uaddr2 = 7, val3 = 0, ret = 0 },
      "futex(0x10, 77, 0, {tv_sec=0, tv_nsec=1}, 0x7, 0) = 0" },
  })

  shows("leaves out what an operation does not take", {
    { "prctl", { option = 3, arg2 = 7, arg3 = 7, arg4 = 7, arg5 = 7, ret = 1 }, "prctl(PR_GET_DUMPABLE) = 1" },
    { "prctl", { option = 38, arg2 = 1, arg3 = 0, arg4 = 0, arg5 = 0, ret = 0 },
      "prctl(PR_SET_NO_NEW_PRIVS, 0x1, 0, 0, 0) = 0" },
    { "prctl", { option = 99, arg2 = 1, arg3 = 0, arg4 = 0, arg5 = 0, ret = 0 }, "prctl(99, 0x1, 0, 0, 0) = 0" },
  })

  shows("shows the name of a thread as an address: prctl's argument is a number here", {
    { "prctl", { option = 15, arg2 = 0x7ffc00, arg3 = 7, arg4 = 7, arg5 = 7, ret = 0 },
      "prctl(PR_SET_NAME, 0x7ffc00) = 0" },
  })

  shows("shows the arguments of clone in the kernel's order and without names", {
    { "clone", { flags = 0x1200011, stack = 0, parent_tid = 7, child_tid = 0x7f0e, tls = 7, ret = 11548 },
      "clone(SIGCHLD|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID, NULL, 0x7f0e) = 11548" },
  })

  shows("shows what fcntl was asked for", {
    { "fcntl", { fd = 3, fd_file = "/etc/passwd", cmd = 1, arg = 9, ret = 1 },
      "fcntl(3</etc/passwd>, F_GETFD) = 0x1 (flags FD_CLOEXEC)" },
    { "fcntl", { fd = 3, cmd = 1, arg = 9, ret = 0 }, "fcntl(3, F_GETFD) = 0" },
    { "fcntl", { fd = 3, cmd = 2, arg = 1, ret = 0 }, "fcntl(3, F_SETFD, FD_CLOEXEC) = 0" },
    { "fcntl", { fd = 3, cmd = 3, arg = 9, ret = 0x8000 },
      "fcntl(3, F_GETFL) = 0x8000 (flags O_RDONLY|O_LARGEFILE)" },
    { "fcntl", { fd = 3, cmd = 4, arg = 0x800, ret = 0 }, "fcntl(3, F_SETFL, O_RDONLY|O_NONBLOCK) = 0" },
    { "fcntl", { fd = 3, fd_file = "/x", cmd = 1030, arg = 40, ret = 40, file = "/x" },
      "fcntl(3</x>, F_DUPFD_CLOEXEC, 40) = 40</x>" },
    { "fcntl", { fd = 3, cmd = 9, arg = 40, ret = 0 }, "fcntl(3, F_GETOWN) = 0" },
    { "fcntl", { fd = 3, cmd = 16, arg = 40, ret = 0 }, "fcntl(3, F_GETOWN_EX, 0x28) = 0" },
  })

  shows("shows signals and times", {
    { "kill", { target_pid = 11507, sig = 0, ret = 0 }, "kill(11507, 0) = 0" },
    { "kill", { target_pid = -1, sig = 15, ret = 0 }, "kill(-1, SIGTERM) = 0" },
    { "rt_sigprocmask", { how = 0, nset = 1 << 1 | 1 << 16, sigsetsize = 8, ret = 0 },
      "rt_sigprocmask(SIG_BLOCK, [INT CHLD], NULL, 8) = 0" },
    { "rt_sigprocmask", { how = 2, nset = 0, oset = 1 << 14, sigsetsize = 8, ret = 0 },
      "rt_sigprocmask(SIG_SETMASK, [], [TERM], 8) = 0" },
    { "clock_nanosleep", failing({ clockid = 1, flags = 0, request = 5000000000 }, "EINTR", 4),
      "clock_nanosleep(CLOCK_MONOTONIC, 0, {tv_sec=5, tv_nsec=0}, NULL) = -1 EINTR (Interrupted system call)" },
  })

  shows("shows calls that the kernel starts again, or that never return", {
    { "pause", failing({}, "ERESTARTNOHAND", 514), "pause() = ? ERESTARTNOHAND" },
    { "read", failing({ fd = 0, count = 1 }, "ERESTARTSYS", 512), "read(0, …, 1) = ? ERESTARTSYS" },
    { "pause", {}, "pause() = ?" },
    { "getpid", { ret = 3840, duration = 95 }, "getpid() = 3840 95ns" },
  })

  it("shows calls that have no result", function()
    local description = fake.description { "syscall.exit_group", { { "status", "s32" } } }
    assert.equal("exit_group(3) = ?", M.text({ status = 3 }, M.plan(description)))
  end)

  shows("counts the environment", {
    { "execve", { pathname = "/usr/bin/cat", argv = { "cat", "/etc/hostname" }, envp = { "A=1", "B=2" }, ret = 0 },
      'execve("/usr/bin/cat", ["cat", "/etc/hostname"], [/* 2 vars */]) = 0' },
    { "execve", { pathname = "/x", argv = { "x" }, envp = { "A=1" }, cut = { "argv", "envp" }, ret = 0 },
      'execve("/x", ["x"…], [/* 1+ vars */]) = 0' },
    { "execve", failing({ unread = { "pathname", "envp" } }, "EFAULT", 14),
      "execve(?, NULL, ?) = -1 EFAULT (Bad address)" },
    { "wait4", { upid = 7, wstatus = 768, options = 0, rusage = 0, ret = 7 },
      "wait4(7, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 7" },
  })

  shows("marks what another thread rewrote, and says nothing of what was read late", {
    { "mkdir", { pathname = "/a/b", mode = 511, ret = 0, changed = { "pathname" } },
      'mkdir("/a/b" /* changed */, 0777) = 0' },
    { "mkdir", { pathname = "/a/b", mode = 511, ret = 0, changed = { "pathname" }, cut = { "pathname" } },
      'mkdir("/a/b"… /* changed */, 0777) = 0' },
    { "mkdir", { pathname = "/a/b", mode = 511, ret = 0, late = { "pathname" } }, 'mkdir("/a/b", 0777) = 0' },
  })

  shows("names the arguments of a call that nobody knows", {
    { "other", failing({ number = 999, arg0 = 7 }, "ENOSYS", 38),
      "other(number=999, arg0=0x7) = -1 ENOSYS (Function not implemented)" },
  })

  it("knows the fields that a line needs, and no more", function()
    local function fields(name) return M.plan(describe_call(name)).fields end
    assert.same({ "dirfd", "dirfd_file", "pathname", "flags", "mode", "ret", "file", "error", "duration" },
                fields "openat")
    assert.same({ "sockfd", "file", "addr", "addrlen", "ret", "error", "duration" }, fields "connect")
    assert.same({ "dirfd", "file", "pathname", "statbuf", "st_mode", "st_size", "st_rdev", "flags", "ret", "error",
                  "duration" }, fields "newfstatat")
    assert.same({ "pipefd", "read_fd", "read_fd_file", "write_fd", "write_fd_file", "flags", "ret", "error",
                  "duration" }, fields "pipe2")
  end)
end)
