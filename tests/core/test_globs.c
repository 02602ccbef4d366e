/* SPDX-License-Identifier: MIT */
/* test_globs.c: tests core/target/globs.c against fnmatch(3). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "target/globs.h"

static struct tl_globs globs;
static struct tl_globs_maker maker;

static int set_up(void **state)
{
	(void)state;
	memset(&globs, 0, sizeof(globs));
	maker = (struct tl_globs_maker){ .globs = &globs };
	return 0;
}

static void random_text(char *text, const char *from, size_t max)
{
	size_t n = (size_t)rand() % max;

	for (size_t i = 0; i < n; i++)
		text[i] = from[(size_t)rand() % strlen(from)];
	text[n] = '\0';
}

/* Several globs at once, each gives its own bit. */
static void matches_as_fnmatch_does(void **state)
{
	static const char *const elements[] = { "a", "b", "/", "*", "**", "?", "[ab]", "[!a]", "[b-z]", "[[:alpha:]]" };

	srand(7);
	for (int round = 0; round < 3000; round++) {
		char glob[4][64] = { "" }, text[24];

		set_up(state);
		for (int i = 0; i < 4; i++) {
			for (int n = rand() % 5; n >= 0; n--)
				strcat(glob[i], elements[rand() % 10]);
			assert_int_equal(tl_globs_add(&maker, glob[i], false, TL_BIT(i), NULL), 0);
		}
		for (int k = 0; k < 30; k++) {
			uint64_t expected = 0, found;

			random_text(text, "aab/z", sizeof(text));
			for (int i = 0; i < 4; i++)
				expected |= fnmatch(glob[i], text, FNM_NOESCAPE) ? 0 : TL_BIT(i);
			found = tl_globs_match(&globs, text);
			if (found != expected)
				fail_msg("%s %s %s %s against '%s': %#lx, not %#lx", glob[0], glob[1], glob[2],
					 glob[3], text, (unsigned long)found, (unsigned long)expected);
		}
	}
}

static const struct {
	const char *glob, *path;
	bool matches;
} parts[] = {
	{ "web*", "/a/website", true }, { "web*", "/web/a", false }, { "web*", "/a/aweb", false },
	{ "*.scope", "/x.scope/y", false }, { "*.scope", "/x/y.scope", true }, { "a?", "/ab", true },
	{ "a*b", "/a/b", false }, { "*", "/", true }, { "docker-*", "/docker/docker-12", true },
};

static void a_part_has_no_slash(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		set_up(state);
		assert_int_equal(tl_globs_add(&maker, parts[i].glob, true, 5, NULL), 0);
		assert_int_equal(tl_globs_match(&globs, parts[i].path), parts[i].matches ? 5 : 0);
	}
}

static void has_an_end(void **state)
{
	struct tl_error err;
	char glob[TL_GLOB_STATES + 1] = "";

	(void)state;
	memset(glob, 'x', TL_GLOB_STATES - 1);
	assert_int_equal(tl_globs_add(&maker, glob, false, 1, NULL), 0);
	assert_int_equal(tl_globs_match(&globs, glob), 1);
	assert_int_equal(tl_globs_add(&maker, "y", false, 1, &err), -ENOSPC);
	assert_string_equal(err.message, "'y': no more room for it; all names of targets together may have 256 "
			    "characters, and be 32");
	set_up(state);
	for (int i = 0; i < TL_GLOBS_MAX; i++)
		assert_int_equal(tl_globs_add(&maker, "y", false, 1, NULL), 0);
	assert_int_equal(tl_globs_add(&maker, "y", false, 1, &err), -ENOSPC);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(matches_as_fnmatch_does), TEST(a_part_has_no_slash), TEST(has_an_end) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
