/* SPDX-License-Identifier: MIT */
/* test_expr_bind.c: tests core/expr/expr_bind.c, expr_names.c, expr_check.c and expr_call.c: types, names, and what is wrong with them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <stdio.h>

#include "catalogue/constants.h"
#include "expr_fixture.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))

/* In place of those of the system, which may have no name twice. */
static const struct tl_constant open_constants[] = {
	{ "O_CREAT", 0x40 }, { "O_NONBLOCK", 0x800 }, { "O_RDONLY", 0 }, { "TWOFOLD", 0x400 },
};
static const struct tl_constant family_constants[] = { { "AF_INET", 2 }, { "TWOFOLD", 3 } };
const struct tl_domain tl_domains[] = {
	{ "open", true, 3, open_constants, N(open_constants), NULL, NULL },
	{ "family", false, 0, family_constants, N(family_constants), NULL, NULL },
};
const size_t tl_n_domains = N(tl_domains);

static struct sample_event one, two;	/* two lacks what comes after `ok` */
static const struct tl_event *const events[] = { &one.event, &two.event };
static struct tl_vars *vars;
static char memory[TL_VARS_BYTES] __attribute__((aligned(8)));

static int setup(void **state)
{
	static const int64_t ports[] = { 80, 443 };
	static const char *const nets[] = { "10.0.0.0/8", "::1" }, *const names[] = { "cat", "dog" };

	(void)state;
	sample_event_make(&one, "a.one");
	sample_event_make(&two, "a.two");
	two.event.n_fields = S_U8;
	return tl_vars_new(&vars, memory, false, NULL) || tl_vars_set_int(vars, "port", 443, NULL) ||
	       tl_vars_set_string(vars, "who", "cat", 3, NULL) || tl_vars_set_ints(vars, "ports", ports, 2, NULL) ||
	       tl_vars_set_strings(vars, "nets", nets, 2, NULL) || tl_vars_set_strings(vars, "names", names, 2, NULL) ||
	       tl_vars_set_int(vars, "pid", 1, NULL);
}

static int teardown(void **state)
{
	(void)state;
	tl_vars_free(vars);
	return 0;
}

static int bind_text(const char *text, size_t at, enum tl_expr_want want, struct tl_bound **bound, struct tl_error *err)
{
	struct tl_expr *expr;
	int ret = tl_expr_parse("where", text, &expr, err);

	if (ret)
		fail_msg("%s", err->message);
	ret = tl_expr_bind(expr, events, N(events), at, vars, want, bound, err);
	tl_expr_free(expr);
	return ret;
}

