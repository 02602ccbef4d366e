// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stddef.h>
#include <cmocka.h>

#include "expr/code.h"
#include "expr/disasm.h"

static struct tl_code *begin(void)
{
	static struct tl_code code;

	tl_code_init(&code);
	return &code;
}

static void assert_text(struct tl_code *code, const char *const *lines)
{
	char text[TL_DISASM_MAX];
	size_t i = 0;

	assert_int_equal(tl_code_finish(code, NULL), 0);
	for (; *lines; lines++) {
		i = tl_disasm(code->insns, code->n, i, text);
		assert_string_equal(text, *lines);
	}
	assert_int_equal(i, code->n);
	tl_code_free(code);
}

static void shows_what_is_emitted(void **state)
{
	struct tl_code *code = begin();
	int end = tl_code_label(code);

	(void)state;
	tl_code_load(code, BPF_DW, BPF_REG_1, BPF_REG_6, 16);
	tl_code_load(code, BPF_B, BPF_REG_2, BPF_REG_6, -1);
	tl_code_alu(code, BPF_ADD, BPF_REG_1, BPF_REG_2);
	tl_code_alu_imm(code, BPF_ARSH, BPF_REG_1, 3);
	tl_code_alu_imm(code, BPF_NEG, BPF_REG_1, 0);
	tl_code_imm64(code, BPF_REG_3, 0x123456789abcULL);
	tl_code_map_fd(code, BPF_REG_1, 7);
	tl_code_store(code, BPF_W, BPF_REG_10, -8, BPF_REG_1);
	tl_code_store_imm(code, BPF_H, BPF_REG_10, -4, 5);
	tl_code_jump(code, BPF_JSLT, BPF_REG_1, BPF_REG_2, end);
	tl_code_jump_imm(code, BPF_JNE, BPF_REG_1, -1, end);
	tl_code_call(code, BPF_FUNC_map_lookup_elem);
	tl_code_call(code, BPF_FUNC_get_prandom_u32);
	tl_code_goto(code, end);
	tl_code_place(code, end);
	tl_code_exit(code);
	assert_text(code, (const char *const[]){
		"r1 = *(u64 *)(r6 +16)", "r2 = *(u8 *)(r6 -1)", "r1 += r2", "r1 s>>= 3", "r1 = -r1",
		"r3 = 0x123456789abc", "r1 = map 7", "*(u32 *)(r10 -8) = r1", "*(u16 *)(r10 -4) = 5",
		"if r1 s< r2 goto 16", "if r1 != -1 goto 16", "call map_lookup_elem", "call helper 7", "goto 16", "exit",
		NULL });
}

static void shows_what_it_does_not_know(void **state)
{
	const struct bpf_insn insns[] = { { .code = BPF_LD | BPF_ABS, .dst_reg = 1, .src_reg = 2, .off = 3, .imm = 4 },
					  { .code = BPF_LD | BPF_DW | BPF_IMM } };	/* cut short */
	char text[TL_DISASM_MAX];

	(void)state;
	assert_int_equal(tl_disasm(insns, 2, 0, text), 1);
	assert_string_equal(text, ".insn 20 r1 r2 3 4");
	assert_int_equal(tl_disasm(insns, 2, 1, text), 2);
	assert_string_equal(text, ".insn 18 r0 r0 0 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_is_emitted),
		cmocka_unit_test(shows_what_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
