/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Any task as the one that an event is about: what the scheduler does, it does to others than the current one. */
#ifndef TL_TASK_BPF_H
#define TL_TASK_BPF_H

#include "flavour.bpf.h"

/* Of a typed pointer these are plain loads, where the current task's would be calls of helpers. */
static __always_inline void tl_fill_task(struct tl_slot *slot, struct task_struct *task, __u64 fields)
{
	struct tl_record *head = &slot->head;

	__builtin_memset(head, 0, sizeof(*head));
	head->time = bpf_ktime_get_boot_ns();
	head->pid = task->tgid;
	head->tid = task->pid;
	head->cpu = bpf_get_smp_processor_id();
	if (fields & TL_BIT(TL_F_COMM)) {
		((__u64 *)head->comm)[0] = *(__u64 *)&task->comm[0];
		((__u64 *)head->comm)[1] = *(__u64 *)&task->comm[8];
	}
	if (fields & TL_BIT(TL_F_UID))
		head->uid = BPF_CORE_READ(task, cred, uid.val);
	if (fields & TL_BIT(TL_F_GID))
		head->gid = BPF_CORE_READ(task, cred, gid.val);
	if (fields & TL_BIT(TL_F_PPID))
		head->ppid = BPF_CORE_READ(task, real_parent, tgid);
	if (fields & TL_BIT(TL_F_CGROUP))
		head->cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
}

/* Takes scratch for an event of that task, if anybody wants it. Not NULL: ends in tl_submit(). */
static __always_inline void *tl_begin_task(struct tl_shared *shared, __u32 event, __u32 fixed,
					   struct task_struct *task)
{
	__u64 mask = tl_wanted(shared, tl_event_subs(shared, event), task->tgid);
	struct tl_slot *slot = mask ? tl_enter(mask) : NULL;
	void *record;

	if (!slot)
		return NULL;
	tl_fill_task(slot, task, tl_event_fields(shared, event));
	record = tl_begin(event, fixed);
	if (!record)
		tl_leave();
	return record;
}

/* ---- finding tasks ---------------------------------------------------------------------------- */

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} TL_CORE;

/* The thread that stands for its process: the first one, or when that is gone any other. */
static __always_inline bool tl_stands_for(struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	if (task == leader)
		return true;
	return !BPF_CORE_READ(leader, mm) && BPF_CORE_READ(task, mm);
}

#define TL_YOUNGEST 16	/* children that are looked at: threads may fork side by side */

/* The process that was just made, which the classic flavour is not told; the one that made it if it is not found. */
static __always_inline struct task_struct *tl_newborn(int pid, unsigned long flags)
{
	struct task_struct *maker = (struct task_struct *)bpf_get_current_task();
	struct task_struct *parent = flags & CLONE_PARENT ? BPF_CORE_READ(maker, real_parent) : maker;
	struct tl_list *at = BPF_CORE_READ(parent, children.prev);

#pragma clang loop unroll(disable)
	for (int i = 0; i < TL_YOUNGEST; i++) {
		struct task_struct *child = (void *)at - bpf_core_field_offset(struct task_struct, sibling);

		if (BPF_CORE_READ(child, pid) == pid)
			return child;
		bpf_probe_read_kernel(&at, sizeof(at), &at->prev);
	}
	return maker;
}

#endif
