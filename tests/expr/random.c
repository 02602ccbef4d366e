/* SPDX-License-Identifier: MIT */
/* random.c: numbers and strings that are worth trying, and seldom others. */
#include "property.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))

static uint64_t state = 1;

void seed_set(uint64_t seed)
{
	state = seed * 2 + 1;
}

/* splitmix64 */
uint64_t rnd(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

int64_t rnd_number(void)
{
	static const int64_t numbers[] = {
		0, 1, 2, 3, 7, 8, 10, 63, 64, 65, 80, 100, 255, 256, 443, 65535, 65536, INT32_MAX, UINT32_MAX,
		1LL << 32, INT64_MAX, INT64_MIN, INT64_MIN + 1, -1, -2, -3, -63, -64, -65, -100, -4095, -4096, INT32_MIN,
		10000000, 0x80041, 0x40,
	};

	switch (below(4)) {
	case 0: return (int64_t)(rnd() >> below(64));
	case 1: return -(int64_t)(rnd() >> (1 + below(63)));
	default: return numbers[below(N(numbers))];
	}
}

#define STRING(s)	{ s, sizeof(s) - 1 }

static const struct {
	const char *bytes;
	size_t len;
} strings[] = {
	STRING(""), STRING("a"), STRING("ab"), STRING("abc"), STRING("cat"), STRING("cats"), STRING("/etc/passwd"),
	STRING("/etc/"), STRING("/etc"), STRING("passwd"), STRING("sixteen letters!"), STRING("fifteen letters"),
	STRING("a\0b"), STRING("\0"), STRING("x.log"), STRING(".log"), STRING("/var/log/x.log"), STRING("\xff\xfe"),
	STRING("nginx: worker"), STRING("12345678"), STRING("123456789"), STRING("ends with log"), STRING("wit"),
	STRING("/"), STRING("/a"), STRING("/a/b"), STRING("/a/b/"), STRING("b"), STRING("a/b"), STRING("/b"),
	STRING("/usr/lib/x.log"), STRING("/usr/"), STRING("//"), STRING("\xe2\x80\xa6/a/b"), STRING("\xe2\x80\xa6/b"),
	STRING("/a/b (deleted)"), STRING("(deleted)"), STRING("[eventpoll]"), STRING("anon_inode:[eventpoll]"),
	STRING("pipe:[42]"), STRING("x.sock"), STRING("/run/x.sock"), STRING("eventpoll"), STRING("deleted"),
	STRING("a string of exactly sixty-four bytes, which the kernel compares!"),
	STRING("a string of exactly sixty-three bytes, which the kernel compare"),
	STRING("a string of sixty-five bytes, which the kernel does not compare.."),
	STRING("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	       "0123456789abcdef0123456789abcdef.log0123456789abcdef0123456789abcdef0123456789abcdef"),
};

const char *rnd_string(size_t *len)
{
	size_t i = below(N(strings)), skip;

	*len = strings[i].len;
	if (!chance(30) || *len == 0)
		return strings[i].bytes;
	skip = below((unsigned int)*len);		/* a part of one */
	*len = 1 + below((unsigned int)(*len - skip));
	return strings[i].bytes + skip;
}

/* Leaf first. The last one of some is the kernel's name of a root. */
static const struct {
	const char *bytes;
	size_t len;
} paths[] = {
	STRING(""), STRING("/\0"), STRING("a\0"), STRING("b\0a\0"), STRING("b\0a\0/\0"), STRING("passwd\0etc\0"),
	STRING("x.log\0log\0var\0"), STRING("x.log\0lib\0usr\0"), STRING("x.log\0"), STRING("b (deleted)\0a\0"),
	STRING("abc\0ab\0a\0"), STRING("a\0b\0"), STRING("etc\0"), STRING("b\0a\0b\0a\0"),
	STRING("a name of exactly sixty-three bytes, which the helper reads ..\0a\0"),
	STRING("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	       "0123456789abcdef0123456789abcdef0123456789abcdef.log\0etc\0"),
};

const char *rnd_path(size_t *len)
{
	size_t i = below(N(paths));

	*len = paths[i].len;
	return paths[i].bytes;
}

const char *rnd_address(void)
{
	static const char *const addresses[] = {
		"10.0.0.1", "10.1.2.3", "192.168.1.255", "127.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1", "fe80::1",
		"2001:db8::1", "2001:db8:0:1::1", "::ffff:10.0.0.1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	};

	return addresses[below(N(addresses))];
}
