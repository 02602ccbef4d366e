// SPDX-License-Identifier: MIT
/* Descriptors that come from others: threads, other processes, before the program began. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* ---- sent over a socket ---------------------------------------------------------------------- */

static void send_fd(int through, int fd)
{
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = room,
				  .msg_controllen = sizeof(room) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	if (sendmsg(through, &message, 0) != 1)
		die("sendmsg");
}

static int receive_fd(int through)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = room,
				  .msg_controllen = sizeof(room) };
	int fd;

	if (recvmsg(through, &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		die("recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* rights FOLDER: a file that one process opens and another one, which never did, touches. */
static int run_rights(int argc, char **argv)
{
	int ends[2], child, fd;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		die("socketpair");
	child = quiet_fork();
	if (!child) {
		fd = receive_fd(ends[1]);
		dup2(fd, 700);			/* a number that says whose it is */
		touch(700);
		printf("receiver %d\n", getpid());
		say_file("received", 700);
		fflush(stdout);
		_exit(0);
	}
	fd = new_file(argc > 1 ? argv[1] : "", "sent");
	send_fd(ends[0], fd);
	close(fd);
	reap(child);
	return 0;
}

/* taken FOLDER: a descriptor of another process, got with pidfd_getfd. */
static int run_taken(int argc, char **argv)
{
	int go[2], fd = new_file(argc > 1 ? argv[1] : "", "taken"), child, pidfd, mine;
	char byte;

	if (pipe(go))
		die("pipe");
	child = quiet_fork();
	if (!child) {
		close(go[1]);
		(void)!read(go[0], &byte, 1);
		_exit(0);
	}
	say_file("taken", fd);
	close(fd);
	pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	mine = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	if (mine < 0)
		die("pidfd_getfd");
	dup2(mine, 701);
	touch(701);
	close(go[1]);
	reap(child);
	return 0;
}

/* ---- threads --------------------------------------------------------------------------------- */

static int shared_fd;

static void *touch_shared(void *unused)
{
	touch(shared_fd);
	printf("thread %ld\n", syscall(SYS_gettid));
	return unused;
}

static int child_with_files(void *folder)
{
	shared_fd = new_file(folder, "of-the-child");
	return 0;
}

/* shared FOLDER: a file opened in one thread, touched in another; one opened in a process that shares descriptors. */
static int run_shared(int argc, char **argv)
{
	static char stack[65536] __attribute__((aligned(16)));
	char *folder = argc > 1 ? argv[1] : NULL;
	pthread_t thread;
	int pid, status;

	shared_fd = new_file(folder, "of-a-thread");
	say_file("first", shared_fd);
	if (pthread_create(&thread, NULL, touch_shared, NULL))
		die("pthread_create");
	pthread_join(thread, NULL);
	fflush(stdout);
	pid = clone(child_with_files, stack + sizeof(stack), CLONE_FILES | CLONE_VM | SIGCHLD, folder);
	if (spawned(pid) && (waitpid(pid, &status, 0) != pid || status))
		die("child");
	touch(shared_fd);
	say_file("second", shared_fd);
	return 0;
}

/* ---- a descriptor that becomes another one during a call -------------------------------------- */

struct swap {
	int pipe[2], other;
	int tid;
};

static void *read_it(void *arg)
{
	struct swap *swap = arg;
	char byte;

	__atomic_store_n(&swap->tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	if (syscall(SYS_read, swap->pipe[0], &byte, 1) != 1)
		die("read");
	return NULL;
}

/* swapped FOLDER: while a thread reads from a pipe, another puts a file in the place of its descriptor. */
static int run_swapped(int argc, char **argv)
{
	struct swap swap = { .other = new_file(argc > 1 ? argv[1] : "", "not-read") };
	pthread_t thread;
	int tid;

	if (pipe(swap.pipe))
		die("pipe");
	say_file("pipe", swap.pipe[0]);
	say_file("other", swap.other);
	if (pthread_create(&thread, NULL, read_it, &swap))
		die("pthread_create");
	while (!(tid = __atomic_load_n(&swap.tid, __ATOMIC_SEQ_CST)))
		sched_yield();
	await_call(tid, SYS_read);
	dup2(swap.other, swap.pipe[0]);
	if (write(swap.pipe[1], "x", 1) != 1)
		die("write");
	pthread_join(thread, NULL);
	printf("reader %d\n", tid);
	return 0;
}

/*
 * swaps FOLDER N: N reads of a byte from number 800, which once, at some time about the call, becomes
 * another file. The byte says which file was read.
 */
struct swaps {
	int one, two;
	long turn, done;
	int over;
};

static void *swap_once(void *arg)
{
	struct swaps *swaps = arg;
	unsigned int seed = 3;
	long seen = 0;

	while (!__atomic_load_n(&swaps->over, __ATOMIC_SEQ_CST)) {
		if (__atomic_load_n(&swaps->turn, __ATOMIC_SEQ_CST) == seen) {
			sched_yield();
			continue;
		}
		seen++;
		for (volatile int i = rand_r(&seed) % 2000; i > 0; i--)
			;
		syscall(SYS_dup2, swaps->two, 800);
		__atomic_store_n(&swaps->done, seen, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

static int run_swaps(int argc, char **argv)
{
	struct swaps swaps = { .one = new_file(argc > 2 ? argv[1] : "", "one"), .two = new_file(argv[1], "two") };
	long n = number(argv[2]), ones = 0;
	pthread_t thread;
	char byte;

	if (pwrite(swaps.one, "1", 1, 0) != 1 || pwrite(swaps.two, "2", 1, 0) != 1)
		die("pwrite");
	if (pthread_create(&thread, NULL, swap_once, &swaps))
		die("pthread_create");
	for (long i = 0; i < n; i++) {
		dup2(swaps.one, 800);
		__atomic_add_fetch(&swaps.turn, 1, __ATOMIC_SEQ_CST);
		if (syscall(SYS_pread64, 800, &byte, 1, 0) != 1)
			die("pread64");
		ones += byte == '1';
		while (__atomic_load_n(&swaps.done, __ATOMIC_SEQ_CST) <= i)
			sched_yield();
	}
	__atomic_store_n(&swaps.over, 1, __ATOMIC_SEQ_CST);
	pthread_join(thread, NULL);
	printf("ones %ld\n", ones);
	return 0;
}

/* ---- short lives ----------------------------------------------------------------------------- */

/* brief FOLDER N: N files that are opened under one number, touched and closed at once; "brief I INODE". */
static int run_brief(int argc, char **argv)
{
	long n = number(argc > 2 ? argv[2] : "");
	char name[32];

	for (long i = 0; i < n; i++) {
		int fd;

		snprintf(name, sizeof(name), "brief-%ld", i);
		fd = new_file(argv[1], name);
		touch(fd);
		close(fd);
	}
	printf("files %ld\n", n);
	return 0;
}

const struct command share_commands[] = {
	{ "rights", "FOLDER", run_rights },
	{ "taken", "FOLDER", run_taken },
	{ "shared", "FOLDER", run_shared },
	{ "swapped", "FOLDER", run_swapped },
	{ "swaps", "FOLDER N", run_swaps },
	{ "brief", "FOLDER N", run_brief },
	{ 0 },
};
