/* SPDX-License-Identifier: MIT */
/* test_meaning.c: tests core/meaning.c, most of it on a table of its own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "meaning.h"
#include "traceleft.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

static const struct tl_constant flag_names[] = {
	{ "RDONLY", 0 }, { "WRONLY", 1 }, { "RDWR", 2 },
	{ "TMPFILE", 0x410000 }, { "SYNC", 0x101000 },
	{ "CREAT", 0x40 }, { "DSYNC", 0x1000 }, { "DIRECTORY", 0x10000 }, { "TOP", 0x80000000 },
};
static const struct tl_domain masked = { "masked", true, 3, flag_names, N(flag_names) };
static const struct tl_constant plain_names[] = { { "A", 1 }, { "B", 2 } };
static const struct tl_domain plain = { "plain", true, 0, plain_names, N(plain_names) };
static const struct tl_constant zero_names[] = { { "NONE", 0 }, { "READ", 1 } };
static const struct tl_domain zeroed = { "zeroed", true, 0, zero_names, N(zero_names) };
static const struct tl_constant enum_names[] = {
	{ "FIRST", 0 }, { "MINUS", (uint64_t)-2 }, { "NINE", 9 },
};
static const struct tl_domain list = { "list", false, 0, enum_names, N(enum_names) };

static const struct {
	const struct tl_domain *domain;
	uint64_t number;
	const char *text;
} domains[] = {
	{ &masked, 0, "RDONLY" },
	{ &masked, 2, "RDWR" },
	{ &masked, 0x42, "RDWR|CREAT" },
	{ &masked, 3, "0x3" },
	{ &masked, 0x43, "CREAT|0x3" },
	{ &masked, 0x410000, "RDONLY|TMPFILE" },
	{ &masked, 0x10000, "RDONLY|DIRECTORY" },
	{ &masked, 0x101001, "WRONLY|SYNC" },
	{ &masked, 0x1001, "WRONLY|DSYNC" },
	{ &masked, 0x20000002, "RDWR|0x20000000" },
	{ &masked, 0x80000000, "RDONLY|TOP" },
	{ &masked, 0xffffffff80000000, "RDONLY|TOP" },
	{ &masked, 0x100000000, "RDONLY|0x100000000" },
	{ &plain, 0, "0" },
	{ &plain, 3, "A|B" },
	{ &plain, 8, "0x8" },
	{ &zeroed, 0, "NONE" },
	{ &zeroed, 1, "READ" },
	{ &list, 0, "FIRST" },
	{ &list, 9, "NINE" },
	{ &list, 0xfffffffe, "MINUS" },
	{ &list, (uint64_t)-2, "MINUS" },
	{ &list, 5, "" },
};

static void names_flags_and_enums(void **state)
{
	char text[128];

	(void)state;
	for (size_t i = 0; i < N(domains); i++) {
		text[0] = '\0';
		assert_int_equal(tl_domain_text(domains[i].domain, domains[i].number, text,
						sizeof(text)), strlen(domains[i].text));
		assert_string_equal(text, domains[i].text);
	}
}

static const struct {
	const char *meaning;
	uint64_t number;
	const char *text;
} meanings[] = {
	{ "", 7, "" },
	{ "duration", 7, "" },
	{ "flags:open", 0102, "O_RDWR|O_CREAT" },
	{ "flags:no such domain", 1, "" },
	{ "enum:signal", 9, "SIGKILL" },
	{ "enum:family", 2, "AF_INET" },
	{ "enum:open", 1, "" },
	{ "mode", 0644, "0644" },
	{ "mode", 0100755, "0100755" },
	{ "mode", 07, "0007" },
	{ "mode", 0, "0000" },
	{ "fd", 3, "" },
	{ "dirfd", (uint64_t)-100, "AT_FDCWD" },
	{ "dirfd", (uint32_t)-100, "AT_FDCWD" },
	{ "fd", (uint64_t)-100, "AT_FDCWD" },
	{ "dirfd", (uint64_t)-1, "" },
	{ "dev", 8 << 20 | 1, "8:1" },
	{ "dev", 259ULL << 20 | 0xfffff, "259:1048575" },
	{ "error", (uint64_t)-2, "ENOENT" },
	{ "error", (uint32_t)-2, "ENOENT" },
	{ "error", 111, "ECONNREFUSED" },
	{ "error", 0, "" },
	{ "error", 5000, "" },
	{ "error", INT64_MIN, "" },
};

static void tells_what_numbers_mean(void **state)
{
	char text[128];

	(void)state;
	for (size_t i = 0; i < N(meanings); i++) {
		memset(text, 'x', sizeof(text));
		assert_int_equal(tl_meaning_text(meanings[i].meaning, meanings[i].number, text,
						 sizeof(text)), strlen(meanings[i].text));
		assert_string_equal(text, meanings[i].text);
	}
}

static void counts_like_snprintf(void **state)
{
	char text[6];

	(void)state;
	assert_int_equal(tl_domain_text(&masked, 0x42, text, sizeof(text)), 10);
	assert_string_equal(text, "RDWR|");
	assert_int_equal(tl_domain_text(&masked, 0x2000042, NULL, 0), 20);
	assert_int_equal(tl_domain_text(&list, 9, NULL, 0), 4);
	assert_int_equal(tl_meaning_text("mode", 0644, NULL, 0), 4);
	assert_int_equal(tl_meaning_text("", 1, NULL, 0), 0);
}

static void names_errnos(void **state)
{
	(void)state;
	assert_string_equal(tl_errno_name(ENOENT), "ENOENT");
	assert_string_equal(tl_errno_name(EAGAIN), "EAGAIN");
	assert_string_equal(tl_errno_name(512), "ERESTARTSYS");
	assert_string_equal(tl_errno_name(516), "ERESTART_RESTARTBLOCK");
	assert_string_equal(tl_errno_name(524), "ENOTSUPP");
	assert_null(tl_errno_name(0));
	assert_null(tl_errno_name(-2));
	assert_null(tl_errno_name(4000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_flags_and_enums),
		cmocka_unit_test(tells_what_numbers_mean),
		cmocka_unit_test(counts_like_snprintf),
		cmocka_unit_test(names_errnos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
