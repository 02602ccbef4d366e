// SPDX-License-Identifier: MIT
#include "verdict/verdict.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "common/error.h"

/* ---- who asks what ----------------------------------------------------------------------------- */

static bool is_last_stage(const struct tl_subscription *sub, const struct tl_ask *ask, enum tl_stage stage)
{
	return ask->stage == stage && (sub->aggregate || sub->limit || sub->marks);
}

static bool asks_at(const struct tl_subscription *sub, size_t i, enum tl_stage stage)
{
	const struct tl_ask *ask = sub->asks ? &sub->asks[i] : NULL;

	return ask && (tl_ask_has_stage(ask, stage) || is_last_stage(sub, ask, stage) || tl_span_ends_at(sub, i, stage));
}

bool tl_verdict_is_all(const struct tl_subscription *sub, size_t i)
{
	return (sub->aggregate || sub->marks) && sub->asks[i].stage == TL_STAGE_EARLY;
}

bool tl_verdict_needed(const struct tl_session *session, uint16_t event, enum tl_stage stage)
{
	for (size_t bit = 0; bit < TL_SUBS_MAX; bit++) {
		const struct tl_subscription *sub = session->subs[bit];
		long i = tl_subscription_is_active(sub) ? tl_subscription_index(sub, event) : -1;

		if (i >= 0 && asks_at(sub, (size_t)i, stage))
			return true;
	}
	return false;
}

/* ---- the frame --------------------------------------------------------------------------------- */

#define AT_CTX		(-8)
#define AT_ZERO		(-16)
#define AT_LEVEL	(-24)
#define AT_DEPTH	(-32)
#define AT_VALUE	(-40)
#define AT_FREE		(-48)

struct making {
	const struct tl_session *session;
	uint16_t event;
	enum tl_stage stage;
	const struct tl_verdict_maps *maps;
	struct tl_code *code;
	struct tl_emit_env env;
	struct tl_span_code span;
	uint64_t known;		/* subscriptions that are decided here */
	int end;		/* label: return */
};

#define HEAD(member)	((int)offsetof(struct tl_slot, head.member))
#define SLOT(member)	((int)offsetof(struct tl_slot, member))
#define MASK		TL_REG_KEEP

static void emit_lookup(struct making *m, int fd)
{
	tl_code_alu(m->code, BPF_MOV, BPF_REG_2, BPF_REG_10);
	tl_code_alu_imm(m->code, BPF_ADD, BPF_REG_2, AT_ZERO);
	tl_code_map_fd(m->code, BPF_REG_1, fd);
	tl_code_call(m->code, BPF_FUNC_map_lookup_elem);
	tl_code_jump_imm(m->code, BPF_JEQ, BPF_REG_0, 0, m->end);
}

/* The slot in use on this CPU, as tl_current() finds it. */
static void emit_begin(struct making *m)
{
	struct tl_code *code = m->code;

	tl_code_store(code, BPF_DW, BPF_REG_10, AT_CTX, BPF_REG_1);
	tl_code_store_imm(code, BPF_W, BPF_REG_10, AT_ZERO, 0);
	emit_lookup(m, m->maps->depth);
	tl_code_store(code, BPF_DW, BPF_REG_10, AT_DEPTH, BPF_REG_0);
	tl_code_load(code, BPF_W, BPF_REG_1, BPF_REG_0, 0);
	tl_code_jump_imm(code, BPF_JEQ, BPF_REG_1, 0, m->end);
	tl_code_alu_imm(code, BPF_ADD, BPF_REG_1, -1);
	tl_code_store(code, BPF_W, BPF_REG_10, AT_ZERO, BPF_REG_1);
	tl_code_store(code, BPF_DW, BPF_REG_10, AT_LEVEL, BPF_REG_1);
	emit_lookup(m, m->maps->scratch);
	tl_code_alu(code, BPF_MOV, TL_REG_BASE, BPF_REG_0);
	tl_code_store_imm(code, BPF_W, BPF_REG_10, AT_ZERO, 0);
	tl_code_load(code, BPF_DW, MASK, TL_REG_BASE, m->stage == TL_STAGE_EARLY ? SLOT(mask) : HEAD(mask));
	tl_code_imm64(code, BPF_REG_1, m->known);
	tl_code_alu(code, BPF_AND, MASK, BPF_REG_1);
}

