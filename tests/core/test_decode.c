/* SPDX-License-Identifier: MIT */
/* test_decode.c: tests core/decode/decode.c on records made by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "decode/decode.h"
#include "catalogue/schema.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))
#define AT		sizeof(struct tl_record)
#define FIXED		(AT + 24)
#define OWN		TL_F_OWN	/* the only own field of the event below */

/* An event with one own field, 24 bytes of room, and a record of it at an odd address. */
struct sample {
	struct tl_field fields[TL_F_OWN + 1];
	struct tl_event event;
	struct tl_view view;
	char *block;
	char *data;
};

static void make(struct sample *s, enum tl_type type, size_t size, const void *tail, size_t len)
{
	struct tl_record head = {
		.size = (uint32_t)(FIXED + len), .event = 7, .pid = 42, .comm = "sixteen letters!",
	};

	memcpy(s->fields, tl_common_fields, sizeof(tl_common_fields));
	s->fields[OWN] = (struct tl_field){ .name = "own", .doc = "", .meaning = "", .arg = "", .type = type,
					    .offset = AT, .size = (uint16_t)size, .number = OWN };
	s->event = (struct tl_event){ .name = "a.b", .doc = "", .classes = "", .fields = s->fields,
				      .n_fields = OWN + 1, .number = 7, .fixed_size = FIXED,
				      .tails = tl_type_in_tail(type) ? TL_BIT(OWN) : 0 };
	s->block = calloc(1, 1 + head.size);
	s->data = s->block + 1;
	memcpy(s->data, &head, sizeof(head));
	if (len)
		memcpy(s->data + FIXED, tail, len);
	s->view = (struct tl_view){ &s->event, s->data, head.size, malloc(TL_SCRATCH_SIZE) };
}

static void drop(struct sample *s)
{
	free(s->block);
	free(s->view.scratch);
}

static struct tl_value value_of(const struct sample *s, size_t field)
{
	struct tl_value value;

	tl_field_read(&s->view, &s->fields[field], &value);
	return value;
}

static void assert_string(const struct tl_value *value, const char *text)
{
	assert_int_equal(value->kind, TL_STRING);
	assert_int_equal(value->s.len, strlen(text));
	assert_memory_equal(value->s.ptr, text, strlen(text));
}

static void reads_common_fields(void **state)
{
	struct sample s;
	struct tl_value value;

	(void)state;
	make(&s, TL_TYPE_U8, 1, NULL, 0);
	value = value_of(&s, TL_F_EVENT);
	assert_string(&value, "a.b");
	value = value_of(&s, TL_F_COMM);
	assert_string(&value, "sixteen letters!");
	value = value_of(&s, TL_F_PID);
	assert_int_equal(value.kind, TL_UINT);
	assert_int_equal(value.u, 42);
	drop(&s);
}

static const struct {
	enum tl_type type;
	size_t size;
	enum tl_kind kind;
	int64_t number;
} numbers[] = {
	{ TL_TYPE_U8, 1, TL_UINT, 0xfe },	{ TL_TYPE_S8, 1, TL_INT, -2 },
	{ TL_TYPE_U16, 2, TL_UINT, 0xfffe },	{ TL_TYPE_S16, 2, TL_INT, -2 },
	{ TL_TYPE_U32, 4, TL_UINT, 0xfffffffe },	{ TL_TYPE_S32, 4, TL_INT, -2 },
	{ TL_TYPE_U64, 8, TL_UINT, -2 },	{ TL_TYPE_S64, 8, TL_INT, -2 },
	{ TL_TYPE_BOOL, 1, TL_BOOL, 1 },
	{ TL_TYPE_U32, 2, TL_UNREAD, 0 },	/* type and size disagree */
	{ TL_TYPE_U64, 16, TL_UNREAD, 0 },
};

static void reads_numbers(void **state)
{
	int64_t number = -2;	/* little-endian: its begin is -2 at every width */

	(void)state;
	for (size_t i = 0; i < N(numbers); i++) {
		struct sample s;
		struct tl_value value;

		make(&s, numbers[i].type, numbers[i].size, NULL, 0);
		memcpy(s.data + AT, &number, sizeof(number));
		value = value_of(&s, OWN);
		assert_int_equal(value.kind, numbers[i].kind);
		assert_int_equal(value.i, numbers[i].number);
		drop(&s);
	}
}

