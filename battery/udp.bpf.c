// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Datagrams, from the ends of the calls that send and receive them. */
#include "gather.bpf.h"
#include "socks.bpf.h"

_Static_assert(sizeof(struct tl_udp_send) == sizeof(struct tl_udp_receive), "both have the same fields");

#define TL_UDP_PART	5	/* scratch: none of these calls has a sixth argument that others have prepared */
#define TL_UDP_SINGLE	6	/* messages of one call that are told one by one: a program may be followed by 33 */

/* What a call says of one datagram. */
struct tl_datagram {
	const void *addr;	/* of the peer; NULL: none was given */
	__u32 addr_length;
	__u32 messages;
	__u64 buffer;		/* with count 0, else a vector of that many buffers */
	__u64 count;
	__s64 ret;		/* its bytes, or an error */
	bool too_many;		/* messages for their bytes to be summed up */
};

static __always_inline struct sock *tl_fd_udp(long fd)
{
	struct sock *sk = tl_fd_sock(fd);
	__u16 family, protocol;

	if (!sk)
		return NULL;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	protocol = BPF_CORE_READ(sk, sk_protocol);
	return (family == AF_INET || family == AF_INET6) && protocol == IPPROTO_UDP ? sk : NULL;
}

/* The peer is the one of the call, or of the socket. Who sent what was received without asking for that is not known. */
static __always_inline void tl_udp_peer(struct tl_udp_send *e, const struct tl_datagram *datagram, bool received)
{
	if (e->dport)
		return;
	__builtin_memset(&e->daddr, 0, sizeof(e->daddr));
	if (datagram->addr && datagram->addr_length && datagram->ret >= 0) {
		tl_user_sockaddr(e, &e->daddr, &e->dport, TL_F_UDP_SEND_DADDR, TL_F_UDP_SEND_DPORT, datagram->addr,
				 datagram->addr_length);
		if (e->daddr.family)
			e->family = e->daddr.family;
	} else if (received && datagram->ret >= 0) {
		tl_unread(e, TL_F_UDP_SEND_DADDR);
		tl_unread(e, TL_F_UDP_SEND_DPORT);
	} else {
		tl_absent(e, TL_F_UDP_SEND_DPORT);
	}
}

static __always_inline void tl_udp_payload(struct tl_udp_send *e, const struct tl_datagram *datagram)
{
	if (!tl_wants(e, TL_F_UDP_SEND_PAYLOAD))
		return;
	if (datagram->count)
		tl_user_iov(e, &e->payload, TL_F_UDP_SEND_PAYLOAD, TL_UDP_PART, datagram->buffer, datagram->count,
			    datagram->ret);
	else
		tl_user_bytes(e, &e->payload, TL_F_UDP_SEND_PAYLOAD, (const void *)datagram->buffer, datagram->ret);
}

static __always_inline __u32 tl_report_datagram(__u32 event, long fd, const struct sock *sk,
						const struct tl_datagram *datagram)
{
	struct tl_udp_send *e = tl_begin(event, sizeof(*e));

	if (!e)
		return tl_next();
	tl_fill_tuple(e, sk);
	if (event == TL_E_UDP_SEND && datagram->addr)
		e->dport = 0;		/* the call's own goes before the socket's */
	tl_udp_peer(e, datagram, event == TL_E_UDP_RECEIVE);
	e->fd = fd;
	e->messages = datagram->messages;
	if (datagram->too_many) {
		tl_unread(e, TL_F_UDP_SEND_BYTES);
	} else if (datagram->ret < 0) {
		e->error = datagram->ret;
		tl_absent(e, TL_F_UDP_SEND_BYTES);
	} else {
		e->bytes = datagram->ret;
	}
	tl_udp_payload(e, datagram);
	return tl_submit(e);
}

/* ---- one buffer ------------------------------------------------------------------------------ */

static __always_inline __u32 tl_udp_buffer(__u32 event, long fd, __u64 buffer, __s64 ret, __u64 room, const void *addr,
					   __u32 addr_length)
{
	struct tl_datagram datagram = { .addr = addr, .addr_length = addr_length, .messages = 1, .buffer = buffer,
					.ret = tl_at_most(ret, room) };
	struct sock *sk = tl_fd_udp(fd);

	return sk ? tl_report_datagram(event, fd, sk, &datagram) : tl_next();
}

TL_SYS_EXIT(tl_udp_sendto_exit)
{
	return tl_udp_buffer(TL_E_UDP_SEND, tl_arg(regs, 0), tl_arg(regs, 1), ret, tl_arg(regs, 2),
			     (const void *)tl_arg(regs, 4), tl_arg(regs, 5));
}

