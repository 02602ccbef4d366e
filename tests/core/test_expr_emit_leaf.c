/* SPDX-License-Identifier: MIT */
/* test_expr_emit_leaf.c: tests core/expr/expr_emit_leaf.c: values of fields of each size, and those that are missing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "emit_fixture.h"

static void loads_each_size_with_its_sign(void **state)
{
	static const struct emit_sample samples[] = {
		{ "small == 255", 1 }, { "dport == 65535", 1 }, { "u32 == 4294967295", 1 }, { "u64 == -1", 1 },
		{ "s8 == -1", 1 }, { "s16 == -1", 1 }, { "flags == -1", 1 }, { "ret == -1", 1 }, { "u32 > 0", 1 },
		{ "flags < 0 and s8 < 0 and s16 < 0", 1 }, { "u64 < 0", 1 }, { "pid == 42 and tid == 43", 1 },
	};

	(void)state;
	for (int field = S_RET; field <= S_U64; field++)
		if (field != S_ERROR && field != S_ERROR32)
			sample_number(&emit_record, field, -1);
	emit_check(samples, N(samples));
}

static void takes_any_number_for_true(void **state)
{
	(void)state;
	for (int number = 0; number < 256; number += 51) {
		sample_number(&emit_record, S_OK, number);
		assert_int_equal(emit_answer("ok"), number != 0);
		assert_int_equal(emit_answer("ok == true"), number != 0);
		assert_int_equal(emit_answer("not ok"), number == 0);
	}
}

/* Of both sizes; what is no error of the kernel is none. */
static void makes_errors_of_results(void **state)
{
	static const int64_t results[] = { 0, 5, -1, -2, -4095, -4096, INT64_MIN };

	(void)state;
	for (size_t i = 0; i < N(results); i++) {
		bool error = results[i] < 0 && results[i] >= -4095;

		sample_number(&emit_record, S_ERROR, results[i]);
		sample_number(&emit_record, S_ERROR32, (int32_t)results[i]);
		assert_int_equal(emit_answer("error ~= nil"), error);
		assert_int_equal(emit_answer("error == 'ENOENT'"), results[i] == -2);
		assert_int_equal(emit_answer("error32 == 'ENOENT'"), results[i] == -2);
		assert_int_equal(emit_answer("error32 ~= 'EPERM'"), results[i] != -1);
	}
}

static const char *const of_one[] = {
	"ret == 0", "ret ~= 0", "ret < 1", "not (ret < 1)", "ret == nil", "ret ~= nil", "ret == dirfd", "ret ~= dirfd",
	"ret + 1 == 1", "ret in { 0, 1 }", "not (ret in { 0, 1 })", "ret == 0 or pid == 42", "ret == 0 and pid == 42",
};

/* Which words the bits are in does not matter. */
static void knows_what_is_missing(void **state)
{
	static const int answers[] = { 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0 };

	(void)state;
	for (int absent = 0; absent < 2; absent++) {
		sample_begin(&emit_record, &emit_event);
		for (size_t i = 0; i < N(of_one); i++)
			emit_answer(of_one[i]);
		sample_missing(&emit_record, S_RET, absent);
		for (size_t i = 0; i < N(of_one); i++)
			if (emit_answer(of_one[i]) != answers[i])
				fail_msg("%s: not %d", of_one[i], answers[i]);
	}
}

/* One of each kind, near and far in the words of bits. */
static void knows_it_of_each_field(void **state)
{
	static const struct {
		int field;
		const char *text;
	} fields[] = {
		{ TL_F_COMM, "comm == nil" }, { S_OK, "ok == nil" }, { S_ERROR, "error32 == nil" },
		{ S_PATHNAME, "pathname == nil" },
		{ S_SADDR, "saddr == nil" }, { S_FILE, "file == nil" }, { S_PATH, "path == nil" }, { S_NAME, "name == nil" },
		{ S_DADDR, "daddr == nil" }, { S_ERROR32, "error32 == nil" },
	};

	(void)state;
	for (size_t i = 0; i < N(fields); i++) {
		sample_begin(&emit_record, &emit_event);
		emit_answer(fields[i].text);
		sample_missing(&emit_record, fields[i].field, true);
		emit_answer(fields[i].text);
		sample_begin(&emit_record, &emit_event);
		sample_missing(&emit_record, fields[i].field, false);
		emit_answer(fields[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EMIT_TEST(loads_each_size_with_its_sign),
		EMIT_TEST(takes_any_number_for_true),
		EMIT_TEST(makes_errors_of_results),
		EMIT_TEST(knows_what_is_missing),
		EMIT_TEST(knows_it_of_each_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
