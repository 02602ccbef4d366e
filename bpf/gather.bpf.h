/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Things that lie in several places of a process's memory: vectors of buffers, lists of strings. They
 * are put one behind the other into the record's tail. The loops keep their state in a part, as in
 * path.bpf.h.
 */
#ifndef TL_GATHER_BPF_H
#define TL_GATHER_BPF_H

#include "call.bpf.h"

#define TL_IOV_MAX	64	/* buffers of a vector that are looked at */
#define TL_STRS_MAX	256	/* strings of a list that are looked at */
#define TL_LIST_MAX	8192	/* bytes of a list */

/* Where the next byte goes; NULL: no room, and that is marked. At most TL_STR_MAX bytes may follow. */
static __always_inline void *tl_gather_room(struct tl_slot *slot, struct tl_part *part)
{
	__u32 at = slot->used + part->length;

	if (at > TL_DATA_MAX - TL_STR_MAX) {
		part->flags |= TL_STR_CUT;
		return NULL;
	}
	return slot->data + at;
}

static __always_inline void tl_gather_open(struct tl_part *part)
{
	tl_part_reset(part, TL_PART_READY);
}

static __always_inline void tl_gather_close(void *record, struct tl_str *out, __u32 field, const struct tl_part *part)
{
	struct tl_slot *slot = tl_slot_of(record);

	if (part->state == TL_PART_UNREAD) {
		tl_unread(record, field);
		return;
	}
	out->offset = slot->used;
	out->flags = part->flags;
	tl_str_close(record, out, part->length);
}

/* ---- vectors of buffers ---------------------------------------------------------------------- */

struct tl_iovec {
	__u64 base, length;
};

/* Takes one buffer; `inode` of part n is what is left of the bytes that were transferred. 0: that was all. */
__noinline int tl_gather_buffer(__u32 n, __u64 at)
{
	struct tl_slot *slot = tl_current();
	struct tl_part *part = tl_part(n);
	struct tl_iovec iov;
	__u64 left, take;
	__u32 room;
	void *to;

	if (!slot || !part)
		return 0;
	to = tl_gather_room(slot, part);
	left = part->inode;
	room = slot->payload - part->length;
	if (!left || !to)
		return 0;
	if (part->length >= slot->payload) {
		part->flags |= TL_STR_CUT;
		return 0;
	}
	if (!tl_user_read(&iov, sizeof(iov), (const void *)at)) {
		part->state = TL_PART_UNREAD;
		return 0;
	}
	take = iov.length < left ? iov.length : left;
	if (take > room) {
		part->flags |= TL_STR_CUT;
		part->inode = left = take = room;
	}
	tl_opaque(take);
	if (take > TL_STR_MAX)
		return 0;
	if (take && bpf_probe_read_user(to, take, (const void *)iov.base)) {
		part->state = TL_PART_UNREAD;
		return 0;
	}
	part->inode = left - take;
	part->length += take;
	return 1;
}

__noinline int tl_gather_iov(__u32 n, __u64 iov, __u64 count, __u64 total)
{
	struct tl_part *part = tl_part(n);

	if (!part)
		return 0;
	tl_gather_open(part);
	part->inode = total;
	for (__u32 i = 0; i < TL_IOV_MAX; i++) {
		if (i >= count || !tl_gather_buffer(n, iov + i * sizeof(struct tl_iovec)))
			return 0;
	}
	if (part->inode)
		part->flags |= TL_STR_CUT;
	return 0;
}

/* The bytes that a call with a vector of buffers has transferred; absent when it has none. */
static __always_inline void tl_user_iov(void *record, struct tl_str *out, __u32 field, __u32 n,
					__u64 iov, __u64 count, __s64 total)
{
	struct tl_part *part = tl_part(n);

	if (total < 0) {
		tl_absent(record, field);
		return;
	}
	if (!part) {
		tl_unread(record, field);
		return;
	}
	tl_gather_iov(n, iov, count, total);
	tl_gather_close(record, out, field, part);
}

/* ---- messages of one call -------------------------------------------------------------------- */

struct tl_mmsghdr {
	struct tl_msghdr msg;
	__u32 length, pad;	/* the bytes of it that went over */
};

#define TL_MMSG_MAX	128	/* messages that are looked at: the kernel takes 1024, which nobody verifies in time */
#define TL_MMSG_MANY	(~0ULL)

/* Bytes of the messages `from` to `count` of a sendmmsg or recvmmsg; TL_MMSG_MANY: there are too many. */
__noinline __u64 tl_messages_bytes(__u64 messages, __u64 from, __u64 count)
{
	__u64 bytes = 0;

#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < TL_MMSG_MAX; i++) {
		__u32 length = 0;

		if (from + i >= count)
			return bytes;
		tl_user_read(&length, sizeof(length), (const void *)(messages + (from + i) * sizeof(struct tl_mmsghdr) +
								     offsetof(struct tl_mmsghdr, length)));
		bytes += length;
	}
	return TL_MMSG_MANY;
}

