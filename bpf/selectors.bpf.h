/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a process is: its traits, and what the rules make of them. Asked when something changes (fork,
 * exec, a new name, user, cgroup, namespace, terminal), never on the hot path.
 *
 * What has loops or many branches is a function of its own with numbers as arguments: the verifier looks at
 * those once, and not at each way that leads to them, which was ten times the work.
 */
#ifndef TL_SELECTORS_BPF_H
#define TL_SELECTORS_BPF_H

#include "maps.bpf.h"

/* value → traits; the values that a selector names, and the cgroups that globs were found to match */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct tl_trait);
	__type(value, __u64);
} tl_traits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * TL_GLOB_KINDS);
	__type(key, __u32);
	__type(value, struct tl_globs);
} tl_globs SEC(".maps");

/* pid → what it and its descendants are to get from the walk under way */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct tl_seed);
} tl_seeds SEC(".maps");

static __always_inline bool tl_asked(struct tl_shared *shared, __u32 kind)
{
	return shared->selection.kinds & (1u << kind);
}

static __always_inline __u64 tl_traits_by(struct tl_shared *shared, __u32 kind, __u32 dev, __u64 value)
{
	struct tl_trait key = { .kind = kind, .dev = dev, .value = value };
	__u64 *traits = bpf_map_lookup_elem(&tl_traits, &key);

	return traits ? *traits : 0;
}

/* All bits if the number is 0, else none. The compiler would make a branch of it. */
static __always_inline __u64 tl_all_if_zero(__u64 number)
{
	__u64 negative = -number;

	asm volatile("" : "+r"(negative));
	return ((number | negative) >> 63) - 1;
}

/* ---- globs ----------------------------------------------------------------------------------- */

struct tl_states {
	__u64 a, b, c, d;
};

/* Moves all states on by one byte of the text. */
static __always_inline void tl_states_step(struct tl_states *at, const struct tl_globs *globs, __u8 byte)
{
	const __u64 *takes = globs->takes[byte];
	__u64 a = at->a & takes[0], b = at->b & takes[1], c = at->c & takes[2], d = at->d & takes[3];

	at->a = a << 1 | (at->a & globs->stays[0]);
	at->b = b << 1 | a >> 63 | (at->b & globs->stays[1]);
	at->c = c << 1 | b >> 63 | (at->c & globs->stays[2]);
	at->d = d << 1 | c >> 63 | (at->d & globs->stays[3]);
}

/* Behind a slash the globs for one part begin anew. */
static __always_inline void tl_states_part(struct tl_states *at, const struct tl_globs *globs)
{
	at->a = (at->a & ~globs->parts[0]) | (globs->begins[0] & globs->parts[0]);
	at->b = (at->b & ~globs->parts[1]) | (globs->begins[1] & globs->parts[1]);
	at->c = (at->c & ~globs->parts[2]) | (globs->begins[2] & globs->parts[2]);
	at->d = (at->d & ~globs->parts[3]) | (globs->begins[3] & globs->parts[3]);
}

static __always_inline __u64 tl_states_traits(const struct tl_states *at, const struct tl_globs *globs)
{
	__u64 traits = 0;

#pragma clang loop unroll(full)
	for (int i = 0; i < TL_GLOBS_MAX; i++) {
		const __u64 *ends = globs->ends[i].states;
		__u64 ended = (at->a & ends[0]) | (at->b & ends[1]) | (at->c & ends[2]) | (at->d & ends[3]);

		traits |= globs->ends[i].traits & ~tl_all_if_zero(ended);
	}
	return traits;
}

/* The traits that a text gives, whose room is `size` bytes. */
static __always_inline __u64 tl_globs_match(struct tl_shared *shared, __u32 kind, const char *text, __u32 size)
{
	__u32 n = kind + TL_GLOB_KINDS * shared->selection.current;
	struct tl_globs *globs = bpf_map_lookup_elem(&tl_globs, &n);
	struct tl_states at;

	if (!globs)
		return 0;
	at = (struct tl_states){ globs->begins[0], globs->begins[1], globs->begins[2], globs->begins[3] };
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < size; i++) {
		__u8 byte = text[i];

		if (!byte)
			break;
		tl_states_step(&at, globs, byte);
		if (kind == TL_GLOB_CGROUP && byte == '/')
			tl_states_part(&at, globs);
	}
	return tl_states_traits(&at, globs);
}

/* The traits that a name gives; it is in two words. */
__noinline __u64 tl_traits_by_name(__u64 first, __u64 second)
{
	struct tl_shared *shared = tl_shared_memory();
	char name[TL_COMM_LEN] __attribute__((aligned(8)));

	((__u64 *)name)[0] = first;
	((__u64 *)name)[1] = second;
	return shared ? tl_globs_match(shared, TL_GLOB_COMM, name, sizeof(name)) : 0;
}

/* ---- the values ------------------------------------------------------------------------------ */

static __always_inline __u64 tl_traits_by_exe(struct tl_shared *shared, struct task_struct *task)
{
	struct inode *inode = BPF_CORE_READ(task, mm, exe_file, f_inode);

	return inode ? tl_traits_by(shared, TL_TRAIT_EXE, BPF_CORE_READ(inode, i_sb, s_dev),
				    BPF_CORE_READ(inode, i_ino)) : 0;
}

/* The number of the cgroup that counts: that of version 2, or on machines without it of one controller. */
static __always_inline __u64 tl_cgroup_of(struct tl_shared *shared, struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	__u32 v1 = shared->selection.cgroup_v1;
	struct cgroup_subsys_state *css = NULL;

	if (!v1)
		return BPF_CORE_READ(set, dfl_cgrp, kn, id);
	bpf_probe_read_kernel(&css, sizeof(css), (void *)set + bpf_core_field_offset(struct css_set, subsys) +
			      ((v1 - 1) & 31) * sizeof(css));
	return BPF_CORE_READ(css, cgroup, kn, id);
}