static const struct {
	int64_t number;
	const char *name;	/* NULL: no error */
} errors[] = {
	{ -2, "ENOENT" }, { -512, "ERESTARTSYS" }, { -4000, "E4000" }, { -4095, "E4095" },
	{ 0, NULL }, { 3, NULL }, { -4096, NULL }, { INT64_MIN, NULL },
};

static void reads_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(errors); i++) {
		for (size_t size = 4; size <= 8; size += 4) {
			struct sample s;
			struct tl_value value;

			make(&s, TL_TYPE_ERROR, size, NULL, 0);
			memcpy(s.data + AT, &errors[i].number, sizeof(errors[i].number));
			value = value_of(&s, OWN);
			if (errors[i].name)
				assert_string(&value, errors[i].name);
			else
				assert_int_equal(value.kind, TL_NIL);
			drop(&s);
		}
	}
}

static void reads_addresses(void **state)
{
	struct tl_ip ip = { .family = AF_INET6, .bytes = { 0x20, 0x01 } };
	struct tl_value value;
	struct sample s;

	(void)state;
	make(&s, TL_TYPE_IP, sizeof(ip), NULL, 0);
	assert_int_equal(value_of(&s, OWN).kind, TL_NIL);
	memcpy(s.data + AT, &ip, sizeof(ip));
	value = value_of(&s, OWN);
	assert_int_equal(value.kind, TL_IP);
	assert_int_equal(value.ip.family, AF_INET6);
	assert_memory_equal(value.ip.bytes, ip.bytes, 16);
	assert_false(value.late);
	s.data[AT + offsetof(struct tl_ip, flags)] = TL_STR_LATE;
	assert_true(value_of(&s, OWN).late);
	s.data[AT] = AF_INET;
	assert_int_equal(value_of(&s, OWN).ip.family, AF_INET);
	s.data[AT] = 99;
	assert_int_equal(value_of(&s, OWN).kind, TL_UNREAD);
	drop(&s);
}

static void make_tail(struct sample *s, enum tl_type type, const void *tail, size_t len, bool cut)
{
	struct tl_str str = { FIXED, (uint16_t)len, cut ? TL_STR_CUT : 0, 0 };

	make(s, type, sizeof(str), tail, len);
	memcpy(s->data + AT, &str, sizeof(str));
}

static void reads_strings(void **state)
{
	struct tl_value value;
	struct sample s;

	(void)state;
	make_tail(&s, TL_TYPE_STR, "/etc", 4, false);
	value = value_of(&s, OWN);
	assert_string(&value, "/etc");
	assert_false(value.cut);
	drop(&s);
	make_tail(&s, TL_TYPE_BYTES, "a\0b", 3, true);
	value = value_of(&s, OWN);
	assert_int_equal(value.s.len, 3);
	assert_true(value.cut);
	drop(&s);
	make_tail(&s, TL_TYPE_STR, "", 0, false);
	value = value_of(&s, OWN);
	assert_string(&value, "");
	drop(&s);
}

#define BYTES(text) text, sizeof(text) - 1

static const struct {
	const char *tail;
	size_t len;
	bool cut;
	const char *path;
} paths[] = {
	{ BYTES("c\0b\0a\0"), false, "/a/b/c" },
	{ BYTES("passwd\0etc\0"), false, "/etc/passwd" },
	{ BYTES(""), false, "/" },
	{ BYTES("/\0"), false, "/" },
	{ BYTES("b\0a\0/\0"), false, "/a/b" },
	{ BYTES("b\0\0a\0"), false, "/a/b" },
	{ BYTES("c\0b\0"), true, "\xe2\x80\xa6/b/c" },
	{ BYTES("c\0b"), true, "\xe2\x80\xa6/b/c" },
	{ BYTES(""), true, "\xe2\x80\xa6/" },
};

static void puts_paths_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(paths); i++) {
		struct tl_value value;
		struct sample s;

		make_tail(&s, TL_TYPE_PATH, paths[i].tail, paths[i].len, paths[i].cut);
		value = value_of(&s, OWN);
		assert_string(&value, paths[i].path);
		assert_int_equal(value.cut, paths[i].cut);
		drop(&s);
	}
}

