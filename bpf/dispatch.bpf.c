// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The base programs: system calls to their handlers, and the life of processes to the target map.
 * Each is attached only while a subscription needs it.
 */
#include "handler.bpf.h"
#include "read.bpf.h"

/* ---- system calls ---------------------------------------------------------------------------- */

static __always_inline struct tl_inflight *tl_inflight(bool create)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct tl_inflight none = {};

	if (tl_config.has_task_btf)
		return bpf_task_storage_get(&tl_inflight_task, bpf_get_current_task_btf(), NULL,
					    create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	if (create)
		bpf_map_update_elem(&tl_inflight_hash, &tid, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tl_inflight_hash, &tid);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(tl_sys_enter, struct pt_regs *regs, long nr)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_inflight *call;
	__u64 subs;

	if (!shared || (__u64)nr >= TL_SYSCALLS_MAX)
		return 0;
	subs = shared->enter_subs[nr];
	if (!subs || !tl_wanted(shared, subs, bpf_get_current_pid_tgid() >> 32))
		return 0;
	call = tl_inflight(true);
	if (call) {
		call->nr = nr;
		call->time = bpf_ktime_get_boot_ns();
	}
	return 0;
}

/* How long the call that ends now has taken, if its begin was seen. */
static __always_inline void tl_end_inflight(struct tl_shared *shared, struct tl_slot *slot)
{
	struct tl_inflight *call = tl_inflight(false);

	if (!call || !call->time)
		return;
	if (call->nr == slot->nr && call->time >= shared->enter_since)
		slot->duration = slot->head.time - call->time;
	call->time = 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(tl_sys_exit, struct pt_regs *regs, long ret)
{
	struct tl_shared *shared = tl_shared_memory();
	__u64 nr = tl_syscall_number(regs), mask;
	struct tl_route *route;
	struct tl_slot *slot;

	if (!shared || nr >= TL_SYSCALLS_MAX)
		return 0;
	route = &shared->exit_routes[nr];
	if (!route->subs)
		return 0;
	mask = tl_wanted(shared, route->subs, bpf_get_current_pid_tgid() >> 32);
	if (!mask || tl_is_compat())
		return 0;
	slot = tl_enter(mask);
	if (!slot)
		return 0;
	slot->nr = nr;
	tl_fill_current(slot, route->fields);
	if (route->timed)
		tl_end_inflight(shared, slot);
	bpf_tail_call(ctx, &tl_exit_handlers, route->handlers[0]);
	tl_lost(TL_EVENTS_MAX, TL_LOST_HANDLER, mask);	/* its handler was let go a moment ago */
	tl_leave();
	return 0;
}

/* ---- processes ------------------------------------------------------------------------------- */

SEC("tp_btf/sched_process_fork")
int BPF_PROG(tl_follow_fork, struct task_struct *parent, struct task_struct *child)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared && child->pid == child->tgid)	/* else: a thread, which is no process of its own */
		tl_target_fork(shared, parent->tgid, child->pid, child->start_boottime);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(tl_follow_exec, struct task_struct *task)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared)
		tl_target_exec(shared, task->tgid);
	return 0;
}

/*
 * Not at sched_process_exit: descriptors are closed after it, and that is something that targets do.
 * Not at the free of a thread either; after an exec by one the leader's old self has another pid.
 */
SEC("tp_btf/sched_process_free")
int BPF_PROG(tl_follow_free, struct task_struct *task)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared && task->pid == task->tgid)
		tl_target_free(shared, task->pid, task->start_boottime);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
