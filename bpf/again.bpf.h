/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Hooks that are also hit in softirqs. A packet can interrupt a program of ours, and what it does to
 * its own socket would run the same program once more on that CPU, which the kernel refuses. So such a
 * hook has two programs, one after the other: what the first could not see, the second, named …_again,
 * makes up for. The mark tells it. Core attaches them in the order of the definition.
 */
#ifndef TL_AGAIN_BPF_H
#define TL_AGAIN_BPF_H

#include "targets.bpf.h"

/* object → what happened to it, as the first program saw and the second has not yet */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u32);
} tl_marks SEC(".maps");

static __always_inline void tl_mark(const void *object, __u32 what)
{
	__u64 key = (__u64)object;

	bpf_map_update_elem(&tl_marks, &key, &what, BPF_ANY);
}

/* Whether the first program has not been here. Counted, so that what both missed is known as lost. */
static __always_inline bool tl_was_missed(const void *object, __u32 what)
{
	__u32 row = TL_EVENTS_MAX;
	__u64 key = (__u64)object;
	__u32 *mark = bpf_map_lookup_elem(&tl_marks, &key);
	struct tl_counts *counts;

	if (mark && *mark == what) {
		bpf_map_delete_elem(&tl_marks, &key);
		return false;
	}
	counts = bpf_map_lookup_elem(&tl_counts, &row);
	if (counts)
		counts->made++;
	return true;
}

#endif
