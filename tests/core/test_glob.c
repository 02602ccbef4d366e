/* SPDX-License-Identifier: MIT */
/* test_glob.c: tests core/common/glob.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>

#include "common/glob.h"

static const struct {
	const char *glob, *text;
	bool match;
} matches[] = {
	{ "tcp.connect", "tcp.connect", true },
	{ "tcp.connect", "tcp.connect6", false },
	{ "*", "syscall.openat", true },
	{ "tcp.*", "tcp.close", true },
	{ "tcp.*", "udp.close", false },
	{ "*open*", "syscall.openat2", true },
	{ "*.open", "syscall.openat", false },
	{ "syscall.open*", "syscall.open", true },
	{ "syscall.dup?", "syscall.dup3", true },
	{ "syscall.dup?", "syscall.dup", false },
	{ "syscall.dup[23]", "syscall.dup2", true },
	{ "syscall.dup[!23]", "syscall.dup2", false },
	{ "syscall.dup[^23]", "syscall.dup4", true },
	{ "syscall.[a-c]*", "syscall.bind", true },
	{ "syscall.[a-c]*", "syscall.dup", false },
	{ "a[]x]b", "a]b", true },
	{ "dup[[:digit:]]", "dup2", true },
	{ "*", "with/slash", true },
	{ "*", ".hidden", true },
};

static void matches_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++) {
		if (tl_glob_match(matches[i].glob, matches[i].text) != matches[i].match)
			fail_msg("%s against %s", matches[i].glob, matches[i].text);
	}
}

static const struct {
	const char *glob, *message;	/* NULL: a good one */
} checks[] = {
	{ "tcp.*", NULL },
	{ "a[bc]d[!e]", NULL },
	{ "a[]]", NULL },
	{ "a]", NULL },
	{ "[[:alpha:]]*", NULL },
	{ "", "empty name: an event or a glob is needed" },
	{ "tcp.[ab", "tcp.[ab: the [ is not closed" },
	{ "[", "[: the [ is not closed" },
	{ "[]", "[]: the [ is not closed" },
	{ "[!]", "[!]: the [ is not closed" },
	{ "[a][b", "[a][b: the [ is not closed" },
	{ "[[:alpha", "[[:alpha: the [ is not closed" },
	{ "[[:alpha:]", "[[:alpha:]: the [ is not closed" },
};

static void refuses_bad_globs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		struct tl_error err = { 0 };
		int code = tl_glob_check(checks[i].glob, &err);

		assert_int_equal(code, checks[i].message ? -EINVAL : 0);
		assert_string_equal(err.message, checks[i].message ? checks[i].message : "");
	}
}

static void tells_globs_from_names(void **state)
{
	(void)state;
	assert_false(tl_glob_magic("syscall.openat"));
	assert_true(tl_glob_magic("syscall.*"));
	assert_true(tl_glob_magic("dup?"));
	assert_true(tl_glob_magic("dup[23]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_names),
		cmocka_unit_test(refuses_bad_globs),
		cmocka_unit_test(tells_globs_from_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
