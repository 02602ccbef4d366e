// SPDX-License-Identifier: MIT
// Sockets of the machine itself: named, abstract and nameless, messages with descriptors and credentials.
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static socklen_t address(struct sockaddr_un *to, const char *name, size_t length)
{
	memset(to, 0, sizeof(*to));
	to->sun_family = AF_UNIX;
	memcpy(to->sun_path, name, length);
	return offsetof(struct sockaddr_un, sun_path) + length;
}

static int listening(int type, const char *name, size_t length)
{
	struct sockaddr_un to;
	int fd = socket(AF_UNIX, type, 0);

	bind(fd, (struct sockaddr *)&to, address(&to, name, length));
	listen(fd, 3);
	return fd;
}

static int connected(int type, const char *name, size_t length)
{
	struct sockaddr_un to;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	connect(fd, (struct sockaddr *)&to, address(&to, name, length));
	return fd;
}

static void named(const char *name, size_t length)
{
	struct sockaddr_un peer;
	socklen_t size = sizeof(peer);
	int server = listening(SOCK_STREAM, name, length), client, accepted;
	char buffer[64];

	client = connected(SOCK_STREAM, name, length);
	accepted = accept(server, (struct sockaddr *)&peer, &size);
	size = sizeof(peer);
	getsockname(accepted, (struct sockaddr *)&peer, &size);
	size = 5;
	getpeername(client, (struct sockaddr *)&peer, &size);
	send(client, "ask\n\"", 5, MSG_NOSIGNAL);
	recv(accepted, buffer, sizeof(buffer), 0);
	shutdown(client, SHUT_WR);
	recv(accepted, buffer, sizeof(buffer), 0);
	close(accepted);
	read(client, buffer, sizeof(buffer));
	write(client, "x", 1);
	close(client);
	close(server);
}

// A message in two parts, with two descriptors.
static void pass(int from, int to, int flags)
{
	char control[CMSG_SPACE(2 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))] = "", first[4], second[100];
	struct iovec out[2] = { { "hea", 3 }, { "d and \0body", 11 } };
	struct iovec in[2] = { { first, sizeof(first) }, { second, sizeof(second) } };
	struct msghdr message = { .msg_iov = out, .msg_iovlen = 2, .msg_control = control,
				  .msg_controllen = CMSG_SPACE(2 * sizeof(int)) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int fds[2] = { open("/etc/passwd", O_RDONLY), open("passed", O_RDWR | O_CREAT, 0600) };

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(header), fds, sizeof(fds));
	sendmsg(from, &message, MSG_DONTWAIT);
	close(fds[0]);
	close(fds[1]);
	message.msg_iov = in;
	message.msg_controllen = sizeof(control);
	recvmsg(to, &message, flags);
	for (header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
		if (header->cmsg_type == SCM_RIGHTS)
			memcpy(fds, CMSG_DATA(header), sizeof(fds));
	read(fds[0], second, 10);
	write(fds[1], "received", 8);
	close(fds[0]);
	close(fds[1]);
}

static void nameless(void)
{
	int pair[2], packets[2], value = 1;
	char buffer[100];
	struct ucred credentials;
	socklen_t size = sizeof(credentials);

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair);
	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, packets);
	recv(pair[0], buffer, 1, 0);
	setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &value, sizeof(value));
	getsockopt(pair[1], SOL_SOCKET, SO_PEERCRED, &credentials, &size);
	size = sizeof(value);
	getsockopt(pair[1], SOL_SOCKET, SO_TYPE, &value, &size);
	pass(pair[0], pair[1], 0);
	pass(packets[0], packets[1], MSG_CMSG_CLOEXEC);
	write(packets[0], "one packet", 10);
	recv(packets[1], buffer, 3, MSG_TRUNC);
	close(packets[0]);
	recv(packets[1], buffer, 3, 0);
}

static void datagrams(void)
{
	struct sockaddr_un to, from;
	int server = listening(SOCK_DGRAM, "datagrams", 10), client = listening(SOCK_DGRAM, "\0from", 5);
	struct mmsghdr several[3];
	struct iovec parts[3] = { { "a", 1 }, { "bb", 2 }, { "ccc", 3 } };
	char buffers[3][20];
	socklen_t size = sizeof(from), length = address(&to, "datagrams", 10);
	int i;

	sendto(client, "hello", 5, 0, (struct sockaddr *)&to, length);
	recvfrom(server, buffers[0], 20, 0, (struct sockaddr *)&from, &size);
	memset(several, 0, sizeof(several));
	for (i = 0; i < 3; i++)
		several[i].msg_hdr = (struct msghdr){ .msg_name = &to, .msg_namelen = length, .msg_iov = &parts[i],
						      .msg_iovlen = 1 };
	sendmmsg(client, several, 3, 0);
	for (i = 0; i < 3; i++) {
		parts[i] = (struct iovec){ buffers[i], 20 };
		several[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
	}
	recvmmsg(server, several, 3, MSG_DONTWAIT, NULL);
	recvmmsg(server, several, 3, MSG_DONTWAIT, NULL);
	sendto(client, "nobody", 6, 0, (struct sockaddr *)&to, address(&to, "nobody", 7));
}

int main(void)
{
	static const char odd[] = "so<c>k \"et\"";

	signal(SIGPIPE, SIG_IGN);
	named(odd, sizeof(odd));
	named("\0abstract\0na\"me", 15);
	nameless();
	datagrams();
	return 0;
}
