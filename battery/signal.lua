-- SPDX-License-Identifier: MIT
--- Signals, from their making to their delivery. Handlers are in signal.bpf.c.

return {
  doc = "Signals, from their making to their delivery.",
  enums = {
    signal_result = {
      { "queued", 0 }, { "ignored", 1 },
      { "pending", 2 },     -- there already, and one of its kind is kept
      { "refused", 3 },     -- no room, and the sender was told
      { "unexplained", 4 }, -- it was queued without what came with it: no room for that
    },
  },
  events = {
    { name = "signal.send", source = "signal", attach = { "tl_signal_generate" },
      doc = "A signal was made. The process is the one that was running: the sender, but of a timer's signal and "
        .. "others that the kernel makes in an interrupt whichever that interrupted.",
      fields = {
        { "signal", "u8", "enum:signal", doc = "The signal." },
        { "target_pid", "u32", "pid",
          doc = "The process it is for; unread from Linux 7.0 on if it is for a single thread." },
        { "target_tid", "u32", "tid", doc = "The thread it is for, the first one if it is for the process." },
        { "target_comm", "str", "", doc = "Name of that thread." },
        { "shared", "bool", "", doc = "Whether it is for the whole process, not for one thread." },
        { "code", "s32", "enum:si_code", doc = "Where it comes from, as si_code." },
        { "result", "u8", "enum:signal_result", doc = "What became of it." },
      } },
    { name = "signal.deliver", source = "signal", attach = { "tl_signal_deliver" },
      doc = "A signal reached a thread. Those that are blocked come later, those that are ignored never.",
      fields = {
        { "signal", "u8", "enum:signal", doc = "The signal." },
        { "code", "s32", "enum:si_code", doc = "Where it comes from, as si_code." },
        { "handler", "u64", "flags:sa_handler", doc = "The function that handles it, or SIG_DFL." },
        { "flags", "u64", "flags:sa_flags", doc = "Flags of that handler." },
      } },
  },
}