static const struct {
	const char *text;
	int code;
	const char *message;
	size_t column;
} wrong[] = {
	{ "rett == 1", -ENOENT, "no field 'rett'; did you mean 'ret'?", 0 },
	{ "ret == prot", -ENOENT, "no field 'prot'; did you mean 'port'?", 7 },
	{ "has(flags, O_CREATE)", -ENOENT, "no constant 'O_CREATE'; did you mean 'O_CREAT'?", 11 },
	{ "ret == xyzzyx", -ENOENT, "no field 'xyzzyx'", 7 },
	{ "ret", -EINVAL, "'ret' is a number, and in Lua every number is true; say ret ~= 0", 0 },
	{ "ok and flags & 3", -EINVAL, "'flags & 3' is a number, and in Lua every number is true; "
	  "say has(flags & 3, \xe2\x80\xa6), or flags & 3 ~= 0", 7 },
	{ "not ret == 1", -EINVAL, "'ret' is a number, and in Lua every number is true; say ret ~= 0", 4 },
	{ "pathname or ok", -EINVAL, "'pathname' is a string where true or false is needed; say pathname ~= nil", 0 },
	{ "ret == 'x'", -EINVAL, "ret is a number and 'x' a string: they are never equal", 4 },
	{ "ok == 1", -EINVAL, "ok is true or false and 1 a number: they are never equal", 3 },
	{ "error == 2", -EINVAL, "an error is compared with its name, as in error == 'ENOENT'", 6 },
	{ "error == 'ENOENNT'", -EINVAL, "no error is called 'ENOENNT'; did you mean 'ENOENT'?", 9 },
	{ "error + 1 == 2", -EINVAL, "'error' is an error where a number is needed", 0 },
	{ "pathname < 'x'", -EINVAL, "pathname and 'x': only numbers have an order", 9 },
	{ "daddr == '10.0.0'", -EINVAL, "no address: '10.0.0.1', '10.0.0.0/8', '::1', 'fe80::/10' are some", 9 },
	{ "daddr == '10.0.0.0/33'", -EINVAL, "no address: '10.0.0.1', '10.0.0.0/8', '::1', 'fe80::/10' are some", 9 },
	{ "starts(daddr, '10.')", -EINVAL, "'daddr' is an address; say daddr == '10.0.0.0/8'", 7 },
	{ "starts(ret, '10')", -EINVAL, "'ret' is a number where a string is needed", 7 },
	{ "has(pathname, 1)", -EINVAL, "'pathname' is a string where a number is needed", 4 },
	{ "has(flags, 0)", -EINVAL, "that is 0, and has no bit to be set; compare with ==", 11 },
	{ "argv == 'x'", -EINVAL, "argv is a list, an array or a socket's address: it can only be compared with nil", 5 },
	{ "port == nil", -EINVAL, "only a field can be nil", 0 },
	{ "ret in {1, port}", -EINVAL, "the elements of a set are constants", 11 },
	{ "ret in {1, 'x'}", -EINVAL, "a string in a set beside a number", 11 },
	{ "ok in {true}", -EINVAL, "true or false is in no set", 0 },
	{ "ret in port", -EINVAL, "'port' is no set", 7 },
	{ "ret in ret", -EINVAL, "'ret' is no set", 7 },
	{ "ret in portz", -ENOENT, "no field 'portz'; did you mean 'port'?", 7 },
	{ "ret in names", -EINVAL, "a number is not looked for in a set of strings", 7 },
	{ "daddr in names", -EINVAL, "'names' has strings that are no addresses", 9 },
	{ "ports == 1", -EINVAL, "'ports' is a set: it stands behind 'in' alone", 0 },
	{ "pid == 1", -EINVAL, "'pid' is a field and a variable: give the variable another name", 0 },
	{ "ret == O_NONBLOCK or ret == O_CREAT or ret == AF_INET or ret == O_RDONLY and (nil)", -EINVAL,
	  "nil is never true", 77 },
};

static void tells_what_does_not_fit_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(wrong); i++) {
		struct tl_error err = { 0 };
		struct tl_bound *bound;
		char expected[700];

		snprintf(expected, sizeof(expected), "where: %s\n%s\n%*s^", wrong[i].message, wrong[i].text,
			 (int)wrong[i].column, "");
		assert_int_equal(bind_text(wrong[i].text, 0, TL_WANT_TEST, &bound, &err), wrong[i].code);
		assert_int_equal(err.code, wrong[i].code);
		assert_string_equal(err.message, expected);
	}
}

static void tells_of_names_with_several_numbers(void **state)
{
	struct tl_error err = { 0 };
	struct tl_bound *bound;

	(void)state;
	assert_int_equal(bind_text("ret == TWOFOLD", 0, TL_WANT_TEST, &bound, &err), -EINVAL);
	assert_string_equal(err.message, "where: 'TWOFOLD' is one number among open and another among family: compare it "
			    "with a field that has it, or say the number\nret == TWOFOLD\n       ^");
	assert_int_equal(bind_text("flags == TWOFOLD and family == TWOFOLD", 0, TL_WANT_TEST, &bound, &err), 0);
	tl_bound_free(bound);
	assert_int_equal(bind_text("ret == O_CREAT", 0, TL_WANT_TEST, &bound, &err), 0);
	tl_bound_free(bound);
}

