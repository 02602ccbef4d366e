/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The path of a directory entry, through the mounts above it, up to the root of its mount namespace.
 *
 * Components are stored leaf first, each with its NUL; the decoder turns them round. The state of the
 * walk is kept in map memory on purpose: in registers, each way through an iteration would carry its
 * own bounds and the verifier would follow all of them (a million instructions; so: few thousand).
 */
#ifndef TL_PATH_BPF_H
#define TL_PATH_BPF_H

#include "read.bpf.h"

#define TL_PATH_DEPTH	128	/* components; a longer path is marked as cut */
#define TL_NAME_MAX	256	/* of one component, with its NUL */

struct tl_walk {
	struct dentry *dentry;
	struct mount *mount;
	__u32 used;		/* bytes written behind `start` */
	__u32 start;		/* offset in the record */
	__u32 cut;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TL_LEVELS);
	__type(key, __u32);
	__type(value, struct tl_walk);
} tl_walks SEC(".maps");

static __always_inline struct mount *tl_mount_of(struct vfsmount *mnt)
{
	return (struct mount *)((void *)mnt - bpf_core_field_offset(struct mount, mnt));
}

/* Writes one component. false: no room. */
static __always_inline bool tl_walk_name(struct tl_slot *slot, struct tl_walk *walk, struct dentry *dentry)
{
	const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
	__u32 at = walk->start + walk->used;
	long n;

	if (walk->used > TL_STR_MAX - TL_NAME_MAX || at > TL_DATA_MAX - TL_NAME_MAX)
		return false;
	n = bpf_probe_read_kernel_str(slot->data + at, TL_NAME_MAX, name);
	if (n <= 0)
		return false;
	walk->used += n;
	return true;
}

/* One step towards the root. false: arrived, or no room. */
static __always_inline bool tl_walk_step(struct tl_slot *slot, struct tl_walk *walk)
{
	struct dentry *dentry = walk->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	struct mount *mount = walk->mount, *above;

	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		above = BPF_CORE_READ(mount, mnt_parent);
		if (above == mount || !above)
			return false;			/* the root of the namespace */
		walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mount = above;
		return true;
	}
	if (dentry == parent || !parent)		/* not connected to a root: pipes, unlinked mounts */
		return false;
	if (!tl_walk_name(slot, walk, dentry)) {
		walk->cut = 1;
		return false;
	}
	walk->dentry = parent;
	return true;
}

/* A function of its own, so that the verifier goes through the loop once however many paths a handler wants. */
__noinline int tl_walk_up(void)
{
	struct tl_slot *slot = tl_current();
	__u32 zero = 0, level;
	__u32 *depth = bpf_map_lookup_elem(&tl_depth, &zero);
	struct tl_walk *walk;

	if (!slot || !depth)
		return 0;
	level = *depth - 1;
	walk = bpf_map_lookup_elem(&tl_walks, &level);
	if (!walk)
		return 0;
	for (int i = 0; i < TL_PATH_DEPTH; i++)
		if (!tl_walk_step(slot, walk))
			return 0;
	walk->cut = 1;
	return 0;
}

/* Writes the path of (dentry, mnt) into the record. */
static __always_inline void tl_path(void *record, struct tl_str *out, __u32 field,
				    struct dentry *dentry, struct vfsmount *mnt)
{
	struct tl_slot *slot = tl_slot_of(record);
	__u32 zero = 0, level;
	__u32 *depth = bpf_map_lookup_elem(&tl_depth, &zero);
	struct tl_walk *walk;

	if (!dentry || !mnt || !depth) {
		tl_unread(record, field);
		return;
	}
	level = *depth - 1;
	walk = bpf_map_lookup_elem(&tl_walks, &level);
	if (!walk)
		return;
	walk->dentry = dentry;
	walk->mount = tl_mount_of(mnt);
	walk->start = slot->used;
	walk->used = 0;
	walk->cut = 0;
	tl_walk_up();
	out->offset = walk->start;
	out->flags = walk->cut ? TL_STR_CUT : 0;
	tl_str_close(record, out, walk->used);
}

#endif
