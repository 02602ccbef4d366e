/* SPDX-License-Identifier: MIT */
/*
 * expr_emit_string.c: strings against literals, word by word. A string of the tail is read where the record
 * says, once that was held against the record's memory.
 */
#include <string.h>

#include "expr/expr_emit.h"

/* ---- reading ---------------------------------------------------------------------------------------- */

void tl_emit_str(struct tl_emitter *e, const struct tl_field *field, const struct tl_place *place, int no)
{
	tl_emit_bits(e, field, place, BPF_REG_2, no);
	tl_code_load(e->code, BPF_H, BPF_REG_2, TL_REG_BASE, place->offset + (int)offsetof(struct tl_str, offset));
	tl_code_load(e->code, BPF_H, BPF_REG_3, TL_REG_BASE, place->offset + (int)offsetof(struct tl_str, length));
	tl_code_jump_imm(e->code, BPF_JLT, BPF_REG_2, e->bound->event->fixed_size, no);	/* never written */
}

void tl_emit_point(struct tl_emitter *e, int reg, int n, int no)
{
	tl_code_jump_imm(e->code, BPF_JGT, reg, e->env->record_room - n, no);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_1, TL_REG_BASE);
	tl_code_alu(e->code, BPF_ADD, BPF_REG_1, reg);
}

/* The number that a load of `size` bytes gives. */
static uint64_t word_of(const char *bytes, size_t size)
{
	uint8_t b1;
	uint16_t b2;
	uint32_t b4;
	uint64_t b8;

	switch (size) {
	case 1: memcpy(&b1, bytes, 1); return b1;
	case 2: memcpy(&b2, bytes, 2); return b2;
	case 4: memcpy(&b4, bytes, 4); return b4;
	default: memcpy(&b8, bytes, 8); return b8;
	}
}

static void compare_word(struct tl_emitter *e, int ptr, int offset, const char *bytes, size_t size, int no)
{
	static const int codes[] = { [1] = BPF_B, [2] = BPF_H, [4] = BPF_W, [8] = BPF_DW };
	uint64_t word = word_of(bytes, size);

	tl_code_load(e->code, codes[size], BPF_REG_5, ptr, offset);
	if ((int64_t)word == (int32_t)word) {
		tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_5, (int32_t)word, no);
	} else {
		tl_code_imm64(e->code, BPF_REG_4, word);
		tl_code_jump(e->code, BPF_JNE, BPF_REG_5, BPF_REG_4, no);
	}
}

/* The last word overlaps the one before it, rather than being put together of smaller ones. */
void tl_emit_bytes(struct tl_emitter *e, int ptr, int offset, const char *bytes, size_t n, int no)
{
	size_t size = n >= 8 ? 8 : n >= 4 ? 4 : n >= 2 ? 2 : 1, at = 0;

	for (; at + size <= n; at += size)
		compare_word(e, ptr, offset + (int)at, bytes + at, size, no);
	if (at < n)
		compare_word(e, ptr, offset + (int)(n - size), bytes + n - size, size, no);
}

/* ---- strings of the tail ---------------------------------------------------------------------------- */

struct literal {
	const char *bytes;
	size_t n;
};

