/* SPDX-License-Identifier: MIT */
/* link: -Wl,--wrap=tl_kernel_has_hook */
/* test_settle.c: tests core/load/settle.c: which way in an event takes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "load/settle.h"

bool __wrap_tl_kernel_has_hook(const char *name);
bool __wrap_tl_kernel_has_hook(const char *name)
{
	check_expected(name);
	return mock_type(bool);
}

static struct tl_entry entry;
static struct tl_catalogue catalogue = { .entries = &entry, .n = 1 };
static struct tl_battery battery = { .catalogue = &catalogue };
static struct tl_batteries batteries = { .list = &battery, .n = 1, .n_events = 1 };

static int setup(void **state)
{
	(void)state;
	entry = (struct tl_entry){ .event = { .name = "t.one" }, .hook = "new_hook", .n_routes = 2, .n_needs = 1,
				   .n_attaches = 1 };
	return 0;
}

static void expect_asked(bool answer)
{
	expect_string(__wrap_tl_kernel_has_hook, name, "new_hook");
	will_return(__wrap_tl_kernel_has_hook, answer);
}

static void takes_the_hook_where_it_is(void **state)
{
	struct tl_error err = { 0 };

	(void)state;
	expect_asked(true);
	assert_int_equal(tl_batteries_settle(&batteries, 0, &err), 0);
	assert_int_equal(entry.n_attaches, 1);
	assert_int_equal(entry.n_routes, 0);
	assert_int_equal(entry.n_needs, 0);
	assert_int_equal(tl_batteries_settle(&batteries, 0, &err), 0);	/* asks no more */
}

static void takes_the_calls_instead(void **state)
{
	struct tl_error err = { 0 };

	(void)state;
	expect_asked(false);
	assert_int_equal(tl_batteries_settle(&batteries, 0, &err), 0);
	assert_int_equal(entry.n_attaches, 0);
	assert_int_equal(entry.n_routes, 2);
	assert_int_equal(entry.n_needs, 1);
}

static void says_when_there_is_no_way(void **state)
{
	struct tl_error err = { 0 };

	(void)state;
	entry.n_routes = 0;
	expect_asked(false);
	assert_int_equal(tl_batteries_settle(&batteries, 0, &err), -ENOTSUP);
	assert_string_equal(err.message, "t.one: this kernel has no tracepoint new_hook, and there is no other way in");
}

static void leaves_others_alone(void **state)
{
	struct tl_error err = { 0 };

	(void)state;
	entry.hook = NULL;
	assert_int_equal(tl_batteries_settle(&batteries, 0, &err), 0);
	assert_int_equal(entry.n_attaches, 1);
	assert_int_equal(entry.n_routes, 2);
	assert_int_equal(tl_batteries_settle(&batteries, 1, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(takes_the_hook_where_it_is, setup),
		cmocka_unit_test_setup(takes_the_calls_instead, setup),
		cmocka_unit_test_setup(says_when_there_is_no_way, setup),
		cmocka_unit_test_setup(leaves_others_alone, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
