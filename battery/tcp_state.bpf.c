// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What befalls a connection on its way: changes of state, segments sent again, resets. They come in softirqs, and
 * belong to the owner that tcp.bpf.c has found out.
 */
#include "packet.bpf.h"
#include "socks.bpf.h"

/* ---- tcp.state ------------------------------------------------------------------------------- */

/* socket → ns since boot when it came into its state; gone when it is closed, which each one is at last */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, TL_SOCKETS_MAX);
	__type(key, __u64);
	__type(value, __u64);
} tl_state_since SEC(".maps");

/* When the state that ends now began; 0: that was not seen. */
static __always_inline __u64 tl_state_change(const struct sock *sk, int new)
{
	__u64 key = (__u64)sk, now = bpf_ktime_get_boot_ns(), began = 0;
	__u64 *since = bpf_map_lookup_elem(&tl_state_since, &key);

	if (since)
		began = *since;
	if (new == TCP_CLOSE)
		bpf_map_delete_elem(&tl_state_since, &key);
	else
		bpf_map_update_elem(&tl_state_since, &key, &now, BPF_ANY);
	return began;
}

/* Changes that only the process itself makes. */
static __always_inline bool tl_is_own_change(int old, int new)
{
	return new == TCP_SYN_SENT || new == TCP_LISTEN || (old == TCP_LISTEN && new == TCP_CLOSE);
}

static __always_inline __u32 tl_on_state(const struct sock *sk, int old, int new)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_owner self = {};
	struct tl_tcp_state *e;
	struct tl_sock *known;
	__u64 began;

	if (!shared || !tl_is_tcp(sk) || !tl_event_subs(shared, TL_E_TCP_STATE))
		return 0;
	began = tl_state_change(sk, new);
	if (tl_is_own_change(old, new) && !tl_is_kthread()) {
		tl_owner_set(shared, &self);
		e = tl_begin_owned(shared, TL_E_TCP_STATE, sizeof(*e), &self);
	} else {
		known = tl_sock_find(sk);
		e = tl_begin_owned(shared, TL_E_TCP_STATE, sizeof(*e), known ? &known->owner : NULL);
	}
	if (!e)
		return 0;
	tl_fill_tuple(e, sk);
	if (!e->sport)			/* it comes behind SYN_SENT */
		tl_absent(e, TL_F_TCP_STATE_SPORT);
	e->old = old;
	e->new = new;
	if (old == TCP_CLOSE)
		tl_absent(e, TL_F_TCP_STATE_DURATION);
	else if (began)
		e->duration = e->record.time - began;
	else
		tl_unread(e, TL_F_TCP_STATE_DURATION);
	return tl_submit(e);
}

#define tl_state_mark(sk) ((const void *)(sk) + 1)	/* tcp.bpf.c marks the socket itself */

