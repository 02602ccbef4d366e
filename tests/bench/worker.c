// SPDX-License-Identifier: MIT
/* worker.c: who makes the calls. It times itself by its CPU time, which leaves out others. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define PACE		64	/* calls between two looks at the clock */
#define SELECTED	100	/* calls of which one meets a condition */

enum load load_named(const char *name)
{
	static const char *const names[] = { "close", "zero", "open", "connect", "paths" };
	size_t i = 0;

	while (i < LOAD_NONE && strcmp(names[i], name))
		i++;
	return (enum load)i;
}

static void pause_until(uint64_t at)
{
	while (now_ns(CLOCK_MONOTONIC) < at)
		continue;
}

/* Descriptors that do not exist, so that a condition on them holds for one of a hundred. */
static void load_close(const struct order *order)
{
	uint64_t begin = now_ns(CLOCK_MONOTONIC);

	for (long i = 0; i < order->n; i++) {
		if (order->rate && i % PACE == 0)
			pause_until(begin + (uint64_t)i * 1000000000 / (uint64_t)order->rate);
		syscall(SYS_close, -1 - (int)(i % SELECTED));
	}
}

static void load_zero(const struct order *order)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	char byte;

	for (long i = 0; i < order->n; i++)
		syscall(SYS_read, fd, &byte, 1);
	close(fd);
}

static void load_open(const struct order *order)
{
	for (long i = 0; i < order->n; i++)
		syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, "/usr/lib/os-release", O_RDONLY | O_CLOEXEC));
}

/* Files that do not exist: /nowhere/0 … /nowhere/99. */
static void load_paths(const struct order *order)
{
	char paths[SELECTED][16];

	for (int i = 0; i < SELECTED; i++)
		snprintf(paths[i], sizeof(paths[i]), "/nowhere/%d", i);
	for (long i = 0; i < order->n; i++)
		syscall(SYS_openat, AT_FDCWD, paths[i % SELECTED], O_RDONLY | O_CLOEXEC);
}

static int listening(struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET };
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)address, size) || listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)address, &size))
		die("listen");
	return fd;
}

/* Both sides in one thread, so that its CPU time is that of the whole connection. */
static void load_connect(const struct order *order)
{
	struct sockaddr_in address;
	int server = listening(&address);

	for (long i = 0; i < order->n; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
			die("connect");
		int accepted = accept4(server, NULL, NULL, SOCK_CLOEXEC);

		close(fd);
		close(accepted);
	}
	close(server);
}

static struct took carry_out(const struct order *order)
{
	static void (*const loads[])(const struct order *) = {
		load_close, load_zero, load_open, load_connect, load_paths };
	struct took took = { now_ns(CLOCK_THREAD_CPUTIME_ID), now_ns(CLOCK_MONOTONIC) };

	loads[order->load](order);
	took.cpu = now_ns(CLOCK_THREAD_CPUTIME_ID) - took.cpu;
	took.wall = now_ns(CLOCK_MONOTONIC) - took.wall;
	return took;
}

static _Noreturn void serve(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	struct order order;
	struct took took;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		if (poll(&ready, 1, 1) == 0) {
			syscall(SYS_close, -1);
			continue;
		}
		if (read(fd, &order, sizeof(order)) != sizeof(order))
			_exit(0);
		took = carry_out(&order);
		if (write(fd, &took, sizeof(took)) != sizeof(took))
			_exit(1);
	}
}

struct worker worker_start(void)
{
	struct worker worker;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		die("socketpair");
	worker.pid = fork();
	if (worker.pid < 0)
		die("fork");
	if (!worker.pid) {
		close(fds[0]);
		serve(fds[1]);
	}
	close(fds[1]);
	worker.fd = fds[0];
	return worker;
}

struct took worker_do(const struct worker *worker, struct order order)
{
	struct took took;

	if (write(worker->fd, &order, sizeof(order)) != sizeof(order) ||
	    read(worker->fd, &took, sizeof(took)) != sizeof(took))
		die("worker");
	return took;
}

void worker_end(const struct worker *worker)
{
	close(worker->fd);
	waitpid(worker->pid, NULL, 0);
}
