// SPDX-License-Identifier: MIT
/* Features, and tl_check(), which tells a person about them. */
#include "load/feature.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "load/libbpf_log.h"

#define BTF_PATH "/sys/kernel/btf/vmlinux"

bool tl_has_btf(void)
{
	int fd = open(BTF_PATH, O_RDONLY | O_CLOEXEC);
	uint16_t magic = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, &magic, sizeof(magic));
	close(fd);
	return n == sizeof(magic) && magic == BTF_MAGIC;
}

static bool can_make(int fd)
{
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

bool tl_has_ring_buffer(void)
{
	return can_make(bpf_map_create(BPF_MAP_TYPE_RINGBUF, "tl_probe", 0, 0,
				       (uint32_t)sysconf(_SC_PAGESIZE), NULL));
}

/* Task storage needs the types of its key and value. */
bool tl_has_task_storage(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_NO_PREALLOC);
	struct btf *btf = btf__new_empty();
	int type = btf ? btf__add_int(btf, "int", 4, BTF_INT_SIGNED) : -1;
	bool has = false;

	if (type > 0 && !btf__load_into_kernel(btf)) {
		opts.btf_fd = (uint32_t)btf__fd(btf);
		opts.btf_key_type_id = (uint32_t)type;
		opts.btf_value_type_id = (uint32_t)type;
		has = can_make(bpf_map_create(BPF_MAP_TYPE_TASK_STORAGE, "tl_probe", 4, 4, 0, &opts));
	}
	btf__free(btf);
	return has;
}

/* ---- tl_check -------------------------------------------------------------------------------- */

static bool can_make_maps(void)
{
	return can_make(bpf_map_create(BPF_MAP_TYPE_ARRAY, "tl_probe", 4, 8, 1, NULL));
}

/* A tracepoint's arguments are known to the kernel under this name, if it can be attached to. */
static bool has_raw_tracepoint(const struct btf *btf, const char *name)
{
	char type[64];

	snprintf(type, sizeof(type), "btf_trace_%s", name);
	return btf__find_by_name_kind(btf, type, BTF_KIND_TYPEDEF) > 0;
}

struct checklist {
	struct tl_check *lines;
	size_t max, n;
};

static void add(struct checklist *list, const char *name, int ok, const char *note)
{
	struct tl_check *line;

	if (list->n == list->max)
		return;
	line = &list->lines[list->n++];
	line->name = name;
	line->ok = ok;
	snprintf(line->note, sizeof(line->note), "%s", note);
}

static const struct {
	const char *name, *tracepoint, *lost;
} hooks[] = {
	{ "hook sys_enter", "sys_enter", "no duration of system calls" },
	{ "hook sys_exit", "sys_exit", "no syscall.* events, no tcp.accept, no tcp.listen" },
	{ "hook sched_process_fork", "sched_process_fork", "no process.fork, children cannot be followed (-f)" },
	{ "hook sched_process_exec", "sched_process_exec", "no process.exec, commands cannot be run (-c)" },
	{ "hook sched_process_exit", "sched_process_exit", "no process.exit" },
	{ "hook sched_process_free", "sched_process_free", "processes cannot be targets (-p)" },
	{ "hook task_rename", "task_rename", "names that processes give themselves go unseen (--comm)" },
	{ "hook cgroup_attach_task", "cgroup_attach_task", "processes that move are not seen (--cgroup, --unit, --container)" },
	{ "hook cgroup_mkdir", "cgroup_mkdir", "cgroups that are made later are not seen (--cgroup, --unit, --container)" },
	{ "hook inet_sock_set_state", "inet_sock_set_state", "no tcp.connect, tcp.accept, tcp.close" },
	{ "hook tcp_retransmit_skb", "tcp_retransmit_skb", "no tcp.retransmit" },
	{ "hook tcp_send_reset", "tcp_send_reset", "no tcp.reset" },
	{ "hook kfree_skb", "kfree_skb", "no packet.drop" },
	{ "hook sock_send_length", "sock_send_length",
	  "tcp.send and tcp.receive come from system calls: what the kernel sends itself (io_uring) goes unseen" },
	{ "hook signal_generate", "signal_generate", "no signal.send" },
	{ "hook mark_victim", "mark_victim", "no memory.oom" },
	{ "hook mm_vmscan_direct_reclaim_begin", "mm_vmscan_direct_reclaim_begin", "no memory.reclaim" },
	{ "hook page_fault_user", "page_fault_user", "no memory.fault" },
	{ "hook sched_wakeup", "sched_wakeup", "no sched.wait" },
	{ "hook sched_switch", "sched_switch", "no sched.wait, no sched.switch" },
	{ "hook irq_handler_entry", "irq_handler_entry", "no irq.hard" },
	{ "hook softirq_entry", "softirq_entry", "no irq.soft" },
	{ "hook block_rq_issue", "block_rq_issue", "no block.io" },
	{ "hook block_rq_complete", "block_rq_complete", "no block.io" },
	{ "hook tcp_destroy_sock", "tcp_destroy_sock", "no tcp.connect, tcp.accept, tcp.close" },
};

static void check_hooks(struct checklist *list)
{
	struct btf *btf = tl_has_btf() ? btf__load_vmlinux_btf() : NULL;

	for (size_t i = 0; btf && i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		bool ok = has_raw_tracepoint(btf, hooks[i].tracepoint);

		add(list, hooks[i].name, ok, ok ? "raw tracepoint" : hooks[i].lost);
	}
	if (btf) {
		bool walk = btf__find_by_name_kind(btf, "bpf_iter__task", BTF_KIND_STRUCT) > 0;

		add(list, "iterator over processes", walk, walk ? "targets that are there already are found at once"
		    : "processes cannot be targets (-p)");
	}
	btf__free(btf);
}

static void check_base(struct checklist *list)
{
	bool btf = tl_has_btf(), maps = can_make_maps();
	struct utsname name;
	char note[256];

	uname(&name);
	snprintf(note, sizeof(note), "Linux %.64s %.64s", name.release, name.machine);
	add(list, "kernel", 1, note);
	add(list, "types of the kernel (BTF)", btf ? 1 : -1,
	    btf ? BTF_PATH : "nothing works without " BTF_PATH ": use a kernel built with CONFIG_DEBUG_INFO_BTF=y");
	add(list, "permission to load programs", maps ? 1 : -1,
	    maps ? "granted" : "refused: run as root, or with CAP_BPF and CAP_PERFMON");
}

static void check_features(struct checklist *list)
{
	bool ring = tl_has_ring_buffer(), storage = tl_has_task_storage();

	add(list, "ring buffer", ring, ring ? "channel: ring" : "channel: perf buffer, which costs more per record");
	add(list, "task storage", storage, storage ? "durations are kept per thread"
	    : "durations are kept in a table of 32768 threads; the oldest are forgotten when it is full");
}

int tl_check(struct tl_check *lines, size_t max)
{
	struct checklist list = { .lines = lines, .max = max };

	tl_log_begin();
	check_base(&list);
	check_features(&list);
	check_hooks(&list);
	tl_log_end();
	return (int)list.n;
}
