/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What an open file is: a path, a pipe, a socket …, put into a part. */
#ifndef TL_FILE_BPF_H
#define TL_FILE_BPF_H

#include "path.bpf.h"
#include "socket.bpf.h"

#define PIPEFS_MAGIC		0x50495045
#define ANON_INODE_FS_MAGIC	0x09041934
#define NSFS_MAGIC		0x6e736673
#define SOCKFS_MAGIC		0x534f434b
#define PID_FS_MAGIC		0x50494446
#define TL_FMODE_CREATED	(1 << 20)	/* of the kernel's own; the same in all versions from 4.19 on */
#define TL_UNIX_NAME_MAX	128		/* a sockaddr_un has 110 */

/* ---- sockets --------------------------------------------------------------------------------- */

/* The name that a unix socket is bound to, behind the struct. false: none. */
static __always_inline bool tl_unix_name(struct tl_part *part, const struct unix_sock *sk)
{
	const struct unix_address *addr = BPF_CORE_READ(sk, addr);
	__u32 length;

	if (!addr)
		return false;
	length = BPF_CORE_READ(addr, len);
	if (length <= 2 || length > TL_UNIX_NAME_MAX)	/* 2: the family alone */
		return false;
	length -= 2;
	if (length > TL_UNIX_NAME_MAX)			/* never: tells the verifier */
		return false;
	if (bpf_probe_read_kernel(part->data + sizeof(struct tl_file_socket), length,
				  (const char *)addr + bpf_core_field_offset(struct unix_address, name) + 2))
		return false;
	part->length += length;
	return true;
}

static __always_inline void tl_socket_unix(struct tl_part *part, struct tl_file_socket *out, const struct sock *sk)
{
	const struct sock *peer;

	if (tl_unix_name(part, (const struct unix_sock *)sk))
		return;
	peer = BPF_CORE_READ((const struct unix_sock *)sk, peer);
	if (peer && tl_unix_name(part, (const struct unix_sock *)peer))
		out->of_peer = 1;
}

static __always_inline void tl_socket_inet(struct tl_file_socket *out, const struct sock *sk)
{
	struct tl_tuple tuple;

	tl_sock_tuple(&tuple, sk);
	out->saddr = tuple.saddr;
	out->daddr = tuple.daddr;
	out->sport = tuple.sport;
	out->dport = tuple.dport;
}

static __always_inline void tl_part_socket(struct tl_part *part, struct file *file)
{
	struct socket *socket = BPF_CORE_READ(file, private_data);
	const struct sock *sk = socket ? BPF_CORE_READ(socket, sk) : NULL;
	struct tl_file_socket *out = (struct tl_file_socket *)part->data;

	__builtin_memset(out, 0, sizeof(*out));
	part->kind = TL_FILE_SOCKET;
	part->state = TL_PART_READY;
	part->length = sizeof(*out);
	out->inode = part->inode;
	if (!sk)
		return;
	out->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	out->type = BPF_CORE_READ(sk, sk_type);
	out->protocol = BPF_CORE_READ(sk, sk_protocol);
	if (out->family == AF_INET || out->family == AF_INET6)
		tl_socket_inet(out, sk);
	else if (out->family == AF_UNIX)
		tl_socket_unix(part, out, sk);
	else if (out->family == AF_NETLINK)
		out->local = BPF_CORE_READ((const struct netlink_sock *)sk, portid);
	else if (out->family == AF_PACKET)
		out->local = BPF_CORE_READ((const struct packet_sock *)sk, ifindex);
}

/* ---- files ----------------------------------------------------------------------------------- */

static __always_inline void tl_part_number(struct tl_part *part, __u32 kind)
{
	*(__u64 *)part->data = part->inode;
	part->length = sizeof(struct tl_file_number);
	part->kind = kind;
	part->state = TL_PART_READY;
}

static __always_inline void tl_part_name(struct tl_part *part, const void *name, __u32 room)
{
	__u32 at = part->length;
	long n;

	if (at > sizeof(struct tl_file_number))
		return;
	n = bpf_probe_read_kernel_str(part->data + at, room, name);
	if (n > 0)
		part->length = at + n - 1;
}

static __always_inline void tl_part_ns(struct tl_part *part, const struct inode *inode)
{
	const struct ns_common *ns = BPF_CORE_READ(inode, i_private);

	tl_part_number(part, TL_FILE_NS);
	tl_part_name(part, BPF_CORE_READ(ns, ops, name), 32);
}

