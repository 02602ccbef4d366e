/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each hook has two ways in. The better one is the raw tracepoint with its typed arguments: half the
 * price. But from Linux 7.0 on such programs can be preempted, and while one is, the kernel skips it
 * for everybody else on that CPU: three of four calls of a busy program were lost that way. There the
 * classic tracepoint is taken, where programs are not preempted. Core tells by a type that came with that.
 *
 * TL_SYS_EXIT(name) { … } defines `name` and `name_classic` from one body, which has ctx, regs and ret;
 * TL_SYS_ENTER(name) the same with ctx, regs and id, the number. TL_LEAD_EXIT and TL_LEAD_ENTER are for
 * programs that come before handlers.
 */
#ifndef TL_FLAVOUR_BPF_H
#define TL_FLAVOUR_BPF_H

#include "handler.bpf.h"

struct trace_event_raw_sys_enter {
	long id;
} TL_CORE;

struct trace_event_raw_sys_exit {
	long ret;
} TL_CORE;

struct trace_event_raw_task_newtask {
	int pid;
	unsigned long clone_flags;
} TL_CORE;

struct trace_event_raw_sched_process_exec {
	__u32 __data_loc_filename;	/* where it is in the event: offset in the lower half */
} TL_CORE;

struct trace_event_raw_inet_sock_set_state {
	const void *skaddr;
	int oldstate, newstate;
} TL_CORE;

struct trace_event_raw_tcp_event_sk {
	const void *skaddr;
} TL_CORE;

struct trace_event_raw_tcp_retransmit_skb {
	const void *skaddr;
} TL_CORE;

struct trace_event_raw_tcp_retransmit_synack {
	const void *skaddr, *req;
} TL_CORE;

/* An enum of the kernel's is only found as one. */
enum sk_rst_reason { TL_NO_RST_REASON };
enum skb_drop_reason { TL_NO_DROP_REASON };

struct trace_event_raw_tcp_send_reset {
	const void *skbaddr, *skaddr;
	enum sk_rst_reason reason;
} TL_CORE;

struct trace_event_raw_sock_msg_length {
	void *sk;
	int ret, flags;
} TL_CORE;

struct trace_event_raw_kfree_skb {
	void *skbaddr, *location, *rx_sk;
	enum skb_drop_reason reason;
} TL_CORE;

struct trace_event_raw_signal_generate {
	int sig, code;
	char comm[16];
	int pid, group, result;
} TL_CORE;

struct trace_event_raw_signal_deliver {
	int sig, code;
	unsigned long sa_handler, sa_flags;
} TL_CORE;

struct trace_event_raw_mark_victim {
	int pid;
	__u32 __data_loc_comm;
	unsigned long total_vm, anon_rss, file_rss, shmem_rss, pgtables;
	unsigned int uid;
	short oom_score_adj;
} TL_CORE;

struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template {
	int order;
} TL_CORE;

struct trace_event_raw_mm_vmscan_direct_reclaim_end_template {
	unsigned long nr_reclaimed;
} TL_CORE;

struct trace_event_raw_exceptions {
	unsigned long address, ip, error_code;
} TL_CORE;

struct trace_event_raw_task_rename {
	char newcomm[16];
} TL_CORE;

#define CLONE_PARENT 0x00008000
#define CLONE_THREAD 0x00010000

/* The registers that the current task came into the kernel with (5.15, as all classic flavours). */
static __always_inline struct pt_regs *tl_task_regs(void)
{
	return (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
}

/*
 * The body returns how it goes on, see handler.bpf.h. The tail calls are made out here, where it is
 * known which tables have programs of this flavour and hook. A verdict that is not there lets pass.
 */
#define TL_HANDLE(next, handlers, verdicts) do {						\
	if (next & TL_SUBMITTED) {								\
		if (next & TL_JUDGED)								\
			bpf_tail_call(ctx, &verdicts, next & TL_NUMBER);			\
		next = tl_emit(ctx);								\
	}											\
	if (next) {										\
		bpf_tail_call(ctx, &handlers, next);						\
		tl_handler_gone();								\
	}											\
} while (0)

/* The same where no record is made. A program that may call a function pays for that at each run. */
#define TL_LEAD(next, handlers, verdicts) do {							\
	if (next & TL_EARLY) {									\
		bpf_tail_call(ctx, &verdicts, TL_VERDICT_EARLY + (next & TL_NUMBER));		\
		next = tl_after_early();							\
	}											\
	if (next) {										\
		bpf_tail_call(ctx, &handlers, next);						\
		tl_handler_gone();								\
	}											\
} while (0)

/* The same at a hook that has no chain of handlers. */
#define TL_END(next, verdicts) do {								\
	if (next & TL_JUDGED)									\
		bpf_tail_call(ctx, &verdicts, next & TL_NUMBER);				\
	if (next & TL_SUBMITTED)								\
		tl_emit(ctx);									\
} while (0)

/* The verdicts at one hook. All classic flavours share one table. */
#define TL_VERDICTS(hook)									\
struct {											\
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);							\
	__uint(max_entries, TL_VERDICTS_MAX);							\
	__type(key, __u32);									\
	__type(value, __u32);									\
} tl_verdicts_##hook SEC(".maps")

TL_VERDICTS(classic);
TL_VERDICTS(sys_enter);
TL_VERDICTS(sys_exit);

/* A hook with events of its own: the table, and the program that verdicts there go on to. */
#define TL_HOOK(hook)										\
TL_VERDICTS(hook);										\
SEC("tp_btf/" #hook)										\
int tl_judged_##hook(void *ctx)									\
{												\
	tl_after_verdict(ctx);									\
	return 0;										\
}

#define TL_SYS(name, side, argument, handlers, go_on)						\
static __always_inline __u32 name##_body(void *ctx, struct pt_regs *regs, long argument);	\
SEC("tp_btf/sys_" #side)									\
int BPF_PROG(name, struct pt_regs *regs, long argument)						\
{												\
	__u32 next = name##_body(ctx, regs, argument);						\
												\
	go_on(next, handlers, tl_verdicts_sys_##side);						\
	return 0;										\
}												\
SEC("tracepoint/raw_syscalls/sys_" #side)							\
int name##_classic(struct trace_event_raw_sys_##side *ctx)					\
{												\
	__u32 next = name##_body(ctx, tl_task_regs(), ctx->argument);				\
												\
	go_on(next, handlers##_classic, tl_verdicts_classic);					\
	return 0;										\
}												\
static __always_inline __u32 name##_body(void *ctx, struct pt_regs *regs, long argument)

#define TL_SYS_ENTER(name)	TL_SYS(name, enter, id, tl_enter_handlers, TL_HANDLE)
#define TL_SYS_EXIT(name)	TL_SYS(name, exit, ret, tl_exit_handlers, TL_HANDLE)
#define TL_LEAD_ENTER(name)	TL_SYS(name, enter, id, tl_enter_handlers, TL_LEAD)
#define TL_LEAD_EXIT(name)	TL_SYS(name, exit, ret, tl_exit_handlers, TL_LEAD)

#endif
