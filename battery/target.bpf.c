// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Who joins and leaves a target, told from wherever that is decided. Two programs may decide about one
 * process side by side; who makes or takes away the entry of what was told is the one who tells.
 */
#include "flavour.bpf.h"
#include "tl_events.h"

struct tl_told {
	__u64 start;		/* of the process, ns since boot: a pid may be in use again before its last owner is freed */
	__u32 pid;
	__u32 sub;		/* that was told */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 131072);
	__type(key, struct tl_told);
	__type(value, __u32);		/* enum tl_told_state */
} tl_told SEC(".maps");

/* Who joins is told between the two: a process that ends meanwhile must not leave before. */
enum tl_told_state { TL_TOLD_JOINING, TL_TOLD_IN };

/* The end of a process lets those alone that are joining: who tells that sees the end, and has it leave after that. */
enum tl_told_step { TL_TOLD_JOIN, TL_TOLD_JOINED, TL_TOLD_PART, TL_TOLD_END };

static __always_inline bool tl_told_join(const struct tl_told *key)
{
	__u32 joining = TL_TOLD_JOINING;
	long err = bpf_map_update_elem(&tl_told, key, &joining, BPF_NOEXIST);

	if (err && !bpf_map_lookup_elem(&tl_told, key))
		tl_lost(TL_EVENTS_MAX, TL_LOST_TARGETS, 1ULL << (key->sub & (TL_SUBS_MAX - 1)));
	return !err;
}

/*
 * What is done for one subscription is a function of its own: the verifier looks at it once, and not in each round of
 * the loop, for each way that leads there.
 */
__noinline __u32 tl_told_one(__u64 start, __u32 pid, __u32 sub, __u32 step)
{
	struct tl_told key = { .start = start, .pid = pid, .sub = sub };
	__u32 *state;

	if (step == TL_TOLD_JOIN)
		return tl_told_join(&key);
	state = bpf_map_lookup_elem(&tl_told, &key);
	if (!state || (step == TL_TOLD_END && *state == TL_TOLD_JOINING))
		return 0;
	if (step != TL_TOLD_JOINED)
		return !bpf_map_delete_elem(&tl_told, &key);
	*state = TL_TOLD_IN;
	return 1;
}

/* The step for each of `subs`. Gives those that it was one for: who was not in joins, who was in leaves. */
__noinline __u64 tl_told_each(__u64 start, __u32 pid, __u64 subs, __u32 step)
{
	__u64 done = 0;

#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < TL_SUBS_MAX; i++)
		if (subs >> i & 1)
			done |= (__u64)(tl_told_one(start, pid, i, step) & 1) << i;
	return done;
}

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TL_TOLD_ROOMS);
	__type(key, __u32);
	__type(value, struct tl_target_enter);
} tl_told_rooms SEC(".maps");

_Static_assert(sizeof(struct tl_target_enter) == sizeof(struct tl_target_leave), "both events have the same fields");

static __always_inline void tl_tell_who(struct tl_target_enter *e, struct task_struct *task, const char *name)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct tl_record *head = &e->record;

	__builtin_memset(head, 0, sizeof(*head));
	head->size = sizeof(*e);
	head->time = bpf_ktime_get_boot_ns();
	head->pid = head->tid = BPF_CORE_READ(task, tgid);
	head->ppid = BPF_CORE_READ(leader, real_parent, tgid);
	head->uid = BPF_CORE_READ(task, cred, uid.val);
	head->gid = BPF_CORE_READ(task, cred, gid.val);
	head->cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
	head->cpu = bpf_get_smp_processor_id();
	bpf_probe_read_kernel(head->comm, sizeof(head->comm),
			      name ? name : (const char *)leader + bpf_core_field_offset(*task, comm));
}

static __always_inline __u64 tl_tell_event(void *ctx, struct task_struct *task, const char *name, __u64 who, __u64 mask)
{
	__u32 pid = who, room = who >> 32 & 0xff, event = who & TL_TOLD_LEAVE ? TL_E_TARGET_LEAVE : TL_E_TARGET_ENTER;
	struct tl_target_enter *e = bpf_map_lookup_elem(&tl_told_rooms, &room);
	__u64 start = BPF_CORE_READ(task, group_leader, start_boottime), subs;
	struct tl_shared *shared = tl_shared_memory();
	__u32 step = TL_TOLD_JOIN;

	if (!shared || !e)
		return 0;
	if (who & TL_TOLD_LEAVE) {
		step = tl_is_over(task) ? TL_TOLD_END : TL_TOLD_PART;
		mask = ~mask;
	}
	mask = tl_told_each(start, pid, mask & shared->selection.watched, step);
	subs = mask & tl_event_subs(shared, event);
	if (subs) {
		tl_tell_who(e, task, name);
		e->record.event = tl_config.first_event + event;
		e->record.mask = subs;
		e->started = start;
		tl_send(ctx, shared, &e->record, sizeof(*e));
	}
	return mask;
}

/* A function of its own, as tl_emit(). Who has ended does not join; who ends while it is told leaves after that. */
__hidden __noinline int tl_tell(void *ctx, __u64 of, __u64 name, __u64 who, __u64 mask)
{
	struct task_struct *task = (struct task_struct *)of;

	if (BPF_CORE_READ(task, tgid) != (__u32)who)
		return 0;
	if (!(who & TL_TOLD_LEAVE) && tl_is_over(task))
		return 0;
	mask = tl_tell_event(ctx, task, (const char *)name, who, mask);
	if (!mask || who & TL_TOLD_LEAVE)
		return 0;
	tl_told_each(BPF_CORE_READ(task, group_leader, start_boottime), (__u32)who, mask, TL_TOLD_JOINED);
	if (tl_is_over(task))
		tl_tell_event(ctx, task, NULL, who | TL_TOLD_LEAVE, ~mask);
	return 0;
}
