// SPDX-License-Identifier: MIT
#include "verdict/ask.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/schema.h"
#include "common/error.h"

/* ---- where things are -------------------------------------------------------------------------- */

static bool is_signed(enum tl_type type)
{
	return (type >= TL_TYPE_S8 && type <= TL_TYPE_S64) || type == TL_TYPE_ERROR;
}

static bool place_late(void *arg, const struct tl_field *field, struct tl_place *place)
{
	(void)arg;
	*place = (struct tl_place){
		.offset = (int)offsetof(struct tl_slot, data) + field->offset, .size = (uint8_t)field->size,
		.is_signed = is_signed(field->type), .missing = TL_MISSING_BITS,
	};
	return field->type != TL_TYPE_EVENT;
}

/* Where what the base program has put down is: the head, the registers, the duration. */
static bool place_early(void *arg, const struct tl_field *field, struct tl_place *place)
{
	const struct tl_entry *entry = arg;
	uint8_t raw = entry->raw[field->number];

	if (!place_late(arg, field, place))
		return false;
	if (field->number < TL_F_OWN)
		return true;
	place->missing = TL_NEVER_MISSING;
	if (raw == TL_RAW_NOT)
		return false;
	if (raw < TL_RAW_RET) {
		place->offset = (int)offsetof(struct tl_slot, args) + 8 * (raw - TL_RAW_ARG);
	} else if (raw == TL_RAW_RET) {
		place->offset = offsetof(struct tl_slot, ret);
	} else if (raw == TL_RAW_DURATION) {
		place->offset = offsetof(struct tl_slot, duration);
		place->missing = TL_MISSING_ONES;
	}
	return true;
}

struct tl_emit_env tl_ask_env(enum tl_stage stage, const struct tl_entry *entry)
{
	bool early = stage == TL_STAGE_EARLY;

	return (struct tl_emit_env){
		.place = early ? place_early : place_late, .arg = (void *)(uintptr_t)entry,
		.record = offsetof(struct tl_slot, data), .record_room = TL_DATA_MAX,
		.unread = early ? (int)offsetof(struct tl_slot, common_unread)
				: (int)offsetof(struct tl_slot, head.unread),
		.absent = early ? (int)offsetof(struct tl_slot, common_unread)
				: (int)offsetof(struct tl_slot, head.absent),
	};
}

/* The earliest stage that has all that the expression needs; `why` tells what the one before lacks. */
static enum tl_stage find_stage(const struct tl_bound *bound, const struct tl_entry *entry, char *why, size_t size)
{
	struct tl_error err = { 0 };
	enum tl_stage stage = tl_entry_is_early(entry) ? TL_STAGE_EARLY : TL_STAGE_LATE;

	why[0] = '\0';
	if (tl_entry_is_told(entry)) {
		snprintf(why, size, "%s is told by what keeps targets true", entry->event.name);
		return TL_STAGE_USER;
	}
	if (stage == TL_STAGE_LATE)
		snprintf(why, size, "%s has no arguments that are known before its handler", entry->event.name);
	for (; stage < TL_STAGE_USER; stage++) {
		struct tl_emit_env env = tl_ask_env(stage, entry);

		if (!tl_bound_can_emit(bound, &env, &err))
			break;
		snprintf(why, size, "%.*s", (int)size - 1, err.message);
	}
	return stage;
}

/* ---- bind -------------------------------------------------------------------------------------- */

struct binding {
	const struct tl_query *query;
	const struct tl_entry *entry;
	const struct tl_event **events;
	size_t n, at;
};

static int bind_one(struct tl_ask *ask, const struct binding *b, const struct tl_expr *expr, enum tl_expr_want want,
		    struct tl_bound **bound, struct tl_error *err)
{
	int ret = tl_expr_bind(expr, b->events, b->n, b->at, b->query->vars, want, bound, err);

	if (!ret)
		ask->fields |= tl_bound_fields(*bound);
	return ret;
}

static int bind_clauses(struct tl_ask *ask, const struct binding *b, struct tl_error *err)
{
	const struct tl_expr *where = b->query->where;
	size_t n = where ? tl_expr_n_clauses(where) : 0;
	int ret = 0;

	ask->clauses = calloc(n + 1, sizeof(*ask->clauses));
	if (!ask->clauses)
		return tl_fail(err, -ENOMEM, "where: out of memory");
	for (size_t i = 0; !ret && i < n; i++) {
		const struct tl_expr *part = tl_expr_clause(where, i);
		struct tl_clause *clause = &ask->clauses[i];

		ret = bind_one(ask, b, part, TL_WANT_TEST, &clause->bound, err);
		if (ret)
			break;
		ask->n_clauses++;
		clause->text = tl_expr_text(part, &clause->len);
		clause->stage = find_stage(clause->bound, b->entry, clause->why, sizeof(clause->why));
		if (clause->stage != TL_STAGE_USER && clause->stage > ask->stage)
			ask->stage = clause->stage;
	}
	return ret;
}

