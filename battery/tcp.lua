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

local STATE = { "state", "u8", "enum:sock_state", doc = "State of the socket." }

return {
  doc = "TCP over IPv4 and IPv6.",
  enums = {
    sock_state = {
      { "ESTABLISHED", 1 }, { "SYN_SENT", 2 }, { "SYN_RECV", 3 }, { "FIN_WAIT1", 4 }, { "FIN_WAIT2", 5 },
      { "TIME_WAIT", 6 }, { "CLOSE", 7 }, { "CLOSE_WAIT", 8 }, { "LAST_ACK", 9 }, { "LISTEN", 10 }, { "CLOSING", 11 },
      { "NEW_SYN_RECV", 12 },
    },
    retransmit = {
      { "syn", 1 }, { "synack", 2 },
      { "fast", 3 },    -- acknowledgements said that it was lost
      { "timeout", 4 }, -- no acknowledgement came in time
      { "probe", 5 },   -- the tail was sent again to make one come
    },
    reset = { { "sent", 1 }, { "received", 2 } },
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
    { name = "tcp.state", source = "tcp_state",
      doc = "A connection changed its state. Its owner is unread until a process has connected, accepted or closed "
        .. "it.",
      attach = join(STATES, { "tl_tcp_state", "tl_tcp_state_again" }), exit = OWNERS,
      fields = join(LOCAL, PEER, SOCKET, {
        { "old", "u8", "enum:sock_state", doc = "The state before." },
        { "new", "u8", "enum:sock_state", doc = "The state from now on." },
        { "duration", "u64", "duration",
          doc = "How long it was in the state before; unread if that began before the tracing, absent of a new "
            .. "socket." },
      }) },
    { name = "tcp.retransmit", source = "tcp_state",
      doc = "A segment was sent again. The owner is that of tcp.close, of a SYN-ACK there is none.",
      attach = join(STATES, { "tl_tcp_retransmit_skb", "tl_tcp_retransmit_synack" }), exit = OWNERS,
      fields = join(LOCAL, PEER, SOCKET, { STATE,
        { "kind", "u8", "enum:retransmit", doc = "Why it was sent again." },
      }) },
    { name = "tcp.reset", source = "tcp_state",
      doc = "A reset was sent or received. Kernels before 6.10 do not tell of one that answers a packet for no "
        .. "socket.",
      attach = join(STATES, { "tl_tcp_send_reset", "tl_tcp_receive_reset" }), exit = OWNERS,
      fields = join(LOCAL, PEER, SOCKET, { STATE,
        { "direction", "u8", "enum:reset", doc = "Which way it went." },
        { "reason", "u32", "enum:reset_reason", doc = "Why it was sent, since Linux 6.10." },
      }) },
    { name = "tcp.send", source = "tcp_bytes",
      doc = "A process gave bytes to a connection. Before Linux 6.3 from system calls: without io_uring.",
      attach = { "tl_sock_send_length" }, hook = "sock_send_length",
      exit = { sendto = "tl_tcp_send_exit", write = "tl_tcp_send_exit", writev = "tl_tcp_send_exit",
               sendmsg = "tl_tcp_send_exit", sendfile = "tl_tcp_send_exit", sendmmsg = "tl_tcp_sendmmsg_exit",
               splice = "tl_tcp_splice_exit" },
      fields = join(LOCAL, PEER, SOCKET, {
        { "bytes", "u64", "bytes", doc = "How many." },
      }) },
    { name = "tcp.receive", source = "tcp_bytes",
      doc = "A process took bytes from a connection, MSG_PEEK and splice aside. Before Linux 6.3 from system calls: "
        .. "without io_uring.",
      attach = { "tl_sock_recv_length" }, hook = "sock_recv_length",
      exit = { recvfrom = "tl_tcp_recvfrom_exit", read = "tl_tcp_receive_exit", readv = "tl_tcp_receive_exit",
               recvmsg = "tl_tcp_recvmsg_exit", recvmmsg = "tl_tcp_recvmmsg_exit" },
      fields = join(LOCAL, PEER, SOCKET, {
        { "bytes", "u64", "bytes", doc = "How many." },
      }) },
  },
}
