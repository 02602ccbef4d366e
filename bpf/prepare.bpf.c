// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What is found out about the parts of a call before its handlers run: loaded only when somebody wants
 * a descriptor or a path. Strings are read twice: other threads can rewrite them, and a page may come
 * only with the call itself. Descriptors are looked at twice for the same reason, where another thread
 * can close them.
 */
#include "call.bpf.h"
#include "file.bpf.h"
#include "gather.bpf.h"

/* The handler that comes after the preparation. */
static __always_inline __u32 tl_first(const struct tl_route *route)
{
	__u32 first = route->handlers[0];

	if (!first)
		tl_leave();
	return first;
}

/* ---- the begin of a call ----------------------------------------------------------------------------- */

static __always_inline void tl_keep_string(struct tl_kept *kept, struct tl_kept_part *out, const void *ptr)
{
	__u32 used = kept->used;
	long n;

	if (used > TL_KEPT_STR * (TL_KEPT_MAX - 1))
		return;
	n = tl_user_read_str(kept->data + used, TL_KEPT_STR, ptr);
	if (n <= 0 || n == TL_KEPT_STR)		/* not there yet, or maybe cut */
		return;
	out->offset = used;
	out->length = n - 1;
	out->state = TL_PART_READY;
	kept->used = used + n;
}

/* A struct timespec or a length, which may be the last bytes of a page. */
static __always_inline void tl_keep_bytes(struct tl_kept *kept, struct tl_kept_part *out, const void *ptr)
{
	__u32 used = kept->used, length = TL_HELD_BYTES;

	if (!ptr) {
		out->state = TL_PART_ABSENT;
		out->length = 0;
		return;
	}
	if (used > TL_KEPT_STR * (TL_KEPT_MAX - 1))
		return;
	if (bpf_probe_read_user(kept->data + used, TL_HELD_BYTES, ptr)) {
		length = sizeof(__u32);
		if (bpf_probe_read_user(kept->data + used, sizeof(__u32), ptr))
			return;
	}
	out->offset = used;
	out->length = length;
	out->state = TL_PART_READY;
	kept->used = used + TL_HELD_BYTES;
}

/* A list of strings; one that is longer than what can be kept is only on the new stack. */
static __always_inline void tl_keep_list(struct tl_kept *kept, struct tl_kept_part *out, __u32 n, __u64 list)
{
	struct tl_slot *slot = tl_current();
	struct tl_part *part = tl_part(n);
	__u32 used, length, take;

	if (!list || !slot || !part)
		return;
	slot->used = sizeof(struct tl_record);
	tl_gather_strings(n, list);
	if (part->state != TL_PART_READY || part->flags)
		return;
	used = kept->used;
	take = length = part->length;
	tl_opaque(take);	/* of its own, as in tl_part_copy() */
	if (take > TL_KEPT_STR || used > TL_KEPT_STR * (TL_KEPT_MAX - 1) ||
	    bpf_probe_read_kernel(kept->data + used, take, slot->data + sizeof(struct tl_record)))
		return;
	out->offset = used;
	out->length = length;
	out->state = TL_PART_READY;
	kept->used = used + length;
}

static __always_inline void tl_keep_file(struct tl_kept *kept, struct tl_kept_part *out, __u32 n, __u64 fd,
					 bool or_cwd)
{
	struct tl_part *part;
	__u32 used = kept->used, length;

	tl_describe_fd(n, fd, 0, or_cwd);
	part = tl_part(n);
	if (!part || used > TL_KEPT_STR * (TL_KEPT_MAX - 1))
		return;
	length = part->length;
	if (length > TL_KEPT_STR) {		/* the root's end of a path goes, and that is said */
		length = TL_KEPT_STR;
		part->flags |= TL_STR_CUT;
	}
	if (bpf_probe_read_kernel(kept->data + used, length, part->data))
		return;
	out->state = part->state;
	out->kind = part->kind;
	out->flags = part->flags;
	out->inode = part->inode;
	out->dev = part->dev;
	out->mntns = part->mntns;
	out->offset = used;
	out->length = length;
	kept->used = used + length;
}

/* Whether other threads can change what this one's descriptors are. */
static __always_inline bool tl_files_are_shared(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, files, count.counter) > 1;
}

