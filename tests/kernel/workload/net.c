// SPDX-License-Identifier: MIT
/* What happens to packets and connections: segments that get lost, resets, datagrams, bytes by every call. */
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

static void pause_ms(long ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

static unsigned int retransmits(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length))
		die("TCP_INFO");
	return info.tcpi_total_retrans;
}

/* A connection over the loopback: both ends, and the listener closed. */
static void connected(int ends[2], const char *kind)
{
	struct address address;
	int listening = listener(kind, 1, &address);

	ends[0] = tcp_socket(kind, SOCK_CLOEXEC);
	errno = connect_to(ends[0], &address);
	if (errno)
		die("connect");
	ends[1] = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	if (ends[1] < 0)
		die("accept4");
	close(listening);
}

/* ---- lost segments ---------------------------------------------------------------------------- */

/* Sends one segment to a socket whose filter takes none, until it was sent that often again; then lets it through. */
static int run_lose(int argc, char **argv)
{
	struct sock_filter nothing = { .code = BPF_RET | BPF_K };
	struct sock_fprog filter = { 1, &nothing };
	unsigned int times = (unsigned int)number(argc > 1 ? argv[1] : "3");
	int ends[2], none = 0;

	connected(ends, "4");
	pause_ms(100);		/* acknowledgements that wait would be dropped too */
	if (setsockopt(ends[1], SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)))
		die("SO_ATTACH_FILTER");
	send_all(ends[0], 100);
	while (retransmits(ends[0]) < times)
		pause_ms(10);
	if (setsockopt(ends[1], SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)))
		die("SO_DETACH_FILTER");
	receive_exactly(ends[1], 100);
	print_tuple("lost", ends[0], "");
	printf("retransmits %u\nnetns %lu\n", retransmits(ends[0]), netns_inode());
	return 0;
}

/* Asks for a connection that a listener has no room for, until it was asked again. */
static int run_overflow(int argc, char **argv)
{
	struct address address;
	int listening = listener("4", 0, &address), first = tcp_socket("4", SOCK_CLOEXEC);
	int second = tcp_socket("4", SOCK_CLOEXEC | SOCK_NONBLOCK);
	unsigned int times = (unsigned int)number(argc > 1 ? argv[1] : "1");

	errno = connect_to(first, &address);
	if (errno)
		die("connect");
	if (connect_to(second, &address) != EINPROGRESS)
		die("connect: the queue has more room");
	while (retransmits(second) < times)
		pause_ms(10);
	printf("retransmits %u\nport %d\nclient %d\n", retransmits(second), address_port(&address), getpid());
	close(second);
	close(first);
	close(listening);
	return 0;
}

/* ---- resets ----------------------------------------------------------------------------------- */

