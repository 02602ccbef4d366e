/* SPDX-License-Identifier: MIT */
/* expr_emit.c: conditions as jumps, and what the emitter offers to others. */
#include "expr/expr_emit.h"

#include <errno.h>
#include <stdio.h>

#include "common/error.h"

#define STACK	512	/* bytes that a program has */

static void jump(struct tl_emitter *e, int i, bool sense, int label, int depth);

void tl_emit_refuse(struct tl_emitter *e, const char *fmt, ...)
{
	char message[256];
	va_list args;

	if (e->refused)
		return;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	e->refused = tl_fail(e->err, -EOPNOTSUPP, "%s", message);
}

void tl_emit_if(struct tl_emitter *e, bool taken, int label)
{
	tl_code_imm64(e->code, BPF_REG_5, 0);
	tl_code_jump_imm(e->code, taken ? BPF_JEQ : BPF_JNE, BPF_REG_5, 0, label);
}

/* ---- comparisons ------------------------------------------------------------------------------------ */

/* The jump for R0 and R1 in their order, turned round if b is in R0, the opposite if it is to be false. */
static int jump_of(enum tl_op op, bool turned, bool sense)
{
	if (op == TL_OP_EQ)
		return sense ? BPF_JEQ : BPF_JNE;
	if (op == TL_OP_LT)
		return turned ? (sense ? BPF_JSGT : BPF_JSLE) : (sense ? BPF_JSLT : BPF_JSGE);
	return turned ? (sense ? BPF_JSGE : BPF_JSLT) : (sense ? BPF_JSLE : BPF_JSGT);
}

static void compare(struct tl_emitter *e, const struct tl_bnode *node, bool sense, int label, int no, int depth)
{
	const struct tl_bnode *b = tl_bnode(e->bound, node->b);
	int op = jump_of(node->op, node->b_first, sense);

	if ((b->op == TL_OP_INT || b->op == TL_OP_ERRNO) && !node->b_first && (int32_t)b->number == b->number) {
		tl_emit_int(e, node->a, no, depth);
		tl_code_jump_imm(e->code, op, BPF_REG_0, (int32_t)b->number, label);
	} else {
		tl_emit_operands(e, node, no, depth);
		tl_code_jump(e->code, op, BPF_REG_0, BPF_REG_1, label);
	}
}

/* 1 or 0 in R0. A field that is missing is neither. */
static void truth(struct tl_emitter *e, int i, int no, int depth)
{
	const struct tl_bnode *node = tl_bnode(e->bound, i);
	int no_truth, end;

	if (node->op == TL_OP_FIELD || node->op == TL_OP_BOOL) {
		tl_emit_number(e, node, BPF_REG_0, no);
		return;
	}
	no_truth = tl_code_label(e->code);
	end = tl_code_label(e->code);
	jump(e, i, false, no_truth, depth);
	tl_code_imm64(e->code, BPF_REG_0, 1);
	tl_code_goto(e->code, end);
	tl_code_place(e->code, no_truth);
	tl_code_imm64(e->code, BPF_REG_0, 0);
	tl_code_place(e->code, end);
}

static void compare_truths(struct tl_emitter *e, const struct tl_bnode *node, bool sense, int label, int no, int depth)
{
	truth(e, node->b_first ? node->b : node->a, no, depth);
	tl_code_store(e->code, BPF_DW, BPF_REG_10, tl_emit_slot(e, depth), BPF_REG_0);
	truth(e, node->b_first ? node->a : node->b, no, depth + 1);
	tl_code_load(e->code, BPF_DW, BPF_REG_1, BPF_REG_10, tl_emit_slot(e, depth));
	tl_code_jump(e->code, sense ? BPF_JEQ : BPF_JNE, BPF_REG_0, BPF_REG_1, label);
}