/* A key that is just a field is copied as it is; anything else must be a number. */
static enum tl_stage key_stage(const struct tl_bound *bound, const struct tl_entry *entry, char *why, size_t size)
{
	const struct tl_field *field = tl_bound_field(bound);
	struct tl_place place;

	if (tl_bound_is_missing(bound))
		return tl_entry_is_early(entry) ? TL_STAGE_EARLY : TL_STAGE_LATE;
	if (!field)
		return find_stage(bound, entry, why, size);
	if (field->type == TL_TYPE_EVENT)
		return tl_entry_is_early(entry) ? TL_STAGE_EARLY : TL_STAGE_LATE;
	if (tl_entry_is_early(entry) && place_early((void *)(uintptr_t)entry, field, &place))
		return TL_STAGE_EARLY;
	return TL_STAGE_LATE;
}

/* An aggregate is updated by one program: as late as its last part needs. */
static int later(struct tl_ask *ask, enum tl_stage stage, const char *what, const char *why, struct tl_error *err)
{
	if (stage == TL_STAGE_USER)
		return tl_fail(err, -EOPNOTSUPP, "%s: %s", what, why);
	if (stage > ask->stage)
		ask->stage = stage;
	return 0;
}

static int bind_keys(struct tl_ask *ask, const struct binding *b, struct tl_error *err)
{
	const struct tl_query *query = b->query;
	char why[160];
	int ret = 0;

	for (size_t i = 0; !ret && i < query->n_keys; i++) {
		ret = bind_one(ask, b, query->keys[i], TL_WANT_KEY, &ask->keys[i], err);
		if (ret)
			break;
		ask->n_keys++;
		ret = later(ask, key_stage(ask->keys[i], b->entry, why, sizeof(why)), "by", why, err);
	}
	return ret;
}

static int bind_value(struct tl_ask *ask, const struct binding *b, enum tl_expr_want want, struct tl_error *err)
{
	char why[160];
	enum tl_stage stage;
	int ret;

	if (!b->query->value)
		return 0;
	ret = bind_one(ask, b, b->query->value, want, &ask->value, err);
	if (ret)
		return ret;
	stage = want == TL_WANT_KEY ? key_stage(ask->value, b->entry, why, sizeof(why))
				    : find_stage(ask->value, b->entry, why, sizeof(why));
	return later(ask, stage, "value", why, err);
}

int tl_ask_bind(struct tl_ask *ask, const struct tl_query *query, const struct tl_entry *const *entries, size_t n,
		size_t at, struct tl_error *err)
{
	struct binding b = { .query = query, .entry = entries[at], .n = n, .at = at };
	int ret = 0;

	*ask = (struct tl_ask){ .stage = TL_STAGE_EARLY };
	b.events = calloc(n, sizeof(*b.events));
	if (!b.events)
		return tl_fail(err, -ENOMEM, "subscription: out of memory");
	for (size_t i = 0; i < n; i++)
		b.events[i] = &entries[i]->event;
	if (!tl_entry_is_early(b.entry))
		ask->stage = TL_STAGE_LATE;
	ret = bind_clauses(ask, &b, err);
	if (!ret)
		ret = bind_keys(ask, &b, err);
	if (!ret)
		ret = bind_value(ask, &b, query->value_is_key ? TL_WANT_KEY : TL_WANT_NUMBER, err);
	free(b.events);
	if (ret)
		tl_ask_free(ask);
	return ret;
}

void tl_ask_free(struct tl_ask *ask)
{
	for (size_t i = 0; i < ask->n_clauses; i++)
		tl_bound_free(ask->clauses[i].bound);
	for (size_t i = 0; i < ask->n_keys; i++)
		tl_bound_free(ask->keys[i]);
	tl_bound_free(ask->value);
	free(ask->clauses);
	*ask = (struct tl_ask){ 0 };
}

/* ---- ask --------------------------------------------------------------------------------------- */

const struct tl_clause *tl_ask_user_clause(const struct tl_ask *ask)
{
	for (size_t i = 0; i < ask->n_clauses; i++)
		if (ask->clauses[i].stage == TL_STAGE_USER)
			return &ask->clauses[i];
	return NULL;
}

bool tl_ask_has_stage(const struct tl_ask *ask, enum tl_stage stage)
{
	for (size_t i = 0; i < ask->n_clauses; i++)
		if (ask->clauses[i].stage == stage)
			return true;
	return false;
}

int tl_ask_test(const struct tl_ask *ask, enum tl_stage from, const struct tl_view *view)
{
	for (size_t i = 0; i < ask->n_clauses; i++) {
		int ret = ask->clauses[i].stage < from ? 1 : tl_bound_test(ask->clauses[i].bound, view);

		if (ret != 1)
			return ret;
	}
	return 1;
}
