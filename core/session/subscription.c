// SPDX-License-Identifier: MIT
/* Subscriptions: resolving names to events and fields, and their life from on to stop. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/error.h"
#include "common/glob.h"
#include "session/session.h"
#include "target/watch.h"

#define ALL_FIELDS (~TL_IDENTITY_FIELDS)	/* those are looked up for who names them alone */

uint64_t tl_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* ---- names ----------------------------------------------------------------------------------- */

static int no_such_event(const struct tl_session *session, const char *name, struct tl_error *err)
{
	const char *near = tl_session_nearest(session, NULL, name);

	if (tl_glob_magic(name))
		return tl_fail(err, -ENOENT, "%s: matches no event; --list shows them all", name);
	if (near)
		return tl_fail(err, -ENOENT, "%s: no such event; did you mean %s?", name, near);
	return tl_fail(err, -ENOENT, "%s: no such event; --list shows them all", name);
}

/* Whether the word is one of those between blanks; "%file" means "file", as strace has it. */
static bool has_class(const struct tl_event *event, const char *word)
{
	size_t len = strlen(word += word[0] == '%');

	if (strchr(word, ' '))
		return false;
	for (const char *at = event->classes; len && (at = strstr(at, word)); at += len)
		if ((at == event->classes || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

/* What is told of targets is no more than noise to those who want all events: a glob must say "target." itself. */
static bool is_meant(const struct tl_entry *entry, const char *word)
{
	size_t part = strcspn(entry->event.name, ".");

	return !tl_entry_is_told(entry) || !tl_glob_magic(word) || !strncmp(word, entry->event.name, part + 1);
}

static bool is_named(const struct tl_event *event, const char *word)
{
	return tl_glob_match(word, event->name);
}

/* "openat" */
static bool is_call(const struct tl_event *event, const char *word)
{
	const char *prefix = "syscall.";

	return !strncmp(event->name, prefix, strlen(prefix)) && !strcmp(event->name + strlen(prefix), word);
}

/* Marks the events that a word stands for: a name or glob, else a call, else a class of calls. */
static int mark_events(const struct tl_session *session, const char *name, bool *marks, struct tl_error *err)
{
	bool (*const means[])(const struct tl_event *, const char *) = { is_named, is_call, has_class };
	bool found = false;
	int ret = tl_glob_check(name, err);

	if (ret)
		return ret;
	for (size_t k = 0; !found && k < sizeof(means) / sizeof(*means); k++) {
		for (size_t i = 0; i < session->batteries.n_events; i++) {
			const struct tl_entry *entry = tl_batteries_entry(&session->batteries, i);

			if (!is_meant(entry, name) || !means[k](&entry->event, name))
				continue;
			marks[i] = true;
			found = true;
		}
	}
	return found ? 0 : no_such_event(session, name, err);
}

int tl_events_resolve(const struct tl_session *session, const char *const *names, uint16_t **events, size_t *n,
		      struct tl_error *err)
{
	bool marks[TL_EVENTS_MAX] = { false };
	int ret = 0;

	if (!names || !names[0])
		return tl_fail(err, -EINVAL, "events: none named");
	for (size_t i = 0; !ret && names[i]; i++)
		ret = mark_events(session, names[i], marks, err);
	if (ret)
		return ret;
	*events = calloc(session->batteries.n_events, sizeof(**events));
	if (!*events)
		return tl_fail(err, -ENOMEM, "subscription: out of memory");
	for (size_t i = 0; i < session->batteries.n_events; i++)
		if (marks[i])
			(*events)[(*n)++] = (uint16_t)i;
	return 0;
}

/* Those of a span are its ends. */
static int take_events(struct tl_subscription *sub, struct tl_error *err)
{
	sub->events = calloc(sub->span->n_ends, sizeof(*sub->events));
	if (!sub->events)
		return tl_fail(err, -ENOMEM, "subscription: out of memory");
	memcpy(sub->events, sub->span->events, sub->span->n_ends * sizeof(*sub->events));
	sub->n_events = sub->span->n_ends;
	return tl_span_check_room(sub, err);
}

static int resolve_events(struct tl_subscription *sub, const char *const *names, struct tl_error *err)
{
	int ret = sub->span && !sub->marks ? take_events(sub, err)
					   : tl_events_resolve(sub->session, names, &sub->events, &sub->n_events, err);

	if (ret)
		return ret;
	sub->fields = calloc(sub->n_events, sizeof(*sub->fields));
	return sub->fields ? 0 : tl_fail(err, -ENOMEM, "subscription: out of memory");
}

long tl_subscription_index(const struct tl_subscription *sub, uint16_t event)
{
	size_t low = 0, high = sub->n_events;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sub->events[middle] < event)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sub->n_events && sub->events[low] == event ? (long)low : -1;
}

bool tl_subscription_is_active(const struct tl_subscription *sub)
{
	if (!sub || sub->stopped || sub->paused || sub->session->quiet)
		return false;
	return !sub->marks || tl_span_is_used(sub->span);	/* what nobody waits for is not marked */
}

const struct tl_entry *tl_subscription_entry(const struct tl_subscription *sub, size_t i)
{
	if (sub->span && !sub->marks)
		return &sub->span->ends[i].entry;
	return tl_batteries_entry(&sub->session->batteries, sub->events[i]);
}

static const struct tl_event *event_of(const struct tl_subscription *sub, size_t i)
{
	return &tl_subscription_entry(sub, i)->event;
}

static int unknown_field(const struct tl_subscription *sub, const char *name, struct tl_error *err)
{
	const char *near = NULL, *first = event_of(sub, 0)->name;

	for (size_t i = 0; i < sub->n_events && !near; i++)
		near = tl_session_nearest(sub->session, event_of(sub, i)->name, name);
	if (near)
		return tl_fail(err, -ENOENT, "%s: %s has no such field; did you mean %s?", name, first, near);
	return tl_fail(err, -ENOENT, "%s: %s has no such field; --describe %s shows them all", name, first, first);
}

/* A field counts if one of the events has it; with globs not all do. */
static int resolve_field(struct tl_subscription *sub, const char *name, struct tl_error *err)
{
	bool found = false;

	for (size_t i = 0; i < sub->n_events; i++) {
		const struct tl_field *field = tl_event_field(event_of(sub, i), name);

		if (!field)
			continue;
		sub->fields[i] |= TL_BIT(field->number);
		found = true;
	}
	return found ? 0 : unknown_field(sub, name, err);
}

static int resolve_fields(struct tl_subscription *sub, const char *const *names, struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !names && i < sub->n_events; i++)
		sub->fields[i] = ALL_FIELDS;
	for (size_t i = 0; !ret && names && names[i]; i++)
		ret = resolve_field(sub, names[i], err);
	return ret;
}

/* A list of pids as a selector. The numbers are the caller's to free. */
static int select_pids(const struct tl_subscribe_opts *opts, struct tl_selector *pids, uint64_t **numbers,
		       struct tl_error *err)
{
	if (!opts->n_pids)
		return tl_fail(err, -EINVAL, "pids: an empty list names no process");
	*numbers = calloc(opts->n_pids, sizeof(**numbers));
	if (!*numbers)
		return tl_fail(err, -ENOMEM, "subscription: out of memory");
	for (size_t i = 0; i < opts->n_pids; i++) {
		if (opts->pids[i] <= 0)
			return tl_fail(err, -EINVAL, "pid %d: not a process id", opts->pids[i]);
		(*numbers)[i] = (uint64_t)opts->pids[i];
	}
	*pids = (struct tl_selector){ .kind = opts->at_exec ? TL_SELECT_COMMAND : TL_SELECT_PID,
				      .n = opts->n_pids, .numbers = *numbers };
	return 0;
}

static int resolve_target(struct tl_subscription *sub, const struct tl_subscribe_opts *opts, struct tl_error *err)
{
	struct tl_selector pids = { 0 }, follow = { .kind = TL_SELECT_FOLLOW, .n = 1, .parts = &pids };
	static const struct tl_selector everyone = { .kind = TL_SELECT_ALL };
	const struct tl_selector *target = opts->target;
	uint64_t *numbers = NULL;
	int ret = 0;

	if (!target && opts->pids) {
		ret = select_pids(opts, &pids, &numbers, err);
		target = opts->follow ? &follow : &pids;
	} else if (!target && (opts->self || sub->session->readers.n_pipes)) {
		target = &everyone;
	}
	if (!ret && target)
		ret = tl_targets_make(sub->session, target, opts->self, &sub->terms, err);
	free(numbers);
	return ret;
}

static int resolve_payload(struct tl_subscription *sub, size_t payload, struct tl_error *err)
{
	if (payload == TL_NO_PAYLOAD)
		return 0;
	if (payload > TL_STR_MAX)
		return tl_fail(err, -EINVAL, "payload: %zu bytes; %d are the most that a field holds", payload,
			       TL_STR_MAX);
	sub->payload = payload ? (uint32_t)payload : TL_PAYLOAD;
	return 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void free_subscription(struct tl_subscription *sub)
{
	if (!sub)
		return;
	tl_query_close(sub);
	free(sub->events);
	free(sub->fields);
	free(sub->terms);
	free(sub);
}

static int check_room(const struct tl_session *session, struct tl_error *err)
{
	for (unsigned int bit = 0; bit < TL_SUBS_MAX; bit++)
		if (!session->subs[bit])
			return 0;
	return tl_fail(err, -ENOSPC, "subscription: there are %d already, the most a session can have; stop one",
		       TL_SUBS_MAX);
}

/* The bit that has been free the longest: records of its last owner may still be on their way. There is room. */
static void take_bit(struct tl_subscription *sub)
{
	struct tl_session *session = sub->session;
	unsigned int bit = session->last_bit;

	do
		bit = (bit + 1) % TL_SUBS_MAX;
	while (session->subs[bit]);
	session->subs[bit] = sub;
	session->last_bit = sub->bit = bit;
}

/* The update of the routes, which comes next, tells the kernel side its target. */
int tl_subscription_activate(struct tl_subscription *sub, struct tl_error *err)
{
	struct tl_session *session = sub->session;
	int ret = 0;

	/* Its map must be there when the verdicts are made. */
	if (sub->aggregate)
		ret = tl_aggregate_open(sub->aggregate, err);
	else if (sub->marks)
		ret = tl_span_open_map(sub->span, err);
	if (ret)
		return ret;
	tl_span_forget(sub);
	tl_watch_anew(sub);
	memset(&session->shared->subs[sub->bit], 0, sizeof(session->shared->subs[sub->bit]));
	sub->lost_before = tl_lost_of_bit(session, sub->bit);
	session->shared->epoch++;	/* the bit may have had another owner */
	session->targets.dirty = true;
	sub->since = tl_now();
	return 0;
}

static void drop(struct tl_subscription *sub)
{
	struct tl_session *session = sub->session;

	sub->stopped = true;
	session->targets.dirty = true;
	if (session->started && !session->replay)
		tl_routes_update(session, NULL);	/* only takes away: nothing to load */
	tl_watch_anew(sub);
	session->subs[sub->bit] = NULL;
}

static int start(struct tl_subscription *sub, struct tl_error *err)
{
	int ret = 0;

	if (sub->session->started && !sub->session->replay) {
		ret = tl_subscription_activate(sub, err);
		if (!ret)
			ret = tl_routes_update(sub->session, err);
		if (ret)
			drop(sub);
	}
	return ret;
}

static int resolve(struct tl_subscription *sub, const struct tl_subscribe_opts *opts, struct tl_error *err)
{
	bool wrong = !sub->marks && !opts->fn == !opts->aggregate;
	int ret = wrong ? tl_fail(err, -EINVAL, "fn: give a callback, or an aggregate")
		       : resolve_events(sub, opts->events, err);

	if (!ret && opts->fn)
		ret = resolve_fields(sub, opts->fields, err);
	if (!ret)
		ret = resolve_payload(sub, opts->payload, err);
	if (!ret)
		ret = resolve_target(sub, opts, err);
	if (!ret)
		ret = tl_query_open(sub, opts, err);
	return ret ? ret : tl_watch_check(sub, err);
}

static int subscribe(struct tl_session *session, const struct tl_subscribe_opts *opts, bool marks,
		     struct tl_subscription **out, struct tl_error *err)
{
	struct tl_subscription *sub = calloc(1, sizeof(*sub));
	int ret;

	*out = NULL;
	if (!sub)
		return tl_fail(err, -ENOMEM, "subscription: out of memory");
	*sub = (struct tl_subscription){ .session = session, .fn = opts->fn, .arg = opts->arg, .span = opts->span,
					 .marks = marks };
	ret = check_room(session, err);
	if (!ret) {
		take_bit(sub);
		ret = resolve(sub, opts, err);
		if (!ret)
			ret = start(sub, err);
		if (ret)
			session->subs[sub->bit] = NULL;
	}
	if (ret)
		free_subscription(sub);
	else
		*out = sub;
	return ret;
}

int tl_subscribe(struct tl_session *session, const struct tl_subscribe_opts *given,
		 struct tl_subscription **out, struct tl_error *err)
{
	struct tl_subscribe_opts opts = { 0 };	/* the caller's may be shorter or longer */

	memcpy(&opts, given, given->sz < sizeof(opts) ? given->sz : sizeof(opts));
	return subscribe(session, &opts, false, out, err);
}

int tl_subscribe_mark(struct tl_span *span, const struct tl_subscribe_opts *given, struct tl_error *err)
{
	struct tl_subscribe_opts opts = *given;

	opts.span = span;
	return subscribe(span->session, &opts, true, &span->mark, err);
}

void tl_subscription_stop(struct tl_subscription *sub)
{
	struct tl_session *session;

	if (!sub || sub->stopped)
		return;
	session = sub->session;
	drop(sub);
	sub->next_stopped = session->stopped;
	session->stopped = sub;
	tl_subscriptions_free_stopped(session);
}

void tl_subscriptions_free_stopped(struct tl_session *session)
{
	while (!session->delivering && session->stopped) {
		struct tl_subscription *sub = session->stopped;

		session->stopped = sub->next_stopped;
		free_subscription(sub);
	}
	tl_spans_free_closed(session);
}

void tl_subscription_pause(struct tl_subscription *sub)
{
	sub->paused = true;
	if (sub->session->started && !sub->session->replay)
		tl_routes_update(sub->session, NULL);
}

int tl_subscription_resume(struct tl_subscription *sub, struct tl_error *err)
{
	bool live = sub->session->started && !sub->session->replay;
	int ret = 0;

	if (sub->paused && live)
		sub->since = tl_now();	/* its verdict was gone, and older records may have passed without it */
	sub->paused = false;
	tl_span_forget(sub);
	tl_watch_anew(sub);
	if (live)
		ret = tl_routes_update(sub->session, err);
	if (ret)
		tl_subscription_pause(sub);	/* nothing stays half attached, and others can still change */
	return ret;
}

int tl_subscription_target(struct tl_subscription *sub, const struct tl_selector *target, bool self,
			   struct tl_error *err)
{
	struct tl_subscribe_opts opts = { .target = target, .self = self };
	struct tl_terms *old = sub->terms;
	int ret;

	sub->terms = NULL;
	sub->session->targets.kept = old;	/* its leaves too, until the new ones are settled */
	ret = resolve_target(sub, &opts, err);
	if (!ret && sub->session->started && !sub->session->replay) {
		sub->session->targets.dirty = true;
		ret = tl_routes_update(sub->session, err);
	}
	sub->session->targets.kept = NULL;
	if (!ret) {
		free(old);
		return 0;
	}
	free(sub->terms);
	sub->terms = old;
	sub->session->targets.dirty = true;
	if (sub->session->started && !sub->session->replay)
		tl_routes_update(sub->session, NULL);
	return ret;
}

uint64_t tl_subscription_bit(const struct tl_subscription *sub)
{
	return TL_BIT(sub->bit);
}

uint64_t tl_subscription_seen(const struct tl_subscription *sub)
{
	return sub->aggregate ? tl_aggregate_seen(sub->aggregate, sub->session->scratch) : sub->seen;
}

uint64_t tl_subscription_lost(const struct tl_subscription *sub)
{
	return tl_lost_of_bit(sub->session, sub->bit) - sub->lost_before;
}
