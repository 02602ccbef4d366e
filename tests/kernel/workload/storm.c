// SPDX-License-Identifier: MIT
/* Many short connections; sums over the tuples let a test see that each was reported exactly once. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "workload.h"

#define ASKED 10	/* bytes from the client */
#define ANSWERED 1	/* bytes from the server */

struct sums {
	uint64_t sum, xor;
	long count;
};

static void add(struct sums *sums, int fd)
{
	uint64_t hash = tuple_hash(fd);

	sums->sum += hash;
	sums->xor ^= hash;
	sums->count++;
}

static void client(const char *kind, const struct address *to, long n, struct sums *sums)
{
	for (long i = 0; i < n; i++) {
		int fd = tcp_socket(kind, SOCK_CLOEXEC);

		errno = connect_to(fd, to);
		if (errno)
			die("connect");
		add(sums, fd);
		send_all(fd, ASKED);
		receive_exactly(fd, ANSWERED);
		close(fd);
	}
}

static void server(int listening, long n, struct sums *sums)
{
	for (long i = 0; i < n; i++) {
		int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			die("accept4");
		add(sums, fd);
		receive_exactly(fd, ASKED);
		send_all(fd, ANSWERED);
		receive_until_end(fd);
		close(fd);
	}
}

/* Signed, as the numbers of Lua are. */
static void say_sums(const char *side, const struct sums *sums)
{
	printf("%s_sum %lld\n%s_xor %lld\n%s_count %ld\n", side, (long long)sums->sum, side,
	       (long long)sums->xor, side, sums->count);
}

/* storm N CLIENTS [KIND]: N connections from CLIENTS processes at a time to this one. */
static int run_storm(int argc, char **argv)
{
	long n = argc > 2 ? number(argv[1]) : 0, clients = argc > 2 ? number(argv[2]) : 1;
	const char *kind = argc > 3 ? argv[3] : "4";
	struct sums *sums = shared_memory(sizeof(*sums) * (size_t)(clients + 1));
	struct sums all = { 0 };
	struct address address;
	int listening = listener(kind, 128, &address);

	printf("port %d\nserver_pid %d\n", address_port(&address), getpid());
	for (long i = 1; i <= clients; i++) {
		if (quiet_fork())
			continue;
		client(kind, &address, n / clients + (i <= n % clients), &sums[i]);
		_exit(0);
	}
	server(listening, n, &sums[0]);
	for (long i = 1; i <= clients; i++) {
		reap(-1);
		all.sum += sums[i].sum;
		all.xor ^= sums[i].xor;
		all.count += sums[i].count;
	}
	say_sums("client", &all);
	say_sums("server", &sums[0]);
	printf("asked %ld\nanswered %ld\n", n * ASKED, n * ANSWERED);
	return 0;
}

const struct command storm_commands[] = {
	{ "storm", "N CLIENTS [4|6|mapped]", run_storm },
	{ 0 },
};
