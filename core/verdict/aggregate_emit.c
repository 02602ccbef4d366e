// SPDX-License-Identifier: MIT
/* The code that updates an aggregate: builds the key in the scratch, finds its entry, adds. */
#include "verdict/aggregate.h"

#include <stddef.h>

#define KEY		((int)offsetof(struct tl_slot, key))
#define BASE		TL_REG_BASE
#define OFFSET_MASK	0x7fff	/* of a string in the record: a bound that the verifier sees */

struct emitting {
	const struct tl_aggregate *aggregate;
	const struct tl_entry *entry;
	enum tl_stage stage;
	const struct tl_verdict_frame *frame;
	const struct tl_emit_env *env;
	struct tl_code *code;
};

/* ---- the key ----------------------------------------------------------------------------------- */

static void emit_clear_key(const struct emitting *e)
{
	for (int at = 0; at < e->aggregate->key_size; at += 8)
		tl_code_store_imm(e->code, BPF_DW, BASE, KEY + at, 0);
}

static void emit_missing(const struct emitting *e, size_t i)
{
	tl_code_load(e->code, BPF_DW, BPF_REG_1, BASE, KEY);
	tl_code_alu_imm(e->code, BPF_OR, BPF_REG_1, 1 << i);
	tl_code_store(e->code, BPF_DW, BASE, KEY, BPF_REG_1);
}

/* To the label if the field could not be read or does not exist here. */
static void emit_check(const struct emitting *e, const struct tl_field *field, const struct tl_place *place,
		       int if_missing)
{
	int there;

	if (place->missing != TL_MISSING_BITS)
		return;
	tl_code_load(e->code, BPF_DW, BPF_REG_1, BASE, e->env->unread);
	tl_code_load(e->code, BPF_DW, BPF_REG_2, BASE, e->env->absent);
	tl_code_alu(e->code, BPF_OR, BPF_REG_1, BPF_REG_2);
	tl_code_imm64(e->code, BPF_REG_2, TL_BIT(field->number));
	there = tl_code_label(e->code);
	tl_code_alu(e->code, BPF_AND, BPF_REG_1, BPF_REG_2);
	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_1, 0, there);
	tl_code_goto(e->code, if_missing);
	tl_code_place(e->code, there);
}

static void emit_words(const struct emitting *e, int from, int to, int size)
{
	for (int at = 0; at < size; at += 4) {
		tl_code_load(e->code, BPF_W, BPF_REG_1, BASE, from + at);
		tl_code_store(e->code, BPF_W, BASE, to + at, BPF_REG_1);
	}
}

/* An errno, positive; without one the part is missing. */
static void emit_error(const struct emitting *e, const struct tl_place *place, int to, int if_missing)
{
	tl_code_load(e->code, place->size == 8 ? BPF_DW : BPF_W, BPF_REG_1, BASE, place->offset);
	if (place->size == 4) {
		tl_code_alu_imm(e->code, BPF_LSH, BPF_REG_1, 32);
		tl_code_alu_imm(e->code, BPF_ARSH, BPF_REG_1, 32);
	}
	tl_code_jump_imm(e->code, BPF_JSGE, BPF_REG_1, 0, if_missing);
	tl_code_jump_imm(e->code, BPF_JSLT, BPF_REG_1, -4095, if_missing);
	tl_code_alu_imm(e->code, BPF_MOV, BPF_REG_2, 0);
	tl_code_alu(e->code, BPF_SUB, BPF_REG_2, BPF_REG_1);
	tl_code_store(e->code, BPF_DW, BASE, to, BPF_REG_2);
}

/* A struct tl_str with the first bytes of what it says, and whether there are more. */
static void emit_tail(const struct emitting *e, const struct tl_place *place, int to, int room)
{
	struct tl_code *code = e->code;
	int fits = tl_code_label(code);

	tl_code_load(code, BPF_H, BPF_REG_2, BASE, place->offset + (int)offsetof(struct tl_str, length));
	tl_code_load(code, BPF_H, BPF_REG_4, BASE, place->offset + (int)offsetof(struct tl_str, flags));
	tl_code_load(code, BPF_H, BPF_REG_5, BASE, place->offset + (int)offsetof(struct tl_str, kind));
	tl_code_alu_imm(code, BPF_AND, BPF_REG_4, TL_STR_CUT | TL_STR_DELETED);
	tl_code_jump_imm(code, BPF_JLE, BPF_REG_2, room, fits);
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_2, room);
	tl_code_alu_imm(code, BPF_OR, BPF_REG_4, TL_STR_CUT);
	tl_code_place(code, fits);
	tl_code_store(code, BPF_H, BASE, to + (int)offsetof(struct tl_str, length), BPF_REG_2);
	tl_code_store(code, BPF_H, BASE, to + (int)offsetof(struct tl_str, flags), BPF_REG_4);
	tl_code_store(code, BPF_H, BASE, to + (int)offsetof(struct tl_str, kind), BPF_REG_5);
	tl_code_load(code, BPF_H, BPF_REG_1, BASE, place->offset + (int)offsetof(struct tl_str, offset));
	tl_code_alu_imm(code, BPF_AND, BPF_REG_1, OFFSET_MASK);
	tl_code_alu(code, BPF_MOV, BPF_REG_3, BASE);
	tl_code_alu_imm(code, BPF_ADD, BPF_REG_3, e->env->record);
	tl_code_alu(code, BPF_ADD, BPF_REG_3, BPF_REG_1);
	tl_code_alu(code, BPF_MOV, BPF_REG_1, BASE);
	tl_code_alu_imm(code, BPF_ADD, BPF_REG_1, to + (int)sizeof(struct tl_str));
	tl_code_call(code, BPF_FUNC_probe_read_kernel);
}

