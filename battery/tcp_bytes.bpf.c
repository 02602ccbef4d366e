// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Bytes between processes and their connections: from the tracepoints of Linux 6.3 on, before from the system calls. */
#include "gather.bpf.h"
#include "socks.bpf.h"

#define TL_MSG_PEEK	2

_Static_assert(sizeof(struct tl_tcp_send) == sizeof(struct tl_tcp_receive), "both have the same fields");

/* ---- the tracepoints --------------------------------------------------------------------------- */

/* Both are in the process's own context. */
static __always_inline __u32 tl_on_bytes(__u32 event, const struct sock *sk, int bytes)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_tcp_send *e;
	struct tl_slot *slot;
	__u64 mask;

	if (!shared || bytes <= 0 || !tl_is_tcp(sk))
		return 0;
	mask = tl_wanted(shared, tl_event_subs(shared, event), bpf_get_current_pid_tgid() >> 32);
	slot = mask ? tl_enter(mask) : NULL;
	if (!slot)
		return 0;
	tl_fill_current(slot, tl_event_fields(shared, event));
	e = tl_begin(event, sizeof(*e));
	if (e) {
		tl_fill_tuple(e, sk);
		e->bytes = bytes;
		return tl_submit(e);
	}
	tl_leave();
	return 0;
}

static __always_inline __u32 tl_on_received(const struct sock *sk, int bytes, int flags)
{
	return flags & TL_MSG_PEEK ? 0 : tl_on_bytes(TL_E_TCP_RECEIVE, sk, bytes);
}

TL_HOOK(sock_send_length);

SEC("tp_btf/sock_send_length")
int BPF_PROG(tl_sock_send_length, const struct sock *sk, int ret, int flags)
{
	__u32 next = tl_on_bytes(TL_E_TCP_SEND, sk, ret);

	TL_END(next, tl_verdicts_sock_send_length);
	return 0;
}

SEC("tracepoint/sock/sock_send_length")
int tl_sock_send_length_classic(struct trace_event_raw_sock_msg_length *ctx)
{
	__u32 next = tl_on_bytes(TL_E_TCP_SEND, ctx->sk, ctx->ret);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

TL_HOOK(sock_recv_length);

SEC("tp_btf/sock_recv_length")
int BPF_PROG(tl_sock_recv_length, const struct sock *sk, int ret, int flags)
{
	__u32 next = tl_on_received(sk, ret, flags);

	TL_END(next, tl_verdicts_sock_recv_length);
	return 0;
}

SEC("tracepoint/sock/sock_recv_length")
int tl_sock_recv_length_classic(struct trace_event_raw_sock_msg_length *ctx)
{
	__u32 next = tl_on_received(ctx->sk, ctx->ret, ctx->flags);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

/* ---- the calls --------------------------------------------------------------------------------- */

static __always_inline __u32 tl_report_bytes(__u32 event, int fd, __s64 bytes)
{
	bool many = (__u64)bytes == TL_MMSG_MANY;
	const struct sock *sk = bytes > 0 || many ? tl_fd_sock(fd) : NULL;
	struct tl_tcp_send *e = sk && tl_is_tcp(sk) ? tl_begin(event, sizeof(*e)) : NULL;

	if (!e)
		return tl_next();
	tl_fill_tuple(e, sk);
	if (many)
		tl_unread(e, TL_F_TCP_SEND_BYTES);
	else
		e->bytes = bytes;
	return tl_submit(e);
}

TL_SYS_EXIT(tl_tcp_send_exit)
{
	return tl_report_bytes(TL_E_TCP_SEND, tl_arg(regs, 0), ret > 0 ? ret : 0);
}

TL_SYS_EXIT(tl_tcp_sendmmsg_exit)
{
	return tl_report_bytes(TL_E_TCP_SEND, tl_arg(regs, 0), ret > 0 ? tl_messages_bytes(tl_arg(regs, 1), 0, ret) : 0);
}

TL_SYS_EXIT(tl_tcp_splice_exit)
{
	return tl_report_bytes(TL_E_TCP_SEND, tl_arg(regs, 2), ret > 0 ? ret : 0);
}

TL_SYS_EXIT(tl_tcp_receive_exit)
{
	return tl_report_bytes(TL_E_TCP_RECEIVE, tl_arg(regs, 0), ret > 0 ? ret : 0);
}

TL_SYS_EXIT(tl_tcp_recvfrom_exit)
{
	return tl_report_bytes(TL_E_TCP_RECEIVE, tl_arg(regs, 0), tl_arg(regs, 3) & TL_MSG_PEEK || ret < 0 ? 0 : ret);
}

TL_SYS_EXIT(tl_tcp_recvmsg_exit)
{
	return tl_report_bytes(TL_E_TCP_RECEIVE, tl_arg(regs, 0), tl_arg(regs, 2) & TL_MSG_PEEK || ret < 0 ? 0 : ret);
}

TL_SYS_EXIT(tl_tcp_recvmmsg_exit)
{
	bool taken = ret > 0 && !(tl_arg(regs, 3) & TL_MSG_PEEK);

	return tl_report_bytes(TL_E_TCP_RECEIVE, tl_arg(regs, 0), taken ? tl_messages_bytes(tl_arg(regs, 1), 0, ret) : 0);
}
