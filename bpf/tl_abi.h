/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the kernel side and the user side agree on: the record, and the memory that both sides see.
 * Included by BPF programs and by core/, so it needs nothing but <linux/types.h>. It is the ABI of
 * one build: names are the API, numbers are not.
 */
#ifndef TL_ABI_H
#define TL_ABI_H

#include <linux/types.h>

#define TL_ABI_VERSION	5	/* in every battery file; core refuses another one */

#define TL_SUBS_MAX	64	/* one bit of a mask each */
#define TL_EVENTS_MAX	1024	/* battery and dynamic events of one session */
#define TL_SYSCALLS_MAX	512	/* a power of two above the newest syscall number */
#define TL_SYSCALL_OTHER 511	/* stands for all that have no number of their own: 32-bit calls, unknown ones */
#define TL_HANDLERS_MAX	1024	/* slots of a tail-call table; slot 0 stays empty */
#define TL_VERDICT_EARLY	TL_EVENTS_MAX		/* + event: in a table of verdicts, those before the handler */
#define TL_VERDICT_JUDGED	(2 * TL_EVENTS_MAX)	/* in the same table, where verdicts go on to */
#define TL_VERDICTS_MAX	(2 * TL_EVENTS_MAX + 1)
#define TL_CHAIN_MAX	6	/* handlers that one side of a syscall can have at a time */
#define TL_PARTS	7	/* what a call is about: its six arguments and its result */
#define TL_PART_RET	6
#define TL_PIDS_MAX	65536	/* counters of the target filter, a power of two */
#define TL_LEVELS	4	/* task, softirq, hardirq, nmi: nesting of programs on one CPU */
#define TL_COMM_LEN	16
#define TL_STR_MAX	4096	/* PATH_MAX: no single string is longer */
#define TL_BUDGET_WINDOW 100000000	/* ns */
#define TL_KEY_MAX	512	/* bytes of an aggregate's key */
#define TL_SPANS_MAX	16	/* of one session */
#define TL_DATA_MAX	28672	/* bytes of one record; a per-CPU map value ends at 32 KiB */

/* The fields that every event has, and their numbers in `fields` and `unread`. */
enum tl_common_field {
	TL_F_EVENT, TL_F_TIME, TL_F_PID, TL_F_TID, TL_F_PPID, TL_F_UID, TL_F_GID, TL_F_COMM,
	TL_F_CPU, TL_F_CGROUP,
	TL_F_OWN,		/* the first of the event's own fields */
};

#define TL_FIELDS_MAX	64
#define TL_BIT(n)	(1ULL << (n))

/* Fields of every event too, which a record has only if somebody asks for one of them: struct tl_identity. */
enum tl_identity_field { TL_F_NSPID = TL_FIELDS_MAX - 3, TL_F_LOGINUID, TL_F_EXE };

#define TL_IDENTITIES	3
#define TL_IDENTITY_FIELDS	(TL_BIT(TL_F_NSPID) | TL_BIT(TL_F_LOGINUID) | TL_BIT(TL_F_EXE))

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
	__u16 flags;		/* TL_RECORD_… */
	__u64 time;		/* ns since boot, suspend included */
	__u64 mask;		/* the subscriptions that want it */
	__u64 unread;		/* bit per field: it could not be read and holds nothing */
	__u64 absent;		/* bit per field: there is no such thing here, and it holds nothing */
	__u64 cgroup;		/* id in cgroup v2 */
	__u32 pid, tid, ppid, uid, gid, cpu;
	char comm[TL_COMM_LEN];
	__u64 span;		/* ns since the begin of the span that ends here, if somebody wants to know of one */
};

/* A string, byte string, list of strings, path, file … in the tail of the record. */
struct tl_str {
	__u16 offset;		/* from the begin of the record */
	__u16 length;		/* bytes, no terminating NUL counted (lists: every NUL counts) */
	__u16 flags;
	__u16 kind;		/* of a file: enum tl_file_kind */
};

#define TL_FIXED_MAX	1024	/* bytes of the fixed part of a record */
#define TL_RECORD_IDENTITY 1	/* a struct tl_identity comes behind the fixed fields */

/* Who the process is. */
struct tl_identity {
	__u32 nspid;		/* in the pid namespace that it lives in */
	__u32 loginuid;
	struct tl_str exe;	/* the path of its program's file */
};