static __always_inline bool tl_is_kept_string(__u8 work)
{
	return work == TL_PART_STRING || work == TL_PART_HELD_STRING || work == TL_PART_EXEC_PATH;
}

static __always_inline bool tl_is_noted(__u8 work)
{
	return !(work & TL_PART_KEPT);
}

/* Remembers which file the descriptor is. A single thread's cannot change: that is the cheap case. */
static __always_inline void tl_note_file(__u32 n, __u64 fd)
{
	struct tl_inflight *call = tl_inflight(false);

	if (call && n < 6)
		call->files[n] = tl_files_are_shared() ? tl_fd_file((__s32)fd) : NULL;
}

/* What is to be kept of argument n. A global function: verified once, and not for each argument. */
__noinline int tl_keep_arg(__u32 n, __u32 work, __u64 value)
{
	struct tl_kept *kept;

	if (tl_is_noted(work)) {
		tl_note_file(n, value);
		return 0;
	}
	kept = tl_kept(false);
	if (!kept || n >= 6)
		return 0;
	if (tl_is_kept_string(work))
		tl_keep_string(kept, &kept->parts[n], (const void *)value);
	else if (work == TL_PART_HELD_BYTES)
		tl_keep_bytes(kept, &kept->parts[n], (const void *)value);
	else if (work == TL_PART_EXEC_ARGV)
		tl_keep_list(kept, &kept->parts[n], n, value);
	else
		tl_keep_file(kept, &kept->parts[n], n, value, work == TL_PART_HELD_DIR);
	return 0;
}

static __always_inline void tl_keep_open(__u64 time)
{
	struct tl_kept *kept = tl_kept(true);

	if (!kept)
		return;
	kept->time = time;
	kept->used = 0;
#pragma clang loop unroll(full)
	for (int n = 0; n < 6; n++)
		kept->parts[n].state = TL_PART_UNREAD;
}

static __always_inline bool tl_keeps_anything(const struct tl_route *route)
{
	__u8 works = 0;

#pragma clang loop unroll(full)
	for (int n = 0; n < 6; n++)
		works |= route->parts[n];
	return works & TL_PART_KEPT;
}

TL_LEAD_ENTER(tl_prepare_enter)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_slot *slot = tl_current();
	struct tl_route *route;

	if (!shared || !slot)
		return 0;
	route = &shared->routes[TL_ENTER][slot->nr & (TL_SYSCALLS_MAX - 1)];
	if (tl_keeps_anything(route))
		tl_keep_open(slot->head.time);
#pragma clang loop unroll(full)
	for (__u32 n = 0; n < 6; n++)
		if (route->parts[n])
			tl_keep_arg(n, route->parts[n], tl_arg(regs, n));
	return tl_first(route);
}

/* ---- its end ----------------------------------------------------------------------------------- */

#define TL_BLOCK 64

/* Which bits differ in the word at `at`, of which the first `left` bytes count. */
static __always_inline __u64 tl_difference(const void *a, const void *b, __u32 at, __u32 left)
{
	__u64 difference = *(const __u64 *)(a + at) ^ *(const __u64 *)(b + at);

	if (left <= at)
		return 0;
	left -= at;
	return left >= 8 ? difference : difference & ((1ULL << (left * 8)) - 1);
}

/* Whether the first `left` bytes from `at` on, at most a block of them, are those that were kept. */
__noinline int tl_is_same_block(__u32 n, __u32 kept_at, __u32 at, __u32 left)
{
	struct tl_kept *kept = tl_kept(false);
	struct tl_part *part = tl_part(n);
	__u64 from = kept_at + at, difference = 0;

	tl_opaque(from);
	if (!kept || !part || at > TL_STR_MAX - TL_BLOCK || from > sizeof(kept->data) - TL_BLOCK)
		return 0;
#pragma clang loop unroll(full)
	for (__u32 i = 0; i < TL_BLOCK; i += 8)
		difference |= tl_difference(part->data + at, kept->data + from, i, left);
	return !difference;
}

/* Whether part n has just the bytes that were kept. */
__noinline int tl_is_same(__u32 n, __u32 kept_at, __u32 length)
{
	for (__u32 i = 0; i < TL_KEPT_STR / TL_BLOCK; i++) {
		__u32 at = i * TL_BLOCK;

		if (at >= length)
			return 1;
		if (!tl_is_same_block(n, kept_at, at, length - at))
			return 0;
	}
	return 1;
}

