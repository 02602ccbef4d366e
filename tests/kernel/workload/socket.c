// SPDX-License-Identifier: MIT
/* TCP sockets on the loopback, and their addresses as text. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workload.h"

struct address loopback(const char *kind, int port)
{
	struct address address = { 0 };

	if (!strcmp(kind, "4")) {
		struct sockaddr_in *in = (struct sockaddr_in *)&address.storage;

		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		address.length = sizeof(*in);
	} else {
		struct sockaddr_in6 *in = (struct sockaddr_in6 *)&address.storage;

		in->sin6_family = AF_INET6;
		in->sin6_port = htons((uint16_t)port);
		inet_pton(AF_INET6, strcmp(kind, "6") ? "::ffff:127.0.0.1" : "::1", &in->sin6_addr);
		address.length = sizeof(*in);
	}
	return address;
}

struct address local_address(int fd)
{
	struct address address = { .length = sizeof(address.storage) };

	if (getsockname(fd, (struct sockaddr *)&address.storage, &address.length))
		die("getsockname");
	return address;
}

struct address peer_address(int fd)
{
	struct address address = { .length = sizeof(address.storage) };

	if (getpeername(fd, (struct sockaddr *)&address.storage, &address.length))
		die("getpeername");
	return address;
}

int address_port(const struct address *address)
{
	/* sin_port and sin6_port lie at the same place */
	return ntohs(((const struct sockaddr_in *)&address->storage)->sin_port);
}

void address_text(const struct address *address, char text[64])
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)&address->storage;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&address->storage;

	if (address->storage.ss_family == AF_INET)
		inet_ntop(AF_INET, &in->sin_addr, text, 64);
	else if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
		inet_ntop(AF_INET, in6->sin6_addr.s6_addr + 12, text, 64);
	else
		inet_ntop(AF_INET6, &in6->sin6_addr, text, 64);
}

int tcp_socket(const char *kind, int flags)
{
	int fd = socket(strcmp(kind, "4") ? AF_INET6 : AF_INET, SOCK_STREAM | flags, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

int listener(const char *kind, int backlog, struct address *address)
{
	int fd = tcp_socket(kind, SOCK_CLOEXEC);

	*address = loopback(kind, 0);
	if (bind(fd, (struct sockaddr *)&address->storage, address->length))
		die("bind");
	if (listen(fd, backlog))
		die("listen");
	*address = local_address(fd);
	return fd;
}

int connect_to(int fd, const struct address *to)
{
	return connect(fd, (const struct sockaddr *)&to->storage, to->length) ? errno : 0;
}

void send_all(int fd, long bytes)
{
	static const char buffer[4096];

	while (bytes > 0) {
		size_t part = bytes < (long)sizeof(buffer) ? (size_t)bytes : sizeof(buffer);
		ssize_t n = send(fd, buffer, part, MSG_NOSIGNAL);

		if (n < 0)
			die("send");
		bytes -= n;
	}
}

void receive_exactly(int fd, long bytes)
{
	char buffer[4096];

	while (bytes > 0) {
		size_t part = bytes < (long)sizeof(buffer) ? (size_t)bytes : sizeof(buffer);
		ssize_t n = recv(fd, buffer, part, 0);

		if (n <= 0)
			die("recv");
		bytes -= n;
	}
}

long receive_until_end(int fd)
{
	char buffer[4096];
	long total = 0;

	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof(buffer), 0);

		if (n < 0 && errno == ECONNRESET)
			return -1;
		if (n < 0)
			die("recv");
		if (n == 0)
			return total;
		total += n;
	}
}

static void tuple_texts(int fd, char from[64], int *from_port, char to[64], int *to_port)
{
	struct address local = local_address(fd), peer = peer_address(fd);

	address_text(&local, from);
	address_text(&peer, to);
	*from_port = address_port(&local);
	*to_port = address_port(&peer);
}

uint64_t tuple_hash(int fd)
{
	char from[64], to[64], text[160];
	uint64_t hash = 0xcbf29ce484222325;
	int from_port, to_port;

	tuple_texts(fd, from, &from_port, to, &to_port);
	snprintf(text, sizeof(text), "%s:%d>%s:%d", from, from_port, to, to_port);
	for (const char *c = text; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
	return hash;
}

void print_tuple(const char *key, int fd, const char *more)
{
	char from[64], to[64];
	int from_port, to_port;

	tuple_texts(fd, from, &from_port, to, &to_port);
	printf("%s %d %s %d %s %d %s\n", key, getpid(), from, from_port, to, to_port, more);
}

unsigned long netns_inode(void)
{
	struct stat st;

	if (stat("/proc/self/ns/net", &st))
		die("/proc/self/ns/net");
	return st.st_ino;
}