/* Whether a small literal stands somewhere at R1; R3: the string's length. Uses R4, R5, R9. */
static void search(struct tl_emitter *e, struct literal l, int yes, int no)
{
	int offset = e->env->record;
	uint64_t first = 0, mask = l.n < 8 ? (1ULL << l.n * 8) - 1 : 0;

	memcpy(&first, l.bytes, l.n < 8 ? l.n : 8);
	tl_code_imm64(e->code, BPF_REG_4, first);
	if (mask)
		tl_code_imm64(e->code, BPF_REG_9, mask);
	else if (l.n > 8)
		tl_code_imm64(e->code, BPF_REG_9, word_of(l.bytes + l.n - 8, 8));
	for (int at = 0; at + (int)l.n <= TL_CONTAINS_MAX; at++) {
		int next = tl_code_label(e->code);

		tl_code_jump_imm(e->code, BPF_JLT, BPF_REG_3, at + (int)l.n, no);
		tl_code_load(e->code, BPF_DW, BPF_REG_5, BPF_REG_1, offset + at);
		if (mask)
			tl_code_alu(e->code, BPF_AND, BPF_REG_5, BPF_REG_9);
		if (l.n > 8) {
			tl_code_jump(e->code, BPF_JNE, BPF_REG_5, BPF_REG_4, next);
			tl_code_load(e->code, BPF_DW, BPF_REG_5, BPF_REG_1, offset + at + (int)l.n - 8);
			tl_code_jump(e->code, BPF_JEQ, BPF_REG_5, BPF_REG_9, yes);
		} else {
			tl_code_jump(e->code, BPF_JEQ, BPF_REG_5, BPF_REG_4, yes);
		}
		tl_code_place(e->code, next);
	}
	tl_code_goto(e->code, no);
}

static void str_contains(struct tl_emitter *e, struct literal l, int no)
{
	int yes = tl_code_label(e->code);

	if (l.n > TL_EMIT_NEEDLE) {
		tl_emit_refuse(e, "contains() looks for %d bytes at most in the kernel", TL_EMIT_NEEDLE);
		return;
	}
	tl_emit_point(e, BPF_REG_2, TL_CONTAINS_MAX + 8, no);
	search(e, l, yes, no);
	tl_code_place(e->code, yes);
}

static void str_test(struct tl_emitter *e, enum tl_op op, const struct tl_field *field, struct literal l, int no)
{
	struct tl_place place;

	if (!tl_emit_place(e, field, &place))
		return;
	tl_emit_str(e, field, &place, no);
	if (op == TL_OP_EQ)
		tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_3, (int32_t)l.n, no);
	else
		tl_code_jump_imm(e->code, BPF_JLT, BPF_REG_3, (int32_t)l.n, no);
	if (l.n == 0)
		return;
	if (op == TL_OP_CONTAINS) {
		str_contains(e, l, no);
		return;
	}
	if (op == TL_OP_ENDS) {
		tl_code_alu(e->code, BPF_ADD, BPF_REG_2, BPF_REG_3);
		tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_2, (int32_t)l.n);
	}
	tl_emit_point(e, BPF_REG_2, (int)l.n, no);
	tl_emit_bytes(e, BPF_REG_1, e->env->record, l.bytes, l.n, no);
}

/* ---- names of threads: 16 bytes, up to the first NUL -------------------------------------------------- */

static void comm_contains(struct tl_emitter *e, struct literal l, int offset, int no)
{
	int yes = tl_code_label(e->code);

	for (int at = 0; at + (int)l.n <= TL_COMM_LEN; at++) {
		int next = tl_code_label(e->code);

		tl_emit_bytes(e, TL_REG_BASE, offset + at, l.bytes, l.n, next);
		tl_code_goto(e->code, yes);
		tl_code_place(e->code, next);
		tl_code_load(e->code, BPF_B, BPF_REG_5, TL_REG_BASE, offset + at);
		tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_5, 0, no);
	}
	tl_code_goto(e->code, no);
	tl_code_place(e->code, yes);
}

/* One way for each length that the name can have. */
static void comm_ends(struct tl_emitter *e, struct literal l, int offset, int no)
{
	int yes = tl_code_label(e->code), n = (int)l.n, labels[TL_COMM_LEN];

	for (int len = 0; len < TL_COMM_LEN; len++) {
		labels[len] = len < n ? no : tl_code_label(e->code);
		tl_code_load(e->code, BPF_B, BPF_REG_5, TL_REG_BASE, offset + len);
		tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_5, 0, labels[len]);
	}
	tl_emit_bytes(e, TL_REG_BASE, offset + TL_COMM_LEN - n, l.bytes, l.n, no);
	for (int len = n; len < TL_COMM_LEN; len++) {
		tl_code_goto(e->code, yes);
		tl_code_place(e->code, labels[len]);
		tl_emit_bytes(e, TL_REG_BASE, offset + len - n, l.bytes, l.n, no);
	}
	tl_code_place(e->code, yes);
}

