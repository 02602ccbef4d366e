// SPDX-License-Identifier: MIT
/* The expressions of a subscription: parsed, bound to its events, and what is told of them later. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "expr/disasm.h"
#include "expr/vars.h"
#include "session/session.h"
#include "verdict/verdict.h"

/* ---- open -------------------------------------------------------------------------------------- */

static int set_variable(struct tl_vars *vars, const struct tl_variable *v, struct tl_error *err)
{
	switch (v->type) {
	case TL_VARIABLE_INT: return tl_vars_set_int(vars, v->name, v->number, err);
	case TL_VARIABLE_STR: return tl_vars_set_string(vars, v->name, v->string, v->len, err);
	case TL_VARIABLE_INTS: return tl_vars_set_ints(vars, v->name, v->numbers, v->len, err);
	case TL_VARIABLE_STRS: return tl_vars_set_strings(vars, v->name, v->strings, v->len, err);
	}
	return tl_fail(err, -EINVAL, "vars: %s: of no known type", v->name);
}

static int open_vars(struct tl_subscription *sub, const struct tl_variable *vars, struct tl_error *err)
{
	void *memory = tl_verdicts_vars(sub->session, sub->bit, err);
	int ret = memory ? tl_vars_new(&sub->query.vars, memory, !sub->session->replay, err) : -ENOMEM;

	for (; !ret && vars && vars->name; vars++)
		ret = set_variable(sub->query.vars, vars, err);
	return ret;
}

static int parse_keys(struct tl_query *query, const char *const *by, struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && by && by[i]; i++) {
		if (i == TL_KEYS_MAX)
			return tl_fail(err, -EINVAL, "by: %d keys at most", TL_KEYS_MAX);
		ret = tl_expr_parse("by", by[i], &query->keys[i], err);
		query->n_keys += !ret;
	}
	return ret;
}

static int parse(struct tl_subscription *sub, const struct tl_subscribe_opts *opts, struct tl_error *err)
{
	const struct tl_aggregate_opts *aggregate = opts->aggregate;
	const char *what = sub->marks ? "start_where" : "where";
	struct tl_query *query = &sub->query;
	int ret = opts->where ? tl_expr_parse(what, opts->where, &query->where, err) : 0;

	if (!ret && sub->marks)
		return tl_expr_parse(sub->span->start_key_name, sub->span->start_key, &query->value, err);
	if (ret || !aggregate)
		return ret;
	ret = parse_keys(query, aggregate->by, err);
	if (!ret && aggregate->value)
		ret = tl_expr_parse("value", aggregate->value, &query->value, err);
	query->value_is_key = aggregate->kind == TL_DISTINCT;
	return ret;
}

/* Whether literals of the expressions are so many that they are kept as sets: that is decided with variables. */
static int bind(struct tl_subscription *sub, struct tl_error *err)
{
	const struct tl_entry **entries = calloc(sub->n_events, sizeof(*entries));
	int ret = 0;

	sub->asks = calloc(sub->n_events, sizeof(*sub->asks));
	if (!entries || !sub->asks)
		ret = tl_fail(err, -ENOMEM, "subscription: out of memory");
	for (size_t i = 0; !ret && i < sub->n_events; i++)
		entries[i] = tl_subscription_entry(sub, i);
	for (size_t i = 0; !ret && i < sub->n_events; i++) {
		ret = tl_ask_bind(&sub->asks[i], &sub->query, entries, sub->n_events, i, err);
		if (!ret)
			tl_span_ask(sub, i);
		sub->fields[i] |= sub->asks[i].fields;
	}
	if (!ret && sub->aggregate)
		ret = tl_aggregate_layout(sub->aggregate, sub->asks, entries, sub->n_events, err);
	free(entries);
	return ret;
}

static int check_aggregate(const struct tl_aggregate_opts *opts, struct tl_error *err)
{
	if (!opts->value != (opts->kind == TL_COUNT))
		return tl_fail(err, -EINVAL, opts->value ? "value: of a count there is none" : "value: none given");
	if (opts->kind == TL_LHIST && (opts->step <= 0 || opts->high <= opts->low))
		return tl_fail(err, -EINVAL, "lhist: low below high and a step of 1 or more are needed");
	return 0;
}

static int open_aggregate(struct tl_subscription *sub, const struct tl_aggregate_opts *given, struct tl_error *err)
{
	struct tl_aggregate_opts opts = { 0 };

	memcpy(&opts, given, given->sz < sizeof(opts) ? given->sz : sizeof(opts));
	sub->aggregate = calloc(1, sizeof(*sub->aggregate));
	if (!sub->aggregate)
		return tl_fail(err, -ENOMEM, "aggregate: out of memory");
	sub->aggregate->outer = sub->aggregate->inner = -1;
	sub->aggregate->opts = opts;
	return check_aggregate(&opts, err);
}

/* An aggregate lives in the kernel alone, and so do the begins of spans. */
static int refuse_user(const struct tl_subscription *sub, struct tl_error *err)
{
	if (sub->session->replay)
		return tl_fail(err, -EOPNOTSUPP, "aggregate: a replay has no kernel to count in; count in the script");
	for (size_t i = 0; i < sub->n_events; i++) {
		const struct tl_clause *clause = tl_ask_user_clause(&sub->asks[i]);

		if (clause)
			return tl_fail(err, -EOPNOTSUPP, "where: '%.*s' cannot be decided in the kernel: %s",
				       (int)clause->len, clause->text, clause->why);
	}
	return 0;
}

