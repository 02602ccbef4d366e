// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The base programs: system calls to their handlers, and the life of processes to the target map.
 * Each is attached only while a subscription needs it.
 */
#include "flavour.bpf.h"
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

static __always_inline int tl_on_sys_enter(long nr)
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

SEC("tp_btf/sys_enter")
int BPF_PROG(tl_sys_enter, struct pt_regs *regs, long nr)
{
	return tl_on_sys_enter(nr);
}

SEC("tracepoint/raw_syscalls/sys_enter")
int tl_sys_enter_classic(struct trace_event_raw_sys_enter *ctx)
{
	return tl_on_sys_enter(ctx->id);
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

TL_SYS_EXIT(tl_sys_exit)
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
	return route->handlers[0];
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

SEC("tracepoint/task/task_newtask")
int tl_follow_fork_classic(struct trace_event_raw_task_newtask *ctx)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared && !(ctx->clone_flags & CLONE_THREAD))
		tl_target_fork(shared, bpf_get_current_pid_tgid() >> 32, ctx->pid, 0);
	return 0;
}

static __always_inline int tl_on_exec(void)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared)
		tl_target_exec(shared, bpf_get_current_pid_tgid() >> 32);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(tl_follow_exec)
{
	return tl_on_exec();
}

SEC("tracepoint/sched/sched_process_exec")
int tl_follow_exec_classic(void *ctx)
{
	return tl_on_exec();
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

/* ---- which flavour --------------------------------------------------------------------------- */

/* The guard that tracepoints are called under since programs on them can be preempted. */
typedef struct {
	void *lock;
} class_srcu_fast_notrace_t;

/* Run once by core, attached to nothing. */
SEC("raw_tp/sys_enter")
int tl_probe_preempt(void *ctx)
{
	struct tl_shared *shared = tl_shared_memory();

	return shared && bpf_core_type_exists(class_srcu_fast_notrace_t);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
