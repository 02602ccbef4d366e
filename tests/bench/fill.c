// SPDX-License-Identifier: MIT
/*
 * meter fill N: makes the tracer that runs now take N processes for targets that are none, and each pid for
 * one that may be: what a look-up costs then is what it costs at worst.
 */
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"
#include "tl_abi.h"

#define FIRST_PID 5000000	/* above all that there can be */

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* The youngest map of that name. */
static int find_map(const char *name)
{
	union bpf_attr next = { 0 };
	int found = -1;

	while (!bpf(BPF_MAP_GET_NEXT_ID, &next)) {
		union bpf_attr by_id = { .map_id = next.next_id }, about = { 0 };
		struct bpf_map_info info = { 0 };
		int fd = (int)bpf(BPF_MAP_GET_FD_BY_ID, &by_id);

		next.start_id = next.next_id;
		if (fd < 0)
			continue;
		about.info.bpf_fd = (unsigned int)fd;
		about.info.info_len = sizeof(info);
		about.info.info = (uint64_t)(uintptr_t)&info;
		if (bpf(BPF_OBJ_GET_INFO_BY_FD, &about) || strcmp(info.name, name)) {
			close(fd);
			continue;
		}
		if (found >= 0)
			close(found);
		found = fd;
	}
	if (found < 0)
		die(name);
	return found;
}

int run_fill(long n)
{
	int targets = find_map("tl_targets"), memory = find_map("tl_shared");
	struct tl_shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	struct tl_target value = { .marks = 1 };

	if (shared == MAP_FAILED)
		die("mmap");
	for (uint32_t i = 0; i < (uint32_t)n; i++) {
		uint32_t pid = FIRST_PID + i;
		union bpf_attr attr = { .map_fd = (unsigned int)targets, .key = (uint64_t)(uintptr_t)&pid,
					.value = (uint64_t)(uintptr_t)&value };

		if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
			die("tl_targets");
	}
	for (int i = 0; i < TL_PIDS_MAX; i++)
		__atomic_add_fetch(&shared->target_filter[i], 1, __ATOMIC_SEQ_CST);
	return 0;
}