int tl_query_open(struct tl_subscription *sub, const struct tl_subscribe_opts *opts, struct tl_error *err)
{
	int ret = 0;

	sub->limit = opts->limit;
	sub->limit_ns = opts->limit_ns;
	if (!opts->where && !opts->aggregate && !opts->limit && !sub->span)
		return 0;
	if (opts->aggregate)
		ret = open_aggregate(sub, opts->aggregate, err);
	if (!ret && opts->vars)
		ret = open_vars(sub, opts->vars, err);
	if (!ret)
		ret = parse(sub, opts, err);
	if (!ret)
		ret = bind(sub, err);
	return ret || (!sub->aggregate && !sub->marks) ? ret : refuse_user(sub, err);
}

void tl_query_close(struct tl_subscription *sub)
{
	for (size_t i = 0; sub->asks && i < sub->n_events; i++)
		tl_ask_free(&sub->asks[i]);
	free(sub->asks);
	tl_expr_free(sub->query.where);
	tl_expr_free(sub->query.value);
	for (size_t i = 0; i < sub->query.n_keys; i++)
		tl_expr_free(sub->query.keys[i]);
	tl_vars_free(sub->query.vars);
	if (sub->aggregate)
		tl_aggregate_close(sub->aggregate);
	free(sub->aggregate);
}

/* ---- later ------------------------------------------------------------------------------------- */

int tl_subscription_set(struct tl_subscription *sub, const struct tl_variable *variable, struct tl_error *err)
{
	if (!sub->query.vars)
		return tl_fail(err, -ENOENT, "%s: the subscription has no variables", variable->name);
	return set_variable(sub->query.vars, variable, err);
}

void tl_subscription_counts(const struct tl_subscription *sub, struct tl_subscription_counts *counts)
{
	const struct tl_shared *shared = sub->session->shared;

	*counts = (struct tl_subscription_counts){ .errors = sub->errors };
	if (!shared)
		return;
	counts->errors += __atomic_load_n(&shared->subs[sub->bit].errors, __ATOMIC_RELAXED);
	counts->held = __atomic_load_n(&shared->subs[sub->bit].held, __ATOMIC_RELAXED);
	counts->full = __atomic_load_n(&shared->subs[sub->bit].full, __ATOMIC_RELAXED);
}

/* Before the first time that it is cleared: its verdicts are exchanged for those that allow that. */
static int make_clearable(struct tl_subscription *sub, struct tl_error *err)
{
	struct tl_aggregate *aggregate = sub->aggregate;
	int ret;

	if (aggregate->swaps || aggregate->inner < 0)
		return 0;
	ret = tl_aggregate_open_outer(aggregate, err);
	if (!ret && !sub->stopped)
		ret = tl_routes_update(sub->session, err);
	aggregate->swaps = !ret;
	return ret;
}

int tl_subscription_read(struct tl_subscription *sub, bool clear, tl_row_fn fn, void *arg, uint64_t *ns,
			 struct tl_error *err)
{
	uint64_t since;
	int ret;

	if (!sub->aggregate)
		return tl_fail(err, -EINVAL, "read: this subscription is no aggregate");
	sub->aggregate->classic = sub->session->programs.classic;
	ret = clear ? make_clearable(sub, err) : 0;
	if (ret)
		return ret;
	since = sub->aggregate->since;
	if (ns)
		*ns = since ? tl_now() - since : 0;
	return tl_aggregate_read(sub->aggregate, clear, fn, arg, sub->session->scratch, err);
}

static const char *const stages[] = {
	[TL_STAGE_EARLY] = "kernel, before the handler",
	[TL_STAGE_LATE] = "kernel, after the handler",
	[TL_STAGE_USER] = "the tracer's process",
};

const char *tl_stage_name(enum tl_stage stage)
{
	return stages[stage];
}

static void set_code(struct tl_explanation *e, const struct tl_subscription *sub, size_t i, enum tl_stage stage)
{
	e->code = NULL;
	e->instructions = 0;
	if (stage != TL_STAGE_USER)
		e->code = tl_verdicts_code(sub->session, sub->events[i], stage == TL_STAGE_EARLY, &e->instructions);
}

size_t tl_explanation_line(const struct tl_explanation *explanation, size_t i, char text[96])
{
	_Static_assert(TL_DISASM_MAX == 96, "traceleft.h has another size");
	if (i >= explanation->instructions)
		return 0;
	return tl_disasm(explanation->code, explanation->instructions, i, text);
}

static void explain_event(const struct tl_subscription *sub, size_t i, tl_explain_fn fn, void *arg)
{
	const struct tl_ask *ask = sub->asks ? &sub->asks[i] : NULL;
	struct tl_explanation e = { .event = tl_subscription_entry(sub, i)->event.name };
	bool in_kernel = sub->aggregate || sub->marks;

	for (size_t k = 0; ask && k < ask->n_clauses; k++) {
		const struct tl_clause *clause = &ask->clauses[k];

		e.clause = clause->text;
		e.len = clause->len;
		e.where = stages[clause->stage];
		e.why = clause->why;
		set_code(&e, sub, i, clause->stage);
		fn(&e, arg);
	}
	e.clause = NULL;
	e.len = 0;
	e.why = "";
	e.where = in_kernel ? stages[ask->stage] : "sent to the tracer's process";
	set_code(&e, sub, i, in_kernel ? ask->stage : TL_STAGE_USER);
	fn(&e, arg);
}

void tl_subscription_explain(const struct tl_subscription *sub, tl_explain_fn fn, void *arg)
{
	for (size_t i = 0; i < sub->n_events; i++)
		explain_event(sub, i, fn, arg);
}
