/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TCP sockets and their owners: what the events of tcp.lua and packet.lua know of a socket between its first sign and its end. */
#ifndef TL_SOCKS_BPF_H
#define TL_SOCKS_BPF_H

#include "again.bpf.h"
#include "owner.bpf.h"
#include "socket.bpf.h"
#include "tl_events.h"

#define TL_SOCKETS_MAX 131072

enum tl_connect_phase {
	TL_CONNECT_NONE,	/* accepted, or not known how it began */
	TL_CONNECT_PENDING,	/* SYN sent, no outcome yet */
	TL_CONNECT_REFUSED_HERE,	/* failed inside connect(), which alone knows the error */
	TL_CONNECT_DONE,	/* the outcome has been reported */
};

struct tl_sock {
	struct tl_owner owner;	/* pid 0: not known */
	__u64 begun;		/* connect: ns since boot; 0: not known */
	__u64 established;	/* ns since boot; 0: not known */
	__u32 phase;
	__u32 in_connect;	/* the thread that is still inside connect(); 0: none */
};

/* socket → what we know of it, from its first sign until the kernel destroys it */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, TL_SOCKETS_MAX);
	__type(key, __u64);
	__type(value, struct tl_sock);
} tl_socks SEC(".maps");

static __always_inline struct tl_sock *tl_sock_find(const struct sock *sk)
{
	__u64 key = (__u64)sk;

	return bpf_map_lookup_elem(&tl_socks, &key);
}

/* Subscriptions for which it matters whose socket it is. */
static __always_inline __u64 tl_tcp_subs(struct tl_shared *shared)
{
	return tl_event_subs(shared, TL_E_TCP_CONNECT) | tl_event_subs(shared, TL_E_TCP_ACCEPT) |
	       tl_event_subs(shared, TL_E_TCP_CLOSE) | tl_event_subs(shared, TL_E_TCP_STATE) |
	       tl_event_subs(shared, TL_E_TCP_RETRANSMIT) | tl_event_subs(shared, TL_E_TCP_RESET) |
	       tl_event_subs(shared, TL_E_PACKET_DROP);
}

static __always_inline void tl_sock_keep(struct tl_shared *shared, const struct sock *sk, struct tl_sock *known)
{
	__u64 key = (__u64)sk;

	if (bpf_map_update_elem(&tl_socks, &key, known, BPF_ANY))
		tl_lost(TL_EVENTS_MAX, TL_LOST_SOCKETS, tl_tcp_subs(shared));
}

/* A record for the owner of a socket, in whatever context that is; NULL: nobody wants it. Ends in tl_submit(). */
static __always_inline void *tl_begin_owned(struct tl_shared *shared, __u32 event, __u32 fixed, struct tl_owner *owner)
{
	__u64 subs = tl_event_subs(shared, event);
	__u64 mask = owner && owner->pid ? tl_owner_wanted(shared, owner, subs) : subs & shared->everyone;
	struct tl_slot *slot = mask ? tl_enter(mask) : NULL;
	void *record;

	if (!slot)
		return NULL;
	tl_fill_owner(slot, owner);
	record = tl_begin(event, fixed);
	if (!record)
		tl_leave();
	return record;
}

#define tl_fill_tuple_of(e, tuple) do {				\
	(e)->saddr = (tuple).saddr;				\
	(e)->sport = (tuple).sport;				\
	(e)->daddr = (tuple).daddr;				\
	(e)->dport = (tuple).dport;				\
	(e)->family = (tuple).family;				\
	(e)->netns = (tuple).netns;				\
} while (0)

#define tl_fill_tuple(e, sk) do {				\
	struct tl_tuple tuple_of;				\
								\
	tl_sock_tuple(&tuple_of, sk);				\
	tl_fill_tuple_of(e, tuple_of);				\
} while (0)

#endif
