// SPDX-License-Identifier: MIT
/* Calls that last, are interrupted, go on, never return, or whose thread dies inside. And every call there is. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

/* ---- how long -------------------------------------------------------------------------------- */

/* naps MS…: a nanosleep of MS milliseconds; "nap MS NANOSECONDS", the latter being an upper bound. */
static int run_naps(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		long ms = number(argv[i]);
		struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };
		uint64_t begin = now_ns();

		syscall(SYS_nanosleep, &ts, NULL);
		printf("nap %ld %llu\n", ms, (unsigned long long)(now_ns() - begin));
	}
	return 0;
}

/* ---- interrupted ----------------------------------------------------------------------------- */

static void on_signal(int signal_number)
{
	(void)signal_number;
}

static void handle(int signal_number, int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(signal_number, &action, NULL);
}

/* Whether the process sits in that call. */
static void await_process(int pid, long call)
{
	char path[64], text[64];

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	for (int i = 0; i < 10000; i++) {
		int fd = open(path, O_RDONLY);
		ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

		if (fd >= 0)
			close(fd);
		text[n > 0 ? n : 0] = '\0';
		if (n > 0 && text[0] != 'r' && strtol(text, NULL, 10) == call && strchr(text, ' '))
			return;
		usleep(1000);
	}
	die("a process that waits");
}

static void await_stop(int pid)
{
	int status;

	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		die("a process that stops");
}

static void stop_and_go(int pid)
{
	kill(pid, SIGSTOP);
	await_stop(pid);
	kill(pid, SIGCONT);
}

static void sleep_once(void)
{
	struct timespec ts = { 0, 300000000 };

	syscall(SYS_nanosleep, &ts, NULL);
}

static void poll_once(void)
{
	syscall(SYS_poll, NULL, 0, 300);
}

/* stopped nanosleep|poll: a child in that call is stopped and goes on. */
static int run_stopped(int argc, char **argv)
{
	bool is_poll = argc > 1 && !strcmp(argv[1], "poll");
	int pid = quiet_fork();

	if (!pid) {
		if (is_poll)
			poll_once();
		else
			sleep_once();
		syscall(SYS_exit_group, 0);
	}
	await_process(pid, is_poll ? SYS_poll : SYS_nanosleep);
	stop_and_go(pid);
	reap(pid);
	printf("child %d\n", pid);
	return 0;
}

static void read_interrupted(int fd)
{
	char bytes[4];
	long n;

	handle(SIGUSR1, SA_RESTART);
	handle(SIGUSR2, 0);
	n = syscall(SYS_read, fd, bytes, sizeof(bytes));
	if (n != -1 || errno != EINTR)
		die("read");
	syscall(SYS_exit_group, 7);
}

/* signals: a child's read meets a signal after which it begins anew, then one after which it fails. */
static int run_signals(int argc, char **argv)
{
	int ends[2], pid, status;

	(void)argc, (void)argv;
	if (pipe(ends))
		die("pipe");
	pid = quiet_fork();
	if (!pid)
		read_interrupted(ends[0]);
	await_process(pid, SYS_read);
	kill(pid, SIGUSR1);
	usleep(20000);
	await_process(pid, SYS_read);
	kill(pid, SIGUSR2);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 7)
		die("child");
	printf("child %d\nfd %d\n", pid, ends[0]);
	return 0;
}

/* returns N: N signals to itself, each with a handler. */
static int run_returns(int argc, char **argv)
{
	long n = number(argc > 1 ? argv[1] : "");
	int pid = getpid(), tid = (int)syscall(SYS_gettid);

	handle(SIGUSR1, 0);
	for (long i = 0; i < n; i++)
		syscall(SYS_tgkill, pid, tid, SIGUSR1);
	printf("signals %ld\n", n);
	return 0;
}

/* ---- that never end -------------------------------------------------------------------------- */

static void *wait_forever(void *arg)
{
	char byte;

	(void)!read(*(int *)arg, &byte, 1);
	return NULL;
}

static void die_with_readers(long threads)
{
	pthread_t ids[64];
	int ends[2];

	if (pipe(ends))
		die("pipe");
	for (long i = 0; i < threads; i++)
		if (pthread_create(&ids[i], NULL, wait_forever, ends))
			die("pthread_create");
	usleep(5000);
	syscall(SYS_exit_group, 0);
}