/* A pidfd is shown as what it was before it had a file system of its own, as /proc does. */
static __always_inline void tl_part_anon(struct tl_part *part, struct dentry *dentry, unsigned long magic)
{
	static const char pidfd[] = "[pidfd]";

	part->kind = TL_FILE_ANON;
	part->state = TL_PART_READY;
	if (magic == ANON_INODE_FS_MAGIC) {
		tl_part_name(part, BPF_CORE_READ(dentry, d_name.name), TL_NAME_MAX);
		return;
	}
	__builtin_memcpy(part->data, pidfd, sizeof(pidfd));
	part->length = sizeof(pidfd) - 1;
}

static __always_inline void tl_part_place(struct tl_part *part, __u32 n, struct dentry *dentry,
					  struct vfsmount *mnt)
{
	struct dentry *root = BPF_CORE_READ(mnt, mnt_root);

	part->mntns = BPF_CORE_READ(tl_mount_of(mnt), mnt_ns, ns.inum);
	tl_part_path(part, n, dentry, mnt, root);
	part->kind = part->loose ? TL_FILE_LOOSE : TL_FILE_PATH;
	if (!BPF_CORE_READ(dentry, d_hash.pprev) && dentry != root)
		part->flags |= TL_STR_DELETED;
}

/* Part n says what is at (dentry, mnt): a working directory, or what a file was opened from. */
static __always_inline void tl_part_dentry(struct tl_part *part, __u32 n, struct dentry *dentry,
					   struct vfsmount *mnt, const struct inode *inode)
{
	const struct super_block *sb = BPF_CORE_READ(inode, i_sb);
	unsigned long magic = BPF_CORE_READ(sb, s_magic);

	part->inode = BPF_CORE_READ(inode, i_ino);
	part->dev = BPF_CORE_READ(sb, s_dev);
	if (magic == PIPEFS_MAGIC)
		tl_part_number(part, TL_FILE_PIPE);
	else if (magic == NSFS_MAGIC)
		tl_part_ns(part, inode);
	else if (magic == ANON_INODE_FS_MAGIC || magic == PID_FS_MAGIC)
		tl_part_anon(part, dentry, magic);
	else if (dentry && mnt)
		tl_part_place(part, n, dentry, mnt);
}

/* Part n says what this open file is. */
static __always_inline void tl_part_file(struct tl_part *part, __u32 n, struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct path path = {};

	if (!inode)
		return;
	if ((BPF_CORE_READ(inode, i_mode) & TL_S_IFMT) == TL_S_IFSOCK && BPF_CORE_READ(inode, i_sb, s_magic) ==
	    SOCKFS_MAGIC) {
		part->inode = BPF_CORE_READ(inode, i_ino);
		part->dev = BPF_CORE_READ(inode, i_sb, s_dev);
		tl_part_socket(part, file);
		return;
	}
	BPF_CORE_READ_INTO(&path, file, f_path);
	part->created = !!(BPF_CORE_READ(file, f_mode) & TL_FMODE_CREATED);
	tl_part_dentry(part, n, path.dentry, path.mnt, inode);
}

static __always_inline void tl_part_cwd(struct tl_part *part, __u32 n)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct dentry *dentry = BPF_CORE_READ(task, fs, pwd.dentry);

	tl_part_dentry(part, n, dentry, BPF_CORE_READ(task, fs, pwd.mnt), BPF_CORE_READ(dentry, d_inode));
}

/*
 * Part n says what the descriptor is. `expected`: the file that it was at the begin of the call; when
 * it is another one now, nobody can say any more what the call was about. A global function: verified once.
 */
__noinline int tl_describe_fd(__u32 n, __u64 fd, __u64 expected, __u32 or_cwd)
{
	struct tl_part *part = tl_part(n);
	struct file *file;

	if (!part)
		return 0;
	tl_part_reset(part, TL_PART_UNREAD);
	if (or_cwd && (__s32)fd == TL_AT_FDCWD) {
		tl_part_cwd(part, n);
		return 0;
	}
	file = tl_fd_file((__s32)fd);
	if (!file)
		part->state = expected ? TL_PART_UNREAD : TL_PART_ABSENT;
	else if (!expected || (__u64)file == expected)
		tl_part_file(part, n, file);
	return 0;
}

/* ---- for handlers ---------------------------------------------------------------------------- */

/* The fields that tell what a descriptor is, and where they go. */
struct tl_file_fields {
	struct tl_str *file;
	__u64 *inode;
	__u32 *dev, *mntns;
	__u32 first;		/* number of `file`; the others follow it in this order */
};

