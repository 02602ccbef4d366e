// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The base programs: system calls to their handlers, and the life of processes to the target map.
 * Each is attached only while a subscription needs it.
 */
#include "flavour.bpf.h"
#include "call.bpf.h"
#include "task.bpf.h"

/* ---- system calls ---------------------------------------------------------------------------- */

/*
 * Which route a call takes: that of its number, or for numbers that are none, and for calls by the
 * 32-bit door, whose numbers mean something else, TL_SYSCALL_OTHER. Without anybody who wants those,
 * the door is only looked at once it is known that somebody wants the number.
 */
static __always_inline __u32 tl_call_index(struct tl_shared *shared, __u32 side, __u64 nr)
{
	if (nr >= TL_SYSCALL_OTHER)
		return TL_SYSCALL_OTHER;
	if (shared->routes[side][TL_SYSCALL_OTHER].subs && tl_is_compat())
		return TL_SYSCALL_OTHER;
	return nr;
}

static __always_inline bool tl_is_foreign(struct tl_shared *shared, __u32 index)
{
	return index != TL_SYSCALL_OTHER && tl_is_compat();
}

static __always_inline void tl_copy_args(__u64 *args, struct pt_regs *regs)
{
#pragma clang loop unroll(full)
	for (int n = 0; n < 6; n++)
		args[n] = tl_arg(regs, n);
}

/* The work on parts, if there is any, or the first handler. 0: nothing. */
static __always_inline __u32 tl_first_of(const struct tl_route *route)
{
	return route->prepare ? route->prepare : route->handlers[0];
}

/* What comes next: an early verdict on what is known by now, or the handlers. */
static __always_inline __u32 tl_next_of(const struct tl_route *route, struct tl_slot *slot, struct pt_regs *regs,
					long ret)
{
	__u32 next = tl_first_of(route), early = route->early;

	if (!early) {
		if (!next)
			tl_leave();
		return next;
	}
	slot->next = next;
	slot->others = route->others;
	slot->head.event = early - 1;
	slot->ret = ret;
	tl_copy_args(slot->args, regs);
	return TL_EARLY | (early - 1);
}

/* Few calls have more to be done at their begin, and only that needs scratch. */
static __always_inline __u32 tl_begin_more(struct tl_route *route, __u32 index, __u64 mask, __u64 time,
					   struct pt_regs *regs)
{
	struct tl_slot *slot = tl_enter(mask);

	if (!slot)
		return 0;
	slot->nr = index;
	slot->side = TL_ENTER;
	if (route->handlers[0] || route->early)	/* the work on parts needs the time alone */
		tl_fill_current(slot, route->fields);
	slot->head.time = time;
	return tl_next_of(route, slot, regs, 0);
}

static __always_inline void tl_begin_inflight(const struct tl_route *route, __u32 index, __u64 time,
					      struct pt_regs *regs)
{
	struct tl_inflight *call = tl_inflight(true);

	if (!call)
		return;
	call->nr = index;
	call->time = time;
	if (route->work & TL_WORK_ARGS)
		tl_copy_args(call->args, regs);
	tl_count_begun();
}

TL_LEAD_ENTER(tl_sys_enter)
{
	struct tl_shared *shared = tl_shared_memory();
	__u64 mask, time;
	struct tl_route *route;
	__u32 index;

	if (!shared)
		return 0;
	index = tl_call_index(shared, TL_ENTER, id);
	route = &shared->routes[TL_ENTER][index & (TL_SYSCALLS_MAX - 1)];
	if (!route->subs)
		return 0;
	mask = tl_wanted(shared, route->subs, bpf_get_current_pid_tgid() >> 32);
	if (!mask && (index == TL_NR_EXECVE || index == TL_NR_EXECVEAT))
		mask = tl_wanted_at_exec(shared, route->subs, bpf_get_current_pid_tgid() >> 32);
	if (!mask || tl_is_foreign(shared, index))
		return 0;
	time = bpf_ktime_get_boot_ns();
	if (route->work & TL_WORK_TIME)
		tl_begin_inflight(route, index, time, regs);
	return route->early || tl_first_of(route) ? tl_begin_more(route, index, mask, time, regs) : 0;
}

