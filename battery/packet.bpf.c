// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Packets that are dropped. The tracepoint is hit in softirqs, so what a run that is interrupted misses is counted as lost. */
#include "packet.bpf.h"
#include "socks.bpf.h"

static __always_inline void tl_drop_packet(struct tl_packet_drop *e, const struct tl_packet *packet)
{
	e->saddr = packet->saddr;
	e->daddr = packet->daddr;
	e->sport = packet->sport;
	e->dport = packet->dport;
	e->family = packet->family;
	e->ethertype = packet->ethertype;
	e->protocol = packet->protocol;
	e->tcp_flags = packet->tcp_flags;
	if (!packet->family) {
		tl_absent(e, TL_F_PACKET_DROP_FAMILY);
		tl_absent(e, TL_F_PACKET_DROP_PROTOCOL);
	}
	if (!packet->has_ports) {
		tl_absent(e, TL_F_PACKET_DROP_SPORT);
		tl_absent(e, TL_F_PACKET_DROP_DPORT);
	}
	if (!packet->has_ports || packet->protocol != IPPROTO_TCP)
		tl_absent(e, TL_F_PACKET_DROP_TCP_FLAGS);
}

/* The socket that it is of, or was for, which kernels before 6.11 do not tell. */
static __always_inline const struct sock *tl_drop_sock(const struct sk_buff *skb, const struct sock *receiver)
{
	const struct sock *sk = BPF_CORE_READ(skb, sk);

	return sk ? sk : receiver;
}

static __always_inline __u32 tl_on_drop(const struct sk_buff *skb, const struct sock *receiver, __u64 location,
					int reason)
{
	struct tl_shared *shared = tl_shared_memory();
	const struct sock *sk = tl_drop_sock(skb, receiver);
	struct tl_sock *known = sk ? tl_sock_find(sk) : NULL;
	struct tl_packet_drop *e;
	struct tl_packet packet;

	if (!shared)
		return 0;
	e = tl_begin_owned(shared, TL_E_PACKET_DROP, sizeof(*e), known ? &known->owner : NULL);
	if (!e)
		return 0;
	tl_packet_parse(&packet, skb);
	tl_drop_packet(e, &packet);
	e->netns = tl_packet_netns(skb, sk);
	if (!e->netns)
		tl_unread(e, TL_F_PACKET_DROP_NETNS);
	if (sk && tl_is_tcp(sk))
		e->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	else
		tl_absent(e, TL_F_PACKET_DROP_STATE);
	e->length = BPF_CORE_READ(skb, len);
	e->location = location;
	e->reason = reason;
	if (reason < 0)
		tl_absent(e, TL_F_PACKET_DROP_REASON);
	return tl_submit(e);
}

TL_HOOK(kfree_skb);

SEC("tp_btf/kfree_skb")
int tl_kfree_skb(__u64 *ctx)
{
	const struct sock *receiver = NULL;
	int reason = -1;
	__u32 next;

	if (bpf_core_field_exists(struct trace_event_raw_kfree_skb, reason))
		reason = ((volatile __u64 *)ctx)[2];
	if (bpf_core_field_exists(struct trace_event_raw_kfree_skb, rx_sk))
		receiver = (const struct sock *)((volatile __u64 *)ctx)[3];
	next = tl_on_drop((const struct sk_buff *)ctx[0], receiver, ctx[1], reason);
	TL_END(next, tl_verdicts_kfree_skb);
	return 0;
}

SEC("tracepoint/skb/kfree_skb")
int tl_kfree_skb_classic(struct trace_event_raw_kfree_skb *ctx)
{
	__u32 next = tl_on_drop(ctx->skbaddr, ctx->rx_sk, (__u64)ctx->location, ctx->reason);

	TL_END(next, tl_verdicts_classic);
	return 0;
}
