-- SPDX-License-Identifier: MIT
--- Block devices. Handlers are in block.bpf.c.

-- Since Linux 6.5 there is a hook where a request is made. Before, whoever hands it to the queue counts as the one
-- who made it.
local MADE = { "tl_block_io_start", hook = "block_io_start" }

return {
  doc = "Block devices: disks and what looks like one.",
  enums = {
    block_op = {
      { "read", 0 }, { "write", 1 }, { "flush", 2 }, { "discard", 3 }, { "secure_erase", 5 }, { "zone_append", 7 },
      { "write_zeroes", 9 }, { "zone_open", 11 }, { "zone_close", 13 }, { "zone_finish", 15 }, { "zone_reset", 17 },
      { "zone_reset_all", 19 }, { "driver_in", 34 }, { "driver_out", 35 },
    },
  },
  flags = {
    block_flags = {
      { "sync", 1 << 11 }, { "meta", 1 << 12 }, { "prio", 1 << 13 }, { "fua", 1 << 17 }, { "preflush", 1 << 18 },
      { "readahead", 1 << 19 }, { "background", 1 << 20 }, { "nowait", 1 << 21 },
    },
  },
  events = {
    { name = "block.io",
      doc = "A request to a disk came to its end. Its process is the one that made it; before Linux 6.5, "
        .. "that queued it (of a flush a thread of the kernel).",
      source = "block",
      attach = { "tl_block_rq_insert", "tl_block_rq_issue", "tl_block_rq_merge", "tl_block_rq_complete", MADE },
      fields = {
        { "dev", "u32", "dev", doc = "The disk." },
        { "disk", "str", "", doc = "Its name; a request to a driver itself may have none." },
        { "sector", "u64", "", doc = "Where it begins, in units of 512 bytes, from the begin of the disk." },
        { "bytes", "u64", "bytes", doc = "How much it was." },
        { "op", "u8", "enum:block_op", doc = "What was to be done." },
        { "flags", "u32", "flags:block_flags", doc = "How." },
        { "error", "error", "", doc = "Why it failed." },
        { "duration", "u64", "duration",
          doc = "How long the device took, from issue to end; none if there was nothing to do for it." },
        { "queued", "u64", "duration", doc = "How long it waited in the queue; 0 if it was issued at once." },
      } },
  },
}
