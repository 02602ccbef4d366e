-- SPDX-License-Identifier: MIT
--- Names behind numbers: the domains of the meanings "flags:…" and "enum:…".
-- headers: those that say the values; prefix: every macro that begins so; exclude: but not these (aliases,
-- limits); names: a list by hand, for enumerators, or where a prefix would take too much; also: names that the
-- headers spell otherwise or do not have yet, with a C expression; mask: the bits of the flags that are an enum.
-- kernel: an enum of the running kernel's, whose numbers differ from one to the next; prefix is left out of its names.
-- Of several names for one value the first counts. A mask of all bits makes an enum of which unknown values
-- are shown in hexadecimal.

local ALL_BITS = "0xffffffff"

-- A list by hand: words with blanks between.
local function words(text)
  local list = {}
  for word in text:gmatch "%S+" do list[#list + 1] = word end
  return list
end

-- The permissions that are given to System V's objects, as flags of the same number.
local function permissions()
  local list = {}
  for mode in ("0400 0600 0640 0644 0660 0664 0666 0700 0755 0777"):gmatch "%d+" do list[#list + 1] = { mode, mode } end
  return list
end

local CAPABILITIES = words [[
  CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP
  CAP_LINUX_IMMUTABLE CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK CAP_IPC_OWNER
  CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT CAP_SYS_PTRACE CAP_SYS_PACCT CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE
  CAP_SYS_RESOURCE CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD CAP_LEASE CAP_AUDIT_WRITE CAP_AUDIT_CONTROL
  CAP_SETFCAP CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_READ CAP_PERFMON
  CAP_BPF CAP_CHECKPOINT_RESTORE
]]

-- The bits of 32 capabilities from this one on.
local function capabilities(first)
  local list = {}
  for i = first + 1, math.min(first + 32, #CAPABILITIES) do
    local name = CAPABILITIES[i]
    list[#list + 1] = { name, ("1ULL << (%s - %d)"):format(name, first) }
  end
  return list
end

-- All combinations of flags as an enum of its own, so that there can be a name for none of them.
local function combinations(none, flags)
  local list = { { none, none } }
  for bits = 1, (1 << #flags) - 1 do
    local set = {}
    for i, flag in ipairs(flags) do
      if bits >> (i - 1) & 1 == 1 then set[#set + 1] = flag end
    end
    list[#list + 1] = { table.concat(set, "|"), table.concat(set, "|") }
  end
  return list
end

-- The bits of struct perf_event_attr in their order; precise_ip has two.
local function perf_bits()
  local list = {}
  for i, name in ipairs(words [[ disabled inherit pinned exclusive exclude_user exclude_kernel exclude_hv exclude_idle
    mmap comm freq inherit_stat enable_on_exec task watermark precise_ip precise_ip_2 mmap_data sample_id_all
    exclude_host exclude_guest exclude_callchain_kernel exclude_callchain_user mmap2 comm_exec use_clockid
    context_switch write_backward namespaces ksymbol bpf_event aux_output cgroup text_poke build_id inherit_thread
    remove_on_exec sigtrap ]]) do
    list[i] = { name, ("1ULL << %d"):format(i - 1) }
  end
  return list
end

-- The operations of quotactl, each with the kinds of quota.
local function quota_commands()
  local list = {}
  for _, name in ipairs(words [[ Q_SYNC Q_QUOTAON Q_QUOTAOFF Q_GETFMT Q_GETINFO Q_SETINFO Q_GETQUOTA Q_SETQUOTA
      Q_GETNEXTQUOTA Q_XQUOTAON Q_XQUOTAOFF Q_XGETQUOTA Q_XSETQLIM Q_XGETQSTAT Q_XGETQSTATV Q_XQUOTARM
      Q_XQUOTASYNC Q_XGETNEXTQUOTA ]]) do
    for _, kind in ipairs { "USRQUOTA", "GRPQUOTA", "PRJQUOTA" } do
      list[#list + 1] = { ("QCMD(%s, %s)"):format(name, kind), ("(unsigned int)QCMD(%s, %s)"):format(name, kind) }
    end
  end
  return list
end

-- The realtime signals with the kernel's numbers; the C library keeps the first of them for itself.
local function realtime_signals()
  local list = { { "SIGRTMIN", "32" } }
  for i = 1, 32 do list[i + 1] = { "SIGRT_" .. i, tostring(32 + i) } end
  return list
end

return {
  -- ---- files -----------------------------------------------------------------------------------------------

  -- The kernel's own header: the C library hides O_LARGEFILE, the kernel shows it.
  { name = "open", flags = true, headers = { "linux/fcntl.h" }, prefix = "O_",
    mask = "O_ACCMODE", exclude = { "O_ACCMODE", "O_NDELAY" }, also = { { "O_ASYNC", "FASYNC" } } },
  { name = "resolve", flags = true, headers = { "linux/openat2.h" }, prefix = "RESOLVE_" },
  { name = "cloexec", flags = true, headers = { "linux/fcntl.h" }, names = { "O_CLOEXEC" } },
  { name = "fd_flags", flags = true, headers = { "linux/fcntl.h" }, names = { "FD_CLOEXEC" } },
  { name = "pipe", flags = true, headers = { "linux/fcntl.h" }, names = { "O_CLOEXEC", "O_NONBLOCK", "O_DIRECT" },
    also = { { "O_NOTIFICATION_PIPE", "O_EXCL" } } },
  { name = "access", flags = true, headers = { "unistd.h" }, mask = "7", names = {},
    also = combinations("F_OK", { "R_OK", "W_OK", "X_OK" }) },
  { name = "whence", headers = { "linux/fs.h" }, prefix = "SEEK_", exclude = { "SEEK_MAX" } },
  { name = "lock", headers = { "linux/fcntl.h" }, names = { "F_RDLCK", "F_WRLCK", "F_UNLCK" } },
  { name = "rename", flags = true, headers = { "linux/fs.h" }, prefix = "RENAME_" },
  { name = "xattr", flags = true, headers = { "linux/xattr.h" }, names = { "XATTR_CREATE", "XATTR_REPLACE" } },
  { name = "file_xflags", flags = true, headers = { "linux/fs.h" }, prefix = "FS_XFLAG_" },
  { name = "utime_nsec", headers = { "sys/stat.h" }, names = { "UTIME_NOW", "UTIME_OMIT" } },

  { name = "fstatat", flags = true, headers = { "linux/fcntl.h" },
    names = { "AT_SYMLINK_NOFOLLOW", "AT_NO_AUTOMOUNT", "AT_EMPTY_PATH" } },
  { name = "statx_at", flags = true, headers = { "linux/fcntl.h" }, mask = "AT_STATX_SYNC_TYPE",
    names = { "AT_SYMLINK_NOFOLLOW", "AT_NO_AUTOMOUNT", "AT_EMPTY_PATH", "AT_STATX_SYNC_AS_STAT",
              "AT_STATX_FORCE_SYNC", "AT_STATX_DONT_SYNC" } },
  { name = "faccessat", flags = true, headers = { "linux/fcntl.h" },
    names = { "AT_EACCESS", "AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH" } },
  { name = "fchmodat", flags = true, headers = { "linux/fcntl.h" },
    names = { "AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH" } },
  { name = "fchownat", flags = true, headers = { "linux/fcntl.h" },
    names = { "AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH" } },
  { name = "utimensat", flags = true, headers = { "linux/fcntl.h" },
    names = { "AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH" } },
  { name = "execveat", flags = true, headers = { "linux/fcntl.h" },
    names = { "AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH" },
    also = { { "AT_EXECVE_CHECK", "0x10000" } } },
  { name = "xattrat", flags = true, headers = { "linux/fcntl.h" }, names = { "AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH" } },
  { name = "linkat", flags = true, headers = { "linux/fcntl.h" }, names = { "AT_SYMLINK_FOLLOW", "AT_EMPTY_PATH" } },
  { name = "unlinkat", flags = true, headers = { "linux/fcntl.h" }, names = { "AT_REMOVEDIR" } },
  { name = "name_to_handle_at", flags = true, headers = { "linux/fcntl.h" },
    names = { "AT_SYMLINK_FOLLOW", "AT_EMPTY_PATH" },
    also = { { "AT_HANDLE_FID", "0x200" }, { "AT_HANDLE_MNT_ID_UNIQUE", "1" }, { "AT_HANDLE_CONNECTABLE", "2" } } },

  { name = "statx", flags = true, headers = { "linux/stat.h" }, prefix = "STATX_",
    exclude = words [[ STATX__RESERVED STATX_ATTR_COMPRESSED STATX_ATTR_IMMUTABLE STATX_ATTR_APPEND
      STATX_ATTR_NODUMP STATX_ATTR_ENCRYPTED STATX_ATTR_AUTOMOUNT STATX_ATTR_MOUNT_ROOT STATX_ATTR_VERITY
      STATX_ATTR_DAX STATX_ATTR_WRITE_ATOMIC ]],
    also = { { "STATX_MNT_ID_UNIQUE", "0x4000" }, { "STATX_SUBVOL", "0x8000" }, { "STATX_WRITE_ATOMIC", "0x10000" },
             { "STATX_DIO_READ_ALIGN", "0x20000" } } },
  { name = "statx_attributes", flags = true, headers = { "linux/stat.h" }, prefix = "STATX_ATTR_" },
  { name = "filesystem", headers = { "linux/magic.h" },
    names = words [[ ADFS_SUPER_MAGIC AFFS_SUPER_MAGIC AFS_SUPER_MAGIC AUTOFS_SUPER_MAGIC CODA_SUPER_MAGIC
      CRAMFS_MAGIC DEBUGFS_MAGIC SECURITYFS_MAGIC SELINUX_MAGIC SMACK_MAGIC RAMFS_MAGIC TMPFS_MAGIC
      HUGETLBFS_MAGIC SQUASHFS_MAGIC ECRYPTFS_SUPER_MAGIC EFS_SUPER_MAGIC EROFS_SUPER_MAGIC_V1 EXT2_SUPER_MAGIC
      XENFS_SUPER_MAGIC BTRFS_SUPER_MAGIC NILFS_SUPER_MAGIC F2FS_SUPER_MAGIC HPFS_SUPER_MAGIC ISOFS_SUPER_MAGIC
      JFFS2_SUPER_MAGIC XFS_SUPER_MAGIC PSTOREFS_MAGIC EFIVARFS_MAGIC HOSTFS_SUPER_MAGIC OVERLAYFS_SUPER_MAGIC
      FUSE_SUPER_MAGIC MINIX_SUPER_MAGIC MSDOS_SUPER_MAGIC EXFAT_SUPER_MAGIC NFS_SUPER_MAGIC OCFS2_SUPER_MAGIC
      OPENPROM_SUPER_MAGIC QNX4_SUPER_MAGIC QNX6_SUPER_MAGIC REISERFS_SUPER_MAGIC SMB_SUPER_MAGIC CIFS_SUPER_MAGIC
      SMB2_SUPER_MAGIC CGROUP_SUPER_MAGIC CGROUP2_SUPER_MAGIC RDTGROUP_SUPER_MAGIC TRACEFS_MAGIC V9FS_MAGIC
      BDEVFS_MAGIC DAXFS_MAGIC BINFMTFS_MAGIC DEVPTS_SUPER_MAGIC BINDERFS_SUPER_MAGIC PIPEFS_MAGIC
      PROC_SUPER_MAGIC SOCKFS_MAGIC SYSFS_MAGIC NSFS_MAGIC BPF_FS_MAGIC AAFS_MAGIC ZONEFS_MAGIC UDF_SUPER_MAGIC
      DMA_BUF_MAGIC DEVMEM_MAGIC SECRETMEM_MAGIC ANON_INODE_FS_MAGIC USBDEVICE_SUPER_MAGIC ]],
    also = { { "BCACHEFS_SUPER_MAGIC", "0xca451a4e" }, { "PID_FS_MAGIC", "0x50494446" } } },
  { name = "filesystem_flags", flags = true, headers = { "sys/statvfs.h" },
    names = words [[ ST_RDONLY ST_NOSUID ST_NODEV ST_NOEXEC ST_SYNCHRONOUS ST_MANDLOCK ST_NOATIME ST_NODIRATIME
      ST_RELATIME ]],
    also = { { "ST_VALID", "0x20" }, { "ST_NOSYMFOLLOW", "0x2000" } } },

  { name = "inotify_init", flags = true, headers = { "linux/inotify.h" }, names = { "IN_CLOEXEC", "IN_NONBLOCK" } },
  { name = "inotify", flags = true, headers = { "linux/inotify.h" }, prefix = "IN_",
    exclude = { "IN_CLOEXEC", "IN_NONBLOCK", "IN_CLOSE", "IN_MOVE", "IN_ALL_EVENTS" } },
  { name = "fanotify_init", flags = true, headers = { "linux/fanotify.h" }, mask = "FAN_ALL_CLASS_BITS",
    names = words [[ FAN_CLASS_NOTIF FAN_CLASS_CONTENT FAN_CLASS_PRE_CONTENT FAN_CLOEXEC FAN_NONBLOCK
      FAN_UNLIMITED_QUEUE FAN_UNLIMITED_MARKS FAN_ENABLE_AUDIT FAN_REPORT_PIDFD FAN_REPORT_TID FAN_REPORT_FID
      FAN_REPORT_DIR_FID FAN_REPORT_NAME FAN_REPORT_TARGET_FID ]],
    also = { { "FAN_REPORT_FD_ERROR", "0x2000" }, { "FAN_REPORT_MNT", "0x4000" } } },
  { name = "fanotify_mark", flags = true, headers = { "linux/fanotify.h" }, prefix = "FAN_MARK_",
    exclude = { "FAN_MARK_INODE", "FAN_MARK_IGNORE_SURV" }, also = { { "FAN_MARK_MNTNS", "0x110" } } },
  { name = "fanotify", flags = true, headers = { "linux/fanotify.h" },
    names = words [[ FAN_ACCESS FAN_MODIFY FAN_ATTRIB FAN_CLOSE_WRITE FAN_CLOSE_NOWRITE FAN_OPEN FAN_MOVED_FROM
      FAN_MOVED_TO FAN_CREATE FAN_DELETE FAN_DELETE_SELF FAN_MOVE_SELF FAN_OPEN_EXEC FAN_Q_OVERFLOW FAN_FS_ERROR
      FAN_OPEN_PERM FAN_ACCESS_PERM FAN_OPEN_EXEC_PERM FAN_EVENT_ON_CHILD FAN_RENAME FAN_ONDIR ]],
    also = { { "FAN_PRE_ACCESS", "0x100000" }, { "FAN_MNT_ATTACH", "0x1000000" }, { "FAN_MNT_DETACH", "0x2000000" } } },

  -- ---- mounts ----------------------------------------------------------------------------------------------

  { name = "mount", flags = true, headers = { "linux/mount.h" }, prefix = "MS_",
    exclude = { "MS_VERBOSE", "MS_RMT_MASK", "MS_MGC_MSK", "MS_NOUSER" }, also = { { "MS_NOUSER", "1U << 31" } } },
  { name = "umount", flags = true, headers = { "sys/mount.h" },
    names = { "MNT_FORCE", "MNT_DETACH", "MNT_EXPIRE", "UMOUNT_NOFOLLOW" } },
  { name = "open_tree", flags = true, headers = { "linux/fcntl.h", "linux/mount.h" },
    names = { "OPEN_TREE_CLONE", "OPEN_TREE_CLOEXEC", "AT_SYMLINK_NOFOLLOW", "AT_NO_AUTOMOUNT", "AT_EMPTY_PATH",
              "AT_RECURSIVE" } },
  { name = "move_mount", flags = true, headers = { "linux/mount.h" }, prefix = "MOVE_MOUNT_",
    exclude = { "MOVE_MOUNT__MASK" }, also = { { "MOVE_MOUNT_BENEATH", "0x200" } } },
  { name = "fsopen", flags = true, headers = { "linux/mount.h" }, prefix = "FSOPEN_" },
  { name = "fspick", flags = true, headers = { "linux/mount.h" }, prefix = "FSPICK_" },
  { name = "fsmount", flags = true, headers = { "linux/mount.h" }, prefix = "FSMOUNT_" },
  { name = "fsconfig", headers = { "linux/mount.h" },
    names = words [[ FSCONFIG_SET_FLAG FSCONFIG_SET_STRING FSCONFIG_SET_BINARY FSCONFIG_SET_PATH
      FSCONFIG_SET_PATH_EMPTY FSCONFIG_SET_FD FSCONFIG_CMD_CREATE FSCONFIG_CMD_RECONFIGURE ]],
    also = { { "FSCONFIG_CMD_CREATE_EXCL", "8" } } },
  { name = "mount_attr", flags = true, headers = { "linux/mount.h" }, mask = "MOUNT_ATTR__ATIME",
    names = words [[ MOUNT_ATTR_RDONLY MOUNT_ATTR_NOSUID MOUNT_ATTR_NODEV MOUNT_ATTR_NOEXEC MOUNT_ATTR_NOATIME
      MOUNT_ATTR_STRICTATIME MOUNT_ATTR_NODIRATIME MOUNT_ATTR_IDMAP MOUNT_ATTR_NOSYMFOLLOW ]] },
  { name = "mount_setattr", flags = true, headers = { "linux/fcntl.h" },
    names = { "AT_SYMLINK_NOFOLLOW", "AT_NO_AUTOMOUNT", "AT_EMPTY_PATH", "AT_RECURSIVE" } },
  { name = "propagation", flags = true, headers = { "linux/mount.h" },
    names = { "MS_UNBINDABLE", "MS_PRIVATE", "MS_SLAVE", "MS_SHARED" } },
  { name = "statmount", flags = true, headers = { "linux/mount.h" },
    also = { { "STATMOUNT_SB_BASIC", "0x1" }, { "STATMOUNT_MNT_BASIC", "0x2" }, { "STATMOUNT_PROPAGATE_FROM", "0x4" },
             { "STATMOUNT_MNT_ROOT", "0x8" }, { "STATMOUNT_MNT_POINT", "0x10" }, { "STATMOUNT_FS_TYPE", "0x20" },
             { "STATMOUNT_MNT_NS_ID", "0x40" }, { "STATMOUNT_MNT_OPTS", "0x80" }, { "STATMOUNT_FS_SUBTYPE", "0x100" },
             { "STATMOUNT_SB_SOURCE", "0x200" }, { "STATMOUNT_OPT_ARRAY", "0x400" },
             { "STATMOUNT_OPT_SEC_ARRAY", "0x800" }, { "STATMOUNT_SUPPORTED_MASK", "0x1000" },
             { "STATMOUNT_MNT_UIDMAP", "0x2000" }, { "STATMOUNT_MNT_GIDMAP", "0x4000" } }, names = {} },
  { name = "swapon", flags = true, headers = { "sys/swap.h" }, names = { "SWAP_FLAG_PREFER", "SWAP_FLAG_DISCARD" },
    also = { { "SWAP_FLAG_DISCARD_ONCE", "0x20000" }, { "SWAP_FLAG_DISCARD_PAGES", "0x40000" } } },
  { name = "quotactl", headers = { "linux/quota.h", "linux/dqblk_xfs.h" }, names = {}, also = quota_commands() },

  -- ---- descriptors -----------------------------------------------------------------------------------------

  { name = "rwf", flags = true, headers = { "linux/fs.h" }, prefix = "RWF_", exclude = { "RWF_SUPPORTED" },
    also = { { "RWF_NOAPPEND", "0x20" }, { "RWF_ATOMIC", "0x40" }, { "RWF_DONTCACHE", "0x80" } } },
  { name = "fadvise", headers = { "linux/fadvise.h" }, prefix = "POSIX_FADV_" },
  { name = "fallocate", flags = true, headers = { "linux/falloc.h" }, prefix = "FALLOC_FL_" },
  { name = "sync_file_range", flags = true, headers = { "linux/fs.h" },
    names = { "SYNC_FILE_RANGE_WAIT_BEFORE", "SYNC_FILE_RANGE_WRITE", "SYNC_FILE_RANGE_WAIT_AFTER" } },
  { name = "splice", flags = true, headers = { "fcntl.h" }, prefix = "SPLICE_F_" },
  { name = "close_range", flags = true, headers = { "linux/close_range.h" }, prefix = "CLOSE_RANGE_" },
  { name = "flock", flags = true, headers = { "linux/fcntl.h" }, prefix = "LOCK_" },
  { name = "fcntl", headers = { "linux/fcntl.h" }, prefix = "F_",
    exclude = words [[ F_RDLCK F_WRLCK F_UNLCK F_EXLCK F_SHLCK F_OWNER_TID F_OWNER_PID F_OWNER_PGRP
      F_LINUX_SPECIFIC_BASE F_SEAL_SEAL F_SEAL_SHRINK F_SEAL_GROW F_SEAL_WRITE F_SEAL_FUTURE_WRITE F_SEAL_EXEC ]],
    also = { { "F_DUPFD_QUERY", "1027" }, { "F_CREATED_QUERY", "1028" } } },
  { name = "seals", flags = true, headers = { "linux/fcntl.h" },
    prefix = "F_SEAL_", also = { { "F_SEAL_EXEC", "0x20" } } },
  { name = "poll", flags = true, headers = { "asm/poll.h" },
    names = words [[ POLLIN POLLPRI POLLOUT POLLERR POLLHUP POLLNVAL POLLRDNORM POLLRDBAND POLLWRNORM POLLWRBAND
      POLLMSG POLLREMOVE POLLRDHUP ]] },
  { name = "epoll", flags = true, headers = { "linux/eventpoll.h" },
    names = words [[ EPOLLIN EPOLLPRI EPOLLOUT EPOLLERR EPOLLHUP EPOLLNVAL EPOLLRDNORM EPOLLRDBAND EPOLLWRNORM
      EPOLLWRBAND EPOLLMSG EPOLLRDHUP EPOLLEXCLUSIVE EPOLLWAKEUP EPOLLONESHOT EPOLLET ]] },
  { name = "epoll_op", headers = { "linux/eventpoll.h" }, prefix = "EPOLL_CTL_" },
  { name = "epoll_create", flags = true, headers = { "sys/epoll.h" }, names = { "EPOLL_CLOEXEC" } },
  { name = "eventfd", flags = true, headers = { "sys/eventfd.h" }, prefix = "EFD_" },
  { name = "signalfd", flags = true, headers = { "sys/signalfd.h" }, prefix = "SFD_" },
  { name = "timerfd", flags = true, headers = { "sys/timerfd.h" }, names = { "TFD_CLOEXEC", "TFD_NONBLOCK" } },
  { name = "timerfd_settime", flags = true, headers = { "sys/timerfd.h" },
    names = { "TFD_TIMER_ABSTIME", "TFD_TIMER_CANCEL_ON_SET" } },
  { name = "memfd", flags = true, headers = { "linux/memfd.h" }, mask = "(unsigned int)MFD_HUGE_MASK << MFD_HUGE_SHIFT",
    prefix = "MFD_", exclude = { "MFD_HUGE_SHIFT", "MFD_HUGE_MASK" },
    also = { { "MFD_NOEXEC_SEAL", "8" }, { "MFD_EXEC", "0x10" } } },
  { name = "userfaultfd", flags = true, headers = { "linux/fcntl.h", "linux/userfaultfd.h" },
    names = { "O_CLOEXEC", "O_NONBLOCK", "UFFD_USER_MODE_ONLY" } },
  { name = "perf_event_open", flags = true, headers = { "linux/perf_event.h" }, prefix = "PERF_FLAG_" },
  { name = "perf_type", headers = { "linux/perf_event.h" },
    names = words [[ PERF_TYPE_HARDWARE PERF_TYPE_SOFTWARE PERF_TYPE_TRACEPOINT PERF_TYPE_HW_CACHE PERF_TYPE_RAW
      PERF_TYPE_BREAKPOINT ]] },
  { name = "perf_sample", flags = true, headers = { "linux/perf_event.h" },
    names = words [[ PERF_SAMPLE_IP PERF_SAMPLE_TID PERF_SAMPLE_TIME PERF_SAMPLE_ADDR PERF_SAMPLE_READ
      PERF_SAMPLE_CALLCHAIN PERF_SAMPLE_ID PERF_SAMPLE_CPU PERF_SAMPLE_PERIOD PERF_SAMPLE_STREAM_ID
      PERF_SAMPLE_RAW PERF_SAMPLE_BRANCH_STACK PERF_SAMPLE_REGS_USER PERF_SAMPLE_STACK_USER PERF_SAMPLE_WEIGHT
      PERF_SAMPLE_DATA_SRC PERF_SAMPLE_IDENTIFIER PERF_SAMPLE_TRANSACTION PERF_SAMPLE_REGS_INTR
      PERF_SAMPLE_PHYS_ADDR PERF_SAMPLE_AUX PERF_SAMPLE_CGROUP PERF_SAMPLE_DATA_PAGE_SIZE
      PERF_SAMPLE_CODE_PAGE_SIZE PERF_SAMPLE_WEIGHT_STRUCT ]] },
  { name = "perf_read_format", flags = true, headers = { "linux/perf_event.h" },
    names = words [[ PERF_FORMAT_TOTAL_TIME_ENABLED PERF_FORMAT_TOTAL_TIME_RUNNING PERF_FORMAT_ID PERF_FORMAT_GROUP ]],
    also = { { "PERF_FORMAT_LOST", "0x10" } } },
  { name = "perf_bits", flags = true, headers = { "linux/types.h" }, names = {}, also = perf_bits() },
  { name = "io_uring_setup", flags = true, headers = { "linux/io_uring.h" }, prefix = "IORING_SETUP_" },
  { name = "io_uring_features", flags = true, headers = { "linux/io_uring.h" }, prefix = "IORING_FEAT_" },
  { name = "io_uring_enter", flags = true, headers = { "linux/io_uring.h" }, prefix = "IORING_ENTER_" },
  { name = "io_uring_register", headers = { "linux/io_uring.h" },
    names = words [[ IORING_REGISTER_BUFFERS IORING_UNREGISTER_BUFFERS IORING_REGISTER_FILES
      IORING_UNREGISTER_FILES IORING_REGISTER_EVENTFD IORING_UNREGISTER_EVENTFD IORING_REGISTER_FILES_UPDATE
      IORING_REGISTER_EVENTFD_ASYNC IORING_REGISTER_PROBE IORING_REGISTER_PERSONALITY
      IORING_UNREGISTER_PERSONALITY IORING_REGISTER_RESTRICTIONS IORING_REGISTER_ENABLE_RINGS
      IORING_REGISTER_FILES2 IORING_REGISTER_FILES_UPDATE2 IORING_REGISTER_BUFFERS2 IORING_REGISTER_BUFFERS_UPDATE
      IORING_REGISTER_IOWQ_AFF IORING_UNREGISTER_IOWQ_AFF IORING_REGISTER_IOWQ_MAX_WORKERS
      IORING_REGISTER_RING_FDS IORING_UNREGISTER_RING_FDS IORING_REGISTER_PBUF_RING IORING_UNREGISTER_PBUF_RING
      IORING_REGISTER_SYNC_CANCEL IORING_REGISTER_FILE_ALLOC_RANGE ]],
    also = { { "IORING_REGISTER_PBUF_STATUS", "26" }, { "IORING_REGISTER_NAPI", "27" },
             { "IORING_UNREGISTER_NAPI", "28" }, { "IORING_REGISTER_CLOCK", "29" },
             { "IORING_REGISTER_CLONE_BUFFERS", "30" }, { "IORING_REGISTER_SEND_MSG_RING", "31" },
             { "IORING_REGISTER_ZCRX_IFQ", "32" }, { "IORING_REGISTER_RESIZE_RINGS", "33" },
             { "IORING_REGISTER_MEM_REGION", "34" } } },
  { name = "iocb", headers = { "linux/aio_abi.h" },
    names = words [[ IOCB_CMD_PREAD IOCB_CMD_PWRITE IOCB_CMD_FSYNC IOCB_CMD_FDSYNC IOCB_CMD_POLL IOCB_CMD_NOOP
      IOCB_CMD_PREADV IOCB_CMD_PWRITEV ]] },

  -- ---- sockets ---------------------------------------------------------------------------------------------

  { name = "family", headers = { "sys/socket.h" }, prefix = "AF_",
    exclude = { "AF_MAX", "AF_LOCAL", "AF_FILE", "AF_ROUTE" } },
  { name = "socket_type", flags = true, headers = { "sys/socket.h" }, mask = "0xf",
    names = words [[ SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET SOCK_DCCP SOCK_PACKET SOCK_NONBLOCK
      SOCK_CLOEXEC ]] },
  { name = "accept4", flags = true, headers = { "sys/socket.h" }, names = { "SOCK_NONBLOCK", "SOCK_CLOEXEC" } },
  { name = "ip_protocol", headers = { "netinet/in.h" },
    names = words [[ IPPROTO_IP IPPROTO_ICMP IPPROTO_IGMP IPPROTO_IPIP IPPROTO_TCP IPPROTO_EGP IPPROTO_PUP
      IPPROTO_UDP IPPROTO_IDP IPPROTO_TP IPPROTO_DCCP IPPROTO_IPV6 IPPROTO_ROUTING IPPROTO_FRAGMENT IPPROTO_RSVP
      IPPROTO_GRE IPPROTO_ESP IPPROTO_AH IPPROTO_ICMPV6 IPPROTO_NONE IPPROTO_DSTOPTS IPPROTO_MTP IPPROTO_BEETPH
      IPPROTO_ENCAP IPPROTO_PIM IPPROTO_COMP IPPROTO_SCTP IPPROTO_MH IPPROTO_UDPLITE IPPROTO_MPLS IPPROTO_ETHERNET
      IPPROTO_RAW IPPROTO_MPTCP ]] },
  { name = "tcp_flags", flags = true, headers = { "linux/types.h" }, names = {},
    also = { { "FIN", "1" }, { "SYN", "2" }, { "RST", "4" }, { "PSH", "8" }, { "ACK", "16" }, { "URG", "32" },
             { "ECE", "64" }, { "CWR", "128" } } },
  { name = "drop_reason", kernel = "skb_drop_reason", prefix = "SKB_DROP_REASON_" },
  { name = "reset_reason", kernel = "sk_rst_reason", prefix = "SK_RST_REASON_" },
  { name = "netlink_protocol", headers = { "linux/netlink.h" },
    names = words [[ NETLINK_ROUTE NETLINK_UNUSED NETLINK_USERSOCK NETLINK_FIREWALL NETLINK_SOCK_DIAG
      NETLINK_NFLOG NETLINK_XFRM NETLINK_SELINUX NETLINK_ISCSI NETLINK_AUDIT NETLINK_FIB_LOOKUP NETLINK_CONNECTOR
      NETLINK_NETFILTER NETLINK_IP6_FW NETLINK_DNRTMSG NETLINK_KOBJECT_UEVENT NETLINK_GENERIC
      NETLINK_SCSITRANSPORT NETLINK_ECRYPTFS NETLINK_RDMA NETLINK_CRYPTO NETLINK_SMC ]] },
  { name = "shutdown", headers = { "sys/socket.h" }, names = { "SHUT_RD", "SHUT_WR", "SHUT_RDWR" } },
  { name = "msg", flags = true, headers = { "sys/socket.h" },
    names = words [[ MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_CTRUNC MSG_TRUNC MSG_DONTWAIT MSG_EOR MSG_WAITALL MSG_FIN
      MSG_SYN MSG_CONFIRM MSG_RST MSG_ERRQUEUE MSG_NOSIGNAL MSG_MORE MSG_WAITFORONE MSG_BATCH MSG_ZEROCOPY
      MSG_FASTOPEN MSG_CMSG_CLOEXEC ]],
    also = { { "MSG_PROBE", "MSG_PROXY" }, { "MSG_SENDPAGE_NOTLAST", "0x20000" }, { "MSG_NO_SHARED_FRAGS", "0x80000" },
             { "MSG_SOCK_DEVMEM", "0x2000000" } } },
  { name = "socket_level", headers = { "sys/socket.h", "netinet/in.h", "netinet/tcp.h", "netinet/udp.h" },
    prefix = "SOL_",
    also = { { "SOL_SCTP", "132" }, { "SOL_UDPLITE", "136" }, { "SOL_MCTP", "285" }, { "SOL_SMC", "286" },
             { "SOL_VSOCK", "287" } } },
  -- SO_TIMESTAMP and its like stand before SO_TIMESTAMP_OLD, of the same value.
  { name = "socket_option", headers = { "sys/socket.h" }, prefix = "SO_",
    exclude = { "SO_DETACH_BPF", "SO_GET_FILTER" } },
  { name = "ip_option", headers = { "netinet/in.h" },
    names = words [[ IP_TOS IP_TTL IP_HDRINCL IP_OPTIONS IP_ROUTER_ALERT IP_RECVOPTS IP_RETOPTS IP_PKTINFO
      IP_PKTOPTIONS IP_MTU_DISCOVER IP_RECVERR IP_RECVTTL IP_RECVTOS IP_MTU IP_FREEBIND IP_IPSEC_POLICY
      IP_XFRM_POLICY IP_PASSSEC IP_TRANSPARENT IP_ORIGDSTADDR IP_MINTTL IP_NODEFRAG IP_CHECKSUM
      IP_BIND_ADDRESS_NO_PORT IP_RECVFRAGSIZE IP_MULTICAST_IF IP_MULTICAST_TTL IP_MULTICAST_LOOP IP_ADD_MEMBERSHIP
      IP_DROP_MEMBERSHIP IP_UNBLOCK_SOURCE IP_BLOCK_SOURCE IP_ADD_SOURCE_MEMBERSHIP IP_DROP_SOURCE_MEMBERSHIP
      IP_MSFILTER IP_MULTICAST_ALL IP_UNICAST_IF MCAST_JOIN_GROUP MCAST_BLOCK_SOURCE MCAST_UNBLOCK_SOURCE
      MCAST_LEAVE_GROUP MCAST_JOIN_SOURCE_GROUP MCAST_LEAVE_SOURCE_GROUP MCAST_MSFILTER ]],
    also = { { "IP_RECVERR_RFC4884", "26" }, { "IP_LOCAL_PORT_RANGE", "51" }, { "IP_PROTOCOL", "52" },
             { "IPT_SO_SET_REPLACE", "64" }, { "IPT_SO_SET_ADD_COUNTERS", "65" } } },
  { name = "ipv6_option", headers = { "netinet/in.h" },
    names = words [[ IPV6_ADDRFORM IPV6_2292PKTINFO IPV6_2292HOPOPTS IPV6_2292DSTOPTS IPV6_2292RTHDR
      IPV6_2292PKTOPTIONS IPV6_CHECKSUM IPV6_2292HOPLIMIT IPV6_NEXTHOP IPV6_AUTHHDR IPV6_UNICAST_HOPS
      IPV6_MULTICAST_IF IPV6_MULTICAST_HOPS IPV6_MULTICAST_LOOP IPV6_JOIN_GROUP IPV6_LEAVE_GROUP IPV6_ROUTER_ALERT
      IPV6_MTU_DISCOVER IPV6_MTU IPV6_RECVERR IPV6_V6ONLY IPV6_JOIN_ANYCAST IPV6_LEAVE_ANYCAST IPV6_MULTICAST_ALL
      IPV6_ROUTER_ALERT_ISOLATE IPV6_IPSEC_POLICY IPV6_XFRM_POLICY IPV6_HDRINCL IPV6_RECVPKTINFO IPV6_PKTINFO
      IPV6_RECVHOPLIMIT IPV6_HOPLIMIT IPV6_RECVHOPOPTS IPV6_HOPOPTS IPV6_RTHDRDSTOPTS IPV6_RECVRTHDR IPV6_RTHDR
      IPV6_RECVDSTOPTS IPV6_DSTOPTS IPV6_RECVPATHMTU IPV6_PATHMTU IPV6_DONTFRAG IPV6_RECVTCLASS IPV6_TCLASS
      IPV6_AUTOFLOWLABEL IPV6_ADDR_PREFERENCES IPV6_MINHOPCOUNT IPV6_ORIGDSTADDR IPV6_TRANSPARENT IPV6_UNICAST_IF
      IPV6_RECVFRAGSIZE IPV6_FREEBIND MCAST_JOIN_GROUP MCAST_BLOCK_SOURCE MCAST_UNBLOCK_SOURCE MCAST_LEAVE_GROUP
      MCAST_JOIN_SOURCE_GROUP MCAST_LEAVE_SOURCE_GROUP MCAST_MSFILTER ]],
    also = { { "IPV6_RECVERR_RFC4884", "31" }, { "IPV6_FLOWLABEL_MGR", "32" }, { "IPV6_FLOWINFO_SEND", "33" } } },
  { name = "tcp_option", headers = { "netinet/tcp.h" },
    names = words [[ TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2
      TCP_DEFER_ACCEPT TCP_WINDOW_CLAMP TCP_INFO TCP_QUICKACK TCP_CONGESTION TCP_MD5SIG TCP_COOKIE_TRANSACTIONS
      TCP_THIN_LINEAR_TIMEOUTS TCP_THIN_DUPACK TCP_USER_TIMEOUT TCP_REPAIR TCP_REPAIR_QUEUE TCP_QUEUE_SEQ
      TCP_REPAIR_OPTIONS TCP_FASTOPEN TCP_TIMESTAMP TCP_NOTSENT_LOWAT TCP_CC_INFO TCP_SAVE_SYN TCP_SAVED_SYN
      TCP_REPAIR_WINDOW TCP_FASTOPEN_CONNECT TCP_ULP TCP_MD5SIG_EXT TCP_FASTOPEN_KEY TCP_FASTOPEN_NO_COOKIE
      TCP_ZEROCOPY_RECEIVE TCP_INQ TCP_TX_DELAY ]] },
  { name = "udp_option", headers = { "netinet/udp.h" },
    names = words [[ UDP_CORK UDP_ENCAP UDP_NO_CHECK6_TX UDP_NO_CHECK6_RX UDP_SEGMENT UDP_GRO ]] },
  { name = "packet_option", headers = { "linux/if_packet.h" },
    names = words [[ PACKET_ADD_MEMBERSHIP PACKET_DROP_MEMBERSHIP PACKET_RECV_OUTPUT PACKET_RX_RING
      PACKET_STATISTICS PACKET_COPY_THRESH PACKET_AUXDATA PACKET_ORIGDEV PACKET_VERSION PACKET_HDRLEN
      PACKET_RESERVE PACKET_TX_RING PACKET_LOSS PACKET_VNET_HDR PACKET_TX_TIMESTAMP PACKET_TIMESTAMP PACKET_FANOUT
      PACKET_TX_HAS_OFF PACKET_QDISC_BYPASS PACKET_ROLLOVER_STATS PACKET_FANOUT_DATA PACKET_IGNORE_OUTGOING ]] },
  { name = "netlink_option", headers = { "linux/netlink.h" },
    names = words [[ NETLINK_ADD_MEMBERSHIP NETLINK_DROP_MEMBERSHIP NETLINK_PKTINFO NETLINK_BROADCAST_ERROR
      NETLINK_NO_ENOBUFS NETLINK_LISTEN_ALL_NSID NETLINK_LIST_MEMBERSHIPS NETLINK_CAP_ACK NETLINK_EXT_ACK
      NETLINK_GET_STRICT_CHK ]] },

  -- ---- processes -------------------------------------------------------------------------------------------

  { name = "clone", flags = true, headers = { "linux/sched.h", "signal.h" }, mask = "CSIGNAL",
    names = words [[ CLONE_VM CLONE_FS CLONE_FILES CLONE_SIGHAND CLONE_PIDFD CLONE_PTRACE CLONE_VFORK CLONE_PARENT
      CLONE_THREAD CLONE_NEWNS CLONE_SYSVSEM CLONE_SETTLS CLONE_PARENT_SETTID CLONE_CHILD_CLEARTID CLONE_DETACHED
      CLONE_UNTRACED CLONE_CHILD_SETTID CLONE_NEWCGROUP CLONE_NEWUTS CLONE_NEWIPC CLONE_NEWUSER CLONE_NEWPID
      CLONE_NEWNET CLONE_IO SIGHUP SIGKILL SIGUSR1 SIGUSR2 SIGTERM SIGCHLD ]] },
  { name = "clone3", flags = true, headers = { "linux/sched.h" },
    names = words [[ CLONE_VM CLONE_FS CLONE_FILES CLONE_SIGHAND CLONE_PIDFD CLONE_PTRACE CLONE_VFORK CLONE_PARENT
      CLONE_THREAD CLONE_NEWNS CLONE_SYSVSEM CLONE_SETTLS CLONE_PARENT_SETTID CLONE_CHILD_CLEARTID CLONE_DETACHED
      CLONE_UNTRACED CLONE_CHILD_SETTID CLONE_NEWCGROUP CLONE_NEWUTS CLONE_NEWIPC CLONE_NEWUSER CLONE_NEWPID
      CLONE_NEWNET CLONE_IO CLONE_NEWTIME CLONE_CLEAR_SIGHAND CLONE_INTO_CGROUP ]] },
  { name = "unshare", flags = true, headers = { "linux/sched.h" },
    names = words [[ CLONE_VM CLONE_FS CLONE_FILES CLONE_SIGHAND CLONE_THREAD CLONE_NEWNS CLONE_SYSVSEM
      CLONE_NEWCGROUP CLONE_NEWUTS CLONE_NEWIPC CLONE_NEWUSER CLONE_NEWPID CLONE_NEWNET CLONE_NEWTIME ]] },
  { name = "wait", flags = true, headers = { "sys/wait.h" },
    names = { "WNOHANG", "WSTOPPED", "WEXITED", "WCONTINUED", "WNOWAIT", "__WNOTHREAD", "__WALL", "__WCLONE" } },
  { name = "idtype", headers = { "linux/wait.h" }, names = { "P_ALL", "P_PID", "P_PGID", "P_PIDFD" } },
  { name = "pidfd_open", flags = true, headers = { "linux/fcntl.h" }, names = {},
    also = { { "PIDFD_NONBLOCK", "O_NONBLOCK" }, { "PIDFD_THREAD", "O_EXCL" } } },
  { name = "rlimit", headers = { "asm/resource.h" }, prefix = "RLIMIT_" },
  -- The name of the 64-bit limit, which is what the call has on all machines of ours.
  { name = "rlim", headers = { "linux/resource.h" }, names = { "RLIM64_INFINITY" } },
  { name = "rusage", headers = { "sys/resource.h" }, names = { "RUSAGE_SELF", "RUSAGE_CHILDREN", "RUSAGE_THREAD" } },
  { name = "priority", headers = { "sys/resource.h" }, names = { "PRIO_PROCESS", "PRIO_PGRP", "PRIO_USER" } },
  { name = "ioprio_who", headers = { "linux/ioprio.h" },
    names = { "IOPRIO_WHO_PROCESS", "IOPRIO_WHO_PGRP", "IOPRIO_WHO_USER" } },
  { name = "sched_policy", flags = true, headers = { "linux/sched.h" }, mask = "(unsigned int)~SCHED_RESET_ON_FORK",
    names = { "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_IDLE", "SCHED_DEADLINE", "SCHED_RESET_ON_FORK" },
    also = { { "SCHED_OTHER", "SCHED_NORMAL" }, { "SCHED_EXT", "7" } } },
  { name = "sched_flags", flags = true, headers = { "linux/sched.h" }, prefix = "SCHED_FLAG_",
    exclude = { "SCHED_FLAG_KEEP_ALL", "SCHED_FLAG_UTIL_CLAMP", "SCHED_FLAG_ALL" } },
  { name = "kcmp", headers = { "linux/kcmp.h" },
    names = words [[ KCMP_FILE KCMP_VM KCMP_FILES KCMP_FS KCMP_SIGHAND KCMP_IO KCMP_SYSVSEM KCMP_EPOLL_TFD ]] },
  { name = "rseq", flags = true, headers = { "linux/rseq.h" }, names = { "RSEQ_FLAG_UNREGISTER" } },
  { name = "personality", flags = true, headers = { "linux/personality.h" }, mask = "PER_MASK",
    names = words [[ PER_LINUX PER_BSD PER_LINUX32 UNAME26 ADDR_NO_RANDOMIZE FDPIC_FUNCPTRS MMAP_PAGE_ZERO
      ADDR_COMPAT_LAYOUT READ_IMPLIES_EXEC ADDR_LIMIT_32BIT SHORT_INODE WHOLE_SECONDS STICKY_TIMEOUTS
      ADDR_LIMIT_3GB ]] },
  { name = "prctl", headers = { "linux/prctl.h" },
    names = words [[ PR_SET_PDEATHSIG PR_GET_PDEATHSIG PR_GET_DUMPABLE PR_SET_DUMPABLE PR_GET_UNALIGN
      PR_SET_UNALIGN PR_GET_KEEPCAPS PR_SET_KEEPCAPS PR_GET_FPEMU PR_SET_FPEMU PR_GET_FPEXC PR_SET_FPEXC
      PR_GET_TIMING PR_SET_TIMING PR_SET_NAME PR_GET_NAME PR_GET_ENDIAN PR_SET_ENDIAN PR_GET_SECCOMP
      PR_SET_SECCOMP PR_CAPBSET_READ PR_CAPBSET_DROP PR_GET_TSC PR_SET_TSC PR_GET_SECUREBITS PR_SET_SECUREBITS
      PR_SET_TIMERSLACK PR_GET_TIMERSLACK PR_TASK_PERF_EVENTS_DISABLE PR_TASK_PERF_EVENTS_ENABLE PR_MCE_KILL
      PR_MCE_KILL_GET PR_SET_MM PR_SET_PTRACER PR_SET_CHILD_SUBREAPER PR_GET_CHILD_SUBREAPER PR_SET_NO_NEW_PRIVS
      PR_GET_NO_NEW_PRIVS PR_GET_TID_ADDRESS PR_SET_THP_DISABLE PR_GET_THP_DISABLE PR_MPX_ENABLE_MANAGEMENT
      PR_MPX_DISABLE_MANAGEMENT PR_SET_FP_MODE PR_GET_FP_MODE PR_CAP_AMBIENT PR_SVE_SET_VL PR_SVE_GET_VL
      PR_GET_SPECULATION_CTRL PR_SET_SPECULATION_CTRL PR_PAC_RESET_KEYS PR_SET_TAGGED_ADDR_CTRL
      PR_GET_TAGGED_ADDR_CTRL PR_SET_IO_FLUSHER PR_GET_IO_FLUSHER PR_SET_SYSCALL_USER_DISPATCH
      PR_PAC_SET_ENABLED_KEYS PR_PAC_GET_ENABLED_KEYS PR_SCHED_CORE PR_SME_SET_VL PR_SME_GET_VL PR_SET_VMA ]],
    also = { { "PR_SET_MDWE", "65" }, { "PR_GET_MDWE", "66" }, { "PR_SET_MEMORY_MERGE", "67" },
             { "PR_GET_MEMORY_MERGE", "68" }, { "PR_GET_AUXV", "0x41555856" } } },
  { name = "ptrace", headers = { "linux/ptrace.h" }, prefix = "PTRACE_",
    exclude = words [[ PTRACE_PEEKUSR PTRACE_POKEUSR PTRACE_PEEKSIGINFO_SHARED PTRACE_EVENT_FORK
      PTRACE_EVENT_VFORK PTRACE_EVENT_CLONE
      PTRACE_EVENT_EXEC PTRACE_EVENT_VFORK_DONE PTRACE_EVENT_EXIT PTRACE_EVENT_SECCOMP PTRACE_EVENT_STOP
      PTRACE_EVENTMSG_SYSCALL_ENTRY PTRACE_EVENTMSG_SYSCALL_EXIT PTRACE_SYSCALL_INFO_NONE
      PTRACE_SYSCALL_INFO_ENTRY PTRACE_SYSCALL_INFO_EXIT PTRACE_SYSCALL_INFO_SECCOMP PTRACE_O_TRACESYSGOOD
      PTRACE_O_TRACEFORK PTRACE_O_TRACEVFORK PTRACE_O_TRACECLONE PTRACE_O_TRACEEXEC PTRACE_O_TRACEVFORKDONE
      PTRACE_O_TRACEEXIT PTRACE_O_TRACESECCOMP PTRACE_O_EXITKILL PTRACE_O_SUSPEND_SECCOMP PTRACE_O_MASK ]],
    also = { { "PTRACE_PEEKUSER", "PTRACE_PEEKUSR" }, { "PTRACE_POKEUSER", "PTRACE_POKEUSR" },
             { "PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG", "0x4210" },
             { "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG", "0x4211" }, { "PTRACE_SET_SYSCALL_INFO", "0x4212" } } },

  -- ---- memory ----------------------------------------------------------------------------------------------

  { name = "prot", flags = true, headers = { "linux/mman.h" }, mask = "7",
    names = { "PROT_SEM", "PROT_GROWSDOWN", "PROT_GROWSUP" },
    also = combinations("PROT_NONE", { "PROT_READ", "PROT_WRITE", "PROT_EXEC" }) },
  { name = "mmap", flags = true, headers = { "linux/mman.h" }, prefix = "MAP_", mask = "MAP_TYPE",
    exclude = words [[ MAP_TYPE MAP_FILE MAP_UNINITIALIZED MAP_HUGE_SHIFT MAP_HUGE_MASK MAP_HUGE_16KB
      MAP_HUGE_64KB MAP_HUGE_512KB MAP_HUGE_1MB MAP_HUGE_2MB MAP_HUGE_8MB MAP_HUGE_16MB MAP_HUGE_32MB
      MAP_HUGE_256MB MAP_HUGE_512MB MAP_HUGE_1GB MAP_HUGE_2GB MAP_HUGE_16GB ]],
    also = { { "MAP_FILE", "0" }, { "MAP_DROPPABLE", "8" } } },
  { name = "mremap", flags = true, headers = { "linux/mman.h" }, prefix = "MREMAP_" },
  { name = "madvise", headers = { "linux/mman.h" }, prefix = "MADV_",
    also = { { "MADV_GUARD_INSTALL", "102" }, { "MADV_GUARD_REMOVE", "103" } } },
  { name = "msync", flags = true, headers = { "linux/mman.h" }, names = { "MS_ASYNC", "MS_INVALIDATE", "MS_SYNC" } },
  { name = "mlock", flags = true, headers = { "linux/mman.h" }, names = { "MLOCK_ONFAULT" } },
  { name = "mlockall", flags = true, headers = { "linux/mman.h" }, prefix = "MCL_" },
  { name = "pkey", flags = true, headers = { "linux/mman.h" }, names = { "PKEY_DISABLE_ACCESS", "PKEY_DISABLE_WRITE" },
    also = { { "PKEY_DISABLE_EXECUTE", "4" } } },
  { name = "shadow_stack", flags = true, headers = { "linux/mman.h" }, names = {},
    also = { { "SHADOW_STACK_SET_TOKEN", "1" }, { "SHADOW_STACK_SET_MARKER", "2" } } },
  { name = "mempolicy", flags = true, headers = { "linux/mempolicy.h" }, mask = "(unsigned int)~MPOL_MODE_FLAGS",
    names = words [[ MPOL_DEFAULT MPOL_PREFERRED MPOL_BIND MPOL_INTERLEAVE MPOL_LOCAL MPOL_PREFERRED_MANY
      MPOL_F_STATIC_NODES MPOL_F_RELATIVE_NODES MPOL_F_NUMA_BALANCING ]],
    also = { { "MPOL_WEIGHTED_INTERLEAVE", "6" } } },
  { name = "mbind", flags = true, headers = { "linux/mempolicy.h" },
    names = { "MPOL_MF_STRICT", "MPOL_MF_MOVE", "MPOL_MF_MOVE_ALL" } },
  { name = "get_mempolicy", flags = true, headers = { "linux/mempolicy.h" },
    names = { "MPOL_F_NODE", "MPOL_F_ADDR", "MPOL_F_MEMS_ALLOWED" } },
  { name = "membarrier", headers = { "linux/membarrier.h" },
    names = words [[ MEMBARRIER_CMD_QUERY MEMBARRIER_CMD_GLOBAL MEMBARRIER_CMD_GLOBAL_EXPEDITED
      MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED MEMBARRIER_CMD_PRIVATE_EXPEDITED
      MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE
      MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ
      MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ ]],
    also = { { "MEMBARRIER_CMD_GET_REGISTRATIONS", "0x200" } } },
  { name = "membarrier_flags", flags = true, headers = { "linux/membarrier.h" },
    names = { "MEMBARRIER_CMD_FLAG_CPU" } },

  -- ---- signals ---------------------------------------------------------------------------------------------

  { name = "signal", headers = { "signal.h" }, prefix = "SIG",
    exclude = { "SIGRTMIN", "SIGRTMAX", "SIGSTKSZ", "SIGCLD", "SIGIOT", "SIGPOLL", "SIGEV_SIGNAL", "SIGEV_NONE",
                "SIGEV_THREAD", "SIGEV_THREAD_ID" }, also = realtime_signals() },
  { name = "sigmask", headers = { "signal.h" }, names = { "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK" } },
  { name = "sa_handler", flags = true, headers = { "signal.h" }, mask = "~0ULL", names = {},
    also = { { "SIG_DFL", "0" }, { "SIG_IGN", "1" }, { "SIG_ERR", "-1ULL" } } },
  { name = "sa_flags", flags = true, headers = { "signal.h" },
    names = words [[ SA_NOCLDSTOP SA_NOCLDWAIT SA_SIGINFO SA_ONSTACK SA_RESTART SA_INTERRUPT SA_NODEFER SA_RESETHAND ]],
    also = { { "SA_RESTORER", "0x04000000" }, { "SA_UNSUPPORTED", "0x400" }, { "SA_EXPOSE_TAGBITS", "0x800" } } },
  { name = "ss_flags", flags = true, headers = { "signal.h" }, names = { "SS_ONSTACK", "SS_DISABLE" },
    also = { { "SS_AUTODISARM", "1U << 31" } } },
  { name = "si_code", headers = { "signal.h" },
    names = words [[ SI_USER SI_KERNEL SI_QUEUE SI_TIMER SI_MESGQ SI_ASYNCIO SI_SIGIO SI_TKILL SI_ASYNCNL ]],
    also = { { "SI_DETHREAD", "-7" } } },
  { name = "cld_code", headers = { "signal.h" },
    names = words [[ CLD_EXITED CLD_KILLED CLD_DUMPED CLD_TRAPPED CLD_STOPPED CLD_CONTINUED ]] },
  { name = "sigev_notify", headers = { "signal.h" },
    names = { "SIGEV_SIGNAL", "SIGEV_NONE", "SIGEV_THREAD", "SIGEV_THREAD_ID" } },

  -- ---- System V, futexes -----------------------------------------------------------------------------------

  { name = "ipc_key", flags = true, headers = { "linux/ipc.h" }, mask = ALL_BITS, names = {},
    also = { { "IPC_PRIVATE", "(unsigned int)IPC_PRIVATE" } } },
  { name = "ipc_get", flags = true, headers = { "linux/ipc.h" }, mask = "0777",
    names = { "IPC_CREAT", "IPC_EXCL", "IPC_NOWAIT" },
    also = permissions() },
  { name = "shmget", flags = true, headers = { "linux/shm.h" }, mask = "0777",
    names = { "IPC_CREAT", "IPC_EXCL", "SHM_HUGETLB", "SHM_NORESERVE" }, also = permissions() },
  { name = "shmat", flags = true, headers = { "linux/shm.h" },
    names = { "SHM_RDONLY", "SHM_RND", "SHM_REMAP", "SHM_EXEC" } },
  { name = "shmctl", headers = { "linux/shm.h" },
    names = words [[ IPC_RMID IPC_SET IPC_STAT IPC_INFO SHM_LOCK SHM_UNLOCK SHM_STAT SHM_INFO SHM_STAT_ANY ]] },
  { name = "semctl", headers = { "linux/sem.h" },
    names = words [[ IPC_RMID IPC_SET IPC_STAT IPC_INFO GETPID GETVAL GETALL GETNCNT GETZCNT SETVAL SETALL
      SEM_STAT SEM_INFO SEM_STAT_ANY ]] },
  { name = "mq_flags", flags = true, headers = { "linux/fcntl.h" }, names = { "O_NONBLOCK" } },
  { name = "sem_flags", flags = true, headers = { "linux/sem.h" }, names = { "SEM_UNDO", "IPC_NOWAIT" } },
  { name = "msgctl", headers = { "linux/msg.h" },
    names = words [[ IPC_RMID IPC_SET IPC_STAT IPC_INFO MSG_STAT MSG_INFO MSG_STAT_ANY ]] },
  { name = "msg_queue", flags = true, headers = { "linux/msg.h" },
    names = { "MSG_NOERROR", "MSG_EXCEPT", "MSG_COPY", "IPC_NOWAIT" } },
  -- With the flag for private futexes in the operation's name, as linux/futex.h has them.
  { name = "futex", flags = true, headers = { "linux/futex.h" }, mask = "(unsigned int)~FUTEX_CLOCK_REALTIME",
    names = words [[ FUTEX_WAIT FUTEX_WAKE FUTEX_FD FUTEX_REQUEUE FUTEX_CMP_REQUEUE FUTEX_WAKE_OP FUTEX_LOCK_PI
      FUTEX_UNLOCK_PI FUTEX_TRYLOCK_PI FUTEX_WAIT_BITSET FUTEX_WAKE_BITSET FUTEX_WAIT_REQUEUE_PI
      FUTEX_CMP_REQUEUE_PI FUTEX_LOCK_PI2 FUTEX_WAIT_PRIVATE FUTEX_WAKE_PRIVATE FUTEX_REQUEUE_PRIVATE
      FUTEX_CMP_REQUEUE_PRIVATE FUTEX_WAKE_OP_PRIVATE FUTEX_LOCK_PI_PRIVATE FUTEX_UNLOCK_PI_PRIVATE
      FUTEX_TRYLOCK_PI_PRIVATE FUTEX_WAIT_BITSET_PRIVATE FUTEX_WAKE_BITSET_PRIVATE FUTEX_WAIT_REQUEUE_PI_PRIVATE
      FUTEX_CMP_REQUEUE_PI_PRIVATE FUTEX_LOCK_PI2_PRIVATE FUTEX_CLOCK_REALTIME ]] },
  { name = "futex_bitset", flags = true, headers = { "linux/futex.h" }, mask = ALL_BITS,
    names = { "FUTEX_BITSET_MATCH_ANY" } },
  { name = "futex2", flags = true, headers = { "linux/futex.h" }, mask = "3", names = {},
    also = { { "FUTEX2_SIZE_U8", "0" }, { "FUTEX2_SIZE_U16", "1" }, { "FUTEX2_SIZE_U32", "2" },
             { "FUTEX2_SIZE_U64", "3" }, { "FUTEX2_NUMA", "4" }, { "FUTEX2_MPOL", "8" },
             { "FUTEX2_PRIVATE", "0x80" } } },

  -- ---- clocks ----------------------------------------------------------------------------------------------

  { name = "clock", headers = { "time.h" }, prefix = "CLOCK_", also = { { "CLOCK_SGI_CYCLE", "10" } } },
  { name = "timer", flags = true, headers = { "time.h" }, names = { "TIMER_ABSTIME" } },
  { name = "itimer", headers = { "sys/time.h" }, names = { "ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF" } },
  { name = "time_state", headers = { "sys/timex.h" },
    names = { "TIME_OK", "TIME_INS", "TIME_DEL", "TIME_OOP", "TIME_WAIT", "TIME_ERROR" } },
  { name = "adjtime", flags = true, headers = { "sys/timex.h" }, prefix = "ADJ_" },
  { name = "clock_status", flags = true, headers = { "sys/timex.h" }, prefix = "STA_", exclude = { "STA_RONLY" } },

  -- ---- security --------------------------------------------------------------------------------------------

  { name = "capability", flags = true, headers = { "linux/capability.h" }, names = {}, also = capabilities(0) },
  { name = "capability_high", flags = true, headers = { "linux/capability.h" }, names = {}, also = capabilities(32) },
  { name = "cap_version", headers = { "linux/capability.h" },
    names = { "_LINUX_CAPABILITY_VERSION_1", "_LINUX_CAPABILITY_VERSION_2", "_LINUX_CAPABILITY_VERSION_3" } },
  { name = "seccomp", headers = { "linux/seccomp.h" },
    names = words [[ SECCOMP_SET_MODE_STRICT SECCOMP_SET_MODE_FILTER SECCOMP_GET_ACTION_AVAIL
      SECCOMP_GET_NOTIF_SIZES ]] },
  { name = "seccomp_filter", flags = true, headers = { "linux/seccomp.h" }, prefix = "SECCOMP_FILTER_FLAG_" },
  { name = "landlock_create", flags = true, headers = { "linux/landlock.h" }, prefix = "LANDLOCK_CREATE_RULESET_",
    also = { { "LANDLOCK_CREATE_RULESET_ERRATA", "2" } } },
  { name = "landlock_rule", headers = { "linux/landlock.h" }, names = { "LANDLOCK_RULE_PATH_BENEATH" },
    also = { { "LANDLOCK_RULE_NET_PORT", "2" } } },
  { name = "landlock_fs", flags = true, headers = { "linux/landlock.h" }, prefix = "LANDLOCK_ACCESS_FS_",
    also = { { "LANDLOCK_ACCESS_FS_TRUNCATE", "1ULL << 14" }, { "LANDLOCK_ACCESS_FS_IOCTL_DEV", "1ULL << 15" } } },
  { name = "landlock_net", flags = true, headers = { "linux/landlock.h" }, names = {},
    also = { { "LANDLOCK_ACCESS_NET_BIND_TCP", "1" }, { "LANDLOCK_ACCESS_NET_CONNECT_TCP", "2" } } },
  { name = "lsm_attr", headers = { "linux/types.h" }, names = {},
    also = { { "LSM_ATTR_UNDEF", "0" }, { "LSM_ATTR_CURRENT", "100" }, { "LSM_ATTR_EXEC", "101" },
             { "LSM_ATTR_FSCREATE", "102" }, { "LSM_ATTR_KEYCREATE", "103" }, { "LSM_ATTR_PREV", "104" },
             { "LSM_ATTR_SOCKCREATE", "105" } } },
  { name = "lsm", headers = { "linux/types.h" }, names = {},
    also = { { "LSM_ID_UNDEF", "0" }, { "LSM_ID_CAPABILITY", "100" }, { "LSM_ID_SELINUX", "101" },
             { "LSM_ID_SMACK", "102" }, { "LSM_ID_TOMOYO", "103" }, { "LSM_ID_APPARMOR", "104" },
             { "LSM_ID_YAMA", "105" },
             { "LSM_ID_LOADPIN", "106" }, { "LSM_ID_SAFESETID", "107" }, { "LSM_ID_LOCKDOWN", "108" },
             { "LSM_ID_BPF", "109" }, { "LSM_ID_LANDLOCK", "110" }, { "LSM_ID_IMA", "111" }, { "LSM_ID_EVM", "112" },
             { "LSM_ID_IPE", "113" } } },
  { name = "keyctl", headers = { "linux/keyctl.h" }, prefix = "KEYCTL_",
    exclude = words [[ KEYCTL_SUPPORTS_ENCRYPT KEYCTL_SUPPORTS_DECRYPT KEYCTL_SUPPORTS_SIGN KEYCTL_SUPPORTS_VERIFY
      KEYCTL_MOVE_EXCL KEYCTL_CAPS0_CAPABILITIES KEYCTL_CAPS0_PERSISTENT_KEYRINGS KEYCTL_CAPS0_DIFFIE_HELLMAN
      KEYCTL_CAPS0_PUBLIC_KEY KEYCTL_CAPS0_BIG_KEY KEYCTL_CAPS0_INVALIDATE KEYCTL_CAPS0_RESTRICT_KEYRING
      KEYCTL_CAPS0_MOVE KEYCTL_CAPS1_NS_KEYRING_NAME KEYCTL_CAPS1_NS_KEY_TAG KEYCTL_CAPS1_NOTIFICATIONS ]] },
  { name = "keyring", headers = { "linux/keyctl.h" }, prefix = "KEY_SPEC_" },
  { name = "getrandom", flags = true, headers = { "linux/random.h" }, prefix = "GRND_" },
  { name = "bpf", headers = { "linux/bpf.h" },
    names = words [[ BPF_MAP_CREATE BPF_MAP_LOOKUP_ELEM BPF_MAP_UPDATE_ELEM BPF_MAP_DELETE_ELEM
      BPF_MAP_GET_NEXT_KEY BPF_PROG_LOAD BPF_OBJ_PIN BPF_OBJ_GET BPF_PROG_ATTACH BPF_PROG_DETACH BPF_PROG_TEST_RUN
      BPF_PROG_GET_NEXT_ID BPF_MAP_GET_NEXT_ID BPF_PROG_GET_FD_BY_ID BPF_MAP_GET_FD_BY_ID BPF_OBJ_GET_INFO_BY_FD
      BPF_PROG_QUERY BPF_RAW_TRACEPOINT_OPEN BPF_BTF_LOAD BPF_BTF_GET_FD_BY_ID BPF_TASK_FD_QUERY
      BPF_MAP_LOOKUP_AND_DELETE_ELEM BPF_MAP_FREEZE BPF_BTF_GET_NEXT_ID BPF_MAP_LOOKUP_BATCH
      BPF_MAP_LOOKUP_AND_DELETE_BATCH BPF_MAP_UPDATE_BATCH BPF_MAP_DELETE_BATCH BPF_LINK_CREATE BPF_LINK_UPDATE
      BPF_LINK_GET_FD_BY_ID BPF_LINK_GET_NEXT_ID BPF_ENABLE_STATS BPF_ITER_CREATE BPF_LINK_DETACH
      BPF_PROG_BIND_MAP ]],
    also = { { "BPF_TOKEN_CREATE", "36" }, { "BPF_PROG_STREAM_READ_BY_FD", "37" } } },

  -- ---- the machine -----------------------------------------------------------------------------------------

  { name = "syslog", headers = { "linux/types.h" }, names = {},
    also = { { "SYSLOG_ACTION_CLOSE", "0" }, { "SYSLOG_ACTION_OPEN", "1" }, { "SYSLOG_ACTION_READ", "2" },
             { "SYSLOG_ACTION_READ_ALL", "3" }, { "SYSLOG_ACTION_READ_CLEAR", "4" }, { "SYSLOG_ACTION_CLEAR", "5" },
             { "SYSLOG_ACTION_CONSOLE_OFF", "6" }, { "SYSLOG_ACTION_CONSOLE_ON", "7" },
             { "SYSLOG_ACTION_CONSOLE_LEVEL", "8" }, { "SYSLOG_ACTION_SIZE_UNREAD", "9" },
             { "SYSLOG_ACTION_SIZE_BUFFER", "10" } } },
  { name = "arch_prctl", headers = { "linux/types.h" }, names = {},
    also = { { "ARCH_SET_GS", "0x1001" }, { "ARCH_SET_FS", "0x1002" }, { "ARCH_GET_FS", "0x1003" },
             { "ARCH_GET_GS", "0x1004" }, { "ARCH_GET_CPUID", "0x1011" }, { "ARCH_SET_CPUID", "0x1012" },
             { "ARCH_GET_XCOMP_SUPP", "0x1021" }, { "ARCH_GET_XCOMP_PERM", "0x1022" },
             { "ARCH_REQ_XCOMP_PERM", "0x1023" }, { "ARCH_GET_XCOMP_GUEST_PERM", "0x1024" },
             { "ARCH_REQ_XCOMP_GUEST_PERM", "0x1025" }, { "ARCH_MAP_VDSO_X32", "0x2001" },
             { "ARCH_MAP_VDSO_32", "0x2002" }, { "ARCH_MAP_VDSO_64", "0x2003" }, { "ARCH_GET_UNTAG_MASK", "0x4001" },
             { "ARCH_ENABLE_TAGGED_ADDR", "0x4002" }, { "ARCH_GET_MAX_TAG_BITS", "0x4003" },
             { "ARCH_FORCE_TAGGED_SVA", "0x4004" }, { "ARCH_SHSTK_ENABLE", "0x5001" },
             { "ARCH_SHSTK_DISABLE", "0x5002" }, { "ARCH_SHSTK_LOCK", "0x5003" }, { "ARCH_SHSTK_UNLOCK", "0x5004" },
             { "ARCH_SHSTK_STATUS", "0x5005" } } },
  { name = "reboot_magic", flags = true, headers = { "linux/reboot.h" }, mask = ALL_BITS,
    names = words [[ LINUX_REBOOT_MAGIC1 LINUX_REBOOT_MAGIC2 LINUX_REBOOT_MAGIC2A LINUX_REBOOT_MAGIC2B
      LINUX_REBOOT_MAGIC2C ]] },
  { name = "reboot", flags = true, headers = { "linux/reboot.h" }, mask = ALL_BITS, prefix = "LINUX_REBOOT_CMD_" },
  { name = "finit_module", flags = true, headers = { "linux/module.h" }, prefix = "MODULE_INIT_" },
  { name = "delete_module", flags = true, headers = { "linux/fcntl.h" }, names = { "O_NONBLOCK", "O_TRUNC" } },
  { name = "kexec", flags = true, headers = { "linux/kexec.h" }, mask = "KEXEC_ARCH_MASK",
    names = words [[ KEXEC_ON_CRASH KEXEC_PRESERVE_CONTEXT KEXEC_ARCH_DEFAULT KEXEC_ARCH_386 KEXEC_ARCH_68K
      KEXEC_ARCH_PARISC KEXEC_ARCH_X86_64 KEXEC_ARCH_PPC KEXEC_ARCH_PPC64 KEXEC_ARCH_IA_64 KEXEC_ARCH_ARM
      KEXEC_ARCH_S390 KEXEC_ARCH_SH KEXEC_ARCH_MIPS_LE KEXEC_ARCH_MIPS KEXEC_ARCH_AARCH64 KEXEC_ARCH_RISCV ]],
    also = { { "KEXEC_UPDATE_ELFCOREHDR", "4" }, { "KEXEC_CRASH_HOTPLUG_SUPPORT", "8" } } },
  { name = "kexec_file", flags = true, headers = { "linux/kexec.h" }, prefix = "KEXEC_FILE_",
    also = { { "KEXEC_FILE_DEBUG", "8" } } },

  -- ---- ioctl: the first name of a number counts -------------------------------------------------------------

  { name = "ioctl", flags = true, mask = ALL_BITS,
    headers = {
      "asm/ioctls.h", "asm/termbits.h", "linux/serial.h", "linux/fiemap.h", "linux/fscrypt.h", "linux/major.h",
      "linux/sockios.h", "linux/fs.h", "linux/fsverity.h", "linux/blkzoned.h", "linux/loop.h",
      "linux/nbd.h", "linux/raid/md_u.h", "linux/nvme_ioctl.h", "linux/btrfs.h", "linux/fuse.h", "linux/inotify.h",
      "linux/if_tun.h", "linux/vhost.h", "linux/perf_event.h", "linux/userfaultfd.h", "linux/nsfs.h",
      "linux/seccomp.h", "linux/random.h", "linux/rtc.h", "linux/watchdog.h", "linux/ptp_clock.h", "linux/input.h",
      "linux/uinput.h", "linux/hidraw.h", "linux/gpio.h", "linux/usbdevice_fs.h", "linux/kd.h", "linux/vt.h",
      "linux/fb.h", "linux/kvm.h"
    },
    names = words [[
      FIOASYNC FIOCLEX FIONBIO FIONCLEX FIONREAD FIOQSIZE TCFLSH TCGETA TCGETS TCGETS2 TCGETX TCSBRK TCSBRKP TCSETA
      TCSETAF TCSETAW TCSETS TCSETS2 TCSETSF TCSETSF2 TCSETSW TCSETSW2 TCSETX TCSETXF TCSETXW TCXONC TIOCCBRK
      TIOCCONS TIOCEXCL TIOCGDEV TIOCGETD TIOCGEXCL TIOCGICOUNT TIOCGISO7816 TIOCGLCKTRMIOS TIOCGPGRP TIOCGPTLCK
      TIOCGPTN TIOCGPTPEER TIOCGRS485 TIOCGSERIAL TIOCGSID TIOCGSOFTCAR TIOCGWINSZ TIOCLINUX TIOCMBIC TIOCMBIS
      TIOCMGET TIOCMIWAIT TIOCMSET TIOCNOTTY TIOCNXCL TIOCOUTQ TIOCPKT TIOCSBRK TIOCSCTTY TIOCSETD TIOCSIG
      TIOCSISO7816 TIOCSLCKTRMIOS TIOCSPGRP TIOCSPTLCK TIOCSRS485 TIOCSSERIAL TIOCSSOFTCAR TIOCSTI TIOCSWINSZ
      TIOCVHANGUP
      SIOCADDDLCI SIOCADDMULTI SIOCADDRT SIOCATMARK SIOCBRADDBR SIOCBRADDIF SIOCBRDELBR SIOCBRDELIF SIOCDARP
      SIOCDELDLCI SIOCDELMULTI SIOCDELRT SIOCDIFADDR SIOCETHTOOL SIOCGARP SIOCGHWTSTAMP SIOCGIFADDR SIOCGIFBR
      SIOCGIFBRDADDR SIOCGIFCONF SIOCGIFCOUNT SIOCGIFDSTADDR SIOCGIFENCAP SIOCGIFFLAGS SIOCGIFHWADDR SIOCGIFINDEX
      SIOCGIFMAP SIOCGIFMEM SIOCGIFMETRIC SIOCGIFMTU SIOCGIFNAME SIOCGIFNETMASK SIOCGIFPFLAGS SIOCGIFSLAVE
      SIOCGIFTXQLEN SIOCGIFVLAN SIOCGMIIPHY SIOCGMIIREG SIOCGSKNS SIOCOUTQNSD SIOCRTMSG SIOCSARP SIOCSHWTSTAMP
      SIOCSIFADDR SIOCSIFBR SIOCSIFBRDADDR SIOCSIFDSTADDR SIOCSIFENCAP SIOCSIFFLAGS SIOCSIFHWADDR SIOCSIFHWBROADCAST
      SIOCSIFLINK SIOCSIFMAP SIOCSIFMEM SIOCSIFMETRIC SIOCSIFMTU SIOCSIFNAME SIOCSIFNETMASK SIOCSIFPFLAGS
      SIOCSIFSLAVE SIOCSIFTXQLEN SIOCSIFVLAN SIOCSMIIREG SIOCWANDEV
      BLKALIGNOFF BLKBSZGET BLKBSZSET BLKDISCARD BLKDISCARDZEROES BLKFLSBUF BLKFRAGET BLKFRASET BLKGETDISKSEQ
      BLKGETSIZE BLKGETSIZE64 BLKIOMIN BLKIOOPT BLKPBSZGET BLKRAGET BLKRASET BLKROGET BLKROSET BLKROTATIONAL
      BLKRRPART BLKSECDISCARD BLKSECTGET BLKSECTSET BLKSSZGET BLKZEROOUT FIBMAP FICLONE FICLONERANGE FIDEDUPERANGE
      FIFREEZE FIGETBSZ FITHAW FITRIM FS_IOC_ADD_ENCRYPTION_KEY FS_IOC_FIEMAP FS_IOC_FSGETXATTR FS_IOC_FSSETXATTR
      FS_IOC_GETFLAGS FS_IOC_GETFSLABEL FS_IOC_GETVERSION FS_IOC_GET_ENCRYPTION_KEY_STATUS
      FS_IOC_GET_ENCRYPTION_NONCE FS_IOC_GET_ENCRYPTION_POLICY FS_IOC_GET_ENCRYPTION_POLICY_EX
      FS_IOC_GET_ENCRYPTION_PWSALT FS_IOC_REMOVE_ENCRYPTION_KEY FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS
      FS_IOC_SETFLAGS FS_IOC_SETFSLABEL FS_IOC_SETVERSION FS_IOC_SET_ENCRYPTION_POLICY
      FS_IOC_ENABLE_VERITY FS_IOC_MEASURE_VERITY FS_IOC_READ_VERITY_METADATA
      BLKCLOSEZONE BLKFINISHZONE BLKGETNRZONES BLKGETZONESZ BLKOPENZONE BLKREPORTZONE BLKRESETZONE
      LOOP_CHANGE_FD LOOP_CLR_FD LOOP_CONFIGURE LOOP_CTL_ADD LOOP_CTL_GET_FREE LOOP_CTL_REMOVE LOOP_GET_STATUS
      LOOP_GET_STATUS64 LOOP_SET_BLOCK_SIZE LOOP_SET_CAPACITY LOOP_SET_DIRECT_IO LOOP_SET_FD LOOP_SET_STATUS
      LOOP_SET_STATUS64
      NBD_CLEAR_QUE NBD_CLEAR_SOCK NBD_DISCONNECT NBD_DO_IT NBD_PRINT_DEBUG NBD_SET_BLKSIZE NBD_SET_FLAGS
      NBD_SET_SIZE NBD_SET_SIZE_BLOCKS NBD_SET_SOCK NBD_SET_TIMEOUT
      ADD_NEW_DISK CLEAR_ARRAY CLUSTERED_DISK_NACK GET_ARRAY_INFO GET_BITMAP_FILE GET_DISK_INFO HOT_ADD_DISK
      HOT_GENERATE_ERROR HOT_REMOVE_DISK PROTECT_ARRAY RAID_AUTORUN RAID_VERSION RESTART_ARRAY_RW RUN_ARRAY
      SET_ARRAY_INFO SET_BITMAP_FILE SET_DISK_FAULTY SET_DISK_INFO STOP_ARRAY STOP_ARRAY_RO UNPROTECT_ARRAY
      WRITE_RAID_INFO
      NVME_IOCTL_ADMIN64_CMD NVME_IOCTL_ADMIN_CMD NVME_IOCTL_ID NVME_IOCTL_IO64_CMD NVME_IOCTL_IO64_CMD_VEC
      NVME_IOCTL_IO_CMD NVME_IOCTL_RESCAN NVME_IOCTL_RESET NVME_IOCTL_SUBMIT_IO NVME_IOCTL_SUBSYS_RESET
      BTRFS_IOC_ADD_DEV BTRFS_IOC_BALANCE BTRFS_IOC_BALANCE_CTL BTRFS_IOC_BALANCE_PROGRESS BTRFS_IOC_BALANCE_V2
      BTRFS_IOC_DEFAULT_SUBVOL BTRFS_IOC_DEFRAG BTRFS_IOC_DEFRAG_RANGE BTRFS_IOC_DEVICES_READY BTRFS_IOC_DEV_INFO
      BTRFS_IOC_DEV_REPLACE BTRFS_IOC_ENCODED_READ BTRFS_IOC_ENCODED_WRITE BTRFS_IOC_FORGET_DEV BTRFS_IOC_FS_INFO
      BTRFS_IOC_GET_DEV_STATS BTRFS_IOC_GET_FEATURES BTRFS_IOC_GET_SUBVOL_INFO BTRFS_IOC_GET_SUBVOL_ROOTREF
      BTRFS_IOC_GET_SUPPORTED_FEATURES BTRFS_IOC_INO_LOOKUP BTRFS_IOC_INO_LOOKUP_USER BTRFS_IOC_INO_PATHS
      BTRFS_IOC_LOGICAL_INO BTRFS_IOC_LOGICAL_INO_V2 BTRFS_IOC_QGROUP_ASSIGN BTRFS_IOC_QGROUP_CREATE
      BTRFS_IOC_QGROUP_LIMIT BTRFS_IOC_QUOTA_CTL BTRFS_IOC_QUOTA_RESCAN BTRFS_IOC_QUOTA_RESCAN_STATUS
      BTRFS_IOC_QUOTA_RESCAN_WAIT BTRFS_IOC_RESIZE BTRFS_IOC_RM_DEV BTRFS_IOC_RM_DEV_V2 BTRFS_IOC_SCAN_DEV
      BTRFS_IOC_SCRUB BTRFS_IOC_SCRUB_CANCEL BTRFS_IOC_SCRUB_PROGRESS BTRFS_IOC_SEND BTRFS_IOC_SET_FEATURES
      BTRFS_IOC_SET_RECEIVED_SUBVOL BTRFS_IOC_SNAP_CREATE BTRFS_IOC_SNAP_CREATE_V2 BTRFS_IOC_SNAP_DESTROY
      BTRFS_IOC_SNAP_DESTROY_V2 BTRFS_IOC_SPACE_INFO BTRFS_IOC_START_SYNC BTRFS_IOC_SUBVOL_CREATE
      BTRFS_IOC_SUBVOL_CREATE_V2 BTRFS_IOC_SUBVOL_GETFLAGS BTRFS_IOC_SUBVOL_SETFLAGS BTRFS_IOC_SYNC
      BTRFS_IOC_TREE_SEARCH BTRFS_IOC_TREE_SEARCH_V2 BTRFS_IOC_WAIT_SYNC
      FUSE_DEV_IOC_CLONE
      INOTIFY_IOC_SETNEXTWD
      TUNATTACHFILTER TUNDETACHFILTER TUNGETDEVNETNS TUNGETFEATURES TUNGETFILTER TUNGETIFF TUNGETSNDBUF TUNGETVNETBE
      TUNGETVNETHDRSZ TUNGETVNETLE TUNSETCARRIER TUNSETDEBUG TUNSETFILTEREBPF TUNSETGROUP TUNSETIFF TUNSETIFINDEX
      TUNSETLINK TUNSETNOCSUM TUNSETOFFLOAD TUNSETOWNER TUNSETPERSIST TUNSETQUEUE TUNSETSNDBUF TUNSETSTEERINGEBPF
      TUNSETTXFILTER TUNSETVNETBE TUNSETVNETHDRSZ TUNSETVNETLE
      VHOST_GET_BACKEND_FEATURES VHOST_GET_FEATURES VHOST_GET_VRING_BASE VHOST_GET_VRING_BUSYLOOP_TIMEOUT
      VHOST_GET_VRING_ENDIAN VHOST_NET_SET_BACKEND VHOST_RESET_OWNER VHOST_SET_BACKEND_FEATURES VHOST_SET_FEATURES
      VHOST_SET_LOG_BASE VHOST_SET_LOG_FD VHOST_SET_MEM_TABLE VHOST_SET_OWNER VHOST_SET_VRING_ADDR
      VHOST_SET_VRING_BASE VHOST_SET_VRING_BUSYLOOP_TIMEOUT VHOST_SET_VRING_CALL VHOST_SET_VRING_ENDIAN
      VHOST_SET_VRING_ERR VHOST_SET_VRING_KICK VHOST_SET_VRING_NUM VHOST_VSOCK_SET_GUEST_CID VHOST_VSOCK_SET_RUNNING
      PERF_EVENT_IOC_DISABLE PERF_EVENT_IOC_ENABLE PERF_EVENT_IOC_ID PERF_EVENT_IOC_MODIFY_ATTRIBUTES
      PERF_EVENT_IOC_PAUSE_OUTPUT PERF_EVENT_IOC_PERIOD PERF_EVENT_IOC_QUERY_BPF PERF_EVENT_IOC_REFRESH
      PERF_EVENT_IOC_RESET PERF_EVENT_IOC_SET_BPF PERF_EVENT_IOC_SET_FILTER PERF_EVENT_IOC_SET_OUTPUT
      UFFDIO_API UFFDIO_CONTINUE UFFDIO_COPY UFFDIO_REGISTER UFFDIO_UNREGISTER UFFDIO_WAKE UFFDIO_WRITEPROTECT
      UFFDIO_ZEROPAGE
      NS_GET_NSTYPE NS_GET_OWNER_UID NS_GET_PARENT NS_GET_USERNS
      SECCOMP_IOCTL_NOTIF_ADDFD SECCOMP_IOCTL_NOTIF_ID_VALID SECCOMP_IOCTL_NOTIF_RECV SECCOMP_IOCTL_NOTIF_SEND
      RNDADDENTROPY RNDADDTOENTCNT RNDCLEARPOOL RNDGETENTCNT RNDGETPOOL RNDRESEEDCRNG RNDZAPENTCNT
      RTC_AIE_OFF RTC_AIE_ON RTC_ALM_READ RTC_ALM_SET RTC_EPOCH_READ RTC_EPOCH_SET RTC_IRQP_READ RTC_IRQP_SET
      RTC_PARAM_GET RTC_PARAM_SET RTC_PIE_OFF RTC_PIE_ON RTC_PLL_GET RTC_PLL_SET RTC_RD_TIME RTC_SET_TIME
      RTC_UIE_OFF RTC_UIE_ON RTC_VL_CLR RTC_VL_READ RTC_WIE_OFF RTC_WIE_ON RTC_WKALM_RD RTC_WKALM_SET
      WDIOC_GETBOOTSTATUS WDIOC_GETPRETIMEOUT WDIOC_GETSTATUS WDIOC_GETSUPPORT WDIOC_GETTEMP WDIOC_GETTIMELEFT
      WDIOC_GETTIMEOUT WDIOC_KEEPALIVE WDIOC_SETOPTIONS WDIOC_SETPRETIMEOUT WDIOC_SETTIMEOUT
      PTP_CLOCK_GETCAPS PTP_CLOCK_GETCAPS2 PTP_ENABLE_PPS PTP_ENABLE_PPS2 PTP_EXTTS_REQUEST PTP_EXTTS_REQUEST2
      PTP_PEROUT_REQUEST PTP_PEROUT_REQUEST2 PTP_PIN_GETFUNC PTP_PIN_GETFUNC2 PTP_PIN_SETFUNC PTP_PIN_SETFUNC2
      PTP_SYS_OFFSET PTP_SYS_OFFSET2 PTP_SYS_OFFSET_EXTENDED PTP_SYS_OFFSET_EXTENDED2 PTP_SYS_OFFSET_PRECISE
      PTP_SYS_OFFSET_PRECISE2
      EVIOCGEFFECTS EVIOCGID EVIOCGKEYCODE EVIOCGKEYCODE_V2 EVIOCGMASK EVIOCGRAB EVIOCGREP EVIOCGVERSION EVIOCREVOKE
      EVIOCRMFF EVIOCSCLOCKID EVIOCSFF EVIOCSKEYCODE EVIOCSKEYCODE_V2 EVIOCSMASK EVIOCSREP
      UI_ABS_SETUP UI_BEGIN_FF_ERASE UI_BEGIN_FF_UPLOAD UI_DEV_CREATE UI_DEV_DESTROY UI_DEV_SETUP UI_END_FF_ERASE
      UI_END_FF_UPLOAD UI_GET_VERSION UI_SET_ABSBIT UI_SET_EVBIT UI_SET_FFBIT UI_SET_KEYBIT UI_SET_LEDBIT
      UI_SET_MSCBIT UI_SET_PHYS UI_SET_PROPBIT UI_SET_RELBIT UI_SET_SNDBIT UI_SET_SWBIT
      HIDIOCGRAWINFO HIDIOCGRDESC HIDIOCGRDESCSIZE
      GPIOHANDLE_GET_LINE_VALUES_IOCTL GPIOHANDLE_SET_CONFIG_IOCTL GPIOHANDLE_SET_LINE_VALUES_IOCTL
      GPIO_GET_CHIPINFO_IOCTL GPIO_GET_LINEEVENT_IOCTL GPIO_GET_LINEHANDLE_IOCTL GPIO_GET_LINEINFO_IOCTL
      GPIO_GET_LINEINFO_UNWATCH_IOCTL GPIO_GET_LINEINFO_WATCH_IOCTL GPIO_V2_GET_LINEINFO_IOCTL
      GPIO_V2_GET_LINEINFO_WATCH_IOCTL GPIO_V2_GET_LINE_IOCTL GPIO_V2_LINE_GET_VALUES_IOCTL
      GPIO_V2_LINE_SET_CONFIG_IOCTL GPIO_V2_LINE_SET_VALUES_IOCTL
      USBDEVFS_ALLOC_STREAMS USBDEVFS_ALLOW_SUSPEND USBDEVFS_BULK USBDEVFS_CLAIMINTERFACE USBDEVFS_CLAIM_PORT
      USBDEVFS_CLEAR_HALT USBDEVFS_CONNECT USBDEVFS_CONNECTINFO USBDEVFS_CONTROL USBDEVFS_DISCARDURB
      USBDEVFS_DISCONNECT USBDEVFS_DISCONNECT_CLAIM USBDEVFS_DISCSIGNAL USBDEVFS_DROP_PRIVILEGES
      USBDEVFS_FORBID_SUSPEND USBDEVFS_FREE_STREAMS USBDEVFS_GETDRIVER USBDEVFS_GET_CAPABILITIES USBDEVFS_GET_SPEED
      USBDEVFS_HUB_PORTINFO USBDEVFS_IOCTL USBDEVFS_REAPURB USBDEVFS_REAPURBNDELAY USBDEVFS_RELEASEINTERFACE
      USBDEVFS_RELEASE_PORT USBDEVFS_RESET USBDEVFS_RESETEP USBDEVFS_SETCONFIGURATION USBDEVFS_SETINTERFACE
      USBDEVFS_SUBMITURB USBDEVFS_WAIT_FOR_RESUME
      GIO_CMAP GIO_FONT GIO_FONTX GIO_SCRNMAP GIO_UNIMAP GIO_UNISCRNMAP KDADDIO KDDELIO KDDISABIO KDENABIO KDFONTOP
      KDGETKEYCODE KDGETLED KDGETMODE KDGKBDIACR KDGKBDIACRUC KDGKBENT KDGKBLED KDGKBMETA KDGKBMODE KDGKBSENT
      KDGKBTYPE KDKBDREP KDMAPDISP KDMKTONE KDSETKEYCODE KDSETLED KDSETMODE KDSIGACCEPT KDSKBDIACR KDSKBDIACRUC
      KDSKBENT KDSKBLED KDSKBMETA KDSKBMODE KDSKBSENT KDUNMAPDISP KIOCSOUND PIO_CMAP PIO_FONT PIO_FONTRESET
      PIO_FONTX PIO_SCRNMAP PIO_UNIMAP PIO_UNIMAPCLR PIO_UNISCRNMAP
      VT_ACTIVATE VT_DISALLOCATE VT_GETHIFONTMASK VT_GETMODE VT_GETSTATE VT_LOCKSWITCH VT_OPENQRY VT_RELDISP
      VT_RESIZE VT_RESIZEX VT_SENDSIG VT_SETACTIVATE VT_SETMODE VT_UNLOCKSWITCH VT_WAITACTIVE VT_WAITEVENT
      FBIOBLANK FBIOGETCMAP FBIOGET_CON2FBMAP FBIOGET_FSCREENINFO FBIOGET_VBLANK FBIOGET_VSCREENINFO FBIOPAN_DISPLAY
      FBIOPUTCMAP FBIOPUT_CON2FBMAP FBIOPUT_VSCREENINFO FBIO_WAITFORVSYNC
      KVM_GET_API_VERSION KVM_CREATE_VM KVM_CHECK_EXTENSION KVM_GET_VCPU_MMAP_SIZE KVM_CREATE_VCPU KVM_GET_DIRTY_LOG
      KVM_SET_USER_MEMORY_REGION KVM_CREATE_IRQCHIP KVM_IRQ_LINE KVM_SET_GSI_ROUTING KVM_IRQFD KVM_IOEVENTFD
      KVM_SIGNAL_MSI KVM_CREATE_DEVICE KVM_SET_DEVICE_ATTR KVM_GET_DEVICE_ATTR KVM_HAS_DEVICE_ATTR KVM_RUN
      KVM_GET_REGS KVM_SET_REGS KVM_GET_SREGS KVM_SET_SREGS KVM_SET_SIGNAL_MASK KVM_GET_MP_STATE KVM_SET_MP_STATE
      KVM_GET_ONE_REG KVM_SET_ONE_REG KVM_ENABLE_CAP KVM_KVMCLOCK_CTRL
    ]] },
}
