/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading what a process passed: arguments, strings, bytes, addresses. What cannot be read is marked. */
#ifndef TL_READ_BPF_H
#define TL_READ_BPF_H

#include "flavour.bpf.h"
#include <bpf/bpf_endian.h>

/* ---- system calls ---------------------------------------------------------------------------- */

#if defined(__TARGET_ARCH_x86)
#define tl_syscall_number(regs) ((__u64)(regs)->orig_ax)
#define TL_NR_EXECVE	59
#define TL_NR_EXECVEAT	322

static __always_inline __u64 tl_arg(struct pt_regs *regs, int n)
{
	switch (n) {
	case 0: return regs->di;
	case 1: return regs->si;
	case 2: return regs->dx;
	case 3: return regs->r10;
	case 4: return regs->r8;
	default: return regs->r9;
	}
}

/* int 0x80 and its like: same tracepoint, other numbers. */
static __always_inline bool tl_is_compat(void)
{
	struct task_struct *task;

	if (tl_config.has_task_btf) {
		task = bpf_get_current_task_btf();
		return task->thread_info.status & TS_COMPAT;
	}
	task = (struct task_struct *)bpf_get_current_task();
	return BPF_CORE_READ(task, thread_info.status) & TS_COMPAT;
}
#else
#define tl_syscall_number(regs) ((__u64)(__u32)(regs)->syscallno)
#define TL_NR_EXECVE	221
#define TL_NR_EXECVEAT	281
#define TL_TIF_32BIT 22

static __always_inline __u64 tl_arg(struct pt_regs *regs, int n)
{
	return n ? regs->regs[n] : regs->orig_x0;
}

static __always_inline bool tl_is_compat(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, thread_info.flags) & TL_BIT(TL_TIF_32BIT);
}
#endif

