// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Memory: victims of its want, reclaim by those who want some, faults. All in the context of the process at hand. */
#include "current.bpf.h"

/* ---- memory.oom ------------------------------------------------------------------------------ */

#define TL_MM_FILE	0
#define TL_MM_ANON	1
#define TL_MM_SHMEM	3
#define TL_KIB		1024

#if defined(__TARGET_ARCH_x86)
#define TL_PAGE_SIZE	4096
#else
#define TL_PAGE_SIZE	0	/* several are possible, and nobody says here which it is */
#endif

struct tl_victim {
	__u32 pid, uid;
	__u64 total_vm, anon_rss, file_rss, shmem_rss;	/* total_vm 0: not known */
	short oom_score_adj;
	const void *comm;	/* NULL: the pid is all that is known */
};

/* Bytes of one kind of pages. Since 6.2 they are counted per CPU, and this is the sum of the last time it was made. */
#define tl_rss(mm, kind) ({									\
	__s64 pages;										\
												\
	if (bpf_core_type_exists(struct mm_rss_stat))						\
		pages = BPF_CORE_READ((const struct mm_struct___whole *)(mm), rss_stat.count[kind].counter); \
	else											\
		pages = BPF_CORE_READ((const struct mm_struct___percpu *)(mm), rss_stat[kind].count);	\
	pages > 0 ? (__u64)pages * TL_PAGE_SIZE : 0;						\
})

static __always_inline void tl_victim_of(struct tl_victim *victim, const struct task_struct *task)
{
	const struct mm_struct *mm = BPF_CORE_READ(task, mm);

	victim->pid = BPF_CORE_READ(task, pid);
	victim->uid = BPF_CORE_READ(task, cred, uid.val);
	victim->oom_score_adj = BPF_CORE_READ(task, signal, oom_score_adj);
	victim->comm = &task->comm;
	if (!mm)
		return;
	victim->total_vm = BPF_CORE_READ(mm, total_vm) * TL_PAGE_SIZE;
	victim->anon_rss = tl_rss(mm, TL_MM_ANON);
	victim->file_rss = tl_rss(mm, TL_MM_FILE);
	victim->shmem_rss = tl_rss(mm, TL_MM_SHMEM);
}

static __always_inline __u32 tl_on_oom(const struct tl_victim *victim)
{
	struct tl_memory_oom *e = tl_begin_current(TL_E_MEMORY_OOM, sizeof(*e));

	if (!e)
		return 0;
	e->victim_pid = victim->pid;
	e->victim_uid = victim->uid;
	e->total_vm = victim->total_vm;
	e->anon_rss = victim->anon_rss;
	e->file_rss = victim->file_rss;
	e->shmem_rss = victim->shmem_rss;
	e->oom_score_adj = victim->oom_score_adj;
	if (!victim->total_vm) {
		tl_unread(e, TL_F_MEMORY_OOM_TOTAL_VM);
		tl_unread(e, TL_F_MEMORY_OOM_ANON_RSS);
		tl_unread(e, TL_F_MEMORY_OOM_FILE_RSS);
		tl_unread(e, TL_F_MEMORY_OOM_SHMEM_RSS);
	}
	if (victim->comm) {
		tl_kernel_str(e, &e->victim_comm, TL_F_MEMORY_OOM_VICTIM_COMM, victim->comm);
	} else {
		tl_unread(e, TL_F_MEMORY_OOM_VICTIM_COMM);
		tl_unread(e, TL_F_MEMORY_OOM_VICTIM_UID);
		tl_unread(e, TL_F_MEMORY_OOM_OOM_SCORE_ADJ);
	}
	return tl_submit(e);
}

TL_HOOK(mark_victim);

/* Told is the task, or before 6.9 the pid alone: then a process that is its own victim can be looked at. */
SEC("tp_btf/mark_victim")
int tl_mark_victim(__u64 *ctx)
{
	struct task_struct *self = (struct task_struct *)bpf_get_current_task();
	struct tl_victim victim = {};
	__u32 next;

	if (bpf_core_field_exists(struct trace_event_raw_mark_victim, total_vm))
		tl_victim_of(&victim, (const struct task_struct *)((volatile __u64 *)ctx)[0]);
	else if ((int)((volatile __u64 *)ctx)[0] == (int)bpf_get_current_pid_tgid())
		tl_victim_of(&victim, self);
	else
		victim.pid = (int)((volatile __u64 *)ctx)[0];
	next = tl_on_oom(&victim);
	TL_END(next, tl_verdicts_mark_victim);
	return 0;
}

SEC("tracepoint/oom/mark_victim")
int tl_mark_victim_classic(struct trace_event_raw_mark_victim *ctx)
{
	struct tl_victim victim = {
		.pid = ctx->pid, .uid = ctx->uid, .total_vm = ctx->total_vm * TL_KIB, .anon_rss = ctx->anon_rss * TL_KIB,
		.file_rss = ctx->file_rss * TL_KIB, .shmem_rss = ctx->shmem_rss * TL_KIB,
		.oom_score_adj = ctx->oom_score_adj, .comm = (const void *)ctx + (ctx->__data_loc_comm & 0xffff),
	};
	__u32 next = tl_on_oom(&victim);

	TL_END(next, tl_verdicts_classic);
	return 0;
}

/* ---- memory.reclaim -------------------------------------------------------------------------- */

