-- SPDX-License-Identifier: MIT
--- Targets: who joins and leaves what a subscription selects. They are told where that is decided, by target.bpf.c.

return {
  doc = "Targets: processes that join and leave what the subscription to these events selects.",
  events = {
    { name = "target.enter", source = "target", attach = { "tl_follow_end", "tl_follow_free" },
      doc = "A process joined the target, or was in it when the subscription began; before its first event.",
      fields = {
        { "started", "u64", "time", doc = "When the process began: tells it from others of the same pid." },
      } },
    { name = "target.leave", source = "target", attach = { "tl_follow_end", "tl_follow_free" },
      doc = "A process left the target, or ended: its last thread has closed all that it had; after its last event.",
      fields = {
        { "started", "u64", "time", doc = "When the process began: tells it from others of the same pid." },
      } },
  },
}
