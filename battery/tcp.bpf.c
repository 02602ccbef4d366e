// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * TCP connections, from the change of a socket's state and from the ends of the calls that make them.
 *
 * The state changes in whatever process the network happens to interrupt, so a socket is remembered
 * from the moment when its owner is known: connect (the change to SYN_SENT is made by the caller),
 * accept (its exit), and the close or shutdown that the owner makes itself.
 */
#include <linux/errno.h>
#include "socks.bpf.h"

#define ERESTARTSYS	512	/* a signal came; only the kernel itself sees this number */
#define TL_SOCK_DONE	1	/* bit of skc_flags: the peer's FIN has come */
#define TL_SHUT_BOTH	3

/* ---- tcp.connect ----------------------------------------------------------------------------- */

static __always_inline __u8 tl_connect_outcome(int error)
{
	switch (error) {
	case 0: return TL_CONNECT_OUTCOME_ESTABLISHED;
	case ECONNREFUSED: return TL_CONNECT_OUTCOME_REFUSED;
	case ETIMEDOUT: return TL_CONNECT_OUTCOME_TIMED_OUT;
	case ENETUNREACH: case EHOSTUNREACH: case ENETDOWN: case EHOSTDOWN:
		return TL_CONNECT_OUTCOME_UNREACHABLE;
	default: return TL_CONNECT_OUTCOME_FAILED;
	}
}

/* The outcome of a connect, reported for its owner in whatever context it becomes known. */
static __always_inline __u32 tl_report_connect(struct tl_shared *shared, const struct sock *sk,
					       struct tl_sock *known, int error, __u8 outcome)
{
	struct tl_tcp_connect *e = tl_begin_owned(shared, TL_E_TCP_CONNECT, sizeof(*e), &known->owner);

	if (!e)
		return 0;
	tl_fill_tuple(e, sk);
	e->error = -error;
	e->outcome = outcome;
	e->duration = e->record.time - known->begun;
	return tl_submit(e);
}

/* CLOSE → SYN_SENT: made by the process that calls connect. */
static __always_inline void tl_on_syn_sent(struct tl_shared *shared, const struct sock *sk)
{
	struct tl_sock known = {};

	if (!tl_wanted(shared, tl_tcp_subs(shared), bpf_get_current_pid_tgid() >> 32))
		return;
	tl_owner_set(shared, &known.owner);
	known.begun = bpf_ktime_get_boot_ns();
	known.phase = TL_CONNECT_PENDING;
	known.in_connect = known.owner.tid;
	tl_sock_keep(shared, sk, &known);
}

/*
 * SYN_SENT → CLOSE. An error that came over the network is in sk_err by now. Without one, either
 * connect() itself gave up (no port, no route, a filter: its exit tells) or the program closed the socket.
 */
static __always_inline __u32 tl_on_connect_failed(struct tl_shared *shared, const struct sock *sk,
						  struct tl_sock *known)
{
	int error = BPF_CORE_READ(sk, sk_err);

	if (!error && known->in_connect == (__u32)bpf_get_current_pid_tgid()) {
		known->phase = TL_CONNECT_REFUSED_HERE;
		return 0;
	}
	known->phase = TL_CONNECT_DONE;
	return tl_report_connect(shared, sk, known, error,
				 error ? tl_connect_outcome(error) : TL_CONNECT_OUTCOME_ABANDONED);
}

static __always_inline __u32 tl_on_established(struct tl_shared *shared, const struct sock *sk)
{
	struct tl_sock *known = tl_sock_find(sk), fresh = {};

	if (known && known->phase == TL_CONNECT_PENDING) {
		known->established = bpf_ktime_get_boot_ns();
		known->phase = TL_CONNECT_DONE;
		return tl_report_connect(shared, sk, known, 0, TL_CONNECT_OUTCOME_ESTABLISHED);
	}
	/* The passive side: this is not its process. Whoever accepts it becomes the owner. */
	fresh.established = bpf_ktime_get_boot_ns();
	tl_sock_keep(shared, sk, &fresh);
	return 0;
}

/* ---- tcp.close ------------------------------------------------------------------------------- */

static __always_inline void tl_fill_bytes(struct tl_tcp_close *e, const struct sock *sk)
{
	const struct tcp_sock *tp = (const struct tcp_sock *)sk;
	__u64 received = BPF_CORE_READ(tp, bytes_received);

	e->sent = BPF_CORE_READ(tp, bytes_sent) - BPF_CORE_READ(tp, bytes_retrans);
	if (received && (BPF_CORE_READ(sk, __sk_common.skc_flags) & TL_BIT(TL_SOCK_DONE)))
		received--;		/* the kernel counts the peer's FIN as a byte */
	e->received = received;
}

