/* SPDX-License-Identifier: MIT */
/*
 * test_expr_emit.c: tests what core/expr_emit*.c refuse, and why. What they make is held against the evaluator by
 * tests/expr, where the kernel runs it.
 */
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
static struct tl_vars *vars;
static char memory[TL_VARS_BYTES] __attribute__((aligned(8)));

static int setup(void **state)
{
	static const int64_t ports[] = { 80, 443 };

	(void)state;
	sample_event_make(&event, "a.one");
	return tl_vars_new(&vars, memory, false, NULL) || tl_vars_set_string(vars, "who", "cat", 3, NULL) ||
	       tl_vars_set_ints(vars, "ports", ports, 2, NULL);
}

static int teardown(void **state)
{
	(void)state;
	tl_vars_free(vars);
	return 0;
}

static bool place(void *arg, const struct tl_field *field, struct tl_place *out)
{
	(void)arg;
	*out = (struct tl_place){ .offset = field->offset, .size = (uint8_t)field->size, .missing = TL_MISSING_BITS };
	return field->number != S_DATA;
}

static struct tl_bound *bound_of(const char *text)
{
	const struct tl_event *events[] = { &event.event };
	struct tl_bound *bound;
	struct tl_expr *expr;
	struct tl_error err;

	if (tl_expr_parse("where", text, &expr, &err) ||
	    tl_expr_bind(expr, events, 1, 0, vars, TL_WANT_TEST, &bound, &err))
		fail_msg("%s", err.message);
	tl_expr_free(expr);
	return bound;
}

static int can_emit(const char *text, int stack, struct tl_error *err)
{
	struct tl_emit_env env = { .place = place, .record_room = TL_DATA_MAX, .unread = 24, .absent = 32, .stack = stack };
	struct tl_bound *bound = bound_of(text);
	int ret = tl_bound_can_emit(bound, &env, err);

	tl_bound_free(bound);
	return ret;
}

static const struct {
	const char *text, *reason;	/* NULL: it can be emitted */
} samples[] = {
	{ "ret < 0 and comm == who", NULL },
	{ "data == 'x'", "data is not known where the kernel decides" },
	{ "ret in ports", "the set is not in the kernel" },
	{ "pathname == comm", "two strings of the record are compared" },
	{ "path == who", "path is compared with a variable" },
	{ "contains(pathname, who)", "this is asked of a variable" },
	{ "contains(pathname, '0123456789abcdef')", NULL },
	{ "contains(pathname, '0123456789abcdef0')", "contains() looks for 16 bytes at most in the kernel" },
	{ "pathname == '0123456789012345678901234567890123456789012345678901234567890123'", NULL },
	{ "pathname == '01234567890123456789012345678901234567890123456789012345678901234'",
	  "a string of 65 bytes; the kernel compares 64" },
	{ "contains(path, 'x')", "contains() looks into path, which is put together in the script's process" },
	{ "file == 'pipe:[1]'", "file is compared with what is no path" },
	{ "ends(file, '1]')", "what ends so can be a pipe or a socket, whose text is made in the script's process" },
	{ "ends(file, '.log') and starts(file, '/var/') and file ~= '/var/x.log'", NULL },
	{ "starts(file, 'pipe:') or starts(file, 'pipe:[') or starts(file, 'anon_inode:')", NULL },
	{ "starts(file, 'pipe:[1')", "starts(file, \xe2\x80\xa6) with what does not begin and end with '/'" },
	{ "starts(path, 'pipe:')", "starts(path, \xe2\x80\xa6) with what does not begin and end with '/'" },
	{ "starts(path, '/var')", "starts(path, \xe2\x80\xa6) with what does not begin and end with '/'" },
};

static void says_why_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(samples); i++) {
		struct tl_error err = { 0 };

		assert_int_equal(can_emit(samples[i].text, 0, &err), samples[i].reason ? -EOPNOTSUPP : 0);
		assert_string_equal(err.message, samples[i].reason ? samples[i].reason : "");
	}
}

static void has_limits(void **state)
{
	struct tl_error err;
	char text[4096] = "contains(pathname, 'a')";

	(void)state;
	assert_int_equal(can_emit("ret < 0", -432, &err), 0);
	assert_int_equal(can_emit("(ret << s8) < (ret << s16)", -432, &err), -EOPNOTSUPP);
	assert_string_equal(err.message, "more values at a time than a program's stack has room for");
	for (int i = 0; i < 20; i++)
		strcat(text, " or contains(pathname, 'a')");
	assert_int_equal(can_emit(text, 0, &err), -EOPNOTSUPP);
	assert_string_equal(err.message, "more than 4096 instructions");
}

/* Whoever emits all the same gets no program. */
static void spoils_code_that_was_refused(void **state)
{
	struct tl_emit_env env = { .place = place, .record_room = TL_DATA_MAX, .unread = 24, .absent = 32 };
	struct tl_bound *bound = bound_of("data == 'x'");
	struct tl_code code;
	int no;

	(void)state;
	tl_code_init(&code);
	no = tl_code_label(&code);
	tl_bound_emit_test(bound, &code, &env, no);
	tl_code_place(&code, no);
	tl_code_exit(&code);
	assert_int_not_equal(tl_code_finish(&code, NULL), 0);
	tl_code_free(&code);
	tl_bound_free(bound);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_why_not),
		cmocka_unit_test(has_limits),
		cmocka_unit_test(spoils_code_that_was_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
