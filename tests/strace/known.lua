-- SPDX-License-Identifier: MIT
--- The differences between strace and us that have a reason. Whatever is not here fails the test.
--
-- An entry is { call, arg, why =, what =, test = }: patterns (of Lua) for the names of call and argument and for what
-- is different, each of which must match as a whole; test gets the difference (see call.lua) and may say no.
-- The first entry that fits counts it. Entries that fit nothing in a whole run are printed.
-- `ours = true`: we are the ones who should mend it; such an entry goes with its cause.

-- ---- tests -------------------------------------------------------------------------------------------------

local function event(d) return d.pair.event end
local function theirs(d) return d.pair.call end
local function failed(d) return theirs(d).error ~= nil end
local function returned(number) return function(d) return event(d) and event(d).ret == number end end
local function is_zero(d) return d.node and d.node.value == 0 end
local function all_bits(d) return d.node and d.node.value and d.node.value & 0xffffffff == 0xffffffff end

-- The same number, if one looks at its lower 32, 16 or 8 bits.
local function lower_bits(d)
  local ours, value = event(d)[d.arg], d.node.value
  if not value or ours == value then return false end
  for _, bits in ipairs { 32, 16, 8 } do
    if (ours ~ value) & (1 << bits) - 1 == 0 and value & (1 << bits) - 1 == value then return true end
  end
  return false
end

-- Names that strace has and we have not: all of them begin like that.
local function missing(prefix)
  return function(d)
    local names = d.what:match "^has no name (.*)$"
    for name in (names or "?"):gmatch "[^|]+" do
      if not name:find("^" .. prefix) then return false end
    end
    return true
  end
end

-- strace saw a call begin, and then the thread was gone: killed, or because another one became a new program.
local function strace_saw_no_end(d)
  return not theirs(d).error and not theirs(d).ret
end

local NETLINK = "NETLINK"
local function on_netlink(d)
  local socket = theirs(d).args[1]
  return socket.file ~= nil and socket.file:find("^" .. NETLINK) ~= nil
end

-- [3] at the begin and 53 at the end, for 50 bytes went from there.
local function moved_on(d)
  local begin = d.node.kind == "list" and d.node[1].value
  return begin and event(d)[d.arg] == begin + event(d).ret
end

-- The name of the socket has the same port, and the peer that strace has not.
local function connected_since(d)
  local own = d.node.file:match ":%[.*:(%d+)%]$"
  return own ~= nil and d.ours ~= nil and d.ours:find(":" .. own .. "->", 1, true) ~= nil
end

