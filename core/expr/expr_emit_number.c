/* SPDX-License-Identifier: MIT */
/* expr_emit_number.c: arithmetic with Lua's results, without a branch but where a value is missing or a divisor is 0. */
#include "expr/expr_emit.h"

int tl_emit_slot(const struct tl_emitter *e, int depth)
{
	return e->key - 8 * (depth + 1);
}

static bool is_leaf(const struct tl_bnode *node)
{
	return node->op < TL_OP_ADD;
}

void tl_emit_operands(struct tl_emitter *e, const struct tl_bnode *node, int no, int depth)
{
	int first = node->b_first ? node->b : node->a, second = node->b_first ? node->a : node->b;
	const struct tl_bnode *leaf = tl_bnode(e->bound, second);

	tl_emit_int(e, first, no, depth);
	if (is_leaf(leaf)) {
		tl_emit_number(e, leaf, BPF_REG_1, no);
		return;
	}
	tl_code_store(e->code, BPF_DW, BPF_REG_10, tl_emit_slot(e, depth), BPF_REG_0);
	tl_emit_int(e, second, no, depth + 1);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_1, BPF_REG_0);
	tl_code_load(e->code, BPF_DW, BPF_REG_0, BPF_REG_10, tl_emit_slot(e, depth));
}

/* R0 = the absolute value of `from`, its sign (0 or -1) in `sign`. That of INT64_MIN is right as an unsigned number. */
static void absolute(struct tl_code *code, int to, int from, int sign)
{
	tl_code_alu(code, BPF_MOV, sign, from);
	tl_code_alu_imm(code, BPF_ARSH, sign, 63);
	tl_code_alu(code, BPF_MOV, to, from);
	tl_code_alu(code, BPF_XOR, to, sign);
	tl_code_alu(code, BPF_SUB, to, sign);
}

/*
 * R0 // R1 and R0 % R1, out of the kernel's unsigned division q = |a| / |b|. With s = -1 where the signs
 * differ, and t = 1 where they differ and something is left over: a // b = (q ^ s) - s - t.
 */
static void divide(struct tl_emitter *e, enum tl_op op)
{
	struct tl_code *code = e->code;

	tl_code_jump_imm(code, BPF_JEQ, BPF_REG_1, 0, e->env->error);
	absolute(code, BPF_REG_2, BPF_REG_0, BPF_REG_4);
	absolute(code, BPF_REG_3, BPF_REG_1, BPF_REG_5);
	tl_code_alu(code, BPF_XOR, BPF_REG_4, BPF_REG_5);		/* s */
	tl_code_alu(code, BPF_MOV, BPF_REG_5, BPF_REG_2);
	tl_code_alu(code, BPF_DIV, BPF_REG_2, BPF_REG_3);		/* q */
	tl_code_alu(code, BPF_MUL, BPF_REG_3, BPF_REG_2);
	tl_code_alu(code, BPF_SUB, BPF_REG_5, BPF_REG_3);		/* what is left over … */
	tl_code_alu(code, BPF_MOV, BPF_REG_3, BPF_REG_5);
	tl_code_alu(code, BPF_NEG, BPF_REG_3, 0);
	tl_code_alu(code, BPF_OR, BPF_REG_5, BPF_REG_3);
	tl_code_alu_imm(code, BPF_RSH, BPF_REG_5, 63);			/* … or not: 0 or 1 */
	tl_code_alu(code, BPF_AND, BPF_REG_5, BPF_REG_4);		/* t */
	tl_code_alu(code, BPF_XOR, BPF_REG_2, BPF_REG_4);
	tl_code_alu(code, BPF_SUB, BPF_REG_2, BPF_REG_4);
	tl_code_alu(code, BPF_SUB, BPF_REG_2, BPF_REG_5);
	if (op == TL_OP_DIV) {
		tl_code_alu(code, BPF_MOV, BPF_REG_0, BPF_REG_2);
	} else {
		tl_code_alu(code, BPF_MUL, BPF_REG_2, BPF_REG_1);
		tl_code_alu(code, BPF_SUB, BPF_REG_0, BPF_REG_2);
	}
}

