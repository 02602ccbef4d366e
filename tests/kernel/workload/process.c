// SPDX-License-Identifier: MIT
/* Processes that begin: forks, execs, threads, pids beyond the usual. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

static char self[] = "/proc/self/exe";

static void run_self(char *first, char *second)
{
	char *argv[] = { (char *)"workload", first, second, NULL };

	execv(self, argv);
	_exit(98);
}

/* exec N: N processes one after the other, each "workload true number-I", made by vfork. */
static int run_exec(int argc, char **argv)
{
	long n = argc > 1 ? number(argv[1]) : 0;
	char argument[32];

	for (long i = 1; i <= n; i++) {
		int pid;

		snprintf(argument, sizeof(argument), "number-%ld", i);
		pid = spawned(vfork());
		if (!pid)
			run_self((char *)"true", argument);
		reap(pid);
	}
	printf("execs %ld\n", n);
	return 0;
}

/* exec-as PATH ARG…: becomes PATH; the argv is ARG…, PATH not among them. */
static int run_exec_as(int argc, char **argv)
{
	struct stat st;
	char cwd[4096];

	if (argc < 3 || stat(argv[1], &st) || !getcwd(cwd, sizeof(cwd)))
		die("exec-as");
	printf("pid %d\nppid %d\ninode %lu\ncwd %s\n", getpid(), getppid(), (unsigned long)st.st_ino, cwd);
	fflush(stdout);
	execv(argv[1], argv + 2);
	die(argv[1]);
}

/* Returns in the process that it made only when its own tree is complete. */
static void grow(long depth, long width)
{
	for (long i = 0; depth > 0 && i < width; i++) {
		int pid = spawned(fork());

		if (!pid) {
			grow(depth - 1, width);
			_exit(0);
		}
		reap(pid);
	}
}

/* tree DEPTH WIDTH: every process has WIDTH children, DEPTH generations long. */
static int run_tree(int argc, char **argv)
{
	long depth = argc > 2 ? number(argv[1]) : 0, width = argc > 2 ? number(argv[2]) : 0;
	long total = 0, generation = 1;

	grow(depth, width);
	for (long i = 0; i < depth; i++) {
		generation *= width;
		total += generation;
	}
	printf("forks %ld\npid %d\n", total, getpid());
	return 0;
}

static void *run_self_in_thread(void *unused)
{
	(void)unused;
	run_self((char *)"true", (char *)"from-a-thread");
	return NULL;
}

/* exec-thread: a thread that is not the first one calls execve. */
static int run_exec_thread(int argc, char **argv)
{
	pthread_t thread;

	(void)argc, (void)argv;
	printf("pid %d\n", getpid());
	fflush(stdout);
	if (pthread_create(&thread, NULL, run_self_in_thread, NULL))
		die("pthread_create");
	for (;;)
		pause();
}

static long read_pid_max(void)
{
	FILE *in = fopen("/proc/sys/kernel/pid_max", "r");
	long value = 0;

	if (!in || fscanf(in, "%ld", &value) != 1 || fclose(in))
		die("pid_max");
	return value;
}

static void write_pid_max(long value)
{
	FILE *out = fopen("/proc/sys/kernel/pid_max", "w");

	if (!out || fprintf(out, "%ld\n", value) < 0 || fclose(out))
		die("pid_max");
}

/*
 * at-pids COMMAND… -- PID…: runs COMMAND in a child per PID, which has that very pid. COMMAND may open
 * fifos to wait. pid_max is raised for the moment that it takes. SIGTERM is for the children: this one has to
 * stay until they are gone, else their pids would be taken for as long as nobody waits for them.
 */
static int run_at_pids(int argc, char **argv)
{
	long pid_max = read_pid_max();
	int split = 1, failed = 0;

	while (split < argc && strcmp(argv[split], "--"))
		split++;
	for (int i = split + 1; i < argc; i++) {
		int wanted = (int)number(argv[i]);
		struct clone_args args = { .exit_signal = SIGCHLD, .set_tid_size = 1,
					   .set_tid = (uint64_t)(uintptr_t)&wanted };
		long pid;

		if (pid_max <= wanted)
			write_pid_max(4194304);
		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (!pid)
			_exit(run_command(split - 1, argv + 1));
		if (pid_max <= wanted)
			write_pid_max(pid_max);
		if (pid < 0)
			die("clone3");
	}
	signal(SIGTERM, SIG_IGN);
	for (int i = split + 1; i < argc; i++) {
		int status;

		if (wait(&status) < 0 || status)
			failed = 1;
	}
	return failed;
}

const struct command process_commands[] = {
	{ "exec", "N", run_exec },
	{ "exec-as", "PATH ARG…", run_exec_as },
	{ "exec-thread", "", run_exec_thread },
	{ "tree", "DEPTH WIDTH", run_tree },
	{ "at-pids", "COMMAND… -- PID…", run_at_pids },
	{ 0 },
};
