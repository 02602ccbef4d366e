/* SPDX-License-Identifier: MIT */
/*
 * expr_emit_key.c: strings of the record against strings that change. They are copied to the stack, with
 * zeros behind them, where they look as a variable or the key of a set does.
 */
#include <string.h>

#include "expr/expr_emit.h"

#define KEY_LEN	((int)offsetof(struct tl_set_string, len))

void tl_emit_look_up(struct tl_emitter *e, const struct tl_set *set, int key, int no)
{
	if (set->fd < 0) {
		tl_emit_refuse(e, "the set is not in the kernel");
		return;
	}
	tl_code_map_fd(e->code, BPF_REG_1, set->fd);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_2, BPF_REG_10);
	tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_2, key);
	tl_code_call(e->code, BPF_FUNC_map_lookup_elem);
	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_0, 0, no);
}

static void clear_key(struct tl_emitter *e)
{
	for (int at = 0; at < KEY_LEN; at += 8)
		tl_code_store_imm(e->code, BPF_DW, BPF_REG_10, e->key + at, 0);
}

/* Calls a helper that reads kernel memory to the key: R2 bytes at R3. */
static void read_key(struct tl_emitter *e, int helper)
{
	tl_code_alu(e->code, BPF_MOV, BPF_REG_1, BPF_REG_10);
	tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_1, e->key);
	tl_code_call(e->code, helper);
}

/* The R3 bytes at the offset in R2: at most TL_VAR_STRING of them. */
static void copy_tail(struct tl_emitter *e, int no)
{
	tl_emit_point(e, BPF_REG_2, TL_VAR_STRING, no);
	tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_1, e->env->record);
	tl_code_store(e->code, BPF_DW, BPF_REG_10, e->key + KEY_LEN, BPF_REG_3);
	clear_key(e);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_2, BPF_REG_3);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_3, BPF_REG_1);
	read_key(e, BPF_FUNC_probe_read_kernel);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_0, 0, no);
}

static void copy_comm(struct tl_emitter *e, const struct tl_field *field, int no)
{
	struct tl_place place;

	if (!tl_emit_place(e, field, &place))
		return;
	tl_emit_bits(e, field, &place, BPF_REG_5, no);
	clear_key(e);
	tl_code_imm64(e->code, BPF_REG_2, TL_COMM_LEN + 1);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_3, TL_REG_BASE);
	tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_3, place.offset);
	read_key(e, BPF_FUNC_probe_read_kernel_str);
	tl_code_jump_imm(e->code, BPF_JSLE, BPF_REG_0, 0, no);
	tl_code_alu_imm(e->code, BPF_SUB, BPF_REG_0, 1);
	tl_code_store(e->code, BPF_DW, BPF_REG_10, e->key + KEY_LEN, BPF_REG_0);
}

/* R9: the one of a variable's two strings that is meant; at `offset` from there. */
static int point_var(struct tl_emitter *e, const struct tl_var *var)
{
	tl_code_load(e->code, BPF_DW, BPF_REG_9, TL_REG_VARS, var->offset);
	tl_code_alu_imm(e->code, BPF_AND, BPF_REG_9, 1);
	tl_code_alu_imm(e->code, BPF_MUL, BPF_REG_9, sizeof(struct tl_set_string));
	tl_code_alu(e->code, BPF_ADD, BPF_REG_9, TL_REG_VARS);
	return var->offset + (int)offsetof(struct tl_var_string, strings);
}

static void compare_key(struct tl_emitter *e, int offset, int no)
{
	for (int at = 0; at < (int)sizeof(struct tl_set_string); at += 8) {
		tl_code_load(e->code, BPF_DW, BPF_REG_4, BPF_REG_9, offset + at);
		tl_code_load(e->code, BPF_DW, BPF_REG_5, BPF_REG_10, e->key + at);
		tl_code_jump(e->code, BPF_JNE, BPF_REG_4, BPF_REG_5, no);
	}
}

