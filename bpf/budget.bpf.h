/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The session's budget: how much of each CPU's time the programs may take. From taking scratch to giving
 * it back is measured, which is where the work is; who comes when a window's share is used up is held
 * back and counted. Without a budget none of this costs anything but a look at the shared memory.
 */
#ifndef TL_BUDGET_BPF_H
#define TL_BUDGET_BPF_H

#include "targets.bpf.h"

static __always_inline void tl_held_back(void)
{
	__u32 row = TL_EVENTS_MAX;
	struct tl_counts *counts = bpf_map_lookup_elem(&tl_counts, &row);

	if (counts)
		counts->held++;
}

/* Whether there is time left. `entered`: when that was asked; stays 0 without a budget. */
static __always_inline bool tl_budget_enter(__u64 *entered)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_spent *spent;
	__u32 zero = 0;

	if (!shared || !shared->budget)
		return true;
	spent = bpf_map_lookup_elem(&tl_spent, &zero);
	if (!spent)
		return true;
	*entered = bpf_ktime_get_ns();
	if (*entered - spent->window >= TL_BUDGET_WINDOW) {
		spent->window = *entered;
		spent->ns = 0;
	}
	if (spent->ns < shared->budget)
		return true;
	tl_held_back();
	return false;
}

static __always_inline void tl_budget_leave(__u64 entered)
{
	__u32 zero = 0;
	struct tl_spent *spent = bpf_map_lookup_elem(&tl_spent, &zero);

	if (spent)
		spent->ns += bpf_ktime_get_ns() - entered;
}

#endif
