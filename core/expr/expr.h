/* SPDX-License-Identifier: MIT */
/*
 * expr.h: what a script says in `where`, `by` and `value`: an expression in Lua syntax over the fields
 * of events. Parsed once; bound to each event that it is about, which is where types are checked; then
 * evaluated here, over a record, or emitted as BPF. Both give the same answer.
 *
 * Numbers are 64-bit integers with Lua's wrap-around and signed comparison. A field that is absent,
 * unread, or that this event does not have is missing: `==` with it is false, `~=` true, any other
 * comparison false; arithmetic with it is missing. Division by zero is an evaluation error. Addresses are
 * compared as IPv6 has them, those of IPv4 as ::ffff:a.b.c.d. contains() looks at the first 128 bytes of a
 * string, and at the whole of a path.
 */
#ifndef TL_EXPR_H
#define TL_EXPR_H

#include "expr/code.h"
#include "traceleft.h"

enum tl_expr_type { TL_EXPR_BOOL, TL_EXPR_INT, TL_EXPR_STRING, TL_EXPR_IP, TL_EXPR_ERRNO };

/* ---- variables: values that a script can change while the expression is in use ------------------------ */

#define TL_VARS_BYTES	4096	/* of all variables of one subscription, in one element of the map */
#define TL_VAR_STRING	64	/* bytes of a string that a variable or an element of a set can have */
#define TL_SET_MAX	65536	/* elements of a set */

struct tl_vars;			/* the variables of one subscription: their types, places and sets */

/* ---- parse and bind -------------------------------------------------------------------------------- */

struct tl_expr;			/* a text, parsed; knows no event */
struct tl_bound;		/* an expression over the fields of one event */

/* `what` stands before messages: "where". -EINVAL with line, the text and a caret under the place. */
int tl_expr_parse(const char *what, const char *text, struct tl_expr **expr, struct tl_error *err);
void tl_expr_free(struct tl_expr *expr);

/* The operands of the `and`s on top, left to right: each is decided by itself. They live as long as the expression. */
size_t tl_expr_n_clauses(const struct tl_expr *expr);
const struct tl_expr *tl_expr_clause(const struct tl_expr *expr, size_t i);

/* The text of the expression (of a clause: its part), not NUL-terminated. */
const char *tl_expr_text(const struct tl_expr *expr, size_t *len);

/* Whether the event has one of the fields that are named, and whether the expression names any. */
bool tl_expr_knows(const struct tl_expr *expr, const struct tl_event *event);

enum tl_expr_want { TL_WANT_TEST, TL_WANT_NUMBER, TL_WANT_KEY };	/* where; value; by */

/*
 * Binds to one event, of a list: a field that this one lacks is missing, one that all lack is refused.
 * `events[at]` is the one. vars may be NULL, and must outlive what is bound; the expression need not.
 * -ENOENT: no such name; -EINVAL: types do not fit.
 */
int tl_expr_bind(const struct tl_expr *expr, const struct tl_event *const *events, size_t n, size_t at,
		 const struct tl_vars *vars, enum tl_expr_want want, struct tl_bound **bound, struct tl_error *err);
void tl_bound_free(struct tl_bound *bound);

enum tl_expr_type tl_bound_type(const struct tl_bound *bound);
uint64_t tl_bound_fields(const struct tl_bound *bound);		/* bit per number of a field that is read */

/* The field, if the expression is just one; else NULL. Missing: just one, that this event does not have. */
const struct tl_field *tl_bound_field(const struct tl_bound *bound);
bool tl_bound_is_missing(const struct tl_bound *bound);

/* ---- evaluate here ------------------------------------------------------------------------------------ */

/* 1, 0, or -EDOM: an evaluation error. */
int tl_bound_test(const struct tl_bound *bound, const struct tl_view *view);

/* 0 with the number; -ENOENT: missing; -EDOM. */
int tl_bound_number(const struct tl_bound *bound, const struct tl_view *view, int64_t *number);

/* ---- emit ------------------------------------------------------------------------------------------ */

enum tl_missing { TL_NEVER_MISSING, TL_MISSING_BITS, TL_MISSING_ONES };

/* Where the value of a field is, relative to the base register. */
struct tl_place {
	int offset;
	uint8_t size;		/* 1, 2, 4, 8; strings and others: sizeof of what the record has */
	bool is_signed;
	enum tl_missing missing;	/* BITS: the field's bit in one of both words; ONES: all bits of the value are set */
};

struct tl_emit_env {
	/* false: the value is not to be had where this code runs. */
	bool (*place)(void *arg, const struct tl_field *field, struct tl_place *place);
	void *arg;
	int record;		/* offset of the record's first byte from the base: tails are relative to it */
	int record_room;	/* bytes of the record's memory: what is read stays within */
	int unread, absent;	/* offsets of the two words of bits from the base */
	int stack;		/* the stack below this (negative) offset is free */
	int error;		/* label for evaluation errors */
};

/*
 * Registers: R6 is the base, a map value; R7 and R8 are kept; R8 points to the variables (TL_VARS_BYTES,
 * a map value) if there are any. R0 to R5 and R9 are not kept.
 */
#define TL_REG_BASE	BPF_REG_6
#define TL_REG_KEEP	BPF_REG_7
#define TL_REG_VARS	BPF_REG_8

/*
 * Whether all that it reads has a place and all that it does can be done there, and in at most 4096
 * instructions. -EOPNOTSUPP, with the reason alone: "two strings of the record are compared". Of the stack it
 * takes 80 bytes, and 8 for each value that is kept while another one is computed.
 */
int tl_bound_can_emit(const struct tl_bound *bound, const struct tl_emit_env *env, struct tl_error *err);

/* Goes on if it is true, else to the label. */
void tl_bound_emit_test(const struct tl_bound *bound, struct tl_code *code, const struct tl_emit_env *env,
			int if_false);

/* The number in R0; to the label if it is missing. */
void tl_bound_emit_number(const struct tl_bound *bound, struct tl_code *code, const struct tl_emit_env *env,
			  int if_missing);

#endif