#define TL_STR_CUT	1	/* longer than what is here */
#define TL_STR_CHANGED	2	/* somebody rewrote it during the call; this is what was there at its begin */
#define TL_STR_LATE	4	/* read when the call returned, and not held against its begin */
#define TL_STR_DELETED	8	/* a file without a name */

/* What a file field has in the tail. */
enum tl_file_kind {
	TL_FILE_NONE,
	TL_FILE_PATH,		/* components, leaf first, each ended by NUL */
	TL_FILE_LOOSE,		/* the same, of a file that no mount namespace shows: memfd */
	TL_FILE_ANON,		/* a name: anon_inode:[eventpoll] */
	TL_FILE_PIPE,		/* struct tl_file_number */
	TL_FILE_NS,		/* struct tl_file_number, then the name of the kind: mnt:[4026531840] */
	TL_FILE_SOCKET,		/* struct tl_file_socket, then the bytes of a unix socket's name */
};

struct tl_file_number {
	__u64 inode;
};

/* An address in network byte order; IPv4 in the first four bytes. family 0: none. */
struct tl_ip {
	__u8 family;		/* AF_INET or AF_INET6 */
	__u8 flags;		/* TL_STR_LATE */
	__u8 reserved[2];
	__u8 bytes[16];
};

struct tl_file_socket {
	__u64 inode;
	struct tl_ip saddr, daddr;
	__u16 family, type, protocol;
	__u16 sport, dport;
	__u16 of_peer;		/* the name that follows is the peer's */
	__u32 local, remote;	/* netlink: port id, groups; packet: interface, protocol */
};

/*
 * A record in the making and what its makers pass on over tail calls: the scratch of one nesting level.
 * Verdicts, which user space makes, look into it.
 */
struct tl_slot {
	__u64 mask;		/* subscriptions that want the process */
	__u64 fields;		/* of the event in hand, wanted by somebody */
	__u64 common_unread;	/* common fields that this context could not tell */
	__u64 duration;		/* of the call, ns; TL_NO_DURATION */
	__u64 args[6];		/* of the call, and its result, for early verdicts */
	__s64 ret;
	__u64 entered;		/* with a budget: when the scratch was taken, ns; 0: without */
	__u64 others;		/* tl_route.others */
	__u64 denied;		/* subscriptions that an early verdict has dealt with … */
	__u16 denied_event;	/* … of this event; TL_EVENTS_MAX: none */
	__u16 next;		/* the slot that comes after the early verdict; 0: nothing */
	__u16 submitted;	/* the record is whole, and no verdict has passed it on yet */
	__u16 judged;		/* a verdict comes before the channel */
	__u32 used;		/* bytes of the record so far */
	__u16 nr, step;		/* the call, and how far its chain of handlers is */
	__u16 side;		/* enum tl_side */
	__u16 parts;		/* bit per part that the base program has prepared for this call */
	__u16 identity;		/* where in the record it is; 0: nobody asks */
	__u16 again;		/* not 0: the handler comes once more, for the thing of that number in the call */
	__u32 payload;		/* bytes of a buffer that are wanted, at most TL_STR_MAX */
	__u64 spans[TL_SPANS_MAX];	/* by number, of those that end here: ns since the begin; TL_NO_DURATION */
	__u8 key[TL_KEY_MAX];	/* of an aggregate, in the making */
	union {
		struct tl_record head;
		__u8 data[TL_DATA_MAX];
	};
};

#define TL_NO_DURATION	(~0ULL)
#define TL_NO_CALL	0xffff	/* slot->nr where no system call is at hand: there is no chain of handlers */

/* What user space wants of an event; written there, read here. */
struct tl_event_state {
	__u64 subs;		/* subscriptions that are not paused */
	__u64 fields;		/* bit per field that one of them wants */
	__u64 since;		/* ns since boot: from then on one of them has been there without a break */
	__u32 payload;		/* bytes of a buffer, the most that one of them wants */
	__u32 verdict;		/* not 0: there is a verdict behind its handler */
};

#define TL_PAYLOAD	256	/* unless a subscription says otherwise */

enum tl_side { TL_ENTER, TL_EXIT, TL_SIDES };

