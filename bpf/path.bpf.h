/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Parts of a call that are put together before the record has its place for them: paths, files, strings.
 * And the path of a directory entry, through the mounts above it, up to the root of its mount namespace.
 *
 * Components are stored leaf first, each with its NUL; the decoder turns them round. The state of a
 * walk is kept in map memory, and a step is a global function: in registers, each way through an
 * iteration would carry its own bounds and the verifier would follow all of them.
 */
#ifndef TL_PATH_BPF_H
#define TL_PATH_BPF_H

#include "read.bpf.h"

#define TL_PATH_DEPTH	256	/* components; a longer path is marked as cut */
#define TL_PATH_STRIDE	16	/* of them at a time */
#define TL_NAME_MAX	256	/* of one component, with its NUL */

/* A string or file in the making. Per-CPU memory, so each nesting level has its own. */
struct tl_part {
	__u32 state;		/* enum tl_part_state */
	__u32 kind, flags;	/* as in struct tl_str */
	__u32 length;		/* bytes of data */
	__u64 inode;
	__u32 dev, mntns;
	struct dentry *dentry;	/* where the walk is */
	struct mount *mount;
	struct dentry *root;	/* of that mount */
	__u32 loose;		/* it did not end at the root of a mount namespace */
	__u32 created;		/* the open made this file */
	char data[TL_STR_MAX];
};

#define TL_HELD_BYTES	16	/* of what TL_PART_HELD_BYTES keeps */

enum tl_part_state { TL_PART_UNREAD, TL_PART_ABSENT, TL_PART_READY };

/* Rooms for paths that belong to no call: of hooks in a task, and of the walk over all tasks, which they interrupt. */
enum tl_part_room { TL_PART_IN_TASK, TL_PART_IN_WALK, TL_PART_ROOMS };

#define TL_PART_LEVELS	2	/* calls happen in tasks; a second one where tasks can preempt a program */

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TL_PART_LEVELS * TL_PARTS + TL_PART_ROOMS);
	__type(key, __u32);
	__type(value, struct tl_part);
} tl_parts SEC(".maps");

/* The room of part n at the level in use; NULL at levels where no call can be. Behind those of calls: enum tl_part_room. */
static __always_inline struct tl_part *tl_part(__u32 n)
{
	__u32 zero = 0, key = TL_PART_LEVELS * TL_PARTS + n - TL_PARTS;
	__u32 *depth;

	if (n >= TL_PARTS)
		return bpf_map_lookup_elem(&tl_parts, &key);
	depth = bpf_map_lookup_elem(&tl_depth, &zero);
	if (!depth || !*depth || *depth > TL_PART_LEVELS)
		return NULL;
	key = (*depth - 1) * TL_PARTS + n;
	return bpf_map_lookup_elem(&tl_parts, &key);
}

static __always_inline void tl_part_reset(struct tl_part *part, __u32 state)
{
	part->state = state;
	part->kind = 0;
	part->flags = 0;
	part->length = 0;
	part->created = 0;
	part->inode = 0;
	part->dev = 0;
	part->mntns = 0;
}

/* Puts what is there into the record's tail. */
static __always_inline void tl_part_copy(void *record, struct tl_str *out, __u32 field,
					 const struct tl_part *part)
{
	void *to = tl_str_open(record, out);
	__u32 length = part->length, take = length;

	if (!to)
		return;
	tl_opaque(take);	/* of its own: 5.10 forgets the bounds of a number that went over the stack */
	if (take > TL_STR_MAX || bpf_probe_read_kernel(to, take, part->data)) {
		tl_unread(record, field);
		return;
	}
	out->kind = part->kind;
	out->flags = part->flags;
	tl_str_close(record, out, length);
}

/* ---- paths ----------------------------------------------------------------------------------- */

static __always_inline struct mount *tl_mount_of(struct vfsmount *mnt)
{
	return (struct mount *)((void *)mnt - bpf_core_field_offset(struct mount, mnt));
}

