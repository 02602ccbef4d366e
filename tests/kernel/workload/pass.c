// SPDX-License-Identifier: MIT
/* Sockets that change hands: inherited by a child, or sent to another process. And servers for scripts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

#define ASKED 11	/* bytes from the client */
#define ANSWERED 5	/* bytes from the server */

static void converse_as_server(int fd)
{
	receive_exactly(fd, ASKED);
	send_all(fd, ANSWERED);
	receive_until_end(fd);
	close(fd);
}

/* Ends only when the peer has closed too: then the connection is at its end, not just this process. */
static void converse_as_client(int fd)
{
	send_all(fd, ASKED);
	receive_exactly(fd, ANSWERED);
	shutdown(fd, SHUT_WR);
	receive_until_end(fd);
	close(fd);
}

static int connected(const struct address *to)
{
	int fd = tcp_socket("4", 0);

	errno = connect_to(fd, to);
	if (errno)
		die("connect");
	return fd;
}

static void say_bytes(void)
{
	printf("asked %d\nanswered %d\n", ASKED, ANSWERED);
}

/* inherit: the parent accepts; a child of it does the talking and closes last. */
static int run_inherit(int argc, char **argv)
{
	struct address address;
	int listening = listener("4", 8, &address), fd, talker, caller = quiet_fork();

	(void)argc, (void)argv;
	if (!caller) {
		fd = connected(&address);
		print_tuple("client", fd, "");
		fflush(stdout);
		converse_as_client(fd);
		_exit(0);
	}
	fd = accept4(listening, NULL, NULL, 0);
	if (fd < 0)
		die("accept4");
	print_tuple("server", fd, "");
	talker = quiet_fork();
	if (!talker) {
		converse_as_server(fd);
		_exit(0);
	}
	close(fd);
	reap(caller);
	reap(talker);
	printf("closer %d\n", talker);
	say_bytes();
	return 0;
}

static void send_descriptor(int through, int fd)
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

static int receive_descriptor(int through)
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

/* The connecting process sends the socket away and lets go of it before the other one uses it. */
static void connect_and_pass(const struct address *to, int through)
{
	int fd = connected(to);
	char byte = 0;

	print_tuple("client", fd, "");
	fflush(stdout);
	send_descriptor(through, fd);
	close(fd);
	if (write(through, &byte, 1) != 1)
		die("write");
}

static void receive_and_talk(int through)
{
	int fd = receive_descriptor(through);
	char byte;

	if (read(through, &byte, 1) != 1)
		die("read");
	converse_as_client(fd);
}

/* pass: one process connects and sends the socket by SCM_RIGHTS to another, which talks and closes last. */
static int run_pass(int argc, char **argv)
{
	struct address address;
	int listening = listener("4", 8, &address), ends[2], giver, taker, fd;

	(void)argc, (void)argv;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		die("socketpair");
	giver = quiet_fork();
	if (!giver) {
		connect_and_pass(&address, ends[0]);
		_exit(0);
	}
	taker = quiet_fork();
	if (!taker) {
		receive_and_talk(ends[1]);
		_exit(0);
	}
	fd = accept4(listening, NULL, NULL, 0);
	if (fd < 0)
		die("accept4");
	print_tuple("server", fd, "");
	converse_as_server(fd);
	reap(giver);
	reap(taker);
	printf("closer %d\n", taker);
	say_bytes();
	return 0;
}

static void write_port(const char *file, int port)
{
	FILE *out = fopen(file, "w");

	if (!out || fprintf(out, "%d\n", port) < 0 || fclose(out))
		die(file);
}

/* serve FIFO: writes its port to FIFO, takes one connection, answers it, ends. */
static int run_serve(int argc, char **argv)
{
	struct address address;
	int listening = listener("4", 8, &address), fd;

	write_port(argc > 1 ? argv[1] : "", address_port(&address));
	fd = accept4(listening, NULL, NULL, 0);
	if (fd < 0)
		die("accept4");
	converse_as_server(fd);
	return 0;
}

/* call PORT: connects to a server made with `serve`. */
static int run_call(int argc, char **argv)
{
	struct address address = loopback("4", (int)number(argc > 1 ? argv[1] : ""));
	int fd = connected(&address);

	print_tuple("client", fd, "");
	converse_as_client(fd);
	return 0;
}

const struct command pass_commands[] = {
	{ "inherit", "", run_inherit },
	{ "pass", "", run_pass },
	{ "serve", "FIFO", run_serve },
	{ "call", "PORT", run_call },
	{ 0 },
};
