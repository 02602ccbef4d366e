// SPDX-License-Identifier: MIT
// Signals: handlers, masks, waits that are interrupted and restarted, queues, timers, deaths.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void nothing(int unused) { (void)unused; }

static void detailed(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	write(1, &info->si_value, sizeof(int));
}

static void handle(int signal, int flags)
{
	struct sigaction action = { .sa_handler = nothing, .sa_flags = flags }, old;

	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaddset(&action.sa_mask, SIGRTMIN + 3);
	sigaction(signal, &action, &old);
}

static void soon(int us)
{
	struct itimerval value = { .it_value.tv_usec = us };

	setitimer(ITIMER_REAL, &value, NULL);
}

static void interrupted(void)
{
	struct timespec time = { 0, 20000000 }, rest;
	struct pollfd none = { -1, POLLIN | POLLHUP, 0 };
	sigset_t mask;
	int ends[2];
	char byte;

	pipe(ends);
	handle(SIGALRM, 0);
	soon(3000);
	read(ends[0], &byte, 1);
	soon(3000);
	nanosleep(&time, &rest);
	soon(3000);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &rest);
	soon(3000);
	poll(&none, 1, 20);
	soon(3000);
	sigemptyset(&mask);
	sigsuspend(&mask);
	soon(3000);
	pause();
	handle(SIGALRM, SA_RESTART | SA_NODEFER);
	soon(3000);
	if (fork() == 0) {
		usleep(10000);
		write(ends[1], "x", 1);
		_exit(0);
	}
	read(ends[0], &byte, 1);
	wait(NULL);
	alarm(100);
	alarm(0);
}

// A stop and a continue without a handler: calls go on by restart_syscall.
static void stopped(void)
{
	struct timespec time = { 0, 30000000 };
	pid_t pid = fork();

	if (pid == 0) {
		nanosleep(&time, NULL);
		poll(NULL, 0, 30);
		_exit(0);
	}
	usleep(5000);
	kill(pid, SIGSTOP);
	usleep(5000);
	kill(pid, SIGCONT);
	usleep(35000);
	kill(pid, SIGSTOP);
	usleep(5000);
	kill(pid, SIGCONT);
	wait(NULL);
}

static void sets(void)
{
	struct timespec time = { 0, 1000000 };
	sigset_t mask, old;
	siginfo_t info;
	int fd;

	sigemptyset(&mask);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGUSR1);
	sigaddset(&mask, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &mask, &old);
	kill(getpid(), SIGUSR1);
	syscall(SYS_tkill, syscall(SYS_gettid), SIGHUP);
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 42 });
	sigpending(&old);
	fd = signalfd(-1, &mask, SFD_CLOEXEC);
	read(fd, &(struct signalfd_siginfo){ 0 }, sizeof(struct signalfd_siginfo));
	close(fd);
	sigtimedwait(&mask, &info, &time);
	sigwaitinfo(&mask, &info);
	sigtimedwait(&mask, &info, &time);
	sigfillset(&mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigdelset(&mask, SIGINT);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigprocmask(SIG_UNBLOCK, &mask, &old);
	sigprocmask(SIG_BLOCK, NULL, &old);
}

static void stacks(void)
{
	static char room[65536];
	stack_t stack = { .ss_sp = room, .ss_size = sizeof(room) }, old;
	struct sigaction action = { .sa_sigaction = detailed, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND };

	sigaltstack(&stack, &old);
	sigaction(SIGRTMIN + 1, &action, NULL);
	sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = 7 });
	signal(SIGPIPE, SIG_IGN);
	syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0);
	kill(0x3fffffff, SIGTERM);
	kill(getpid(), 99);
}

static void deaths(void)
{
	const int deadly[] = { SIGTERM, SIGSEGV, SIGKILL, SIGRTMAX };
	int *volatile nowhere = NULL;
	unsigned int i;
	int status;

	for (i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
		pid_t pid = fork();

		if (pid == 0) {
			if (deadly[i] == SIGSEGV)
				*nowhere = 1;
			pause();
		}
		usleep(2000);
		kill(pid, deadly[i]);
		waitpid(pid, &status, 0);
	}
}

int main(void)
{
	interrupted();
	stopped();
	sets();
	stacks();
	deaths();
	return 0;
}