/* What a step needs of a dentry. On all kernels so far they are neighbours there, and one read gets them. */
struct tl_link {
	struct dentry *parent;
	__u64 hash_and_length;
	const unsigned char *name;
};

static __always_inline void tl_link_read(struct tl_link *link, struct dentry *dentry)
{
	__u32 at = bpf_core_field_offset(struct dentry, d_parent);

	if (bpf_core_field_offset(struct dentry, d_name.name) == at + offsetof(struct tl_link, name) &&
	    !bpf_probe_read_kernel(link, sizeof(*link), (void *)dentry + at))
		return;
	link->parent = BPF_CORE_READ(dentry, d_parent);
	link->name = BPF_CORE_READ(dentry, d_name.name);
}

/* Writes one component. false: no room. */
static __always_inline bool tl_walk_name(struct tl_part *part, const unsigned char *name)
{
	__u32 at = part->length;
	long n;

	if (at > TL_STR_MAX - TL_NAME_MAX)
		return false;
	n = bpf_probe_read_kernel_str(part->data + at, TL_NAME_MAX, name);
	if (n <= 0)
		return false;
	part->length = at + n;
	return true;
}

/*
 * One step of part n towards the root. 0: arrived, or no room. A global function: the verifier looks at
 * it once, and not with each iteration of a loop.
 */
__noinline int tl_walk_step(__u32 n)
{
	struct tl_part *part = tl_part(n);
	struct mount *mount, *above;
	struct dentry *dentry;
	struct tl_link link = {};

	if (!part)
		return 0;
	dentry = part->dentry;
	mount = part->mount;
	if (dentry == part->root) {
		above = BPF_CORE_READ(mount, mnt_parent);
		if (above == mount || !above)
			return 0;			/* the root of the namespace */
		part->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		part->mount = above;
		part->root = BPF_CORE_READ(above, mnt.mnt_root);
		return 1;
	}
	tl_link_read(&link, dentry);
	if (dentry == link.parent || !link.parent) {	/* not connected to a root: memfd, mounts let go */
		part->loose = 1;
		tl_walk_name(part, link.name);
		return 0;
	}
	if (!tl_walk_name(part, link.name)) {
		part->flags |= TL_STR_CUT;
		return 0;
	}
	part->dentry = link.parent;
	return 1;
}

/* Two loops, one in the other, because the verifier counts each iteration of each once. */
__noinline int tl_walk_steps(__u32 n)
{
	for (int i = 0; i < TL_PATH_STRIDE; i++)
		if (!tl_walk_step(n))
			return 0;
	return 1;
}

__noinline int tl_walk_up(__u32 n)
{
	struct tl_part *part;

	for (int i = 0; i < TL_PATH_DEPTH / TL_PATH_STRIDE; i++)
		if (!tl_walk_steps(n))
			return 0;
	part = tl_part(n);
	if (part)
		part->flags |= TL_STR_CUT;
	return 0;
}

/* Writes the path of (dentry, mnt) into part n, which is reset. `root`: the mount's. */
static __always_inline void tl_part_path(struct tl_part *part, __u32 n, struct dentry *dentry,
					 struct vfsmount *mnt, struct dentry *root)
{
	part->dentry = dentry;
	part->mount = tl_mount_of(mnt);
	part->root = root;
	part->loose = 0;
	tl_walk_up(n);
	part->state = TL_PART_READY;
}

/* Writes the path of (dentry, mnt) into the record. */
static __always_inline void tl_path(void *record, struct tl_str *out, __u32 field,
				    struct dentry *dentry, struct vfsmount *mnt)
{
	struct tl_part *part = tl_part(0);

	if (!dentry || !mnt || !part) {
		tl_unread(record, field);
		return;
	}
	tl_part_reset(part, TL_PART_UNREAD);
	tl_part_path(part, 0, dentry, mnt, BPF_CORE_READ(mnt, mnt_root));
	tl_part_copy(record, out, field, part);
}

#endif