/* One number among others; here it goes on if it is one of them. */
static void number_in(struct tl_emitter *e, const struct tl_bnode *node, int no, int depth)
{
	const struct tl_bnode *set = tl_bnode(e->bound, node->b);
	int found;

	tl_emit_int(e, node->a, no, depth);
	if (set->op == TL_OP_VAR) {
		tl_code_store(e->code, BPF_DW, BPF_REG_10, e->key, BPF_REG_0);
		tl_emit_look_up(e, &set->var->set, e->key, no);
		return;
	}
	found = tl_code_label(e->code);
	for (int i = node->b; i >= 0; i = tl_bnode(e->bound, i)->next) {
		tl_code_imm64(e->code, BPF_REG_1, (uint64_t)tl_bnode(e->bound, i)->number);
		tl_code_jump(e->code, BPF_JEQ, BPF_REG_0, BPF_REG_1, found);
	}
	tl_code_goto(e->code, no);
	tl_code_place(e->code, found);
}

/* ---- conditions ------------------------------------------------------------------------------------- */

/* Those that go on if they are true. */
static void test(struct tl_emitter *e, const struct tl_bnode *node, int no, int depth)
{
	const struct tl_bnode *a = tl_bnode(e->bound, node->a);

	if (node->op == TL_OP_IN && a->type == TL_EXPR_STRING)
		tl_emit_string_in(e, node, no);
	else if (node->op == TL_OP_IN && a->type == TL_EXPR_IP)
		tl_emit_ip_in(e, node, no);
	else if (node->op == TL_OP_IN)
		number_in(e, node, no, depth);
	else if (a->type == TL_EXPR_IP)
		tl_emit_ip_equal(e, node, no);
	else
		tl_emit_string_test(e, node, no);
}

static void jump_test(struct tl_emitter *e, const struct tl_bnode *node, bool sense, int label, int depth)
{
	int skip;

	if (!sense) {
		test(e, node, label, depth);
		return;
	}
	skip = tl_code_label(e->code);
	test(e, node, skip, depth);
	tl_code_goto(e->code, label);
	tl_code_place(e->code, skip);
}

static void jump_nil(struct tl_emitter *e, const struct tl_bnode *node, bool sense, int label)
{
	const struct tl_field *field = tl_bnode(e->bound, node->a)->field;
	int nil = sense ? label : tl_code_label(e->code);

	tl_emit_missing(e, field, nil);
	if (sense)
		return;
	tl_code_goto(e->code, label);
	tl_code_place(e->code, nil);
}

/* What is missing in it is false. */
static void jump_value(struct tl_emitter *e, const struct tl_bnode *node, bool sense, int label, int depth)
{
	int no = sense ? tl_code_label(e->code) : label;

	if (node->op == TL_OP_FIELD) {
		tl_emit_number(e, node, BPF_REG_0, no);
		tl_code_jump_imm(e->code, sense ? BPF_JNE : BPF_JEQ, BPF_REG_0, 0, label);
	} else if (tl_bnode(e->bound, node->a)->type == TL_EXPR_BOOL) {
		compare_truths(e, node, sense, label, no, depth);
	} else {
		compare(e, node, sense, label, no, depth);
	}
	if (sense)
		tl_code_place(e->code, no);
}

static void jump_logic(struct tl_emitter *e, const struct tl_bnode *node, bool sense, int label, int depth)
{
	bool through = (node->op == TL_OP_OR) == sense;	/* the first alone can decide for the jump */
	int skip = through ? label : tl_code_label(e->code);

	jump(e, node->a, through ? sense : !sense, skip, depth);
	jump(e, node->b, sense, label, depth);
	if (!through)
		tl_code_place(e->code, skip);
}

