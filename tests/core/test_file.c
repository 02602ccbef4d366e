/* SPDX-License-Identifier: MIT */
/* test_file.c: tests core/decode/file.c: texts of open files and of addresses, good, cut short and hostile. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "decode/decode.h"
#include "decode/file.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))
#define BYTES(text)	text, sizeof(text) - 1

static char *room;

static int set_up(void **state)
{
	(void)state;
	room = malloc(TL_SCRATCH_PATH);		/* of that very size, for the sanitizer's sake */
	return !room;
}

static int tear_down(void **state)
{
	(void)state;
	free(room);
	return 0;
}

static void assert_text(const struct tl_value *value, const char *text)
{
	assert_int_equal(value->kind, TL_STRING);
	if (value->s.len != strlen(text) || memcmp(value->s.ptr, text, value->s.len))
		fail_msg("\"%.*s\" is not \"%s\"", (int)value->s.len, value->s.ptr, text);
}

/* The text of a file whose bytes in the record these are; they end where the memory ends. */
static struct tl_value file_of(uint16_t kind, uint16_t flags, const void *bytes, size_t len)
{
	struct tl_str str = { .length = (uint16_t)len, .flags = flags, .kind = kind };
	char *copy = malloc(len);
	struct tl_value value = { .kind = TL_STRING, .cut = flags & TL_STR_CUT, .s = { copy, len } };

	if (len)
		memcpy(copy, bytes, len);
	tl_file_text(room, &str, &value);
	free(copy);		/* the text may not lie in the record: kept values outlive it */
	return value;
}

/* ---- files ----------------------------------------------------------------------------------- */

static const struct {
	uint16_t kind, flags;
	const char *bytes;
	size_t len;
	const char *text;
} named[] = {
	{ TL_FILE_PATH, 0, BYTES("x\0log\0var\0"), "/var/log/x" },
	{ TL_FILE_PATH, 0, BYTES(""), "/" },
	{ TL_FILE_PATH, TL_STR_DELETED, BYTES("x\0tmp\0"), "/tmp/x (deleted)" },
	{ TL_FILE_PATH, TL_STR_CUT, BYTES("b\0a\0"), "\xe2\x80\xa6/a/b" },
	{ TL_FILE_PATH, TL_STR_CUT | TL_STR_DELETED, BYTES("b\0"), "\xe2\x80\xa6/b (deleted)" },
	{ TL_FILE_LOOSE, TL_STR_DELETED, BYTES("memfd:name\0"), "/memfd:name (deleted)" },
	{ TL_FILE_PATH, 0, BYTES("new\nline\0\xff\0"), "/\xff/new\nline" },	/* whoever prints it escapes it */
	{ TL_FILE_ANON, 0, BYTES("[eventpoll]"), "anon_inode:[eventpoll]" },
	{ TL_FILE_ANON, 0, BYTES(""), "anon_inode:" },
};

static void names_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(named); i++) {
		struct tl_value value = file_of(named[i].kind, named[i].flags, named[i].bytes, named[i].len);

		assert_text(&value, named[i].text);
	}
}

static void numbers_pipes_and_namespaces(void **state)
{
	struct {
		struct tl_file_number number;
		char name[3];
	} ns = { { 4026531840 }, { 'm', 'n', 't' } };
	struct tl_file_number largest = { UINT64_MAX };
	struct tl_value value;

	(void)state;
	value = file_of(TL_FILE_PIPE, 0, &largest, sizeof(largest));
	assert_text(&value, "pipe:[18446744073709551615]");
	value = file_of(TL_FILE_NS, 0, &ns, sizeof(ns.number) + 3);
	assert_text(&value, "mnt:[4026531840]");
	value = file_of(TL_FILE_NS, 0, &ns, sizeof(ns.number));
	assert_text(&value, ":[4026531840]");
}

/* Nothing is known of a kind that does not exist, nor of less than its struct. */
static void says_nothing_of_what_makes_no_sense(void **state)
{
	static const struct tl_file_socket zeros;

	(void)state;
	for (size_t len = 0; len < sizeof(struct tl_file_number); len++) {
		assert_int_equal(file_of(TL_FILE_PIPE, 0, &zeros, len).kind, TL_UNREAD);
		assert_int_equal(file_of(TL_FILE_NS, 0, &zeros, len).kind, TL_UNREAD);
	}
	for (size_t len = 0; len < sizeof(zeros); len++)
		assert_int_equal(file_of(TL_FILE_SOCKET, 0, &zeros, len).kind, TL_UNREAD);
	assert_int_equal(file_of(TL_FILE_SOCKET, 0, &zeros, sizeof(zeros)).kind, TL_STRING);
	assert_int_equal(file_of(TL_FILE_NONE, 0, "x", 1).kind, TL_UNREAD);
	assert_int_equal(file_of(TL_FILE_SOCKET + 1, 0, &zeros, sizeof(zeros)).kind, TL_UNREAD);
	assert_int_equal(file_of(UINT16_MAX, 0, &zeros, sizeof(zeros)).kind, TL_UNREAD);
}

