// SPDX-License-Identifier: MIT
#include "targets.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

/* The process that a thread belongs to; `pid` itself if it is one, or if /proc does not tell. */
static int leader_of(int pid)
{
	int leader = pid;
	char path[32], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		return pid;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Tgid: %d", &leader) == 1)
			break;
	fclose(file);
	return leader;
}

static int check_alive(int pid, struct tl_error *err)
{
	if (kill(pid, 0) && errno == ESRCH)
		return tl_fail(err, -ESRCH, "process %d: no such process", pid);
	return 0;
}

int tl_target_check(int pid, struct tl_error *err)
{
	int ret, leader;

	if (pid <= 0)
		return tl_fail(err, -EINVAL, "pid %d: not a process id", pid);
	ret = check_alive(pid, err);
	if (ret)
		return ret;
	leader = leader_of(pid);
	if (leader != pid)
		return tl_fail(err, -ESRCH, "process %d: only a thread; name its process, %d", pid, leader);
	return 0;
}

/* When the process began, ns since boot, as exact as /proc says; 0 if it cannot be told. */
static uint64_t process_start(int pid)
{
	unsigned long long ticks = 0;
	char path[32], line[1024], *after;
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	n = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[n] = '\0';
	after = strrchr(line, ')');	/* a name can hold anything */
	if (!after || sscanf(after + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			     "%*s %*s %*s %*s %llu", &ticks) != 1)
		return 0;
	return ticks * (1000000000ULL / (uint64_t)sysconf(_SC_CLK_TCK));
}

static uint32_t *filter_slot(struct tl_targets *targets, uint32_t pid)
{
	return &targets->shared->target_filter[pid & (TL_PIDS_MAX - 1)];
}

int tl_targets_add(struct tl_targets *targets, int pid, const struct tl_target *bits, struct tl_error *err)
{
	struct tl_target target = { .start = process_start(pid) };
	uint32_t key = (uint32_t)pid;
	bool there = !bpf_map_lookup_elem(targets->map_fd, &key, &target);

	target.mask |= bits->mask;
	target.follow |= bits->follow;
	target.at_exec |= bits->at_exec;
	if (bpf_map_update_elem(targets->map_fd, &key, &target, BPF_ANY))
		return tl_fail(err, -errno, "process %d: cannot be made a target: %s", pid, strerror(errno));
	if (!there)
		__atomic_fetch_add(filter_slot(targets, key), 1, __ATOMIC_SEQ_CST);
	return check_alive(pid, err);	/* it may have gone meanwhile */
}

static void clear_one(struct tl_targets *targets, uint32_t key, uint64_t mask)
{
	struct tl_target target;

	if (bpf_map_lookup_elem(targets->map_fd, &key, &target))
		return;
	if (!((target.mask | target.follow | target.at_exec) & mask))
		return;
	target.mask &= ~mask;
	target.follow &= ~mask;
	target.at_exec &= ~mask;
	if (target.mask | target.follow | target.at_exec)
		bpf_map_update_elem(targets->map_fd, &key, &target, BPF_EXIST);
	else if (!bpf_map_delete_elem(targets->map_fd, &key))
		__atomic_fetch_sub(filter_slot(targets, key), 1, __ATOMIC_SEQ_CST);
}

void tl_targets_clear(struct tl_targets *targets, uint64_t mask)
{
	uint32_t key, next;
	bool more = !bpf_map_get_next_key(targets->map_fd, NULL, &next);

	while (more) {
		key = next;
		more = !bpf_map_get_next_key(targets->map_fd, &key, &next);	/* before key goes */
		clear_one(targets, key, mask);
	}
}