/*
 * What tl_leave() does, but for the budget, whose clock runs on: with one, the last program is asked, which leaves
 * in the long way.
 */
static void emit_leave(struct making *m, int go_on)
{
	tl_code_load(m->code, BPF_DW, BPF_REG_1, TL_REG_BASE, SLOT(entered));
	tl_code_jump_imm(m->code, BPF_JNE, BPF_REG_1, 0, go_on);
	tl_code_load(m->code, BPF_DW, BPF_REG_2, BPF_REG_10, AT_DEPTH);
	tl_code_load(m->code, BPF_W, BPF_REG_1, BPF_REG_2, 0);
	tl_code_alu_imm(m->code, BPF_ADD, BPF_REG_1, -1);
	tl_code_store(m->code, BPF_W, BPF_REG_2, 0, BPF_REG_1);
}

/* A record that nobody is left to want, at a hook without a chain of handlers to go on with: it ends here. */
static void emit_unwanted(struct making *m, int go_on)
{
	tl_code_jump_imm(m->code, BPF_JNE, MASK, 0, go_on);
	tl_code_load(m->code, BPF_H, BPF_REG_1, TL_REG_BASE, SLOT(nr));
	tl_code_jump_imm(m->code, BPF_JNE, BPF_REG_1, TL_NO_CALL, go_on);
	emit_leave(m, go_on);
	tl_code_goto(m->code, m->end);
}

/* What was decided here is denied to the handler of this event. If nobody is left there is nothing more to do. */
static void emit_denied(struct making *m, int go_on)
{
	struct tl_code *code = m->code;

	tl_code_imm64(code, BPF_REG_1, m->known);
	tl_code_alu(code, BPF_XOR, BPF_REG_1, MASK);
	tl_code_store(code, BPF_DW, TL_REG_BASE, SLOT(denied), BPF_REG_1);
	tl_code_load(code, BPF_H, BPF_REG_2, TL_REG_BASE, HEAD(event));
	tl_code_store(code, BPF_H, TL_REG_BASE, SLOT(denied_event), BPF_REG_2);
	tl_code_alu_imm(code, BPF_XOR, BPF_REG_1, -1);
	tl_code_load(code, BPF_DW, BPF_REG_3, TL_REG_BASE, SLOT(others));
	tl_code_alu(code, BPF_OR, BPF_REG_1, BPF_REG_3);
	tl_code_load(code, BPF_DW, BPF_REG_2, TL_REG_BASE, SLOT(mask));
	tl_code_alu(code, BPF_AND, BPF_REG_1, BPF_REG_2);
	tl_code_jump_imm(code, BPF_JNE, BPF_REG_1, 0, go_on);
	tl_code_store_imm(code, BPF_H, TL_REG_BASE, SLOT(next), 0);
	emit_leave(m, go_on);
	tl_code_goto(code, m->end);
}

/* What goes on with the record is the span of a subscription that gets it, or of none. */
static void emit_shown(struct making *m)
{
	const struct tl_span *shown = NULL;
	int none = tl_code_label(m->code);
	bool any = false;

	for (uint64_t bits = m->known; bits; bits &= bits - 1) {
		const struct tl_subscription *sub = m->session->subs[__builtin_ctzll(bits)];

		if (!tl_span_ends_by(sub, (size_t)tl_subscription_index(sub, m->event), m->stage))
			continue;
		any = true;
		shown = sub->aggregate ? shown : sub->span;
	}
	if (any)
		tl_code_store_imm(m->code, BPF_DW, TL_REG_BASE, HEAD(span), 0);
	if (shown)
		tl_span_emit_show(&m->span, shown, none);
	tl_code_place(m->code, none);
}

static void emit_end(struct making *m)
{
	struct tl_code *code = m->code;
	int go_on = tl_code_label(code);

	if (m->stage == TL_STAGE_EARLY) {
		emit_denied(m, go_on);
	} else {
		tl_code_store(code, BPF_DW, TL_REG_BASE, HEAD(mask), MASK);
		emit_unwanted(m, go_on);
	}
	tl_code_place(code, go_on);
	emit_shown(m);
	tl_code_load(code, BPF_DW, BPF_REG_1, BPF_REG_10, AT_CTX);
	tl_code_map_fd(code, BPF_REG_2, m->maps->table);
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_3, TL_VERDICT_JUDGED);
	tl_code_call(code, BPF_FUNC_tail_call);
	tl_code_place(code, m->end);
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_0, 0);
	tl_code_exit(code);
}