/* The begin of the call that ends now, if it was seen. */
static __always_inline struct tl_inflight *tl_end_inflight(struct tl_shared *shared, __u32 index)
{
	struct tl_inflight *call = tl_inflight(false);

	if (!call || !call->time || call->nr != index || call->time < shared->enter_since)
		return NULL;
	return call;
}

/*
 * A number of -1 is what rt_sigreturn leaves behind, which was an event when it began; it may also be
 * a call with that number, but then its begin was seen.
 */
static __always_inline bool tl_is_leftover(__u64 nr, struct tl_inflight *call)
{
	return nr == ~0ULL && !call;
}

/*
 * A new program has its registers from the kernel, which puts the number of execve there, whatever the
 * call was. How it began tells.
 */
static __always_inline __u32 tl_exec_index(struct tl_shared *shared, __u32 index)
{
	struct tl_inflight *call;

	if (index != TL_NR_EXECVE)
		return index;
	call = tl_end_inflight(shared, TL_NR_EXECVEAT);
	return call ? TL_NR_EXECVEAT : index;
}

TL_LEAD_EXIT(tl_sys_exit)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_inflight *call = NULL;
	__u64 nr = tl_syscall_number(regs), mask;
	struct tl_route *route;
	struct tl_slot *slot;
	__u32 index;

	if (!shared)
		return 0;
	index = tl_exec_index(shared, tl_call_index(shared, TL_EXIT, nr));
	route = &shared->routes[TL_EXIT][index & (TL_SYSCALLS_MAX - 1)];
	if (!route->subs)
		return 0;
	mask = tl_wanted(shared, route->subs, bpf_get_current_pid_tgid() >> 32);
	if (!mask || tl_is_foreign(shared, index))
		return 0;
	if (route->work & TL_WORK_TIME)
		call = tl_end_inflight(shared, index);
	if (tl_is_leftover(nr, call))
		return 0;
	slot = tl_enter(mask);
	if (!slot)
		return 0;
	slot->nr = index;
	tl_fill_current(slot, route->fields);
	if (call) {
		slot->duration = slot->head.time - call->time;
		call->time = 0;
		tl_count_ended();
	}
	return tl_next_of(route, slot, regs, ret);
}

/* ---- processes ------------------------------------------------------------------------------- */

SEC("tp_btf/sched_process_fork")
int BPF_PROG(tl_follow_fork, struct task_struct *parent, struct task_struct *child)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared && child->pid == child->tgid)	/* else: a thread, which is no process of its own */
		tl_target_fork(ctx, shared, parent->tgid, child, child->pid);
	return 0;
}

SEC("tracepoint/task/task_newtask")
int tl_follow_fork_classic(struct trace_event_raw_task_newtask *ctx)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared && !(ctx->clone_flags & CLONE_THREAD))
		tl_target_fork(ctx, shared, bpf_get_current_pid_tgid() >> 32, tl_newborn(ctx->pid, ctx->clone_flags),
			       ctx->pid);
	return 0;
}

static __always_inline int tl_on_exec(void *ctx)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared)
		tl_target_exec(ctx, shared, (struct task_struct *)bpf_get_current_task());
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(tl_follow_exec)
{
	return tl_on_exec(ctx);
}

SEC("tracepoint/sched/sched_process_exec")
int tl_follow_exec_classic(void *ctx)
{
	return tl_on_exec(ctx);
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
		tl_target_free(ctx, shared, task, task->pid, task->start_boottime);
	return 0;
}

/* ---- after verdicts -------------------------------------------------------------------------- */

TL_LEAD_ENTER(tl_judged_sys_enter)
{
	return tl_after_verdict(ctx);
}

TL_LEAD_EXIT(tl_judged_sys_exit)
{
	return tl_after_verdict(ctx);
}

/* For all hooks. A table has programs of one side only, so handlers of which side it is must be told. */
SEC("tracepoint/raw_syscalls/sys_exit")
int tl_judged_classic(void *ctx)
{
	struct tl_slot *slot = tl_current();
	__u32 side = slot ? slot->side : TL_EXIT, next = tl_after_verdict(ctx);

	if (!next)
		return 0;
	if (side == TL_ENTER)
		bpf_tail_call(ctx, &tl_enter_handlers_classic, next);
	else
		bpf_tail_call(ctx, &tl_exit_handlers_classic, next);
	tl_handler_gone();
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
