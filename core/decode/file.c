/* SPDX-License-Identifier: MIT */
/* file.c: texts are put together from bytes that a process may have chosen: every length is checked. */
#include "decode/file.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "decode/decode.h"

#define ELLIPSIS	"\xe2\x80\xa6"

/* A text that grows from the begin of the room. */
struct text {
	char *room;
	size_t used;
};

__attribute__((format(printf, 2, 3)))
static void add(struct text *text, const char *fmt, ...)
{
	size_t left = TL_SCRATCH_PATH - text->used;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text->room + text->used, left, fmt, args);
	va_end(args);
	if (n > 0)
		text->used += (size_t)n < left ? (size_t)n : left - 1;
}

static void add_bytes(struct text *text, const char *bytes, size_t len)
{
	size_t left = TL_SCRATCH_PATH - text->used;

	len = len < left ? len : left;
	memcpy(text->room + text->used, bytes, len);
	text->used += len;
}

static void set_text(struct tl_value *value, const struct text *text)
{
	value->kind = TL_STRING;
	value->s.ptr = text->room;
	value->s.len = text->used;
}

/* ---- paths ----------------------------------------------------------------------------------- */

#define DELETED		" (deleted)"

/* The components come leaf first, so the path grows from the end of its room towards the begin. */
static void join(char *room, struct tl_value *value, const char *suffix)
{
	const struct tl_value components = *value;
	size_t len = strlen(suffix);
	char *end = room + TL_SCRATCH_PATH - len;
	char *start = end;

	memcpy(end, suffix, len);
	for (const char *at = NULL; (at = tl_list_next(&components, at, &len)); ) {
		if (len == 0 || (len == 1 && *at == '/'))	/* what the kernel calls a root */
			continue;
		start -= len;
		memcpy(start, at, len);
		*--start = '/';
	}
	if (start == end)
		*--start = '/';
	if (value->cut) {
		start -= strlen(ELLIPSIS);
		memcpy(start, ELLIPSIS, strlen(ELLIPSIS));
	}
	value->kind = TL_STRING;
	value->s.ptr = start;
	value->s.len = (size_t)(room + TL_SCRATCH_PATH - start);
}

void tl_path_join(char *room, struct tl_value *value)
{
	join(room, value, "");
}

/* ---- sockets --------------------------------------------------------------------------------- */

static void add_endpoint(struct text *text, const struct tl_ip *ip, unsigned int family, unsigned int port)
{
	char address[INET6_ADDRSTRLEN] = "";

	if (ip->family == AF_INET || ip->family == AF_INET6)
		inet_ntop(ip->family, ip->bytes, address, sizeof(address));
	else
		snprintf(address, sizeof(address), "%s", family == AF_INET6 ? "::" : "0.0.0.0");
	add(text, strchr(address, ':') ? "[%s]:%u" : "%s:%u", address, port);
}

static const char *inet_name(const struct tl_file_socket *socket)
{
	switch (socket->protocol) {
	case IPPROTO_TCP: return "TCP";
	case IPPROTO_UDP: return "UDP";
	case IPPROTO_ICMP: return "ICMP";
	case IPPROTO_ICMPV6: return "ICMPv6";
	case IPPROTO_SCTP: return "SCTP";
	default: return socket->type == SOCK_RAW ? "RAW" : "INET";
	}
}

static void add_inet(struct text *text, const struct tl_file_socket *socket)
{
	static const struct tl_ip none;

	add(text, "%s ", inet_name(socket));
	add_endpoint(text, &socket->saddr, socket->family, socket->sport);
	if (socket->dport || memcmp(socket->daddr.bytes, none.bytes, sizeof(none.bytes)) != 0) {
		add(text, "->");
		add_endpoint(text, &socket->daddr, socket->family, socket->dport);
	}
}

/* A name that begins with NUL is abstract: shown with @, as everywhere. */
static void add_unix_name(struct text *text, const char *name, size_t len)
{
	if (len && !name[0]) {
		add(text, "@");
		add_bytes(text, name + 1, len - 1);
	} else {
		add_bytes(text, name, strnlen(name, len));
	}
}

static void add_socket(struct text *text, const struct tl_file_socket *socket, const char *name, size_t len)
{
	if (socket->family == AF_INET || socket->family == AF_INET6) {
		add_inet(text, socket);
	} else if (socket->family == AF_UNIX && len) {
		add(text, "UNIX %s", socket->of_peer ? "->" : "");
		add_unix_name(text, name, len);
	} else if (socket->family == AF_UNIX) {
		add(text, "UNIX [%" PRIu64 "]", (uint64_t)socket->inode);
	} else if (socket->family == AF_NETLINK) {
		add(text, "NETLINK %u:%u", socket->protocol, socket->local);
	} else if (socket->family == AF_PACKET) {
		add(text, "PACKET %s%u", socket->local ? "if" : "any ", socket->local);
	} else {
		add(text, "socket:[%" PRIu64 "]", (uint64_t)socket->inode);
	}
}