/* ---- one subscription -------------------------------------------------------------------------- */

static size_t counter(const struct tl_subscription *sub, size_t member)
{
	return offsetof(struct tl_shared, subs) + sub->bit * sizeof(struct tl_sub_counts) + member;
}

#define COUNTER(sub, member) counter(sub, offsetof(struct tl_sub_counts, member))

static void emit_atomic_one(struct tl_code *code, int reg, int offset)
{
	tl_code_alu_imm(code, BPF_MOV, BPF_REG_2, 1);
	tl_code_emit(code, (struct bpf_insn){ .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = (uint8_t)reg & 15,
					      .src_reg = BPF_REG_2, .off = (int16_t)offset, .imm = BPF_ADD });
}

/* Where that label is: counts one, and goes on. */
static void emit_count_at(struct making *m, int label, size_t offset, int go_on)
{
	if (!tl_code_is_used(m->code, label))
		return;
	tl_code_place(m->code, label);
	tl_code_map_value(m->code, BPF_REG_1, m->maps->shared, offset);
	emit_atomic_one(m->code, BPF_REG_1, 0);
	tl_code_goto(m->code, go_on);
}

/* So many in each window; two CPUs that open one at the same time may let through a few more. */
static void emit_limit(struct making *m, const struct tl_subscription *sub, int held)
{
	struct tl_code *code = m->code;
	int same = tl_code_label(code);

	tl_code_map_value(code, BPF_REG_1, m->maps->shared, COUNTER(sub, window));
	tl_code_load(code, BPF_DW, BPF_REG_2, TL_REG_BASE, HEAD(time));
	tl_code_load(code, BPF_DW, BPF_REG_3, BPF_REG_1, 0);
	tl_code_alu(code, BPF_MOV, BPF_REG_4, BPF_REG_2);
	tl_code_alu(code, BPF_SUB, BPF_REG_4, BPF_REG_3);
	tl_code_imm64(code, BPF_REG_5, sub->limit_ns);
	tl_code_jump(code, BPF_JSLT, BPF_REG_4, BPF_REG_5, same);
	tl_code_store(code, BPF_DW, BPF_REG_1, 0, BPF_REG_2);
	tl_code_store_imm(code, BPF_DW, BPF_REG_1, 8, 0);
	tl_code_place(code, same);
	tl_code_load(code, BPF_DW, BPF_REG_3, BPF_REG_1, 8);
	tl_code_imm64(code, BPF_REG_5, sub->limit);
	tl_code_jump(code, BPF_JGE, BPF_REG_3, BPF_REG_5, held);
	emit_atomic_one(code, BPF_REG_1, 8);
}

static void emit_deny(struct making *m, const struct tl_subscription *sub)
{
	tl_code_imm64(m->code, BPF_REG_1, ~TL_BIT(sub->bit));
	tl_code_alu(m->code, BPF_AND, MASK, BPF_REG_1);
}

static void emit_clauses(struct making *m, const struct tl_ask *ask, int if_false)
{
	for (size_t i = 0; i < ask->n_clauses; i++)
		if (ask->clauses[i].stage == m->stage)
			tl_bound_emit_test(ask->clauses[i].bound, m->code, &m->env, if_false);
}

static const struct tl_verdict_frame frame = { .zero = AT_ZERO, .level = AT_LEVEL, .value = AT_VALUE,
					       .stack = AT_FREE };

static void emit_update(struct making *m, const struct tl_subscription *sub, const struct tl_ask *ask, int deny,
			int full)
{
	if (sub->marks)
		tl_span_emit_mark(&m->span, sub->span, ask, deny, full);
	else
		tl_aggregate_emit(sub->aggregate, ask, m->stage, m->env.arg, &frame, m->code, &m->env, deny, full);
	tl_code_goto(m->code, deny);	/* it is done: no record is made of it */
}

