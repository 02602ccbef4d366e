// SPDX-License-Identifier: MIT
// Sockets of the loopback device: TCP and UDP over IPv4 and IPv6, netlink, options, errors.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static socklen_t loopback(int family, struct sockaddr_storage *to)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = family;
	if (family == AF_INET) {
		v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(*v4);
	}
	v6->sin6_addr = in6addr_loopback;
	v6->sin6_flowinfo = htonl(5);
	return sizeof(*v6);
}

static void options(int fd)
{
	struct timeval time = { 2, 500000 };
	struct linger linger = { 1, 3 };
	struct tcp_info info;
	char name[16];
	int value = 1;
	socklen_t size = sizeof(value);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value));
	setsockopt(fd, SOL_SOCKET, 9999, &value, sizeof(value));
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &value, &size);
	getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &value, &size);
	size = sizeof(info);
	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
	size = sizeof(name);
	getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &size);
	ioctl(fd, FIONREAD, &value);
	ioctl(fd, FIONBIO, &(int){ 0 });
}

static void streams(int family)
{
	struct sockaddr_storage to, peer;
	socklen_t size = loopback(family, &to), length = sizeof(peer);
	int server = socket(family, SOCK_STREAM, IPPROTO_TCP), client, accepted, file;
	struct iovec parts[2] = { { "GET ", 4 }, { "/\r\n", 3 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	char buffer[400];

	bind(server, (struct sockaddr *)&to, size);
	listen(server, 128);
	getsockname(server, (struct sockaddr *)&to, &size);
	client = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	connect(client, (struct sockaddr *)&to, size);
	poll(&(struct pollfd){ client, POLLOUT, 0 }, 1, 1000);
	fcntl(client, F_SETFL, 0);
	connect(client, (struct sockaddr *)&to, size);
	accepted = syscall(SYS_accept, server, &peer, &length);
	getpeername(client, (struct sockaddr *)&peer, &length);
	options(client);
	write(client, "write", 5);
	send(client, "send", 4, MSG_MORE | MSG_NOSIGNAL);
	sendmsg(client, &message, 0);
	file = open("/etc/passwd", O_RDONLY);
	sendfile(client, file, NULL, 40);
	recv(accepted, buffer, 5, MSG_PEEK);
	recv(accepted, buffer, 5, MSG_WAITALL);
	parts[0] = (struct iovec){ buffer, 7 };
	parts[1] = (struct iovec){ buffer + 7, sizeof(buffer) - 7 };
	recvmsg(accepted, &message, 0);
	recv(accepted, buffer, sizeof(buffer), MSG_DONTWAIT);
	shutdown(accepted, SHUT_RDWR);
	read(client, buffer, sizeof(buffer));
	syscall(SYS_accept4, client, NULL, NULL, SOCK_NONBLOCK);
	close(accepted);
	close(client);
	close(server);
	client = socket(family, SOCK_STREAM, 0);
	connect(client, (struct sockaddr *)&to, size); // refused
	close(client);
}

static void datagrams(int family)
{
	struct sockaddr_storage to, from;
	socklen_t size = loopback(family, &to), length = sizeof(from);
	int server = socket(family, SOCK_DGRAM, 0), client = socket(family, SOCK_DGRAM, 0);
	struct iovec part = { "in a message", 12 };
	struct msghdr message = { .msg_name = &to, .msg_iov = &part, .msg_iovlen = 1 };
	char buffer[100];

	bind(server, (struct sockaddr *)&to, size);
	getsockname(server, (struct sockaddr *)&to, &size);
	sendto(client, "datagram", 8, MSG_DONTROUTE, (struct sockaddr *)&to, size);
	recvfrom(server, buffer, sizeof(buffer), 0, (struct sockaddr *)&from, &length);
	message.msg_namelen = size;
	sendmsg(client, &message, 0);
	message.msg_name = &from;
	message.msg_namelen = sizeof(from);
	part = (struct iovec){ buffer, 5 };
	recvmsg(server, &message, 0);
	connect(client, (struct sockaddr *)&to, size);
	send(client, "c", 1, 0);
	recvfrom(server, buffer, sizeof(buffer), 0, NULL, NULL);
	recvfrom(server, buffer, sizeof(buffer), MSG_DONTWAIT, (struct sockaddr *)&from, &length);
	close(client);
	close(server);
}

static void netlink(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 0 };
	struct {
		struct nlmsghdr header;
		struct rtgenmsg body;
	} request = { { .nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP, .nlmsg_seq = 7 }, { AF_PACKET } };
	socklen_t size = sizeof(address);
	char buffer[8192];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	bind(fd, (struct sockaddr *)&address, sizeof(address));
	getsockname(fd, (struct sockaddr *)&address, &size);
	sendto(fd, &request, sizeof(request), 0, (struct sockaddr *)&(struct sockaddr_nl){ AF_NETLINK, 0, 0, 0 },
	       sizeof(address));
	recvfrom(fd, buffer, sizeof(buffer), MSG_DONTWAIT, NULL, NULL);
	close(fd);
}

static void refusals(void)
{
	struct sockaddr_storage to;
	struct ifreq request = { .ifr_name = "lo" };
	int fd;

	loopback(AF_INET, &to);
	socket(AF_INET, 77, 0);
	socket(1234, SOCK_STREAM, 0);
	fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	bind(fd, (struct sockaddr *)&to, 4);
	bind(fd, NULL, 16);
	connect(fd, (struct sockaddr *)&to, 2);
	connect(0, (struct sockaddr *)&to, sizeof(to));
	listen(fd, 1);
	ioctl(fd, SIOCGIFFLAGS, &request);
	ioctl(fd, SIOCGIFINDEX, &request);
	socket(AF_PACKET, SOCK_RAW, htons(0x0003));
	close(fd);
}

int main(void)
{
	streams(AF_INET);
	streams(AF_INET6);
	datagrams(AF_INET);
	datagrams(AF_INET6);
	netlink();
	refusals();
	return 0;
}