static __always_inline __u32 tl_first_state(const struct sock *sk, int old, int new)
{
	tl_mark(tl_state_mark(sk), (__u32)old << 8 | (__u32)new);
	return tl_on_state(sk, old, new);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(tl_tcp_state, const struct sock *sk, int old, int new)
{
	__u32 next = tl_first_state(sk, old, new);

	TL_END(next, tl_verdicts_inet_sock_set_state);
	return 0;
}

SEC("tracepoint/sock/inet_sock_set_state")
int tl_tcp_state_classic(struct trace_event_raw_inet_sock_set_state *ctx)
{
	__u32 next = tl_first_state(ctx->skaddr, ctx->oldstate, ctx->newstate);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(tl_tcp_state_again, const struct sock *sk, int old, int new)
{
	bool missed = tl_was_missed(tl_state_mark(sk), (__u32)old << 8 | (__u32)new);
	__u32 next = missed ? tl_on_state(sk, old, new) : 0;

	TL_END(next, tl_verdicts_inet_sock_set_state);
	return 0;
}

/* ---- tcp.retransmit -------------------------------------------------------------------------- */

#define TL_CA_RECOVERY	3
#define TL_CA_LOSS	4

static __always_inline __u8 tl_retransmit_kind(const struct sock *sk, int state)
{
	__u8 congestion;

	if (state == TCP_SYN_SENT)
		return TL_RETRANSMIT_SYN;
	congestion = BPF_CORE_READ_BITFIELD_PROBED((const struct inet_connection_sock *)sk, icsk_ca_state);
	if (congestion == TL_CA_LOSS)
		return TL_RETRANSMIT_TIMEOUT;
	return congestion == TL_CA_RECOVERY ? TL_RETRANSMIT_FAST : TL_RETRANSMIT_PROBE;
}

static __always_inline __u32 tl_on_retransmit(const struct sock *sk)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_sock *known = tl_sock_find(sk);
	struct tl_tcp_retransmit *e;

	if (!shared)
		return 0;
	e = tl_begin_owned(shared, TL_E_TCP_RETRANSMIT, sizeof(*e), known ? &known->owner : NULL);
	if (!e)
		return 0;
	tl_fill_tuple(e, sk);
	e->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	e->kind = tl_retransmit_kind(sk, e->state);
	return tl_submit(e);
}

TL_HOOK(tcp_retransmit_skb);

SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(tl_tcp_retransmit_skb, const struct sock *sk)
{
	__u32 next = tl_on_retransmit(sk);

	TL_END(next, tl_verdicts_tcp_retransmit_skb);
	return 0;
}

SEC("tracepoint/tcp/tcp_retransmit_skb")
int tl_tcp_retransmit_skb_classic(struct trace_event_raw_tcp_retransmit_skb *ctx)
{
	__u32 next = tl_on_retransmit(ctx->skaddr);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

/* The connection that a request to connect asks for: there is no socket of it yet. */
static __always_inline void tl_request_tuple(struct tl_tuple *tuple, const struct request_sock *req)
{
	const struct sock_common *common = &req->__req_common;
	__u8 source[16] = {}, peer[16] = {};

	__builtin_memset(tuple, 0, sizeof(*tuple));
	tuple->sport = BPF_CORE_READ(common, skc_num);
	tuple->dport = bpf_ntohs(BPF_CORE_READ(common, skc_dport));
	tuple->netns = BPF_CORE_READ(common, skc_net.net, ns.inum);
	tuple->family = BPF_CORE_READ(common, skc_family);
	if (tuple->family == AF_INET) {
		BPF_CORE_READ_INTO((__be32 *)source, common, skc_rcv_saddr);
		BPF_CORE_READ_INTO((__be32 *)peer, common, skc_daddr);
	} else {
		BPF_CORE_READ_INTO(&source, common, skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&peer, common, skc_v6_daddr);
	}
	tl_ip_set(&tuple->saddr, tuple->family, source);
	tl_ip_set(&tuple->daddr, tuple->family, peer);
	tuple->family = tuple->daddr.family;
}

static __always_inline __u32 tl_on_synack(const struct request_sock *req)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_tcp_retransmit *e;
	struct tl_tuple tuple;

	if (!shared)
		return 0;
	e = tl_begin_owned(shared, TL_E_TCP_RETRANSMIT, sizeof(*e), NULL);
	if (!e)
		return 0;
	tl_request_tuple(&tuple, req);
	tl_fill_tuple_of(e, tuple);
	e->state = TCP_NEW_SYN_RECV;
	e->kind = TL_RETRANSMIT_SYNACK;
	return tl_submit(e);
}

TL_HOOK(tcp_retransmit_synack);

SEC("tp_btf/tcp_retransmit_synack")
int BPF_PROG(tl_tcp_retransmit_synack, const struct sock *sk, const struct request_sock *req)
{
	__u32 next = tl_on_synack(req);

	TL_END(next, tl_verdicts_tcp_retransmit_synack);
	return 0;
}

SEC("tracepoint/tcp/tcp_retransmit_synack")
int tl_tcp_retransmit_synack_classic(struct trace_event_raw_tcp_retransmit_synack *ctx)
{
	__u32 next = tl_on_synack(ctx->req);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

/* ---- tcp.reset ------------------------------------------------------------------------------- */

/*
 * The tuple of a reset that answers a packet is that of the packet, the other way round: it may be for no socket, or
 * for one of which little is left (TIME_WAIT).
 */
static __always_inline void tl_reset_tuple(struct tl_tcp_reset *e, const struct sock *sk, const struct sk_buff *skb)
{
	struct tl_packet packet = {};

	if (skb)
		tl_packet_parse(&packet, skb);
	if (!packet.has_ports) {
		tl_fill_tuple(e, sk);
		return;
	}
	e->saddr = packet.daddr;
	e->daddr = packet.saddr;
	e->sport = packet.dport;
	e->dport = packet.sport;
	e->family = packet.family;
	e->netns = tl_packet_netns(skb, sk);
}

static __always_inline __u32 tl_on_reset(const struct sock *sk, const struct sk_buff *skb, __u8 direction, int reason)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_sock *known = sk ? tl_sock_find(sk) : NULL;
	struct tl_tcp_reset *e;

	if (!shared)
		return 0;
	e = tl_begin_owned(shared, TL_E_TCP_RESET, sizeof(*e), known ? &known->owner : NULL);
	if (!e)
		return 0;
	tl_reset_tuple(e, sk, skb);
	e->direction = direction;
	e->reason = reason;
	if (reason < 0)
		tl_absent(e, TL_F_TCP_RESET_REASON);
	if (sk)
		e->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	else
		tl_absent(e, TL_F_TCP_RESET_STATE);
	return tl_submit(e);
}

TL_HOOK(tcp_send_reset);

SEC("tp_btf/tcp_send_reset")
int tl_tcp_send_reset(__u64 *ctx)
{
	int reason = -1;
	__u32 next;

	if (bpf_core_field_exists(struct trace_event_raw_tcp_send_reset, reason))
		reason = ((volatile __u64 *)ctx)[2];
	next = tl_on_reset((const struct sock *)ctx[0], (const struct sk_buff *)ctx[1], TL_RESET_SENT, reason);
	TL_END(next, tl_verdicts_tcp_send_reset);
	return 0;
}

SEC("tracepoint/tcp/tcp_send_reset")
int tl_tcp_send_reset_classic(struct trace_event_raw_tcp_send_reset *ctx)
{
	__u32 next = tl_on_reset(ctx->skaddr, ctx->skbaddr, TL_RESET_SENT, ctx->reason);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

TL_HOOK(tcp_receive_reset);

SEC("tp_btf/tcp_receive_reset")
int BPF_PROG(tl_tcp_receive_reset, const struct sock *sk)
{
	__u32 next = tl_on_reset(sk, NULL, TL_RESET_RECEIVED, -1);

	TL_END(next, tl_verdicts_tcp_receive_reset);
	return 0;
}

SEC("tracepoint/tcp/tcp_receive_reset")
int tl_tcp_receive_reset_classic(struct trace_event_raw_tcp_event_sk *ctx)
{
	__u32 next = tl_on_reset(ctx->skaddr, NULL, TL_RESET_RECEIVED, -1);

	TL_END(next, tl_verdicts_classic);
	return 0;
}
