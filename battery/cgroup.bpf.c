// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Cgroups: reported by the task that makes them, under the lock of all cgroups. */
#include "current.bpf.h"

struct trace_event_raw_cgroup {
	int root;
	__u64 id;
	__u32 __data_loc_path;
} TL_CORE;

static __always_inline __u32 tl_on_cgroup_mkdir(int root, __u64 id, const char *path)
{
	struct tl_cgroup_mkdir *e = tl_begin_current(TL_E_CGROUP_MKDIR, sizeof(*e));

	if (!e)
		return 0;
	e->id = id;
	e->hierarchy = root;
	tl_kernel_str(e, &e->path, TL_F_CGROUP_MKDIR_PATH, path);
	return tl_submit(e);
}

TL_HOOK(cgroup_mkdir)

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(tl_cgroup_mkdir, struct cgroup *cgroup, const char *path)
{
	__u32 next = tl_on_cgroup_mkdir(BPF_CORE_READ(cgroup, root, hierarchy_id), BPF_CORE_READ(cgroup, kn, id), path);

	TL_END(next, tl_verdicts_cgroup_mkdir);
	return 0;
}

SEC("tracepoint/cgroup/cgroup_mkdir")
int tl_cgroup_mkdir_classic(struct trace_event_raw_cgroup *ctx)
{
	__u32 next = tl_on_cgroup_mkdir(ctx->root, ctx->id, (void *)ctx + (ctx->__data_loc_path & 0xffff));

	TL_END(next, tl_verdicts_classic);
	return 0;
}