struct tl_reclaiming {
	__u64 began;		/* ns since boot */
	__s32 order;
	__u32 reserved;
};

/* task plus kind → the reclaim that it is in */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct tl_reclaiming);
} tl_reclaims SEC(".maps");

static __always_inline __u32 tl_on_reclaim_begin(__u8 kind, int order)
{
	struct tl_reclaiming reclaim = { .began = bpf_ktime_get_boot_ns(), .order = order };
	struct tl_shared *shared = tl_shared_memory();
	__u64 key = bpf_get_current_task() + kind, subs = shared ? tl_event_subs(shared, TL_E_MEMORY_RECLAIM) : 0;

	if (subs && tl_wanted(shared, subs, bpf_get_current_pid_tgid() >> 32))
		bpf_map_update_elem(&tl_reclaims, &key, &reclaim, BPF_ANY);
	return 0;
}

static __always_inline __u32 tl_on_reclaim_end(__u8 kind, unsigned long reclaimed)
{
	__u64 key = bpf_get_current_task() + kind;
	struct tl_reclaiming *reclaim = bpf_map_lookup_elem(&tl_reclaims, &key);
	struct tl_memory_reclaim *e = tl_begin_current(TL_E_MEMORY_RECLAIM, sizeof(*e));
	struct tl_shared *shared = tl_shared_memory();

	if (e && shared) {
		e->kind = kind;
		e->reclaimed = reclaimed;
		if (reclaim && tl_holds(shared, TL_E_MEMORY_RECLAIM, reclaim->began)) {
			e->order = reclaim->order;
			e->duration = e->record.time - reclaim->began;
		} else {
			tl_unread(e, TL_F_MEMORY_RECLAIM_ORDER);
			tl_unread(e, TL_F_MEMORY_RECLAIM_DURATION);
		}
	}
	if (reclaim)
		bpf_map_delete_elem(&tl_reclaims, &key);
	return e ? tl_submit(e) : 0;
}

#define TL_RECLAIM(name, which, hook_begin, hook_end)						\
TL_HOOK(hook_begin);										\
TL_HOOK(hook_end);										\
SEC("tp_btf/" #hook_begin)									\
int name##_begin(__u64 *ctx)									\
{												\
	__u32 next = tl_on_reclaim_begin(which, ctx[0]);						\
												\
	TL_END(next, tl_verdicts_##hook_begin);							\
	return 0;										\
}												\
SEC("tracepoint/vmscan/" #hook_begin)								\
int name##_begin_classic(struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template *ctx)	\
{												\
	__u32 next = tl_on_reclaim_begin(which, ctx->order);					\
												\
	TL_END(next, tl_verdicts_classic);							\
	return 0;										\
}												\
SEC("tp_btf/" #hook_end)									\
int name##_end(__u64 *ctx)									\
{												\
	__u32 next = tl_on_reclaim_end(which, ctx[0]);						\
												\
	TL_END(next, tl_verdicts_##hook_end);							\
	return 0;										\
}												\
SEC("tracepoint/vmscan/" #hook_end)								\
int name##_end_classic(struct trace_event_raw_mm_vmscan_direct_reclaim_end_template *ctx)	\
{												\
	__u32 next = tl_on_reclaim_end(which, ctx->nr_reclaimed);				\
												\
	TL_END(next, tl_verdicts_classic);							\
	return 0;										\
}

TL_RECLAIM(tl_reclaim, TL_RECLAIM_DIRECT, mm_vmscan_direct_reclaim_begin, mm_vmscan_direct_reclaim_end)
TL_RECLAIM(tl_reclaim_cgroup, TL_RECLAIM_CGROUP, mm_vmscan_memcg_reclaim_begin, mm_vmscan_memcg_reclaim_end)

/* ---- memory.fault ---------------------------------------------------------------------------- */

#if defined(__TARGET_ARCH_x86)
#define TL_FAULT_PRESENT	1	/* bits of the processor's error code */
#define TL_FAULT_BY_WRITE	2
#define TL_FAULT_BY_FETCH	16

static __always_inline __u32 tl_on_fault(__u64 address, __u64 ip, __u64 code)
{
	struct tl_memory_fault *e = tl_begin_current(TL_E_MEMORY_FAULT, sizeof(*e));

	if (!e)
		return 0;
	e->address = address;
	e->ip = ip;
	e->access = code & TL_FAULT_BY_FETCH ? TL_FAULT_EXECUTE : code & TL_FAULT_BY_WRITE ? TL_FAULT_WRITE : TL_FAULT_READ;
	e->present = !!(code & TL_FAULT_PRESENT);
	return tl_submit(e);
}

TL_HOOK(page_fault_user);

SEC("tp_btf/page_fault_user")
int BPF_PROG(tl_page_fault_user, unsigned long address, struct pt_regs *regs, unsigned long code)
{
	__u32 next = tl_on_fault(address, BPF_CORE_READ(regs, ip), code);

	TL_END(next, tl_verdicts_page_fault_user);
	return 0;
}

SEC("tracepoint/exceptions/page_fault_user")
int tl_page_fault_user_classic(struct trace_event_raw_exceptions *ctx)
{
	__u32 next = tl_on_fault(ctx->address, ctx->ip, ctx->error_code);

	TL_END(next, tl_verdicts_classic);
	return 0;
}
#endif