static void emit_ip(const struct emitting *e, const struct tl_place *place, int to, int if_missing)
{
	tl_code_load(e->code, BPF_B, BPF_REG_1, BASE, place->offset);
	tl_code_jump_imm(e->code, BPF_JEQ, BPF_REG_1, 0, if_missing);
	emit_words(e, place->offset, to, sizeof(struct tl_ip));
}

static void emit_event(const struct emitting *e, int to)
{
	tl_code_load(e->code, BPF_H, BPF_REG_1, BASE, (int)offsetof(struct tl_slot, head.event));
	tl_code_store(e->code, BPF_DW, BASE, to, BPF_REG_1);
}

static void emit_field(const struct emitting *e, const struct tl_key_part *part, const struct tl_field *field,
		       int if_missing)
{
	int to = KEY + part->offset;
	struct tl_place place;

	if (part->kind == TL_KEY_EVENT) {
		emit_event(e, to);
		return;
	}
	e->env->place(e->env->arg, field, &place);	/* found there when the stage was chosen */
	emit_check(e, field, &place, if_missing);
	switch (part->kind) {
	case TL_KEY_BOOL:
		tl_code_load(e->code, BPF_B, BPF_REG_1, BASE, place.offset);
		tl_code_store(e->code, BPF_DW, BASE, to, BPF_REG_1);
		break;
	case TL_KEY_ERROR: emit_error(e, &place, to, if_missing); break;
	case TL_KEY_COMM: emit_words(e, place.offset, to, TL_COMM_LEN); break;
	case TL_KEY_IP: emit_ip(e, &place, to, if_missing); break;
	default: emit_tail(e, &place, to, part->size - (int)sizeof(struct tl_str));
	}
}

static void emit_part(const struct emitting *e, size_t i, const struct tl_bound *bound)
{
	const struct tl_key_part *part = &e->aggregate->parts[i];
	int missing = tl_code_label(e->code), done = tl_code_label(e->code);

	if (tl_bound_is_missing(bound)) {
		emit_missing(e, i);
		return;
	}
	if (part->kind == TL_KEY_INT || !tl_bound_field(bound)) {
		tl_bound_emit_number(bound, e->code, e->env, missing);
		tl_code_store(e->code, BPF_DW, BASE, KEY + part->offset, BPF_REG_0);
	} else {
		emit_field(e, part, tl_bound_field(bound), missing);
	}
	if (!tl_code_is_used(e->code, missing))
		return;
	tl_code_goto(e->code, done);
	tl_code_place(e->code, missing);
	emit_missing(e, i);
	tl_code_place(e->code, done);
}

/* ---- buckets ----------------------------------------------------------------------------------- */

/* The number of the highest bit of R0, which is not 0, in R1. R2 is lost. */
static void emit_log2(struct tl_code *code)
{
	tl_code_alu(code, BPF_MOV, BPF_REG_2, BPF_REG_0);
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_1, 0);
	for (int bits = 32; bits; bits /= 2) {
		int low = tl_code_label(code);

		tl_code_alu(code, BPF_MOV, BPF_REG_3, BPF_REG_2);
		tl_code_alu_imm(code, BPF_RSH, BPF_REG_3, bits);
		tl_code_jump_imm(code, BPF_JEQ, BPF_REG_3, 0, low);
		tl_code_alu(code, BPF_MOV, BPF_REG_2, BPF_REG_3);
		tl_code_alu_imm(code, BPF_ADD, BPF_REG_1, bits);
		tl_code_place(code, low);
	}
}

/* -1: negative; 0: 0; else one more than the logarithm, rounded down. */
static void emit_hist(struct tl_code *code, int done)
{
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_1, 0);
	tl_code_jump_imm(code, BPF_JEQ, BPF_REG_0, 0, done);
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_1, -1);
	tl_code_jump_imm(code, BPF_JSLT, BPF_REG_0, 0, done);
	emit_log2(code);
	tl_code_alu_imm(code, BPF_ADD, BPF_REG_1, 1);
}

