/* SPDX-License-Identifier: MIT */
/* test_line.c: tests core/common/line.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "common/line.h"

static struct tl_line line_of(char *text, struct tl_error *err)
{
	return (struct tl_line){
		.origin = "x", .err = err, .at = text, .end = text + strlen(text),
	};
}

static void cuts_lines_into_columns(void **state)
{
	char text[] = "a\tb c\t\n\nlast";
	struct tl_error err = { 0 };
	struct tl_line line = line_of(text, &err);

	(void)state;
	assert_int_equal(tl_line_next(&line), 0);
	assert_int_equal(line.number, 1);
	assert_int_equal(line.n_columns, 3);
	assert_string_equal(line.columns[0], "a");
	assert_string_equal(line.columns[1], "b c");
	assert_string_equal(line.columns[2], "");
	assert_int_equal(tl_line_next(&line), 0);
	assert_int_equal(line.n_columns, 1);
	assert_string_equal(line.columns[0], "");
	assert_int_equal(tl_line_next(&line), -ENODATA);
	assert_string_equal(err.message, "");
}

static void refuses_what_no_line_holds(void **state)
{
	char nine[] = "\t\t\t\t\t\t\t\t\n", ten[] = "\t\t\t\t\t\t\t\t\t\n", escape[] = "a\033[2J\n";
	struct tl_error err = { 0 };
	struct tl_line line = line_of(nine, &err);

	(void)state;
	assert_int_equal(tl_line_next(&line), 0);
	assert_int_equal(line.n_columns, 9);
	line = line_of(ten, &err);
	assert_int_equal(tl_line_next(&line), -EBADMSG);
	assert_string_equal(err.message, "x: line 1: has more than 9 columns");
	line = line_of(escape, &err);
	assert_int_equal(tl_line_next(&line), -EBADMSG);
	assert_string_equal(err.message, "x: line 1: holds a control character");
}

static const struct {
	const char *word;
	int number;		/* -1: refused */
} numbers[] = {
	{ "5", 5 }, { "10", 10 }, { "007", 7 }, { "4", -1 }, { "11", -1 }, { "", -1 }, { "-6", -1 },
	{ "+6", -1 }, { " 6", -1 }, { "6 ", -1 }, { "0x6", -1 }, { "4294967302", -1 },
};

static void takes_numbers_within_bounds(void **state)
{
	struct tl_line line = { .origin = "x" };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		unsigned int number = 0;
		int code = tl_line_number(&line, numbers[i].word, 5, 10, "n", &number);

		assert_int_equal(code, numbers[i].number < 0 ? -EBADMSG : 0);
		if (!code)
			assert_int_equal(number, numbers[i].number);
	}
}

static void takes_names(void **state)
{
	struct tl_line line = { .origin = "x" };

	(void)state;
	assert_int_equal(tl_line_name(&line, "tcp.connect_2"), 0);
	assert_int_equal(tl_line_name(&line, "Tcp"), -EBADMSG);
	assert_int_equal(tl_line_name(&line, ""), -EBADMSG);
	assert_int_equal(tl_line_program(&line, "tl_Exec_2"), 0);
	assert_int_equal(tl_line_program(&line, "tl.exec"), -EBADMSG);
	assert_int_equal(tl_line_program(&line, ""), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_lines_into_columns),
		cmocka_unit_test(refuses_what_no_line_holds),
		cmocka_unit_test(takes_numbers_within_bounds),
		cmocka_unit_test(takes_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
