/* SPDX-License-Identifier: MIT */
/* test_expr_parse.c: tests core/expr/expr_lex.c, expr_number.c, expr_parse.c and expr_tell.c: what is no expression, and where. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <stdio.h>
#include <stdlib.h>

#include "expr/expr.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))

static const struct {
	const char *text, *message;	/* behind "where: " up to the line; */
	size_t column;			/* where the caret stands, from 0 */
} wrong[] = {
	{ "", "an empty expression", 0 },
	{ "ret ==", "something is missing at the end", 6 },
	{ "(ret == 1", "')' is missing here", 9 },
	{ "ret = 1", "'=' assigns; equality is '=='", 4 },
	{ "ret != 1", "unequal is '~='", 4 },
	{ "a && b", "'&&' is 'and'", 2 },
	{ "a || b", "'||' is 'or'", 2 },
	{ "!a", "'!' is 'not'", 0 },
	{ "a / 2", "no fractions here: '//' divides and rounds down", 2 },
	{ "a ^ 2", "no powers here; exclusive or is '~'", 2 },
	{ "a .. 'x'", "strings are not put together here", 2 },
	{ "e.ret == 1", "a field is named alone, as in 'pid'", 1 },
	{ "a[1]", "nothing can be indexed here", 1 },
	{ "ret == 'x", "a string without its end", 7 },
	{ "ret == 'a\\qb'", "no such escape in a string", 9 },
	{ "ret == '\\300'", "an escape beyond \\255", 8 },
	{ "ret == 1.5", "numbers are integers; fractions need a unit, as 1.5ms", 7 },
	{ "ret == 10x", "a malformed number; units are ns us ms s m KiB MiB GiB", 7 },
	{ "ret == 1e3", "a malformed number; units are ns us ms s m KiB MiB GiB", 7 },
	{ "ret == 9223372036854775808", "a number beyond 63 bits", 7 },
	{ "ret == 1.5ns", "a fraction of the smallest unit", 7 },
	{ "ret == 0x", "a hexadecimal number without digits", 7 },
	{ "stars(a, 'b')", "no function 'stars'; did you mean 'starts'?", 0 },
	{ "print(a)", "no function 'print'; there are starts, ends, contains, has", 0 },
	{ "starts(a)", "starts takes two arguments", 8 },
	{ "has(a, b, c)", "has takes two arguments", 8 },
	{ "a in 5", "behind 'in' stands a set: {1, 2}, or the name of one", 5 },
	{ "a in {}", "an empty set", 6 },
	{ "a in {1, 2", "'}' is missing at the end of the set", 10 },
	{ "a == {1}", "a set stands behind 'in' alone", 5 },
	{ "a b", "'b' cannot stand here", 2 },
	{ "a == 1 --[[ x ]]", "a long comment; '--' up to the end of the line is one", 7 },
	{ "\xc3\xa4 == 1", "a letter that stands for nothing here", 0 },
	{ "'\xc3\xa4' == $", "a letter that stands for nothing here", 7 },
};

static void tells_what_is_wrong_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(wrong); i++) {
		struct tl_error err = { 0 };
		struct tl_expr *expr;
		char expected[512];

		snprintf(expected, sizeof(expected), "where: %s\n%s\n%*s^", wrong[i].message, wrong[i].text,
			 (int)wrong[i].column, "");
		assert_int_equal(tl_expr_parse("where", wrong[i].text, &expr, &err), -EINVAL);
		assert_string_equal(err.message, expected);
	}
}

static void names_the_line_of_several(void **state)
{
	struct tl_error err = { 0 };
	struct tl_expr *expr;

	(void)state;
	assert_int_equal(tl_expr_parse("where", "pid == 1\nand\tret = 2\n", &expr, &err), -EINVAL);
	assert_string_equal(err.message, "where:2:9: '=' assigns; equality is '=='\nand\tret = 2\n   \t    ^");
}

static void shows_a_part_of_a_long_line(void **state)
{
	struct tl_error err = { 0 };
	struct tl_expr *expr;
	char text[4000];

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, "pid", 3);
	text[3000] = '\033';
	text[3999] = '\0';
	assert_int_equal(tl_expr_parse("where", text, &expr, &err), -EINVAL);
	assert_true(strlen(err.message) < 400);
	assert_null(strchr(err.message, '\033'));
	assert_int_equal(strrchr(err.message, '^') - strrchr(err.message, '\n'), strchr(err.message, '?') -
			 strchr(err.message, '\n'));
}

static char *repeated(const char *begin, const char *what, size_t n, const char *end)
{
	char *text = malloc(strlen(begin) + strlen(what) * n + strlen(end) + 1), *to = text;

	to = stpcpy(to, begin);
	for (size_t i = 0; i < n; i++)
		to = stpcpy(to, what);
	stpcpy(to, end);
	return text;
}

static int parse(char *text, const char *needle)
{
	struct tl_error err = { 0 };
	struct tl_expr *expr;
	int ret = tl_expr_parse("where", text, &expr, &err);

	if (ret == 0)
		tl_expr_free(expr);
	else if (!strstr(err.message, needle))
		fail_msg("%s", err.message);
	free(text);
	return ret;
}

static void has_limits(void **state)
{
	(void)state;
	assert_int_equal(parse(repeated("a", "+a", 255, ""), ""), 0);
	assert_int_equal(parse(repeated("a", "+a", 256, ""), "more than 512 parts"), -EINVAL);
	assert_int_equal(parse(repeated("", "(", 63, "a)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))"), ""), 0);
	assert_int_equal(parse(repeated("", "(", 1000, ""), "more than 64 deep"), -EINVAL);
	assert_int_equal(parse(repeated("", "not ", 1000, "a"), "more than 64 deep"), -EINVAL);
	assert_int_equal(parse(repeated("a", " ", 4095, ""), ""), 0);
	assert_int_equal(parse(repeated("a", " ", 4096, ""), "4097 bytes; it can have 4096"), -EINVAL);
}

static void has_clauses(void **state)
{
	static const char *const parts[] = { "a == 1", "(b or c)", "not d" };
	struct tl_expr *expr;
	const char *text;
	size_t len;

	(void)state;
	assert_int_equal(tl_expr_parse("where", " a == 1 and (b or c) and not d -- why", &expr, NULL), 0);
	assert_int_equal(tl_expr_n_clauses(expr), N(parts));
	for (size_t i = 0; i < N(parts); i++) {
		text = tl_expr_text(tl_expr_clause(expr, i), &len);
		assert_int_equal(len, strlen(parts[i]));
		assert_memory_equal(text, parts[i], len);
	}
	assert_int_equal(tl_expr_n_clauses(tl_expr_clause(expr, 1)), 1);
	tl_expr_free(expr);
	assert_int_equal(tl_expr_parse("where", "a in {1} or b in c", &expr, NULL), 0);
	assert_int_equal(tl_expr_n_clauses(expr), 1);
	text = tl_expr_text(expr, &len);
	assert_int_equal(len, 18);
	tl_expr_free(expr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_is_wrong_and_where),
		cmocka_unit_test(names_the_line_of_several),
		cmocka_unit_test(shows_a_part_of_a_long_line),
		cmocka_unit_test(has_limits),
		cmocka_unit_test(has_clauses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
