-- SPDX-License-Identifier: MIT
--- Interrupts. Handlers are in irq.bpf.c.

return {
  doc = "Interrupts. The process of the event is the one that was interrupted: it paid, and need not have caused it.",
  enums = {
    softirq = {
      { "hi", 0 }, { "timer", 1 }, { "net_tx", 2 }, { "net_rx", 3 }, { "block", 4 }, { "irq_poll", 5 },
      { "tasklet", 6 }, { "sched", 7 }, { "hrtimer", 8 }, { "rcu", 9 },
    },
  },
  events = {
    { name = "irq.hard", doc = "A handler of an interrupt was run.", source = "irq",
      attach = { "tl_irq_handler_entry", "tl_irq_handler_exit" },
      fields = {
        { "irq", "u32", "", doc = "Number of the interrupt." },
        { "name", "str", "", doc = "Name of the handler: a device, or its driver." },
        { "handled", "bool", "", doc = "Whether it was for this handler; several may share a number." },
        { "duration", "u64", "duration", doc = "How long the handler took." },
      } },
    { name = "irq.soft", doc = "What an interrupt had left to be done was done.", source = "irq",
      attach = { "tl_softirq_entry", "tl_softirq_exit" },
      fields = {
        { "vector", "u8", "enum:softirq", doc = "What kind of work." },
        { "duration", "u64", "duration", doc = "How long it took, with the interrupts that came meanwhile." },
      } },
  },
}