/* As many buckets of the same size between two powers of two: the middle of one is off by 0.8 % at most. */
#define QUANTILE_BITS 6

static void emit_quantile(struct tl_code *code, int done)
{
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_1, -1);
	tl_code_jump_imm(code, BPF_JSLT, BPF_REG_0, 0, done);
	tl_code_alu(code, BPF_MOV, BPF_REG_1, BPF_REG_0);
	tl_code_jump_imm(code, BPF_JLT, BPF_REG_0, 1 << QUANTILE_BITS, done);
	emit_log2(code);
	tl_code_alu_imm(code, BPF_SUB, BPF_REG_1, QUANTILE_BITS);
	tl_code_alu_imm(code, BPF_AND, BPF_REG_1, 63);
	tl_code_alu(code, BPF_RSH, BPF_REG_0, BPF_REG_1);
	tl_code_alu_imm(code, BPF_LSH, BPF_REG_1, QUANTILE_BITS);
	tl_code_alu(code, BPF_ADD, BPF_REG_1, BPF_REG_0);
}

/* Steps from low on; -1: below; the first number that is none: at or above high. */
static void emit_lhist(const struct tl_aggregate_opts *opts, struct tl_code *code, int done)
{
	uint64_t span = (uint64_t)opts->high - (uint64_t)opts->low, step = (uint64_t)opts->step;
	uint64_t above = span / step + (span % step != 0);

	tl_code_imm64(code, BPF_REG_2, (uint64_t)opts->low);
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_1, -1);
	tl_code_jump(code, BPF_JSLT, BPF_REG_0, BPF_REG_2, done);
	tl_code_imm64(code, BPF_REG_3, (uint64_t)opts->high);
	tl_code_imm64(code, BPF_REG_1, above);
	tl_code_jump(code, BPF_JSGE, BPF_REG_0, BPF_REG_3, done);
	tl_code_alu(code, BPF_MOV, BPF_REG_1, BPF_REG_0);
	tl_code_alu(code, BPF_SUB, BPF_REG_1, BPF_REG_2);
	tl_code_imm64(code, BPF_REG_2, step);
	tl_code_alu(code, BPF_DIV, BPF_REG_1, BPF_REG_2);
}

static void emit_bucket(const struct emitting *e)
{
	const struct tl_aggregate *aggregate = e->aggregate;
	int done = tl_code_label(e->code);

	tl_code_load(e->code, BPF_DW, BPF_REG_0, BPF_REG_10, e->frame->value);
	if (aggregate->opts.kind == TL_HIST)
		emit_hist(e->code, done);
	else if (aggregate->opts.kind == TL_QUANTILE)
		emit_quantile(e->code, done);
	else
		emit_lhist(&aggregate->opts, e->code, done);
	tl_code_place(e->code, done);
	tl_code_store(e->code, BPF_DW, BASE, KEY + aggregate->bucket, BPF_REG_1);
}

/* ---- the entry --------------------------------------------------------------------------------- */

static void emit_key_arg(struct tl_code *code, int reg)
{
	tl_code_alu(code, BPF_MOV, reg, BASE);
	tl_code_alu_imm(code, BPF_ADD, reg, KEY);
}

static void emit_lookup(struct tl_code *code)
{
	tl_code_alu(code, BPF_MOV, BPF_REG_1, BPF_REG_9);
	emit_key_arg(code, BPF_REG_2);
	tl_code_call(code, BPF_FUNC_map_lookup_elem);
}

/* A first increment: an entry of zeros, which another CPU may have made meanwhile. */
static void emit_insert(const struct emitting *e)
{
	int size = e->aggregate->stride * TL_LEVELS, at = e->frame->stack - size;

	for (int i = 0; i < size; i += 8)
		tl_code_store_imm(e->code, BPF_DW, BPF_REG_10, at + i, 0);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_1, BPF_REG_9);
	emit_key_arg(e->code, BPF_REG_2);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_3, BPF_REG_10);
	tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_3, at);
	tl_code_alu_imm(e->code, BPF_MOV, BPF_REG_4, BPF_NOEXIST);
	tl_code_call(e->code, BPF_FUNC_map_update_elem);
	emit_lookup(e->code);
}

/* R9: the map. As long as nothing was cleared it is always the same one. */
static void emit_map(const struct emitting *e, int full)
{
	struct tl_code *code = e->code;

	if (e->aggregate->outer < 0) {
		tl_code_map_fd(code, BPF_REG_9, e->aggregate->inner);
		return;
	}
	tl_code_map_fd(code, BPF_REG_1, e->aggregate->outer);
	tl_code_alu(code, BPF_MOV, BPF_REG_2, BPF_REG_10);
	tl_code_alu_imm(code, BPF_ADD, BPF_REG_2, e->frame->zero);
	tl_code_call(code, BPF_FUNC_map_lookup_elem);
	tl_code_jump_imm(code, BPF_JEQ, BPF_REG_0, 0, full);
	tl_code_alu(code, BPF_MOV, BPF_REG_9, BPF_REG_0);
}

