// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Signals: made in the sender's context, delivered in the receiver's. */
#include "current.bpf.h"

struct tl_signal {
	int number, code;
	__u32 pid, tid;		/* of whom it is for; pid 0: not known */
	bool shared;
	__u8 result;
};

#define TL_SI_USER	0
#define TL_SI_KERNEL	0x80
#define TL_SIGINFO_NONE	0	/* instead of a pointer: sent by a process … */
#define TL_SIGINFO_KERNEL 1	/* … or by the kernel */

static __always_inline int tl_signal_code(const struct kernel_siginfo *info)
{
	if ((__u64)info == TL_SIGINFO_NONE)
		return TL_SI_USER;
	if ((__u64)info == TL_SIGINFO_KERNEL)
		return TL_SI_KERNEL;
	return BPF_CORE_READ(info, si_code);
}

/* ---- signal.send ----------------------------------------------------------------------------- */

static __always_inline __u32 tl_on_signal_send(const struct tl_signal *signal, const void *comm)
{
	struct tl_signal_send *e = tl_begin_current(TL_E_SIGNAL_SEND, sizeof(*e));

	if (!e)
		return 0;
	e->signal = signal->number;
	e->code = signal->code;
	e->target_pid = signal->pid;
	e->target_tid = signal->tid;
	e->shared = signal->shared;
	e->result = signal->result;
	if (!signal->pid)
		tl_unread(e, TL_F_SIGNAL_SEND_TARGET_PID);
	tl_kernel_str(e, &e->target_comm, TL_F_SIGNAL_SEND_TARGET_COMM, comm);
	return tl_submit(e);
}

TL_HOOK(signal_generate);

SEC("tp_btf/signal_generate")
int BPF_PROG(tl_signal_generate, int sig, const struct kernel_siginfo *info, const struct task_struct *task, int group,
	     int result)
{
	struct tl_signal signal = {
		.number = sig, .code = tl_signal_code(info), .pid = BPF_CORE_READ(task, tgid),
		.tid = BPF_CORE_READ(task, pid), .shared = group, .result = result,
	};
	__u32 next = tl_on_signal_send(&signal, &task->comm);

	TL_END(next, tl_verdicts_signal_generate);
	return 0;
}

/* Here the thread alone is known; a signal for the process is told to be for its first one, which has its number. */
SEC("tracepoint/signal/signal_generate")
int tl_signal_generate_classic(struct trace_event_raw_signal_generate *ctx)
{
	__u64 self = bpf_get_current_pid_tgid();
	struct tl_signal signal = {
		.number = ctx->sig, .code = ctx->code, .tid = ctx->pid, .shared = ctx->group, .result = ctx->result,
	};
	__u32 next;

	if (signal.tid == (__u32)self)
		signal.pid = self >> 32;
	else if (signal.shared)
		signal.pid = signal.tid;
	next = tl_on_signal_send(&signal, (const void *)ctx + bpf_core_field_offset(struct trace_event_raw_signal_generate, comm));
	TL_END(next, tl_verdicts_classic);
	return 0;
}

/* ---- signal.deliver -------------------------------------------------------------------------- */

static __always_inline __u32 tl_on_signal_deliver(int number, int code, __u64 handler, __u64 flags)
{
	struct tl_signal_deliver *e = tl_begin_current(TL_E_SIGNAL_DELIVER, sizeof(*e));

	if (!e)
		return 0;
	e->signal = number;
	e->code = code;
	e->handler = handler;
	e->flags = flags;
	return tl_submit(e);
}

TL_HOOK(signal_deliver);

SEC("tp_btf/signal_deliver")
int BPF_PROG(tl_signal_deliver, int sig, const struct kernel_siginfo *info, const struct k_sigaction *action)
{
	__u32 next = tl_on_signal_deliver(sig, tl_signal_code(info), (__u64)BPF_CORE_READ(action, sa.sa_handler),
					  BPF_CORE_READ(action, sa.sa_flags));

	TL_END(next, tl_verdicts_signal_deliver);
	return 0;
}

SEC("tracepoint/signal/signal_deliver")
int tl_signal_deliver_classic(struct trace_event_raw_signal_deliver *ctx)
{
	__u32 next = tl_on_signal_deliver(ctx->sig, ctx->code, ctx->sa_handler, ctx->sa_flags);

	TL_END(next, tl_verdicts_classic);
	return 0;
}
