/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What every handler is made of: begin a record, fill its fields, submit it, hand on to the next handler.
 *
 *	struct tl_syscall_close *e = tl_begin(TL_E_SYSCALL_CLOSE, sizeof(*e));
 *	if (e) { e->ret = ret; … return tl_submit(e); }
 *	return tl_next();
 *
 * What it returns says how it goes on; flavour.bpf.h makes that so, where the tables are known.
 */
#ifndef TL_HANDLER_BPF_H
#define TL_HANDLER_BPF_H


#include "budget.bpf.h"

#define tl_slot_of(record) \
	((struct tl_slot *)((void *)(record) - offsetof(struct tl_slot, data)))

/* ---- scratch --------------------------------------------------------------------------------- */

/* Takes the scratch of the next nesting level. Whoever gets one must end in tl_next() or tl_leave(). */
static __always_inline struct tl_slot *tl_enter(__u64 mask)
{
	__u32 zero = 0, level;
	__u32 *depth = bpf_map_lookup_elem(&tl_depth, &zero);
	struct tl_slot *slot;
	__u64 entered = 0;

	if (!depth || !tl_budget_enter(&entered))
		return NULL;
	level = *depth;
	if (level >= TL_LEVELS) {
		tl_lost(TL_EVENTS_MAX, TL_LOST_NESTING, mask);
		return NULL;
	}
	slot = bpf_map_lookup_elem(&tl_scratch, &level);
	if (!slot)
		return NULL;
	*depth = level + 1;
	slot->mask = mask;
	slot->entered = entered;
	slot->common_unread = 0;
	slot->duration = TL_NO_DURATION;
	slot->step = 0;
	slot->side = TL_EXIT;
	slot->nr = TL_NO_CALL;
	slot->parts = 0;
	slot->again = 0;
	slot->denied_event = TL_EVENTS_MAX;
	slot->submitted = 0;
	return slot;
}

/* The scratch in use on this CPU: how a tail-called program finds what its caller prepared. */
static __always_inline struct tl_slot *tl_current(void)
{
	__u32 zero = 0, level;
	__u32 *depth = bpf_map_lookup_elem(&tl_depth, &zero);

	if (!depth || !*depth)
		return NULL;
	level = *depth - 1;
	return bpf_map_lookup_elem(&tl_scratch, &level);
}

static __always_inline void tl_leave(void)
{
	__u32 zero = 0;
	__u32 *depth = bpf_map_lookup_elem(&tl_depth, &zero);
	struct tl_slot *slot = tl_current();

	if (slot && slot->entered)
		tl_budget_leave(slot->entered);
	if (depth && *depth)
		*depth -= 1;
}

/* ---- the common fields ----------------------------------------------------------------------- */

/* Not by the typed pointer: the verifier looks through all of the kernel's types for each such step, 1 ms. */
static __always_inline __u32 tl_current_ppid(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, real_parent, tgid);
}

static __always_inline void tl_current_comm(char *comm)
{
	if (tl_config.has_task_btf) {		/* two loads instead of a helper call */
		struct task_struct *task = bpf_get_current_task_btf();

		((__u64 *)comm)[0] = *(__u64 *)&task->comm[0];
		((__u64 *)comm)[1] = *(__u64 *)&task->comm[8];
	} else {
		bpf_get_current_comm(comm, TL_COMM_LEN);
	}
}

/* Fills the head with what the current task is, as far as somebody wants to know. */
static __always_inline void tl_fill_current(struct tl_slot *slot, __u64 fields)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	struct tl_record *head = &slot->head;

	__builtin_memset(head, 0, sizeof(*head));
	head->time = bpf_ktime_get_boot_ns();
	head->pid = pid_tgid >> 32;
	head->tid = pid_tgid;
	head->cpu = bpf_get_smp_processor_id();
	if (fields & TL_BIT(TL_F_COMM))
		tl_current_comm(head->comm);
	if (fields & (TL_BIT(TL_F_UID) | TL_BIT(TL_F_GID))) {
		__u64 uid_gid = bpf_get_current_uid_gid();

		head->uid = uid_gid;
		head->gid = uid_gid >> 32;
	}
	if (fields & TL_BIT(TL_F_PPID))
		head->ppid = tl_current_ppid();
	if (fields & TL_BIT(TL_F_CGROUP))
		head->cgroup = bpf_get_current_cgroup_id();
}

/* ---- one record ------------------------------------------------------------------------------ */

static __always_inline struct tl_event_state *tl_state(struct tl_shared *shared, __u32 event)
{
	return &shared->events[(tl_config.first_event + event) & (TL_EVENTS_MAX - 1)];
}

/* Subscriptions to one of this object's events, whatever the process. */
static __always_inline __u64 tl_event_subs(struct tl_shared *shared, __u32 event)
{
	return tl_state(shared, event)->subs;
}

static __always_inline __u64 tl_event_fields(struct tl_shared *shared, __u32 event)
{
	return tl_state(shared, event)->fields;
}

/* Whether a time was kept while this event has been wanted without a break: else more may have happened since. */
static __always_inline bool tl_holds(struct tl_shared *shared, __u32 event, __u64 time)
{
	return time && time >= tl_state(shared, event)->since;
}

