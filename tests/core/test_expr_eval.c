/* SPDX-License-Identifier: MIT */
/* test_expr_eval.c: tests core/expr/expr_eval.c: what conditions say of one record. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "expr_fixture.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))

static struct sample_event event;
static struct sample_record record;

static int setup(void **state)
{
	(void)state;
	sample_event_make(&event, "syscall.openat");
	sample_begin(&record, &event);
	sample_number(&record, S_RET, -2);
	sample_number(&record, S_ERROR, -2);
	sample_number(&record, S_ERROR32, 3);
	sample_number(&record, S_FLAGS, 0x80041);	/* O_WRONLY|O_CREAT|O_CLOEXEC */
	sample_number(&record, S_ACCESS, 6);		/* R_OK|W_OK */
	sample_number(&record, S_DURATION, 20000000);
	sample_number(&record, S_DIRFD, -100);
	sample_number(&record, S_U16, 443);
	sample_number(&record, S_FAMILY, 10);
	sample_number(&record, S_U64, -1);
	sample_number(&record, S_OK, 1);
	sample_tail(&record, S_PATHNAME, "/etc/passwd", 11, 0, 0);
	sample_tail(&record, S_PATH, "b\0a\0", 4, 0, 0);
	sample_tail(&record, S_PATH2, "b\0a\0/\0", 6, 0, 0);
	sample_tail(&record, S_FILE, "b\0", 2, TL_STR_DELETED, TL_FILE_PATH);
	sample_ip(&record, S_DADDR, "10.1.2.3");
	sample_ip(&record, S_SADDR, "fe80::1");
	sample_missing(&record, S_S8, false);
	sample_missing(&record, S_S16, true);
	sample_missing(&record, S_DATA, true);
	return 0;
}

static const struct {
	const char *text;
	int result;
} samples[] = {
	/* numbers as in Lua */
	{ "-7 // 2 == -4 and -7 % 2 == 1 and 7 % -2 == -1 and 7 // -2 == -4", 1 },
	{ "ret // -1 == 2 and ret % -1 == 0", 1 }, { "1 << 64 == 0 and 1 << -1 == 0 and 1 >> -3 == 8", 1 },
	{ "-1 >> 60 == 15 and 1 << 63 < 0 and ~0 == -1 and 5 ~ 1 == 4", 1 },
	{ "2 + 3 * 4 == 14 and (2 + 3) * 4 == 20 and 1 | 2 ~ 3 & 5 == 3", 1 }, { "u64 == -1 and u64 < 0", 1 },
	{ "0x7fffffffffffffff + 1 == 0x8000000000000000", 1 }, { "ret // 0 == 1", -EDOM }, { "ret % (ret + 2) == 1", -EDOM },
	{ "false and ret // 0 == 1", 0 }, { "ok or ret // 0 == 1", 1 }, { "not ok or ret // 0 == 1", -EDOM },
	{ "1 < 2 == true", 1 }, { "not (ret == 1) == ok", 1 },
	{ "duration > 10ms and duration == 0.02s and 1.5us == 1500 and 2m == 120s and 1KiB == 1024", 1 },
	{ "1MiB == 1048576 and 1GiB == 1024MiB and 7ns == 7", 1 },
	/* what is missing */
	{ "s8 == 0", 0 }, { "s8 ~= 0", 1 }, { "s8 < 5 or s8 >= 5", 0 }, { "s8 + 1 ~= 0", 1 }, { "s8 == s8", 0 },
	{ "s8 == nil and s16 == nil and data == nil", 1 }, { "s8 ~= nil or nil ~= s16", 0 }, { "ret ~= nil and ok ~= nil", 1 },
	{ "has(s8, 1) or s8 in {1, 0} or starts(data, '') or ends(data, '') or contains(data, '')", 0 },
	{ "data ~= 'x'", 1 }, { "s8 + 1 // 0 == 1", -EDOM }, { "sockaddr == nil and argv == nil and array == nil", 1 },
	/* errors */
	{ "error", 1 }, { "not error", 0 }, { "error == 'ENOENT' and error == ENOENT and error ~= 'EPERM'", 1 },
	{ "error32", 0 }, { "error32 == nil and error ~= nil", 1 }, { "error in {EPERM, 'ENOENT'}", 1 }, { "ret == -ENOENT", 1 },
	{ "error32 == 'EPERM'", 0 }, { "error32 ~= 'EPERM'", 1 }, { "error == error32", 0 },
	/* names of numbers */
	{ "has(flags, O_CREAT) and has(flags, O_WRONLY) and has(flags, O_WRONLY|O_CREAT)", 1 },
	{ "has(flags, O_RDONLY) or has(flags, O_RDWR) or has(flags, O_CREAT|O_EXCL)", 0 },
	{ "has(access, R_OK) and has(access, R_OK|W_OK) and not has(access, X_OK) and not has(access, F_OK)", 1 },
	{ "flags & O_CREAT ~= 0 and flags & (O_EXCL | O_TRUNC) == 0 and flags & O_ACCMODE == O_WRONLY", 1 },
	{ "family == AF_INET6 and family in {AF_INET, AF_INET6} and dirfd == AT_FDCWD", 1 },
	/* strings */
	{ "pathname == '/etc/passwd' and starts(pathname, '/etc/') and ends(pathname, 'wd') and contains(pathname, 'c/p')", 1 },
	{ "pathname == \"\\x2fetc\\047\\z   passwd\"", 1 }, { "comm == 'cat' and comm in {'dog', 'cat'}", 1 },
	{ "path == '/a/b' and path2 == '/a/b' and path == path2 and ends(path, path2)", 1 }, { "file == '/b (deleted)'", 1 },
	{ "event == 'syscall.openat' and starts(event, 'syscall.') and event in {'x', 'syscall.openat'}", 1 },
	{ "event == 'syscall.open'", 0 },
	/* addresses */
	{ "daddr == '10.0.0.0/8' and daddr == '10.1.2.3' and daddr ~= '10.1.2.4'", 1 }, { "daddr == '11.0.0.0/8'", 0 },
	{ "saddr == 'fe80::/10' and saddr ~= '::1' and saddr ~= daddr", 1 }, { "daddr in {'::1', '10.1.0.0/16'}", 1 },
	{ "daddr == '::ffff:10.1.2.3'", 1 },
};

