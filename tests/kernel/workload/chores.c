// SPDX-License-Identifier: MIT
/* What the tools are asked about: N things that a tool must show, and as many that it must not. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

#define MISSING "/no/such/file"

/* ---- attributes ------------------------------------------------------------------------------ */

/* stats FOLDER N: N of each call, of a file that is there; N stats and statxs of none; N accesses and fstats. */
static int run_stats(int argc, char **argv)
{
	struct statx more;
	struct statfs fs;
	struct stat st;

	if (argc < 3)
		return 2;
	for (long i = 0; i < number(argv[2]); i++) {
		must(syscall(SYS_stat, argv[1], &st), "stat");
		must(syscall(SYS_lstat, argv[1], &st), "lstat");
		must(syscall(SYS_newfstatat, AT_FDCWD, argv[1], &st, 0), "newfstatat");
		must(syscall(SYS_statx, AT_FDCWD, argv[1], 0, STATX_BASIC_STATS, &more), "statx");
		must(syscall(SYS_statfs, argv[1], &fs), "statfs");
		must(syscall(SYS_fstat, 1, &st), "fstat");
		must(syscall(SYS_access, argv[1], R_OK), "access");
		syscall(SYS_stat, MISSING, &st);
		syscall(SYS_statx, AT_FDCWD, MISSING, 0, STATX_BASIC_STATS, &more);
	}
	return 0;
}

/* ---- users ----------------------------------------------------------------------------------- */

static void all_identities(void)
{
	gid_t group = getgid();

	must(syscall(SYS_setuid, getuid()), "setuid");
	must(syscall(SYS_setgid, group), "setgid");
	must(syscall(SYS_setreuid, -1, -1), "setreuid");
	must(syscall(SYS_setregid, -1, -1), "setregid");
	must(syscall(SYS_setresuid, -1, -1, -1), "setresuid");
	must(syscall(SYS_setresgid, -1, -1, -1), "setresgid");
	syscall(SYS_setfsuid, getuid());
	syscall(SYS_setfsgid, group);
	must(syscall(SYS_setgroups, 1, &group), "setgroups");
}

/* identities N: N of each of the nine calls; then N times a child that is nobody asks to be root. */
static int run_identities(int argc, char **argv)
{
	long n = argc > 1 ? number(argv[1]) : 1;
	int pid;

	for (long i = 0; i < n; i++)
		all_identities();
	pid = quiet_fork();
	if (!pid) {
		must(syscall(SYS_setresuid, 65534, 65534, 65534), "setresuid");
		for (long i = 0; i < n; i++)
			syscall(SYS_setuid, 0);
		_exit(0);
	}
	reap(pid);
	return 0;
}

/* ---- processes ------------------------------------------------------------------------------- */

static void born(int status, int signal)
{
	int pid = quiet_fork(), how;

	if (!pid) {
		if (signal)
			raise(signal);
		_exit(status);
	}
	must(waitpid(pid, &how, 0), "waitpid");
}

static void *nothing(void *unused)
{
	return unused;
}

/* births N: N children that end with 0, N with 7, N by SIGKILL; N threads. */
static int run_births(int argc, char **argv)
{
	pthread_t thread;

	for (long i = 0; i < (argc > 1 ? number(argv[1]) : 1); i++) {
		born(0, 0);
		born(7, 0);
		born(0, SIGKILL);
		if (pthread_create(&thread, NULL, nothing, NULL) || pthread_join(thread, NULL))
			die("pthread_create");
	}
	return 0;
}

/* no-programs N: N execs of what is not there. */
static int run_no_programs(int argc, char **argv)
{
	char *words[] = { (char *)"no program", NULL };

	for (long i = 0; i < (argc > 1 ? number(argv[1]) : 1); i++)
		if (execv(MISSING, words) == 0)
			die("execv");
	return 0;
}

/* ---- failures, waits ------------------------------------------------------------------------- */

/* failures N: N times each: no file, no descriptor, no process, not now; and as many calls that work. */
static int run_failures(int argc, char **argv)
{
	char byte;
	int ends[2];

	must(pipe2(ends, O_NONBLOCK), "pipe2");
	for (long i = 0; i < (argc > 1 ? number(argv[1]) : 1); i++) {
		if (open(MISSING, O_RDONLY) >= 0 || read(-1, &byte, 1) >= 0 || kill(0x7ffffff0, SIGTERM) == 0 ||
		    read(ends[0], &byte, 1) >= 0)
			die("what fails");
		must(syscall(SYS_getppid), "getppid");
	}
	return 0;
}

/* futexes N MS: N waits of MS milliseconds that nobody ends, and N wakes of nobody. "word ADDRESS" is where. */
static int run_futexes(int argc, char **argv)
{
	static unsigned int word;
	struct timespec ts;

	if (argc < 3)
		return 2;
	ts = (struct timespec){ number(argv[2]) / 1000, number(argv[2]) % 1000 * 1000000 };
	for (long i = 0; i < number(argv[1]); i++) {
		if (syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &ts, NULL, 0) == 0)
			die("futex");
		must(syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), "futex");
	}
	printf("word %p\n", (void *)&word);
	return 0;
}

const struct command chore_commands[] = {
	{ "stats", "FOLDER N", run_stats },
	{ "identities", "N", run_identities },
	{ "births", "N", run_births },
	{ "no-programs", "N", run_no_programs },
	{ "failures", "N", run_failures },
	{ "futexes", "N MS", run_futexes },
	{ NULL, NULL, NULL },
};
