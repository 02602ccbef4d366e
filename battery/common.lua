-- SPDX-License-Identifier: MIT
--- The fields that every event has, in the order of enum tl_common_field. Each is the member of
-- struct tl_record of the same name.

return {
  { "event",  "event", "",       doc = "Name of the event." },
  { "time",   "u64",   "time",   doc = "When it happened." },
  { "pid",    "u32",   "pid",    doc = "The process." },
  { "tid",    "u32",   "tid",    doc = "The thread." },
  { "ppid",   "u32",   "pid",    doc = "The parent of the process." },
  { "uid",    "u32",   "uid",    doc = "The user whose rights the thread has." },
  { "gid",    "u32",   "gid",    doc = "The group whose rights the thread has." },
  { "comm",   "comm",  "",       doc = "Name of the thread, at most 15 bytes." },
  { "cpu",    "u32",   "",       doc = "The CPU that it happened on." },
  { "cgroup", "u64",   "cgroup", doc = "The cgroup of the process." },
}