/* The longest that a record can hold, of each kind, fits into the room with all that is put around it. */
static void has_room_for_the_longest(void **state)
{
	char *bytes = malloc(TL_DATA_MAX);

	(void)state;
	memset(bytes, 'x', TL_DATA_MAX);
	for (uint16_t kind = TL_FILE_PATH; kind <= TL_FILE_SOCKET; kind++) {
		struct tl_value value = file_of(kind, TL_STR_CUT | TL_STR_DELETED, bytes, TL_DATA_MAX);

		assert_int_equal(value.kind, TL_STRING);
		assert_true(value.s.ptr >= room && value.s.ptr + value.s.len <= room + TL_SCRATCH_PATH);
	}
	for (size_t i = 1; i < TL_DATA_MAX; i += 2)
		bytes[i] = '\0';
	assert_int_equal(file_of(TL_FILE_PATH, TL_STR_CUT | TL_STR_DELETED, bytes, TL_DATA_MAX).s.len,
			 TL_DATA_MAX + strlen("\xe2\x80\xa6 (deleted)"));
	free(bytes);
}

/* ---- sockets --------------------------------------------------------------------------------- */

#define V4(a, b, c, d)	{ .family = AF_INET, .bytes = { a, b, c, d } }
#define LOOPBACK6	{ .family = AF_INET6, .bytes = { [15] = 1 } }

static const struct {
	struct tl_file_socket socket;
	const char *name;
	size_t len;
	const char *text;
} sockets[] = {
	{ { .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_TCP, .saddr = V4(10, 0, 0, 1), .sport = 5000,
	    .daddr = V4(10, 0, 0, 2), .dport = 443 }, BYTES(""), "TCP 10.0.0.1:5000->10.0.0.2:443" },
	{ { .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_TCP, .saddr = V4(0, 0, 0, 0), .sport = 80,
	    .daddr = V4(0, 0, 0, 0) }, BYTES(""), "TCP 0.0.0.0:80" },
	{ { .family = AF_INET6, .type = SOCK_STREAM, .protocol = IPPROTO_TCP, .saddr = LOOPBACK6, .sport = 65535,
	    .daddr = LOOPBACK6, .dport = 1 }, BYTES(""), "TCP [::1]:65535->[::1]:1" },
	{ { .family = AF_INET, .type = SOCK_DGRAM, .protocol = IPPROTO_UDP }, BYTES(""), "UDP 0.0.0.0:0" },
	{ { .family = AF_INET6, .type = SOCK_DGRAM, .protocol = IPPROTO_UDP }, BYTES(""), "UDP [::]:0" },
	{ { .family = AF_INET, .type = SOCK_DGRAM, .protocol = IPPROTO_ICMP, .saddr = V4(1, 2, 3, 4),
	    .daddr = V4(5, 6, 7, 8) }, BYTES(""), "ICMP 1.2.3.4:0->5.6.7.8:0" },
	{ { .family = AF_INET6, .type = SOCK_RAW, .protocol = IPPROTO_ICMPV6 }, BYTES(""), "ICMPv6 [::]:0" },
	{ { .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_SCTP }, BYTES(""), "SCTP 0.0.0.0:0" },
	{ { .family = AF_INET, .type = SOCK_RAW, .protocol = 253 }, BYTES(""), "RAW 0.0.0.0:0" },
	{ { .family = AF_INET, .type = SOCK_STREAM, .protocol = 262 }, BYTES(""), "INET 0.0.0.0:0" },
	{ { .family = AF_INET, .protocol = IPPROTO_TCP, .saddr = { .family = 99 } }, BYTES(""), "TCP 0.0.0.0:0" },
	{ { .family = AF_UNIX, .inode = 77 }, BYTES(""), "UNIX [77]" },
	{ { .family = AF_UNIX }, BYTES("/run/x.sock"), "UNIX /run/x.sock" },
	{ { .family = AF_UNIX }, BYTES("/run/x.sock\0\0\0"), "UNIX /run/x.sock" },
	{ { .family = AF_UNIX, .of_peer = 1 }, BYTES("/run/x"), "UNIX ->/run/x" },
	{ { .family = AF_UNIX }, BYTES("\0name"), "UNIX @name" },
	{ { .family = AF_UNIX, .of_peer = 1 }, BYTES("\0"), "UNIX ->@" },
	{ { .family = AF_NETLINK, .protocol = 16, .local = 4000000000 }, BYTES(""), "NETLINK 16:4000000000" },
	{ { .family = AF_PACKET, .local = 2 }, BYTES(""), "PACKET if2" },
	{ { .family = AF_PACKET }, BYTES(""), "PACKET any 0" },
	{ { .family = AF_ALG, .inode = 5 }, BYTES("what follows is nobody's"), "socket:[5]" },
};

