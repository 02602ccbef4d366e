// SPDX-License-Identifier: MIT
/* Messages over sockets: in several buffers, with addresses, longer than the room for them. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "workload.h"

static void receive(int fd, struct msghdr *message, int flags, char *room, size_t size)
{
	memset(room, 'X', size);
	printf("received %ld\n", syscall(SYS_recvmsg, fd, message, flags));
}

/*
 * messages: over a pair of sockets "hello" and " world" in two buffers, received in three with more room,
 * received with too little room, the same with MSG_TRUNC (the result is the message's length, not what was
 * copied), and with MSG_PEEK.
 */
static int run_messages(int argc, char **argv)
{
	char room[64];
	struct iovec out[] = { { (char *)"hello", 5 }, { (char *)" world", 6 } };
	struct iovec in[] = { { room, 2 }, { room + 8, 3 }, { room + 16, 32 } }, little[] = { { room, 4 } };
	struct msghdr sent = { .msg_iov = out, .msg_iovlen = 2 }, full = { .msg_iov = in, .msg_iovlen = 3 };
	struct msghdr cut = { .msg_iov = little, .msg_iovlen = 1 };
	int ends[2];

	(void)argc, (void)argv;
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends))
		die("socketpair");
	for (int i = 0; i < 4; i++)
		printf("sent %ld\n", syscall(SYS_sendmsg, ends[0], &sent, 0));
	receive(ends[1], &full, MSG_PEEK, room, sizeof(room));
	receive(ends[1], &full, 0, room, sizeof(room));
	receive(ends[1], &cut, 0, room, sizeof(room));
	receive(ends[1], &cut, MSG_TRUNC, room, sizeof(room));
	memset(room, 'X', sizeof(room));
	printf("truncated %ld\n", syscall(SYS_recvfrom, ends[1], room, 4, MSG_TRUNC, NULL, NULL));
	receive(ends[1], &full, MSG_DONTWAIT, room, sizeof(room));
	return 0;
}

/* datagrams: UDP on the loopback, by sendto and recvfrom, by sendmsg and recvmsg, by sendmmsg and recvmmsg. */
static int run_datagrams(int argc, char **argv)
{
	struct address address = loopback("4", 0);
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	char room[2][16];
	struct iovec parts[] = { { (char *)"first", 5 }, { (char *)"second2", 7 } };
	struct iovec rooms[] = { { room[0], 16 }, { room[1], 16 } };
	struct mmsghdr out[2] = { { .msg_len = 0 } }, in[2] = { { .msg_len = 0 } };
	int server = socket(AF_INET, SOCK_DGRAM, 0), client = socket(AF_INET, SOCK_DGRAM, 0);

	(void)argc, (void)argv;
	if (bind(server, (struct sockaddr *)&address.storage, address.length) ||
	    bind(client, (struct sockaddr *)&address.storage, address.length))
		die("bind");
	printf("client %d\n", (address = local_address(client), address_port(&address)));
	address = local_address(server);
	printf("server %d\n", address_port(&address));
	syscall(SYS_sendto, client, "datagram", 8, 0, &address.storage, address.length);
	memset(room, 'X', sizeof(room));
	syscall(SYS_recvfrom, server, room[0], 16, 0, &from, &length);
	for (int i = 0; i < 2; i++) {
		out[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1,
						  .msg_name = &address.storage, .msg_namelen = address.length };
		in[i].msg_hdr = (struct msghdr){ .msg_iov = &rooms[i], .msg_iovlen = 1 };
	}
	syscall(SYS_sendmsg, client, &out[0].msg_hdr, 0);
	in[0].msg_hdr.msg_name = &from;
	in[0].msg_hdr.msg_namelen = sizeof(from);
	syscall(SYS_recvmsg, server, &in[0].msg_hdr, 0);
	in[0].msg_hdr.msg_name = NULL;
	in[0].msg_hdr.msg_namelen = 0;
	printf("sent %ld\n", syscall(SYS_sendmmsg, client, out, 2, 0));
	printf("received %ld\n", syscall(SYS_recvmmsg, server, in, 2, 0, NULL));
	return 0;
}

/* A bound unix socket, by an abstract name that is longer than the rooms for it below. */
static int named_socket(int type, const char *name, struct sockaddr_un *address, socklen_t *length)
{
	int fd = socket(AF_UNIX, type, 0);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	strcpy(address->sun_path + 1, name);
	*length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
	if (bind(fd, (struct sockaddr *)address, *length))
		die("bind");
	return fd;
}

