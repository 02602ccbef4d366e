// SPDX-License-Identifier: MIT
/* Signals that are sent, ignored, held and delivered; and memory that is touched for the first time, or too much of it. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

static volatile sig_atomic_t handled;

static void handle(int signal)
{
	(void)signal;
	handled++;
}

static void act(int signal, void (*how)(int))
{
	struct sigaction action = { .sa_handler = how, .sa_flags = SA_RESTART };

	if (sigaction(signal, &action, NULL))
		die("sigaction");
}

/* A child that ignores SIGUSR2, holds back SIGHUP, and waits to be killed. */
static int patient(void)
{
	int ready[2], child;
	char byte;

	if (pipe(ready))
		die("pipe");
	child = quiet_fork();
	if (!child) {
		sigset_t held;

		sigemptyset(&held);
		sigaddset(&held, SIGHUP);
		sigprocmask(SIG_BLOCK, &held, NULL);
		act(SIGUSR2, SIG_IGN);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	if (read(ready[0], &byte, 1) != 1)
		die("read");
	return child;
}

static void send_signal(int pid, int signal, long times)
{
	for (long i = 0; i < times; i++)
		if (kill(pid, signal))
			die("kill");
}

/* N signals to itself; N each to a child that ignores them, and that holds them back; then it is killed. */
static int run_kills(int argc, char **argv)
{
	long n = number(argc > 1 ? argv[1] : "3");
	int child;

	act(SIGUSR1, handle);
	child = patient();
	for (long i = 0; i < n; i++)
		if (syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1))
			die("tgkill");
	send_signal(getpid(), SIGUSR1, n);
	send_signal(child, SIGUSR2, n);
	send_signal(child, SIGHUP, n);
	send_signal(child, SIGKILL, 1);
	waitpid(child, NULL, 0);
	printf("pid %d\nchild %d\nhandled %d\n", getpid(), child, (int)handled);
	return handled == 2 * n ? 0 : 1;
}

/* A signal of a timer. */
static int run_alarm(int argc, char **argv)
{
	struct itimerval soon = { .it_value = { .tv_usec = 20000 } };

	(void)argc;
	(void)argv;
	act(SIGALRM, handle);
	if (setitimer(ITIMER_REAL, &soon, NULL))
		die("setitimer");
	while (!handled)
		pause();
	printf("pid %d\n", getpid());
	return 0;
}

/* N pages are written one by one, then by a child once more, which copies them. */
static int run_faults(int argc, char **argv)
{
	size_t n = (size_t)number(argc > 1 ? argv[1] : "100"), page = (size_t)sysconf(_SC_PAGESIZE), size = n * page;
	volatile char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int child;

	if (memory == MAP_FAILED)
		die("mmap");
	madvise((void *)memory, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < n; i++)
		memory[i * page] = 1;
	child = quiet_fork();
	if (!child) {
		for (size_t i = 0; i < n; i++)
			memory[i * page + 1] = 2;
		_exit(0);
	}
	reap(child);
	printf("pid %d\nchild %d\nfrom %lu\nto %lu\n", getpid(), child, (unsigned long)memory, (unsigned long)memory + size);
	return 0;
}

/* MEBIBYTES of memory are written, in a child that may be killed for it. */
static int run_hog(int argc, char **argv)
{
	size_t size = (size_t)number(argc > 1 ? argv[1] : "100") << 20;
	int status, child = quiet_fork();

	if (!child) {
		volatile char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (size_t i = 0; memory != MAP_FAILED && i < size; i += 4096)
			memory[i] = 1;
		_exit(0);
	}
	waitpid(child, &status, 0);
	printf("child %d\nkilled %d\n", child, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return 0;
}

const struct command signal_commands[] = {
	{ "kills", "N", run_kills },
	{ "alarm", "", run_alarm },
	{ "faults", "N", run_faults },
	{ "hog", "MEBIBYTES", run_hog },
	{ 0 },
};