/* dying N THREADS: N processes that end while THREADS of their threads sit in read. */
static int run_dying(int argc, char **argv)
{
	long n = number(argc > 2 ? argv[1] : ""), threads = number(argv[2]);

	for (long i = 0; i < n; i++) {
		int pid = quiet_fork();

		if (!pid)
			die_with_readers(threads < 64 ? threads : 64);
		reap(pid);
	}
	printf("processes %ld\n", n);
	return 0;
}

/* stuck FIFO: says so with close(-1), then reads from the FIFO, closes 7, and reads from it once more. */
static int run_stuck(int argc, char **argv)
{
	int fd = open(argc > 1 ? argv[1] : "", O_RDWR);
	char byte;

	if (fd < 0)
		die("fifo");
	dup2(fd, 600);
	syscall(SYS_close, -1);
	for (int i = 0; i < 3; i++)
		if (syscall(SYS_read, 600, &byte, 1) != 1)
			die("read");
	return 0;
}

/* churn CALLS: as many calls with strings and descriptors; and a short process with a thread for 4000 of them. */
static int run_churn(int argc, char **argv)
{
	long calls = number(argc > 1 ? argv[1] : ""), processes = calls / 4000;
	struct stat st;

	for (long i = 0; i < calls; i += 4) {
		int fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);

		syscall(SYS_access, "/no/such/file", F_OK);
		syscall(SYS_newfstatat, fd, "", &st, 0x1000);
		syscall(SYS_close, fd);
	}
	for (long i = 0; i < processes; i++) {
		int pid = quiet_fork();

		if (!pid) {
			close((int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0));
			die_with_readers(1);
		}
		reap(pid);
	}
	printf("calls %ld\n", calls / 4 * 4);
	return 0;
}

/* ---- every call there is --------------------------------------------------------------------- */

#define LAST_CALL 480

/* Those that end the process, wait, or do something to the whole machine. */
static bool is_left_out(long nr)
{
	static const long out[] = {
		SYS_exit, SYS_exit_group, SYS_rt_sigreturn, SYS_fork, SYS_vfork, SYS_pause, SYS_vhangup, SYS_sync,
		SYS_restart_syscall, SYS_rt_sigsuspend, SYS_sched_yield, SYS_setsid,
		335, 336,		/* uretprobe, uprobe: a signal for whoever calls them */
	};

	for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		if (out[i] == nr)
			return true;
	return nr > 336 && nr < 424;		/* no numbers there */
}

/*
 * every VALUE: each system call with VALUE as all its arguments, "call NR RET". Those that would work are
 * harmless: messages are of a namespace that ends with this process.
 */
static int run_every(int argc, char **argv)
{
	static long results[LAST_CALL + 1];
	long value = number(argc > 1 ? argv[1] : "");
	int out = fcntl(1, F_DUPFD, 300);

	if (unshare(CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWUTS) || out < 0)
		die("unshare");
	signal(SIGALRM, SIG_IGN);
	signal(SIGSYS, SIG_IGN);
	for (long nr = 0; nr <= LAST_CALL; nr++) {
		if (is_left_out(nr))
			continue;
		results[nr] = syscall(nr, value, value, value, value, value, value);
		if (results[nr] < 0)
			results[nr] = -errno;
	}
	dup2(out, 1);
	for (long nr = 0; nr <= LAST_CALL; nr++)
		if (!is_left_out(nr))
			printf("call %ld %ld\n", nr, results[nr]);
	fflush(stdout);
	_exit(0);
}

/* unknown: calls that there are not. */
static int run_unknown(int argc, char **argv)
{
	static const long numbers[] = { 400, 510, 511, 512, 999, 100000, -1, -2 };

	(void)argc, (void)argv;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		long ret = syscall(numbers[i], 11, 22, 33, 44, 55, 0x123456789abcdefL);

		printf("unknown %ld %d\n", numbers[i], ret < 0 ? -errno : (int)ret);
	}
	return 0;
}

const struct command call_commands[] = {
	{ "naps", "MS…", run_naps },
	{ "stopped", "nanosleep|poll", run_stopped },
	{ "signals", "", run_signals },
	{ "returns", "N", run_returns },
	{ "dying", "N THREADS", run_dying },
	{ "stuck", "FIFO", run_stuck },
	{ "churn", "CALLS", run_churn },
	{ "every", "VALUE", run_every },
	{ "unknown", "", run_unknown },
	{ 0 },
};