static void has_room_for_the_longest_path(void **state)
{
	size_t len = TL_DATA_MAX;
	char *tail = malloc(len + 1);
	struct sample s;

	(void)state;
	memset(tail, 'x', len + 1);
	for (int i = 0; i < 2; i++) {	/* one component; as many as there can be */
		make_tail(&s, TL_TYPE_PATH, tail, len, true);
		assert_int_equal(value_of(&s, OWN).s.len, len + 3 + (i ? 0 : 1));
		drop(&s);
		for (size_t at = 1; at < len; at += 2)
			tail[at] = '\0';
	}
	make_tail(&s, TL_TYPE_PATH, tail, len + 1, false);
	assert_int_equal(value_of(&s, OWN).kind, TL_UNREAD);
	drop(&s);
	free(tail);
}

static void keeps_a_path_beside_an_error(void **state)
{
	int32_t number = -4000;
	struct tl_field error = { .name = "error", .type = TL_TYPE_ERROR, .offset = AT + 8, .size = 4,
				  .number = OWN + 1 };
	struct tl_value path, value;
	struct sample s;

	(void)state;
	make_tail(&s, TL_TYPE_PATH, BYTES("b\0a\0"), false);
	memcpy(s.data + AT + 8, &number, sizeof(number));
	path = value_of(&s, OWN);
	tl_field_read(&s.view, &error, &value);
	assert_string(&value, "E4000");
	assert_string(&path, "/a/b");
	drop(&s);
}

/* ---- files and addresses: see test_file.c ---------------------------------------------------- */

static void reads_files(void **state)
{
	struct tl_str str = { FIXED, 8, TL_STR_LATE, TL_FILE_PIPE };
	uint64_t inode = 123;
	struct tl_value value;
	struct sample s;

	(void)state;
	make(&s, TL_TYPE_FILE, sizeof(str), &inode, sizeof(inode));
	memcpy(s.data + AT, &str, sizeof(str));
	value = value_of(&s, OWN);
	assert_string(&value, "pipe:[123]");
	assert_true(value.late);
	str.kind = TL_FILE_NONE;
	memcpy(s.data + AT, &str, sizeof(str));
	assert_int_equal(value_of(&s, OWN).kind, TL_UNREAD);
	drop(&s);
}

static void reads_socket_addresses(void **state)
{
	struct tl_value value;
	struct sample s;

	(void)state;
	make_tail(&s, TL_TYPE_SOCKADDR, BYTES("\1\0/run/x\0"), true);
	value = value_of(&s, OWN);
	assert_string(&value, "unix:/run/x");
	assert_true(value.cut);
	drop(&s);
}

/* Whoever brings no room gets no text that is put together, and all else. */
static void puts_nothing_together_without_room(void **state)
{
	(void)state;
	for (enum tl_type type = TL_TYPE_STR; type <= TL_TYPE_ARRAY; type++) {
		bool together = type == TL_TYPE_PATH || type == TL_TYPE_FILE || type == TL_TYPE_SOCKADDR;
		struct sample s;

		make_tail(&s, type, BYTES("\1\0\0\0"), false);
		free(s.view.scratch);
		s.view.scratch = NULL;
		if ((value_of(&s, OWN).kind == TL_UNREAD) != together)
			fail_msg("%s", tl_type_name(type));
		drop(&s);
	}
}

/* ---- marks ----------------------------------------------------------------------------------- */

static void tells_what_is_marked(void **state)
{
	(void)state;
	for (uint16_t flags = 0; flags < 16; flags++) {
		struct tl_str str = { FIXED, 4, flags, TL_FILE_ANON };

		for (enum tl_type type = TL_TYPE_STR; type <= TL_TYPE_ARRAY; type++) {
			struct tl_value value;
			struct sample s;

			make(&s, type, sizeof(str), "four", 4);
			memcpy(s.data + AT, &str, sizeof(str));
			value = value_of(&s, OWN);
			assert_int_equal(value.cut, !!(flags & TL_STR_CUT));
			assert_int_equal(value.changed, !!(flags & TL_STR_CHANGED));
			assert_int_equal(value.late, !!(flags & TL_STR_LATE));
			drop(&s);
		}
	}
}

/* ---- arrays ---------------------------------------------------------------------------------- */

static const struct tl_field members[] = {
	{ .name = "fd", .type = TL_TYPE_S32, .offset = 0, .size = 4 },
	{ .name = "events", .type = TL_TYPE_U16, .offset = 4, .size = 2 },
	{ .name = "outside", .type = TL_TYPE_U16, .offset = 5, .size = 2 },
	{ .name = "text", .type = TL_TYPE_COMM, .offset = 0, .size = 4 },
};
static const struct tl_layout pair = { .name = "pair", .members = members, .n_members = N(members), .size = 6 };