/*
 * What is done with a part of a call (an argument, the result) before handlers run, by the programs of
 * prepare.bpf.c: once for all handlers, and their loops are verified once and not with each handler.
 */
enum tl_part_work {
	TL_PART_NOTHING,
	TL_PART_FILE,		/* enter: remember which file the descriptor is; exit: describe it */
	TL_PART_DIR,		/* the same; AT_FDCWD is the working directory */

	TL_PART_KEPT = 4,	/* the bit of those below: something of it is kept from enter to exit */
	TL_PART_STRING = TL_PART_KEPT,	/* enter: keep it; exit: read it, hold it against the one kept */
	TL_PART_HELD,		/* enter: describe the file; exit: as it was then (close) */
	TL_PART_HELD_DIR,
	TL_PART_HELD_STRING,	/* enter: keep it; exit: as it was then (execveat) */
	TL_PART_HELD_BYTES = 8 | TL_PART_KEPT,	/* the same with what a pointer leads to, which the call overwrites */

	TL_PART_EXEC = 16,		/* the bit of those below: what was passed lies elsewhere if the call was good */
	TL_PART_EXEC_PATH = TL_PART_EXEC | TL_PART_KEPT,
	TL_PART_EXEC_ARGV,
};

#define TL_WORK_TIME	1	/* enter: keep the time; exit: look for it */
#define TL_WORK_ARGS	2	/* enter: keep the arguments, the registers will be gone */

/* What happens at a system call, one per number and per side (enter, exit). */
struct tl_route {
	__u64 subs;		/* union over the handlers below */
	__u64 fields;		/* union over their events */
	__u8 work;		/* TL_WORK_… */
	__u8 parts[TL_PARTS];	/* enum tl_part_work */
	__u16 prepare;		/* slot of the program that does the work on parts; 0: there is none */
	__u16 handlers[TL_CHAIN_MAX];	/* slots of the tail-call table, run in turn; 0 ends */
	__u16 early;		/* not 0: there is a verdict before the handler, on the event of that number less 1 */
	__u64 others;		/* subscriptions to other events of this call than that one */
};

/* ---- which processes --------------------------------------------------------------------------- */

/*
 * What is known of a process are two sets of bits, one per selector: marks, which it was given or has
 * from its parent, and traits, which it has by what it is. Rules say what follows from them.
 */
#define TL_MARKS_MAX	63
#define TL_MARK_SELF	TL_BIT(63)	/* the tracer itself */
#define TL_TRAITS_MAX	64
#define TL_RULES_MAX	256
#define TL_GLOBS_MAX	32	/* of each kind */
#define TL_GLOB_WORDS	4
#define TL_GLOB_STATES	(TL_GLOB_WORDS * 64)	/* of all globs of a kind together; each has one more than elements */
#define TL_CGROUP_MAX	256	/* bytes of a cgroup's path, its NUL included */

enum tl_trait_kind {
	TL_TRAIT_COMM, TL_TRAIT_EXE, TL_TRAIT_UID, TL_TRAIT_GID, TL_TRAIT_CGROUP, TL_TRAIT_NETNS,
	TL_TRAIT_MNTNS, TL_TRAIT_PIDNS, TL_TRAIT_TTY, TL_TRAIT_READER,
	TL_TRAITS,
};

#define TL_READER_PID	(~0U)	/* as `dev` of TL_TRAIT_READER: the value is a pid */

/* Key of the map that says which traits a process has by one of its values. */
struct tl_trait {
	__u32 kind;		/* enum tl_trait_kind */
	__u32 dev;		/* of an executable file, of a pipe that is read; TL_READER_PID */
	__u64 value;		/* inode, user, cgroup … */
};

struct tl_rule {
	__u64 marks, no_marks;	/* true of a process that has all of these and none of those */
	__u64 traits, no_traits;
	__u64 subs;		/* then these subscriptions want it */
	__u64 gives;		/* and children that it makes get these marks */
};

/*
 * Globs, all of one kind together, as states: state i of a glob says that its first i elements have been
 * matched. Each byte of a text moves all of them at once, so that no step back is ever needed.
 */
