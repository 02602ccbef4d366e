// SPDX-License-Identifier: MIT
/*
 * Who a process is: user, name, cgroup, namespace, terminal. Each command changes one of them and then does
 * what the rest of its words say, so that they can stand before one another and before `wait`.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workload.h"

/* Output that a process of another user may go on writing is open already. */
static int run_user(int argc, char **argv)
{
	long id = argc > 2 ? number(argv[1]) : 0;

	if (setgroups(0, NULL) || setresuid((uid_t)id, (uid_t)id, (uid_t)id))
		die("user");
	return run_command(argc - 2, argv + 2);
}

static int run_group(int argc, char **argv)
{
	long id = argc > 2 ? number(argv[1]) : 0;

	if (setresgid((gid_t)id, (gid_t)id, (gid_t)id))
		die("group");
	return run_command(argc - 2, argv + 2);
}

static int run_name(int argc, char **argv)
{
	if (argc < 3 || prctl(PR_SET_NAME, argv[1]))
		die("name");
	return run_command(argc - 2, argv + 2);
}

static void enter(const char *cgroup)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	file = fopen(path, "w");
	if (!file || fprintf(file, "0\n") < 0 || fclose(file))
		die(path);
}

static int run_cgroup(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	enter(argv[1]);
	return run_command(argc - 2, argv + 2);
}

static int run_new_cgroup(int argc, char **argv)
{
	if (argc < 3 || mkdir(argv[1], 0755))
		die("new-cgroup");
	return run_cgroup(argc, argv);
}

/* In a child, for a process cannot change its own namespace of pids; this one reads until that has ended. */
static int run_below(int argc, char **argv)
{
	int ends[2], pid;
	char byte;

	if (argc < 2 || pipe2(ends, O_CLOEXEC))
		die("below");
	pid = quiet_fork();
	if (!pid)
		exit(run_command(argc - 1, argv + 1));
	close(ends[1]);
	while (read(ends[0], &byte, 1) > 0)
		;
	reap(pid);
	return 0;
}

static int run_namespace(int argc, char **argv)
{
	static const struct { const char *name; int flag; } kinds[] = {
		{ "net", CLONE_NEWNET }, { "mnt", CLONE_NEWNS }, { "pid", CLONE_NEWPID },
	};

	for (size_t i = 0; argc > 2 && i < 3; i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		if (unshare(kinds[i].flag))
			die(argv[1]);
		return kinds[i].flag == CLONE_NEWPID ? run_below(argc - 1, argv + 1) : run_command(argc - 2, argv + 2);
	}
	return 2;
}

/* terminal FILE COMMAND…: a session of its own with a new terminal, whose name is left in FILE. */
static int run_terminal(int argc, char **argv)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), terminal;
	FILE *file;

	if (argc < 3 || master < 0 || grantpt(master) || unlockpt(master) || setsid() < 0)
		die("terminal");
	terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal < 0 || ioctl(terminal, TIOCSCTTY, 0))
		die("TIOCSCTTY");
	file = fopen(argv[1], "w");
	if (!file || fprintf(file, "%s\n", ptsname(master)) < 0 || fclose(file))
		die(argv[1]);
	return run_command(argc - 2, argv + 2);
}

/* orphan COMMAND…: by a grandchild whose parent is gone. */
static int run_orphan(int argc, char **argv)
{
	int ends[2], pid;
	char byte;

	if (argc < 2 || pipe2(ends, O_CLOEXEC))
		die("orphan");
	pid = quiet_fork();
	if (!pid) {
		if (quiet_fork())
			_exit(0);
		while (getppid() != 1 && !read(ends[0], &byte, 0))
			sched_yield();
		exit(run_command(argc - 1, argv + 1));
	}
	reap(pid);
	close(ends[1]);
	while (read(ends[0], &byte, 1) > 0)
		;
	return 0;
}

const struct command who_commands[] = {
	{ "user", "UID COMMAND…", run_user },
	{ "group", "GID COMMAND…", run_group },
	{ "name", "NAME COMMAND…", run_name },
	{ "cgroup", "DIR COMMAND…", run_cgroup },
	{ "new-cgroup", "DIR COMMAND…", run_new_cgroup },
	{ "below", "COMMAND…", run_below },
	{ "namespace", "net|mnt|pid COMMAND…", run_namespace },
	{ "terminal", "FILE COMMAND…", run_terminal },
	{ "orphan", "COMMAND…", run_orphan },
	{ 0 },
};