#define TL_FILE_FIELDS(e, prefix, number) \
	((struct tl_file_fields){ &(e)->prefix##file, &(e)->prefix##inode, &(e)->prefix##dev, \
				  &(e)->prefix##mntns, number })

static __always_inline void tl_file_nothing(void *record, __u32 first, bool absent)
{
	__u64 bits = 15ULL << first;

	if (absent)
		tl_slot_of(record)->head.absent |= bits;
	else
		tl_slot_of(record)->head.unread |= bits;
}

static __always_inline void tl_file_fill(void *record, struct tl_file_fields fields, const struct tl_part *part)
{
	if (part->state != TL_PART_READY) {
		tl_file_nothing(record, fields.first, part->state == TL_PART_ABSENT);
		return;
	}
	*fields.inode = part->inode;
	*fields.dev = part->dev;
	*fields.mntns = part->mntns;
	if (!part->mntns)
		tl_absent(record, fields.first + 3);
	if (tl_wants(record, fields.first))
		tl_part_copy(record, fields.file, fields.first, part);
}

/* What the base program has found out about descriptor n of the call; NULL if it was not asked. */
static __always_inline struct tl_part *tl_prepared(void *record, __u32 n)
{
	return tl_slot_of(record)->parts & (1 << n) ? tl_part(n) : NULL;
}

static __always_inline void tl_file(void *record, struct tl_file_fields fields, __u32 n)
{
	struct tl_part *part;

	if (!(tl_slot_of(record)->fields & 15ULL << fields.first))
		return;
	part = tl_prepared(record, n);
	if (part)
		tl_file_fill(record, fields, part);
	else
		tl_file_nothing(record, fields.first, false);
}

/* Whether the open whose descriptor is n has made the file. */
static __always_inline void tl_created(void *record, __u8 *out, __u32 field, __u32 n)
{
	struct tl_part *part;

	if (!tl_wants(record, field))
		return;
	part = tl_prepared(record, n);
	if (part && part->state == TL_PART_READY)
		*out = part->created;
	else if (part && part->state == TL_PART_ABSENT)
		tl_absent(record, field);
	else
		tl_unread(record, field);
}

/* A descriptor that is neither argument nor result, such as the two of pipe(). */
static __always_inline void tl_file_of_fd(void *record, struct tl_file_fields fields, __s32 fd)
{
	struct tl_part *part = tl_part(TL_PART_RET);

	if (!(tl_slot_of(record)->fields & 15ULL << fields.first))
		return;
	if (!part) {
		tl_file_nothing(record, fields.first, false);
		return;
	}
	tl_describe_fd(TL_PART_RET, fd, 0, 0);
	tl_file_fill(record, fields, part);
}

/* A path among the arguments, which the base program has read. */
static __always_inline void tl_path_arg(void *record, struct tl_str *out, __u32 field, __u32 n)
{
	struct tl_part *part;

	if (!tl_wants(record, field))
		return;
	part = tl_prepared(record, n);
	if (!part || part->state == TL_PART_UNREAD)
		tl_unread(record, field);
	else if (part->state == TL_PART_ABSENT)
		tl_absent(record, field);
	else
		tl_part_copy(record, out, field, part);
}

/* A time that the call overwrites with what was left of it, as it was at the begin; see tl_user_time(). */
static __always_inline void tl_held_time(void *record, __s64 *out, __u32 field, __u32 n, __u32 unit)
{
	struct tl_part *part = tl_prepared(record, n);
	const __s64 *pair;

	if (part && part->state == TL_PART_ABSENT) {
		tl_absent(record, field);
	} else if (part && part->state == TL_PART_READY && part->length == TL_HELD_BYTES) {
		pair = (const __s64 *)part->data;
		*out = pair[0] * 1000000000 + pair[1] * unit;
	} else {
		tl_unread(record, field);
	}
}

/*
 * An address that the call has written, of `length` bytes; how much room there was for it is kept at `at` of part n.
 * Of a call whose begin was not seen nobody knows the room: bytes may follow that were never written, so it is marked.
 */
static __always_inline void tl_written_addr(void *record, struct tl_addr_fields fields, const void *ptr,
					    __u32 length, __u32 n, __u32 at)
{
	struct tl_part *part = tl_prepared(record, n);
	__u32 room = length;
	bool known = part && part->state == TL_PART_READY && part->length >= at + sizeof(room);

	if (known)
		room = *(const __u32 *)(part->data + at);
	tl_user_addr(record, fields, ptr, room < length ? room : length);
	if (room < length)
		fields.addr->flags |= TL_STR_CUT;
	if (!known) {
		fields.addr->flags |= TL_STR_LATE;
		fields.ip->flags |= TL_STR_LATE;
	}
}

#endif
