-- SPDX-License-Identifier: MIT
--- The system calls that have no definition. The handler is in other.bpf.c.

return {
  doc = "System calls that no definition describes.",
  enums = { abi = { { "native", 0 }, { "i386", 1 }, { "x32", 2 } } },
  events = {
    { name = "syscall.other", source = "other", exit = "others",
      doc = "A system call with an unknown number, or one of a 32-bit program.",
      fields = {
        { "number", "s64", "", doc = "Its number, in the table of its ABI.", arg = "number" },
        { "abi", "u8", "enum:abi", doc = "By which door it came: numbers mean something else at each.", arg = "abi" },
        { "arg0", "u64", "ptr", doc = "The first argument, as it was passed.", arg = "arg0" },
        { "arg1", "u64", "ptr", doc = "The second.", arg = "arg1" },
        { "arg2", "u64", "ptr", doc = "The third.", arg = "arg2" },
        { "arg3", "u64", "ptr", doc = "The fourth.", arg = "arg3" },
        { "arg4", "u64", "ptr", doc = "The fifth.", arg = "arg4" },
        { "arg5", "u64", "ptr", doc = "The sixth.", arg = "arg5" },
        { "ret", "s64", "", doc = "What the call returned." },
        { "error", "error", "", doc = "Why the call failed; none if it did not." },
        { "duration", "u64", "duration", doc = "How long the call took." },
      } },
  },
}
