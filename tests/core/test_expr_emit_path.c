/* SPDX-License-Identifier: MIT */
/* test_expr_emit_path.c: tests core/expr/expr_emit_path.c: paths, which lie in the record leaf first. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "emit_fixture.h"

/* The components of a path, leaf first, and how it reads. */
static const struct {
	const char *parts;
	size_t len;
} paths[] = {
#define PARTS(text) { text, sizeof(text) - 1 }
	PARTS("/\0"), PARTS("etc\0/\0"), PARTS("passwd\0etc\0/\0"), PARTS("b\0a\0/\0"), PARTS("a\0a\0a\0/\0"),
	PARTS("b\0a\0"), PARTS("a\0"), PARTS("0123456789abcdef0123456789abcdef\0long\0/\0"),
};

static const char *const literals[] = {
	"", "/", "/etc", "/etc/", "/etc/passwd", "/etc/passw", "etc", "passwd", "/passwd", "c/passwd", "a", "/a", "/a/b",
	"a/b", "b", "/b", "/a/a/a", "a/a", "/a/", "//", "…", "/long/0123456789abcdef0123456789abcdef", "0123456789abcdef", "/long/", "g/0",
};

static int asked[2];	/* refused, and held against each other */

static void assert_many_were_asked(void)
{
	assert_true(asked[1] > 500);
	memset(asked, 0, sizeof(asked));
}

static void ask(const char *field, const char *literal)
{
	static const char *const forms[] = { "%s == '%s'", "%s ~= '%s'", "starts(%s, '%s')", "ends(%s, '%s')",
					     "%s in { 'x', '%s' }", "not (%s == '%s')" };
	char text[256];

	for (size_t i = 0; i < N(forms); i++) {
		snprintf(text, sizeof(text), forms[i], field, literal);
		asked[emit_try(text) != REFUSED]++;
	}
}

/* Whole ones, and such as are cut at their begin. */
static void reads_them_from_the_root_on(void **state)
{
	(void)state;
	for (int flags = 0; flags < 2; flags++) {
		for (size_t i = 0; i < N(paths); i++) {
			sample_begin(&emit_record, &emit_event);
			sample_tail(&emit_record, S_PATH, paths[i].parts, paths[i].len, flags ? TL_STR_CUT : 0, 0);
			for (size_t k = 0; k < N(literals); k++)
				ask("path", literals[k]);
		}
	}
	assert_many_were_asked();
}

static void reads_those_of_files(void **state)
{
	static const int kinds[] = { TL_FILE_PATH, TL_FILE_LOOSE };
	static const int flags[] = { 0, TL_STR_DELETED, TL_STR_CUT };

	(void)state;
	for (size_t i = 0; i < N(paths) * N(kinds) * N(flags); i++) {
		size_t path = i % N(paths);

		sample_begin(&emit_record, &emit_event);
		sample_tail(&emit_record, S_FILE, paths[path].parts, paths[path].len, flags[i / N(paths) % N(flags)],
			    kinds[i / N(paths) / N(flags)]);
		for (size_t k = 0; k < N(literals); k++)
			ask("file", literals[k]);
		ask("file", "/etc/passwd (deleted)");
		ask("file", "(deleted)");
	}
	assert_many_were_asked();
}

static void knows_some_answers(void **state)
{
	static const struct emit_sample samples[] = {
		{ "path == '/etc/passwd'", 1 }, { "starts(path, '/etc/')", 1 }, { "starts(path, '/et/')", 0 },
		{ "ends(path, '/passwd')", 1 }, { "ends(path, 'swd')", 1 }, { "path == 'etc/passwd'", 0 },
	};

	(void)state;
	sample_tail(&emit_record, S_PATH, paths[2].parts, paths[2].len, 0, 0);
	emit_check(samples, N(samples));
}

static void knows_none(void **state)
{
	static const struct emit_sample samples[] = {
		{ "path == '/'", 0 }, { "path ~= '/'", 1 }, { "starts(path, '/')", 0 }, { "ends(path, 'x')", 0 },
	};

	(void)state;
	sample_tail(&emit_record, S_PATH, "/\0", 2, 0, 0);
	sample_missing(&emit_record, S_PATH, false);
	emit_check(samples, N(samples));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EMIT_TEST(reads_them_from_the_root_on),
		EMIT_TEST(reads_those_of_files),
		EMIT_TEST(knows_some_answers),
		EMIT_TEST(knows_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
