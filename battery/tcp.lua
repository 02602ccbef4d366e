-- SPDX-License-Identifier: MIT
--- TCP connections. Handlers are in tcp.bpf.c.

local LOCAL = {
  { "saddr", "ip", "", doc = "Address on this side." },
  { "sport", "u16", "port", doc = "Port on this side." },
}
local PEER = {
  { "daddr", "ip", "", doc = "Address of the peer." },
  { "dport", "u16", "port", doc = "Port of the peer." },
}
local SOCKET = {
  { "family", "u16", "enum:family", doc = "Family of the addresses; IPv4 in IPv6 counts as IPv4." },
  { "netns", "u32", "ns", doc = "Network namespace of the socket." },
}

local function join(...)
  local all = {}
  for _, fields in ipairs { ... } do table.move(fields, 1, #fields, #all + 1, all) end
  return all
end

-- Who owns a socket is known from these calls alone: on the passive side the state changes in
-- whatever process the packet happened to interrupt.
local ACCEPT = { accept = "tl_tcp_accept_exit", accept4 = "tl_tcp_accept_exit" }
local OWNERS = { connect = "tl_tcp_connect_exit",
                 accept = "tl_tcp_accept_exit", accept4 = "tl_tcp_accept_exit" }
local STATES = { "tl_inet_sock_set_state", "tl_inet_sock_set_state_again",
                 "tl_tcp_destroy_sock", "tl_tcp_destroy_sock_again" }

return {
  doc = "TCP over IPv4 and IPv6.",
  enums = {
    connect_outcome = {
      { "established", 1 }, { "refused", 2 }, { "timed_out", 3 }, { "unreachable", 4 },
      { "abandoned", 5 }, -- the program closed the socket before there was an outcome
      { "failed", 6 },
    },
  },
  events = {
    { name = "tcp.connect", doc = "A connect came to its outcome, good or bad.", source = "tcp",
      attach = STATES, exit = { connect = "tl_tcp_connect_exit" }, enter = { connect = "duration" },
      fields = join(LOCAL, PEER, SOCKET, {
        { "outcome", "u8", "enum:connect_outcome", doc = "What became of it." },
        { "error", "error", "", doc = "Why it failed." },
        { "duration", "u64", "duration", doc = "From the begin of connect to the outcome." },
      }) },
    { name = "tcp.accept", doc = "A program accepted a connection.", source = "tcp",
      attach = STATES, exit = ACCEPT,
      fields = join(LOCAL, PEER, SOCKET, {
        { "fd", "s32", "fd", doc = "The new descriptor." },
        { "duration", "u64", "duration", doc = "From established to accepted: time in the queue." },
      }) },
    { name = "tcp.close", doc = "A connection ended.", source = "tcp",
      attach = STATES, exit = OWNERS,
      fields = join(LOCAL, PEER, SOCKET, {
        { "sent", "u64", "bytes", doc = "Bytes sent and acknowledged." },
        { "received", "u64", "bytes", doc = "Bytes received." },
        { "lifetime", "u64", "duration", doc = "From established to closed." },
        { "error", "error", "", doc = "ECONNRESET or ETIMEDOUT, if it did not end in order." },
      }) },
    { name = "tcp.listen", doc = "A socket began to listen, or was refused.", source = "tcp",
      exit = { listen = "tl_tcp_listen_exit" },
      fields = join(LOCAL, SOCKET, {
        { "fd", "s32", "fd", doc = "The listening socket." },
        { "backlog", "s32", "", doc = "Length of the queue that the program asked for." },
        { "error", "error", "", doc = "Why it was refused." },
      }) },
  },
}
