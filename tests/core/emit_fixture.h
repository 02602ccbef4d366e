/* SPDX-License-Identifier: MIT */
/*
 * emit_fixture.h: expressions as programs, run by bpf_machine.h over records and held against the evaluator. The
 * kernel, with its verifier, does the same in tests/expr.
 */
#ifndef EMIT_FIXTURE_H
#define EMIT_FIXTURE_H

#include "bpf_machine.h"
#include "expr_fixture.h"
#include "expr/set.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))
#define ERROR		2	/* what such a program returns for an evaluation error */
#define SET_FD		3

static struct sample_event emit_event;
static struct sample_record emit_record;
static struct tl_vars *emit_vars;
static char emit_memory[TL_VARS_BYTES] __attribute__((aligned(8)));

static inline int emit_setup(void **state)
{
	(void)state;
	machine_reset();
	sample_event_make(&emit_event, "a.one");
	sample_begin(&emit_record, &emit_event);
	memset(emit_memory, 0, sizeof(emit_memory));
	return tl_vars_new(&emit_vars, emit_memory, false, NULL);
}

static inline int emit_teardown(void **state)
{
	(void)state;
	tl_vars_free(emit_vars);
	machine_reset();
	return 0;
}

static inline bool emit_place(void *arg, const struct tl_field *field, struct tl_place *place)
{
	bool is_signed = (field->type >= TL_TYPE_S8 && field->type <= TL_TYPE_S64) || field->type == TL_TYPE_ERROR;

	(void)arg;
	*place = (struct tl_place){ .offset = field->offset, .size = (uint8_t)field->size, .is_signed = is_signed,
				    .missing = TL_MISSING_BITS };
	return true;
}

static inline struct tl_bound *emit_bind(const char *text)
{
	const struct tl_event *events[] = { &emit_event.event };
	struct tl_bound *bound;
	struct tl_expr *expr;
	struct tl_error err;

	if (tl_expr_parse("where", text, &expr, &err) ||
	    tl_expr_bind(expr, events, 1, 0, emit_vars, TL_WANT_TEST, &bound, &err))
		fail_msg("%s", err.message);
	tl_expr_free(expr);
	return bound;
}

#define REFUSED		(-1)	/* it cannot be decided in the kernel */

static inline int emit_run(const struct tl_bound *bound)
{
	static _Alignas(8) char memory[TL_DATA_MAX + 4096];
	struct tl_emit_env env = { .place = emit_place, .record_room = TL_DATA_MAX,
				   .unread = offsetof(struct tl_record, unread),
				   .absent = offsetof(struct tl_record, absent), .stack = -48 };
	struct tl_error err;
	struct tl_code code;
	int no, ret;

	if (tl_bound_can_emit(bound, &env, &err))
		return REFUSED;
	tl_code_init(&code);
	no = tl_code_label(&code);
	env.error = tl_code_label(&code);
	tl_code_alu(&code, BPF_MOV, TL_REG_BASE, BPF_REG_1);
	tl_code_imm64(&code, TL_REG_VARS, (uintptr_t)emit_memory);
	tl_bound_emit_test(bound, &code, &env, no);
	tl_code_alu_imm(&code, BPF_MOV, BPF_REG_0, 1);
	tl_code_exit(&code);
	tl_code_place(&code, env.error);
	tl_code_alu_imm(&code, BPF_MOV, BPF_REG_0, ERROR);
	tl_code_exit(&code);
	tl_code_place(&code, no);
	tl_code_alu_imm(&code, BPF_MOV, BPF_REG_0, 0);
	tl_code_exit(&code);
	if (tl_code_finish(&code, &err))
		fail_msg("%s", err.message);
	memset(memory, 0x5a, sizeof(memory));	/* what is behind the record is nothing */
	memcpy(memory, emit_record.data, emit_record.view.size);
	ret = (int)machine_run(&code, memory);
	tl_code_free(&code);
	return ret;
}

/* The answer, which both must give, or REFUSED. */
static inline int emit_try(const char *text)
{
	struct tl_bound *bound = emit_bind(text);
	int here = tl_bound_test(bound, &emit_record.view), there = emit_run(bound);

	tl_bound_free(bound);
	here = here == -EDOM ? ERROR : here;
	if (there != REFUSED && here != there)
		fail_msg("%s: %d here, %d in a program", text, here, there);
	return there;
}

static inline int emit_answer(const char *text)
{
	int answer = emit_try(text);

	if (answer == REFUSED)
		fail_msg("%s: refused", text);
	return answer;
}

struct emit_sample {
	const char *text;
	int answer;
};

static inline void emit_check(const struct emit_sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (emit_answer(samples[i].text) != samples[i].answer)
			fail_msg("%s: not %d", samples[i].text, samples[i].answer);
}

/* Puts the set that a variable is where programs of the machine look it up. */
static inline void __attribute__((unused)) emit_set(const char *name)
{
	struct tl_set *set = &tl_vars_find(emit_vars, name)->set;
	size_t size = tl_set_key_size(set->kind);

	machine_hash(SET_FD, size, MACHINE_ENTRIES);
	for (size_t i = 0; i < set->n; i++)
		memcpy(machine.maps[SET_FD].entries[machine.maps[SET_FD].n++].key, (char *)set->keys + i * size, size);
	set->fd = SET_FD;
}

/* It is no descriptor of this process. */
static inline void __attribute__((unused)) emit_unset(const char *name)
{
	tl_vars_find(emit_vars, name)->set.fd = -1;
}

#define EMIT_TEST(name)	cmocka_unit_test_setup_teardown(name, emit_setup, emit_teardown)

#endif
