// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Who processes are: the file of their program, their number in their own pid namespace, the user who logged in. The
 * path is found out once for each program that is started, not for each event: at exec, at fork, and for processes
 * that are there already by a walk. What is known is kept until the kernel lets go of the process, so that events of
 * its end have it too. Attached while somebody asks.
 */
#include "path.bpf.h"
#include "task.bpf.h"

#define TL_EXE_MAX	960	/* bytes of a path; a longer one is marked as cut */

struct tl_known {
	__u64 start;		/* of the process, ns since boot: its pid may be in use again */
	__u64 file;		/* of the program */
	__u32 nspid;		/* 0: could not be read */
	__u32 loginuid;
	__u16 state;		/* of exe: enum tl_part_state */
	__u16 flags;		/* as in struct tl_str */
	__u32 length;
	char exe[TL_EXE_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct tl_known);
} tl_known SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TL_PART_ROOMS);
	__type(key, __u32);
	__type(value, struct tl_known);
} tl_known_rooms SEC(".maps");

/* ---- what tasks say ---------------------------------------------------------------------------- */

/* 0: it could not be read, or the process is gone. */
static __always_inline __u32 tl_nspid_of(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level) & 63;
	void *upid = (void *)pid + bpf_core_field_offset(struct pid, numbers) + level * bpf_core_type_size(struct upid);

	return pid ? BPF_CORE_READ((struct upid *)upid, nr) : 0;
}

#define TL_NO_LOGIN	(~0U)	/* as the kernel has it: nobody has logged in */

static __always_inline bool tl_has_loginuid(void)
{
	return bpf_core_field_exists(struct task_struct, loginuid);
}

static __always_inline __u32 tl_loginuid_of(struct task_struct *task)
{
	return tl_has_loginuid() ? BPF_CORE_READ(task, loginuid.val) : TL_NO_LOGIN;
}

/* ---- what is kept ------------------------------------------------------------------------------ */

/* Takes what the walk has found. Components lie there leaf first; only whole ones are taken. */
static __always_inline void tl_keep_exe(struct tl_known *known, const struct tl_part *part)
{
	__u32 length = part->length, n;

	known->flags = part->flags;
	if (length > TL_EXE_MAX) {
		known->flags |= TL_STR_CUT;
		length = TL_EXE_MAX;
#pragma clang loop unroll(disable)
		for (n = 0; n < TL_NAME_MAX && length && part->data[(length - 1) & (TL_STR_MAX - 1)]; n++)
			length--;
	}
	tl_opaque(length);
	if (length > TL_EXE_MAX || bpf_probe_read_kernel(known->exe, length, part->data))
		return;
	known->length = length;
	known->state = TL_PART_READY;
}

/* The process of a task, in the room where the caller works; `fresh`: what was known of it no longer holds. */
__noinline int tl_keep(__u64 of, __u32 room, __u32 fresh)
{
	struct task_struct *task = (struct task_struct *)of;
	struct tl_known *known = bpf_map_lookup_elem(&tl_known_rooms, &room);
	struct tl_part *part = tl_part(TL_PARTS + room);
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);
	__u32 pid = BPF_CORE_READ(task, tgid);

	if (!known || !part)
		return 0;
	known->start = BPF_CORE_READ(task, group_leader, start_boottime);
	known->nspid = tl_nspid_of(task);
	known->loginuid = tl_loginuid_of(task);
	known->state = BPF_CORE_READ(task, flags) & PF_KTHREAD ? TL_PART_ABSENT : TL_PART_UNREAD;
	known->length = 0;
	known->file = tl_number_of(exe);
	if (exe) {
		struct vfsmount *mnt = BPF_CORE_READ(exe, f_path.mnt);

		tl_part_reset(part, TL_PART_UNREAD);
		tl_part_path(part, TL_PARTS + room, BPF_CORE_READ(exe, f_path.dentry), mnt, BPF_CORE_READ(mnt, mnt_root));
		tl_keep_exe(known, part);
	}
	if (bpf_map_update_elem(&tl_known, &pid, known, fresh ? BPF_ANY : BPF_NOEXIST) && fresh)
		bpf_map_delete_elem(&tl_known, &pid);	/* no room: rather nothing than what was */
	return 0;
}