/* ---- lists of strings ------------------------------------------------------------------------ */

/* Takes one string. 0: that was all. */
__noinline int tl_gather_string(__u32 n, __u64 at)
{
	struct tl_slot *slot = tl_current();
	struct tl_part *part = tl_part(n);
	const char *string;
	long length;
	void *to;

	if (!slot || !part)
		return 0;
	to = tl_gather_room(slot, part);
	if (!tl_user_read(&string, sizeof(string), (const void *)at)) {
		part->state = TL_PART_UNREAD;
		return 0;
	}
	if (!string || !to)
		return 0;
	if (part->length > TL_LIST_MAX - TL_STR_MAX) {
		part->flags |= TL_STR_CUT;
		return 0;
	}
	length = tl_user_read_str(to, TL_STR_MAX, string);
	if (length <= 0) {
		part->state = TL_PART_UNREAD;
		return 0;
	}
	if (length == TL_STR_MAX && tl_user_goes_on(string))
		part->flags |= TL_STR_CUT;
	part->length += length;
	return 1;
}

__noinline int tl_gather_strings(__u32 n, __u64 list)
{
	struct tl_part *part = tl_part(n);

	if (!part)
		return 0;
	tl_gather_open(part);
	for (__u32 i = 0; i < TL_STRS_MAX; i++) {
		if (!tl_gather_string(n, list + i * 8))
			return 0;
	}
	part->flags |= TL_STR_CUT;
	return 0;
}

/* A list of strings that ends with NULL. */
static __always_inline void tl_user_strs(void *record, struct tl_str *out, __u32 field, __u32 n, __u64 list)
{
	struct tl_part *part = tl_part(n);

	if (!list) {
		tl_absent(record, field);
		return;
	}
	if (!part) {
		tl_unread(record, field);
		return;
	}
	tl_gather_strings(n, list);
	tl_gather_close(record, out, field, part);
}

/* ---- what a new program was given ------------------------------------------------------------ */

/*
 * The strings between two places of the new stack: what the kernel copied there is what really was
 * passed, and nobody else can have changed it since.
 */
static __always_inline void tl_user_range(void *record, struct tl_str *out, __u32 field,
					  unsigned long begin, unsigned long end)
{
	struct tl_slot *slot = tl_slot_of(record);
	__u32 length = end - begin, used = slot->used;

	if (end - begin > TL_LIST_MAX) {
		length = TL_LIST_MAX;
		out->flags = TL_STR_CUT;
	}
	if (used > TL_DATA_MAX - TL_LIST_MAX)
		return;
	out->offset = used;
	if (length > TL_LIST_MAX || bpf_probe_read_user(slot->data + used, length, (void *)begin))
		tl_unread(record, field);
	else
		tl_str_close(record, out, length);
}

static __always_inline struct mm_struct *tl_current_mm(void)
{
	return BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), mm);
}

#define TL_AT_EXECVE_CHECK 0x10000

/* Whether an exec has made a new program: it may have failed, and an execveat may only ask whether it would not. */
static __always_inline bool tl_is_new_program(long ret)
{
	const struct tl_slot *slot = tl_current();
	const __u64 *saved;

	if (ret || !slot)
		return false;
	saved = slot->nr == TL_NR_EXECVEAT ? tl_saved_args() : NULL;
	return !(tl_saved(saved, 4) & TL_AT_EXECVE_CHECK);
}

/*
 * The arguments of an exec, where the caller had them if it failed. Of one that was good they are gone: as they were at
 * its begin, or else what is on the new stack, where those of a script's interpreter are.
 */
static __always_inline void tl_exec_argv(void *record, struct tl_str *out, __u32 field, __u32 n, __u64 list, long ret)
{
	struct tl_part *part = tl_prepared(record, n);
	struct mm_struct *mm = tl_current_mm();

	if (!tl_is_new_program(ret)) {
		tl_user_strs(record, out, field, n, list);
	} else if (part && part->state == TL_PART_READY) {
		tl_part_copy(record, out, field, part);
	} else {
		tl_user_range(record, out, field, BPF_CORE_READ(mm, arg_start), BPF_CORE_READ(mm, arg_end));
		out->flags |= TL_STR_LATE;
	}
}

static __always_inline void tl_exec_envp(void *record, struct tl_str *out, __u32 field, __u32 n, __u64 list, long ret)
{
	struct mm_struct *mm = tl_current_mm();

	if (!tl_is_new_program(ret))
		tl_user_strs(record, out, field, n, list);
	else
		tl_user_range(record, out, field, BPF_CORE_READ(mm, env_start), BPF_CORE_READ(mm, env_end));
}

#endif
