// SPDX-License-Identifier: MIT
/* connect OUTCOME: one connection attempt that ends in the outcome asked for. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include "workload.h"

static void say_address(const char *key, const struct address *address)
{
	char text[64];

	address_text(address, text);
	printf("%s %s %d\n", key, text, address_port(address));
}

static void say_outcome(int error, uint64_t begin)
{
	printf("pid %d\nnetns %lu\nerror %s\nelapsed %llu\n", getpid(), netns_inode(), error_name(error),
	       (unsigned long long)(now_ns() - begin));
}

/* A client socket with a known address of its own, which a failed attempt would not tell afterwards. */
static int bound_socket(const char *kind, int flags)
{
	struct address own = loopback(kind, 0);
	int fd = tcp_socket(kind, flags);

	if (bind(fd, (struct sockaddr *)&own.storage, own.length))
		die("bind");
	own = local_address(fd);
	say_address("local", &own);
	return fd;
}

/* The address of a listener that takes no more connections: the next SYN gets no answer. */
static struct address full_listener(int *listening)
{
	struct address address, filler_address;
	int filler = tcp_socket("4", 0);

	*listening = listener("4", 0, &address);
	if (connect_to(filler, &address))
		die("filler");
	address = local_address(*listening);
	filler_address = local_address(filler);
	printf("filler_port %d\n", address_port(&filler_address));
	say_address("remote", &address);
	return address;
}

static int await(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLOUT };

	return poll(&wanted, 1, 30000) == 1 ? 0 : ETIMEDOUT;
}

static void established(const char *kind)
{
	struct address remote, own;
	int listening = listener(kind, 8, &remote), fd = tcp_socket(kind, 0);
	uint64_t begin = now_ns();
	int error = connect_to(fd, &remote);

	say_outcome(error, begin);
	own = local_address(fd);
	say_address("local", &own);
	say_address("remote", &remote);
	close(fd);
	close(listening);
}

/* Somebody has the port, but nobody listens. */
static struct address closed_port(const char *kind)
{
	struct address remote = loopback(kind, 0);
	int fd = tcp_socket(kind, 0);

	if (bind(fd, (struct sockaddr *)&remote.storage, remote.length))
		die("bind");
	remote = local_address(fd);
	say_address("remote", &remote);
	return remote;
}

static void refused(const char *kind)
{
	struct address remote = closed_port(kind);
	int fd = bound_socket(kind, 0);
	uint64_t begin = now_ns();
	int error = connect_to(fd, &remote);

	say_outcome(error, begin);
	close(fd);
}

static void timed_out(const char *kind)
{
	int listening, fd = bound_socket(kind, 0), retries = 1;
	struct address remote = full_listener(&listening);
	uint64_t begin = now_ns();
	int error;

	if (setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &retries, sizeof(retries)))
		die("TCP_SYNCNT");
	error = connect_to(fd, &remote);
	say_outcome(error, begin);
	close(fd);
}

/* A network namespace with nothing but its loopback. */
static void new_network(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd;

	if (unshare(CLONE_NEWNET))
		die("unshare");
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (ioctl(fd, SIOCSIFFLAGS, &lo))
		die("lo");
	close(fd);
}

static struct address elsewhere(void)
{
	struct address remote = loopback("4", 80);

	((struct sockaddr_in *)&remote.storage)->sin_addr.s_addr = inet_addr("192.0.2.1");
	return remote;
}

static void unreachable(const char *what)
{
	struct address remote = elsewhere();
	struct rtentry route = { .rt_flags = RTF_UP | RTF_HOST | RTF_REJECT };
	uint64_t begin;
	int fd, error;

	new_network();
	fd = tcp_socket("4", 0);
	memcpy(&route.rt_dst, &remote.storage, sizeof(route.rt_dst));
	((struct sockaddr_in *)&route.rt_genmask)->sin_family = AF_INET;
	if (!strcmp(what, "host") && ioctl(fd, SIOCADDRT, &route))
		die("SIOCADDRT");
	begin = now_ns();
	error = connect_to(fd, &remote);
	say_address("remote", &remote);
	say_outcome(error, begin);
	close(fd);
}

static void expect_progress(int error)
{
	if (error == EINPROGRESS)
		return;
	errno = error;
	die("non-blocking connect");
}

/* Non-blocking, with the second call that programs make to learn the result. */
static void later(const char *what)
{
	bool good = !strcmp(what, "established");
	struct address remote = good ? loopback("4", 0) : closed_port("4");
	int listening = good ? listener("4", 8, &remote) : -1;
	int fd = bound_socket("4", SOCK_NONBLOCK), error;
	uint64_t begin = now_ns();

	expect_progress(connect_to(fd, &remote));
	error = await(fd);
	if (!error)
		error = connect_to(fd, &remote);
	say_outcome(error, begin);
	if (good)
		say_address("remote", &remote);
	close(fd);
	close(listening);
}

/* Non-blocking, established only by the second SYN, a second later. */
static void slow(const char *unused)
{
	int listening, fd = bound_socket("4", SOCK_NONBLOCK);
	struct address remote = full_listener(&listening);
	uint64_t begin = now_ns();
	int error;

	(void)unused;
	expect_progress(connect_to(fd, &remote));
	close(accept4(listening, NULL, NULL, 0));
	error = await(fd);
	say_outcome(error, begin);
	close(fd);
}

static void abandoned(const char *unused)
{
	int listening, fd = bound_socket("4", SOCK_NONBLOCK);
	struct address remote = full_listener(&listening);
	uint64_t begin = now_ns();

	(void)unused;
	expect_progress(connect_to(fd, &remote));
	close(fd);
	say_outcome(EINPROGRESS, begin);
}

static void nothing(int number)
{
	(void)number;
}

/* A signal interrupts the call; the attempt goes on and succeeds. */
static void interrupted(const char *unused)
{
	int listening, fd = bound_socket("4", 0), error;
	struct address remote = full_listener(&listening);
	struct sigaction action = { .sa_handler = nothing };
	struct itimerval soon = { .it_value.tv_usec = 200000 };
	uint64_t begin = now_ns();

	(void)unused;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	error = connect_to(fd, &remote);
	if (error != EINTR)
		die("connect was not interrupted");
	close(accept4(listening, NULL, NULL, 0));
	error = await(fd);
	say_outcome(error, begin);
	close(fd);
}

static const struct {
	const char *name, *arg;
	void (*run)(const char *arg);
} outcomes[] = {
	{ "established4", "4", established }, { "established6", "6", established },
	{ "mapped", "mapped", established }, { "refused4", "4", refused }, { "refused6", "6", refused },
	{ "refused-mapped", "mapped", refused }, { "timeout", "4", timed_out },
	{ "netunreach", "net", unreachable }, { "hostunreach", "host", unreachable },
	{ "later-established", "established", later }, { "later-refused", "refused", later },
	{ "slow", "", slow }, { "abandoned", "", abandoned }, { "interrupted", "", interrupted },
};

static int run_connect(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		if (!strcmp(outcomes[i].name, argv[1])) {
			outcomes[i].run(outcomes[i].arg);
			return 0;
		}
	}
	fprintf(stderr, "workload: no such outcome\n");
	return 2;
}

const struct command connect_commands[] = {
	{ "connect", "OUTCOME", run_connect },
	{ 0 },
};