/* How long the call took; unread when it had begun before the tracing. */
static __always_inline void tl_duration(void *record, __u64 *out, __u32 field)
{
	__u64 duration = tl_slot_of(record)->duration;

	if (duration == TL_NO_DURATION)
		tl_unread(record, field);
	else
		*out = duration;
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* IPv4 inside IPv6 (::ffff:a.b.c.d) is shown as what it is on the wire: IPv4. */
static __always_inline bool tl_is_v4_mapped(const void *v6)
{
	const __u32 *word = v6;

	return !word[0] && !word[1] && word[2] == bpf_htonl(0xffff);
}

static __always_inline void tl_ip_set(struct tl_ip *ip, __u16 family, const void *bytes)
{
	if (family == AF_INET6 && tl_is_v4_mapped(bytes)) {
		family = AF_INET;
		bytes += 12;
	}
	ip->family = family;
	if (family == AF_INET)
		__builtin_memcpy(ip->bytes, bytes, 4);
	else
		__builtin_memcpy(ip->bytes, bytes, 16);
}

/* Hides from the compiler what it knows of a number, so that a check for the verifier stays. */
#define tl_opaque(number) asm volatile("" : "+r"(number))

/* ---- memory of the process ------------------------------------------------------------------- */

static __always_inline bool tl_user_read(void *out, __u32 size, const void *ptr)
{
	return !bpf_probe_read_user(out, size, ptr);
}

/* Bytes of a string with its NUL, or less than 0. Linux 5.10 and 6.1 call an empty one 0 bytes long. */
static __always_inline long tl_user_read_str(void *out, __u32 size, const void *ptr)
{
	long n = bpf_probe_read_user_str(out, size, ptr);

	return n ? n : 1;
}

/*
 * Opens a string in the tail. Returns where it goes: at most TL_STR_MAX bytes may be written there;
 * NULL, with the string marked, when the record has no room for that.
 */
static __always_inline void *tl_str_open(void *record, struct tl_str *out)
{
	struct tl_slot *slot = tl_slot_of(record);
	__u32 used = slot->used;

	if (used > TL_DATA_MAX - TL_STR_MAX) {
		out->flags = TL_STR_CUT;
		return NULL;
	}
	out->offset = used;
	return slot->data + used;
}

static __always_inline void tl_str_close(void *record, struct tl_str *out, __u32 length)
{
	out->length = length;
	tl_slot_of(record)->used += length;
}

/* A string that fills all the room and one that is longer look the same: the helper ends both with NUL. */
static __always_inline bool tl_user_goes_on(const char *ptr)
{
	char last = 0;

	return bpf_probe_read_user(&last, 1, ptr + TL_STR_MAX - 1) || last;
}

/* A NUL-terminated string of the process. */
static __always_inline void tl_user_str(void *record, struct tl_str *out, __u32 field, const void *ptr)
{
	void *to = tl_str_open(record, out);
	long n;

	if (!ptr)
		tl_absent(record, field);
	if (!to || !ptr)
		return;
	n = tl_user_read_str(to, TL_STR_MAX, ptr);
	if (n <= 0) {
		tl_unread(record, field);
		return;
	}
	if (n == TL_STR_MAX && tl_user_goes_on(ptr))
		out->flags = TL_STR_CUT;
	tl_str_close(record, out, n - 1);
}

/* A NUL-terminated string of the kernel. */
static __always_inline void tl_kernel_str(void *record, struct tl_str *out, __u32 field, const void *ptr)
{
	void *to = tl_str_open(record, out);
	long n;

	if (!to)
		return;
	n = bpf_probe_read_kernel_str(to, TL_STR_MAX, ptr);
	if (n <= 0)
		tl_unread(record, field);
	else
		tl_str_close(record, out, n - 1);
}

/* What a call has written: some return how much there would be, such as recvfrom() with MSG_TRUNC. */
static __always_inline __s64 tl_at_most(__s64 ret, __u64 room)
{
	return ret > 0 && (__u64)ret > room ? (__s64)room : ret;
}

/* `length` bytes of the process, of which as many are taken as somebody wants. Less than none: there are none. */
static __always_inline void tl_user_bytes(void *record, struct tl_str *out, __u32 field,
					  const void *ptr, __s64 length)
{
	void *to = tl_str_open(record, out);
	__u32 most = tl_slot_of(record)->payload, take;

	if (!ptr || length < 0) {
		tl_absent(record, field);
		return;
	}
	if (!to)
		return;
	take = length > most ? most : length;
	tl_opaque(take);
	if (take > TL_STR_MAX)
		take = TL_STR_MAX;
	if (take && bpf_probe_read_user(to, take, ptr)) {
		tl_unread(record, field);
		return;
	}
	if (length > take)
		out->flags = TL_STR_CUT;
	tl_str_close(record, out, take);
}

#define TL_ARRAY_MAX 64		/* elements of an array that are taken */

/* An array of the process: its elements as they lie there. `size`: of one, a constant. */
static __always_inline void tl_user_array(void *record, struct tl_str *out, __u32 field, const void *ptr,
					  __s64 count, __u32 size)
{
	void *to = tl_str_open(record, out);
	__u32 take;

	if (!ptr || count < 0) {
		tl_absent(record, field);
		return;
	}
	if (!to)
		return;
	take = count > TL_ARRAY_MAX ? TL_ARRAY_MAX : count;
	if (take > TL_STR_MAX / size)
		take = TL_STR_MAX / size;
	if (count > take)
		out->flags = TL_STR_CUT;
	take *= size;
	tl_opaque(take);
	if (take > TL_STR_MAX)		/* never: tells the verifier */
		return;
	if (take && bpf_probe_read_user(to, take, ptr))
		tl_unread(record, field);
	else
		tl_str_close(record, out, take);
}

/* A struct timespec (unit 1) or timeval (unit 1000), in nanoseconds. */
static __always_inline void tl_user_time(void *record, __s64 *out, __u32 field, const void *ptr, __u32 unit)
{
	__s64 pair[2];

	if (!ptr)
		tl_absent(record, field);
	else if (tl_user_read(pair, sizeof(pair), ptr))
		*out = pair[0] * 1000000000 + pair[1] * unit;
	else
		tl_unread(record, field);
}

/* A number that a pointer leads to; absent without the pointer. `ok`: whether the call has written it. */
#define tl_user_number(record, out, field, ptr, ok) do {			\
	if (!(ptr) || !(ok))							\
		tl_absent(record, field);					\
	else if (!tl_user_read(out, sizeof(*(out)), ptr))			\
		tl_unread(record, field);					\
} while (0)