/* A record of that event with its `fixed` bytes cleared behind the head; NULL if nobody wants it. */
static __always_inline void *tl_begin(__u32 event, __u32 fixed)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_slot *slot = tl_current();
	struct tl_event_state *state;
	__u64 mask;

	if (!shared || !slot)
		return NULL;
	state = tl_state(shared, event);
	mask = slot->mask & state->subs;
	if (slot->denied_event == tl_config.first_event + event)
		mask &= ~slot->denied;
	if (!mask)
		return NULL;
	slot->fields = state->fields;
	slot->judged = state->verdict;
	slot->payload = state->payload;
	slot->used = fixed;
	slot->head.event = tl_config.first_event + event;
	slot->head.mask = mask;
	slot->head.unread = slot->common_unread;
	slot->head.absent = 0;
	slot->head.flags = 0;
	slot->identity = 0;
	__builtin_memset(slot->data + sizeof(struct tl_record), 0, fixed - sizeof(struct tl_record));
	if (slot->fields & TL_IDENTITY_FIELDS) {
		__builtin_memset(slot->data + fixed, 0, sizeof(struct tl_identity));
		slot->used = fixed + sizeof(struct tl_identity);
		slot->head.flags = TL_RECORD_IDENTITY;
		slot->identity = fixed;
	}
	return slot->data;
}

static __always_inline bool tl_wants(void *record, __u32 field)
{
	return tl_slot_of(record)->fields & TL_BIT(field);
}

static __always_inline void tl_unread(void *record, __u32 field)
{
	tl_slot_of(record)->head.unread |= TL_BIT(field);
}

static __always_inline void tl_absent(void *record, __u32 field)
{
	tl_slot_of(record)->head.absent |= TL_BIT(field);
}

/* Wakes a reader that sleeps; otherwise it comes by itself, on a timer. A wake-up costs 20 records. */
static __always_inline __u64 tl_wakeup(struct tl_shared *shared)
{
	if (!shared->waiting)
		return BPF_RB_NO_WAKEUP;
	shared->waiting = 0;
	__sync_fetch_and_add(&shared->wakeups, 1);
	return BPF_RB_FORCE_WAKEUP;
}

/*
 * What a body returns: the slot of the handler that comes next; 0: all is done; or one of these and the
 * number of an event, when a table of verdicts is to be asked.
 */
#define TL_EARLY	0x10000		/* before the handlers; then slot->next */
#define TL_SUBMITTED	0x20000		/* the record is whole: the channel comes next … */
#define TL_JUDGED	0x40000		/* … after a verdict */
#define TL_NUMBER	0x0ffff

int tl_identify(void);		/* identity.bpf.h */

/* The record is whole. */
static __always_inline __u32 tl_submit(void *record)
{
	struct tl_slot *slot = tl_slot_of(record);

	if (slot->identity)
		tl_identify();
	slot->head.size = slot->used;
	slot->submitted = 1;
	return TL_SUBMITTED | (slot->judged ? TL_JUDGED : 0) | slot->head.event;
}

/* Ends a handler: the slot of the next one of the call's chain, or 0 at the end. */
static __always_inline __u32 tl_next(void)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_slot *slot = tl_current();
	__u32 next = 0, step;

	if (shared && slot && slot->nr != TL_NO_CALL) {
		step = slot->again ? slot->step : slot->step + 1;
		slot->step = step;
		if (step < TL_CHAIN_MAX)
			next = shared->routes[slot->side & (TL_SIDES - 1)][slot->nr & (TL_SYSCALLS_MAX - 1)]
				.handlers[step];
	}
	if (!next)
		tl_leave();
	return next;
}

/* Hands a record to the channel and counts what became of it. */
static __always_inline void tl_send(void *ctx, struct tl_shared *shared, struct tl_record *head, __u32 size)
{
	__u32 event = head->event;
	struct tl_counts *counts = bpf_map_lookup_elem(&tl_counts, &event);
	long err;

	if (!counts)
		return;
	counts->made++;
	if (tl_config.use_perf)
		err = bpf_perf_event_output(ctx, &tl_perf, BPF_F_CURRENT_CPU, head, size);
	else
		err = bpf_ringbuf_output(&tl_ring, head, size, tl_wakeup(shared));
	if (err)
		tl_lost(event, TL_LOST_CHANNEL, head->mask);
}

static __always_inline void tl_output(void *ctx, struct tl_shared *shared, struct tl_slot *slot)
{
	__u32 size = slot->head.size;

	if (size <= TL_DATA_MAX)
		tl_send(ctx, shared, &slot->head, size);
}

/*
 * The record of the slot in use, if a verdict has left somebody who wants it; then what comes next. A
 * function of its own, since two flavours of each of 380 handlers end in it; hidden, so that it is
 * verified as part of each: where a function is verified by itself, 5.10 takes no ctx.
 */
__hidden __noinline __u32 tl_emit(void *ctx)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_slot *slot = tl_current();

	if (!shared || !slot)
		return 0;
	slot->submitted = 0;
	if (slot->head.mask)
		tl_output(ctx, shared, slot);
	return tl_next();
}

/* After an early verdict: on to the handlers. */
static __always_inline __u32 tl_after_early(void)
{
	struct tl_slot *slot = tl_current();

	if (slot && slot->next)
		return slot->next;
	tl_leave();
	return 0;
}

/* Where all verdicts go on to. */
static __always_inline __u32 tl_after_verdict(void *ctx)
{
	struct tl_slot *slot = tl_current();

	if (!slot)
		return 0;
	return slot->submitted ? tl_emit(ctx) : tl_after_early();
}

/* A tail call came back: the slot is empty. */
static __always_inline void tl_handler_gone(void)
{
	struct tl_slot *slot = tl_current();

	if (slot)
		tl_lost(TL_EVENTS_MAX, TL_LOST_HANDLER, slot->mask);
	tl_leave();
}

#endif
