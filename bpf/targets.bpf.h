/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who is a target: the question on the hot path, and what keeps the answer true over fork, exec and exit. */
#ifndef TL_TARGETS_BPF_H
#define TL_TARGETS_BPF_H

#include "selectors.bpf.h"

#define TL_ANCESTORS	128	/* generations that a walk looks up */

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
	return target ? subs & target->mask : mask;
}

/* What is known of a process that is or may become a target; NULL of most. */
static __always_inline struct tl_target *tl_target_find(struct tl_shared *shared, __u32 pid)
{
	if (!shared->target_filter[pid & (TL_PIDS_MAX - 1)])
		return NULL;
	return bpf_map_lookup_elem(&tl_targets, &pid);
}

/* The same of a command that is held back: its execve begins before it is a target. */
static __always_inline __u64 tl_wanted_at_exec(struct tl_shared *shared, __u64 subs, __u32 pid)
{
	struct tl_target *target;

	if (!shared->target_filter[pid & (TL_PIDS_MAX - 1)])
		return 0;
	target = bpf_map_lookup_elem(&tl_targets, &pid);
	if (!target || !target->at_exec)
		return 0;
	return subs & tl_apply_rules(target->marks | target->at_exec, target->traits, TL_RULES_SUBS);
}

static __always_inline void tl_target_add(struct tl_shared *shared, __u32 pid, struct tl_target *target)
{
	int err = bpf_map_update_elem(&tl_targets, &pid, target, BPF_NOEXIST);

	if (!err)
		__sync_fetch_and_add(&shared->target_filter[pid & (TL_PIDS_MAX - 1)], 1);
	else if (bpf_map_lookup_elem(&tl_targets, &pid))	/* made by another CPU meanwhile */
		bpf_map_update_elem(&tl_targets, &pid, target, BPF_EXIST);
	else
		tl_lost(TL_EVENTS_MAX, TL_LOST_TARGETS, target->mask);
}

static __always_inline void tl_target_remove(struct tl_shared *shared, __u32 pid)
{
	if (!bpf_map_delete_elem(&tl_targets, &pid))
		__sync_fetch_and_add(&shared->target_filter[pid & (TL_PIDS_MAX - 1)], -1);
}

/* Whether it must be known of: what follows from nothing is what is assumed of all others. */
static __always_inline bool tl_target_counts(struct tl_shared *shared, __u32 pid, const struct tl_target *target)
{
	__u64 otherwise = pid == tl_config.self ? 0 : shared->everyone;

	return (target->marks & ~TL_MARK_SELF) || target->at_exec || target->gives || target->mask != otherwise;
}

/*
 * Who joins and leaves is told by battery/target.bpf.c, to those who watch: what `who` says of the process of this
 * task, or of the subscriptions in `mask` that it joins, or of all others, that it leaves. `name` is 0, or where its
 * next name is. The room, by where we are, is for the record: none of these programs interrupts itself.
 */
enum tl_told_room { TL_TOLD_IN_TASK, TL_TOLD_AT_END, TL_TOLD_AT_FREE, TL_TOLD_IN_CGROUP, TL_TOLD_IN_WALK, TL_TOLD_ROOMS };

#define TL_EXIT_DEAD	16	/* of exit_state: nobody waits for it any more, and it may be freed at any time */

/* Whether the process has ended: its first thread is dead, and the others are no more. */
static __always_inline bool tl_is_over(struct task_struct *task)
{
	return BPF_CORE_READ(task, group_leader, exit_state) && BPF_CORE_READ(task, signal, nr_threads) <= 1;
}

#define TL_TOLD_LEAVE	(1ULL << 40)
#define tl_told_who(pid, room)	((__u64)(pid) | (__u64)(room) << 32)

__hidden int tl_tell(void *ctx, __u64 task, __u64 name, __u64 who, __u64 mask);

/* Decides about a process anew; marks and what it is to become are given. It joins before its next event, and leaves after. */
static __always_inline void tl_target_set(void *ctx, __u32 room, struct tl_shared *shared, __u32 pid,
					  struct task_struct *task, const char *name, __u64 marks, __u64 at_exec)
{
	struct tl_target *known, target = { .marks = marks, .at_exec = at_exec };
	__u64 watched = shared->selection.watched;

