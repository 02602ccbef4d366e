/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Descriptors and sockets: from a number to the kernel's object, and what a socket says of itself. */
#ifndef TL_SOCKET_BPF_H
#define TL_SOCKET_BPF_H

#include "read.bpf.h"
#include <linux/in.h>

/* The open file behind a descriptor of the current task, or NULL. */
static __always_inline struct file *tl_fd_file(long fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file **slots, *file = NULL;
	struct fdtable *fdt;

	if (fd < 0)
		return NULL;
	fdt = BPF_CORE_READ(task, files, fdt);
	if (!fdt || (__u64)fd >= BPF_CORE_READ(fdt, max_fds))
		return NULL;
	slots = BPF_CORE_READ(fdt, fd);
	if (bpf_probe_read_kernel(&file, sizeof(file), slots + fd))
		return NULL;
	return file;
}

/* The socket behind a descriptor of the current task; NULL if there is none or it is something else. */
static __always_inline struct sock *tl_fd_sock(long fd)
{
	struct file *file = tl_fd_file(fd);
	struct socket *socket;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & TL_S_IFMT) != TL_S_IFSOCK)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return socket ? BPF_CORE_READ(socket, sk) : NULL;
}

static __always_inline bool tl_is_tcp(const struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	return (family == AF_INET || family == AF_INET6) && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP;
}

/* Both ends of a connection, or the local end of a listener. */
struct tl_tuple {
	struct tl_ip saddr, daddr;
	__u16 sport, dport, family;
	__u32 netns;
};

static __always_inline void tl_tuple_v4(struct tl_tuple *tuple, const struct sock *sk)
{
	__be32 source = BPF_CORE_READ((const struct inet_sock *)sk, inet_saddr);
	__be32 peer = BPF_CORE_READ(sk, __sk_common.skc_daddr);

	tuple->family = AF_INET;
	tl_ip_set(&tuple->saddr, AF_INET, &source);
	tl_ip_set(&tuple->daddr, AF_INET, &peer);
}

/*
 * The source port is inet_sport, not skc_num: a socket that is closing has given up its number, and
 * the tracepoint comes after that. IPv6 sockets that speak IPv4 are told by their peer's address.
 */
static __always_inline void tl_sock_tuple(struct tl_tuple *tuple, const struct sock *sk)
{
	__u8 source[16] = {}, peer[16] = {};

	__builtin_memset(tuple, 0, sizeof(*tuple));
	tuple->sport = bpf_ntohs(BPF_CORE_READ((const struct inet_sock *)sk, inet_sport));
	tuple->dport = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	tuple->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET) {
		tl_tuple_v4(tuple, sk);
		return;
	}
	BPF_CORE_READ_INTO(&peer, sk, __sk_common.skc_v6_daddr);
	if (tl_is_v4_mapped(peer)) {
		tl_tuple_v4(tuple, sk);
		return;
	}
	BPF_CORE_READ_INTO(&source, sk, __sk_common.skc_v6_rcv_saddr);
	tuple->family = AF_INET6;
	tl_ip_set(&tuple->saddr, AF_INET6, source);
	tl_ip_set(&tuple->daddr, AF_INET6, peer);
}

#endif
