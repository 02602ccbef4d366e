// SPDX-License-Identifier: MIT
/* The code of spans in verdicts: marks begins, and takes them out again where the span ends. */
#include <stddef.h>

#include "session/session.h"

#define BASE		TL_REG_BASE
#define TIME		((int)offsetof(struct tl_slot, head.time))
#define SHOWN		((int)offsetof(struct tl_slot, head.span))
#define NO_BEGIN	(-1)	/* TL_NO_DURATION */

static int kept_at(const struct tl_span *span)
{
	return (int)offsetof(struct tl_slot, spans) + 8 * (int)span->number;
}

static void emit_stack_arg(struct tl_code *code, int reg, int offset)
{
	tl_code_alu(code, BPF_MOV, reg, BPF_REG_10);
	tl_code_alu_imm(code, BPF_ADD, reg, offset);
}

/* The key in the frame; to the label without one. */
static void emit_key(const struct tl_span_code *c, const struct tl_ask *ask, int missing)
{
	tl_bound_emit_number(ask->value, c->code, c->env, missing);
	tl_code_store(c->code, BPF_DW, BPF_REG_10, c->frame->value, BPF_REG_0);
}

static void emit_count(const struct tl_span_code *c, const struct tl_span *span, size_t member)
{
	size_t at = offsetof(struct tl_shared, subs) + span->mark->bit * sizeof(struct tl_sub_counts) + member;

	tl_code_map_value(c->code, BPF_REG_1, c->shared, at);
	tl_code_alu_imm(c->code, BPF_MOV, BPF_REG_2, 1);
	tl_code_emit(c->code, (struct bpf_insn){ .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = BPF_REG_1,
						 .src_reg = BPF_REG_2, .imm = BPF_ADD });
}

/* R0 points to the time of the begin. CPUs may be apart: a span is never shorter than nothing. */
static void emit_duration(const struct tl_span_code *c, const struct tl_span *span)
{
	struct tl_code *code = c->code;
	int positive = tl_code_label(code);

	tl_code_load(code, BPF_DW, BPF_REG_1, BPF_REG_0, 0);
	tl_code_load(code, BPF_DW, BPF_REG_2, BASE, TIME);
	tl_code_alu(code, BPF_SUB, BPF_REG_2, BPF_REG_1);
	tl_code_jump_imm(code, BPF_JSGE, BPF_REG_2, 0, positive);
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_2, 0);
	tl_code_place(code, positive);
	tl_code_store(code, BPF_DW, BASE, kept_at(span), BPF_REG_2);
}

static void emit_call(const struct tl_span_code *c, const struct tl_span *span, int helper)
{
	tl_code_map_fd(c->code, BPF_REG_1, span->map);
	emit_stack_arg(c->code, BPF_REG_2, c->frame->value);
	tl_code_call(c->code, helper);
}

static void emit_take(const struct tl_span_code *c, const struct tl_span *span, const struct tl_ask *ask, int done,
		      int unbegun)
{
	for (size_t i = 0; i < ask->n_clauses; i++)
		tl_bound_emit_test(ask->clauses[i].bound, c->code, c->env, done);
	emit_key(c, ask, done);
	emit_call(c, span, BPF_FUNC_map_lookup_elem);
	tl_code_jump_imm(c->code, BPF_JEQ, BPF_REG_0, 0, unbegun);
	emit_duration(c, span);
	emit_call(c, span, BPF_FUNC_map_delete_elem);
	tl_code_goto(c->code, done);
}

void tl_span_emit_take(const struct tl_span_code *c, const struct tl_span *span, size_t end, uint64_t subs)
{
	struct tl_code *code = c->code;
	int in = tl_code_label(code), done = tl_code_label(code), unbegun = tl_code_label(code);

	tl_code_store_imm(code, BPF_DW, BASE, kept_at(span), NO_BEGIN);
	tl_code_imm64(code, BPF_REG_1, subs);
	tl_code_jump(code, BPF_JSET, TL_REG_KEEP, BPF_REG_1, in);
	tl_code_goto(code, done);
	tl_code_place(code, in);
	c->env->error = tl_code_label(code);
	emit_take(c, span, &span->ends[end].ask, done, unbegun);
	if (tl_code_is_used(code, c->env->error)) {
		tl_code_place(code, c->env->error);
		emit_count(c, span, offsetof(struct tl_sub_counts, errors));
		tl_code_goto(code, done);
	}
	if (tl_code_is_used(code, unbegun)) {
		tl_code_place(code, unbegun);
		emit_count(c, span, offsetof(struct tl_sub_counts, unbegun));
	}
	tl_code_place(code, done);
}

void tl_span_emit_show(const struct tl_span_code *c, const struct tl_span *span, int deny)
{
	tl_code_load(c->code, BPF_DW, BPF_REG_1, BASE, kept_at(span));
	tl_code_jump_imm(c->code, BPF_JEQ, BPF_REG_1, NO_BEGIN, deny);
	tl_code_store(c->code, BPF_DW, BASE, SHOWN, BPF_REG_1);
}

void tl_span_emit_mark(const struct tl_span_code *c, const struct tl_span *span, const struct tl_ask *ask, int skip,
		       int full)
{
	struct tl_code *code = c->code;
	int time = c->frame->stack - 8;

	emit_key(c, ask, skip);
	tl_code_load(code, BPF_DW, BPF_REG_1, BASE, TIME);
	tl_code_store(code, BPF_DW, BPF_REG_10, time, BPF_REG_1);
	emit_stack_arg(code, BPF_REG_3, time);
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_4, BPF_ANY);
	emit_call(c, span, BPF_FUNC_map_update_elem);
	tl_code_jump_imm(code, BPF_JNE, BPF_REG_0, 0, full);
}
