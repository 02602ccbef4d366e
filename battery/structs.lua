-- SPDX-License-Identifier: MIT
--- The structs that system calls pass by pointer, for the kinds in:, out:, inout:, array_in: and array_out:.
-- c: the type in C; header: where it is, one of the kernel's that compiles for BPF; fields: { name, type, meaning,
-- doc, from = }, where `from` is the member in C if its name differs; array = true: elements of arrays.
--
-- A struct is written out where the kernel's header would not do: it is missing in Debian 12's, has pointers or
-- bits in place of numbers, hides members behind macros, or takes BPF for a machine of 32 bits. It goes as far as
-- its fields, and no further than the shortest version of it that programs pass.

local TYPES = "linux/types.h"

local function written_out(members)
  return ("struct { %s }"):format(members:gsub("%s+", " "))
end

return {
  -- ---- files -----------------------------------------------------------------------------------------------

  open_how = {
    c = "struct open_how", header = "linux/openat2.h",
    fields = {
      { "flags", "u64", "flags:open", "How to open." },
      { "mode", "u64", "mode", "Permissions of a file that is made." },
      { "resolve", "u64", "flags:resolve", "What the path may not pass." },
    },
  },
  flock = {
    c = written_out "__s16 l_type, l_whence; __s64 l_start, l_len; __s32 l_pid;", header = "linux/fcntl.h",
    fields = {
      { "l_type", "s16", "enum:lock", "The kind of lock; F_UNLCK: none." },
      { "l_whence", "s16", "enum:whence", "Where `l_start` counts from." },
      { "l_start", "s64", "", "Where the range begins." },
      { "l_len", "s64", "bytes", "Its length; 0: to the end." },
      { "l_pid", "s32", "pid", "Who has a lock there already, for F_GETLK." },
    },
  },
  file_handle = {
    c = written_out "__u32 handle_bytes; __s32 handle_type;", header = TYPES,
    fields = {
      { "handle_bytes", "u32", "bytes", "Size of the handle." },
      { "handle_type", "s32", "", "Its type, which the file system defines." },
    },
  },
  stat = {
    c = "struct stat", header = "asm/stat.h",
    fields = {
      { "st_dev", "u64", "", "The device that holds the file, as makedev makes it." },
      { "st_ino", "u64", "inode", "Its inode." },
      { "st_mode", "u32", "mode", "Its type and permissions." },
      { "st_nlink", "u64", "", "Number of its names." },
      { "st_uid", "u32", "uid", "Its owner." },
      { "st_gid", "u32", "gid", "Its group." },
      { "st_rdev", "u64", "", "The device that it is, as makedev makes it." },
      { "st_size", "s64", "bytes", "Its size." },
      { "st_blksize", "s64", "bytes", "The size of blocks that suits it." },
      { "st_blocks", "s64", "", "What it takes on the disk, in units of 512 bytes." },
      { "st_atime", "s64", "", "When it was read, in seconds since 1970." },
      { "st_atime_nsec", "u32", "", "The nanoseconds of it." },
      { "st_mtime", "s64", "", "When it was written, in seconds since 1970." },
      { "st_mtime_nsec", "u32", "", "The nanoseconds of it." },
      { "st_ctime", "s64", "", "When it was changed in any way, in seconds since 1970." },
      { "st_ctime_nsec", "u32", "", "The nanoseconds of it." },
    },
  },
  statx = {
    c = "struct statx", header = "linux/stat.h",
    fields = {
      { "stx_mask", "u32", "flags:statx", "Attributes that were filled in." },
      { "stx_blksize", "u32", "bytes", "The size of blocks that suits the file." },
      { "stx_attributes", "u64", "flags:statx_attributes", "Its flags." },
      { "stx_nlink", "u32", "", "Number of its names." },
      { "stx_uid", "u32", "uid", "Its owner." },
      { "stx_gid", "u32", "gid", "Its group." },
      { "stx_mode", "u16", "mode", "Its type and permissions." },
      { "stx_ino", "u64", "inode", "Its inode." },
      { "stx_size", "u64", "bytes", "Its size." },
      { "stx_blocks", "u64", "", "What it takes on the disk, in units of 512 bytes." },
      { "stx_attributes_mask", "u64", "flags:statx_attributes", "Flags that the file system knows." },
      { "stx_atime_sec", "s64", "", "When it was read, in seconds since 1970.", from = "stx_atime.tv_sec" },
      { "stx_atime_nsec", "u32", "", "The nanoseconds of it.", from = "stx_atime.tv_nsec" },
      { "stx_btime_sec", "s64", "", "When it was made, in seconds since 1970.", from = "stx_btime.tv_sec" },
      { "stx_btime_nsec", "u32", "", "The nanoseconds of it.", from = "stx_btime.tv_nsec" },
      { "stx_ctime_sec", "s64", "", "When it was changed in any way, in seconds since 1970.",
        from = "stx_ctime.tv_sec" },
      { "stx_ctime_nsec", "u32", "", "The nanoseconds of it.", from = "stx_ctime.tv_nsec" },
      { "stx_mtime_sec", "s64", "", "When it was written, in seconds since 1970.", from = "stx_mtime.tv_sec" },
      { "stx_mtime_nsec", "u32", "", "The nanoseconds of it.", from = "stx_mtime.tv_nsec" },
      { "stx_rdev_major", "u32", "", "The device that it is: the major number." },
      { "stx_rdev_minor", "u32", "", "The minor number of it." },
      { "stx_dev_major", "u32", "", "The device that holds it: the major number." },
      { "stx_dev_minor", "u32", "", "The minor number of it." },
      { "stx_mnt_id", "u64", "", "The mount that holds it." },
    },
  },
  statfs = {
    c = written_out [[ __s64 f_type, f_bsize; __u64 f_blocks, f_bfree, f_bavail, f_files, f_ffree; __s32 f_fsid[2];
      __s64 f_namelen, f_frsize, f_flags; ]], header = TYPES,
    fields = {
      { "f_type", "s64", "enum:filesystem", "Type of the file system." },
      { "f_bsize", "s64", "bytes", "Size of its blocks." },
      { "f_blocks", "u64", "", "Number of its blocks." },
      { "f_bfree", "u64", "", "Free ones." },
      { "f_bavail", "u64", "", "Those that users can have." },
      { "f_files", "u64", "", "Number of its inodes." },
      { "f_ffree", "u64", "", "Free ones." },
      { "f_fsid0", "s32", "", "First half of its identity.", from = "f_fsid[0]" },
      { "f_fsid1", "s32", "", "Second half of it.", from = "f_fsid[1]" },
      { "f_namelen", "s64", "bytes", "How long names can be." },
      { "f_frsize", "s64", "bytes", "Size of fragments." },
      { "f_flags", "u64", "flags:filesystem_flags", "How it is mounted." },
    },
  },
  ustat = {
    c = written_out "__s32 f_tfree; unsigned long f_tinode;", header = TYPES,
    fields = {
      { "f_tfree", "s32", "", "Free blocks." },
      { "f_tinode", "u64", "", "Free inodes." },
    },
  },
  utimbuf = {
    c = written_out "__s64 actime, modtime;", header = TYPES,
    fields = {
      { "actime", "s64", "", "When it was read, in seconds since 1970." },
      { "modtime", "s64", "", "When it was written, in seconds since 1970." },
    },
  },
  utimes = {
    c = written_out "__s64 atime_sec, atime_usec, mtime_sec, mtime_usec;", header = TYPES,
    fields = {
      { "atime_sec", "s64", "", "When it was read, in seconds since 1970." },
      { "atime_usec", "s64", "", "The microseconds of it." },
      { "mtime_sec", "s64", "", "When it was written, in seconds since 1970." },
      { "mtime_usec", "s64", "", "The microseconds of it." },
    },
  },
  utimens = {
    c = written_out "__s64 atime_sec, atime_nsec, mtime_sec, mtime_nsec;", header = TYPES,
    fields = {
      { "atime_sec", "s64", "", "When it was read, in seconds since 1970." },
      { "atime_nsec", "s64", "enum:utime_nsec", "The nanoseconds of it; UTIME_NOW: now, UTIME_OMIT: as it is." },
      { "mtime_sec", "s64", "", "When it was written, in seconds since 1970." },
      { "mtime_nsec", "s64", "enum:utime_nsec", "The nanoseconds of it; UTIME_NOW: now, UTIME_OMIT: as it is." },
    },
  },
  xattr_args = {
    c = written_out "__u64 value; __u32 size, flags;", header = TYPES,
    fields = {
      { "value", "u64", "ptr", "Where the value is." },
      { "value_size", "u32", "bytes", "Size of the value, or room for it.", from = "size" },
      { "flags", "u32", "flags:xattr", "How to set it." },
    },
  },
  file_attr = {
    c = written_out "__u64 fa_xflags; __u32 fa_extsize, fa_nextents, fa_projid, fa_cowextsize;", header = TYPES,
    fields = {
      { "fa_xflags", "u64", "flags:file_xflags", "The file's flags." },
      { "fa_extsize", "u32", "bytes", "Size of extents to allocate." },
      { "fa_nextents", "u32", "", "Number of its extents." },
      { "fa_projid", "u32", "", "The project that it belongs to." },
      { "fa_cowextsize", "u32", "bytes", "Size of extents to allocate when it is copied on write." },
    },
  },

  -- ---- mounts ----------------------------------------------------------------------------------------------

  mount_attr = {
    c = "struct mount_attr", header = "linux/mount.h",
    fields = {
      { "attr_set", "u64", "flags:mount_attr", "Attributes to set." },
      { "attr_clr", "u64", "flags:mount_attr", "Attributes to clear." },
      { "propagation", "u64", "flags:propagation", "Where mounts below it are seen; 0: as it is." },
      { "userns_fd", "u64", "", "Descriptor of a user namespace, with MOUNT_ATTR_IDMAP." },
    },
  },
  mnt_id_req = {
    c = written_out "__u32 size, mnt_ns_fd; __u64 mnt_id, param;", header = TYPES,
    fields = {
      { "mnt_id", "u64", "", "The mount." },
      { "param", "u64", "", "The last one that was listed; 0: begin." },
    },
  },
  statmount_req = {
    c = written_out "__u32 size, mnt_fd; __u64 mnt_id, param;", header = TYPES,
    fields = {
      { "mnt_id", "u64", "", "The mount." },
      { "param", "u64", "flags:statmount", "What is asked for." },
    },
  },
  mnt_id = {
    c = written_out "__u64 mnt_id;", header = TYPES, array = true,
    fields = { { "mnt_id", "u64", "", "A mount." } },
  },

  -- ---- descriptors -----------------------------------------------------------------------------------------

  pipe_fds = {
    c = written_out "__s32 read_fd, write_fd;", header = TYPES,
    fields = {
      { "read_fd", "s32", "fd", "The end to read from." },
      { "write_fd", "s32", "fd", "The end to write to." },
    },
  },
  socket_fds = {
    c = written_out "__s32 fd1, fd2;", header = TYPES,
    fields = {
      { "fd1", "s32", "fd", "One socket." },
      { "fd2", "s32", "fd", "The other." },
    },
  },
  pollfd = {
    c = "struct pollfd", header = "asm/poll.h", array = true,
    fields = {
      { "fd", "s32", "fd", "The descriptor." },
      { "events", "u16", "flags:poll", "What to wait for." },
      { "revents", "u16", "flags:poll", "What was found." },
    },
  },
  -- Packed on x86 alone, which the header does not know when it is compiled for BPF.
  epoll_event = {
    c = written_out "__u32 events; __u64 data;" .. " __attribute__((packed))",
    c_arm64 = written_out "__u32 events; __u64 data;", header = TYPES, array = true,
    fields = {
      { "events", "u32", "flags:epoll", "What to wait for, or what was found." },
      { "data", "u64", "", "What the program wants to be told with it." },
    },
  },
  sigset_and_size = {
    c = written_out "__u64 ss, ss_len;", header = TYPES,
    fields = {
      { "ss", "u64", "ptr", "Where the set of signals is." },
      { "ss_len", "u64", "bytes", "Its size." },
    },
  },
  iovec = {
    c = written_out "__u64 iov_base, iov_len;", header = TYPES, array = true,
    fields = {
      { "iov_base", "u64", "ptr", "Where it begins." },
      { "iov_len", "u64", "bytes", "Its size." },
    },
  },
  cachestat_range = {
    c = written_out "__u64 off, len;", header = TYPES,
    fields = {
      { "off", "u64", "", "Where the part of the file begins." },
      { "len", "u64", "bytes", "Its size; 0: to the file's end." },
    },
  },
  cachestat = {
    c = written_out "__u64 nr_cache, nr_dirty, nr_writeback, nr_evicted, nr_recently_evicted;", header = TYPES,
    fields = {
      { "nr_cache", "u64", "", "Pages in the cache." },
      { "nr_dirty", "u64", "", "Of them, those that must still be written." },
      { "nr_writeback", "u64", "", "Of them, those that are being written." },
      { "nr_evicted", "u64", "", "Pages that were thrown out of the cache." },
      { "nr_recently_evicted", "u64", "", "Of them, those that would have been used again." },
    },
  },
  -- The bits behind read_format have names of their own.
  perf_event_attr = {
    c = written_out "__u32 type, size; __u64 config, sample_period, sample_type, read_format, bits;", header = TYPES,
    fields = {
      { "type", "u32", "enum:perf_type", "Kind of the counter." },
      { "attr_size", "u32", "bytes", "Size of the struct.", from = "size" },
      { "config", "u64", "ptr", "Which counter of its kind." },
      { "sample_period", "u64", "", "A sample after so many, or so many in a second." },
      { "sample_type", "u64", "flags:perf_sample", "What a sample has." },
      { "read_format", "u64", "flags:perf_read_format", "What reading it gives." },
      { "attr_bits", "u64", "flags:perf_bits", "How it counts.", from = "bits" },
    },
  },
  io_event = {
    c = written_out "__u64 data, obj; __s64 res, res2;", header = TYPES, array = true,
    fields = {
      { "data", "u64", "ptr", "What the program wants to be told with it." },
      { "obj", "u64", "ptr", "The request." },
      { "res", "s64", "", "Its result." },
      { "res2", "s64", "", "More of its result." },
    },
  },
  iocb = {
    c = written_out [[ __u64 aio_data; __u32 aio_key, aio_rw_flags; __u16 aio_lio_opcode; __s16 aio_reqprio;
      __s32 aio_fildes; __u64 aio_buf, aio_nbytes; __s64 aio_offset; ]], header = TYPES,
    fields = {
      { "aio_data", "u64", "ptr", "What the program wants to be told with it." },
      { "aio_lio_opcode", "u16", "enum:iocb", "What is to be done." },
      { "aio_fildes", "s32", "fd", "The descriptor." },
      { "aio_buf", "u64", "ptr", "Where the bytes are." },
      { "aio_nbytes", "u64", "bytes", "How many." },
      { "aio_offset", "s64", "", "Where in the file." },
    },
  },
  io_uring_params = {
    c = written_out "__u32 sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features, wq_fd;",
    header = TYPES,
    fields = {
      { "sq_entries", "u32", "", "Length of the queue of requests." },
      { "cq_entries", "u32", "", "Length of the queue of results." },
      { "flags", "u32", "flags:io_uring_setup", "How it works." },
      { "sq_thread_cpu", "u32", "", "The CPU of its thread." },
      { "sq_thread_idle", "u32", "", "Milliseconds after which its thread sleeps." },
      { "features", "u32", "flags:io_uring_features", "What the kernel can do." },
      { "wq_fd", "u32", "", "Another one whose threads it uses, with IORING_SETUP_ATTACH_WQ." },
    },
  },

  -- ---- sockets ---------------------------------------------------------------------------------------------

  mmsghdr = {
    c = written_out [[ __u64 msg_name; __u32 msg_namelen, pad; __u64 msg_iov, msg_iovlen, msg_control, msg_controllen;
      __u32 msg_flags, pad2, msg_len, pad3; ]], header = TYPES, array = true,
    fields = {
      { "msg_name", "u64", "ptr", "Where the peer's address is." },
      { "msg_namelen", "u32", "bytes", "Its size." },
      { "msg_iov", "u64", "ptr", "Where the buffers are." },
      { "msg_iovlen", "u64", "", "Number of buffers." },
      { "msg_control", "u64", "ptr", "Where ancillary data is." },
      { "msg_controllen", "u64", "bytes", "Its size." },
      { "msg_flags", "u32", "flags:msg", "Flags of a message that was received." },
      { "msg_len", "u32", "bytes", "Bytes that were transferred." },
    },
  },

  -- ---- processes -------------------------------------------------------------------------------------------

  clone_args = {
    c = written_out "__u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;", header = TYPES,
    fields = {
      { "flags", "u64", "flags:clone3", "What it shares." },
      { "pidfd", "u64", "ptr", "Where its descriptor is put." },
      { "child_tid", "u64", "ptr", "Where its number is put in its own memory." },
      { "parent_tid", "u64", "ptr", "Where its number is put in the caller's memory." },
      { "exit_signal", "u64", "enum:signal", "The signal that tells of its end." },
      { "stack", "u64", "ptr", "The lowest byte of its stack." },
      { "stack_size", "u64", "bytes", "Size of the stack." },
      { "tls", "u64", "ptr", "Its thread-local storage." },
    },
  },
  ns_id_req = {
    c = written_out "__u32 size, spare; __u64 ns_id; __u32 ns_type, spare2; __u64 user_ns_id;", header = TYPES,
    fields = {
      { "ns_id", "u64", "", "The last one that was listed; 0: begin." },
      { "ns_type", "u32", "flags:unshare", "Kinds that are asked for; 0: all." },
      { "user_ns_id", "u64", "", "The user namespace that owns them; 0: any." },
    },
  },
  ns_id = {
    c = written_out "__u64 ns_id;", header = TYPES, array = true,
    fields = { { "ns_id", "u64", "", "A namespace." } },
  },
  user_desc = {
    c = written_out "__s32 entry_number; __u32 base_addr, limit, bits;", header = TYPES,
    fields = {
      { "entry_number", "s32", "", "Number of the segment; -1: a free one." },
      { "base_addr", "u32", "ptr", "Where it begins." },
      { "limit", "u32", "", "Where it ends." },
      { "desc_bits", "u32", "ptr", "What it is.", from = "bits" },
    },
  },
  rlimit = {
    c = written_out "__u64 rlim_cur, rlim_max;", header = TYPES,
    fields = {
      { "rlim_cur", "u64", "enum:rlim", "The limit." },
      { "rlim_max", "u64", "enum:rlim", "What the limit can be raised to." },
    },
  },
  rusage = {
    c = written_out [[ __s64 ru_utime_sec, ru_utime_usec, ru_stime_sec, ru_stime_usec, ru_maxrss, ru_ixrss, ru_idrss,
      ru_isrss, ru_minflt, ru_majflt, ru_nswap, ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw,
      ru_nivcsw; ]], header = TYPES,
    fields = {
      { "ru_utime_sec", "s64", "", "CPU time in the program, in seconds." },
      { "ru_utime_usec", "s64", "", "The microseconds of it." },
      { "ru_stime_sec", "s64", "", "CPU time in the kernel, in seconds." },
      { "ru_stime_usec", "s64", "", "The microseconds of it." },
      { "ru_maxrss", "s64", "", "The most memory it had, in KiB." },
      { "ru_minflt", "s64", "", "Page faults that needed no disk." },
      { "ru_majflt", "s64", "", "Page faults that did." },
      { "ru_inblock", "s64", "", "Blocks that were read, of 512 bytes." },
      { "ru_oublock", "s64", "", "Blocks that were written, of 512 bytes." },
      { "ru_nvcsw", "s64", "", "How often it gave the CPU away." },
      { "ru_nivcsw", "s64", "", "How often the CPU was taken from it." },
    },
  },
  tms = {
    c = written_out "__s64 tms_utime, tms_stime, tms_cutime, tms_cstime;", header = TYPES,
    fields = {
      { "tms_utime", "s64", "", "CPU time in the program, in clock ticks." },
      { "tms_stime", "s64", "", "CPU time in the kernel, in clock ticks." },
      { "tms_cutime", "s64", "", "The same of its children: in the program." },
      { "tms_cstime", "s64", "", "The same of its children: in the kernel." },
    },
  },
  sched_param = {
    c = written_out "__s32 sched_priority;", header = TYPES,
    fields = { { "sched_priority", "s32", "", "The priority of a realtime thread." } },
  },
  sched_attr = {
    c = written_out [[ __u32 size, sched_policy; __u64 sched_flags; __s32 sched_nice; __u32 sched_priority;
      __u64 sched_runtime, sched_deadline, sched_period; ]], header = TYPES,
    fields = {
      { "attr_size", "u32", "bytes", "Size of the struct.", from = "size" },
      { "sched_policy", "u32", "flags:sched_policy", "The policy." },
      { "sched_flags", "u64", "flags:sched_flags", "Flags." },
      { "sched_nice", "s32", "", "The nice value." },
      { "sched_priority", "u32", "", "The priority of a realtime thread." },
      { "sched_runtime", "u64", "duration", "CPU time that it gets in each period." },
      { "sched_deadline", "u64", "duration", "Until when in the period." },
      { "sched_period", "u64", "duration", "The period." },
    },
  },
  address = {
    c = written_out "__u64 address;", header = TYPES, array = true,
    fields = { { "address", "u64", "ptr", "A page." } },
  },
  node = {
    c = written_out "__s32 node;", header = TYPES, array = true,
    fields = { { "node", "s32", "", "A node." } },
  },
  node_status = {
    c = written_out "__s32 status;", header = TYPES, array = true,
    fields = { { "status", "s32", "", "The node that a page is on, or minus an error." } },
  },

  -- ---- signals ---------------------------------------------------------------------------------------------

  sigaction = {
    c = written_out "__u64 sa_handler, sa_flags, sa_restorer, sa_mask;", header = TYPES,
    fields = {
      { "sa_handler", "u64", "flags:sa_handler", "What happens: SIG_DFL, SIG_IGN, or the address of a function." },
      { "sa_flags", "u64", "flags:sa_flags", "How." },
      { "sa_restorer", "u64", "ptr", "Where the handler returns to." },
      { "sa_mask", "u64", "sigset", "Signals that are blocked meanwhile." },
    },
  },
  siginfo_child = {
    c = written_out "__s32 si_signo, si_errno, si_code, pad, si_pid; __u32 si_uid; __s32 si_status;", header = TYPES,
    fields = {
      { "si_signo", "s32", "enum:signal", "Always SIGCHLD; 0: there was nothing." },
      { "si_code", "s32", "enum:cld_code", "What happened to the child." },
      { "si_pid", "s32", "pid", "The child." },
      { "si_uid", "u32", "uid", "Its user." },
      { "si_status", "s32", "", "Its exit status, or the signal." },
    },
  },
  siginfo_queued = {
    c = written_out "__s32 si_signo, si_errno, si_code, pad, si_pid; __u32 si_uid; __u64 si_value;", header = TYPES,
    fields = {
      { "si_signo", "s32", "enum:signal", "The signal." },
      { "si_code", "s32", "enum:si_code", "Where it came from." },
      { "si_pid", "s32", "pid", "Who sent it." },
      { "si_uid", "u32", "uid", "The user of the sender." },
      { "si_value", "u64", "ptr", "The value that came with it." },
    },
  },
  sigevent = {
    c = written_out "__u64 sigev_value; __s32 sigev_signo, sigev_notify;", header = TYPES,
    fields = {
      { "sigev_value", "u64", "ptr", "What comes with the signal." },
      { "sigev_signo", "s32", "enum:signal", "The signal." },
      { "sigev_notify", "s32", "enum:sigev_notify", "How the program is told." },
    },
  },
  stack_t = {
    c = written_out "__u64 ss_sp; __s32 ss_flags; __u64 ss_size;", header = TYPES,
    fields = {
      { "ss_sp", "u64", "ptr", "The lowest byte of the stack." },
      { "ss_flags", "u32", "flags:ss_flags", "Whether it is in use." },
      { "ss_size", "u64", "bytes", "Its size." },
    },
  },

  -- ---- talking to other processes --------------------------------------------------------------------------

  sembuf = {
    c = written_out "__u16 sem_num; __s16 sem_op, sem_flg;", header = TYPES, array = true,
    fields = {
      { "sem_num", "u16", "", "Which semaphore." },
      { "sem_op", "s16", "", "What is added to it; 0: wait until it is 0." },
      { "sem_flg", "u16", "flags:sem_flags", "Flags." },
    },
  },
  msgbuf = {
    c = written_out "__s64 mtype;", header = TYPES,
    fields = { { "mtype", "s64", "", "The message's type." } },
  },
  mq_attr = {
    c = written_out "__s64 mq_flags, mq_maxmsg, mq_msgsize, mq_curmsgs;", header = TYPES,
    fields = {
      { "mq_flags", "u64", "flags:mq_flags", "Flags." },
      { "mq_maxmsg", "s64", "", "How many messages it holds." },
      { "mq_msgsize", "s64", "bytes", "How big they can be." },
      { "mq_curmsgs", "s64", "", "How many there are." },
    },
  },
  futex_waitv = {
    c = written_out "__u64 val, uaddr; __u32 flags, reserved;", header = TYPES, array = true,
    fields = {
      { "val", "u64", "", "What is expected there." },
      { "uaddr", "u64", "ptr", "The address." },
      { "flags", "u32", "flags:futex2", "Flags." },
    },
  },
  futex_pair = {
    c = written_out [[ __u64 wait_val, wait_uaddr; __u32 wait_flags, pad; __u64 requeue_val, requeue_uaddr;
      __u32 requeue_flags, pad2; ]], header = TYPES,
    fields = {
      { "wait_val", "u64", "", "What is expected where threads wait." },
      { "wait_uaddr", "u64", "ptr", "Where they wait." },
      { "wait_flags", "u32", "flags:futex2", "Flags of that." },
      { "requeue_uaddr", "u64", "ptr", "Where they are to wait." },
      { "requeue_flags", "u32", "flags:futex2", "Flags of that." },
    },
  },

  -- ---- clocks ----------------------------------------------------------------------------------------------

  itimerspec = {
    c = written_out "__s64 interval_sec, interval_nsec, value_sec, value_nsec;", header = TYPES,
    fields = {
      { "it_interval_sec", "s64", "", "Time from one expiration to the next, in seconds.", from = "interval_sec" },
      { "it_interval_nsec", "s64", "", "The nanoseconds of it.", from = "interval_nsec" },
      { "it_value_sec", "s64", "", "Time to the next expiration, in seconds; 0: none.", from = "value_sec" },
      { "it_value_nsec", "s64", "", "The nanoseconds of it.", from = "value_nsec" },
    },
  },
  itimerval = {
    c = written_out "__s64 interval_sec, interval_usec, value_sec, value_usec;", header = TYPES,
    fields = {
      { "it_interval_sec", "s64", "", "Time from one expiration to the next, in seconds.", from = "interval_sec" },
      { "it_interval_usec", "s64", "", "The microseconds of it.", from = "interval_usec" },
      { "it_value_sec", "s64", "", "Time to the next expiration, in seconds; 0: none.", from = "value_sec" },
      { "it_value_usec", "s64", "", "The microseconds of it.", from = "value_usec" },
    },
  },
  timezone = {
    c = written_out "__s32 tz_minuteswest, tz_dsttime;", header = TYPES,
    fields = {
      { "tz_minuteswest", "s32", "", "Minutes west of Greenwich." },
      { "tz_dsttime", "s32", "", "Says nothing any more." },
    },
  },
  timex = {
    c = written_out [[ __u32 modes; __s64 offset, freq, maxerror, esterror; __s32 status; __s64 constant, precision,
      tolerance, time_sec, time_usec, tick, ppsfreq, jitter; __s32 shift; __s64 stabil, jitcnt, calcnt, errcnt, stbcnt;
      __s32 tai; ]], header = TYPES,
    fields = {
      { "modes", "u32", "flags:adjtime", "What to set." },
      { "offset", "s64", "", "How far the clock is off, in microseconds, or nanoseconds with STA_NANO." },
      { "freq", "s64", "", "The correction of its frequency, in units of 2^-16 ppm." },
      { "maxerror", "s64", "", "The greatest error, in microseconds." },
      { "esterror", "s64", "", "The likely error, in microseconds." },
      { "status", "u32", "flags:clock_status", "State of the clock." },
      { "constant", "s64", "", "How fast it is corrected." },
      { "precision", "s64", "", "Its precision, in microseconds." },
      { "tolerance", "s64", "", "How far its frequency can be corrected." },
      { "time_sec", "s64", "", "The time, in seconds since 1970." },
      { "time_usec", "s64", "", "The microseconds of it, or nanoseconds with STA_NANO." },
      { "tick", "s64", "", "Microseconds between ticks." },
      { "ppsfreq", "s64", "", "Frequency of the pulse per second, in units of 2^-16 ppm." },
      { "jitter", "s64", "", "How much it jitters." },
      { "shift", "s32", "", "Over 2^shift seconds it is watched." },
      { "stabil", "s64", "", "How much its frequency wanders." },
      { "jitcnt", "s64", "", "How often it jittered too much." },
      { "calcnt", "s64", "", "How often it was watched." },
      { "errcnt", "s64", "", "How often that went wrong." },
      { "stbcnt", "s64", "", "How often its frequency wandered too much." },
      { "tai", "s32", "", "Seconds from UTC to TAI." },
    },
  },

  -- ---- users, security -------------------------------------------------------------------------------------

  group = {
    c = written_out "__u32 gid;", header = TYPES, array = true,
    fields = { { "gid", "u32", "gid", "A group." } },
  },
  cap_header = {
    c = written_out "__u32 version; __s32 pid;", header = TYPES,
    fields = {
      { "version", "u32", "enum:cap_version", "Version of the structs." },
      { "target_pid", "s32", "pid", "The thread; 0: the caller.", from = "pid" },
    },
  },
  cap_data = {
    c = written_out "struct { __u32 effective, permitted, inheritable; } data[2];", header = TYPES,
    fields = {
      { "effective", "u32", "flags:capability", "Capabilities in force, the first 32.", from = "data[0].effective" },
      { "permitted", "u32", "flags:capability", "Those that can be, the first 32.", from = "data[0].permitted" },
      { "inheritable", "u32", "flags:capability", "Those that exec keeps, the first 32.",
        from = "data[0].inheritable" },
      { "effective_high", "u32", "flags:capability_high", "Capabilities in force, the others; nothing in version 1.",
        from = "data[1].effective" },
      { "permitted_high", "u32", "flags:capability_high", "Those that can be, the others.",
        from = "data[1].permitted" },
      { "inheritable_high", "u32", "flags:capability_high", "Those that exec keeps, the others.",
        from = "data[1].inheritable" },
    },
  },
  landlock_ruleset_attr = {
    c = written_out "__u64 handled_access_fs;", header = TYPES,
    fields = { { "handled_access_fs", "u64", "flags:landlock_fs", "What is forbidden unless a rule allows it." } },
  },
  landlock_rule = {
    c = written_out "__u64 allowed_access; __s32 parent_fd;", header = TYPES,
    fields = {
      { "allowed_access", "u64", "ptr", "What is allowed; the bits are those of `rule_type`." },
      { "parent_fd", "s32", "", "Where: the descriptor of a directory or file, or the port." },
    },
  },
  lsm_id = {
    c = written_out "__u64 id;", header = TYPES, array = true,
    fields = { { "id", "u64", "enum:lsm", "A security module." } },
  },

  -- ---- the machine -----------------------------------------------------------------------------------------

  utsname = {
    c = "struct new_utsname", header = "linux/utsname.h",
    fields = {
      { "sysname", "chars", "", "Name of the kernel." },
      { "nodename", "chars", "", "Name of the machine." },
      { "release", "chars", "", "Release of the kernel." },
      { "version", "chars", "", "What it was built as." },
      { "machine", "chars", "", "The kind of machine." },
      { "domainname", "chars", "", "The NIS domain." },
    },
  },
  sysinfo = {
    c = written_out [[ __s64 uptime; __u64 loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap;
      __u16 procs; __u64 totalhigh, freehigh; __u32 mem_unit; ]], header = TYPES,
    fields = {
      { "uptime", "s64", "", "Seconds since boot." },
      { "load1", "u64", "", "Load of the last minute, times 65536.", from = "loads[0]" },
      { "load5", "u64", "", "Load of the last 5 minutes, times 65536.", from = "loads[1]" },
      { "load15", "u64", "", "Load of the last 15 minutes, times 65536.", from = "loads[2]" },
      { "totalram", "u64", "", "Memory, in units of `mem_unit`." },
      { "freeram", "u64", "", "Free memory." },
      { "sharedram", "u64", "", "Shared memory." },
      { "bufferram", "u64", "", "Memory for buffers." },
      { "totalswap", "u64", "", "Room for swapping." },
      { "freeswap", "u64", "", "What of it is free." },
      { "procs", "u16", "", "Number of threads." },
      { "totalhigh", "u64", "", "High memory." },
      { "freehigh", "u64", "", "What of it is free." },
      { "mem_unit", "u32", "bytes", "The unit of memory." },
    },
  },
  kexec_segment = {
    c = written_out "__u64 buf, bufsz, mem, memsz;", header = TYPES, array = true,
    fields = {
      { "buf", "u64", "ptr", "Where it is." },
      { "bufsz", "u64", "bytes", "Its size." },
      { "mem", "u64", "ptr", "Where it is to be." },
      { "memsz", "u64", "bytes", "Its size there." },
    },
  },
}
