/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is in the headers of a packet: addresses and ports, as far as they are there. */
#ifndef TL_PACKET_BPF_H
#define TL_PACKET_BPF_H

#include "read.bpf.h"
#include <linux/if_ether.h>
#include <linux/in.h>

#define TL_HEADER_UNSET		0xffff

struct tl_packet {
	struct tl_ip saddr, daddr;	/* where it came from, where it goes to */
	__u16 sport, dport;
	__u16 ethertype;
	__u16 family;		/* 0: no IP, or its header is not there */
	__u8 protocol;
	__u8 tcp_flags;
	__u8 has_ports;
};

struct tl_ip4_header {
	__u8 version_words, service;
	__be16 length, id, fragment;
	__u8 ttl, protocol;
	__be16 check;
	__be32 source, destination;
};

struct tl_ip6_header {
	__u8 version_class, flow[3];
	__be16 length;
	__u8 next, hops;
	__u8 source[16], destination[16];
};

static __always_inline bool tl_has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE ||
	       protocol == IPPROTO_SCTP || protocol == IPPROTO_DCCP;
}

static __always_inline void tl_packet_ports(struct tl_packet *packet, const unsigned char *at)
{
	__be16 ports[2] = {};

	if (!tl_has_ports(packet->protocol) || bpf_probe_read_kernel(ports, sizeof(ports), at))
		return;
	packet->sport = bpf_ntohs(ports[0]);
	packet->dport = bpf_ntohs(ports[1]);
	packet->has_ports = 1;
	if (packet->protocol == IPPROTO_TCP)
		bpf_probe_read_kernel(&packet->tcp_flags, 1, at + 13);
}

static __always_inline void tl_packet_ip4(struct tl_packet *packet, const unsigned char *at)
{
	struct tl_ip4_header ip = {};

	if (bpf_probe_read_kernel(&ip, sizeof(ip), at) || ip.version_words >> 4 != 4)
		return;
	packet->family = AF_INET;
	packet->protocol = ip.protocol;
	tl_ip_set(&packet->saddr, AF_INET, &ip.source);
	tl_ip_set(&packet->daddr, AF_INET, &ip.destination);
	if (!(ip.fragment & bpf_htons(0x1fff)))		/* only the first fragment has ports */
		tl_packet_ports(packet, at + (ip.version_words & 15) * 4);
}

/* Ports behind extension headers are not looked for. */
static __always_inline void tl_packet_ip6(struct tl_packet *packet, const unsigned char *at)
{
	struct tl_ip6_header ip = {};

	if (bpf_probe_read_kernel(&ip, sizeof(ip), at) || ip.version_class >> 4 != 6)
		return;
	packet->family = AF_INET6;
	packet->protocol = ip.next;
	tl_ip_set(&packet->saddr, AF_INET6, ip.source);
	tl_ip_set(&packet->daddr, AF_INET6, ip.destination);
	tl_packet_ports(packet, at + sizeof(ip));
}

static __always_inline void tl_packet_parse(struct tl_packet *packet, const struct sk_buff *skb)
{
	__u16 network = BPF_CORE_READ(skb, network_header);
	const unsigned char *head = BPF_CORE_READ(skb, head);

	__builtin_memset(packet, 0, sizeof(*packet));
	packet->ethertype = bpf_ntohs(BPF_CORE_READ(skb, protocol));
	if (!head || !network || network == TL_HEADER_UNSET)
		return;
	if (packet->ethertype == ETH_P_IP)
		tl_packet_ip4(packet, head + network);
	else if (packet->ethertype == ETH_P_IPV6)
		tl_packet_ip6(packet, head + network);
}

static __always_inline __u32 tl_packet_netns(const struct sk_buff *skb, const struct sock *sk)
{
	__u32 netns = sk ? BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum) : 0;

	return netns ? netns : BPF_CORE_READ(skb, dev, nd_net.net, ns.inum);
}

#endif
