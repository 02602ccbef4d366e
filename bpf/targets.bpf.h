/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who is a target: the question on the hot path, and what keeps the answer true over fork, exec and exit. */
#ifndef TL_TARGETS_BPF_H
#define TL_TARGETS_BPF_H

#include "maps.bpf.h"

#define TL_TICK_NS 10000000	/* /proc tells when a process began in these; see tl_target.start */

static __always_inline struct tl_shared *tl_shared_memory(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&tl_shared, &zero);
}

static __always_inline void tl_lost_of(__u64 mask)
{
	__u64 *lost = bpf_map_lookup_elem(&tl_sub_lost, &mask), none = 0;

	if (!lost) {
		bpf_map_update_elem(&tl_sub_lost, &mask, &none, BPF_NOEXIST);
		lost = bpf_map_lookup_elem(&tl_sub_lost, &mask);	/* maybe made by another CPU meanwhile */
	}
	if (lost)
		*lost += 1;
}

/* Counts records that were lost: by event and cause, and for the subscriptions that wait for them. */
static __always_inline void tl_lost(__u32 event, __u32 cause, __u64 mask)
{
	struct tl_counts *counts = bpf_map_lookup_elem(&tl_counts, &event);

	if (counts && cause < TL_LOST_CAUSES)
		counts->lost[cause]++;
	tl_lost_of(mask);
}

/* Which of `subs` want what process `pid` does. The cheap answer comes first: most processes are no target. */
static __always_inline __u64 tl_wanted(struct tl_shared *shared, __u64 subs, __u32 pid)
{
	__u64 mask = pid == tl_config.self ? 0 : subs & shared->everyone;
	struct tl_target *target;

	if (!shared->target_filter[pid & (TL_PIDS_MAX - 1)])
		return mask;
	target = bpf_map_lookup_elem(&tl_targets, &pid);
	return target ? mask | (subs & target->mask) : mask;
}

/* The same of a command that is held back: its execve begins before it is a target. */
static __always_inline __u64 tl_wanted_at_exec(struct tl_shared *shared, __u64 subs, __u32 pid)
{
	struct tl_target *target;

	if (!shared->target_filter[pid & (TL_PIDS_MAX - 1)])
		return 0;
	target = bpf_map_lookup_elem(&tl_targets, &pid);
	return target ? subs & target->at_exec : 0;
}

static __always_inline void tl_target_add(struct tl_shared *shared, __u32 pid, struct tl_target *target)
{
	int err = bpf_map_update_elem(&tl_targets, &pid, target, BPF_NOEXIST);

	if (!err)
		__sync_fetch_and_add(&shared->target_filter[pid & (TL_PIDS_MAX - 1)], 1);
	else if (bpf_map_lookup_elem(&tl_targets, &pid))	/* of a process that had this pid before */
		bpf_map_update_elem(&tl_targets, &pid, target, BPF_EXIST);
	else
		tl_lost(TL_EVENTS_MAX, TL_LOST_TARGETS, target->mask);
}

static __always_inline void tl_target_remove(struct tl_shared *shared, __u32 pid)
{
	if (!bpf_map_delete_elem(&tl_targets, &pid))
		__sync_fetch_and_add(&shared->target_filter[pid & (TL_PIDS_MAX - 1)], -1);
}

/* A process began: it is a target if its parent is followed. Runs before its first instruction. */
static __always_inline void tl_target_fork(struct tl_shared *shared, __u32 parent, __u32 child, __u64 start)
{
	struct tl_target *of_parent, of_child = {};

	if (!shared->target_filter[parent & (TL_PIDS_MAX - 1)])
		return;
	of_parent = bpf_map_lookup_elem(&tl_targets, &parent);
	if (!of_parent || !of_parent->follow)
		return;
	of_child.follow = of_parent->follow;
	of_child.mask = of_parent->mask & of_parent->follow;
	of_child.start = start;
	tl_target_add(shared, child, &of_child);
}

/* A command that was held back becomes a target with its execve. */
static __always_inline void tl_target_exec(struct tl_shared *shared, __u32 pid)
{
	struct tl_target *target;

	if (!shared->target_filter[pid & (TL_PIDS_MAX - 1)])
		return;
	target = bpf_map_lookup_elem(&tl_targets, &pid);
	if (target && target->at_exec) {
		target->mask |= target->at_exec;
		target->at_exec = 0;
	}
}

/* The last trace of a process is freed. Its pid may be in use again: the begin tells them apart. */
static __always_inline void tl_target_free(struct tl_shared *shared, __u32 pid, __u64 start)
{
	struct tl_target *target;

	if (!shared->target_filter[pid & (TL_PIDS_MAX - 1)])
		return;
	target = bpf_map_lookup_elem(&tl_targets, &pid);
	if (target && (!target->start || target->start / TL_TICK_NS == start / TL_TICK_NS))
		tl_target_remove(shared, pid);
}

#endif
