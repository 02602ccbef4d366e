/* SPDX-License-Identifier: MIT */
/* test_expr_emit_key.c: tests core/expr/expr_emit_key.c: strings that change, and sets of them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "emit_fixture.h"

static const char *const strings[] = {
	"", "a", "abc", "abcdefg", "abcdefgh", "abcdefghi", "bash", "0123456789abcdef",
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
};

static void compares_with_a_variable(void **state)
{
	(void)state;
	for (size_t k = 0; k < N(strings); k++) {
		assert_int_equal(tl_vars_set_string(emit_vars, "who", strings[k], strlen(strings[k]), NULL), 0);
		for (size_t i = 0; i < N(strings); i++) {
			char name[16];

			sample_begin(&emit_record, &emit_event);
			strncpy(name, strings[i], sizeof(name));
			sample_bytes(&emit_record, S_NAME, name, sizeof(name));
			sample_tail(&emit_record, S_PATHNAME, strings[i], strlen(strings[i]), 0, 0);
			assert_int_equal(emit_answer("pathname == who"), i == k);
			assert_int_equal(emit_answer("who ~= pathname"), i != k);
			emit_answer("starts(pathname, who)");
			emit_answer("ends(pathname, who)");
			emit_answer("name == who");
			emit_answer("'abc' == who");
		}
	}
}

/* A string of the record longer than any that a variable can be is none of them. */
static void knows_what_is_too_long(void **state)
{
	char text[TL_VAR_STRING + 2];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(tl_vars_set_string(emit_vars, "who", text, TL_VAR_STRING, NULL), 0);
	sample_tail(&emit_record, S_PATHNAME, text, sizeof(text), 0, 0);
	assert_int_equal(emit_answer("pathname == who"), 0);
	assert_int_equal(emit_answer("starts(pathname, who)"), 1);
	assert_int_equal(emit_answer("ends(pathname, who)"), 1);
}

static void finds_strings_in_sets(void **state)
{
	(void)state;
	assert_int_equal(tl_vars_set_strings(emit_vars, "names", strings + 1, N(strings) - 2, NULL), 0);
	emit_set("names");
	for (size_t i = 0; i < N(strings); i++) {
		char name[16];

		sample_begin(&emit_record, &emit_event);
		strncpy(name, strings[i], sizeof(name));
		sample_bytes(&emit_record, S_NAME, name, sizeof(name));
		sample_tail(&emit_record, S_PATHNAME, strings[i], strlen(strings[i]), 0, 0);
		assert_int_equal(emit_answer("pathname in names"), i && i < N(strings) - 1);
		assert_int_equal(emit_answer("not (pathname in names)"), !(i && i < N(strings) - 1));
		emit_answer("name in names");
		emit_answer("'bash' in names");
		sample_missing(&emit_record, S_PATHNAME, false);
		assert_int_equal(emit_answer("pathname in names"), 0);
	}
	emit_unset("names");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EMIT_TEST(compares_with_a_variable),
		EMIT_TEST(knows_what_is_too_long),
		EMIT_TEST(finds_strings_in_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
