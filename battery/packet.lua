-- SPDX-License-Identifier: MIT
--- Packets that the kernel threw away. The handler is in packet.bpf.c.

-- The owner of a packet is that of its TCP socket, which is known from these.
local SOCKETS = { "tl_inet_sock_set_state", "tl_inet_sock_set_state_again",
                  "tl_tcp_destroy_sock", "tl_tcp_destroy_sock_again" }
local OWNERS = { connect = "tl_tcp_connect_exit", accept = "tl_tcp_accept_exit", accept4 = "tl_tcp_accept_exit" }

return {
  doc = "Packets.",
  events = {
    { name = "packet.drop", source = "packet", exit = OWNERS,
      attach = { SOCKETS[1], SOCKETS[2], SOCKETS[3], SOCKETS[4], "tl_kfree_skb" },
      doc = "A packet was dropped. Its process is unread unless it belongs to a TCP connection whose owner is known.",
      fields = {
        { "saddr", "ip", "", doc = "Address that it came from." },
        { "sport", "u16", "port", doc = "Port that it came from." },
        { "daddr", "ip", "", doc = "Address that it was for." },
        { "dport", "u16", "port", doc = "Port that it was for." },
        { "family", "u16", "enum:family", doc = "Family of the addresses." },
        { "netns", "u32", "ns", doc = "Network namespace in which it was." },
        { "ethertype", "u16", "hex", doc = "What the packet is: 0x800 for IPv4, 0x86dd for IPv6." },
        { "protocol", "u8", "enum:ip_protocol", doc = "What is in the IP packet." },
        { "tcp_flags", "u8", "flags:tcp_flags", doc = "Flags of a TCP segment." },
        { "state", "u8", "enum:sock_state", doc = "State of the TCP socket, if there is one." },
        { "length", "u32", "bytes", doc = "Length, headers that were taken off already left out." },
        { "reason", "u32", "enum:drop_reason", doc = "Why, since Linux 5.17." },
        { "location", "u64", "hex", doc = "Where in the kernel it was dropped." },
      } },
  },
}