TL_SYS_EXIT(tl_udp_write_exit)
{
	return tl_udp_buffer(TL_E_UDP_SEND, tl_arg(regs, 0), tl_arg(regs, 1), ret, tl_arg(regs, 2), NULL, 0);
}

TL_SYS_EXIT(tl_udp_recvfrom_exit)
{
	const void *length_at = (const void *)tl_arg(regs, 5);
	__u32 length = 0;

	if (length_at)
		tl_user_read(&length, sizeof(length), length_at);
	return tl_udp_buffer(TL_E_UDP_RECEIVE, tl_arg(regs, 0), tl_arg(regs, 1), ret, tl_arg(regs, 2),
			     (const void *)tl_arg(regs, 4), length);
}

TL_SYS_EXIT(tl_udp_read_exit)
{
	return tl_udp_buffer(TL_E_UDP_RECEIVE, tl_arg(regs, 0), tl_arg(regs, 1), ret, tl_arg(regs, 2), NULL, 0);
}

/* ---- several buffers ------------------------------------------------------------------------- */

static __always_inline __u32 tl_udp_vector(__u32 event, long fd, __u64 iov, __u64 count, __s64 ret)
{
	struct tl_datagram datagram = { .messages = 1, .buffer = iov, .count = count, .ret = ret };
	struct sock *sk = tl_fd_udp(fd);

	return sk ? tl_report_datagram(event, fd, sk, &datagram) : tl_next();
}

TL_SYS_EXIT(tl_udp_writev_exit)
{
	return tl_udp_vector(TL_E_UDP_SEND, tl_arg(regs, 0), tl_arg(regs, 1), tl_arg(regs, 2), ret);
}

TL_SYS_EXIT(tl_udp_readv_exit)
{
	return tl_udp_vector(TL_E_UDP_RECEIVE, tl_arg(regs, 0), tl_arg(regs, 1), tl_arg(regs, 2), ret);
}

/* ---- messages -------------------------------------------------------------------------------- */

static __always_inline void tl_udp_header(struct tl_datagram *datagram, const struct tl_msghdr *msg)
{
	datagram->addr = (const void *)msg->name;
	datagram->addr_length = msg->namelen;
	datagram->buffer = msg->iov;
	datagram->count = msg->iovlen;
}

static __always_inline __u32 tl_udp_message(__u32 event, long fd, __u64 at, __s64 ret)
{
	struct tl_datagram datagram = { .messages = 1, .ret = ret };
	struct sock *sk = tl_fd_udp(fd);
	struct tl_msghdr msg = {};

	if (!sk)
		return tl_next();
	tl_user_read(&msg, sizeof(msg), (const void *)at);
	tl_udp_header(&datagram, &msg);
	return tl_report_datagram(event, fd, sk, &datagram);
}

TL_SYS_EXIT(tl_udp_sendmsg_exit)
{
	return tl_udp_message(TL_E_UDP_SEND, tl_arg(regs, 0), tl_arg(regs, 1), ret);
}

TL_SYS_EXIT(tl_udp_recvmsg_exit)
{
	return tl_udp_message(TL_E_UDP_RECEIVE, tl_arg(regs, 0), tl_arg(regs, 1), ret);
}

/*
 * One call, several datagrams: the program comes once for each, until the last place takes all that are left.
 */
static __always_inline __u32 tl_udp_messages(__u32 event, long fd, __u64 at, __s64 ret)
{
	struct tl_datagram datagram = { .messages = 1, .ret = ret };
	struct tl_slot *slot = tl_current();
	struct sock *sk = tl_fd_udp(fd);
	struct tl_mmsghdr message = {};
	__u32 nth;

	if (!slot || !sk || !ret)
		return tl_next();
	nth = slot->again;
	slot->again = 0;
	tl_user_read(&message, sizeof(message), (const void *)(at + nth * sizeof(message)));
	tl_udp_header(&datagram, &message.msg);
	if (ret > 0)
		datagram.ret = message.length;
	if (ret > nth + 1 && nth + 1 < TL_UDP_SINGLE) {
		slot->again = nth + 1;
	} else if (ret > nth + 1) {
		datagram.messages = ret - nth;
		datagram.ret = tl_messages_bytes(at, nth, ret);
		datagram.too_many = datagram.ret < 0;
		datagram.buffer = 0;
		datagram.count = 0;
	}
	return tl_report_datagram(event, fd, sk, &datagram);
}

TL_SYS_EXIT(tl_udp_sendmmsg_exit)
{
	return tl_udp_messages(TL_E_UDP_SEND, tl_arg(regs, 0), tl_arg(regs, 1), ret);
}

TL_SYS_EXIT(tl_udp_recvmmsg_exit)
{
	return tl_udp_messages(TL_E_UDP_RECEIVE, tl_arg(regs, 0), tl_arg(regs, 1), ret);
}
