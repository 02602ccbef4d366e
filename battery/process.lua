-- SPDX-License-Identifier: MIT
--- Processes: their begin, what they become, their end. Handlers are in process.bpf.c.

return {
  doc = "Processes: their begin, what they become, their end.",
  events = {
    { name = "process.exec", doc = "A process became another program.", source = "process",
      attach = { "tl_sched_process_exec" },
      fields = {
        { "filename", "str", "path", doc = "The program as it was given to execve." },
        { "path", "path", "", doc = "The file that was executed." },
        { "argv", "list", "", doc = "The arguments, the program's name first." },
        { "cwd", "path", "", doc = "The working directory." },
        { "inode", "u64", "inode", doc = "Inode of the file that was executed." },
        { "dev", "u32", "dev", doc = "Device that holds that file." },
      } },
    { name = "process.fork", doc = "A process made another one.", source = "process",
      attach = { "tl_sched_process_fork" },
      fields = {
        { "child", "u32", "pid", doc = "The new process." },
      } },
    { name = "process.exit", doc = "A process ended.", source = "process",
      attach = { "tl_sched_process_exit" },
      fields = {
        { "status", "s32", "", doc = "The exit status; none if a signal ended it." },
        { "signal", "u8", "enum:signal", doc = "The signal that ended it; none if it exited." },
        { "core", "bool", "", doc = "Whether it left a core dump." },
        { "lifetime", "u64", "duration", doc = "How long it lived." },
      } },
  },
}