static void comm_test(struct tl_emitter *e, enum tl_op op, const struct tl_field *field, struct literal l, int no)
{
	char name[TL_COMM_LEN + 1] = "";
	struct tl_place place;

	if (!tl_emit_place(e, field, &place))
		return;
	tl_emit_if(e, false, no);
	tl_emit_bits(e, field, &place, BPF_REG_5, no);
	if (l.n > TL_COMM_LEN || memchr(l.bytes, '\0', l.n)) {
		tl_emit_if(e, true, no);
	} else if (op == TL_OP_EQ) {
		memcpy(name, l.bytes, l.n);
		tl_emit_bytes(e, TL_REG_BASE, place.offset, name, l.n + (l.n < TL_COMM_LEN), no);
	} else if (l.n == 0) {
		return;
	} else if (op == TL_OP_STARTS) {
		tl_emit_bytes(e, TL_REG_BASE, place.offset, l.bytes, l.n, no);
	} else if (op == TL_OP_ENDS) {
		comm_ends(e, l, place.offset, no);
	} else {
		comm_contains(e, l, place.offset, no);
	}
}

/* ---- which of them ---------------------------------------------------------------------------------- */

static void field_test(struct tl_emitter *e, enum tl_op op, const struct tl_field *field, struct literal l, int no)
{
	if (l.n > TL_EMIT_STRING)
		tl_emit_refuse(e, "a string of %zu bytes; the kernel compares %d", l.n, TL_EMIT_STRING);
	else if (field->type == TL_TYPE_COMM)
		comm_test(e, op, field, l, no);
	else if (field->type == TL_TYPE_STR || field->type == TL_TYPE_BYTES)
		str_test(e, op, field, l, no);
	else
		tl_emit_path_test(e, op, field, l.bytes, l.n, no);
}

void tl_emit_string_test(struct tl_emitter *e, const struct tl_bnode *node, int no)
{
	const struct tl_bnode *a = tl_bnode(e->bound, node->a), *b = tl_bnode(e->bound, node->b);
	const struct tl_bnode *other;

	if (node->op == TL_OP_EQ && b->op == TL_OP_FIELD && a->op != TL_OP_FIELD) {
		other = a;
		a = b;
		b = other;
	}
	if (a->op == TL_OP_FIELD && b->op == TL_OP_STRING)
		field_test(e, node->op, a->field, (struct literal){ b->string, b->len }, no);
	else if (a->op == TL_OP_FIELD && b->op == TL_OP_FIELD)
		tl_emit_refuse(e, "two strings of the record are compared");
	else
		tl_emit_var_test(e, node->op, a->op == TL_OP_VAR ? b : a, a->op == TL_OP_VAR ? a : b, no);
}

void tl_emit_string_in(struct tl_emitter *e, const struct tl_bnode *node, int no)
{
	const struct tl_bnode *s = tl_bnode(e->bound, node->a), *set = tl_bnode(e->bound, node->b);
	int yes;

	if (set->op == TL_OP_VAR) {
		tl_emit_set_string(e, s, set->var, no);
		return;
	}
	if (s->op != TL_OP_FIELD) {
		tl_emit_refuse(e, "a variable is looked for in a set");
		return;
	}
	yes = tl_code_label(e->code);
	for (int i = node->b; i >= 0; i = tl_bnode(e->bound, i)->next) {
		const struct tl_bnode *element = tl_bnode(e->bound, i);
		int next = tl_code_label(e->code);

		field_test(e, TL_OP_EQ, s->field, (struct literal){ element->string, element->len }, next);
		tl_code_goto(e->code, yes);
		tl_code_place(e->code, next);
	}
	tl_code_goto(e->code, no);
	tl_code_place(e->code, yes);
}
