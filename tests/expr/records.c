/* SPDX-License-Identifier: MIT */
/* records.c: random records, as the kernel side can make them. */
#include "property.h"

static void fill_numbers(struct sample_record *r)
{
	static const int fields[] = { S_RET, S_DURATION, S_FLAGS, S_ACCESS, S_FAMILY, S_DIRFD, S_U8, S_U16, S_U32, S_S8,
				      S_S16, S_U64 };

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		sample_number(r, fields[i], rnd_number());
	sample_number(r, S_OK, chance(50) ? (int64_t)below(256) : 0);
	sample_number(r, S_ERROR, chance(70) ? -(int64_t)below(140) : rnd_number());
	sample_number(r, S_ERROR32, chance(70) ? -(int64_t)below(140) : rnd_number());
	if (chance(40))
		sample_number(r, S_FLAGS, (int64_t)(rnd() & 0xfff));
	if (chance(40))
		sample_number(r, S_ACCESS, (int64_t)below(8));
}

/* NUL-padded, or with something old behind the NUL. */
static void fill_name(struct sample_record *r, char *to)
{
	size_t len;
	const char *s = rnd_string(&len);

	(void)r;
	memset(to, chance(50) ? 0 : 'x', TL_COMM_LEN);
	len = strnlen(s, len < TL_COMM_LEN ? len : TL_COMM_LEN);
	memcpy(to, s, len);
	if (len < TL_COMM_LEN)
		to[len] = '\0';
}

static void fill_socket(struct sample_record *r)
{
	static const char *const names[] = { "", "/run/x.sock", "/run/x.sock\0", "\0x.sock", "x.log" };
	static const size_t lens[] = { 0, 11, 12, 7, 5 };
	struct tl_file_socket socket = { .inode = 42, .family = AF_INET, .protocol = 6, .sport = 443, .dport = 80 };
	char bytes[sizeof(socket) + 16];
	size_t name = below(5);

	if (chance(60))
		socket.family = AF_UNIX;
	memcpy(bytes, &socket, sizeof(socket));
	memcpy(bytes + sizeof(socket), names[name], lens[name]);
	sample_tail(r, S_FILE, bytes, sizeof(socket) + lens[name], 0, TL_FILE_SOCKET);
}

static void fill_file(struct sample_record *r)
{
	struct tl_file_number number = { .inode = below(100) };
	char bytes[sizeof(number) + 3];
	size_t len;
	const char *path = rnd_path(&len);
	int flags = (chance(15) ? TL_STR_CUT : 0) | (chance(15) ? TL_STR_DELETED : 0);

	memcpy(bytes, &number, sizeof(number));
	memcpy(bytes + sizeof(number), "mnt", 3);
	switch (below(8)) {
	case 0: sample_tail(r, S_FILE, bytes, sizeof(number), 0, TL_FILE_PIPE); break;
	case 1: sample_tail(r, S_FILE, bytes, sizeof(bytes), 0, TL_FILE_NS); break;
	case 2: sample_tail(r, S_FILE, "[eventpoll]", 11, 0, TL_FILE_ANON); break;
	case 3: fill_socket(r); break;
	case 4: sample_tail(r, S_FILE, path, len, flags, TL_FILE_LOOSE); break;
	case 5: sample_tail(r, S_FILE, "x.log", 5, 0, chance(50) ? TL_FILE_ANON : TL_FILE_NONE); break;
	default: sample_tail(r, S_FILE, path, len, flags, TL_FILE_PATH);
	}
}

static void fill_strings(struct sample_record *r)
{
	static const int fields[] = { S_PATHNAME, S_DATA };
	size_t len;
	const char *s;

	for (size_t i = 0; i < 2; i++) {
		s = rnd_string(&len);
		if (!chance(5))		/* else never written */
			sample_tail(r, fields[i], s, len, chance(10) ? TL_STR_CUT : 0, 0);
	}
	s = rnd_path(&len);
	sample_tail(r, S_PATH, s, len, chance(15) ? TL_STR_CUT : 0, 0);
	s = rnd_path(&len);
	sample_tail(r, S_PATH2, s, len, 0, 0);
	sample_tail(r, S_ARGV, "ls\0-l\0", 6, 0, 0);
	sample_tail(r, S_SOCKADDR, "\2\0\0\0\0\0\0\0", chance(80) ? 8 : below(2), 0, 0);
	sample_tail(r, S_ARRAY, "", 0, 0, 0);
}

static void fill_address(struct sample_record *r, int field)
{
	struct tl_ip ip = { .family = (uint8_t)below(4) };

	if (chance(80))
		sample_ip(r, field, rnd_address());
	else
		sample_bytes(r, field, &ip, sizeof(ip));
}

void record_fill(struct sample_record *r)
{
	int64_t duration;

	fill_numbers(r);
	fill_name(r, sample_head(r)->comm);
	fill_name(r, r->data + r->of->fields[S_NAME].offset);
	fill_strings(r);
	fill_file(r);
	fill_address(r, S_SADDR);
	fill_address(r, S_DADDR);
	for (int i = 0; i < S_END; i++) {
		if (chance(8) && i != TL_F_EVENT)
			sample_missing(r, i, chance(50));
	}
	memcpy(&duration, r->data + r->of->fields[S_DURATION].offset, sizeof(duration));
	if (duration == -1)		/* what its place says when it is missing */
		sample_missing(r, S_DURATION, false);
}
