// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Processes: each event is reported by the task that it happens to, in its own context. */
#include "current.bpf.h"

#define SIGNAL_GROUP_EXIT 0x4

/* ---- process.exec ---------------------------------------------------------------------------- */

static __always_inline void tl_fill_exe(struct tl_process_exec *e, struct mm_struct *mm)
{
	struct file *exe = BPF_CORE_READ(mm, exe_file);

	if (!exe) {
		tl_unread(e, TL_F_PROCESS_EXEC_PATH);
		tl_unread(e, TL_F_PROCESS_EXEC_INODE);
		tl_unread(e, TL_F_PROCESS_EXEC_DEV);
		return;
	}
	e->inode = BPF_CORE_READ(exe, f_inode, i_ino);
	e->dev = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	if (tl_wants(e, TL_F_PROCESS_EXEC_PATH))
		tl_path(e, &e->path, TL_F_PROCESS_EXEC_PATH, BPF_CORE_READ(exe, f_path.dentry),
			BPF_CORE_READ(exe, f_path.mnt));
}

static __always_inline __u32 tl_on_process_exec(void *ctx, const void *filename)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct tl_shared *shared = tl_shared_memory();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct tl_process_exec *e;

	if (!shared)
		return 0;
	tl_target_exec(ctx, shared, task);	/* a command joins with this very event */
	e = tl_begin_current(TL_E_PROCESS_EXEC, sizeof(*e));
	if (!e)
		return 0;
	tl_kernel_str(e, &e->filename, TL_F_PROCESS_EXEC_FILENAME, filename);
	tl_fill_exe(e, mm);
	tl_user_range(e, &e->argv, TL_F_PROCESS_EXEC_ARGV, BPF_CORE_READ(mm, arg_start),
		      BPF_CORE_READ(mm, arg_end));
	if (tl_wants(e, TL_F_PROCESS_EXEC_CWD))
		tl_path(e, &e->cwd, TL_F_PROCESS_EXEC_CWD, BPF_CORE_READ(task, fs, pwd.dentry),
			BPF_CORE_READ(task, fs, pwd.mnt));
	return tl_submit(e);
}

TL_HOOK(sched_process_exec)

SEC("tp_btf/sched_process_exec")
int BPF_PROG(tl_sched_process_exec, struct task_struct *task, __s32 old_pid, struct linux_binprm *bprm)
{
	__u32 next = tl_on_process_exec(ctx, BPF_CORE_READ(bprm, filename));

	TL_END(next, tl_verdicts_sched_process_exec);
	return 0;
}

SEC("tracepoint/sched/sched_process_exec")
int tl_sched_process_exec_classic(struct trace_event_raw_sched_process_exec *ctx)
{
	__u32 next = tl_on_process_exec(ctx, (void *)ctx + (ctx->__data_loc_filename & 0xffff));

	TL_END(next, tl_verdicts_classic);
	return 0;
}

/* ---- process.fork ---------------------------------------------------------------------------- */

static __always_inline __u32 tl_on_process_fork(__u32 pid)
{
	struct tl_process_fork *e;

	e = tl_begin_current(TL_E_PROCESS_FORK, sizeof(*e));
	if (!e)
		return 0;
	e->child = pid;
	return tl_submit(e);
}

TL_HOOK(sched_process_fork)

SEC("tp_btf/sched_process_fork")
int BPF_PROG(tl_sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 pid = BPF_CORE_READ(child, pid), next;

	if (pid != BPF_CORE_READ(child, tgid))
		return 0;		/* a thread */
	next = tl_on_process_fork(pid);
	TL_END(next, tl_verdicts_sched_process_fork);
	return 0;
}

SEC("tracepoint/task/task_newtask")
int tl_sched_process_fork_classic(struct trace_event_raw_task_newtask *ctx)
{
	__u32 next = ctx->clone_flags & CLONE_THREAD ? 0 : tl_on_process_fork(ctx->pid);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

/* ---- process.exit ---------------------------------------------------------------------------- */

/* pid and begin of a process whose end was reported: two last threads can arrive here side by side. */
struct tl_ended {
	__u64 start;
	__u32 pid, reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct tl_ended);
	__type(value, __u8);
} tl_ended SEC(".maps");

/* Whether this exit is the end of the process, and the first to say so. */
static __always_inline bool tl_is_end(struct task_struct *task)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct tl_ended key = {};
	__u8 one = 1;

	if (BPF_CORE_READ(signal, live.counter))
		return false;
	key.start = BPF_CORE_READ(task, group_leader, start_boottime);
	key.pid = BPF_CORE_READ(task, tgid);
	if (BPF_CORE_READ(signal, nr_threads) == 1)	/* the other one may have been here, and be gone */
		return !bpf_map_lookup_elem(&tl_ended, &key);
	return !bpf_map_update_elem(&tl_ended, &key, &one, BPF_NOEXIST);
}

/* As wait() would tell it: the code of the group, or that of its first thread. */
static __always_inline int tl_exit_code(struct task_struct *task)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);

	if (BPF_CORE_READ(signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(signal, group_exit_code);
	return BPF_CORE_READ(task, group_leader, exit_code);
}

static __always_inline __u32 tl_on_process_exit(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct tl_process_exit *e;
	int code;

	if (!tl_is_end(task))
		return 0;
	e = tl_begin_current(TL_E_PROCESS_EXIT, sizeof(*e));
	if (!e)
		return 0;
	code = tl_exit_code(task);
	e->signal = code & 0x7f;
	e->status = (code >> 8) & 0xff;
	tl_absent(e, e->signal ? TL_F_PROCESS_EXIT_STATUS : TL_F_PROCESS_EXIT_SIGNAL);
	e->core = !!(code & 0x80);
	e->lifetime = e->record.time - BPF_CORE_READ(task, group_leader, start_boottime);
	return tl_submit(e);
}

TL_HOOK(sched_process_exit)

SEC("tp_btf/sched_process_exit")
int BPF_PROG(tl_sched_process_exit)
{
	__u32 next = tl_on_process_exit();

	TL_END(next, tl_verdicts_sched_process_exit);
	return 0;
}

SEC("tracepoint/sched/sched_process_exit")
int tl_sched_process_exit_classic(void *ctx)
{
	__u32 next = tl_on_process_exit();

	TL_END(next, tl_verdicts_classic);
	return 0;
}
