// SPDX-License-Identifier: MIT
// Processes: every way to make, to replace, to wait for and to end one.
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <unistd.h>

static char *const environment[] = { "A=1", "quo\"te=<x>\n", NULL };

static int in_clone(void *unused)
{
	(void)unused;
	getppid();
	return 3;
}

static void made(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct clone_args args = { .exit_signal = SIGCHLD };
	int status, pidfd = -1;
	struct rusage usage;
	siginfo_t info;
	pid_t pid;

	pid = syscall(SYS_fork);
	if (pid == 0)
		_exit(1);
	waitpid(pid, &status, 0);
	pid = vfork();
	if (pid == 0)
		_exit(2);
	wait4(pid, &status, 0, &usage);
	pid = clone(in_clone, stack + sizeof(stack), CLONE_FS | CLONE_FILES | SIGCHLD, NULL);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	waitpid(pid, &status, __WALL);
	args.flags = CLONE_PIDFD;
	args.pidfd = (__u64)(unsigned long)&pidfd;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0) {
		kill(getpid(), SIGKILL);
		_exit(9);
	}
	waitid(3 /* P_PIDFD */, pidfd, &info, WEXITED);
	close(pidfd);
	waitpid(-1, &status, WNOHANG);
	pid = fork();
	if (pid == 0) {
		raise(SIGSTOP);
		abort();
	}
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, &status, WCONTINUED);
	waitpid(pid, &status, 0);
}

static void replaced(void)
{
	char *const words[] = { "sh", "-c", "exit \"$0\"", "5", NULL };
	char *many[2003];
	int status, fd, i;

	if (vfork() == 0) {
		execve("/nonexistent", words, environment);
		execve("/etc/passwd", words, environment);
		execve("/bin/sh", words, environment);
		_exit(127);
	}
	wait(&status);
	fd = open("/bin/sh", O_RDONLY | O_CLOEXEC);
	if (fork() == 0) {
		syscall(SYS_execveat, fd, "", words, environment, AT_EMPTY_PATH);
		_exit(127);
	}
	wait(&status);
	fd = open("/bin", O_PATH | O_DIRECTORY);
	if (fork() == 0) {
		syscall(SYS_execveat, fd, "sh", words, NULL, 0);
		_exit(127);
	}
	wait(&status);
	for (i = 0; i < 2000; i++)
		many[i] = i == 0 ? "true" : "argument";
	many[2000] = NULL;
	if (fork() == 0) {
		execve("/bin/true", many, environment);
		_exit(127);
	}
	wait(&status);
}

static void groups(void)
{
	struct rlimit limit = { 100, 200 };
	struct rusage usage;
	struct tms times_of;
	char name[16];
	cpu_set_t set;
	struct sched_param param = { 0 };
	unsigned int cpu;

	getpid();
	getppid();
	gettid();
	getpgid(0);
	getpgrp();
	getsid(0);
	setpgid(0, 0);
	setsid();
	getpriority(PRIO_PROCESS, 0);
	setpriority(PRIO_PROCESS, 0, 5);
	getrlimit(RLIMIT_NOFILE, &limit);
	syscall(SYS_getrlimit, RLIMIT_CORE, &limit);
	limit.rlim_cur = 0;
	syscall(SYS_setrlimit, RLIMIT_CORE, &limit);
	prlimit(getpid(), RLIMIT_STACK, NULL, &limit);
	getrusage(RUSAGE_CHILDREN, &usage);
	times(&times_of);
	prctl(PR_SET_NAME, "na\"me<");
	prctl(PR_GET_NAME, name);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_GET_DUMPABLE);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_CAPBSET_READ, 5);
	prctl(12345);
	sched_getaffinity(0, sizeof(set), &set);
	sched_setaffinity(0, sizeof(set), &set);
	sched_yield();
	sched_getscheduler(0);
	sched_getparam(0, &param);
	sched_setscheduler(0, SCHED_BATCH, &param);
	sched_get_priority_max(SCHED_FIFO);
	sched_rr_get_interval(0, &(struct timespec){ 0 });
	syscall(SYS_getcpu, &cpu, NULL, NULL);
	syscall(SYS_personality, 0xffffffff);
	syscall(SYS_ioprio_get, 1, 0);
	syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 3);
	syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 1);
}

// A thread that is not the first replaces the process.
static int replacing(void *unused)
{
	char *const words[] = { "true", "from a thread", NULL };

	(void)unused;
	usleep(50000); // until the first is in pause: strace reads nonsense of a thread that ends while it stops it
	execve("/bin/true", words, environment);
	return 1;
}

static void replaced_by_thread(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	int status;

	if (fork() == 0) {
		clone(replacing, stack + sizeof(stack),
		      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, NULL);
		pause();
		_exit(1);
	}
	wait(&status);
}

int main(void)
{
	made();
	replaced();
	replaced_by_thread();
	groups();
	return 0;
}
