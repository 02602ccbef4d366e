// SPDX-License-Identifier: MIT
/* Processes that end: by a status, by a signal, thread by thread. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

static void nap(long ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static void no_core(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}

/* One child; prints "child PID STATUS SIGNAL LIFETIME", the lifetime in ns being an upper bound. */
static void one_death(int status, int signal_number, long ms)
{
	uint64_t begin = now_ns();
	int pid = quiet_fork();

	if (!pid) {
		nap(ms);
		if (!signal_number)
			_exit(status);
		no_core();
		signal(signal_number, SIG_DFL);
		kill(getpid(), signal_number);
		for (;;)
			pause();
	}
	waitpid(pid, NULL, 0);
	printf("child %d %d %d %llu\n", pid, status, signal_number,
	       (unsigned long long)(now_ns() - begin));
}

/* deaths MS: children that live MS and end with statuses and signals. */
static int run_deaths(int argc, char **argv)
{
	static const int statuses[] = { 0, 1, 7, 255 };
	static const int signals[] = { SIGKILL, SIGSEGV, SIGABRT, SIGTERM };
	long ms = argc > 1 ? number(argv[1]) : 0;

	for (size_t i = 0; i < 4; i++)
		one_death(statuses[i], 0, ms);
	for (size_t i = 0; i < 4; i++)
		one_death(0, signals[i], ms);
	printf("pid %d\n", getpid());
	return 0;
}

static int run_exit(int argc, char **argv)
{
	return argc > 1 ? (int)number(argv[1]) : 0;
}

static void *end_thread(void *unused)
{
	return unused;
}

/* threads N: N threads that begin and end, one after the other. */
static int run_threads(int argc, char **argv)
{
	long n = argc > 1 ? number(argv[1]) : 0;

	for (long i = 0; i < n; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, end_thread, NULL))
			die("pthread_create");
		pthread_join(thread, NULL);
	}
	printf("threads %ld\npid %d\n", n, getpid());
	return 0;
}

static void *end_process(void *unused)
{
	nap(30);
	syscall(SYS_exit_group, 5);
	return unused;
}

/* leader: the first thread ends at once, another one ends the process with status 5. */
static int run_leader(int argc, char **argv)
{
	pthread_t thread;

	(void)argc, (void)argv;
	printf("pid %d\n", getpid());
	fflush(stdout);
	if (pthread_create(&thread, NULL, end_process, NULL))
		die("pthread_create");
	syscall(SYS_exit, 0);
	return 0;
}

const struct command death_commands[] = {
	{ "deaths", "MS", run_deaths },
	{ "exit", "STATUS", run_exit },
	{ "threads", "N", run_threads },
	{ "leader", "", run_leader },
	{ 0 },
};