/* R0 << R1 and R0 >> R1; counts below 0 go the other way, from 64 on nothing is left. */
static void shift(struct tl_emitter *e, enum tl_op op)
{
	int back = tl_code_label(e->code), none = tl_code_label(e->code), end = tl_code_label(e->code);
	int there = op == TL_OP_SHL ? BPF_LSH : BPF_RSH;

	tl_code_jump_imm(e->code, BPF_JGT, BPF_REG_1, 63, back);
	tl_code_alu(e->code, there, BPF_REG_0, BPF_REG_1);
	tl_code_goto(e->code, end);
	tl_code_place(e->code, back);
	tl_code_alu(e->code, BPF_NEG, BPF_REG_1, 0);
	tl_code_jump_imm(e->code, BPF_JGT, BPF_REG_1, 63, none);
	tl_code_alu(e->code, there == BPF_LSH ? BPF_RSH : BPF_LSH, BPF_REG_0, BPF_REG_1);
	tl_code_goto(e->code, end);
	tl_code_place(e->code, none);
	tl_code_imm64(e->code, BPF_REG_0, 0);
	tl_code_place(e->code, end);
}

/* By a number that is known and fits. */
static void shift_by(struct tl_emitter *e, enum tl_op op, int64_t count)
{
	bool left = (op == TL_OP_SHL) == (count >= 0);

	count = count < 0 ? -count : count;
	if (count)
		tl_code_alu_imm(e->code, left ? BPF_LSH : BPF_RSH, BPF_REG_0, (int32_t)count);
}

static void swap(struct tl_code *code)
{
	tl_code_alu(code, BPF_MOV, BPF_REG_2, BPF_REG_0);
	tl_code_alu(code, BPF_MOV, BPF_REG_0, BPF_REG_1);
	tl_code_alu(code, BPF_MOV, BPF_REG_1, BPF_REG_2);
}

static int alu_of(enum tl_op op)
{
	switch (op) {
	case TL_OP_ADD: return BPF_ADD;
	case TL_OP_SUB: return BPF_SUB;
	case TL_OP_MUL: return BPF_MUL;
	case TL_OP_BAND: return BPF_AND;
	case TL_OP_BOR: return BPF_OR;
	case TL_OP_XOR: return BPF_XOR;
	default: return -1;
	}
}

static bool commutes(enum tl_op op)
{
	return op == TL_OP_ADD || op == TL_OP_MUL || (op >= TL_OP_BAND && op <= TL_OP_XOR);
}

/* With a number that an instruction can hold as the second operand. false: it is none of these. */
static bool by_constant(struct tl_emitter *e, const struct tl_bnode *node, int no, int depth)
{
	const struct tl_bnode *b = tl_bnode(e->bound, node->b);
	bool shifts = node->op == TL_OP_SHL || node->op == TL_OP_SHR;

	if (b->op != TL_OP_INT || node->b_first || (int32_t)b->number != b->number)
		return false;
	if (shifts ? b->number < -63 || b->number > 63 : alu_of(node->op) < 0)
		return false;
	tl_emit_int(e, node->a, no, depth);
	if (shifts)
		shift_by(e, node->op, b->number);
	else
		tl_code_alu_imm(e->code, alu_of(node->op), BPF_REG_0, (int32_t)b->number);
	return true;
}

static void binary(struct tl_emitter *e, const struct tl_bnode *node, int no, int depth)
{
	if (by_constant(e, node, no, depth))
		return;
	tl_emit_operands(e, node, no, depth);
	if (node->b_first && !commutes(node->op))
		swap(e->code);
	if (node->op == TL_OP_DIV || node->op == TL_OP_MOD)
		divide(e, node->op);
	else if (node->op == TL_OP_SHL || node->op == TL_OP_SHR)
		shift(e, node->op);
	else
		tl_code_alu(e->code, alu_of(node->op), BPF_REG_0, BPF_REG_1);
}

void tl_emit_int(struct tl_emitter *e, int i, int no, int depth)
{
	const struct tl_bnode *node = tl_bnode(e->bound, i);

	if (is_leaf(node)) {
		tl_emit_number(e, node, BPF_REG_0, no);
	} else if (node->op == TL_OP_NEG) {
		tl_emit_int(e, node->a, no, depth);
		tl_code_alu(e->code, BPF_NEG, BPF_REG_0, 0);
	} else if (node->op == TL_OP_BNOT) {
		tl_emit_int(e, node->a, no, depth);
		tl_code_alu_imm(e->code, BPF_XOR, BPF_REG_0, -1);
	} else {
		binary(e, node, no, depth);
	}
}
