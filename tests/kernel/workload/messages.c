// SPDX-License-Identifier: MIT
/* Messages over sockets: in several buffers, with addresses, longer than the room for them. */
#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <netinet/in.h>
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
	{ 0 },
};
