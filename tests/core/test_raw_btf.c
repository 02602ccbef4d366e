/* SPDX-License-Identifier: MIT */
/* test_raw_btf.c: tests core/load/raw_btf.c on types written by hand, whole and damaged. test_reduce.c has those of libbpf. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "load/raw_btf.h"

/* Each kind with so many elements, and the bytes behind its head. */
static const struct {
	uint32_t kind, n, rest;
} kinds[] = {
	{ BTF_KIND_INT, 0, 4 }, { BTF_KIND_PTR, 0, 0 }, { BTF_KIND_ARRAY, 0, 12 }, { BTF_KIND_STRUCT, 2, 24 },
	{ BTF_KIND_UNION, 1, 12 }, { BTF_KIND_ENUM, 3, 24 }, { BTF_KIND_FWD, 0, 0 }, { BTF_KIND_TYPEDEF, 0, 0 },
	{ BTF_KIND_VOLATILE, 0, 0 }, { BTF_KIND_CONST, 0, 0 }, { BTF_KIND_RESTRICT, 0, 0 }, { BTF_KIND_FUNC, 0, 0 },
	{ BTF_KIND_FUNC_PROTO, 2, 16 }, { BTF_KIND_VAR, 0, 4 }, { BTF_KIND_DATASEC, 2, 24 }, { BTF_KIND_FLOAT, 0, 0 },
	{ BTF_KIND_DECL_TAG, 0, 4 }, { BTF_KIND_TYPE_TAG, 0, 0 }, { BTF_KIND_ENUM64, 2, 24 },
};

#define KINDS		(sizeof(kinds) / sizeof(*kinds))
#define STRINGS		"\0one\0two"	/* with the NUL that ends it */

/* Exactly as large as what is in it, so that no read beyond goes unseen. */
static char *make(size_t *size)
{
	struct btf_header head = { .magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(head),
				   .str_len = sizeof(STRINGS) };
	char *data, *at;

	for (size_t i = 0; i < KINDS; i++)
		head.type_len += (uint32_t)sizeof(struct btf_type) + kinds[i].rest;
	head.str_off = head.type_len;
	*size = sizeof(head) + head.type_len + head.str_len;
	data = calloc(1, *size);
	memcpy(data, &head, sizeof(head));
	at = data + sizeof(head);
	for (size_t i = 0; i < KINDS; i++) {
		struct btf_type type = { .name_off = i % 2 ? 1 : 5, .info = kinds[i].kind << 24 | kinds[i].n };

		memcpy(at, &type, sizeof(type));
		at += sizeof(type) + kinds[i].rest;
	}
	memcpy(at, STRINGS, sizeof(STRINGS));
	return data;
}

static void knows_how_long_each_kind_is(void **state)
{
	struct tl_btf btf;
	size_t size;
	char *data = make(&size);

	(void)state;
	assert_int_equal(tl_btf_view(&btf, data, size), 0);
	assert_int_equal(tl_btf_index(&btf), 0);
	assert_int_equal(btf.n, KINDS + 1);
	for (uint32_t i = 0; i < KINDS; i++) {
		const struct btf_type *type = tl_btf_type(&btf, i + 1);

		assert_int_equal(BTF_INFO_KIND(type->info), kinds[i].kind);
		assert_string_equal(tl_btf_string(&btf, type->name_off), i % 2 ? "one" : "two");
	}
	assert_null(tl_btf_type(&btf, 0));
	assert_null(tl_btf_type(&btf, KINDS + 1));
	assert_null(tl_btf_type(&btf, UINT32_MAX));
	assert_string_equal(tl_btf_string(&btf, sizeof(STRINGS)), "");
	assert_string_equal(tl_btf_string(&btf, UINT32_MAX), "");
	tl_btf_close(&btf);
	tl_btf_close(&btf);
	assert_null(tl_btf_type(&btf, 1));
	free(data);
}

static void refuses_what_is_no_btf(void **state)
{
	static const struct {
		size_t offset;
		uint32_t value;
	} wrong[] = {
		{ offsetof(struct btf_header, magic), 0x1234 },
		{ offsetof(struct btf_header, hdr_len), 0x7fffffff }, { offsetof(struct btf_header, hdr_len), 25 },
		{ offsetof(struct btf_header, type_off), UINT32_MAX }, { offsetof(struct btf_header, type_off), 2 },
		{ offsetof(struct btf_header, type_len), UINT32_MAX }, { offsetof(struct btf_header, str_off), UINT32_MAX },
		{ offsetof(struct btf_header, str_len), UINT32_MAX }, { offsetof(struct btf_header, str_len), 3 },
	};
	struct tl_btf btf;
	size_t size;
	char *data = make(&size);

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char *other = make(&size);

		memcpy(other + wrong[i].offset, &wrong[i].value, wrong[i].offset ? sizeof(uint32_t) : sizeof(uint16_t));
		assert_int_equal(tl_btf_view(&btf, other, size), -EBADMSG);
		free(other);
	}
	for (size_t cut = 0; cut < size; cut++) {
		char *part = malloc(cut + 1);

		memcpy(part, data, cut);
		assert_int_equal(tl_btf_view(&btf, part, cut), -EBADMSG);
		free(part);
	}
	free(data);
}

/* A type that says it is longer than what is left is the end of them. */
static void stops_where_types_are_cut_short(void **state)
{
	struct tl_btf btf;
	size_t size, next;

	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		char *data = make(&size);
		size_t at = sizeof(struct btf_header);
		uint32_t info = BTF_KIND_STRUCT << 24 | 0xffff;

		for (size_t k = 0; k < i; k++)
			at += sizeof(struct btf_type) + kinds[k].rest;
		memcpy(data + at + offsetof(struct btf_type, info), &info, sizeof(info));
		assert_int_equal(tl_btf_view(&btf, data, size), 0);
		assert_int_equal(tl_btf_index(&btf), 0);
		assert_int_equal(btf.n, i + 1);
		assert_null(tl_btf_at(&btf, btf.types_size, &next));
		assert_null(tl_btf_at(&btf, btf.types_size + 4, &next));
		tl_btf_close(&btf);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_how_long_each_kind_is),
		cmocka_unit_test(refuses_what_is_no_btf),
		cmocka_unit_test(stops_where_types_are_cut_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
