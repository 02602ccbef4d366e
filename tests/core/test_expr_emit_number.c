/* SPDX-License-Identifier: MIT */
/* test_expr_emit_number.c: tests core/expr/expr_emit_number.c: numbers as Lua reckons them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "emit_fixture.h"

static const int64_t numbers[] = { 0, 1, -1, 2, -2, 3, 7, -7, 63, 64, 65, -63, -64, 1000000007,
				   INT32_MIN, INT64_MAX, INT64_MIN };

static const char *const operators[] = { "+", "-", "*", "//", "%", "&", "|", "~", "<<", ">>" };

/* By all of them, in fields and as literals; what is one or the other is another way through the code. */
static void reckons_as_lua_does(void **state)
{
	char text[128];

	(void)state;
	for (size_t i = 0; i < N(numbers); i++) {
		for (size_t k = 0; k < N(numbers); k++) {
			sample_number(&emit_record, S_RET, numbers[i]);
			sample_number(&emit_record, S_U64, numbers[k]);
			for (size_t op = 0; op < N(operators); op++) {
				for (int rest = -2; rest < 3; rest++) {
					snprintf(text, sizeof(text), "ret %s u64 == %d", operators[op], rest);
					emit_answer(text);
				}
				snprintf(text, sizeof(text), "(ret %s u64) < (u64 %s 3)", operators[op], operators[op]);
				emit_answer(text);
			}
		}
	}
}

static void knows_no_division_by_zero(void **state)
{
	static const struct emit_sample samples[] = {
		{ "ret // dirfd == 1", ERROR }, { "ret % dirfd == 1", ERROR }, { "not (1 // dirfd == 1)", ERROR },
		{ "1 // dirfd == 1 or true", ERROR }, { "dirfd ~= 0 and 1 // dirfd == 1", 0 },
		{ "dirfd == 0 or 1 // dirfd == 1", 1 }, { "1 // (dirfd + 1) == 1", 1 }, { "u64 // 0 == 1", ERROR },
	};

	(void)state;
	sample_number(&emit_record, S_RET, 5);
	emit_check(samples, N(samples));
}

/* The smallest number over -1 is itself, and no trap. */
static void divides_what_has_no_opposite(void **state)
{
	static const struct emit_sample samples[] = {
		{ "ret // dirfd == ret", 1 }, { "ret % dirfd == 0", 1 }, { "ret // -1 == ret", 1 }, { "-ret == ret", 1 },
	};

	(void)state;
	sample_number(&emit_record, S_RET, INT64_MIN);
	sample_number(&emit_record, S_DIRFD, -1);
	emit_check(samples, N(samples));
}

static void keeps_values_while_it_reckons_others(void **state)
{
	static const struct emit_sample samples[] = {
		{ "(ret + 1) * (u64 - 2) == (ret * u64 - 2 * ret) + (u64 - 2)", 1 },
		{ "((ret + u64) * (ret - u64)) + ((u64 + 1) * (u64 - 1)) == ret * ret - 1", 1 },
		{ "1 - (2 - (3 - (4 - (5 - ret)))) == 3 - ret", 1 }, { "((((ret - 1) - 2) - 3) - 4) == ret - 10", 1 },
		{ "-(-(~(~ret))) == ret", 1 }, { "(ret < u64) == (u64 > ret)", 1 }, { "(ret == 12) == (u64 == 5)", 1 },
		{ "(ret < 0) == (u64 < 0)", 1 }, { "(ret + 1 < 0) == not (u64 < 0)", 0 },
	};

	(void)state;
	sample_number(&emit_record, S_RET, 12);
	sample_number(&emit_record, S_U64, 5);
	emit_check(samples, N(samples));
}

static void has_nothing_of_what_is_missing(void **state)
{
	static const char *const texts[] = {
		"ret + u64 == 5", "u64 + ret == 5", "(ret + 1) * (u64 + 1) == 6", "-ret == 0", "ret // 0 == 1", "1 // ret == 1",
		"u64 // ret ~= 1", "u64 << ret == 5",
	};

	(void)state;
	sample_number(&emit_record, S_U64, 5);
	sample_missing(&emit_record, S_RET, false);
	for (size_t i = 0; i < N(texts); i++)
		emit_answer(texts[i]);
	assert_int_equal(emit_answer("ret + u64 == 5"), 0);
	assert_int_equal(emit_answer("ret + u64 ~= 5"), 1);
}

static void finds_numbers_in_sets(void **state)
{
	static const int64_t ports[] = { -5, 80, 443, INT64_MAX };

	(void)state;
	assert_int_equal(tl_vars_set_ints(emit_vars, "ports", ports, N(ports), NULL), 0);
	assert_int_equal(tl_vars_set_int(emit_vars, "limit", 80, NULL), 0);
	emit_set("ports");
	for (size_t i = 0; i < N(ports); i++) {
		sample_number(&emit_record, S_RET, ports[i]);
		assert_int_equal(emit_answer("ret in ports"), 1);
		assert_int_equal(emit_answer("ret + 1 in ports"), 0);
		assert_int_equal(emit_answer("ret <= limit"), i < 2);
		assert_int_equal(emit_answer("ret == limit"), i == 1);
	}
	emit_unset("ports");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EMIT_TEST(reckons_as_lua_does),
		EMIT_TEST(knows_no_division_by_zero),
		EMIT_TEST(divides_what_has_no_opposite),
		EMIT_TEST(keeps_values_while_it_reckons_others),
		EMIT_TEST(has_nothing_of_what_is_missing),
		EMIT_TEST(finds_numbers_in_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
