// SPDX-License-Identifier: MIT
/* What BPF objects the kernel holds, asked without any library. */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

static void say_ids(const char *kind, int command)
{
	union bpf_attr attr;
	unsigned int id = 0;

	for (;;) {
		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
		if (syscall(SYS_bpf, command, &attr, sizeof(attr)))
			break;
		id = attr.next_id;
		printf("%s %u\n", kind, id);
	}
	if (errno != ENOENT)
		die(kind);
}

/* bpf-ids: the ids of all programs, maps and links; needs CAP_SYS_ADMIN. */
static int run_bpf_ids(int argc, char **argv)
{
	(void)argc, (void)argv;
	say_ids("program", BPF_PROG_GET_NEXT_ID);
	say_ids("map", BPF_MAP_GET_NEXT_ID);
	say_ids("link", BPF_LINK_GET_NEXT_ID);
	return 0;
}

const struct command bpf_commands[] = {
	{ "bpf-ids", "", run_bpf_ids },
	{ 0 },
};
