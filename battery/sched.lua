-- SPDX-License-Identifier: MIT
--- The scheduler: threads that get a CPU and threads that leave it. Handlers are in sched.bpf.c.

return {
  doc = "The scheduler: threads that get a CPU, and threads that leave it.",
  enums = {
    wait_reason = {
      { "woken", 1 }, { "new", 2 },
      { "preempted", 3 },   -- it would have gone on; the kernel does not tell sched_yield() from this
    },
    thread_state = {
      { "runnable", 1 }, { "sleeping", 2 },
      { "uninterruptible", 3 },   -- waits for a disk, a lock, a page
      { "stopped", 4 }, { "traced", 5 }, { "parked", 6 },
      { "idle", 7 },        -- a kernel thread with nothing to do
      { "dead", 8 },
    },
  },
  events = {
    { name = "sched.wait", doc = "A thread got a CPU: it is the thread of this event. Never the idle thread.",
      source = "sched", attach = { "tl_sched_wakeup", "tl_sched_wakeup_new", "tl_sched_wait" },
      fields = {
        { "duration", "u64", "duration", doc = "How long it had waited for the CPU, from runnable to running." },
        { "reason", "u8", "enum:wait_reason", doc = "Why it had to wait." },
        { "prev_tid", "u32", "tid", doc = "The thread that left the CPU; 0: the idle thread." },
        { "prev_comm", "str", "", doc = "Its name." },
      } },
    { name = "sched.switch", doc = "A thread left a CPU: it is the thread of this event; process 0 is the idle one.",
      source = "sched", attach = { "tl_sched_switch" },
      fields = {
        { "duration", "u64", "duration", doc = "How long it had run." },
        { "state", "u8", "enum:thread_state", doc = "What it does from now on." },
        { "voluntary", "bool", "", doc = "Whether it left by itself; a runnable one would have gone on." },
        { "next_tid", "u32", "tid", doc = "The thread that gets the CPU; 0: the idle thread." },
        { "next_comm", "str", "", doc = "Its name." },
      } },
  },
}