/* R0: this CPU's values of this nesting level; none other writes them, so plain additions do. */
static void emit_find(const struct emitting *e, int full)
{
	struct tl_code *code = e->code;
	int found = tl_code_label(code);

	emit_map(e, full);
	emit_lookup(code);
	tl_code_jump_imm(code, BPF_JNE, BPF_REG_0, 0, found);
	emit_insert(e);
	tl_code_jump_imm(code, BPF_JEQ, BPF_REG_0, 0, full);
	tl_code_place(code, found);
	tl_code_load(code, BPF_DW, BPF_REG_1, BPF_REG_10, e->frame->level);
	tl_code_alu_imm(code, BPF_AND, BPF_REG_1, TL_LEVELS - 1);
	tl_code_alu_imm(code, BPF_MUL, BPF_REG_1, e->aggregate->stride);
	tl_code_alu(code, BPF_ADD, BPF_REG_0, BPF_REG_1);
}

static void emit_sum(const struct emitting *e)
{
	tl_code_load(e->code, BPF_DW, BPF_REG_1, BPF_REG_10, e->frame->value);
	tl_code_load(e->code, BPF_DW, BPF_REG_2, BPF_REG_0, 8);
	tl_code_alu(e->code, BPF_ADD, BPF_REG_2, BPF_REG_1);
	tl_code_store(e->code, BPF_DW, BPF_REG_0, 8, BPF_REG_2);
}

/* R3 is the count before: the first value is both the least and the greatest. */
static void emit_extremes(const struct emitting *e)
{
	struct tl_code *code = e->code;
	int first = tl_code_label(code), least = tl_code_label(code), done = tl_code_label(code);

	tl_code_load(code, BPF_DW, BPF_REG_1, BPF_REG_10, e->frame->value);
	tl_code_jump_imm(code, BPF_JEQ, BPF_REG_3, 0, first);
	tl_code_load(code, BPF_DW, BPF_REG_2, BPF_REG_0, 8);
	tl_code_jump(code, BPF_JSGE, BPF_REG_1, BPF_REG_2, least);
	tl_code_store(code, BPF_DW, BPF_REG_0, 8, BPF_REG_1);
	tl_code_place(code, least);
	tl_code_load(code, BPF_DW, BPF_REG_2, BPF_REG_0, 16);
	tl_code_jump(code, BPF_JSLE, BPF_REG_1, BPF_REG_2, done);
	tl_code_store(code, BPF_DW, BPF_REG_0, 16, BPF_REG_1);
	tl_code_goto(code, done);
	tl_code_place(code, first);
	tl_code_store(code, BPF_DW, BPF_REG_0, 8, BPF_REG_1);
	tl_code_store(code, BPF_DW, BPF_REG_0, 16, BPF_REG_1);
	tl_code_place(code, done);
}

static void emit_add(const struct emitting *e)
{
	tl_code_load(e->code, BPF_DW, BPF_REG_3, BPF_REG_0, 0);
	tl_code_alu(e->code, BPF_MOV, BPF_REG_4, BPF_REG_3);
	tl_code_alu_imm(e->code, BPF_ADD, BPF_REG_4, 1);
	tl_code_store(e->code, BPF_DW, BPF_REG_0, 0, BPF_REG_4);
	if (e->aggregate->stride == 16)
		emit_sum(e);
	else if (e->aggregate->stride == 24)
		emit_extremes(e);
}

void tl_aggregate_emit(const struct tl_aggregate *aggregate, const struct tl_ask *ask, enum tl_stage stage,
		       const struct tl_entry *entry, const struct tl_verdict_frame *frame, struct tl_code *code,
		       const struct tl_emit_env *env, int skip, int full)
{
	struct emitting e = { .aggregate = aggregate, .entry = entry, .stage = stage, .frame = frame, .env = env,
			      .code = code };
	bool counts_values = aggregate->opts.kind == TL_DISTINCT;

	if (ask->value && !counts_values) {
		tl_bound_emit_number(ask->value, code, env, skip);
		tl_code_store(code, BPF_DW, BPF_REG_10, frame->value, BPF_REG_0);
	}
	emit_clear_key(&e);
	for (size_t i = 0; i < aggregate->n_keys; i++)
		emit_part(&e, i, ask->keys[i]);
	if (counts_values)
		emit_part(&e, aggregate->n_keys, ask->value);
	if (aggregate->bucket)
		emit_bucket(&e);
	emit_find(&e, full);
	emit_add(&e);
}