/* What was there at the begin takes the place of what is there now. */
static __always_inline void tl_part_restore(struct tl_part *part, struct tl_kept *kept,
					    const struct tl_kept_part *was)
{
	__u32 length = was->length, offset = was->offset;

	if (length > TL_KEPT_STR || offset > TL_KEPT_STR * (TL_KEPT_MAX - 1) ||
	    bpf_probe_read_kernel(part->data, length, kept->data + offset)) {
		part->state = TL_PART_UNREAD;
		return;
	}
	part->length = length;
	part->state = was->state;
	part->kind = was->kind;
	part->flags = was->flags;
	part->inode = was->inode;
	part->dev = was->dev;
	part->mntns = was->mntns;
}

static __always_inline void tl_part_string(struct tl_part *part, __u32 n, struct tl_kept *kept, const void *ptr)
{
	long length = tl_user_read_str(part->data, TL_STR_MAX, ptr);
	struct tl_kept_part *was = kept ? &kept->parts[n] : NULL;
	bool has_been = was && was->state == TL_PART_READY;

	if (length > 0) {
		part->state = TL_PART_READY;
		part->length = length - 1;
		if (length == TL_STR_MAX && tl_user_goes_on(ptr))
			part->flags |= TL_STR_CUT;
		if (!has_been)
			part->flags |= TL_STR_LATE;
		else if (was->length != part->length || !tl_is_same(n, was->offset, was->length))
			part->flags |= TL_STR_CHANGED;
	}
	if (has_been && (length <= 0 || part->flags & TL_STR_CHANGED)) {
		tl_part_restore(part, kept, was);
		part->flags = TL_STR_CHANGED;
	}
}

/* ---- its end, if the thread is another program now ----------------------------------------------- */

/*
 * Takes what was kept of part n, and marks it unless the last bytes of what the kernel has copied, up to `end`, are
 * the same from `skip` on: in front of them it may have put something else, but those it has left alone.
 */
static __always_inline void tl_part_exec(struct tl_part *part, __u32 n, struct tl_kept *kept,
					 const struct tl_kept_part *was, __u32 skip, unsigned long end)
{
	__u32 length = was->length - skip, from = was->offset + skip, take = length;
	const void *at = (const void *)(end - length);
	bool same;

	if (skip > was->length)
		return;
	tl_opaque(take);
	same = take <= TL_KEPT_STR && !bpf_probe_read_user(part->data, take, at) && tl_is_same(n, from, length);
	tl_part_restore(part, kept, was);
	part->flags = same ? 0 : TL_STR_CHANGED;
}

/* What was kept of argument n. The check is made anew: 5.10 forgets the bounds of a number that went over the stack. */
static __always_inline struct tl_kept_part *tl_kept_part(struct tl_kept *kept, __u32 n)
{
	tl_opaque(n);
	return kept && n < 6 ? &kept->parts[n] : NULL;
}

/* The kernel's own name of a program begins so when it was found from a descriptor. */
static __always_inline bool tl_is_of_fd(const struct tl_part *part)
{
	static const char begin[] = "/dev/fd/";

	return part->length >= 8 && *(const __u64 *)part->data == *(const __u64 *)begin;
}

/* The path of a new program: the kernel puts its name for it behind the environment. */
static __always_inline void tl_part_exec_path(struct tl_part *part, __u32 n, struct tl_kept *kept, unsigned long at)
{
	struct tl_kept_part *was;
	long length = tl_user_read_str(part->data, TL_STR_MAX, (const void *)at);

	if (length <= 0)
		return;
	part->state = TL_PART_READY;
	part->length = length - 1;
	if (length == TL_STR_MAX && tl_user_goes_on((const void *)at))
		part->flags |= TL_STR_CUT;
	if (!tl_is_of_fd(part))
		return;
	was = tl_kept_part(kept, n);
	if (was && was->state == TL_PART_READY)
		tl_part_exec(part, n, kept, was, 0, at + part->length);
	else
		part->flags |= TL_STR_LATE;
}

