// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Interrupts, hard and soft ones. On one CPU a kind never interrupts itself, so the begin is kept per CPU;
 * and nothing preempts either, so that the raw tracepoints do on all kernels.
 */
#include "current.bpf.h"
#include "read.bpf.h"
#include "tl_events.h"

#define TL_IRQ_HANDLED	0x1	/* bit of what a handler returns */

struct irqaction {
	const char *name;
} TL_CORE;

enum tl_irq_kind { TL_IRQ_HARD, TL_IRQ_SOFT, TL_IRQ_KINDS };

/* kind → when it began, ns since boot; 0: it is not under way */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TL_IRQ_KINDS);
	__type(key, __u32);
	__type(value, __u64);
} tl_irq_begun SEC(".maps");

static __always_inline void tl_irq_enter(__u32 kind)
{
	__u64 *begun = bpf_map_lookup_elem(&tl_irq_begun, &kind);

	if (begun)
		*begun = bpf_ktime_get_boot_ns();
}

/* When it began, 0 if that was not seen. */
static __always_inline __u64 tl_irq_leave(struct tl_shared *shared, __u32 kind, __u32 event)
{
	__u64 *begun = bpf_map_lookup_elem(&tl_irq_begun, &kind), time;

	if (!begun)
		return 0;
	time = *begun;
	*begun = 0;
	return tl_holds(shared, event, time) ? time : 0;
}

/* That it hit the tracer is not the tracer's doing: who wants those of all processes gets it. */
static __always_inline __u64 tl_irq_wanted(struct tl_shared *shared, __u32 event)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 subs = tl_event_subs(shared, event);

	return tl_wanted(shared, subs, pid) | (pid == tl_config.self ? subs & shared->everyone : 0);
}

static __always_inline void *tl_begin_irq(struct tl_shared *shared, __u32 event, __u32 fixed)
{
	return tl_begin_current_for(shared, tl_irq_wanted(shared, event), event, fixed);
}

/* ---- irq.hard -------------------------------------------------------------------------------- */

SEC("tp_btf/irq_handler_entry")
int BPF_PROG(tl_irq_handler_entry)
{
	tl_irq_enter(TL_IRQ_HARD);
	return 0;
}

static __always_inline __u32 tl_on_irq_hard(int irq, struct irqaction *action, int ret)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_irq_hard *e;
	__u64 begun;

	if (!shared)
		return 0;
	begun = tl_irq_leave(shared, TL_IRQ_HARD, TL_E_IRQ_HARD);
	e = tl_begin_irq(shared, TL_E_IRQ_HARD, sizeof(*e));
	if (!e)
		return 0;
	e->irq = irq;
	e->handled = ret & TL_IRQ_HANDLED;
	if (tl_wants(e, TL_F_IRQ_HARD_NAME))
		tl_kernel_str(e, &e->name, TL_F_IRQ_HARD_NAME, BPF_CORE_READ(action, name));
	if (begun)
		e->duration = e->record.time - begun;
	else
		tl_unread(e, TL_F_IRQ_HARD_DURATION);
	return tl_submit(e);
}

TL_HOOK(irq_handler_exit)

SEC("tp_btf/irq_handler_exit")
int BPF_PROG(tl_irq_handler_exit, int irq, struct irqaction *action, int ret)
{
	__u32 next = tl_on_irq_hard(irq, action, ret);

	TL_END(next, tl_verdicts_irq_handler_exit);
	return 0;
}

/* ---- irq.soft -------------------------------------------------------------------------------- */

SEC("tp_btf/softirq_entry")
int BPF_PROG(tl_softirq_entry)
{
	tl_irq_enter(TL_IRQ_SOFT);
	return 0;
}

static __always_inline __u32 tl_on_irq_soft(__u32 vector)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_irq_soft *e;
	__u64 begun;

	if (!shared)
		return 0;
	begun = tl_irq_leave(shared, TL_IRQ_SOFT, TL_E_IRQ_SOFT);
	e = tl_begin_irq(shared, TL_E_IRQ_SOFT, sizeof(*e));
	if (!e)
		return 0;
	e->vector = vector;
	if (begun)
		e->duration = e->record.time - begun;
	else
		tl_unread(e, TL_F_IRQ_SOFT_DURATION);
	return tl_submit(e);
}

TL_HOOK(softirq_exit)

SEC("tp_btf/softirq_exit")
int BPF_PROG(tl_softirq_exit, unsigned int vector)
{
	__u32 next = tl_on_irq_soft(vector);

	TL_END(next, tl_verdicts_softirq_exit);
	return 0;
}