static __always_inline __u64 tl_pidns_of(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level) & 63;
	void *upid = (void *)pid + bpf_core_field_offset(struct pid, numbers) +
		     level * bpf_core_type_size(struct upid);

	return BPF_CORE_READ((struct upid *)upid, ns, ns.inum);
}

/* Number of the device, as the kernel has it: major << 20 | minor; 0: none. */
static __always_inline __u64 tl_tty_of(struct task_struct *task)
{
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);

	if (!tty)
		return 0;
	return (__u64)BPF_CORE_READ(tty, driver, major) << 20 |
	       (__u32)(BPF_CORE_READ(tty, driver, minor_start) + BPF_CORE_READ(tty, index));
}

/* Who reads a pipe by standard input, or is known to read one. */
static __always_inline __u64 tl_traits_by_input(struct tl_shared *shared, struct task_struct *task)
{
	struct file **files = BPF_CORE_READ(task, files, fdt, fd), *input = NULL;
	struct inode *inode;

	bpf_probe_read_kernel(&input, sizeof(input), files);
	inode = BPF_CORE_READ(input, f_inode);
	return tl_traits_by(shared, TL_TRAIT_READER, BPF_CORE_READ(inode, i_sb, s_dev), BPF_CORE_READ(inode, i_ino)) |
	       tl_traits_by(shared, TL_TRAIT_READER, TL_READER_PID, BPF_CORE_READ(task, tgid));
}

static __always_inline __u64 tl_traits_by_comm(struct task_struct *task, const char *name)
{
	__u64 comm[2] = {};

	bpf_probe_read_kernel(comm, sizeof(comm), name ? name :
			      (const char *)BPF_CORE_READ(task, group_leader) + bpf_core_field_offset(*task, comm));
	return tl_traits_by_name(comm[0], comm[1]);
}

static __always_inline __u64 tl_traits_by_ns(struct tl_shared *shared, struct task_struct *task)
{
	__u64 traits = 0;

	if (tl_asked(shared, TL_TRAIT_NETNS))
		traits |= tl_traits_by(shared, TL_TRAIT_NETNS, 0, BPF_CORE_READ(task, nsproxy, net_ns, ns.inum));
	if (tl_asked(shared, TL_TRAIT_MNTNS))
		traits |= tl_traits_by(shared, TL_TRAIT_MNTNS, 0, BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum));
	if (tl_asked(shared, TL_TRAIT_PIDNS))
		traits |= tl_traits_by(shared, TL_TRAIT_PIDNS, 0, tl_pidns_of(task));
	return traits;
}

/* All traits of the process of a task, a thread of it that is alive; `name`: 0, or where its next name is. */
__noinline __u64 tl_traits_of(__u64 of, __u64 name)
{
	struct tl_shared *shared = tl_shared_memory();
	struct task_struct *task = (struct task_struct *)of;
	__u64 traits = 0;

	if (!shared)
		return 0;
	if (tl_asked(shared, TL_TRAIT_COMM))
		traits |= tl_traits_by_comm(task, (const char *)name);
	if (tl_asked(shared, TL_TRAIT_EXE))
		traits |= tl_traits_by_exe(shared, task);
	if (tl_asked(shared, TL_TRAIT_UID))
		traits |= tl_traits_by(shared, TL_TRAIT_UID, 0, BPF_CORE_READ(task, cred, uid.val));
	if (tl_asked(shared, TL_TRAIT_GID))
		traits |= tl_traits_by(shared, TL_TRAIT_GID, 0, BPF_CORE_READ(task, cred, gid.val));
	if (tl_asked(shared, TL_TRAIT_CGROUP))
		traits |= tl_traits_by(shared, TL_TRAIT_CGROUP, 0, tl_cgroup_of(shared, task));
	if (tl_asked(shared, TL_TRAIT_TTY))
		traits |= tl_traits_by(shared, TL_TRAIT_TTY, 0, tl_tty_of(task));
	if (tl_asked(shared, TL_TRAIT_READER))
		traits |= tl_traits_by_input(shared, task);
	return traits | tl_traits_by_ns(shared, task);
}

/* ---- the rules ------------------------------------------------------------------------------- */

#define TL_RULES_STEP	8	/* a divisor of TL_RULES_MAX */

enum tl_rules_part { TL_RULES_SUBS, TL_RULES_GIVE };

/* What follows from marks and traits. Behind the last rule there are empty ones. */
__noinline __u64 tl_apply_rules(__u64 marks, __u64 traits, __u32 what)
{
	struct tl_shared *shared = tl_shared_memory();
	__u64 mask = 0, gives = 0;
	__u32 current;

	if (!shared)
		return 0;
	current = shared->selection.current & 1;
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < TL_RULES_MAX; i += TL_RULES_STEP) {
		if (i >= shared->selection.n_rules[current])
			break;
#pragma clang loop unroll(full)
		for (__u32 k = 0; k < TL_RULES_STEP; k++) {
			struct tl_rule *rule = &shared->selection.rules[current][i + k];
			__u64 wrong = (rule->marks & ~marks) | (rule->no_marks & marks) |
				      (rule->traits & ~traits) | (rule->no_traits & traits);
			__u64 holds = tl_all_if_zero(wrong);

			mask |= rule->subs & holds;
			gives |= rule->gives & holds;
		}
	}
	return what == TL_RULES_SUBS ? mask : gives;
}

#endif
