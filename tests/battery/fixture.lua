-- SPDX-License-Identifier: MIT
--- Definitions and a system for the specs: every kind, every type, nothing of this machine.

local M = {}

M.kinds = {
  doc = "Every kind of argument.",
  events = {
    { name = "syscall.numbers", doc = "Numbers.", ret = "", args = {
      { "a_int", "int" }, { "a_long", "long" }, { "a_ptr", "ptr" },
      { "a_flags", "flags64:colours" }, { "a_dev", "dev" }, { "a_signal", "enum:colours" },
    } },
    { name = "syscall.strings", doc = "Strings and bytes.", ret = "bytes", args = {
      { "pathname", "path" }, { "in_buf", "buf_in", max = 32 }, { "out_buf", "buf_out", len = "*size" },
      { "text", "buf_in", len = "count" }, { "count", "size" }, { "size", "uint*" },
    } },
    { name = "syscall.addresses", doc = "Addresses.", ret = "fd", args = {
      { "local", "sockaddr_in", names = { "saddr", "sport" } }, { "local_len", "uint" },
      { "peer", "sockaddr_out" }, { "peer_len", "uint*" },
    } },
    { name = "syscall.structs", doc = "Structs.", ret = "fd", args = { { "how", "open_how" } } },
  },
}

M.types = {
  doc = "Every type.",
  enums = { fate = { { "good", 1 }, { "bad", 2 } } },
  events = {
    { name = "hand.written", doc = "Written by hand.", source = "hand",
      attach = { "tl_hook" }, exit = { numbers = "tl_numbers", strings = "tl_strings" },
      enter = { numbers = "a64", strings = "-" },
      fields = {
        { "a8", "u8", "enum:fate", doc = "A byte." }, { "an_ip", "ip", doc = "An address." },
        { "a16", "s16", "", doc = "Two bytes." }, { "a64", "u64", "duration", doc = "Eight bytes." },
        { "truth", "bool", doc = "Yes or no." }, { "failure", "error", doc = "Why." },
        { "words", "list", doc = "Words." }, { "a_path", "path", doc = "A file." },
      } },
  },
}

---What the compiler says of a system, made up.
function M.system()
  return {
    machine = "x86_64",
    syscalls = { numbers = 7, strings = 3, addresses = 40, structs = 41 },
    domains = {
      { name = "colours", flags = true, headers = {}, constants = { { name = "RED", c = "1" } } },
      { name = "open", flags = true, headers = {}, constants = { { name = "O_X", c = "1" } } },
      { name = "resolve", flags = true, headers = {}, constants = { { name = "R_X", c = "1" } } },
    },
  }
end

---@return table[] definitions as main.lua reads them
function M.definitions()
  return { { file = "types.lua", definition = M.types }, { file = "kinds.lua", definition = M.kinds } }
end

return M
