// SPDX-License-Identifier: MIT
/* Descriptors of every kind. Each is touched once, and said with what it is. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "workload.h"

/* A descriptor of this kind, which lives as long as the process. Kinds that a kernel lacks are left out. */
static void show(int fd)
{
	if (fd < 0) {
		if (errno == EAFNOSUPPORT || errno == ENOSYS)
			return;
		die("descriptor");
	}
	touch(fd);
	say_file("fd", fd);
}

static void show_as(int fd, const char *name)
{
	touch(fd);
	say_file_as("fd", fd, name);
}

/* ---- files ----------------------------------------------------------------------------------- */

static int deleted_file(const char *folder)
{
	char path[4096];
	int fd = new_file(folder, "deleted");

	snprintf(path, sizeof(path), "%s/deleted", folder);
	if (unlink(path))
		die(path);
	return fd;
}

static int fifo(const char *folder)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/fifo", folder);
	if (mkfifo(path, 0600))
		die(path);
	return open(path, O_RDWR);
}

static void show_files(const char *folder)
{
	int ends[2];

	show(new_file(folder, "regular"));
	show(new_file(folder, " blank, \"quote\", \n and \xff byte"));
	show(deleted_file(folder));
	show(fifo(folder));
	show(open(folder, O_RDONLY | O_DIRECTORY));
	show(open("/", O_RDONLY | O_DIRECTORY));
	show(open("/dev/null", O_RDWR));
	show(open("/proc/self/status", O_RDONLY));
	show(memfd_create("a name", 0));
	if (pipe(ends))
		die("pipe");
	show(ends[0]);
	show(ends[1]);
}

/* ---- what has no path ------------------------------------------------------------------------ */

static void show_anonymous(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	show(eventfd(0, 0));
	show(epoll_create1(0));
	show(timerfd_create(CLOCK_MONOTONIC, 0));
	show(signalfd(-1, &set, 0));
	show(inotify_init1(0));
	show((int)syscall(SYS_pidfd_open, getpid(), 0));
	for (const char *const *ns = (const char *const[]){ "mnt", "pid", "net", "uts", "user", NULL }; *ns; ns++) {
		char path[64];
		int fd;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", *ns);
		fd = open(path, O_RDONLY);
		if (fd >= 0)
			show(fd);
	}
}

/* ---- sockets --------------------------------------------------------------------------------- */

static void endpoint(const struct address *address, char text[96])
{
	char name[64];

	address_text(address, name);
	snprintf(text, 96, strchr(name, ':') ? "[%s]:%d" : "%s:%d", name, address_port(address));
}

static void show_inet(const char *protocol, int fd, bool has_peer)
{
	struct address own = local_address(fd), peer;
	char from[96], to[96], name[256];

	endpoint(&own, from);
	snprintf(name, sizeof(name), "%s %s", protocol, from);
	if (has_peer) {
		peer = peer_address(fd);
		endpoint(&peer, to);
		snprintf(name, sizeof(name), "%s %s->%s", protocol, from, to);
	}
	show_as(fd, name);
}

static void show_tcp(const char *kind)
{
	struct address address;
	int listening = listener(kind, 8, &address), fd = tcp_socket(kind, 0);

	if (connect_to(fd, &address))
		die("connect");
	show_inet("TCP", listening, false);
	show_inet("TCP", fd, true);
	show_inet("TCP", accept4(listening, NULL, NULL, 0), true);
}

static void show_udp(const char *kind)
{
	struct address address = loopback(kind, 0);
	int family = address.storage.ss_family;
	int bound = socket(family, SOCK_DGRAM, 0), fd = socket(family, SOCK_DGRAM, 0);

	if (bind(bound, (struct sockaddr *)&address.storage, address.length))
		die("bind");
	show_inet("UDP", bound, false);
	address = local_address(bound);
	if (connect(fd, (struct sockaddr *)&address.storage, address.length))
		die("connect");
	show_inet("UDP", fd, true);
	show_as(socket(family, SOCK_DGRAM, 0), family == AF_INET ? "UDP 0.0.0.0:0" : "UDP [::]:0");
}

static int unix_socket(const char *name, size_t length, bool listening)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path, name, length);
	if (listening ? bind(fd, (struct sockaddr *)&address, size) || listen(fd, 8)
		      : connect(fd, (struct sockaddr *)&address, size))
		die("unix socket");
	return fd;
}

/* The one that listens, the one that called it, and the one between. */
static void show_unix(const char *name, size_t length, const char *shown)
{
	int listening = unix_socket(name, length, true), caller = unix_socket(name, length, false);
	char text[256];

	snprintf(text, sizeof(text), "UNIX %s", shown);
	show_as(listening, text);
	show_as(accept4(listening, NULL, NULL, 0), text);
	snprintf(text, sizeof(text), "UNIX ->%s", shown);
	show_as(caller, text);
}