/* ---- open files ------------------------------------------------------------------------------ */

/* Takes `size` bytes off the begin. false: there are not that many. */
static bool take(struct tl_value *value, void *out, size_t size)
{
	if (value->s.len < size)
		return false;
	memcpy(out, value->s.ptr, size);
	value->s.ptr += size;
	value->s.len -= size;
	return true;
}

static bool number_text(struct text *text, struct tl_value *value, const char *name)
{
	struct tl_file_number number;

	if (!take(value, &number, sizeof(number)))
		return false;
	if (name)
		add(text, "%s", name);
	else
		add_bytes(text, value->s.ptr, value->s.len);
	add(text, ":[%" PRIu64 "]", (uint64_t)number.inode);
	return true;
}

static bool socket_text(struct text *text, struct tl_value *value)
{
	struct tl_file_socket socket;

	if (!take(value, &socket, sizeof(socket)))
		return false;
	add_socket(text, &socket, value->s.ptr, value->s.len);
	return true;
}

void tl_file_text(char *room, const struct tl_str *str, struct tl_value *value)
{
	struct text text = { .room = room };
	bool done = false;

	switch (str->kind) {
	case TL_FILE_PATH:
	case TL_FILE_LOOSE:
		join(room, value, str->flags & TL_STR_DELETED ? DELETED : "");
		return;
	case TL_FILE_ANON:
		add(&text, "anon_inode:");
		add_bytes(&text, value->s.ptr, value->s.len);
		done = true;
		break;
	case TL_FILE_PIPE:
		done = number_text(&text, value, "pipe");
		break;
	case TL_FILE_NS:
		done = number_text(&text, value, NULL);
		break;
	case TL_FILE_SOCKET:
		done = socket_text(&text, value);
		break;
	}
	if (done)
		set_text(value, &text);
	else
		value->kind = TL_UNREAD;
}

/* ---- addresses ------------------------------------------------------------------------------- */

static void add_netlink(struct text *text, const struct sockaddr_nl *addr)
{
	add(text, "netlink:%u/0x%x", addr->nl_pid, addr->nl_groups);
}

static void add_packet(struct text *text, const struct sockaddr_ll *addr)
{
	add(text, "packet:if%d/0x%04x", addr->sll_ifindex, ntohs(addr->sll_protocol));
}

static void add_inet_addr(struct text *text, const struct sockaddr_in *addr)
{
	char address[INET_ADDRSTRLEN];

	add(text, "%s:%u", inet_ntop(AF_INET, &addr->sin_addr, address, sizeof(address)), ntohs(addr->sin_port));
}

static void add_inet6_addr(struct text *text, const struct sockaddr_in6 *addr)
{
	char address[INET6_ADDRSTRLEN];

	add(text, "[%s", inet_ntop(AF_INET6, &addr->sin6_addr, address, sizeof(address)));
	if (addr->sin6_scope_id)
		add(text, "%%%u", addr->sin6_scope_id);
	add(text, "]:%u", ntohs(addr->sin6_port));
}

void tl_sockaddr_text(char *room, struct tl_value *value)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_nl nl;
		struct sockaddr_ll ll;
		char bytes[sizeof(struct sockaddr_storage)];
	} addr = { .bytes = { 0 } };
	size_t len = value->s.len;
	struct text text = { .room = room };

	if (len < sizeof(addr.any.sa_family)) {
		value->kind = TL_UNREAD;
		return;
	}
	memcpy(&addr, value->s.ptr, len < sizeof(addr) ? len : sizeof(addr));
	if (addr.any.sa_family == AF_INET && len >= 8) {
		add_inet_addr(&text, &addr.in);
	} else if (addr.any.sa_family == AF_INET6 && len >= 24) {
		add_inet6_addr(&text, &addr.in6);
	} else if (addr.any.sa_family == AF_UNIX) {
		add(&text, "unix:");
		add_unix_name(&text, value->s.ptr + 2, len - 2);
	} else if (addr.any.sa_family == AF_NETLINK && len >= sizeof(addr.nl)) {
		add_netlink(&text, &addr.nl);
	} else if (addr.any.sa_family == AF_PACKET && len >= 12) {
		add_packet(&text, &addr.ll);
	} else {
		add(&text, "family:%u", addr.any.sa_family);
	}
	set_text(value, &text);
}
