// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Threads that wait for a CPU, get it and leave it.
 *
 * The kernel hits these hooks with interrupts off, so that no program here is ever preempted: the raw
 * tracepoints do on all kernels, and there are no classic flavours. What is remembered of a thread or
 * a CPU is kept of all of them, whoever is a target: a thread that becomes one later must not find what
 * was true when it was one before.
 */
#include "flavour.bpf.h"
#include "read.bpf.h"
#include "task.bpf.h"
#include "tl_events.h"

#define TL_THREADS_MAX	65536

#define TL_TASK_SLEEPING	0x01	/* bits of a thread's state */
#define TL_TASK_UNINTERRUPTIBLE	0x02
#define TL_TASK_STOPPED		0x04
#define TL_TASK_TRACED		0x08
#define TL_TASK_PARKED		0x40
#define TL_TASK_DEAD		0x80
#define TL_TASK_NOLOAD		0x400

/* Until Linux 5.14 */
struct task_struct___before_5_14 {
	volatile long state;
} TL_CORE;

/* A thread in the queue of a CPU. */
struct tl_queued {
	__u64 time;		/* since when, ns since boot; 0: it is not */
	__u32 reason;
	__u32 reserved;
};

/* tid → since when it waits. Entries go with their threads; of what was missed the oldest are forgotten. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, TL_THREADS_MAX);
	__type(key, __u32);
	__type(value, struct tl_queued);
} tl_queue SEC(".maps");

/* What a CPU runs. */
struct tl_running {
	__u64 time;		/* since when, ns since boot */
	__u32 tid;
	__u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tl_running);
} tl_running SEC(".maps");

static __always_inline __u32 tl_task_state(struct task_struct *task)
{
	if (bpf_core_field_exists(task->__state))
		return task->__state;
	return ((struct task_struct___before_5_14 *)task)->state;
}

/* ---- sched.wait ------------------------------------------------------------------------------ */

static __always_inline void tl_queue_add(struct task_struct *task, __u32 reason)
{
	struct tl_queued *known, fresh = { .time = bpf_ktime_get_boot_ns(), .reason = reason };
	__u32 tid = task->pid;

	known = bpf_map_lookup_elem(&tl_queue, &tid);
	if (known)
		*known = fresh;
	else
		bpf_map_update_elem(&tl_queue, &tid, &fresh, BPF_ANY);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(tl_sched_wakeup, struct task_struct *task)
{
	tl_queue_add(task, TL_WAIT_REASON_WOKEN);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(tl_sched_wakeup_new, struct task_struct *task)
{
	tl_queue_add(task, TL_WAIT_REASON_NEW);
	return 0;
}

/* The thread that leaves: back into the queue, or for ever. */
static __always_inline void tl_wait_left(bool preempt, struct task_struct *prev)
{
	__u32 tid = prev->pid, state = tl_task_state(prev);

	if (!tid)
		return;
	if (preempt || !state)
		tl_queue_add(prev, TL_WAIT_REASON_PREEMPTED);
	else if (state & TL_TASK_DEAD)
		bpf_map_delete_elem(&tl_queue, &tid);
}

static __always_inline __u32 tl_on_wait(struct tl_shared *shared, struct task_struct *prev,
					struct task_struct *next)
{
	__u32 tid = next->pid;
	struct tl_queued *queued, since = {};
	struct tl_sched_wait *e;

	if (!tid)
		return 0;
	queued = bpf_map_lookup_elem(&tl_queue, &tid);
	if (queued) {
		since = *queued;
		queued->time = 0;
	}
	e = tl_begin_task(shared, TL_E_SCHED_WAIT, sizeof(*e), next);
	if (!e)
		return 0;
	if (tl_holds(shared, TL_E_SCHED_WAIT, since.time)) {
		e->duration = e->record.time - since.time;
		e->reason = since.reason;
	} else {
		tl_unread(e, TL_F_SCHED_WAIT_DURATION);
		tl_unread(e, TL_F_SCHED_WAIT_REASON);
	}
	e->prev_tid = prev->pid;
	if (tl_wants(e, TL_F_SCHED_WAIT_PREV_COMM))
		tl_kernel_str(e, &e->prev_comm, TL_F_SCHED_WAIT_PREV_COMM, &prev->comm);
	return tl_submit(e);
}

TL_HOOK(sched_switch)

SEC("tp_btf/sched_switch")
int BPF_PROG(tl_sched_wait, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	struct tl_shared *shared = tl_shared_memory();
	__u32 go_on;

	if (!shared)
		return 0;
	tl_wait_left(preempt, prev);
	go_on = tl_on_wait(shared, prev, next);
	TL_END(go_on, tl_verdicts_sched_switch);
	return 0;
}

/* ---- sched.switch ---------------------------------------------------------------------------- */

/* A thread that another CPU wakes at this very moment may be seen as runnable already. */
static __always_inline __u8 tl_thread_state(bool preempt, __u32 state)
{
	if (preempt || !state)
		return TL_THREAD_STATE_RUNNABLE;
	if (state & TL_TASK_DEAD)
		return TL_THREAD_STATE_DEAD;
	if (state & TL_TASK_UNINTERRUPTIBLE)
		return state & TL_TASK_NOLOAD ? TL_THREAD_STATE_IDLE : TL_THREAD_STATE_UNINTERRUPTIBLE;
	if (state & TL_TASK_STOPPED)
		return TL_THREAD_STATE_STOPPED;
	if (state & TL_TASK_TRACED)
		return TL_THREAD_STATE_TRACED;
	if (state & TL_TASK_PARKED)
		return TL_THREAD_STATE_PARKED;
	return TL_THREAD_STATE_SLEEPING;
}

/* What this CPU has run until now, and that it is `next` from now on. */
static __always_inline struct tl_running tl_running_set(struct task_struct *next, __u64 now)
{
	__u32 zero = 0;
	struct tl_running *running = bpf_map_lookup_elem(&tl_running, &zero), before = {};

	if (running) {
		before = *running;
		running->time = now;
		running->tid = next->pid;
	}
	return before;
}

static __always_inline __u32 tl_on_switch(struct tl_shared *shared, bool preempt, struct task_struct *prev,
					  struct task_struct *next)
{
	struct tl_running before = tl_running_set(next, bpf_ktime_get_boot_ns());
	struct tl_sched_switch *e = tl_begin_task(shared, TL_E_SCHED_SWITCH, sizeof(*e), prev);

	if (!e)
		return 0;
	if (before.tid == e->record.tid && tl_holds(shared, TL_E_SCHED_SWITCH, before.time))
		e->duration = e->record.time - before.time;
	else
		tl_unread(e, TL_F_SCHED_SWITCH_DURATION);
	e->state = tl_thread_state(preempt, tl_task_state(prev));
	e->voluntary = e->state != TL_THREAD_STATE_RUNNABLE;
	e->next_tid = next->pid;
	if (tl_wants(e, TL_F_SCHED_SWITCH_NEXT_COMM))
		tl_kernel_str(e, &e->next_comm, TL_F_SCHED_SWITCH_NEXT_COMM, &next->comm);
	return tl_submit(e);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(tl_sched_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	struct tl_shared *shared = tl_shared_memory();
	__u32 go_on = shared ? tl_on_switch(shared, preempt, prev, next) : 0;

	TL_END(go_on, tl_verdicts_sched_switch);
	return 0;
}
