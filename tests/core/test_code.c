/* SPDX-License-Identifier: MIT */
/* test_code.c: tests core/expr/code.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "expr/code.h"

static void resolves_jumps(void **state)
{
	struct tl_code code;
	int end, never;

	(void)state;
	tl_code_init(&code);
	end = tl_code_label(&code);
	never = tl_code_label(&code);
	tl_code_jump_imm(&code, BPF_JEQ, BPF_REG_0, 5, end);
	tl_code_imm64(&code, BPF_REG_1, 0x123456789abcdef0);	/* two instructions */
	tl_code_goto(&code, end);
	tl_code_place(&code, end);
	tl_code_exit(&code);
	tl_code_place(&code, never);
	assert_int_equal(tl_code_finish(&code, NULL), 0);
	assert_int_equal(code.n, 5);
	assert_int_equal(code.insns[0].off, 3);
	assert_int_equal(code.insns[3].off, 0);
	assert_int_equal((uint32_t)code.insns[1].imm, 0x9abcdef0);
	assert_int_equal(code.insns[2].imm, 0x12345678);
	tl_code_free(&code);
}

static void makes_small_numbers_short(void **state)
{
	struct tl_code code;

	(void)state;
	tl_code_init(&code);
	tl_code_imm64(&code, BPF_REG_1, (uint64_t)-1);
	tl_code_imm64(&code, BPF_REG_1, INT32_MAX);
	assert_int_equal(code.n, 2);
	tl_code_imm64(&code, BPF_REG_1, UINT32_MAX);
	assert_int_equal(code.n, 4);
	tl_code_free(&code);
}

static void refuses_labels_without_a_place(void **state)
{
	struct tl_error err = { 0 };
	struct tl_code code;

	(void)state;
	tl_code_init(&code);
	tl_code_goto(&code, tl_code_label(&code));
	tl_code_exit(&code);
	assert_int_equal(tl_code_finish(&code, &err), -EINVAL);
	assert_string_equal(err.message, "the program jumps to where nothing is");
	tl_code_free(&code);
}

static void refuses_to_jump_back(void **state)
{
	struct tl_code code;
	int label;

	(void)state;
	tl_code_init(&code);
	label = tl_code_label(&code);
	tl_code_place(&code, label);
	tl_code_goto(&code, label);
	tl_code_exit(&code);
	assert_int_equal(tl_code_finish(&code, NULL), -EINVAL);
	tl_code_free(&code);
}

static void refuses_what_is_too_long(void **state)
{
	struct tl_error err = { 0 };
	struct tl_code code;

	(void)state;
	tl_code_init(&code);
	for (int i = 0; i < TL_CODE_MAX; i++)
		tl_code_alu_imm(&code, BPF_MOV, BPF_REG_0, 0);
	assert_int_equal(tl_code_finish(&code, &err), 0);
	tl_code_exit(&code);
	assert_int_equal(tl_code_finish(&code, &err), -E2BIG);
	assert_string_equal(err.message, "the program is longer than 32768 instructions");
	assert_int_equal(code.n, TL_CODE_MAX);
	tl_code_free(&code);
}

static void refuses_offsets_that_do_not_fit(void **state)
{
	struct tl_code code;

	(void)state;
	tl_code_init(&code);
	tl_code_load(&code, BPF_W, BPF_REG_0, BPF_REG_6, 40000);
	tl_code_exit(&code);
	assert_int_equal(tl_code_finish(&code, NULL), -ERANGE);
	tl_code_free(&code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolves_jumps),
		cmocka_unit_test(makes_small_numbers_short),
		cmocka_unit_test(refuses_labels_without_a_place),
		cmocka_unit_test(refuses_to_jump_back),
		cmocka_unit_test(refuses_what_is_too_long),
		cmocka_unit_test(refuses_offsets_that_do_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