static struct tl_value member_of(const struct sample *s, const struct tl_value *array, size_t i, size_t member)
{
	struct tl_value value;

	tl_array_read(&s->fields[OWN], array, i, &members[member], &value);
	return value;
}

static void reads_arrays(void **state)
{
	static const char bytes[] = "\3\0\0\0\1\0" "\xff\xff\xff\xff\2\x80" "\5\0\0\0\6";
	struct tl_value array, value;
	struct sample s;

	(void)state;
	make_tail(&s, TL_TYPE_ARRAY, bytes, 17, false);
	s.fields[OWN].layout = &pair;
	array = value_of(&s, OWN);
	assert_int_equal(array.kind, TL_ARRAY);
	assert_int_equal(tl_array_count(&s.fields[OWN], &array), 2);	/* what is left over is none */
	assert_int_equal(member_of(&s, &array, 0, 0).i, 3);
	assert_int_equal(member_of(&s, &array, 0, 1).u, 1);
	value = member_of(&s, &array, 1, 0);
	assert_int_equal(value.kind, TL_INT);
	assert_int_equal(value.i, -1);
	value = member_of(&s, &array, 1, 1);
	assert_int_equal(value.kind, TL_UINT);
	assert_int_equal(value.u, 0x8002);
	assert_int_equal(member_of(&s, &array, 2, 0).kind, TL_UNREAD);
	assert_int_equal(member_of(&s, &array, SIZE_MAX, 0).kind, TL_UNREAD);
	assert_int_equal(member_of(&s, &array, 0, 2).kind, TL_UNREAD);
	assert_int_equal(member_of(&s, &array, 0, 3).kind, TL_UNREAD);
	drop(&s);
}

static void counts_nothing_of_what_is_no_array(void **state)
{
	struct tl_value array, none = { .kind = TL_NIL };
	struct sample s;

	(void)state;
	make_tail(&s, TL_TYPE_ARRAY, "", 0, true);
	array = value_of(&s, OWN);
	assert_int_equal(array.kind, TL_ARRAY);
	assert_true(array.cut);
	s.fields[OWN].layout = &pair;
	assert_int_equal(tl_array_count(&s.fields[OWN], &array), 0);
	assert_int_equal(tl_array_count(&s.fields[OWN], &none), 0);
	drop(&s);
	make_tail(&s, TL_TYPE_ARRAY, "123456", 6, false);
	array = value_of(&s, OWN);
	assert_int_equal(tl_array_count(&s.fields[OWN], &array), 0);	/* nobody knows how they lie */
	drop(&s);
}

static const struct {
	const char *tail;
	size_t len;
	const char *strings[4];
} lists[] = {
	{ BYTES(""), { NULL } },
	{ BYTES("ls\0-l\0"), { "ls", "-l" } },
	{ BYTES("ls\0\0x\0"), { "ls", "", "x" } },
	{ BYTES("ls\0-"), { "ls", "-" } },
	{ BYTES("\0"), { "" } },
	{ BYTES("part"), { "part" } },
};

static void walks_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(lists); i++) {
		const char *at = NULL;
		struct tl_value value;
		size_t n = 0, len;
		struct sample s;

		make_tail(&s, TL_TYPE_LIST, lists[i].tail, lists[i].len, false);
		value = value_of(&s, OWN);
		assert_int_equal(value.kind, TL_LIST);
		for (; (at = tl_list_next(&value, at, &len)); n++) {
			assert_non_null(lists[i].strings[n]);
			assert_int_equal(len, strlen(lists[i].strings[n]));
			assert_memory_equal(at, lists[i].strings[n], len);
		}
		assert_null(lists[i].strings[n]);
		drop(&s);
	}
}

