/* SPDX-License-Identifier: MIT */
/*
 * span.h: from one event to another. A subscription of the span's own marks begins: their time goes into
 * a map by the key. The verdict of a stop event takes it out again, once for all that is subscribed to the
 * span; their events are the stop events, with a duration of the span's.
 */
#ifndef TL_SPAN_H
#define TL_SPAN_H

#include "verdict/ask.h"
#include "tl_abi.h"

struct tl_verdict_frame;

struct tl_span_end {
	struct tl_entry entry;		/* the stop event as those who are subscribed to the span see it */
	struct tl_field *fields;	/* its own */
	struct tl_ask ask;		/* `where` and the key, on the stop event as it is */
};

struct tl_span {
	struct tl_session *session;
	char *name;
	unsigned int number;		/* in the session, and in tl_slot.spans */
	struct tl_subscription *mark;
	const char *start_key, *start_key_name;	/* while it is opened */
	struct tl_query query;		/* of the ends */
	uint16_t *events;		/* their numbers, ascending */
	struct tl_span_end *ends;
	size_t n_ends;
	uint32_t max_entries;
	int map;			/* key → ns since boot; -1: not made yet */
	struct tl_span *next_closed;
};

/* Whether something that is not stopped is subscribed to it. */
bool tl_span_is_used(const struct tl_span *span);

/* What a subscription to a span asks of its i-th event beside its own: also called for the one that marks. */
void tl_span_ask(struct tl_subscription *sub, size_t i);

/* -EBUSY: its events have a span with them already. */
int tl_span_check_room(const struct tl_subscription *sub, struct tl_error *err);

/* The map, before verdicts are made; what it has is of an earlier time when the first one begins to measure. */
int tl_span_open_map(struct tl_span *span, struct tl_error *err);
void tl_span_forget(const struct tl_subscription *sub);

void tl_spans_free_closed(struct tl_session *session);
void tl_spans_close(struct tl_session *session);

/* Whether the subscription is one to a span that ends at this stage of its i-th event, or ended earlier. */
bool tl_span_ends_at(const struct tl_subscription *sub, size_t i, enum tl_stage stage);
bool tl_span_ends_by(const struct tl_subscription *sub, size_t i, enum tl_stage stage);

/* ---- span_emit.c ------------------------------------------------------------------------------- */

struct tl_span_code {
	struct tl_code *code;
	struct tl_emit_env *env;
	const struct tl_verdict_frame *frame;
	int shared;			/* descriptor of the map with the counters */
};

/* Takes the begin out of the map if one of these subscriptions, which are in R7, may want it. */
void tl_span_emit_take(const struct tl_span_code *c, const struct tl_span *span, size_t end, uint64_t subs);

/* Where its duration is in the record, for expressions and for user space; to `deny` if there was no begin. */
void tl_span_emit_show(const struct tl_span_code *c, const struct tl_span *span, int deny);

/* The begin: to `skip` without a key, to `full` without room. */
void tl_span_emit_mark(const struct tl_span_code *c, const struct tl_span *span, const struct tl_ask *ask, int skip,
		       int full);

#endif
