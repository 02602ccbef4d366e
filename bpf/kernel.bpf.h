/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parts of the kernel's types that we read. Offsets are put right at load time (CO-RE), so only
 * the members named here matter, and only their names and kinds: not their order.
 */
#ifndef TL_KERNEL_BPF_H
#define TL_KERNEL_BPF_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define TL_CORE __attribute__((preserve_access_index))

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long di, si, dx, r10, r8, r9, bx, cx, bp, orig_ax, ip;
} TL_CORE;
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	__u64 regs[31];
	__u64 orig_x0;
	__s32 syscallno;
} TL_CORE;
#else
#error "no register layout for this architecture"
#endif

struct thread_info {
	unsigned long flags;
	__u32 status;
} TL_CORE;

typedef struct {
	int counter;
} tl_atomic_t;

struct qstr {
	__u32 len;
	const unsigned char *name;
} TL_CORE;

struct super_block {
	__u32 s_dev;
	unsigned long s_magic;
} TL_CORE;

struct inode {
	unsigned short i_mode;
	unsigned long i_ino;
	struct super_block *i_sb;
	void *i_private;
} TL_CORE;

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
} TL_CORE;

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
} TL_CORE;

struct vfsmount {
	struct dentry *mnt_root;
} TL_CORE;

struct proc_ns_operations {
	const char *name;
} TL_CORE;

struct ns_common {
	const struct proc_ns_operations *ops;
	unsigned int inum;
} TL_CORE;

struct mnt_namespace {
	struct ns_common ns;
} TL_CORE;

struct mount {
	struct mnt_namespace *mnt_ns;
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
} TL_CORE;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} TL_CORE;

struct file {
	unsigned int f_mode;
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
} TL_CORE;

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
} TL_CORE;

struct files_struct {
	tl_atomic_t count;
	struct fdtable *fdt;
} TL_CORE;

struct fs_struct {
	struct path pwd;
} TL_CORE;

struct mm_struct {
	unsigned long total_vm;
	unsigned long arg_start, arg_end, env_start, env_end;
	struct file *exe_file;
} TL_CORE;

/* Pages of a kind, until 6.1, and since then. */
typedef struct {
	__s64 counter;
} tl_atomic64_t;

struct mm_rss_stat {
	tl_atomic64_t count[4];
} TL_CORE;

struct mm_struct___whole {
	struct mm_rss_stat rss_stat;
} TL_CORE;

struct percpu_counter {
	__s64 count;
} TL_CORE;

struct mm_struct___percpu {
	struct percpu_counter rss_stat[4];
} TL_CORE;

struct kernel_siginfo {
	int si_code;
} TL_CORE;

struct sigaction {
	void *sa_handler;
	unsigned long sa_flags;
} TL_CORE;

struct k_sigaction {
	struct sigaction sa;
} TL_CORE;

struct linux_binprm {
	const char *filename;
} TL_CORE;

struct tty_driver {
	int major, minor_start;
} TL_CORE;

struct tty_struct {
	struct tty_driver *driver;
	int index;
} TL_CORE;

struct signal_struct {
	tl_atomic_t live;
	struct tty_struct *tty;
	int leader;
	int nr_threads;
	int group_exit_code;
	short oom_score_adj;
	unsigned int flags;
} TL_CORE;

typedef struct {
	unsigned int val;
} tl_kid_t;

struct cred {
	tl_kid_t uid, gid;
} TL_CORE;

struct net;

struct nsproxy {
	struct mnt_namespace *mnt_ns;
	struct net *net_ns;
} TL_CORE;

struct pid_namespace {
	struct ns_common ns;
} TL_CORE;

struct upid {
	int nr;
	struct pid_namespace *ns;
} TL_CORE;

struct pid {
	unsigned int level;
	struct upid numbers[];
} TL_CORE;

struct kernfs_node {
	const char *name;
	__u64 id;
} TL_CORE;

struct cgroup_root {
	int hierarchy_id;
} TL_CORE;

struct cgroup;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
} TL_CORE;

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
	struct cgroup_root *root;
} TL_CORE;

struct css_set {
	struct cgroup_subsys_state *subsys[16];
	struct cgroup *dfl_cgrp;
} TL_CORE;

struct tl_list {
	struct tl_list *next, *prev;
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	unsigned int __state;
	int pid, tgid;
	int exit_code, exit_state;
	__u64 start_boottime;
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct files_struct *files;
	struct signal_struct *signal;
	const struct cred *cred;
	tl_kid_t loginuid;
	struct nsproxy *nsproxy;
	struct pid *thread_pid;
	struct css_set *cgroups;
	struct tl_list children, sibling;
	char comm[16];
} TL_CORE;

struct in6_addr {
	union {
		__u8 u6_addr8[16];
	} in6_u;
} TL_CORE;

struct net {
	struct ns_common ns;
} TL_CORE;

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	__be32 skc_daddr, skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	unsigned char skc_state;
	unsigned long skc_flags;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
} TL_CORE;

struct sock {
	struct sock_common __sk_common;
	unsigned char sk_shutdown;
	__u16 sk_type, sk_protocol;
	int sk_err;
} TL_CORE;

struct inet_sock {
	__be32 inet_saddr;
	__be16 inet_sport;
} TL_CORE;

struct inet_connection_sock {
	__u8 icsk_ca_state:5;
} TL_CORE;

struct request_sock {
	struct sock_common __req_common;
} TL_CORE;

struct net_device {
	possible_net_t nd_net;
} TL_CORE;

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned int len;
	__be16 protocol;
	__u16 network_header;
	unsigned char *head;
} TL_CORE;

enum {
	TCP_ESTABLISHED = 1, TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_TIME_WAIT,
	TCP_CLOSE, TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_LISTEN, TCP_CLOSING, TCP_NEW_SYN_RECV,
};

struct tcp_sock {
	__u64 bytes_received, bytes_sent, bytes_retrans;
} TL_CORE;

struct socket {
	struct sock *sk;
} TL_CORE;

struct tl_sockaddr_un {
	__u16 family;
	char path[];
};

struct unix_address {
	int len;		/* of `name` */
	struct tl_sockaddr_un name[];
} TL_CORE;

struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
} TL_CORE;

struct netlink_sock {
	__u32 portid, dst_portid;
} TL_CORE;

struct packet_sock {
	int ifindex;
} TL_CORE;

#define TL_S_IFMT	0170000		/* under our name: linux/stat.h has them too */
#define TL_S_IFSOCK	0140000
#define TL_AT_FDCWD	-100
#define PF_KTHREAD	0x00200000
#define TS_COMPAT	0x0002		/* x86: the call under way came in through the 32-bit door */
#define AF_UNIX		1
#define AF_INET		2
#define AF_INET6	10
#define AF_NETLINK	16
#define AF_PACKET	17

#endif
