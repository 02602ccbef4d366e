-- SPDX-License-Identifier: MIT
--- Definitions and a system for the specs: every kind, every type, nothing of this machine.

local M = {}

local function call(name, ret, args, more)
  local entry = { name = "syscall." .. name, class = "test", doc = "One: " .. name .. ".", ret = ret, args = args }
  for key, value in pairs(more or {}) do entry[key] = value end
  return entry
end

M.kinds = {
  doc = "Every kind of argument.",
  events = {
    call("numbers", "", { { "a_int", "int" }, { "a_long", "long" }, { "a_ptr", "ptr" },
                          { "a_flags", "flags64:colours" }, { "a_dev", "dev" }, { "a_signal", "enum:colours" } }),
    call("words", "", { { "a_uint", "uint" }, { "a_ulong", "ulong" }, { "a_hex", "hex" }, { "a_ssize", "ssize" },
                        { "an_off", "off" }, { "a_mode", "mode" } }, { class = "test other" }),
    call("people", "pid", { { "a_pid", "pid" }, { "a_uid", "uid" }, { "a_gid", "gid" }, { "status", "wait_status*" },
                            { "a_flag", "flags:colours*" } }),
    call("strings", "bytes", { { "pathname", "path" }, { "in_buf", "buf_in" },
                               { "out_buf", "buf_out", len = "*size" }, { "text", "buf_in", len = "count" },
                               { "count", "size" }, { "size", "uint*" } }),
    call("lists", "", { { "name", "str" }, { "words", "strs" } }),
    call("vectors", "bytes", { { "iov", "iov_in" }, { "iovcnt", "size" }, { "got", "iov_out" }, { "gotcnt", "size" } }),
    call("times", "", { { "a_spec", "timespec" }, { "a_val", "timeval" }, { "spec_out", "timespec_out" },
                        { "val_out", "timeval_out" }, { "set", "sigset" }, { "oldset", "sigset_out" } }),
    call("sets", "", { { "nfds", "int" }, { "readfds", "fdset" } }),
    call("addresses", "fd", { { "local", "sockaddr_in", names = { "saddr", "sport" } }, { "local_len", "uint" },
                              { "peer", "sockaddr_out" }, { "peer_len", "uint*" } }),
    call("message", "bytes", { { "sockfd", "fd" }, { "msg", "msg_in" } }),
    call("answer", "bytes", { { "msg", "msg_out" } }),
    call("structs", "", { { "new", "in:thing" }, { "old", "out:thing", prefix = "old_" },
                          { "both", "inout:named", prefix = "its_" },
                          { "op", "int" }, { "some", "in:named", prefix = "some_", when = { "op", "ONE", "TWO",
                                                                                   only = { id = { "TWO" } } } } }),
    call("arrays", "", { { "given", "array_in:pair", len = "n" }, { "n", "size" },
                         { "taken", "array_out:pair", len = "ret" } }),
    call("files", "fd", { { "dirfd", "dirfd" }, { "pathname", "path" }, { "fd", "fd" } }),
    call("close", "", { { "fd", "fd" } }),
    call("dup2", "fd", { { "oldfd", "fd" }, { "newfd", "fd" } }),
    call("execs", "", { { "dirfd", "dirfd" }, { "pathname", "exec_path" }, { "argv", "argv" }, { "envp", "envp" },
                        { "way", "path" } }, { saved = true }),
    call("leaves", nil, { { "status", "int" } }, { never = true }),
    call("newest", "", {}, { nr = 470 }),
    call("legacy", "", { { "pathname", "path" } }, { machine = "aarch64" }),
    call("turned", "", { { "a", "int" }, { "b", "long" } }, { args_arm64 = { { "b", "long" }, { "a", "int" } } }),
    call("makes", "fd", { { "pathname", "path" } }, { creates = true, nr = 471 }),
    call("held", "", { { "a_spec", "timespec_held" }, { "a_val", "timeval_held" }, { "a_set", "nodes" } }),
  },
}

