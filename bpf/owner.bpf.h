/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Owners: things that happen to a socket in whatever context the network happens to run in belong to
 * the process that had it last. It is kept beside the socket and put into the record's head.
 */
#ifndef TL_OWNER_BPF_H
#define TL_OWNER_BPF_H

#include "handler.bpf.h"

#define TL_OWNER_FIELDS (TL_BIT(TL_F_PID) | TL_BIT(TL_F_TID) | TL_BIT(TL_F_PPID) | TL_BIT(TL_F_UID) | \
			 TL_BIT(TL_F_GID) | TL_BIT(TL_F_COMM) | TL_BIT(TL_F_CGROUP))

static __always_inline bool tl_is_kthread(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, flags) & PF_KTHREAD;
}

/* The current task becomes the owner. */
static __always_inline void tl_owner_set(struct tl_shared *shared, struct tl_owner *owner)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid(), uid_gid = bpf_get_current_uid_gid();

	owner->pid = pid_tgid >> 32;
	owner->tid = pid_tgid;
	owner->ppid = tl_current_ppid();
	owner->uid = uid_gid;
	owner->gid = uid_gid >> 32;
	owner->cgroup = bpf_get_current_cgroup_id();
	owner->epoch = shared->epoch;
	owner->mask = tl_wanted(shared, ~0ULL, owner->pid);
	bpf_get_current_comm(owner->comm, sizeof(owner->comm));
}

/* Which of `subs` want the owner: as it is a target now, or was when it was last seen (it may be gone). */
static __always_inline __u64 tl_owner_wanted(struct tl_shared *shared, struct tl_owner *owner, __u64 subs)
{
	__u64 mask = tl_wanted(shared, subs, owner->pid);

	if (owner->epoch == shared->epoch)
		mask |= owner->mask & subs;
	return mask;
}

/* Fills the head with the owner; without one those fields are marked unread. */
static __always_inline void tl_fill_owner(struct tl_slot *slot, struct tl_owner *owner)
{
	struct tl_record *head = &slot->head;

	__builtin_memset(head, 0, sizeof(*head));
	head->time = bpf_ktime_get_boot_ns();
	head->cpu = bpf_get_smp_processor_id();
	if (!owner || !owner->pid) {
		slot->common_unread = TL_OWNER_FIELDS;
		return;
	}
	head->pid = owner->pid;
	head->tid = owner->tid;
	head->ppid = owner->ppid;
	head->uid = owner->uid;
	head->gid = owner->gid;
	head->cgroup = owner->cgroup;
	__builtin_memcpy(head->comm, owner->comm, TL_COMM_LEN);
}

#endif