	if (pid == tl_config.self)
		target.marks |= TL_MARK_SELF;
	target.traits = shared->selection.kinds ? tl_traits_of(tl_number_of(task), tl_number_of(name)) : 0;
	if (BPF_CORE_READ(task, tgid) == pid)
		target.start = BPF_CORE_READ(task, group_leader, start_boottime);
	target.pass = shared->selection.pass;
	target.mask = tl_apply_rules(target.marks, target.traits, TL_RULES_SUBS);
	target.gives = tl_apply_rules(target.marks, target.traits, TL_RULES_GIVE);
	if (watched & target.mask)
		tl_tell(ctx, tl_number_of(task), tl_number_of(name), tl_told_who(pid, room), target.mask);
	known = tl_target_find(shared, pid);
	if (!tl_target_counts(shared, pid, &target)) {
		if (known)
			tl_target_remove(shared, pid);
	} else if (known) {
		*known = target;
	} else {
		tl_target_add(shared, pid, &target);
	}
	/* A walk, or who renames or moves another process, may come after its free, which would then never come. */
	if (BPF_CORE_READ(task, exit_state) == TL_EXIT_DEAD)
		tl_target_remove(shared, pid);
	if (watched & ~target.mask)
		tl_tell(ctx, tl_number_of(task), tl_number_of(name), tl_told_who(pid, room) | TL_TOLD_LEAVE,
			target.mask);
}

/* The same of a process whose traits may have changed. */
static __always_inline void tl_target_again(void *ctx, __u32 room, struct tl_shared *shared, struct task_struct *task,
					    const char *name)
{
	__u32 pid = BPF_CORE_READ(task, tgid);
	struct tl_target *known = tl_target_find(shared, pid);

	tl_target_set(ctx, room, shared, pid, task, name, known ? known->marks : 0, known ? known->at_exec : 0);
}

/* Marks of a tree that a walk is about to hand to this process and has not yet: those of its ancestors. */
__noinline __u64 tl_marks_above(__u64 of)
{
	struct tl_shared *shared = tl_shared_memory();
	struct task_struct *task = (struct task_struct *)of;
	__u64 marks = 0;

	if (!shared || !shared->selection.sowing)
		return 0;
#pragma clang loop unroll(disable)
	for (int i = 0; i < TL_ANCESTORS; i++) {
		__u32 pid = BPF_CORE_READ(task, tgid);
		struct tl_seed *seed = bpf_map_lookup_elem(&tl_seeds, &pid);

		if (seed)
			marks |= seed->tree;
		if (pid <= 1)
			break;
		task = BPF_CORE_READ(task, group_leader, real_parent);
	}
	return marks;
}

/* A process began, and has what its parent gives. Runs before its first instruction. */
static __always_inline void tl_target_fork(void *ctx, struct tl_shared *shared, __u32 parent, struct task_struct *child,
					   __u32 pid)
{
	struct tl_target *of_parent = tl_target_find(shared, parent);
	__u64 marks = of_parent ? of_parent->gives : 0;

	marks |= tl_marks_above(tl_number_of(child));
	marks &= shared->selection.marks;
	if (marks || shared->selection.kinds || tl_target_find(shared, pid))
		tl_target_set(ctx, TL_TOLD_IN_TASK, shared, pid, child, NULL, marks, 0);
}

/* A process is another program now; a command that was held back becomes a target with that. */
static __always_inline void tl_target_exec(void *ctx, struct tl_shared *shared, struct task_struct *task)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct tl_target *known = tl_target_find(shared, pid);

	if (shared->selection.kinds || (known && known->at_exec))
		tl_target_set(ctx, TL_TOLD_IN_TASK, shared, pid, task, NULL, known ? known->marks | known->at_exec : 0, 0);
}

/* The last trace of a process is freed. Its pid may be in use again: the begin tells them apart. */
static __always_inline void tl_target_free(void *ctx, struct tl_shared *shared, struct task_struct *task, __u32 pid,
					   __u64 start)
{
	struct tl_target *target = tl_target_find(shared, pid);

	if (target && (!target->start || target->start == start))
		tl_target_remove(shared, pid);
	if (shared->selection.watched)
		tl_tell(ctx, tl_number_of(task), 0, tl_told_who(pid, TL_TOLD_AT_FREE) | TL_TOLD_LEAVE, 0);
}

#endif
