/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps and the shared memory of a session. Every battery object declares them; the session makes
 * them once and gives the same ones to each object, by name.
 */
#ifndef TL_MAPS_BPF_H
#define TL_MAPS_BPF_H

#include "kernel.bpf.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "tl_abi.h"

const volatile struct tl_config tl_config SEC(".rodata.tl");

/* The memory that user space maps: what is wanted, and by whom. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tl_shared);
} tl_shared SEC(".maps");

static __always_inline struct tl_shared *tl_shared_memory(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&tl_shared, &zero);
}

/*
 * pid → what is known of a process that is a target, or may become one. Entries are allocated one by
 * one: making room for all of them at once took 3 ms of each start.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 131072);
	__type(key, __u32);
	__type(value, struct tl_target);
} tl_targets SEC(".maps");

/* Handlers that run after tl_sys_enter and tl_sys_exit, by slot. A table holds programs of one flavour and hook. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, TL_HANDLERS_MAX);
	__type(key, __u32);
	__type(value, __u32);
} tl_enter_handlers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, TL_HANDLERS_MAX);
	__type(key, __u32);
	__type(value, __u32);
} tl_enter_handlers_classic SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, TL_HANDLERS_MAX);
	__type(key, __u32);
	__type(value, __u32);
} tl_exit_handlers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, TL_HANDLERS_MAX);
	__type(key, __u32);
	__type(value, __u32);
} tl_exit_handlers_classic SEC(".maps");

/* The channel: one of these two. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} tl_ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} tl_perf SEC(".maps");

/* Safe per nesting level only: a softirq can interrupt a handler. tl_depth says which is in use. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TL_LEVELS);
	__type(key, __u32);
	__type(value, struct tl_slot);
} tl_scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} tl_depth SEC(".maps");

/* What programs have taken of the time of this CPU, while there is a budget. */
struct tl_spent {
	__u64 window;		/* when it began, ns */
	__u64 ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tl_spent);
} tl_spent SEC(".maps");

/* event → what happened to its records */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TL_EVENTS_MAX + 1);
	__type(key, __u32);
	__type(value, struct tl_counts);
} tl_counts SEC(".maps");

/* set of subscriptions → records that these did not get. Which subscription lost how many is summed up outside. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u64);
} tl_sub_lost SEC(".maps");

/* The call that a thread is in. */
struct tl_inflight {
	__u64 time;		/* of entry, ns since boot; 0: none */
	__u32 nr;
	__u32 reserved;
	__u64 args[6];		/* with TL_WORK_ARGS */
	const void *files[6];	/* what the descriptors were; kept where other threads can change that */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tl_inflight);
} tl_inflight_task SEC(".maps");

/* task → the same, on 5.10, which has no task storage. LRU: threads that die in a call leave entries. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, __u64);
	__type(value, struct tl_inflight);
} tl_inflight_hash SEC(".maps");

/* A pointer that the verifier knows the type of, as a number: functions of their own take no others. */
static __always_inline __u64 tl_number_of(const void *pointer)
{
	__u64 number = 0;

	bpf_probe_read_kernel(&number, sizeof(number), &pointer);
	return number;
}

#endif