struct tl_globs {
	__u64 takes[256][TL_GLOB_WORDS];	/* by byte: the states that go on to the next */
	__u64 stays[TL_GLOB_WORDS];		/* whatever comes (a star) */
	__u64 begins[TL_GLOB_WORDS];		/* where the globs begin */
	__u64 parts[TL_GLOB_WORDS];		/* of paths: all states of globs for one part alone, no slash in it */
	struct {
		__u64 states[TL_GLOB_WORDS];
		__u64 traits;
	} ends[TL_GLOBS_MAX];			/* what a text gives that ends in one of these states */
};

enum tl_glob_kind { TL_GLOB_COMM, TL_GLOB_CGROUP, TL_GLOB_KINDS };	/* in the map: + TL_GLOB_KINDS * current */

/* Key of the names and paths of cgroups that are no globs: NUL-padded. */
struct tl_cgroup_name {
	char text[TL_CGROUP_MAX];
};

struct tl_cgroup_traits {
	__u64 part, whole;	/* of cgroups whose last part, or whose path this is */
};

/* What the subscriptions select, all together. */
struct tl_selection {
	__u32 kinds;		/* bit per enum tl_trait_kind that one of them asks for */
	__u32 pass;		/* number of the last walk over all processes */
	__u32 sowing;		/* it is under way, and hands marks to descendants */
	__u32 cgroup_v1;	/* 1 + number of the controller whose cgroups count; 0: those of version 2 */
	__u32 cgroup_root;	/* number of the hierarchy that they are in */
	__u32 current;		/* which of two sets of rules and globs holds: the other one is being written */
	__u32 n_rules[2];
	__u64 marks;		/* those in use */
	__u64 watched;		/* subscriptions that are told who joins and leaves */
	struct tl_rule rules[2][TL_RULES_MAX];
};

/* What is known of a process. Key: its pid (the kernel's tgid). */
struct tl_target {
	__u64 mask;		/* subscriptions that want this process */
	__u64 gives;		/* marks of the children that it makes */
	__u64 marks, traits;
	__u64 at_exec;		/* marks that it gets at its next execve (a command to be run) */
	__u64 start;		/* ns since boot when the process began: tells it from a reused pid */
	__u32 pass;		/* the last walk that met it, or in which it was born */
	__u32 reserved;
};

/* What user space says of a process before a walk, which hands it on. Key: its pid. */
struct tl_seed {
	__u64 marks, at_exec;
	__u64 tree;		/* of `marks`: those that descendants who are there already get too */
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
 * What verdicts count for a subscription. Written by them, with atomic adds; read and set to 0 by user
 * space, when the bit gets an owner. The governor's window is theirs too.
 */
struct tl_sub_counts {
	__u64 errors;		/* evaluation errors */
	__u64 held;		/* held back by the limit */
	__u64 full;		/* increments that found no room in an aggregate's map */
	__u64 window, in_window;	/* when the governor's window began, ns since boot; records in it */
	__u64 unbegun;		/* of a span: ends whose begin is not known */
	__u64 reserved[2];	/* a cache line each */
};

/*
 * The memory that both sides map. User space writes, in aligned words so that nothing is torn; the
 * kernel side writes `waiting` (clears it), `wakeups` and the filter (atomic adds, both sides).
 */
struct tl_shared {
	__u64 everyone;		/* subscriptions that want a process of which nothing is known */
	__u64 enter_since;	/* ns since boot: times of entry before this are of an earlier tracing */
	__u64 wakeups;		/* times that the reader was woken */
	__u64 budget;		/* ns of each window of TL_BUDGET_WINDOW that programs may take on a CPU; 0: all */
	__u32 epoch;		/* changes when a bit of the mask gets a new owner */
	__u32 waiting;		/* the reader sleeps on an empty ring and wants to be woken */
	struct tl_sub_counts subs[TL_SUBS_MAX];
	struct tl_event_state events[TL_EVENTS_MAX];
	struct tl_route routes[TL_SIDES][TL_SYSCALLS_MAX];
	__u32 target_filter[TL_PIDS_MAX];	/* targets per pid modulo size; 0: none, without a hash look-up */
	struct tl_selection selection;
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
	__u64 begun, ended;	/* calls; only in the row that belongs to no event */
	__u64 held;		/* calls and other hits of hooks that the budget held back; in that row too */
};

#endif
