/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A system call from its begin to its end: what is kept of it meanwhile. */
#ifndef TL_CALL_BPF_H
#define TL_CALL_BPF_H

#include "file.bpf.h"

#define TL_KEPT_STR	3840	/* bytes of a path that are kept; a longer one is only read at the end */
#define TL_KEPT_MAX	2	/* paths of that length */

struct tl_kept_part {
	__u32 state;		/* enum tl_part_state */
	__u16 offset, length;
	__u32 kind, flags;
	__u64 inode;
	__u32 dev, mntns;
};

/* What the begin of a call leaves for its end. Since Linux 7 task storage ends at 8 KiB, the kernel's own head included. */
struct tl_kept {
	__u64 time;		/* of the call; another one's leavings are not touched */
	__u32 used, reserved;
	struct tl_kept_part parts[6];
	char data[TL_KEPT_STR * TL_KEPT_MAX + 64];	/* blocks are read beyond the end */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tl_kept);
} tl_kept_task SEC(".maps");

/* task → the same, on 5.10; few, because there room is made for all of them at once. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct tl_kept);
} tl_kept_hash SEC(".maps");

/* An empty entry, too big for the stack. Never written. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tl_kept);
} tl_kept_none SEC(".maps");

/* ---- the call that the current thread is in ---------------------------------------------------- */

static __always_inline struct tl_inflight *tl_inflight(bool create)
{
	__u64 task = bpf_get_current_task();
	struct tl_inflight none = {};

	if (tl_config.has_task_btf)
		return bpf_task_storage_get(&tl_inflight_task, bpf_get_current_task_btf(), NULL,
					    create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	if (create)
		bpf_map_update_elem(&tl_inflight_hash, &task, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tl_inflight_hash, &task);
}

static __always_inline struct tl_kept *tl_kept(bool create)
{
	__u64 task = bpf_get_current_task();
	struct tl_kept *none;
	__u32 zero = 0;

	if (tl_config.has_task_btf)
		return bpf_task_storage_get(&tl_kept_task, bpf_get_current_task_btf(), NULL,
					    create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	if (create) {
		none = bpf_map_lookup_elem(&tl_kept_none, &zero);
		if (none)
			bpf_map_update_elem(&tl_kept_hash, &task, none, BPF_NOEXIST);
	}
	return bpf_map_lookup_elem(&tl_kept_hash, &task);
}

/* A call that begins and never ends, because its thread dies in it, is told by these being different. */
static __always_inline struct tl_counts *tl_call_counts(void)
{
	__u32 row = TL_EVENTS_MAX;

	return bpf_map_lookup_elem(&tl_counts, &row);
}

static __always_inline void tl_count_begun(void)
{
	struct tl_counts *counts = tl_call_counts();

	if (counts)
		counts->begun++;
}

static __always_inline void tl_count_ended(void)
{
	struct tl_counts *counts = tl_call_counts();

	if (counts)
		counts->ended++;
}

/* The arguments as they were at the begin, which has passed; NULL if it was not seen. */
static __always_inline const __u64 *tl_saved_args(void)
{
	struct tl_slot *slot = tl_current();
	struct tl_inflight *call = slot && slot->duration != TL_NO_DURATION ? tl_inflight(false) : NULL;

	return call ? call->args : NULL;
}

#define tl_saved(args, n) ((args) ? (args)[n] : 0)

#endif
