/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the kernel side and the user side agree on: the record, and the memory that both sides see.
 * Included by BPF programs and by core/, so it needs nothing but <linux/types.h>. It is the ABI of
 * one build: names are the API, numbers are not.
 */
#ifndef TL_ABI_H
#define TL_ABI_H

#include <linux/types.h>

#define TL_ABI_VERSION	1	/* in every battery file; core refuses another one */

#define TL_SUBS_MAX	64	/* one bit of a mask each */
#define TL_EVENTS_MAX	1024	/* battery and dynamic events of one session */
#define TL_SYSCALLS_MAX	512	/* a power of two above the newest syscall number */
#define TL_HANDLERS_MAX	1024	/* slots of a tail-call table; slot 0 stays empty */
#define TL_CHAIN_MAX	6	/* handlers that one syscall can have at a time */
#define TL_PIDS_MAX	65536	/* counters of the target filter, a power of two */
#define TL_LEVELS	4	/* task, softirq, hardirq, nmi: nesting of programs on one CPU */
#define TL_COMM_LEN	16
#define TL_STR_MAX	4096	/* PATH_MAX: no single string is longer */
#define TL_DATA_MAX	28672	/* bytes of one record; a per-CPU map value ends at 32 KiB */

/* The fields that every event has, and their numbers in `fields` and `unread`. */
enum tl_common_field {
	TL_F_EVENT, TL_F_TIME, TL_F_PID, TL_F_TID, TL_F_PPID, TL_F_UID, TL_F_GID, TL_F_COMM,
	TL_F_CPU, TL_F_CGROUP,
	TL_F_OWN,		/* the first of the event's own fields */
};

#define TL_FIELDS_MAX	64
#define TL_BIT(n)	(1ULL << (n))

/* Why a record or a part of one did not arrive. The order is the order of tl_lost_cause_name(). */
enum tl_lost_cause {
	TL_LOST_CHANNEL,	/* the ring or perf buffer was full */
	TL_LOST_NESTING,	/* more programs interrupted each other than there is scratch for */
	TL_LOST_HANDLER,	/* the tail call found no handler */
	TL_LOST_TARGETS,	/* the target map was full: a child could not be followed */
	TL_LOST_SOCKETS,	/* the socket map was full: an owner or an outcome could not be kept */
	TL_LOST_MISSED,		/* the kernel skipped a program that was busy on that CPU */
	TL_LOST_INVALID,	/* user space refused the record (counted there) */
	TL_LOST_CAUSES,
};

/* Head of every record. Fixed fields of the event follow, then the tail with the strings. */
struct tl_record {
	__u32 size;		/* of the whole record */
	__u16 event;		/* number of the event in this session */
	__u16 reserved;
	__u64 time;		/* ns since boot, suspend included */
	__u64 mask;		/* the subscriptions that want it */
	__u64 unread;		/* bit per field: it could not be read and holds nothing */
	__u64 absent;		/* bit per field: there is no such thing here, and it holds nothing */
	__u64 cgroup;		/* id in cgroup v2 */
	__u32 pid, tid, ppid, uid, gid, cpu;
	char comm[TL_COMM_LEN];
};

/* A string, byte string, list of strings or path in the tail of the record. */
struct tl_str {
	__u16 offset;		/* from the begin of the record */
	__u16 length;		/* bytes, no terminating NUL counted (lists: every NUL counts) */
	__u16 flags;
	__u16 reserved;
};

#define TL_STR_CUT	1	/* longer than what is here */

/* An address in network byte order; IPv4 in the first four bytes. family 0: none. */
struct tl_ip {
	__u8 family;		/* AF_INET or AF_INET6 */
	__u8 reserved[3];
	__u8 bytes[16];
};

/* What user space wants of an event; written there, read here. */
struct tl_event_state {
	__u64 subs;		/* subscriptions that are not paused */
	__u64 fields;		/* bit per field that one of them wants */
};

/* What happens at a system call, one per number and per side (enter, exit). */
struct tl_route {
	__u64 subs;		/* union over the handlers below */
	__u64 fields;		/* union over their events */
	__u16 handlers[TL_CHAIN_MAX];	/* slots of the tail-call table, run in turn; 0 ends */
	__u32 timed;		/* somebody wants the duration: look for the time of entry */
};

/* Fixed when a program is loaded, so that the verifier removes the branches that are not taken. */
struct tl_config {
	__u32 self;		/* the tracer's own pid: never an unnamed target */
	__u32 first_event;	/* number of this object's first event in the session */
	__u8 use_perf;		/* the channel is a perf buffer */
	__u8 has_task_btf;	/* 5.11: bpf_get_current_task_btf() and task storage */
	__u8 reserved[6];
};

/*
 * The memory that both sides map. User space writes, in aligned words so that nothing is torn; the
 * kernel side writes `waiting` (clears it), `wakeups` and the filter (atomic adds, both sides).
 */
struct tl_shared {
	__u64 everyone;		/* subscriptions without a target */
	__u64 enter_since;	/* ns since boot: times of entry before this are of an earlier tracing */
	__u64 wakeups;		/* times that the reader was woken */
	__u32 epoch;		/* changes when a bit of the mask gets a new owner */
	__u32 waiting;		/* the reader sleeps on an empty ring and wants to be woken */
	struct tl_event_state events[TL_EVENTS_MAX];
	struct tl_route exit_routes[TL_SYSCALLS_MAX];
	__u64 enter_subs[TL_SYSCALLS_MAX];
	__u32 target_filter[TL_PIDS_MAX];	/* targets per pid modulo size; 0: none, without a hash look-up */
};

/* Why a process is a target. Key: its pid (the kernel's tgid). */
struct tl_target {
	__u64 mask;		/* subscriptions that want this process */
	__u64 follow;		/* those of them that want its children too */
	__u64 at_exec;		/* those that join `mask` at its next execve (a command to be run) */
	__u64 start;		/* ns since boot when the process began: tells it from a reused pid; 0: not known yet */
};

/* Who did it, kept where the moment that is reported may come in another process's context. */
struct tl_owner {
	__u64 mask;		/* subscriptions that wanted the process then … */
	__u32 epoch;		/* … as long as this is still the epoch: bits may have new owners */
	__u32 pid, tid, ppid, uid, gid;
	__u64 cgroup;
	char comm[TL_COMM_LEN];
};

/*
 * Counters per event and CPU; those that belong to no event are at TL_EVENTS_MAX, where `made` counts
 * the runs that the kernel skipped and a second program (…_again) made up for.
 */
struct tl_counts {
	__u64 made;		/* records handed to the channel, taken or not */
	__u64 lost[TL_LOST_CAUSES];
};

#endif
