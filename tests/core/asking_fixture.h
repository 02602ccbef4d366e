/* SPDX-License-Identifier: MIT */
/* asking_fixture.h: events of expr_fixture.h as entries of a catalogue, and queries about them, for tests of verdicts. */
#ifndef ASKING_FIXTURE_H
#define ASKING_FIXTURE_H

#include "verdict/ask.h"
#include "load/battery.h"
#include "expr_fixture.h"
#include "session/session.h"

/* Two events: the first with arguments that are known early, as a call's; the second with none. */
enum { CALL, OTHER, ENTRIES };

struct asking {
	struct sample_event samples[ENTRIES];
	struct tl_entry entries[ENTRIES];
	const struct tl_entry *list[ENTRIES];
	struct tl_catalogue catalogue;
	struct tl_battery battery;
};

static inline void asking_make(struct asking *a)
{
	static const char *const names[] = { "a.call", "a.other" };

	memset(a, 0, sizeof(*a));
	for (int i = 0; i < ENTRIES; i++) {
		sample_event_make(&a->samples[i], names[i]);
		a->samples[i].event.number = (uint16_t)i;
		a->entries[i].event = a->samples[i].event;
		a->list[i] = &a->entries[i];
	}
	a->entries[CALL].raw[S_DIRFD] = TL_RAW_ARG;
	a->entries[CALL].raw[S_FLAGS] = TL_RAW_ARG + 2;
	a->entries[CALL].raw[S_RET] = a->entries[CALL].raw[S_ERROR] = TL_RAW_RET;
	a->entries[CALL].raw[S_DURATION] = TL_RAW_DURATION;
	a->catalogue = (struct tl_catalogue){ .entries = a->entries, .n = ENTRIES };
	a->battery = (struct tl_battery){ .catalogue = &a->catalogue };
}

static inline struct tl_expr *asking_parse(const char *what, const char *text)
{
	struct tl_expr *expr = NULL;
	struct tl_error err;

	if (text && tl_expr_parse(what, text, &expr, &err)) {
		fprintf(stderr, "%s\n", err.message);
		abort();
	}
	return expr;
}

static inline void asking_query(struct tl_query *query, const char *where, const char *by, const char *value)
{
	*query = (struct tl_query){ .where = asking_parse("where", where), .value = asking_parse("value", value) };
	query->keys[0] = asking_parse("by", by);
	query->n_keys = by != NULL;
}

static inline void asking_free(struct tl_query *query)
{
	tl_expr_free(query->where);
	tl_expr_free(query->value);
	for (size_t i = 0; i < query->n_keys; i++)
		tl_expr_free(query->keys[i]);
	*query = (struct tl_query){ 0 };
}

#endif
