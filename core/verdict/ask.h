/* SPDX-License-Identifier: MIT */
/*
 * ask.h: what a subscription asks of its events beside their names: `where` in clauses, `by` and
 * `value`. Bound to each event, and for each clause decided where it runs: as early as what it needs
 * is known.
 */
#ifndef TL_ASK_H
#define TL_ASK_H

#include "catalogue/catalogue.h"
#include "expr/expr.h"

#define TL_KEYS_MAX	8

enum tl_stage {
	TL_STAGE_EARLY,		/* in the kernel, before the handler: head, arguments, result, duration */
	TL_STAGE_LATE,		/* in the kernel, behind the handler, on the whole record */
	TL_STAGE_USER,		/* here, when the record is delivered */
};

/* The texts of one subscription, parsed. */
struct tl_query {
	struct tl_expr *where;		/* NULL: every event */
	struct tl_expr *keys[TL_KEYS_MAX];
	size_t n_keys;
	struct tl_expr *value;		/* NULL: none */
	bool value_is_key;		/* of any type: what is told apart, not reckoned with */
	struct tl_vars *vars;		/* NULL: none */
};

struct tl_clause {
	struct tl_bound *bound;
	const char *text;		/* its part of `where`, not NUL-terminated */
	size_t len;
	enum tl_stage stage;
	char why[160];			/* why not earlier */
};

/* A query, bound to one event. */
struct tl_ask {
	struct tl_clause *clauses;
	size_t n_clauses;
	struct tl_bound *keys[TL_KEYS_MAX];
	size_t n_keys;
	struct tl_bound *value;
	enum tl_stage stage;		/* of the last thing that is done in the kernel */
	uint64_t fields;		/* that all of these read */
};

/* Where fields are for code of that stage, relative to a struct tl_slot; arg is the event's tl_entry. */
struct tl_emit_env tl_ask_env(enum tl_stage stage, const struct tl_entry *entry);

/* Binds to events[at] of n. -ENOENT: no such field; -EINVAL: types do not fit. */
int tl_ask_bind(struct tl_ask *ask, const struct tl_query *query, const struct tl_entry *const *entries, size_t n,
		size_t at, struct tl_error *err);
void tl_ask_free(struct tl_ask *ask);

/* The first clause that is decided here, with the reason why; NULL if there is none. */
const struct tl_clause *tl_ask_user_clause(const struct tl_ask *ask);

/* Whether one of the clauses is decided at that stage. */
bool tl_ask_has_stage(const struct tl_ask *ask, enum tl_stage stage);

/* Decides the clauses from that stage on: 1, 0, or -EDOM. */
int tl_ask_test(const struct tl_ask *ask, enum tl_stage from, const struct tl_view *view);

#endif