static __always_inline __u32 tl_on_close(struct tl_shared *shared, const struct sock *sk)
{
	struct tl_sock *known = tl_sock_find(sk);
	struct tl_tcp_close *e = tl_begin_owned(shared, TL_E_TCP_CLOSE, sizeof(*e), known ? &known->owner : NULL);

	if (!e)
		return 0;
	tl_fill_tuple(e, sk);
	tl_fill_bytes(e, sk);
	e->error = -BPF_CORE_READ(sk, sk_err);
	if (known && known->established)
		e->lifetime = e->record.time - known->established;
	else
		tl_unread(e, TL_F_TCP_CLOSE_LIFETIME);
	return tl_submit(e);
}

/* The process at hand closes or shuts down its side: it is the owner, whoever made the connection. */
static __always_inline void tl_touch(struct tl_shared *shared, const struct sock *sk)
{
	struct tl_sock *known = tl_sock_find(sk), fresh = {};

	if (tl_is_kthread())		/* closes for a process that is gone */
		return;
	if (known) {
		tl_owner_set(shared, &known->owner);
		return;
	}
	if (!tl_wanted(shared, tl_tcp_subs(shared), bpf_get_current_pid_tgid() >> 32))
		return;
	tl_owner_set(shared, &fresh.owner);
	tl_sock_keep(shared, sk, &fresh);
}

static __always_inline bool tl_is_connected(int state)
{
	return state != TCP_CLOSE && state != TCP_LISTEN && state != TCP_SYN_SENT &&
	       state != TCP_SYN_RECV && state != TCP_NEW_SYN_RECV;
}

/* A close with unread data, or without lingering, resets at once: still made by the process itself. */
static __always_inline bool tl_is_own_reset(const struct sock *sk, int old)
{
	return (old == TCP_ESTABLISHED || old == TCP_CLOSE_WAIT) && !BPF_CORE_READ(sk, sk_err) &&
	       BPF_CORE_READ(sk, sk_shutdown) == TL_SHUT_BOTH;
}

static __always_inline __u32 tl_on_set_state(const struct sock *sk, int old, int new)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_sock *known;

	if (!shared || !tl_is_tcp(sk))
		return 0;
	if (new == TCP_SYN_SENT) {
		tl_on_syn_sent(shared, sk);
	} else if (new == TCP_ESTABLISHED) {
		return tl_on_established(shared, sk);
	} else if (new == TCP_FIN_WAIT1 || new == TCP_LAST_ACK) {
		tl_touch(shared, sk);
	} else if (new == TCP_CLOSE) {
		known = tl_sock_find(sk);
		if (known && known->phase == TL_CONNECT_PENDING) {
			return tl_on_connect_failed(shared, sk, known);
		} else if (tl_is_connected(old)) {
			if (tl_is_own_reset(sk, old))
				tl_touch(shared, sk);
			return tl_on_close(shared, sk);
		}
	}
	return 0;
}

#define TL_DESTROYED	0xffff
#define tl_transition(old, new) ((__u32)(old) << 8 | (__u32)(new))

static __always_inline __u32 tl_first_set_state(const struct sock *sk, int old, int new)
{
	tl_mark(sk, tl_transition(old, new));
	return tl_on_set_state(sk, old, new);
}

TL_HOOK(inet_sock_set_state)

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(tl_inet_sock_set_state, const struct sock *sk, int old, int new)
{
	__u32 next = tl_first_set_state(sk, old, new);

	TL_END(next, tl_verdicts_inet_sock_set_state);
	return 0;
}

SEC("tracepoint/sock/inet_sock_set_state")
int tl_inet_sock_set_state_classic(struct trace_event_raw_inet_sock_set_state *ctx)
{
	__u32 next = tl_first_set_state(ctx->skaddr, ctx->oldstate, ctx->newstate);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(tl_inet_sock_set_state_again, const struct sock *sk, int old, int new)
{
	__u32 next = tl_was_missed(sk, tl_transition(old, new)) ? tl_on_set_state(sk, old, new) : 0;

	TL_END(next, tl_verdicts_inet_sock_set_state);
	return 0;
}

static __always_inline __u32 tl_on_destroy(const struct sock *sk)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_sock *known = tl_sock_find(sk);
	__u64 key = (__u64)sk;
	__u32 next = 0;

	if (!shared || !known)
		return 0;
	if (known->phase == TL_CONNECT_REFUSED_HERE)	/* nobody came to tell the error */
		next = tl_report_connect(shared, sk, known, 0, TL_CONNECT_OUTCOME_ABANDONED);
	bpf_map_delete_elem(&tl_socks, &key);
	return next;
}

static __always_inline __u32 tl_first_destroy(const struct sock *sk)
{
	tl_mark(sk, TL_DESTROYED);
	return tl_on_destroy(sk);
}

TL_HOOK(tcp_destroy_sock)

SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(tl_tcp_destroy_sock, const struct sock *sk)
{
	__u32 next = tl_first_destroy(sk);

	TL_END(next, tl_verdicts_tcp_destroy_sock);
	return 0;
}

SEC("tracepoint/tcp/tcp_destroy_sock")
int tl_tcp_destroy_sock_classic(struct trace_event_raw_tcp_event_sk *ctx)
{
	__u32 next = tl_first_destroy(ctx->skaddr);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(tl_tcp_destroy_sock_again, const struct sock *sk)
{
	__u32 next = tl_was_missed(sk, TL_DESTROYED) ? tl_on_destroy(sk) : 0;

	TL_END(next, tl_verdicts_tcp_destroy_sock);
	return 0;
}

/* ---- the calls ------------------------------------------------------------------------------- */

/* connect() refused before any packet: the socket has no peer yet, but the call named one. */
static __always_inline __u32 tl_report_refused(struct pt_regs *regs, const struct sock *sk, int error)
{
	struct tl_tcp_connect *e = tl_begin(TL_E_TCP_CONNECT, sizeof(*e));

	if (!e)
		return tl_next();
	tl_fill_tuple(e, sk);
	tl_user_sockaddr(e, &e->daddr, &e->dport, TL_F_TCP_CONNECT_DADDR, TL_F_TCP_CONNECT_DPORT,
			 (const void *)tl_arg(regs, 1), tl_arg(regs, 2));
	if (e->daddr.family)
		e->family = e->daddr.family;
	e->error = -error;
	e->outcome = tl_connect_outcome(error);
	tl_duration(e, &e->duration, TL_F_TCP_CONNECT_DURATION);
	return tl_submit(e);
}

/* These say nothing about a new connection: it is under way, there already, or was reported. */
static __always_inline bool tl_is_refusal(long ret, const struct sock *sk)
{
	return ret < 0 && ret != -EINPROGRESS && ret != -EALREADY && ret != -EISCONN &&
	       ret != -EINTR && ret != -ERESTARTSYS &&
	       BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_CLOSE;
}

TL_SYS_EXIT(tl_tcp_connect_exit)
{
	struct tl_shared *shared = tl_shared_memory();
	struct sock *sk = tl_fd_sock((int)tl_arg(regs, 0));
	struct tl_sock *known;
	__u32 phase;

	if (!shared || !sk || !tl_is_tcp(sk))
		return tl_next();
	known = tl_sock_find(sk);
	if (!known) {
		if (tl_is_refusal(ret, sk))
			return tl_report_refused(regs, sk, -ret);
		return tl_next();
	}
	phase = known->phase;
	known->in_connect = 0;
	if (phase == TL_CONNECT_REFUSED_HERE) {
		known->phase = TL_CONNECT_DONE;
		if (tl_is_refusal(ret, sk))
			return tl_report_refused(regs, sk, -ret);
	}
	return tl_next();
}

static __always_inline __u32 tl_report_accept(struct tl_sock *known, struct sock *sk, long fd)
{
	struct tl_tcp_accept *e = tl_begin(TL_E_TCP_ACCEPT, sizeof(*e));

	if (!e)
		return tl_next();
	tl_fill_tuple(e, sk);
	e->fd = fd;
	if (known && known->established)
		e->duration = e->record.time - known->established;
	else
		tl_unread(e, TL_F_TCP_ACCEPT_DURATION);
	return tl_submit(e);
}

TL_SYS_EXIT(tl_tcp_accept_exit)
{
	struct tl_shared *shared = tl_shared_memory();
	struct sock *sk = ret < 0 ? NULL : tl_fd_sock(ret);
	struct tl_sock *known, fresh = {};

	if (!shared || !sk || !tl_is_tcp(sk))
		return tl_next();
	known = tl_sock_find(sk);
	if (known) {
		tl_owner_set(shared, &known->owner);
	} else {
		tl_owner_set(shared, &fresh.owner);
		tl_sock_keep(shared, sk, &fresh);
	}
	return tl_report_accept(known, sk, ret);
}

TL_SYS_EXIT(tl_tcp_listen_exit)
{
	int fd = tl_arg(regs, 0);
	struct sock *sk = tl_fd_sock(fd);
	struct tl_tcp_listen *e;

	if (!sk || !tl_is_tcp(sk))
		return tl_next();
	e = tl_begin(TL_E_TCP_LISTEN, sizeof(*e));
	if (e) {
		struct tl_tuple tuple;

		tl_sock_tuple(&tuple, sk);
		e->saddr = tuple.saddr;
		e->sport = tuple.sport;
		e->family = tuple.family;
		e->netns = tuple.netns;
		e->fd = fd;
		e->backlog = tl_arg(regs, 1);
		e->error = ret;
		return tl_submit(e);
	}
	return tl_next();
}
