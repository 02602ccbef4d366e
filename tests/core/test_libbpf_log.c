/* SPDX-License-Identifier: MIT */
/* test_libbpf_log.c: tests core/load/libbpf_log.c. */
/* link: -Wl,--wrap=libbpf_set_print */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <bpf/libbpf.h>
#include <string.h>

#include "load/libbpf_log.h"

static libbpf_print_fn_t hook;

libbpf_print_fn_t __wrap_libbpf_set_print(libbpf_print_fn_t fn);
libbpf_print_fn_t __wrap_libbpf_set_print(libbpf_print_fn_t fn)
{
	libbpf_print_fn_t old = hook;

	hook = fn;
	return old;
}

static int theirs(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	(void)fmt;
	(void)args;
	return 0;
}

static void say(enum libbpf_print_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(enum libbpf_print_level level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	hook(level, fmt, args);
	va_end(args);
}

static int set_up(void **state)
{
	(void)state;
	hook = theirs;
	tl_log_begin();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tl_log_end();
	return hook != theirs;
}

static void puts_the_hook_back(void **state)
{
	(void)state;
	assert_ptr_not_equal(hook, theirs);
	tl_log_end();
	assert_ptr_equal(hook, theirs);
	tl_log_begin();
}

/* A callback that subscribes while a perf buffer is being read. */
static void nests(void **state)
{
	(void)state;
	tl_log_begin();
	tl_log_end();
	assert_ptr_not_equal(hook, theirs);
	tl_log_end();
	assert_ptr_equal(hook, theirs);
	tl_log_begin();
}

static void has_no_reason(void **state)
{
	(void)state;
	say(LIBBPF_INFO, "libbpf: elf: skipping section\n");
	say(LIBBPF_DEBUG, "libbpf: sec 'x'\n");
	assert_string_equal(tl_log_reason(), "no reason given");
}

static void takes_the_first_warning(void **state)
{
	(void)state;
	say(LIBBPF_WARN, "libbpf: map '%s': %s\n", "tl_ring", "too large");
	say(LIBBPF_WARN, "libbpf: failed to load object\n");
	assert_string_equal(tl_log_reason(), "map 'tl_ring': too large");
	tl_log_end();
	tl_log_begin();
	assert_string_equal(tl_log_reason(), "no reason given");
}

static void lives_with_much_talk(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		say(LIBBPF_WARN, "libbpf: line %d of what never ends\n", i);
	assert_string_equal(tl_log_reason(), "line 0 of what never ends");
	tl_log_end();
	tl_log_begin();
	say(LIBBPF_WARN, "%05000d", 0);
	assert_int_equal(strlen(tl_log_reason()), 511);
	say(LIBBPF_WARN, "no room");
}

static const struct {
	const char *log, *reason;
} logs[] = {
	{ "0: R1=ctx\n1: (95) exit\nR0 !read_ok\nprocessed 2 insns (limit 1000000)\n", "R0 !read_ok" },
	{ "invalid access to packet\nverification time 7 usec\nstack depth 32\nprocessed 1 insns\n\n",
	  "invalid access to packet" },
	{ "one line", "one line" },
	{ "one\ntwo, cut", "two, cut" },
	{ "\n\nfirst\n\n", "first" },
	{ "processed 2 insns\n", "libbpf's own" },
	{ "\n", "libbpf's own" },
	{ "", "libbpf's own" },
};

static void takes_the_verifiers_last_words(void **state)
{
	(void)state;
	say(LIBBPF_WARN, "libbpf: libbpf's own\n");
	for (size_t i = 0; i < sizeof(logs) / sizeof(*logs); i++) {
		strcpy(tl_log_verifier(), logs[i].log);
		assert_string_equal(tl_log_reason(), logs[i].reason);
	}
	memset(tl_log_verifier(), 'x', TL_LOG_VERIFIER - 1);
	tl_log_verifier()[TL_LOG_VERIFIER - 1] = '\0';
	assert_int_equal(strlen(tl_log_reason()), 511);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(puts_the_hook_back),
		TEST(nests),
		TEST(has_no_reason),
		TEST(takes_the_first_warning),
		TEST(lives_with_much_talk),
		TEST(takes_the_verifiers_last_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
