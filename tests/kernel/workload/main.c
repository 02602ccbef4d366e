// SPDX-License-Identifier: MIT
/*
 * workload: does an exactly known number of things that the tracer is to see, and prints what it did
 * as lines "key value…" when it is done. It is what the kernel cases run.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

static const struct command *const groups[] = {
	file_commands, memory_commands, flood_commands, connect_commands, pair_commands, pass_commands,
	storm_commands, process_commands, death_commands, gate_commands, bpf_commands,
	kind_commands, place_commands, share_commands, race_commands, call_commands, exec_commands,
	door_commands, parity_commands, data_commands, message_commands, span_commands, who_commands,
	grove_commands, chore_commands, file_chore_commands, net_commands, signal_commands,
	switch_commands, disk_commands,
};

#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

/* The first call of a process that the battery has an event for: before main, before anything else. */
static void first_call(int argc, char **argv, char **envp)
{
	(void)envp;
	if (argc > 1 && !strcmp(argv[1], "first"))
		syscall(SYS_openat, AT_FDCWD, "/no/such/first", O_RDONLY, 0);
}

__attribute__((section(".preinit_array"), used))
static void (*const before_main)(int, char **, char **) = first_call;

static int usage(void)
{
	for (size_t g = 0; g < N_GROUPS; g++)
		for (const struct command *c = groups[g]; c->name; c++)
			fprintf(stderr, "workload %s %s\n", c->name, c->usage);
	return 2;
}

int run_command(int argc, char **argv)
{
	if (argc < 1)
		return usage();
	for (size_t g = 0; g < N_GROUPS; g++)
		for (const struct command *c = groups[g]; c->name; c++)
			if (!strcmp(c->name, argv[0]))
				return c->run(argc, argv);
	fprintf(stderr, "workload: no such command `%s`\n", argv[0]);
	return usage();
}

int main(int argc, char **argv)
{
	return run_command(argc - 1, argv + 1);
}
