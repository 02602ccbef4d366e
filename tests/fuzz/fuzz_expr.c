/* SPDX-License-Identifier: MIT */
/*
 * fuzz_expr.c: any text as an expression, bound to an event that has a field of every type, evaluated over a
 * record, and emitted. What the emitter says it can do must come out whole.
 */
#include <errno.h>

#include "../core/expr_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool place(void *arg, const struct tl_field *field, struct tl_place *out)
{
	(void)arg;
	*out = (struct tl_place){ .offset = 64 + field->offset, .size = (uint8_t)field->size,
				  .is_signed = field->type >= TL_TYPE_S8 && field->type <= TL_TYPE_S64,
				  .missing = TL_MISSING_BITS };
	return field->number != S_U64;
}

static void emit(const struct tl_bound *bound)
{
	struct tl_emit_env env = { .place = place, .record = 64, .record_room = TL_DATA_MAX, .unread = 64 + 24,
				   .absent = 64 + 32, .stack = -16 };
	struct tl_error err = { 0 };
	struct tl_code code;
	int no;

	if (tl_bound_can_emit(bound, &env, &err)) {
		if (!err.message[0])
			abort();
		return;
	}
	tl_code_init(&code);
	no = tl_code_label(&code);
	env.error = tl_code_label(&code);
	if (tl_bound_type(bound) == TL_EXPR_BOOL)
		tl_bound_emit_test(bound, &code, &env, no);
	else
		tl_bound_emit_number(bound, &code, &env, no);
	tl_code_place(&code, no);
	tl_code_place(&code, env.error);
	tl_code_exit(&code);
	if (tl_code_finish(&code, &err))
		abort();
	tl_code_free(&code);
}

static struct sample_event one, two;
static struct sample_record record;
static struct tl_vars *vars;
static char memory[TL_VARS_BYTES] __attribute__((aligned(8)));

static void prepare(void)
{
	static const char *const nets[] = { "10.0.0.0/8", "::1" };
	static const int64_t ports[] = { 80, 443 };

	sample_event_make(&one, "a.one");
	sample_event_make(&two, "a.two");
	two.event.n_fields = S_U8;
	sample_begin(&record, &one);
	sample_number(&record, S_RET, -2);
	sample_number(&record, S_ERROR, -2);
	sample_tail(&record, S_PATHNAME, "/etc/passwd", 11, 0, 0);
	sample_tail(&record, S_PATH, "b\0a\0", 4, 0, 0);
	sample_tail(&record, S_PATH2, "c\0a\0", 4, TL_STR_CUT, 0);
	sample_tail(&record, S_FILE, "[eventpoll]", 11, 0, TL_FILE_ANON);
	sample_ip(&record, S_DADDR, "10.1.2.3");
	if (tl_vars_new(&vars, memory, false, NULL) || tl_vars_set_int(vars, "port", 443, NULL) ||
	    tl_vars_set_string(vars, "who", "cat", 3, NULL) || tl_vars_set_ints(vars, "ports", ports, 2, NULL) ||
	    tl_vars_set_strings(vars, "nets", nets, 2, NULL))
		abort();
}

static void try_bind(const struct tl_expr *expr, size_t at, enum tl_expr_want want)
{
	const struct tl_event *events[] = { &one.event, &two.event };
	struct tl_error err = { 0 };
	struct tl_bound *bound;
	int64_t number;
	int ret;

	if (tl_expr_bind(expr, events, 2, at, vars, want, &bound, &err)) {
		if (!strstr(err.message, "where") || !strchr(err.message, '^'))
			abort();
		return;
	}
	record.view.event = events[at];
	ret = tl_bound_test(bound, &record.view);
	if (want == TL_WANT_TEST && ret != 0 && ret != 1 && ret != -EDOM)
		abort();
	tl_bound_number(bound, &record.view, &number);
	emit(bound);
	tl_bound_free(bound);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tl_error err = { 0 };
	struct tl_expr *expr;
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	if (!vars)
		prepare();
	memcpy(text, data, size);
	text[size] = '\0';
	if (tl_expr_parse("where", text, &expr, &err) == 0) {
		for (size_t i = 0; i < tl_expr_n_clauses(expr); i++)
			try_bind(tl_expr_clause(expr, i), i & 1, TL_WANT_TEST);
		try_bind(expr, 0, TL_WANT_TEST);
		try_bind(expr, 0, TL_WANT_NUMBER);
		try_bind(expr, 1, TL_WANT_KEY);
		tl_expr_free(expr);
	} else if (!err.message[0]) {
		abort();
	}
	free(text);
	return 0;
}