#define LITTLE_ROOM 6	/* the family, the NUL of an abstract name, three bytes of it */

/* little-room: addresses that are longer than the rooms for them, behind which there are X; and one that never comes. */
static int run_little_room(int argc, char **argv)
{
	char room[64], byte;
	struct sockaddr_un to, from;
	socklen_t to_length, from_length, length = LITTLE_ROOM;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_name = room, .msg_namelen = LITTLE_ROOM };
	int server = named_socket(SOCK_DGRAM, "tl-little-server", &to, &to_length);
	int client = named_socket(SOCK_DGRAM, "tl-little-client", &from, &from_length);

	(void)argc, (void)argv;
	memset(room, 'X', sizeof(room));
	for (int i = 0; i < 2; i++)
		if (sendto(client, "x", 1, 0, (struct sockaddr *)&to, to_length) != 1)
			die("sendto");
	syscall(SYS_recvmsg, server, &message, 0);
	printf("namelen %d\n", (int)message.msg_namelen);
	message.msg_namelen = sizeof(room);
	syscall(SYS_recvfrom, server, &byte, 1, 0, room, &length);
	printf("length %d\n", (int)length);
	syscall(SYS_recvmsg, server, &message, MSG_DONTWAIT);
	return 0;
}

static void connect_twice(int fifo, const struct sockaddr_un *to, socklen_t length)
{
	struct sockaddr_un from;
	socklen_t from_length;
	char byte;

	for (int i = 0; i < 2; i++) {
		int fd = named_socket(SOCK_STREAM, i ? "tl-second-client" : "tl-first-client", &from, &from_length);

		if (read(fifo, &byte, 1) != 1 || connect(fd, (const struct sockaddr *)to, length))
			die("connect");
	}
	pause();
}

/* accepting FIFO: twice close(-1), then accept into little room; a byte through the FIFO makes the client connect. */
static int run_accepting(int argc, char **argv)
{
	struct sockaddr_un address;
	socklen_t length;
	char room[64];
	int fifo = open(argc > 1 ? argv[1] : "", O_RDWR), pid;
	int server = named_socket(SOCK_STREAM, "tl-accepting-server", &address, &length);

	if (fifo < 0 || listen(server, 4))
		die("listen");
	pid = quiet_fork();
	if (!pid)
		connect_twice(fifo, &address, length);
	for (int i = 0; i < 2; i++) {
		memset(room, 'X', sizeof(room));
		length = LITTLE_ROOM;
		syscall(SYS_close, -1);
		if (syscall(SYS_accept, server, room, &length) < 0)
			die("accept");
	}
	kill(pid, SIGKILL);
	return 0;
}

/*
 * asked FOLDER: calls that are only asked how much there is (size 0), with a buffer that they leave alone and
 * that is full of 'X': getxattr, listxattr, getgroups, and syslog for the size of its buffer. The first
 * prints "none" where there are no attributes.
 */
static int run_asked(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "";
	gid_t groups[2] = { 21, 22 };
	char room[512];
	long ret;

	memset(room, 'X', sizeof(room));
	if (syscall(SYS_setxattr, folder, "user.test", "0123456789", 10, 0) && printf("none here\n") < 0)
		die("setxattr");
	ret = syscall(SYS_getxattr, folder, "user.test", room, 0);
	printf("getxattr %ld\n", ret);
	ret = syscall(SYS_listxattr, folder, room, 0);
	printf("listxattr %ld\n", ret);
	ret = syscall(SYS_getxattr, folder, "user.test", room, 64);
	printf("getxattr %ld\n", ret);
	if (syscall(SYS_setgroups, 2, groups))
		die("setgroups");
	memset(room, 'X', sizeof(room));
	printf("getgroups %ld\n", syscall(SYS_getgroups, 0, room));
	printf("getgroups %ld\n", syscall(SYS_getgroups, 2, room));
	memset(room, 'X', sizeof(room));
	syscall(SYS_syslog, 10, room, 5);
	return 0;
}

const struct command message_commands[] = {
	{ "asked", "FOLDER", run_asked },
	{ "messages", "", run_messages },
	{ "datagrams", "", run_datagrams },
	{ "little-room", "", run_little_room },
	{ "accepting", "FIFO", run_accepting },
	{ 0 },
};
