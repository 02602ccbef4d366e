// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What keeps the traits of processes true besides fork and exec: new names, users, namespaces,
 * terminals, cgroups. Each is attached only while a selector asks for what it watches. And the walk over
 * all processes that are there already.
 */
#include "flavour.bpf.h"
#include "call.bpf.h"
#include "task.bpf.h"

/* ---- names ----------------------------------------------------------------------------------- */

/* The name of a process is that of its first thread; it does not have it yet. */
static __always_inline int tl_on_rename(void *ctx, struct task_struct *task, const char *name)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared && BPF_CORE_READ(task, pid) == BPF_CORE_READ(task, tgid))
		tl_target_again(ctx, TL_TOLD_IN_TASK, shared, task, name);
	return 0;
}

SEC("tp_btf/task_rename")
int BPF_PROG(tl_follow_rename, struct task_struct *task, const char *name)
{
	return tl_on_rename(ctx, task, name);
}

SEC("tracepoint/task/task_rename")
int tl_follow_rename_classic(struct trace_event_raw_task_rename *ctx)
{
	return tl_on_rename(ctx, (struct task_struct *)bpf_get_current_task(),
			    (void *)ctx + bpf_core_field_offset(*ctx, newcomm));
}

/* ---- calls that change what a process is ------------------------------------------------------- */

#if defined(__TARGET_ARCH_x86)
enum { NR_IOCTL = 16, NR_SETUID = 105, NR_SETGID = 106, NR_SETSID = 112, NR_SETREUID = 113, NR_SETREGID = 114,
       NR_SETRESUID = 117, NR_SETRESGID = 119, NR_OPENAT = 257, NR_UNSHARE = 272, NR_SETNS = 308, NR_OPEN = 2 };
#else
enum { NR_IOCTL = 29, NR_SETUID = 146, NR_SETGID = 144, NR_SETSID = 157, NR_SETREUID = 145, NR_SETREGID = 143,
       NR_SETRESUID = 147, NR_SETRESGID = 149, NR_OPENAT = 56, NR_UNSHARE = 97, NR_SETNS = 268, NR_OPEN = -2 };
#endif

#define TIOCSCTTY 0x540e
#define TIOCNOTTY 0x5422

/* The first terminal that a leader of a session opens becomes its own. */
static __always_inline bool tl_may_change_tty(struct pt_regs *regs, long nr)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 request;

	if (nr == NR_OPENAT || nr == NR_OPEN)
		return BPF_CORE_READ(task, signal, leader) && BPF_CORE_READ(task, signal, tty);
	request = tl_arg(regs, 1);
	return nr == NR_SETSID || (nr == NR_IOCTL && (request == TIOCSCTTY || request == TIOCNOTTY));
}

static __always_inline bool tl_may_change(struct tl_shared *shared, struct pt_regs *regs, long nr)
{
	switch (nr) {
	case NR_SETUID: case NR_SETREUID: case NR_SETRESUID:
	case NR_SETGID: case NR_SETREGID: case NR_SETRESGID:
	case NR_UNSHARE: case NR_SETNS:
		return true;
	case NR_OPEN: case NR_OPENAT: case NR_IOCTL: case NR_SETSID:
		return tl_asked(shared, TL_TRAIT_TTY) && tl_may_change_tty(regs, nr);
	default:
		return false;
	}
}

/* 32-bit calls have numbers of their own, and are few: each is taken for one that changes something. */
static __always_inline int tl_on_call_end(void *ctx, struct pt_regs *regs)
{
	struct tl_shared *shared = tl_shared_memory();
	long nr = tl_syscall_number(regs);

	if (shared && (tl_may_change(shared, regs, nr) || tl_is_compat()))
		tl_target_again(ctx, TL_TOLD_IN_TASK, shared, (struct task_struct *)bpf_get_current_task(), NULL);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(tl_follow_calls, struct pt_regs *regs)
{
	return tl_on_call_end(ctx, regs);
}

SEC("tracepoint/raw_syscalls/sys_exit")
int tl_follow_calls_classic(void *ctx)
{
	return tl_on_call_end(ctx, tl_task_regs());
}

/* ---- cgroups --------------------------------------------------------------------------------- */

/*
 * These tracepoints are hit under a lock of all cgroups, one at a time: the raw ones miss nothing, also
 * where programs can be preempted.
 */

/* Names and paths of cgroups that selectors name without a glob → what they give */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct tl_cgroup_name);
	__type(value, struct tl_cgroup_traits);
} tl_cgroup_names SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tl_cgroup_name);
} tl_cgroup_text SEC(".maps");

static __always_inline bool tl_cgroup_counts(struct tl_shared *shared, struct cgroup *cgroup)
{
	return BPF_CORE_READ(cgroup, root, hierarchy_id) == shared->selection.cgroup_root;
}

static __always_inline struct tl_cgroup_name *tl_cgroup_read(const char *text)
{
	__u32 zero = 0;
	struct tl_cgroup_name *name = bpf_map_lookup_elem(&tl_cgroup_text, &zero);

	if (name) {
		__builtin_memset(name, 0, sizeof(*name));
		bpf_probe_read_kernel_str(name->text, sizeof(name->text), text);
	}
	return name;
}

