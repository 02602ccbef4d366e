/* SPDX-License-Identifier: MIT */
/* net.c: addresses and nets, all of them as IPv6 has them. */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "expr/set.h"

static const uint8_t v4_prefix[12] = { [10] = 0xff, [11] = 0xff };

bool tl_net_map(uint8_t family, const uint8_t *bytes, uint8_t mapped[16])
{
	if (family == AF_INET) {
		memcpy(mapped, v4_prefix, sizeof(v4_prefix));
		memcpy(mapped + sizeof(v4_prefix), bytes, 4);
		return true;
	}
	if (family == AF_INET6)
		memcpy(mapped, bytes, 16);
	return family == AF_INET6;
}

/* Digits alone, without a zero before others. -1: it is no number up to max. */
static int prefix_parse(const char *text, size_t len, int max)
{
	int number = 0;

	if (len == 0 || len > 3 || (len > 1 && text[0] == '0'))
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number <= max ? number : -1;
}

static void clear_rest(struct tl_net *net)
{
	for (int bit = net->prefix; bit < 128; bit++)
		net->bytes[bit / 8] &= (uint8_t)~(0x80 >> bit % 8);
}

bool tl_net_parse(const char *text, size_t len, struct tl_net *net)
{
	const char *slash = memchr(text, '/', len);
	size_t n = slash ? (size_t)(slash - text) : len;
	char address[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	int family, bits, prefix;

	if (n == 0 || n >= sizeof(address) || memchr(text, '\0', len))
		return false;
	memcpy(address, text, n);
	address[n] = '\0';
	family = strchr(address, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(family, address, bytes) != 1)
		return false;
	bits = family == AF_INET6 ? 128 : 32;
	prefix = slash ? prefix_parse(slash + 1, len - n - 1, bits) : bits;
	if (prefix < 0)
		return false;
	tl_net_map((uint8_t)family, bytes, net->bytes);
	net->prefix = (uint8_t)(128 - bits + prefix);
	clear_rest(net);
	return true;
}

bool tl_net_holds(const struct tl_net *net, const uint8_t address[16])
{
	int whole = net->prefix / 8, rest = net->prefix % 8;

	if (memcmp(net->bytes, address, (size_t)whole) != 0)
		return false;
	return !rest || ((net->bytes[whole] ^ address[whole]) & (0xff00 >> rest) & 0xff) == 0;
}
