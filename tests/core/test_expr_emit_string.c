/* SPDX-License-Identifier: MIT */
/* test_expr_emit_string.c: tests core/expr/expr_emit_string.c: strings of the record beside literals. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "emit_fixture.h"

static const char *const strings[] = {
	"", "a", "ab", "abc", "abcd", "abcdefg", "abcdefgh", "abcdefghi", "bcdefgh", "/etc/passwd", "/etc/passwd/",
	"/etc/passwe", "0123456789abcdef", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "xx0123456789abcdefx",
};

static void ask(const char *field, const char *literal)
{
	static const char *const forms[] = { "%s == '%s'", "%s ~= '%s'", "starts(%s, '%s')", "ends(%s, '%s')",
					     "not starts(%s, '%s')", "%s in { 'x', '%s' }" };
	char text[256];

	for (size_t i = 0; i < N(forms); i++) {
		snprintf(text, sizeof(text), forms[i], field, literal);
		emit_answer(text);
	}
	if (strlen(literal) > 16)
		return;
	snprintf(text, sizeof(text), "contains(%s, '%s')", field, literal);
	emit_answer(text);
}

/* Each beside each, in the tail of the record at each place in a word. */
static void compares_those_of_the_tail(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(strings); i++) {
		for (size_t shift = 0; shift < 8; shift++) {
			sample_begin(&emit_record, &emit_event);
			sample_tail(&emit_record, S_DATA, "12345678", shift, 0, 0);
			sample_tail(&emit_record, S_PATHNAME, strings[i], strlen(strings[i]), 0, 0);
			for (size_t k = 0; k < N(strings); k++)
				ask("pathname", strings[k]);
		}
	}
}

/* Their room ends them where no NUL does. */
static void compares_names_of_processes(void **state)
{
	char name[16];

	(void)state;
	for (size_t i = 0; i < N(strings); i++) {
		strncpy(name, strings[i], sizeof(name));
		sample_bytes(&emit_record, S_NAME, name, sizeof(name));
		for (size_t k = 0; k < N(strings); k++)
			if (strlen(strings[k]) <= 16)
				ask("name", strings[k]);
	}
}

static void has_bytes_that_are_zero(void **state)
{
	static const struct emit_sample samples[] = {
		{ "data == 'a\\0b'", 1 }, { "data == 'a'", 0 }, { "starts(data, 'a\\0')", 1 }, { "ends(data, '\\0b')", 1 },
		{ "contains(data, '\\0')", 1 }, { "contains(data, 'b')", 1 },
	};

	(void)state;
	sample_tail(&emit_record, S_DATA, "a\0b", 3, 0, 0);
	emit_check(samples, N(samples));
}

static void knows_none(void **state)
{
	static const struct emit_sample samples[] = {
		{ "pathname == ''", 0 }, { "pathname ~= ''", 1 }, { "starts(pathname, '')", 0 }, { "contains(pathname, '')", 0 },
		{ "pathname in { '' }", 0 }, { "not ends(pathname, '')", 1 },
	};

	(void)state;
	sample_tail(&emit_record, S_PATHNAME, "", 0, 0, 0);
	sample_missing(&emit_record, S_PATHNAME, true);
	emit_check(samples, N(samples));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EMIT_TEST(compares_those_of_the_tail),
		EMIT_TEST(compares_names_of_processes),
		EMIT_TEST(has_bytes_that_are_zero),
		EMIT_TEST(knows_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
