/* SPDX-License-Identifier: MIT */
/* What a session owns, for the files that work on it: session.c, subscription.c, routes.c, deliver.c, stats.c. */
#ifndef TL_SESSION_H
#define TL_SESSION_H

#include "decode/naming.h"
#include "load/battery.h"
#include "load/programs.h"
#include "session/channel.h"
#include "target/readers.h"
#include "target/targets.h"
#include "verdict/aggregate.h"
#include "verdict/ask.h"
#include "verdict/span.h"
#include "verdict/verdicts.h"

struct tl_subscription {
	struct tl_session *session;
	unsigned int bit;		/* its place in the mask */
	bool paused;
	bool stopped;			/* freed as soon as no delivery is under way */
	uint64_t since;			/* ns since boot: older records are of the bit's former owner, or of before a pause */
	uint64_t seen;
	uint64_t lost_before;		/* what the bit's former owners had lost */
	uint16_t *events;		/* numbers, ascending */
	uint64_t *fields;		/* per event: bits of the fields wanted */
	uint32_t payload;		/* bytes of a buffer that are wanted */
	size_t n_events;
	struct tl_query query;		/* `where`, `by`, `value`; all NULL if there is none */
	struct tl_ask *asks;		/* per event; NULL: nothing is asked */
	struct tl_aggregate *aggregate;	/* NULL: events go to fn */
	struct tl_span *span;		/* whose ends are its events, or whose begins it marks; NULL: of none */
	bool marks;
	uint64_t limit, limit_ns;
	uint64_t window, in_window, held;	/* of what no verdict limits: see deliver.c */
	uint64_t errors;		/* evaluation errors here; those of the kernel are in the shared memory */
	struct tl_terms *terms;		/* its target; NULL: every process but this one */
	tl_record_fn fn;
	void *arg;
	struct tl_subscription *next_stopped;
};

struct tl_session {
	struct tl_batteries batteries;
	struct tl_programs programs;
	struct tl_channel channel;
	struct tl_targets targets;
	struct tl_readers readers;
	struct tl_verdicts verdicts;
	struct tl_shared *shared;	/* mapped from the map of that name */
	size_t ring_size;
	enum tl_channel_kind channel_kind;
	bool replay;
	bool (*loading)(void *arg, size_t done, size_t total);
	void *loading_arg;
	bool started;
	bool interrupted;
	uint64_t budget;		/* as in the shared memory, which is not there before the start */
	bool identified;		/* the kernel side keeps who processes are */
	bool quiet;			/* nothing new is wanted: see tl_session_quiesce() */
	unsigned int delivering;	/* depth of deliveries under way */
	unsigned int last_bit;
	struct tl_subscription *subs[TL_SUBS_MAX];
	struct tl_subscription *stopped;
	struct tl_span *spans[TL_SPANS_MAX];
	struct tl_span *closed_spans;	/* freed as soon as no delivery is under way */
	uint64_t delivered, unclaimed, invalid;
	char *scratch;			/* TL_SCRATCH_SIZE, for views */
	struct tl_naming naming;
};

/*
 * routes.c. Load: the programs that the subscriptions want now, and with the first of them the maps.
 * Update: makes the kernel side what they want: loads, attaches, routes, lets go.
 */
int tl_routes_load(struct tl_session *session, struct tl_error *err);
int tl_routes_update(struct tl_session *session, struct tl_error *err);

/* deliver.c: one record to the subscriptions that it names. false: interrupted. */
bool tl_deliver(struct tl_session *session, const void *data, size_t size);

/* query.c: the expressions of a subscription, which has its events and its bit already. */
int tl_query_open(struct tl_subscription *sub, const struct tl_subscribe_opts *opts, struct tl_error *err);
void tl_query_close(struct tl_subscription *sub);
const char *tl_stage_name(enum tl_stage stage);

/* subscription.c */
int tl_subscription_activate(struct tl_subscription *sub, struct tl_error *err);
/* Whether it wants events now. NULL: no. */
bool tl_subscription_is_active(const struct tl_subscription *sub);
long tl_subscription_index(const struct tl_subscription *sub, uint16_t event);	/* among its own; -1: none of them */
void tl_subscriptions_free_stopped(struct tl_session *session);
/* Its i-th event; of what is made on a span that with the span's duration. */
const struct tl_entry *tl_subscription_entry(const struct tl_subscription *sub, size_t i);
/* The numbers of the events that the names stand for, ascending, for the caller to free. */
int tl_events_resolve(const struct tl_session *session, const char *const *names, uint16_t **events, size_t *n,
		      struct tl_error *err);
/* The subscription that marks the begins of a span: to opts->events, where opts->where holds. */
int tl_subscribe_mark(struct tl_span *span, const struct tl_subscribe_opts *opts, struct tl_error *err);

/* stats.c: sum over the CPUs of the records lost to the subscription with that bit. */
uint64_t tl_lost_of_bit(const struct tl_session *session, unsigned int bit);

uint64_t tl_now(void);			/* ns since boot, suspend included */

#endif