static void names_sockets(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(sockets); i++) {
		size_t len = sizeof(sockets[i].socket) + sockets[i].len;
		char *bytes = malloc(len);
		struct tl_value value;

		memcpy(bytes, &sockets[i].socket, sizeof(sockets[i].socket));
		memcpy(bytes + sizeof(sockets[i].socket), sockets[i].name, sockets[i].len);
		value = file_of(TL_FILE_SOCKET, 0, bytes, len);
		assert_text(&value, sockets[i].text);
		free(bytes);
	}
}

/* An abstract name is any bytes: none of them ends it, and none is lost. */
static void keeps_all_bytes_of_an_abstract_name(void **state)
{
	struct {
		struct tl_file_socket socket;
		char name[6];
	} bytes = { { .family = AF_UNIX }, { '\0', 'a', '\0', 'b', '\n', '\0' } };
	struct tl_value value = file_of(TL_FILE_SOCKET, 0, &bytes, sizeof(bytes.socket) + sizeof(bytes.name));

	(void)state;
	assert_int_equal(value.s.len, 11);
	assert_memory_equal(value.s.ptr, "UNIX @a\0b\n", 11);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static struct tl_value address_of(const void *bytes, size_t len)
{
	char *copy = malloc(len);
	struct tl_value value = { .kind = TL_STRING, .s = { copy, len } };

	memcpy(copy, bytes, len);
	tl_sockaddr_text(room, &value);
	free(copy);
	return value;
}

static void assert_address(const void *bytes, size_t len, const char *text)
{
	struct tl_value value = address_of(bytes, len);

	assert_text(&value, text);
}

static void names_internet_addresses(void **state)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(80) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(443) };

	(void)state;
	inet_pton(AF_INET, "10.0.0.1", &in.sin_addr);
	assert_address(&in, sizeof(in), "10.0.0.1:80");
	assert_address(&in, 8, "10.0.0.1:80");		/* the padding need not be there */
	assert_address(&in, 7, "family:2");		/* a part of an address would be another one */
	inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr);
	assert_address(&in6, sizeof(in6), "[2001:db8::1]:443");
	assert_address(&in6, 24, "[2001:db8::1]:443");	/* as the kernel takes it, without the scope */
	assert_address(&in6, 23, "family:10");
	in6.sin6_scope_id = 3;
	assert_address(&in6, sizeof(in6), "[2001:db8::1%3]:443");
	assert_address(&in6, 24, "[2001:db8::1]:443");
}

static void names_other_addresses(void **state)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = 77, .nl_groups = 0x11 };
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_ifindex = 2, .sll_protocol = htons(0x800) };
	sa_family_t unknown = 40, nothing = AF_UNSPEC;

	(void)state;
	assert_address(&nl, sizeof(nl), "netlink:77/0x11");
	assert_address(&nl, sizeof(nl) - 1, "family:16");
	assert_address(&ll, sizeof(ll), "packet:if2/0x0800");
	assert_address(&ll, 12, "packet:if2/0x0800");
	assert_address(&ll, 11, "family:17");
	assert_address(&unknown, sizeof(unknown), "family:40");
	assert_address(&nothing, sizeof(nothing), "family:0");
}

static void names_unix_addresses(void **state)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/run/x" };
	struct tl_value value;

	(void)state;
	assert_address(&un, 2 + 6, "unix:/run/x");
	assert_address(&un, sizeof(un), "unix:/run/x");
	assert_address(&un, 2, "unix:");		/* unnamed */
	memset(un.sun_path, 'x', sizeof(un.sun_path));	/* need not end with a NUL */
	value = address_of(&un, sizeof(un));
	assert_int_equal(value.s.len, 5 + sizeof(un.sun_path));
	memcpy(un.sun_path, "\0a\0b", 4);
	value = address_of(&un, 2 + 4);
	assert_int_equal(value.s.len, 9);
	assert_memory_equal(value.s.ptr, "unix:@a\0b", 9);
}

static void says_nothing_of_less_than_a_family(void **state)
{
	(void)state;
	assert_int_equal(address_of("", 0).kind, TL_UNREAD);
	assert_int_equal(address_of("\2", 1).kind, TL_UNREAD);
}

/* Every family, every length up to more than any address has: the text stays in its room. */
static void stands_any_bytes(void **state)
{
	char bytes[sizeof(struct sockaddr_storage) + 64];

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	for (uint16_t family = 0; family < 50; family++) {
		memcpy(bytes, &family, sizeof(family));
		for (size_t len = 2; len <= sizeof(bytes); len++) {
			struct tl_value value = address_of(bytes, len);

			assert_int_equal(value.kind, TL_STRING);
			assert_true(value.s.ptr == room && value.s.len > 0 && value.s.len <= TL_SCRATCH_PATH);
		}
	}
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_files),
		TEST(numbers_pipes_and_namespaces),
		TEST(says_nothing_of_what_makes_no_sense),
		TEST(has_room_for_the_longest),
		TEST(names_sockets),
		TEST(keeps_all_bytes_of_an_abstract_name),
		TEST(names_internet_addresses),
		TEST(names_other_addresses),
		TEST(names_unix_addresses),
		TEST(says_nothing_of_less_than_a_family),
		TEST(stands_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