/* The part of a string that is as long as the variable. */
static void tail_and_var(struct tl_emitter *e, enum tl_op op, const struct tl_field *field, const struct tl_var *var,
			 int no)
{
	int offset = point_var(e, var);
	struct tl_place place;

	if (!tl_emit_place(e, field, &place))
		return;
	tl_emit_str(e, field, &place, no);
	if (op == TL_OP_EQ) {
		tl_code_jump_imm(e->code, BPF_JGT, BPF_REG_3, TL_VAR_STRING, no);
	} else {
		tl_code_load(e->code, BPF_DW, BPF_REG_4, BPF_REG_9, offset + KEY_LEN);
		tl_code_jump(e->code, BPF_JGT, BPF_REG_4, BPF_REG_3, no);
		tl_code_jump_imm(e->code, BPF_JGT, BPF_REG_4, TL_VAR_STRING, no);
		if (op == TL_OP_ENDS) {
			tl_code_alu(e->code, BPF_ADD, BPF_REG_2, BPF_REG_3);
			tl_code_alu(e->code, BPF_SUB, BPF_REG_2, BPF_REG_4);
		}
		tl_code_alu(e->code, BPF_MOV, BPF_REG_3, BPF_REG_4);
	}
	copy_tail(e, no);
	compare_key(e, offset, no);
}

static void literal_and_var(struct tl_emitter *e, const struct tl_bnode *literal, const struct tl_var *var, int no)
{
	int offset = point_var(e, var);

	tl_code_load(e->code, BPF_DW, BPF_REG_4, BPF_REG_9, offset + KEY_LEN);
	tl_code_jump_imm(e->code, BPF_JNE, BPF_REG_4, (int32_t)literal->len, no);
	if (literal->len && literal->len <= TL_VAR_STRING)
		tl_emit_bytes(e, BPF_REG_9, offset, literal->string, literal->len, no);
}

void tl_emit_var_test(struct tl_emitter *e, enum tl_op op, const struct tl_bnode *s, const struct tl_bnode *var, int no)
{
	enum tl_type type = s->op == TL_OP_FIELD ? s->field->type : TL_TYPE_EVENT;

	if (s->op == TL_OP_STRING && op == TL_OP_EQ) {
		literal_and_var(e, s, var->var, no);
	} else if ((type == TL_TYPE_STR || type == TL_TYPE_BYTES) && op != TL_OP_CONTAINS) {
		tail_and_var(e, op, s->field, var->var, no);
	} else if (type == TL_TYPE_COMM && op == TL_OP_EQ) {
		copy_comm(e, s->field, no);
		compare_key(e, point_var(e, var->var), no);
	} else if (type == TL_TYPE_PATH || type == TL_TYPE_FILE) {
		tl_emit_refuse(e, "%s is compared with a variable", s->field->name);
	} else {
		tl_emit_refuse(e, "this is asked of a variable");
	}
}

static void literal_key(struct tl_emitter *e, const struct tl_bnode *literal, int no)
{
	struct tl_set_string key = { .len = literal->len };
	uint64_t word;

	tl_emit_if(e, literal->len > sizeof(key.bytes), no);
	memcpy(key.bytes, literal->string, literal->len < sizeof(key.bytes) ? literal->len : sizeof(key.bytes));
	for (size_t at = 0; at < sizeof(key); at += 8) {
		memcpy(&word, (const char *)&key + at, sizeof(word));
		tl_code_imm64(e->code, BPF_REG_1, word);
		tl_code_store(e->code, BPF_DW, BPF_REG_10, e->key + (int)at, BPF_REG_1);
	}
}

void tl_emit_set_string(struct tl_emitter *e, const struct tl_bnode *s, const struct tl_var *var, int no)
{
	struct tl_place place;

	if (s->op == TL_OP_STRING) {
		literal_key(e, s, no);
	} else if (s->op == TL_OP_VAR) {
		tl_emit_refuse(e, "a variable is looked for in a set");
	} else if (s->field->type == TL_TYPE_COMM) {
		copy_comm(e, s->field, no);
	} else if (s->field->type == TL_TYPE_STR || s->field->type == TL_TYPE_BYTES) {
		if (!tl_emit_place(e, s->field, &place))
			return;
		tl_emit_str(e, s->field, &place, no);
		tl_code_jump_imm(e->code, BPF_JGT, BPF_REG_3, TL_VAR_STRING, no);
		copy_tail(e, no);
	} else {
		tl_emit_refuse(e, "%s is looked for in a set that changes", s->field->name);
	}
	tl_emit_look_up(e, &var->set, e->key, no);
}
