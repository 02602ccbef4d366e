-- SPDX-License-Identifier: MIT
--- Memory that is short, and pages that come when they are touched. Handlers are in memory.bpf.c.

return {
  doc = "Memory that is short, and pages that come when they are touched.",
  enums = {
    reclaim = { { "direct", 1 }, { "cgroup", 2 } },
    fault = { { "read", 0 }, { "write", 1 }, { "execute", 2 } },
  },
  events = {
    { name = "memory.oom", source = "memory", attach = { "tl_mark_victim" },
      doc = "The kernel chose a process to end for want of memory. The process is the one that asked for memory. "
        .. "Before Linux 6.9 only the pid is told of a victim that is another one.",
      fields = {
        { "victim_pid", "u32", "pid", doc = "The process that is ended." },
        { "victim_comm", "str", "", doc = "Its name." },
        { "victim_uid", "u32", "uid", doc = "Its user." },
        { "total_vm", "u64", "bytes", doc = "Size of its address space." },
        { "anon_rss", "u64", "bytes", doc = "Its anonymous memory that is resident, about." },
        { "file_rss", "u64", "bytes", doc = "Its pages of files that are resident, about." },
        { "shmem_rss", "u64", "bytes", doc = "Its shared memory that is resident, about." },
        { "oom_score_adj", "s16", "", doc = "What it had set to be spared, or to be chosen." },
      } },
    { name = "memory.reclaim", source = "memory",
      attach = { "tl_reclaim_begin", "tl_reclaim_end",
                 { "tl_reclaim_cgroup_begin", hook = "mm_vmscan_memcg_reclaim_begin" },
                 { "tl_reclaim_cgroup_end", hook = "mm_vmscan_memcg_reclaim_end" } },
      doc = "A process had to free memory before it got some.",
      fields = {
        { "kind", "u8", "enum:reclaim", doc = "What was short: memory of the machine (direct), or of a cgroup." },
        { "order", "s32", "", doc = "Two to the power of this pages in a row were wanted." },
        { "reclaimed", "u64", "", doc = "Pages that were freed." },
        { "duration", "u64", "duration", doc = "How long that took." },
      } },
    { name = "memory.fault", source = "memory", machine = "x86_64", attach = { "tl_page_fault_user" },
      hook = "page_fault_user",
      doc = "An instruction of a process touched a page that was not there, or not in that way. Faults of system calls "
        .. "that work for it are not among them.",
      fields = {
        { "address", "u64", "ptr", doc = "The address that was touched." },
        { "ip", "u64", "ptr", doc = "The instruction that did it." },
        { "access", "u8", "enum:fault", doc = "What it did." },
        { "present", "bool", "",
          doc = "Whether a page was there, and only this access not allowed yet (copy on write)." },
      } },
  },
}