/* A cgroup has these traits too. */
static __always_inline void tl_cgroup_add(struct cgroup *cgroup, __u64 traits)
{
	struct tl_trait key = { .kind = TL_TRAIT_CGROUP, .value = BPF_CORE_READ(cgroup, kn, id) };
	__u64 *known = bpf_map_lookup_elem(&tl_traits, &key);

	if (known)
		traits |= *known;
	if (traits)
		bpf_map_update_elem(&tl_traits, &key, &traits, BPF_ANY);
}

/* A new cgroup has the traits of the one that it is in, and those of its name and path. */
SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(tl_follow_mkdir, struct cgroup *cgroup, const char *path)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_cgroup_traits *by;
	struct tl_cgroup_name *name;
	__u64 traits;

	if (!shared || !tl_cgroup_counts(shared, cgroup))
		return 0;
	traits = tl_traits_by(shared, TL_TRAIT_CGROUP, 0, BPF_CORE_READ(cgroup, self.parent, cgroup, kn, id));
	name = tl_cgroup_read(path);
	by = name ? bpf_map_lookup_elem(&tl_cgroup_names, name) : NULL;
	traits |= by ? by->whole : 0;
	name = tl_cgroup_read(BPF_CORE_READ(cgroup, kn, name));
	by = name ? bpf_map_lookup_elem(&tl_cgroup_names, name) : NULL;
	traits |= by ? by->part : 0;
	tl_cgroup_add(cgroup, traits);
	return 0;
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(tl_follow_mkdir_globs, struct cgroup *cgroup, const char *path)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_cgroup_name *name;

	if (!shared || !tl_cgroup_counts(shared, cgroup))
		return 0;
	name = tl_cgroup_read(path);
	if (name)
		tl_cgroup_add(cgroup, tl_globs_match(shared, TL_GLOB_CGROUP, name->text, sizeof(name->text)));
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(tl_follow_rmdir, struct cgroup *cgroup, const char *path)
{
	struct tl_shared *shared = tl_shared_memory();
	struct tl_trait key = { .kind = TL_TRAIT_CGROUP };

	if (!shared || !tl_cgroup_counts(shared, cgroup))
		return 0;
	key.value = BPF_CORE_READ(cgroup, kn, id);
	bpf_map_delete_elem(&tl_traits, &key);
	return 0;
}

/* A process moved, all of its threads or its first one. */
SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(tl_follow_cgroup, struct cgroup *cgroup, const char *path, struct task_struct *task)
{
	struct tl_shared *shared = tl_shared_memory();

	if (shared && BPF_CORE_READ(task, pid) == BPF_CORE_READ(task, tgid))
		tl_target_again(ctx, TL_TOLD_IN_CGROUP, shared, task, NULL);
	return 0;
}

/* ---- the end of a process ---------------------------------------------------------------------- */

/*
 * Its last thread has done all that it will do, descriptors are closed, and goes from its CPU for good. There is no
 * hook closer to it that is always hit: a parent may wait for it much later. Interrupts are off here, so the raw
 * hook misses nothing. Attached while somebody watches who leaves.
 */
SEC("tp_btf/sched_switch")
int BPF_PROG(tl_follow_end, bool preempt, struct task_struct *task)
{
	struct tl_shared *shared;

	if (!task->exit_state)
		return 0;
	shared = tl_shared_memory();
	if (shared && shared->selection.watched && tl_is_over(task))
		tl_tell(ctx, tl_number_of(task), 0, tl_told_who(task->tgid, TL_TOLD_AT_END) | TL_TOLD_LEAVE, 0);
	return 0;
}

/* ---- processes that are there already ---------------------------------------------------------- */

/*
 * Meets every process once. Another CPU may see it change meanwhile and decide before us, so core walks
 * twice: what the second walk decides, after the first is written, holds.
 */
SEC("iter/task")
int tl_pass(struct bpf_iter__task *ctx)
{
	struct tl_shared *shared = tl_shared_memory();
	struct task_struct *task = ctx->task;
	struct tl_target *known;
	struct tl_seed *seed;
	__u64 marks, at_exec;
	__u32 pid;

	if (!shared || !task || !tl_stands_for(task))
		return 0;
	pid = BPF_CORE_READ(task, tgid);
	known = tl_target_find(shared, pid);
	seed = bpf_map_lookup_elem(&tl_seeds, &pid);
	marks = (known ? known->marks : 0) | (seed ? seed->marks : 0) | tl_marks_above(tl_number_of(task));
	at_exec = (known ? known->at_exec : 0) | (seed ? seed->at_exec & ~marks : 0);
	tl_target_set(ctx, TL_TOLD_IN_WALK, shared, pid, task, NULL, marks & shared->selection.marks,
		      at_exec & shared->selection.marks);
	return 0;
}

/* ---- what a file is to the kernel -------------------------------------------------------------- */

/* Run by core: the file behind a descriptor of its own, in the form that traits have. Its inode and device. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tl_trait);
} tl_asked_file SEC(".maps");

SEC("raw_tp/sys_enter")
int tl_ask_file(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file **files = BPF_CORE_READ(task, files, fdt, fd), *file = NULL;
	struct tl_trait answer = { .kind = TL_TRAIT_EXE };
	__u32 zero = 0;

	bpf_probe_read_kernel(&file, sizeof(file), files + (__u32)ctx->args[0]);
	answer.value = BPF_CORE_READ(file, f_inode, i_ino);
	answer.dev = BPF_CORE_READ(file, f_inode, i_sb, s_dev);
	bpf_map_update_elem(&tl_asked_file, &zero, &answer, BPF_ANY);
	return 0;
}