/* Core knows a program by the maps that it names, so each of them names one. */
static __always_inline int tl_meet(const struct task_struct *task, __u32 room, __u32 fresh)
{
	return tl_shared_memory() ? tl_keep(tl_number_of(task), room, fresh) : 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(tl_identity_exec)
{
	return tl_meet((struct task_struct *)bpf_get_current_task(), TL_PART_IN_TASK, 1);
}

SEC("tracepoint/sched/sched_process_exec")
int tl_identity_exec_classic(void *ctx)
{
	return tl_meet((struct task_struct *)bpf_get_current_task(), TL_PART_IN_TASK, 1);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(tl_identity_fork, struct task_struct *parent, struct task_struct *child)
{
	if (child->pid == child->tgid)
		tl_meet(child, TL_PART_IN_TASK, 1);
	return 0;
}

SEC("tracepoint/task/task_newtask")
int tl_identity_fork_classic(struct trace_event_raw_task_newtask *ctx)
{
	struct task_struct *child;

	if (ctx->clone_flags & CLONE_THREAD)
		return 0;
	child = tl_newborn(ctx->pid, ctx->clone_flags);
	if (BPF_CORE_READ(child, pid) == ctx->pid)
		tl_meet(child, TL_PART_IN_TASK, 1);
	return 0;
}

SEC("tp_btf/sched_process_free")
int BPF_PROG(tl_identity_free, struct task_struct *task)
{
	__u32 pid = task->tgid;
	struct tl_known *known;

	if (task->pid != task->tgid)
		return 0;
	known = bpf_map_lookup_elem(&tl_known, &pid);
	if (known && known->start == task->start_boottime)
		bpf_map_delete_elem(&tl_known, &pid);
	return 0;
}

/* Those that are there already. What the hooks have found meanwhile is newer. */
SEC("iter/task")
int tl_identity_pass(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && tl_stands_for(task))
		tl_meet(task, TL_PART_IN_WALK, 0);
	return 0;
}

/* ---- in a record ------------------------------------------------------------------------------- */

static __always_inline void tl_identify_exe(struct tl_slot *slot, struct tl_identity *out, const struct tl_known *known)
{
	__u32 used = slot->used, length;

	if (!known || known->state != TL_PART_READY) {
		if (known && known->state == TL_PART_ABSENT)
			slot->head.absent |= TL_BIT(TL_F_EXE);
		else
			slot->head.unread |= TL_BIT(TL_F_EXE);
		return;
	}
	length = known->length;
	tl_opaque(length);
	if (used > TL_DATA_MAX - TL_STR_MAX || length > TL_EXE_MAX ||
	    bpf_probe_read_kernel(slot->data + used, length, known->exe)) {
		slot->head.unread |= TL_BIT(TL_F_EXE);
		return;
	}
	out->exe.offset = used;
	out->exe.length = length;
	out->exe.flags = known->flags;
	slot->used = used + length;
}

/* Whether that is still the program of the current task; without memory it is at its end, and runs no other any more. */
static __always_inline bool tl_is_current(struct task_struct *task, const struct tl_known *known)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);

	return !mm || (__u64)BPF_CORE_READ(mm, exe_file) == known->file;
}

/*
 * Fills in the record in hand who its process is. What the current task can say of itself is taken from there: a login
 * changes no more than a number in it. An event may also be about another process.
 */
__noinline int tl_identify(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct tl_slot *slot = tl_current();
	struct tl_identity *out;
	struct tl_known *known;
	__u32 at, pid;

	if (!slot)
		return 0;
	at = slot->identity;
	if (at > TL_FIXED_MAX)
		return 0;
	out = (void *)slot->data + at;
	pid = slot->head.pid;
	known = bpf_map_lookup_elem(&tl_known, &pid);
	if (BPF_CORE_READ(task, tgid) == pid) {
		out->nspid = tl_nspid_of(task);
		out->loginuid = tl_loginuid_of(task);
		if (known && !tl_is_current(task, known))
			known = NULL;
	} else if (known) {
		out->nspid = known->nspid;
		out->loginuid = known->loginuid;
	}
	if (!out->nspid)
		slot->head.unread |= TL_BIT(TL_F_NSPID);
	if (!tl_has_loginuid() || (!known && !out->nspid))
		slot->head.unread |= TL_BIT(TL_F_LOGINUID);
	else if (out->loginuid == TL_NO_LOGIN)
		slot->head.absent |= TL_BIT(TL_F_LOGINUID);
	if (slot->fields & TL_BIT(TL_F_EXE))
		tl_identify_exe(slot, out, known);
	return 0;
}
