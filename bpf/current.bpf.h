/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Events of the task at hand, at hooks of their own. */
#ifndef TL_CURRENT_BPF_H
#define TL_CURRENT_BPF_H

#include "gather.bpf.h"
#include "flavour.bpf.h"
#include "tl_events.h"

/* Takes scratch for an event of the current task that these subscriptions want. Not NULL: ends in tl_submit(). */
static __always_inline void *tl_begin_current_for(struct tl_shared *shared, __u64 mask, __u32 event, __u32 fixed)
{
	struct tl_slot *slot = mask ? tl_enter(mask) : NULL;
	void *record;

	if (!slot)
		return NULL;
	tl_fill_current(slot, tl_event_fields(shared, event));
	record = tl_begin(event, fixed);
	if (!record)
		tl_leave();
	return record;
}

/* The same, if anybody wants it. */
static __always_inline void *tl_begin_current(__u32 event, __u32 fixed)
{
	struct tl_shared *shared = tl_shared_memory();
	__u64 mask;

	if (!shared)
		return NULL;
	mask = tl_wanted(shared, tl_event_subs(shared, event), bpf_get_current_pid_tgid() >> 32);
	return tl_begin_current_for(shared, mask, event, fixed);
}

#endif