/* A device as mknod and struct stat have it, which is not the kernel's own way. */
static __always_inline __u32 tl_dev(__u32 dev)
{
	return (dev & 0xfff00) << 12 | (dev >> 12 & 0xfff00) | (dev & 0xff);
}

/* A string in a struct that the call has copied out: an array of chars, maybe without a NUL. */
static __always_inline void tl_chars(void *record, struct tl_str *out, const char *chars, __u32 size)
{
	void *to = tl_str_open(record, out);
	long n = to ? bpf_probe_read_kernel_str(to, size + 1 > TL_STR_MAX ? TL_STR_MAX : size, chars) : 0;

	if (n > 0)
		tl_str_close(record, out, n - 1);
}

struct tl_msghdr {
	__u64 name;
	__u32 namelen, pad;
	__u64 iov, iovlen, control, controllen;
	__u32 flags, pad2;
};

#define TL_MSG_NAMELEN	8	/* where the room for the address is in it */

/* ---- addresses of sockets -------------------------------------------------------------------- */

#define TL_SOCKADDR_MAX 128

struct tl_addr_fields {
	struct tl_str *addr;
	struct tl_ip *ip;
	__u16 *port;
	__u32 addr_field, ip_field, port_field;
};

static __always_inline void tl_addr_nothing(void *record, struct tl_addr_fields fields, bool absent)
{
	__u64 bits = TL_BIT(fields.addr_field) | TL_BIT(fields.ip_field) | TL_BIT(fields.port_field);

	if (absent)
		tl_slot_of(record)->head.absent |= bits;
	else
		tl_slot_of(record)->head.unread |= bits;
}

/* The internet families have an address and a port; others have neither. */
static __always_inline void tl_addr_inet(void *record, struct tl_addr_fields fields, const void *bytes, __u32 length)
{
	const struct {
		__u16 family;
		__be16 port;
		__be32 flow_or_v4;
		__u8 v6[16];
	} *addr = bytes;

	if (addr->family == AF_INET && length >= 8)
		tl_ip_set(fields.ip, AF_INET, &addr->flow_or_v4);
	else if (addr->family == AF_INET6 && length >= 24)
		tl_ip_set(fields.ip, AF_INET6, addr->v6);
	if (fields.ip->family)
		*fields.port = bpf_ntohs(addr->port);
	else
		tl_absent(record, fields.port_field);
}

/* A socket address of the process; without a pointer or a length there is none. */
static __always_inline void tl_user_addr(void *record, struct tl_addr_fields fields, const void *ptr, __u32 length)
{
	void *to = tl_str_open(record, fields.addr);

	if (!ptr || !length) {
		tl_addr_nothing(record, fields, true);
		return;
	}
	if (length > TL_SOCKADDR_MAX)
		length = TL_SOCKADDR_MAX;
	if (!to)
		return;
	__builtin_memset(to, 0, 24);
	tl_opaque(length);
	if (length > TL_SOCKADDR_MAX || length < 2 || bpf_probe_read_user(to, length, ptr)) {
		tl_addr_nothing(record, fields, false);
		return;
	}
	tl_addr_inet(record, fields, to, length);
	tl_str_close(record, fields.addr, length);
}

/* The same without the whole address, for handlers that have no field for it. */
static __always_inline void tl_user_sockaddr(void *record, struct tl_ip *ip, __u16 *port,
					     __u32 ip_field, __u32 port_field, const void *ptr, __u32 len)
{
	struct {
		__u16 family;
		__be16 port;
		__be32 flow_or_v4;
		__u8 v6[16];
	} addr = {};

	if (len > sizeof(addr))
		len = sizeof(addr);
	tl_opaque(len);
	if (len < 8 || len > sizeof(addr) || bpf_probe_read_user(&addr, len, ptr)) {
		tl_unread(record, ip_field);
		tl_unread(record, port_field);
		return;
	}
	if (addr.family == AF_INET)		/* a family without internet addresses leaves ip empty */
		tl_ip_set(ip, AF_INET, &addr.flow_or_v4);
	else if (addr.family == AF_INET6 && len >= 24)
		tl_ip_set(ip, AF_INET6, addr.v6);
	if (!ip->family)
		tl_absent(record, port_field);
	*port = bpf_ntohs(addr.port);
}

#endif
