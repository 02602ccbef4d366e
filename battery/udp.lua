-- SPDX-License-Identifier: MIT
--- Datagrams. Handlers are in udp.bpf.c.

local function fields(verb)
  return {
    { "saddr", "ip", "", doc = "Address on this side, if the socket is bound to one or connected." },
    { "sport", "u16", "port", doc = "Port on this side." },
    { "daddr", "ip", "", doc = "Address of the peer." },
    { "dport", "u16", "port", doc = "Port of the peer." },
    { "family", "u16", "enum:family", doc = "Family of the addresses; IPv4 in IPv6 counts as IPv4." },
    { "netns", "u32", "ns", doc = "Network namespace of the socket." },
    { "fd", "s32", "fd", doc = "The socket." },
    { "bytes", "u64", "bytes", doc = ("How many bytes were %s."):format(verb) },
    { "error", "error", "", doc = "Why the call failed." },
    { "messages", "u32", "", doc = "Datagrams that this is about: 1, or all from the sixth on of a call with many." },
    { "payload", "bytes", "", doc = "The first bytes of the datagram." },
  }
end

return {
  doc = "Datagrams: UDP over IPv4 and IPv6, from the ends of system calls. Those of io_uring are not seen.",
  events = {
    { name = "udp.send", doc = "A process sent a datagram, or failed to.", source = "udp",
      exit = { sendto = "tl_udp_sendto_exit", sendmsg = "tl_udp_sendmsg_exit", sendmmsg = "tl_udp_sendmmsg_exit",
               write = "tl_udp_write_exit", writev = "tl_udp_writev_exit" },
      fields = fields "sent" },
    { name = "udp.receive", doc = "A process received a datagram, or an error instead.", source = "udp",
      exit = { recvfrom = "tl_udp_recvfrom_exit", recvmsg = "tl_udp_recvmsg_exit", recvmmsg = "tl_udp_recvmmsg_exit",
               read = "tl_udp_read_exit", readv = "tl_udp_readv_exit" },
      fields = fields "received" },
  },
}
