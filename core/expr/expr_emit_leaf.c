/* SPDX-License-Identifier: MIT */
/* expr_emit_leaf.c: loads fields and variables, and finds out whether a field is missing. */
#include <string.h>

#include "catalogue/meaning.h"
#include "expr/expr_emit.h"

bool tl_emit_place(struct tl_emitter *e, const struct tl_field *field, struct tl_place *place)
{
	if (e->env->place(e->env->arg, field, place))
		return true;
	tl_emit_refuse(e, "%s is not known where the kernel decides", field->name);
	return false;
}

static void test_bit(struct tl_emitter *e, int offset, int number, int scratch, int label)
{
	tl_code_load(e->code, BPF_DW, scratch, TL_REG_BASE, offset);
	if (number >= 31) {
		tl_code_alu_imm(e->code, BPF_RSH, scratch, number);
		number = 0;
	}
	tl_code_jump_imm(e->code, BPF_JSET, scratch, 1 << number, label);
}

void tl_emit_bits(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place, int scratch,
		  int missing)
{
	if (place->missing != TL_MISSING_BITS)
		return;
	test_bit(e, e->env->unread, field->number, scratch, missing);
	test_bit(e, e->env->absent, field->number, scratch, missing);
}

static int size_code(int size)
{
	return size == 1 ? BPF_B : size == 2 ? BPF_H : size == 4 ? BPF_W : BPF_DW;
}

static void extend(struct tl_emitter *e, int size, int reg)
{
	if (size >= 8)
		return;
	tl_code_alu_imm(e->code, BPF_LSH, reg, 64 - size * 8);
	tl_code_alu_imm(e->code, BPF_ARSH, reg, 64 - size * 8);
}

/* All bits of the value set: it is not there. Uses R5. */
static void test_ones(struct tl_emitter *e, const struct tl_place *place, bool extended, int reg, int missing)
{
	if (place->missing != TL_MISSING_ONES)
		return;
	if (extended || place->size >= 8) {
		tl_code_jump_imm(e->code, BPF_JEQ, reg, -1, missing);
	} else if (place->size == 4) {
		tl_code_imm64(e->code, BPF_REG_5, UINT32_MAX);
		tl_code_jump(e->code, BPF_JEQ, reg, BPF_REG_5, missing);
	} else {
		tl_code_jump_imm(e->code, BPF_JEQ, reg, (1 << place->size * 8) - 1, missing);
	}
}

/* An error is its errno; what is none is missing. */
static void load_field(struct tl_emitter *e, const struct tl_field *field, int reg, int missing)
{
	bool error = field->type == TL_TYPE_ERROR;
	struct tl_place place;

	if (!tl_emit_place(e, field, &place))
		return;
	tl_emit_bits(e, field, &place, reg, missing);
	tl_code_load(e->code, size_code(place.size), reg, TL_REG_BASE, place.offset);
	if (place.is_signed || error)
		extend(e, place.size, reg);
	test_ones(e, &place, place.is_signed || error, reg, missing);
	if (error) {
		tl_code_jump_imm(e->code, BPF_JLE, reg, -TL_ERRNO_MAX - 1, missing);	/* as unsigned numbers */
		tl_code_alu(e->code, BPF_NEG, reg, 0);
	} else if (field->type == TL_TYPE_BOOL) {		/* 1 for all that is not 0 */
		tl_code_alu(e->code, BPF_MOV, BPF_REG_5, reg);
		tl_code_alu(e->code, BPF_NEG, BPF_REG_5, 0);
		tl_code_alu(e->code, BPF_OR, reg, BPF_REG_5);
		tl_code_alu_imm(e->code, BPF_RSH, reg, 63);
	}
}

/* Uses R5. */
void tl_emit_number(struct tl_emitter *e, const struct tl_bnode *leaf, int reg, int no)
{
	switch (leaf->op) {
	case TL_OP_FIELD:
		load_field(e, leaf->field, reg, no);
		break;
	case TL_OP_VAR:
		tl_code_load(e->code, BPF_DW, reg, TL_REG_VARS, leaf->var->offset);
		break;
	case TL_OP_MISSING:
		tl_emit_if(e, true, no);
		tl_code_imm64(e->code, reg, 0);
		break;
	default:
		tl_code_imm64(e->code, reg, (uint64_t)leaf->number);
	}
}

/* ---- what is missing --------------------------------------------------------------------------------- */

static void missing_file(struct tl_emitter *e, const struct tl_place *place, int missing)
{
	tl_code_load(e->code, BPF_H, BPF_REG_4, TL_REG_BASE, place->offset + (int)offsetof(struct tl_str, kind));
	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_4, TL_FILE_NONE, missing);
	tl_code_jump_imm(e->code, BPF_JGT, BPF_REG_4, TL_FILE_SOCKET, missing);
}

/* Uses R0 to R5. */
void tl_emit_missing(struct tl_emitter *e, const struct tl_field *field, int missing)
{
	struct tl_place place;

	if (!tl_emit_place(e, field, &place))
		return;
	if (field->type == TL_TYPE_IP) {
		int there = tl_code_label(e->code);

		tl_emit_bits(e, field, &place, BPF_REG_5, missing);
		tl_code_load(e->code, BPF_B, BPF_REG_5, TL_REG_BASE, place.offset);
		tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_5, 2, there);
		tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_5, 10, missing);
		tl_code_place(e->code, there);
	} else if (field->type >= TL_TYPE_STR && field->type <= TL_TYPE_ARRAY) {
		tl_emit_str(e, field, &place, missing);
		if (field->type == TL_TYPE_FILE)
			missing_file(e, &place, missing);
		if (field->type == TL_TYPE_SOCKADDR)
			tl_code_jump_imm(e->code, BPF_JLT, BPF_REG_3, sizeof(uint16_t), missing);
	} else if (field->type == TL_TYPE_COMM) {
		tl_emit_if(e, false, missing);
		tl_emit_bits(e, field, &place, BPF_REG_5, missing);
	} else {
		tl_emit_if(e, false, missing);
		load_field(e, field, BPF_REG_0, missing);
	}
}