-- "@abstract" for "@abstract\0name"
local function cut_at_nul(d)
  local shown = d.what:match "strace says UNIX (@.*)$"
  return shown ~= nil and d.ours:sub(1, #shown + 6) == "UNIX " .. shown .. "\0"
end

local function is_flag(name)
  return function(d)
    for _, node in ipairs(theirs(d).args) do
      if node.text and node.text:find(name, 1, true) then return true end
    end
    return false
  end
end

local function beside_absolute(d)
  for i, node in ipairs(theirs(d).args) do
    local path = theirs(d).args[i + 1]
    if node == d.node then return node.text == "AT_FDCWD" and path and tostring(path.value):sub(1, 1) == "/" end
  end
end

local TAKES_INT = "for this operation strace shows the bits that the kernel looks at, we show all"
local CHANGED_LATER = "strace shows what was there when the call began, we what is there when it ended"
local DEPENDS = "what the address leads to depends on another argument; we show the address"
local NEVER_FILLED = "the kernel never fills this member: what strace shows is what was in the program's memory"
local NEVER_COUNTED = "Linux never counts this: it is always 0"
local CONTROL = "ancillary data is shown by its size"
local GONE = "the call was never in Linux or is gone; nobody knows its arguments, so there are none"
local PART_ONLY = "of this struct we show a part"

return {
  -- ---- calls that end in other ways ------------------------------------------------------------------------

  { "rt_sigreturn", nil, why = "we show it when it begins, as it does not return: what strace calls its result is "
    .. "what the interrupted code had in the register, and its argument is on the stack of the signal" },
  { "v?fork", "", what = "strace has it not", test = returned(0),
    why = "the new process comes out of the call too; we show that as well, without a duration" },
  { "clone3?", "", what = "strace has it not", test = returned(0),
    why = "the new process or thread comes out of the call too; we show that as well, without a duration" },
  { nil, "ret", what = "strace saw no return", test = strace_saw_no_end,
    why = "the thread was killed in the call: strace does not see how it ended, we do" },
  { nil, "error", what = "is another error", test = strace_saw_no_end,
    why = "the thread was killed in the call: strace does not see how it ended, we do" },
  { nil, "time", test = strace_saw_no_end,
    why = "the thread was killed in the call: strace looks at its clock late, and the number of the thread may already "
      .. "be that of the one that killed it with execve" },
  { "modify_ldt", "error",
    test = function(d) return event(d).ret > 0xfffff000 and event(d).ret < 1 << 32 end,
    why = "this call returns 32 bits, so -38 is 4294967258; strace knows that and says ENOSYS, we show the number" },

  -- ---- times at which one looks ----------------------------------------------------------------------------

  { "copy_file_range", "off_.*", what = "is another number", test = moved_on, why = CHANGED_LATER },
  { "splice", "off_.*", what = "is another number", test = moved_on, why = CHANGED_LATER },
  { "capget", "version", what = "is another number", why = CHANGED_LATER .. ": the kernel puts in the version it likes",
    test = function(d) return d.node.text == "_LINUX_CAPABILITY_VERSION_???" end },
  { "select", "exceptfds", what = "is %[500%], strace says %[%]", test = returned(0),
    why = "the kernel leaves bits alone that are above all descriptors of the process; strace says only that the "
      .. "time was up" },
  { nil, "addrlen", what = "is absent", test = failed,
    why = "the call failed and wrote nothing; strace shows what the program passed" },
  { "write", "buf", what = "is absent", test = failed, why = "no bytes went through a call that failed" },
  { "sendto", "buf", what = "is absent", test = failed, why = "no bytes went through a call that failed" },
  { "process_vm_readv", "local_iov", what = "is absent", test = failed,
    why = "no bytes went through a call that failed" },
  { "write", "buf", what = "is an address with strace", test = function(d) return event(d).ret < event(d).count end,
    why = "the buffer ends at a page that is not there: the bytes that went through are readable, all of them not" },

  -- ---- what depends on another argument --------------------------------------------------------------------

  { "fcntl", "arg", what = "is a number", why = DEPENDS },
  { "fcntl", "l_.*", what = "is absent", test = is_flag "OWN_EX", why = DEPENDS },
  { "ioctl", "argp", what = "is a number", why = DEPENDS },
  { "prctl", "arg[2-5]", what = "is a number", why = DEPENDS },
  { "keyctl", "arg[2-5]", what = "is a number", why = DEPENDS },
  { "semctl", "arg", what = "is a number", why = DEPENDS },
  { "futex", "timeout", what = "is an address with strace", test = is_flag "FUTEX_???",
    why = "we show the time wherever the argument leads to one, strace not for operations that it does not know" },
  { "mount", "filesystemtype", what = "is an address with strace", test = is_flag "MS_BIND",
    why = "a bind mount does not use it; we show what was passed" },
  { "wait4", "wstatus", what = "is an address with strace", test = returned(0),
    why = "no child was found, so the status says nothing; strace leaves it out, EVENTS.md says so" },
  { "sendto", "buf", what = "is a struct", test = on_netlink, why = "strace takes messages of netlink apart" },
  { "recvfrom", "buf", what = "is a struct", test = on_netlink, why = "strace takes messages of netlink apart" },

  { "getcwd", "buf", what = "has more bytes", why = "we show the bytes as they are, with the NUL that ends the path",
    test = function(d) return event(d).buf == d.node.value .. "\0" end },

  -- ---- structs ---------------------------------------------------------------------------------------------

  { "getrusage", "usage%.ru_%l+", what = "is missing", test = is_zero, why = NEVER_COUNTED },
  { "wait4", "rusage%.ru_%l+", what = "is missing", test = is_zero, why = NEVER_COUNTED },
  { "waitid", "infop%.si_[us]time", what = "is missing", why = NEVER_FILLED },
  { "sendmsg", "msg%.msg_control%..*", what = "is missing", why = CONTROL },
  { "sendmsg", "msg%.cmsg_data%..*", what = "is missing", why = CONTROL },
  { "recvmsg", "msg%.msg_control%..*", what = "is missing", why = CONTROL },
  { "recvmsg", "msg%.cmsg_data%..*", what = "is missing", why = CONTROL },
  { "sendmsg", "msg%.msg_namelen", what = "is missing", why = "the address is shown, not its size" },
  { "recvmsg", "msg%.msg_namelen", what = "is missing", why = "the address is shown, not its size" },
  { "name_to_handle_at", "handle%.f_handle", what = "is missing", why = PART_ONLY },
  { "open_by_handle_at", "handle%.f_handle", what = "is missing", why = PART_ONLY },
  { "io_uring_setup", "p%.[sc]q_off%..*", what = "is missing", why = PART_ONLY },
  { "msgsnd", "msgp%.mtext", what = "is missing", why = PART_ONLY },
  { "msgrcv", "msgp%.mtext", what = "is missing", why = PART_ONLY },
  { "pselect6", "sigmask%..*", what = "is missing",
    why = "the set is behind an address in a struct; we show the address" },
  { "[%l_]+", "argument %d", what = "is missing", why = GONE,
    test = function(d)
      return d.pair.call.error == "ENOSYS" and ("afs_syscall epoll_ctl_old epoll_wait_old security tuxcall vserver")
        :find(d.call, 1, true) ~= nil
    end },

  -- ---- what descriptors are --------------------------------------------------------------------------------

  { nil, ".*file", what = "strace says pid:%d+", why = "which process a pidfd stands for is not in its name",
    test = function(d) return d.ours == "anon_inode:[pidfd]" end },
  { nil, ".*file", what = "strace says UNIX @.*", test = cut_at_nul,
    why = "strace cuts the abstract name of a socket at a NUL" },
  { nil, "file", what = "strace says UDP .*", test = connected_since,
    why = "strace asks only once for the name of a socket; meanwhile it has a peer" },

  { nil, ".*file", what = "is absent.*", test = beside_absolute,
    why = "the path is absolute, so the working directory plays no part in the call" },

  -- ---- names -----------------------------------------------------------------------------------------------

  { nil, nil, what = "has no name .*", test = all_bits,
    why = "every bit is set: flags of several bits overlap, and who takes which first differs" },
  { "setns", "nstype", what = "has no name CLONE_NEW%?%?%?", why = "that is how strace writes flags without a name" },
  { "ioctl", "request", what = "has no name _IOC%(.*",
    why = "strace takes an unknown request apart; we show it in hexadecimal" },
  { "timerfd_create", "flags", what = "has no name .*", test = missing "TFD_TIMER_",
    why = "strace has one list for the flags of both timerfd calls; these are of the other" },
  { "futex_waitv", "waiters", what = "element %d, flags has no name FUTEX_32",
    why = "the kernel has renamed it to FUTEX2_SIZE_U32 since" },
  { nil, "mode", what = "is another number",
    test = function(d) return d.node.value == event(d).mode & 0xffff and event(d).mode ~= d.node.value end,
    why = "the kernel looks at 16 bits of a mode; strace shows those, we show the 32 that were passed" },

  { "fanotify_mark", "flags", what = "has no name FAN_MARK_FILESYSTEM|FAN_MARK_MOUNT",
    why = "both at once are FAN_MARK_MNTNS since Linux 6.14" },
  { "pipe2", "flags", what = "has no name O_EXCL", why = "of a pipe this flag is O_NOTIFICATION_PIPE, says pipe(2)" },
  { nil, ".*flags?", what = "has no name FASYNC", why = "open(2) calls it O_ASYNC" },
  { "memfd_create", "flags", what = "has no name %d+<<MFD_HUGE_SHIFT",
    why = "memfd_create(2) has names for these sizes, like MFD_HUGE_2MB" },
  { nil, "prot", what = "says too much: PROT_NONE",
    why = "read, write and execute are one number of three bits with us, with a word for none of them" },
  { "sched_[%l_]+", "policy", what = "says too much: SCHED_OTHER",
    why = "the policy is what is left without the flag, and that is SCHED_OTHER" },
  { "socket", "protocol", what = "is another number",
    test = function(d) return d.node.callee == "htons" and event(d).protocol == -1 end,
    why = "strace shows 16 bits of a protocol of AF_PACKET" },
  { nil, "arg[p2-5]?", what = "is another %l+", test = lower_bits, why = TAKES_INT },
  { "ptrace", "addr", what = "is another number", test = lower_bits, why = TAKES_INT },

  { "execveat", "envp", what = "is a list", test = function(d) return d.node.kind == "null" end,
    why = "none was passed, so the new program has none: we show the environment that it has" },
}