/* N connections that their client resets, and N attempts where nobody listens. */
static int run_resets(int argc, char **argv)
{
	struct linger linger = { .l_onoff = 1 };
	long n = number(argc > 1 ? argv[1] : "3");
	struct address address;
	int ends[2], unused;

	for (long i = 0; i < n; i++) {
		connected(ends, "4");
		if (setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
			die("SO_LINGER");
		close(ends[0]);
		if (receive_until_end(ends[1]) != -1)
			die("not reset");
		close(ends[1]);
	}
	unused = listener("4", 1, &address);
	close(unused);
	for (long i = 0; i < n; i++) {
		int fd = tcp_socket("4", SOCK_CLOEXEC);

		if (connect_to(fd, &address) != ECONNREFUSED)
			die("not refused");
		close(fd);
	}
	printf("port %d\npid %d\n", address_port(&address), getpid());
	return 0;
}

/* ---- bytes ------------------------------------------------------------------------------------ */

static char bytes[131072];

static struct msghdr header(struct iovec iov[2], size_t size)
{
	iov[0] = (struct iovec){ bytes, size / 2 };
	iov[1] = (struct iovec){ bytes + size / 2, size - size / 2 };
	return (struct msghdr){ .msg_iov = iov, .msg_iovlen = 2 };
}

static void expect_size(ssize_t n, ssize_t size, const char *what)
{
	if (n != size)
		die(what);
}

static int file_of(size_t size)
{
	char name[] = "/tmp/workload-XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name) || write(fd, bytes, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET))
		die("a file");
	return fd;
}

/* 1, 10, 100 … bytes by one call each, so that a sum tells which are missing. */
static void send_by_all(int fd)
{
	struct mmsghdr messages[2] = { 0 };
	struct iovec iov[2], iovs[2][2];
	struct msghdr msg = header(iov, 1000);
	int file = file_of(100000);

	expect_size(send(fd, bytes, 1, 0), 1, "send");
	expect_size(write(fd, bytes, 10), 10, "write");
	msg = header(iov, 100);
	expect_size(writev(fd, iov, 2), 100, "writev");
	msg = header(iov, 1000);
	expect_size(sendmsg(fd, &msg, 0), 1000, "sendmsg");
	messages[0].msg_hdr = header(iovs[0], 4000);
	messages[1].msg_hdr = header(iovs[1], 6000);
	expect_size(sendmmsg(fd, messages, 2, 0), 2, "sendmmsg");
	expect_size(sendfile(fd, file, NULL, 100000), 100000, "sendfile");
	close(file);
}

static void receive_by_all(int fd)
{
	struct mmsghdr messages[2] = { 0 };
	struct iovec iov[2], iovs[2][2];
	struct msghdr msg;

	expect_size(recv(fd, bytes, 1, MSG_PEEK | MSG_WAITALL), 1, "peek");
	expect_size(recv(fd, bytes, 1, MSG_WAITALL), 1, "recv");
	expect_size(read(fd, bytes, 10), 10, "read");
	msg = header(iov, 100);
	expect_size(readv(fd, iov, 2), 100, "readv");
	msg = header(iov, 1000);
	expect_size(recvmsg(fd, &msg, MSG_WAITALL), 1000, "recvmsg");
	messages[0].msg_hdr = header(iovs[0], 4000);
	messages[1].msg_hdr = header(iovs[1], 6000);
	expect_size(recvmmsg(fd, messages, 2, MSG_WAITALL, NULL), 2, "recvmmsg");
	receive_exactly(fd, 100000);
}

static int run_bytes(int argc, char **argv)
{
	int ends[2], child;

	connected(ends, argc > 1 ? argv[1] : "4");
	print_tuple("client", ends[0], "111111");
	child = quiet_fork();
	if (!child) {
		send_by_all(ends[0]);
		_exit(0);
	}
	printf("sender %d\n", child);
	pause_ms(50);
	receive_by_all(ends[1]);
	reap(child);
	return 0;
}

/* ---- datagrams -------------------------------------------------------------------------------- */

static int udp_socket(const char *kind, struct address *address)
{
	int fd = socket(strcmp(kind, "4") ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	*address = loopback(kind, 0);
	if (bind(fd, (struct sockaddr *)&address->storage, address->length))
		die("bind");
	*address = local_address(fd);
	return fd;
}

#define MANY 8		/* datagrams of one sendmmsg */

static void send_many(int fd, size_t size)
{
	struct mmsghdr messages[MANY] = { 0 };
	struct iovec iovs[MANY][2];

	for (int i = 0; i < MANY; i++)
		messages[i].msg_hdr = header(iovs[i], size + (size_t)i);
	expect_size(sendmmsg(fd, messages, MANY, 0), MANY, "sendmmsg");
}

/* Datagrams of 10 bytes to an address, of 11 to 14 by each call of a connected socket, 20 to 27 by one sendmmsg. */
static void send_datagrams(const char *kind, const struct address *to)
{
	struct address own;
	struct iovec iov[2];
	struct msghdr msg;
	int fd = udp_socket(kind, &own);

	memset(bytes, 'x', 100);
	expect_size(sendto(fd, "0123456789", 10, 0, (const struct sockaddr *)&to->storage, to->length), 10, "sendto");
	if (connect(fd, (const struct sockaddr *)&to->storage, to->length))
		die("connect");
	expect_size(send(fd, bytes, 11, 0), 11, "send");
	expect_size(write(fd, bytes, 12), 12, "write");
	msg = header(iov, 13);
	expect_size(writev(fd, iov, 2), 13, "writev");
	msg = header(iov, 14);
	expect_size(sendmsg(fd, &msg, 0), 14, "sendmsg");
	send_many(fd, 20);
	print_tuple("sender", fd, "");
	close(fd);
}

static void receive_datagrams(int fd)
{
	struct mmsghdr messages[MANY] = { 0 };
	struct iovec iov[2], iovs[MANY][2];
	struct sockaddr_storage from = { 0 };
	socklen_t length = sizeof(from);
	struct msghdr msg;

	expect_size(recvfrom(fd, bytes, 100, 0, (struct sockaddr *)&from, &length), 10, "recvfrom");
	expect_size(recv(fd, bytes, 100, 0), 11, "recv");
	expect_size(read(fd, bytes, 100), 12, "read");
	msg = header(iov, 100);
	expect_size(readv(fd, iov, 2), 13, "readv");
	msg.msg_name = &from;
	msg.msg_namelen = sizeof(from);
	expect_size(recvmsg(fd, &msg, 0), 14, "recvmsg");
	for (int i = 0; i < MANY; i++)
		messages[i].msg_hdr = header(iovs[i], 100);
	expect_size(recvmmsg(fd, messages, MANY, 0, NULL), MANY, "recvmmsg");
}

static int run_udp(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "4";
	struct address address;
	int fd = udp_socket(kind, &address);

	stay_on_one_cpu(); /* each CPU has a queue of its own for the loopback: a datagram could overtake another */
	send_datagrams(kind, &address);
	receive_datagrams(fd);
	printf("port %d\nnetns %lu\n", address_port(&address), netns_inode());
	return 0;
}

/* N datagrams to a port where nobody is; each but the last is answered before the next one is sent. */
static int run_nobody(int argc, char **argv)
{
	const char *kind = argc > 2 ? argv[2] : "4";
	long n = number(argc > 1 ? argv[1] : "5");
	struct address address, own;
	int fd = udp_socket(kind, &address);

	close(fd);
	fd = udp_socket(kind, &own);
	if (connect(fd, (struct sockaddr *)&address.storage, address.length))
		die("connect");
	for (long i = 0; i < n; i++) {
		expect_size(send(fd, bytes, 33, 0), 33, "send");
		if (recv(fd, bytes, 100, 0) != -1 || errno != ECONNREFUSED)
			die("somebody is there");
	}
	print_tuple("sender", fd, "");
	printf("netns %lu\n", netns_inode());
	return 0;
}

/* dns PORT NAME…: asks a server that is none for each name, and answers itself: every second one with NXDOMAIN. */
static size_t question(unsigned char *to, int id, const char *name)
{
	unsigned char *at = to + 12;

	memset(to, 0, 12);
	to[0] = (unsigned char)(id >> 8);
	to[1] = (unsigned char)id;
	to[2] = 1;		/* recursion desired */
	to[5] = 1;		/* one question */
	while (*name) {
		size_t length = strcspn(name, ".");

		*at++ = (unsigned char)length;
		memcpy(at, name, length);
		at += length;
		name += length + (name[length] == '.');
	}
	*at++ = 0;
	*at++ = 0;
	*at++ = 1;		/* A */
	*at++ = 0;
	*at++ = 1;		/* IN */
	return (size_t)(at - to);
}

static int run_dns(int argc, char **argv)
{
	struct address server_at = loopback("4", argc > 1 ? (int)number(argv[1]) : 0), from;
	int server = socket(AF_INET, SOCK_DGRAM, 0), client = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned char packet[512], got[512];

	if (bind(server, (struct sockaddr *)&server_at.storage, server_at.length))
		die("bind");
	for (int i = 2; i < argc; i++) {
		size_t size = question(packet, 1000 + i, argv[i]);
		ssize_t n;

		expect_size(sendto(client, packet, size, 0, (struct sockaddr *)&server_at.storage, server_at.length),
			    (ssize_t)size, "sendto");
		from.length = sizeof(from.storage);
		n = recvfrom(server, got, sizeof(got), 0, (struct sockaddr *)&from.storage, &from.length);
		got[2] |= 0x80;
		got[3] = i % 2 ? 3 : 0;
		expect_size(sendto(server, got, (size_t)n, 0, (struct sockaddr *)&from.storage, from.length), n, "answer");
		expect_size(recvfrom(client, got, sizeof(got), 0, (struct sockaddr *)&from.storage, &from.length), n, "recv");
	}
	return 0;
}

const struct command net_commands[] = {
	{ "lose", "TIMES", run_lose },
	{ "overflow", "TIMES", run_overflow },
	{ "resets", "N", run_resets },
	{ "bytes", "KIND", run_bytes },
	{ "udp", "KIND", run_udp },
	{ "nobody", "N KIND", run_nobody },
	{ "dns", "PORT NAME…", run_dns },
	{ 0 },
};