/* Its arguments: a script's have those of the interpreter before them, and no first one. */
static __always_inline void tl_part_exec_argv(struct tl_part *part, __u32 n, struct tl_kept *kept, unsigned long end)
{
	struct tl_kept_part *was = tl_kept_part(kept, n);
	__u32 offset;
	long first;

	if (!was || was->state != TL_PART_READY)
		return;
	offset = was->offset;
	if (offset > TL_KEPT_STR * (TL_KEPT_MAX - 1))
		return;
	first = was->length ? bpf_probe_read_kernel_str(part->data, TL_STR_MAX, kept->data + offset) : 0;
	if (first >= 0)
		tl_part_exec(part, n, kept, was, first, end);
}

/* What was kept of the call that ends; NULL: nothing, or of another one. */
static __always_inline struct tl_kept *tl_kept_of(const struct tl_slot *slot)
{
	struct tl_kept *kept = slot->duration == TL_NO_DURATION ? NULL : tl_kept(false);

	return kept && kept->time == slot->head.time - slot->duration ? kept : NULL;
}

static __always_inline void tl_prepare_file(const struct tl_slot *slot, __u32 n, __u64 fd, bool or_cwd)
{
	struct tl_inflight *call = slot->duration == TL_NO_DURATION ? NULL : tl_inflight(false);

	tl_describe_fd(n, fd, call && n < 6 ? (__u64)call->files[n] : 0, or_cwd);
}

/* Whether this is the working directory, and the path after it, which is prepared already, does not start there. */
static __always_inline bool tl_is_beside(const struct tl_slot *slot, __u32 n, __u64 fd)
{
	const struct tl_part *path;

	if ((__s32)fd != TL_AT_FDCWD || !(slot->parts & 2 << n))
		return false;
	path = tl_part(n + 1);
	return path && path->state == TL_PART_READY && path->kind == TL_FILE_NONE && path->length && path->data[0] == '/';
}

/* Prepares argument n. A global function, as tl_keep_arg(). */
__noinline int tl_prepare_arg(__u32 n, __u32 work, __u64 value)
{
	struct tl_slot *slot = tl_current();
	struct tl_part *part = tl_part(n);
	struct tl_kept *kept;

	if (!slot || !part || n >= 6)
		return 0;
	if (work == TL_PART_DIR && tl_is_beside(slot, n, value)) {
		tl_part_reset(part, TL_PART_ABSENT);
		return 0;
	}
	if (tl_is_noted(work)) {
		tl_prepare_file(slot, n, value, work == TL_PART_DIR);
		return 0;
	}
	tl_part_reset(part, TL_PART_UNREAD);
	kept = tl_kept_of(slot);
	if (work != TL_PART_STRING && work != TL_PART_EXEC_PATH) {
		if (kept)
			tl_part_restore(part, kept, &kept->parts[n]);
	} else if (value) {
		tl_part_string(part, n, kept, (const void *)value);
	} else {
		part->state = TL_PART_ABSENT;
	}
	return 0;
}

/* The same for the arguments of an exec that was good. */
__noinline int tl_prepare_exec(__u32 n, __u32 work)
{
	struct tl_slot *slot = tl_current();
	struct tl_part *part = tl_part(n);
	struct mm_struct *mm = tl_current_mm();

	if (!slot || !part || n >= 6)
		return 0;
	tl_part_reset(part, TL_PART_UNREAD);
	if (work == TL_PART_EXEC_PATH)
		tl_part_exec_path(part, n, tl_kept_of(slot), BPF_CORE_READ(mm, env_end));
	else
		tl_part_exec_argv(part, n, tl_kept_of(slot), BPF_CORE_READ(mm, arg_end));
	return 0;
}

TL_LEAD_EXIT(tl_prepare_exit)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_slot *slot = tl_current();
	struct tl_route *route;

	if (!shared || !slot)
		return 0;
	route = &shared->routes[TL_EXIT][slot->nr & (TL_SYSCALLS_MAX - 1)];
#pragma clang loop unroll(full)
	for (__u32 i = 6; i > 0; i--) {		/* a path before the directory that it may start from */
		__u32 n = i - 1;

		if (!route->parts[n])
			continue;
		if (route->parts[n] & TL_PART_EXEC && tl_is_new_program(ret))
			tl_prepare_exec(n, route->parts[n]);
		else
			tl_prepare_arg(n, route->parts[n], tl_arg(regs, n));
		slot->parts |= 1 << n;
	}
	if (route->parts[TL_PART_RET]) {
		tl_describe_fd(TL_PART_RET, ret, 0, 0);
		slot->parts |= 1 << TL_PART_RET;
	}
	return tl_first(route);
}