static void says_what_was_not_read(void **state)
{
	uint64_t unread = TL_BIT(OWN) | TL_BIT(TL_F_COMM) | TL_BIT(TL_F_EVENT);

	(void)state;
	for (int type = TL_TYPE_U8; type <= TL_TYPE_EVENT; type++) {
		size_t size = 0;
		struct sample s;

		while (!tl_type_fits((enum tl_type)type, size))
			size++;
		make(&s, (enum tl_type)type, size, NULL, 0);
		memcpy(s.data + offsetof(struct tl_record, unread), &unread, sizeof(unread));
		assert_int_equal(value_of(&s, OWN).kind, TL_UNREAD);
		assert_int_equal(value_of(&s, TL_F_COMM).kind, TL_UNREAD);
		assert_int_equal(value_of(&s, TL_F_EVENT).kind, TL_UNREAD);
		assert_int_equal(value_of(&s, TL_F_PID).kind, TL_UINT);
		drop(&s);
	}
}

static const struct {
	uint16_t offset, length;
	bool record_good;
} outside[] = {
	{ 0, 0, true },			/* never written */
	{ 0, 1, false },
	{ FIXED - 1, 1, false },
	{ FIXED, 5, false },
	{ FIXED + 5, 0, false },
	{ 65535, 65535, false },
};

static void reads_nothing_outside(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(outside); i++) {
		struct tl_str str = { outside[i].offset, outside[i].length, 0, 0 };
		struct sample s;

		make(&s, TL_TYPE_STR, sizeof(str), "four", 4);
		memcpy(s.data + AT, &str, sizeof(str));
		assert_int_equal(value_of(&s, OWN).kind, TL_UNREAD);
		assert_int_equal(tl_record_check(&s.event, s.data, s.view.size, NULL),
				 outside[i].record_good ? 0 : -EBADMSG);
		drop(&s);
	}
}

static void reads_nothing_of_a_short_record(void **state)
{
	struct sample s;

	(void)state;
	make_tail(&s, TL_TYPE_STR, "four", 4, false);
	for (size_t size = 0; size < s.view.size; size++) {
		char *part = malloc(size + 1);
		struct tl_view view = { &s.event, part, size, NULL };
		struct tl_value value;

		memcpy(part, s.data, size);
		tl_field_read(&view, &s.fields[OWN], &value);
		assert_int_equal(value.kind, TL_UNREAD);
		assert_int_equal(tl_record_check(&s.event, part, size, NULL), -EBADMSG);
		free(part);
	}
	drop(&s);
}

static const struct {
	uint32_t size;
	uint16_t event;
	uint16_t fixed_size;
	size_t given;
	const char *message;	/* NULL: a good one */
} heads[] = {
	{ FIXED, 7, FIXED, FIXED, NULL },
	{ FIXED, 7, FIXED, FIXED + 7, NULL },		/* padded by a perf buffer */
	{ FIXED, 7, FIXED, FIXED + 8, "a.b: the record says 120 bytes, 128 have come" },
	{ FIXED + 1, 7, FIXED, FIXED, "a.b: the record says 121 bytes, 120 have come" },
	{ FIXED, 8, FIXED, FIXED, "a.b: the record is of event 8, not 7" },
	{ FIXED - 1, 7, FIXED, FIXED, "a.b: a record of 119 bytes is cut short" },
	{ 0, 7, FIXED, FIXED, "a.b: the record says 0 bytes, 120 have come" },
	{ FIXED, 7, FIXED, AT - 1, "a.b: a record of 95 bytes has no head" },
	{ FIXED - 1, 7, AT - 1, FIXED - 1, "a.b: a record of 119 bytes is cut short" },
};

static void checks_the_head(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(heads); i++) {
		struct tl_error err = { 0 };
		struct tl_record head;
		struct sample s;
		int code;

		make(&s, TL_TYPE_U32, 4, "1234567", 8);
		memcpy(&head, s.data, sizeof(head));
		head.size = heads[i].size;
		head.event = heads[i].event;
		memcpy(s.data, &head, sizeof(head));
		s.event.fixed_size = heads[i].fixed_size;
		code = tl_record_check(&s.event, s.data, heads[i].given, &err);
		assert_int_equal(code, heads[i].message ? -EBADMSG : 0);
		assert_string_equal(err.message, heads[i].message ? heads[i].message : "");
		drop(&s);
	}
}

