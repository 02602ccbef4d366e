/* SPDX-License-Identifier: MIT */
/* test_error.c: tests core/common/error.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "common/error.h"

static void fills_code_and_message(void **state)
{
	struct tl_error err;

	(void)state;
	assert_int_equal(tl_fail(&err, -ENOENT, "%s: no such event", "tcp.conect"), -ENOENT);
	assert_int_equal(err.code, -ENOENT);
	assert_string_equal(err.message, "tcp.conect: no such event");
}

static void works_without_an_error_to_fill(void **state)
{
	(void)state;
	assert_int_equal(tl_fail(NULL, -EPERM, "%s", "unseen"), -EPERM);
}

static void cuts_what_is_too_long(void **state)
{
	char word[2 * TL_ERROR_MAX];
	struct tl_error err;

	(void)state;
	memset(word, 'x', sizeof(word));
	word[sizeof(word) - 1] = '\0';
	tl_fail(&err, -EINVAL, "%s", word);
	assert_int_equal(strlen(err.message), TL_ERROR_MAX - 1);
}

static void prefixes_its_own_message(void **state)
{
	struct tl_error err;

	(void)state;
	tl_fail(&err, -EINVAL, "size 3 is odd");
	tl_fail(&err, err.code, "x.bpf.o: %s", err.message);
	assert_string_equal(err.message, "x.bpf.o: size 3 is odd");
}

static void leaves_errno_alone(void **state)
{
	struct tl_error err;

	(void)state;
	errno = EAGAIN;
	tl_fail(&err, -EINVAL, "%ls", L"\u00e9");	/* EILSEQ in the C locale */
	assert_int_equal(errno, EAGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_code_and_message),
		cmocka_unit_test(works_without_an_error_to_fill),
		cmocka_unit_test(cuts_what_is_too_long),
		cmocka_unit_test(prefixes_its_own_message),
		cmocka_unit_test(leaves_errno_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
