/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Any task as the one that an event is about: what the scheduler does, it does to others than the current one. */
#ifndef TL_TASK_BPF_H
#define TL_TASK_BPF_H

#include "handler.bpf.h"

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

#endif