static void knows_what_other_events_have(void **state)
{
	struct tl_view view = { 0 };
	struct tl_bound *bound;
	struct tl_error err;

	(void)state;
	assert_int_equal(bind_text("pathname == 'x' or small > 1", 1, TL_WANT_TEST, &bound, &err), 0);
	assert_int_equal(tl_bound_fields(bound), 0);
	assert_int_equal(tl_bound_test(bound, &view), 0);
	tl_bound_free(bound);
	assert_int_equal(bind_text("pathname == 5", 1, TL_WANT_TEST, &bound, &err), -EINVAL);
	assert_int_equal(bind_text("dport == nil and dport ~= 80 and ret < 0", 1, TL_WANT_TEST, &bound, &err), 0);
	assert_int_equal(tl_bound_fields(bound), TL_BIT(S_RET));
	tl_bound_free(bound);
}

static void says_which_events_it_knows(void **state)
{
	struct tl_expr *expr;

	(void)state;
	assert_int_equal(tl_expr_parse("where", "port in {1, dport}", &expr, NULL), 0);
	assert_true(tl_expr_knows(expr, &one.event));
	assert_false(tl_expr_knows(expr, &two.event));
	tl_expr_free(expr);
	assert_int_equal(tl_expr_parse("where", "port == 1", &expr, NULL), 0);
	assert_false(tl_expr_knows(expr, &one.event));
	tl_expr_free(expr);
}

static const struct {
	const char *text;
	enum tl_expr_want want;
	enum tl_expr_type type;
	int field;		/* -1: none; -2: refused */
} wants[] = {
	{ "duration", TL_WANT_NUMBER, TL_EXPR_INT, S_DURATION }, { "duration // 1ms", TL_WANT_NUMBER, TL_EXPR_INT, -1 },
	{ "pathname", TL_WANT_NUMBER, 0, -2 }, { "ok", TL_WANT_NUMBER, 0, -2 }, { "error", TL_WANT_NUMBER, 0, -2 },
	{ "comm", TL_WANT_KEY, TL_EXPR_STRING, TL_F_COMM }, { "event", TL_WANT_KEY, TL_EXPR_STRING, TL_F_EVENT },
	{ "error", TL_WANT_KEY, TL_EXPR_ERRNO, S_ERROR }, { "daddr", TL_WANT_KEY, TL_EXPR_IP, S_DADDR },
	{ "ok", TL_WANT_KEY, TL_EXPR_BOOL, S_OK }, { "(ret)", TL_WANT_KEY, TL_EXPR_INT, S_RET },
	{ "ret // 10", TL_WANT_KEY, TL_EXPR_INT, -1 }, { "ret < 0", TL_WANT_KEY, TL_EXPR_BOOL, -1 },
	{ "sockaddr", TL_WANT_KEY, TL_EXPR_STRING, S_SOCKADDR }, { "array", TL_WANT_KEY, 0, -2 }, { "nil", TL_WANT_KEY, 0, -2 },
	{ "error", TL_WANT_TEST, TL_EXPR_BOOL, -1 }, { "ok", TL_WANT_TEST, TL_EXPR_BOOL, S_OK },
};

static void gives_what_is_wanted(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(wants); i++) {
		struct tl_bound *bound;
		struct tl_error err;
		int ret = bind_text(wants[i].text, 0, wants[i].want, &bound, &err);

		assert_int_equal(ret, wants[i].field == -2 ? -EINVAL : 0);
		if (ret)
			continue;
		assert_int_equal(tl_bound_type(bound), wants[i].type);
		assert_ptr_equal(tl_bound_field(bound), wants[i].field < 0 ? NULL : &one.fields[wants[i].field]);
		tl_bound_free(bound);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_does_not_fit_and_where),
		cmocka_unit_test(tells_of_names_with_several_numbers),
		cmocka_unit_test(knows_what_other_events_have),
		cmocka_unit_test(says_which_events_it_knows),
		cmocka_unit_test(gives_what_is_wanted),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