/* What the kernel calls "socket:[N]". */
static void show_nameless(int fd)
{
	struct stat st;
	char name[64];

	if (fd < 0 || fstat(fd, &st))
		die("socket");
	snprintf(name, sizeof(name), "UNIX [%lu]", (unsigned long)st.st_ino);
	show_as(fd, name);
}

static void show_unix_sockets(const char *folder)
{
	char name[108];
	int ends[2];

	if ((size_t)snprintf(name, sizeof(name), "%s/unix", folder) >= sizeof(name))
		die("a name that is too long");
	show_unix(name, strlen(name) + 1, name);
	snprintf(name, sizeof(name), "%cwork-%d", 0, getpid());
	show_unix(name, 1 + strlen(name + 1), (name[0] = '@', name));
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends))
		die("socketpair");
	show_nameless(ends[0]);
	show_nameless(ends[1]);
	show_nameless(socket(AF_UNIX, SOCK_STREAM, 0));
}

/* An abstract name may have any bytes, NUL and newline among them, and is no string. */
static void show_odd_name(void)
{
	static const char odd[] = "\0odd\n\x01\0\xfe end";
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	memcpy(address.sun_path, odd, sizeof(odd) - 1);
	if (bind(fd, (struct sockaddr *)&address, (socklen_t)(sizeof(sa_family_t) + sizeof(odd) - 1)))
		die("bind");
	touch(fd);
	printf("odd %d\n", fd);
}

static void show_netlink(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	socklen_t length = sizeof(address);
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	char name[64];

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) ||
	    getsockname(fd, (struct sockaddr *)&address, &length))
		die("netlink");
	snprintf(name, sizeof(name), "NETLINK %d:%u", NETLINK_ROUTE, address.nl_pid);
	show_as(fd, name);
}

static void show_packet(void)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex("lo") };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	char name[64];

	if (fd < 0 && errno == EAFNOSUPPORT)
		return;
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("packet socket");
	snprintf(name, sizeof(name), "PACKET if%d", address.sll_ifindex);
	show_as(fd, name);
}

/* ---- commands -------------------------------------------------------------------------------- */

static bool has_inet6(void)
{
	return !access("/proc/net/if_inet6", R_OK);
}

/* kinds FOLDER: "fd NUMBER INODE DEV NAME" for each. */
static int run_kinds(int argc, char **argv)
{
	struct stat st;

	if (argc < 2 || stat("/proc/self/ns/mnt", &st))
		die("kinds");
	printf("mntns %lu\n", (unsigned long)st.st_ino);
	show_files(argv[1]);
	show_anonymous();
	show_tcp("4");
	show_udp("4");
	if (has_inet6()) {
		show_tcp("6");
		show_tcp("mapped");
		show_udp("6");
	}
	show_unix_sockets(argv[1]);
	show_odd_name();
	show_netlink();
	show_packet();
	return 0;
}

/* bad-fds: descriptors that are none, and one that was. */
static int run_bad_fds(int argc, char **argv)
{
	int fd = dup(0);

	(void)argc, (void)argv;
	close(fd);
	touch(-1);
	touch(-100);		/* AT_FDCWD, which is nothing here */
	touch(777);
	touch(0x7fffffff);
	touch(fd);
	printf("closed %d\n", fd);
	return 0;
}

/* dups FOLDER: one file under many numbers; each is touched, then closed. */
static int run_dups(int argc, char **argv)
{
	int first = new_file(argc > 1 ? argv[1] : "", "doubled"), other = new_file(argv[1], "other");
	int fds[] = { first, dup(first), dup2(first, 301), dup3(first, 302, O_CLOEXEC),
		      fcntl(first, F_DUPFD, 400), fcntl(first, F_DUPFD_CLOEXEC, 500) };

	say_file("doubled", first);
	say_file("other", other);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		touch(fds[i]);
		printf("number %d\n", fds[i]);
	}
	syscall(SYS_dup2, other, 301);		/* onto one that is open, */
	syscall(SYS_dup3, other, 302, 0);
	syscall(SYS_dup2, other, 600);		/* one that is not, */
	syscall(SYS_dup2, other, other);	/* and itself */
	syscall(SYS_dup2, 999, 301);		/* fails: nothing is closed */
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		syscall(SYS_close, fds[i]);
	syscall(SYS_close, 999);
	return 0;
}

/* touches FD N: an inherited descriptor. */
static int run_touches(int argc, char **argv)
{
	int fd = (int)number(argc > 2 ? argv[1] : "");
	long n = number(argv[2]);

	for (long i = 0; i < n; i++)
		touch(fd);
	say_file("fd", fd);
	return 0;
}

const struct command kind_commands[] = {
	{ "kinds", "FOLDER", run_kinds },
	{ "bad-fds", "", run_bad_fds },
	{ "dups", "FOLDER", run_dups },
	{ "touches", "FD N", run_touches },
	{ 0 },
};