M.types = {
  doc = "Every type.",
  enums = { fate = { { "good", 1 }, { "bad", 2 } } },
  flags = { ways = { { "fast", 1 }, { "quiet", 2 } } },
  events = {
    { name = "hand.written", doc = "Written by hand.", source = "hand",
      attach = { "tl_hook" }, exit = { numbers = "tl_numbers", strings = "tl_strings" },
      enter = { numbers = "a64", strings = "-" },
      fields = {
        { "a8", "u8", "enum:fate", doc = "A byte." }, { "an_ip", "ip", doc = "An address." },
        { "a16", "s16", "", doc = "Two bytes." }, { "a64", "u64", "duration", doc = "Eight bytes." },
        { "truth", "bool", doc = "Yes or no." }, { "failure", "error", doc = "Why." },
        { "words", "list", doc = "Words.", arg = "argv" }, { "a_path", "path", doc = "A file." },
      } },
    { name = "hand.empty", doc = "Says nothing.", source = "hand",
      attach = { "tl_other_hook", { "tl_new_hook", hook = "new_hook" } }, hook = "other_hook",
      fields = { { "how", "u8", "flags:ways", doc = "How." } } },
  },
}

-- Events that take all system calls that no other event has.
M.others = {
  doc = "The others.",
  events = {
    { name = "syscall.other", doc = "Any other call.", source = "other", exit = "others",
      fields = { { "duration", "u64", "duration", doc = "How long." } } },
  },
}

M.structs = {
  thing = {
    c = "struct { __u32 how; __s32 fd; __u64 nested[2]; }", header = "linux/types.h",
    fields = { { "how", "u32", "flags:colours", "How." }, { "fd", "s32", "fd", "A descriptor." },
               { "second", "u64", "", "The second.", from = "nested[1]" } },
  },
  named = {
    c = "struct tl_test_named", header = "linux/types.h",
    define = "struct tl_test_named { char name[16]; __s64 id; }; enum { ONE = 1, TWO };",
    fields = { { "name", "chars", "", "The name." }, { "id", "s64", "", "The number." } },
  },
  pair = {
    c = "struct { __s32 fd; __u16 events; __u16 rest; }", header = "linux/types.h",
    fields = { { "fd", "s32", "fd", "The descriptor." },
               { "revents", "u16", "flags:colours", "What.", from = "events" } },
  },
}

local WORTH = {
  ["sizeof(struct { __s32 fd; __u16 events; __u16 rest; })"] = 8,
  ["__builtin_offsetof(struct { __s32 fd; __u16 events; __u16 rest; }, fd)"] = 0,
  ["__builtin_offsetof(struct { __s32 fd; __u16 events; __u16 rest; }, events)"] = 4,
}

---What a compiler would say that those are worth.
function M.values(_, expressions)
  local worth = {}
  for i, expression in ipairs(expressions) do worth[i] = assert(WORTH[expression], expression) end
  return worth
end

local NUMBERS = { numbers = 7, words = 8, people = 9, strings = 3, lists = 10, vectors = 11, times = 12, sets = 13,
                  addresses = 40, message = 14, answer = 15, structs = 41, arrays = 16, files = 17, close = 18,
                  dup2 = 19, execs = 20, leaves = 21, turned = 22, held = 23 }

---What the compiler says of a system, made up.
---@param machine? string
function M.system(machine)
  return {
    machine = machine or "x86_64",
    syscalls = NUMBERS,
    structs = M.structs,
    domains = {
      { name = "colours", flags = true, mask = 0, constants = { { name = "RED", c = "1", value = 1 } } },
      { name = "msg", flags = true, mask = 0, constants = { { name = "MSG_X", c = "1", value = 1 } } },
      { name = "why", flags = false, mask = 0, constants = {}, kernel = "kernel_why", prefix = "WHY_" },
      { name = "open", flags = true, mask = 3, constants = { { name = "O_X", c = "1", value = 1 << 31 } } },
    },
  }
end

---@return table[] definitions as main.lua reads them
function M.definitions()
  return { { file = "types.lua", definition = M.types }, { file = "kinds.lua", definition = M.kinds } }
end

return M