/* Goes to the label if the condition is as `sense` says, else on. */
static void jump(struct tl_emitter *e, int i, bool sense, int label, int depth)
{
	const struct tl_bnode *node = tl_bnode(e->bound, i);
	enum tl_expr_type type = node->a >= 0 ? tl_bnode(e->bound, node->a)->type : TL_EXPR_BOOL;

	switch (node->op) {
	case TL_OP_BOOL:
	case TL_OP_MISSING:
		tl_emit_if(e, (node->op == TL_OP_BOOL && node->number) == sense, label);
		break;
	case TL_OP_NOT:
		jump(e, node->a, !sense, label, depth);
		break;
	case TL_OP_AND:
	case TL_OP_OR:
		jump_logic(e, node, sense, label, depth);
		break;
	case TL_OP_IS_NIL:
		jump_nil(e, node, sense, label);
		break;
	case TL_OP_EQ:
		if (type == TL_EXPR_STRING || type == TL_EXPR_IP)
			jump_test(e, node, sense, label, depth);
		else
			jump_value(e, node, sense, label, depth);
		break;
	case TL_OP_FIELD:
	case TL_OP_LT:
	case TL_OP_LE:
		jump_value(e, node, sense, label, depth);
		break;
	default:
		jump_test(e, node, sense, label, depth);
	}
}

/* ---- doors ------------------------------------------------------------------------------------------ */

static struct tl_emitter emitter(const struct tl_bound *bound, struct tl_code *code, const struct tl_emit_env *env,
				 struct tl_error *err)
{
	return (struct tl_emitter){ .bound = bound, .code = code, .env = env, .err = err,
				    .key = -((-env->stack + 7) & ~7) - TL_EMIT_KEY };
}

static bool is_condition(const struct tl_bound *bound)
{
	return bound->nodes[bound->root].type == TL_EXPR_BOOL;
}

static void emit_number(struct tl_emitter *e, int missing)
{
	if (is_condition(e->bound))
		truth(e, e->bound->root, missing, 0);
	else
		tl_emit_int(e, e->bound->root, missing, 0);
}

/* All of it, as a try. */
static int try(const struct tl_bound *bound, const struct tl_emit_env *env, struct tl_code *code, struct tl_error *err)
{
	struct tl_emit_env own = *env;
	int no = tl_code_label(code);
	struct tl_emitter e;

	own.error = tl_code_label(code);
	e = emitter(bound, code, &own, err);
	if (is_condition(bound))
		jump(&e, bound->root, false, no, 0);
	else
		emit_number(&e, no);
	tl_code_place(code, no);
	tl_code_place(code, own.error);
	tl_code_exit(code);
	if (e.refused)
		return e.refused;
	if (code->error == -E2BIG || (!code->error && code->n > TL_EMIT_INSNS))
		return tl_fail(err, -EOPNOTSUPP, "more than %d instructions", TL_EMIT_INSNS);
	if (e.key - 8 * bound->nodes[bound->root].room < -STACK)
		return tl_fail(err, -EOPNOTSUPP, "more values at a time than a program's stack has room for");
	return tl_code_finish(code, err);
}

int tl_bound_can_emit(const struct tl_bound *bound, const struct tl_emit_env *env, struct tl_error *err)
{
	enum tl_expr_type type = bound->nodes[bound->root].type;
	struct tl_code code;
	int ret;

	if (type != TL_EXPR_BOOL && type != TL_EXPR_INT && type != TL_EXPR_ERRNO)
		return tl_fail(err, -EOPNOTSUPP, "neither a condition nor a number");
	tl_code_init(&code);
	ret = try(bound, env, &code, err);
	tl_code_free(&code);
	return ret;
}

static void finish(const struct tl_emitter *e)
{
	if (e->refused && !e->code->error)
		e->code->error = e->refused;
}

void tl_bound_emit_test(const struct tl_bound *bound, struct tl_code *code, const struct tl_emit_env *env,
			int if_false)
{
	struct tl_emitter e = emitter(bound, code, env, NULL);

	jump(&e, bound->root, false, if_false, 0);
	finish(&e);
}

void tl_bound_emit_number(const struct tl_bound *bound, struct tl_code *code, const struct tl_emit_env *env,
			  int if_missing)
{
	struct tl_emitter e = emitter(bound, code, env, NULL);

	emit_number(&e, if_missing);
	finish(&e);
}
