// SPDX-License-Identifier: MIT
/* A client and a server process with one connection, which ends in one of several ways; and listeners. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

struct plan {
	const char *kind, *end;
	long to_server, to_client, hold_ms;
};

static void hold(long ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

static void reset_on_close(int fd)
{
	struct linger linger = { .l_onoff = 1 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		die("SO_LINGER");
}

static void say_side(const char *side, int fd, long sent, long received)
{
	char bytes[64];

	snprintf(bytes, sizeof(bytes), "%ld %ld", sent, received);
	print_tuple(side, fd, bytes);
}

static void client(const struct plan *plan, const struct address *to)
{
	int fd = tcp_socket(plan->kind, SOCK_CLOEXEC);

	errno = connect_to(fd, to);
	if (errno)
		die("connect");
	say_side("client", fd, plan->to_server, plan->to_client);
	fflush(stdout);
	send_all(fd, plan->to_server);
	if (!strcmp(plan->end, "half"))
		shutdown(fd, SHUT_WR);
	receive_exactly(fd, plan->to_client);
	hold(plan->hold_ms);
	if (!strcmp(plan->end, "reset"))
		reset_on_close(fd);
	if (!strcmp(plan->end, "exit"))
		_exit(0);
	if (!strcmp(plan->end, "half"))
		receive_until_end(fd);
	close(fd);
}

/* The system call accept, which the C library has too, or accept4. */
static int take(int listening, const char *end)
{
	int fd = strcmp(end, "accept") ? accept4(listening, NULL, NULL, SOCK_CLOEXEC)
				       : (int)syscall(SYS_accept, listening, NULL, NULL);

	if (fd < 0)
		die("accept");
	return fd;
}

static void server(const struct plan *plan, int listening)
{
	int fd = take(listening, plan->end);

	say_side("server", fd, plan->to_client, plan->to_server);
	receive_exactly(fd, plan->to_server);
	if (!strcmp(plan->end, "half"))
		receive_until_end(fd);
	send_all(fd, plan->to_client);
	if (!strcmp(plan->end, "half"))
		hold(plan->hold_ms);
	else
		receive_until_end(fd);
	close(fd);
}

/* pair KIND END TO_SERVER TO_CLIENT HOLD_MS; END: normal, accept, half, reset or exit. */
static int run_pair(int argc, char **argv)
{
	struct plan plan = { argc > 5 ? argv[1] : "4", argc > 5 ? argv[2] : "normal", 0, 0, 0 };
	struct address address;
	int listening = listener(plan.kind, 8, &address), child;
	uint64_t begin = now_ns();

	if (argc > 5) {
		plan.to_server = number(argv[3]);
		plan.to_client = number(argv[4]);
		plan.hold_ms = number(argv[5]);
	}
	child = quiet_fork();
	if (!child) {
		close(listening);
		client(&plan, &address);
		_exit(0);
	}
	server(&plan, listening);
	reap(child);
	printf("elapsed %llu\nnetns %lu\n", (unsigned long long)(now_ns() - begin), netns_inode());
	return 0;
}

static void say_listener(const char *key, int fd)
{
	struct address own = local_address(fd);
	char text[64];

	address_text(&own, text);
	printf("%s %s %d\n", key, text, address_port(&own));
}

/* listen: three listeners: bound, not bound, and one that fails as its address is taken. */
static int run_listen(int argc, char **argv)
{
	int on = 1, automatic = tcp_socket("4", 0), late = tcp_socket("4", 0), bound;
	struct address address;

	(void)argc, (void)argv;
	printf("pid %d\nnetns %lu\n", getpid(), netns_inode());
	setsockopt(late, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	bound = tcp_socket("4", 0);
	setsockopt(bound, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	address = loopback("4", 0);
	if (bind(bound, (struct sockaddr *)&address.storage, address.length))
		die("bind");
	address = local_address(bound);
	if (bind(late, (struct sockaddr *)&address.storage, address.length))
		die("second bind");
	if (listen(bound, 5) || listen(automatic, 6))
		die("listen");
	say_listener("listen", bound);
	say_listener("listen", automatic);
	printf("failed %d %s\n", address_port(&address), listen(late, 7) ? error_name(errno) : "none");
	return 0;
}

/* listen6: one listener on ::1. */
static int run_listen6(int argc, char **argv)
{
	struct address address;

	(void)argc, (void)argv;
	say_listener("listen", listener("6", 5, &address));
	return 0;
}

const struct command pair_commands[] = {
	{ "pair", "4|6|mapped normal|accept|half|reset|exit TO_SERVER TO_CLIENT HOLD_MS", run_pair },
	{ "listen", "", run_listen },
	{ "listen6", "", run_listen6 },
	{ 0 },
};