static void checks_strings_that_were_read(void **state)
{
	struct tl_str str = { FIXED, 5, 0, 0 };
	uint64_t unread = TL_BIT(OWN);
	struct tl_error err = { 0 };
	struct sample s;

	(void)state;
	make(&s, TL_TYPE_LIST, sizeof(str), "four", 4);
	memcpy(s.data + AT, &str, sizeof(str));
	assert_int_equal(tl_record_check(&s.event, s.data, s.view.size, &err), -EBADMSG);
	assert_string_equal(err.message, "a.b: own lies outside the record");
	memcpy(s.data + offsetof(struct tl_record, unread), &unread, sizeof(unread));
	assert_int_equal(tl_record_check(&s.event, s.data, s.view.size, &err), 0);
	drop(&s);
}

static void checks_where_a_string_is_said_to_be(void **state)
{
	struct tl_error err = { 0 };
	struct sample s;

	(void)state;
	make_tail(&s, TL_TYPE_STR, "four", 4, false);
	assert_int_equal(tl_record_check(&s.event, s.data, s.view.size, &err), 0);
	s.fields[OWN].offset = FIXED - 7;
	assert_int_equal(tl_record_check(&s.event, s.data, s.view.size, &err), -EBADMSG);
	assert_string_equal(err.message, "a.b: own lies outside the record");
	drop(&s);
}

static void reads_several_fields(void **state)
{
	const struct tl_field *fields[5];
	struct tl_value values[N(fields)];
	uint64_t unread = TL_BIT(TL_F_TID), absent = TL_BIT(TL_F_UID);
	struct sample s;

	(void)state;
	make_tail(&s, TL_TYPE_STR, "four", 4, false);
	memcpy(s.data + offsetof(struct tl_record, unread), &unread, sizeof(unread));
	memcpy(s.data + offsetof(struct tl_record, absent), &absent, sizeof(absent));
	fields[0] = &s.fields[OWN];
	fields[1] = NULL;
	fields[2] = &s.fields[TL_F_TID];
	fields[3] = &s.fields[TL_F_PID];
	fields[4] = &s.fields[TL_F_UID];
	tl_fields_read(&s.view, fields, N(fields), values);
	assert_string(&values[0], "four");
	assert_int_equal(values[1].kind, TL_NIL);
	assert_int_equal(values[2].kind, TL_UNREAD);
	assert_int_equal(values[3].u, 42);
	assert_int_equal(values[4].kind, TL_NIL);
	drop(&s);
}

/* The catalogue refuses them; whoever makes an event by hand may not know. */
static void refuses_fields_of_a_wrong_size(void **state)
{
	(void)state;
	for (int type = TL_TYPE_U8; type < TL_TYPE_EVENT; type++) {
		for (size_t size = 0; size <= 24; size++) {
			struct sample s;

			if (tl_type_fits((enum tl_type)type, size))
				continue;
			make(&s, (enum tl_type)type, size, NULL, 0);
			s.data[AT] = -1;
			assert_int_equal(value_of(&s, OWN).kind, TL_UNREAD);
			drop(&s);
		}
	}
}

static void finds_fields(void **state)
{
	struct sample s;

	(void)state;
	make(&s, TL_TYPE_U8, 1, NULL, 0);
	assert_ptr_equal(tl_event_field(&s.event, "own"), &s.fields[OWN]);
	assert_ptr_equal(tl_event_field(&s.event, "event"), &s.fields[0]);
	assert_null(tl_event_field(&s.event, "owner"));
	drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_common_fields),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(reads_errors),
		cmocka_unit_test(reads_addresses),
		cmocka_unit_test(reads_strings),
		cmocka_unit_test(puts_paths_together),
		cmocka_unit_test(has_room_for_the_longest_path),
		cmocka_unit_test(keeps_a_path_beside_an_error),
		cmocka_unit_test(reads_files),
		cmocka_unit_test(reads_socket_addresses),
		cmocka_unit_test(puts_nothing_together_without_room),
		cmocka_unit_test(tells_what_is_marked),
		cmocka_unit_test(reads_arrays),
		cmocka_unit_test(counts_nothing_of_what_is_no_array),
		cmocka_unit_test(walks_lists),
		cmocka_unit_test(says_what_was_not_read),
		cmocka_unit_test(reads_nothing_outside),
		cmocka_unit_test(reads_nothing_of_a_short_record),
		cmocka_unit_test(checks_the_head),
		cmocka_unit_test(checks_strings_that_were_read),
		cmocka_unit_test(checks_where_a_string_is_said_to_be),
		cmocka_unit_test(reads_several_fields),
		cmocka_unit_test(refuses_fields_of_a_wrong_size),
		cmocka_unit_test(finds_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