static int result_of(const char *text, struct tl_vars *vars)
{
	const struct tl_event *events[] = { &event.event };
	struct tl_error err = { 0 };
	struct tl_expr *expr;
	struct tl_bound *bound;
	int ret;

	if (tl_expr_parse("where", text, &expr, &err) ||
	    tl_expr_bind(expr, events, 1, 0, vars, TL_WANT_TEST, &bound, &err))
		fail_msg("%s", err.message);
	tl_expr_free(expr);	/* what was bound does not need it any more */
	ret = tl_bound_test(bound, &record.view);
	tl_bound_free(bound);
	return ret;
}

static void decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(samples); i++) {
		int result = result_of(samples[i].text, NULL);

		if (result != samples[i].result)
			fail_msg("%s: %d", samples[i].text, result);
	}
}

static void looks_at_the_begin_of_long_strings(void **state)
{
	struct sample_record kept = record;
	char text[200];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[127] = 'b';
	text[128] = 'c';
	sample_tail(&record, S_PATHNAME, text, sizeof(text), 0, 0);
	record.view.scratch = record.scratch;
	assert_int_equal(result_of("contains(pathname, 'ab')", NULL), 1);
	assert_int_equal(result_of("contains(pathname, 'bc')", NULL), 0);
	record = kept;
}

static void computes(void **state)
{
	const struct tl_event *events[] = { &event.event };
	struct tl_expr *expr;
	struct tl_bound *bound;
	int64_t number = 0;

	(void)state;
	assert_int_equal(tl_expr_parse("value", "duration // 1ms", &expr, NULL), 0);
	assert_int_equal(tl_expr_bind(expr, events, 1, 0, NULL, TL_WANT_NUMBER, &bound, NULL), 0);
	assert_int_equal(tl_bound_number(bound, &record.view, &number), 0);
	assert_int_equal(number, 20);
	assert_int_equal(tl_bound_fields(bound), TL_BIT(S_DURATION));
	assert_null(tl_bound_field(bound));
	tl_bound_free(bound);
	tl_expr_free(expr);
	assert_int_equal(tl_expr_parse("value", "s8", &expr, NULL), 0);
	assert_int_equal(tl_expr_bind(expr, events, 1, 0, NULL, TL_WANT_NUMBER, &bound, NULL), 0);
	assert_int_equal(tl_bound_number(bound, &record.view, &number), -ENOENT);
	assert_ptr_equal(tl_bound_field(bound), &event.fields[S_S8]);
	tl_bound_free(bound);
	tl_expr_free(expr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides),
		cmocka_unit_test(looks_at_the_begin_of_long_strings),
		cmocka_unit_test(computes),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