/* Lets the bit be, or takes it away. */
static void emit_subscription(struct making *m, const struct tl_subscription *sub, size_t i)
{
	const struct tl_ask *ask = &sub->asks[i];
	struct tl_code *code = m->code;
	int next = tl_code_label(code), deny = tl_code_label(code), error = tl_code_label(code);
	int held = tl_code_label(code), full = tl_code_label(code), in = tl_code_label(code);
	bool last = ask->stage == m->stage;

	tl_code_imm64(code, BPF_REG_1, TL_BIT(sub->bit));
	tl_code_jump(code, BPF_JSET, MASK, BPF_REG_1, in);
	tl_code_goto(code, next);
	tl_code_place(code, in);
	if (sub->query.vars)
		tl_code_map_value(code, TL_REG_VARS, m->session->verdicts.vars_fd, (size_t)sub->bit * TL_VARS_BYTES);
	m->env.error = error;
	m->env.arg = (void *)(uintptr_t)tl_subscription_entry(sub, i);
	if (tl_span_ends_by(sub, i, m->stage))
		tl_span_emit_show(&m->span, sub->span, deny);
	emit_clauses(m, ask, deny);
	if (last && sub->limit)
		emit_limit(m, sub, held);
	if (last && (sub->aggregate || sub->marks))
		emit_update(m, sub, ask, deny, full);
	else
		tl_code_goto(code, next);
	emit_count_at(m, error, COUNTER(sub, errors), deny);
	emit_count_at(m, held, COUNTER(sub, held), deny);
	emit_count_at(m, full, COUNTER(sub, full), deny);
	if (tl_code_is_used(code, deny)) {
		tl_code_place(code, deny);
		emit_deny(m, sub);
	}
	tl_code_place(code, next);
}

/* ---- the whole --------------------------------------------------------------------------------- */

/* Early, those who ask nothing pass anyway. Late, all are known, and whoever is not gets nothing. */
static bool is_decided(const struct making *m, const struct tl_subscription *sub, long i)
{
	if (!tl_subscription_is_active(sub) || i < 0)
		return false;
	return m->stage == TL_STAGE_LATE ? !tl_verdict_is_all(sub, (size_t)i)
					 : asks_at(sub, (size_t)i, m->stage);
}

/* Spans that end here, each once, before anybody looks at them or begins them anew. */
static void emit_ends(struct making *m)
{
	for (size_t n = 0; n < TL_SPANS_MAX; n++) {
		const struct tl_span *span = m->session->spans[n];
		uint64_t subs = 0;
		long end = -1;

		for (uint64_t bits = span ? m->known : 0; bits; bits &= bits - 1) {
			const struct tl_subscription *sub = m->session->subs[__builtin_ctzll(bits)];
			long i = tl_subscription_index(sub, m->event);

			if (sub->span != span || !tl_span_ends_at(sub, (size_t)i, m->stage))
				continue;
			subs |= TL_BIT(sub->bit);
			end = i;
		}
		if (subs)
			tl_span_emit_take(&m->span, span, (size_t)end, subs);
	}
}

int tl_verdict_make(const struct tl_session *session, uint16_t event, enum tl_stage stage,
		    const struct tl_verdict_maps *maps, struct tl_code *code, struct tl_error *err)
{
	const struct tl_entry *entry = tl_batteries_entry(&session->batteries, event);
	struct making m = { .session = session, .event = event, .stage = stage, .maps = maps, .code = code,
			    .env = tl_ask_env(stage, entry), .end = tl_code_label(code) };

	m.env.stack = AT_FREE;
	m.span = (struct tl_span_code){ .code = code, .env = &m.env, .frame = &frame, .shared = maps->shared };
	for (size_t bit = 0; bit < TL_SUBS_MAX; bit++) {
		const struct tl_subscription *sub = session->subs[bit];

		if (tl_subscription_is_active(sub) && is_decided(&m, sub, tl_subscription_index(sub, event)))
			m.known |= TL_BIT(bit);
	}
	emit_begin(&m);
	emit_ends(&m);
	for (uint64_t bits = m.known; bits; bits &= bits - 1) {
		const struct tl_subscription *sub = session->subs[__builtin_ctzll(bits)];
		size_t i = (size_t)tl_subscription_index(sub, event);

		if (asks_at(sub, i, stage))
			emit_subscription(&m, sub, i);
	}
	emit_end(&m);
	return tl_code_finish(code, err);
}
