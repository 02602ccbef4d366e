// SPDX-License-Identifier: MIT
/* Spans: what they are made of, and their life from open to close. */
#include "verdict/span.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "session/session.h"

#define ENTRIES_DEFAULT	16384

/* ---- who uses it --------------------------------------------------------------------------------- */

static bool is_user(const struct tl_subscription *sub, const struct tl_span *span)
{
	return sub && sub->span == span && !sub->marks && !sub->stopped;
}

static size_t count_users(const struct tl_span *span)
{
	size_t n = 0;

	for (size_t bit = 0; bit < TL_SUBS_MAX; bit++)
		n += is_user(span->session->subs[bit], span);
	return n;
}

bool tl_span_is_used(const struct tl_span *span)
{
	return count_users(span) > 0;
}

bool tl_span_ends_at(const struct tl_subscription *sub, size_t i, enum tl_stage stage)
{
	return sub->span && !sub->marks && sub->span->ends[i].ask.stage == stage;
}

bool tl_span_ends_by(const struct tl_subscription *sub, size_t i, enum tl_stage stage)
{
	return sub->span && !sub->marks && sub->span->ends[i].ask.stage <= stage;
}

static void not_before(struct tl_ask *ask, enum tl_stage stage)
{
	if (ask->stage < stage)
		ask->stage = stage;
}

/* An event that both ends and begins: the end is looked for first. */
void tl_span_ask(struct tl_subscription *sub, size_t i)
{
	const struct tl_span *span = sub->span;

	if (!span)
		return;
	if (!sub->marks) {
		sub->asks[i].fields |= span->ends[i].ask.fields;
		not_before(&sub->asks[i], span->ends[i].ask.stage);
		return;
	}
	for (size_t k = 0; k < span->n_ends; k++)
		if (span->events[k] == sub->events[i])
			not_before(&sub->asks[i], span->ends[k].ask.stage);
}

static bool shows_another(const struct tl_subscription *other, const struct tl_subscription *sub)
{
	return other && other->span && other->span != sub->span && other->fn && !other->stopped;
}

int tl_span_check_room(const struct tl_subscription *sub, struct tl_error *err)
{
	for (size_t bit = 0; sub->span && sub->fn && bit < TL_SUBS_MAX; bit++) {
		const struct tl_subscription *other = sub->session->subs[bit];

		for (size_t i = 0; i < sub->n_events && shows_another(other, sub); i++)
			if (tl_subscription_index(other, sub->events[i]) >= 0)
				return tl_fail(err, -EBUSY, "%s: an event has room for one span, and %s ends with %s too, "
					       "which has its own callback; count one of them, or stop it", sub->span->name,
					       other->span->name,
					       tl_session_event(sub->session, sub->events[i])->name);
	}
	return 0;
}

/* ---- open ---------------------------------------------------------------------------------------- */

static const struct tl_entry *stop_entry(const struct tl_span *span, size_t i)
{
	return tl_batteries_entry(&span->session->batteries, span->events[i]);
}

/* A number that none of the event's fields has; TL_FIELDS_MAX: there is none. */
static uint16_t free_number(const struct tl_event *event)
{
	uint16_t number = 0;

	for (size_t i = 0; i < event->n_fields; i++)
		if (event->fields[i].number >= number && event->fields[i].number < TL_F_NSPID)
			number = (uint16_t)(event->fields[i].number + 1);
	return number;
}

/* The stop event with a duration that lies in the head, instead of its own if it has one. */
static int make_end(const struct tl_span *span, size_t i, struct tl_error *err)
{
	const struct tl_entry *stop = stop_entry(span, i);
	struct tl_span_end *end = &span->ends[i];
	const struct tl_field *own = tl_event_field(&stop->event, "duration");
	size_t n = stop->event.n_fields, at = own ? (size_t)(own - stop->event.fields) : n;
	uint16_t number = free_number(&stop->event);

	if (number >= TL_F_NSPID)
		return tl_fail(err, -ENOSPC, "stop: %s has no room for another field", stop->event.name);
	end->fields = calloc(n + 1, sizeof(*end->fields));
	if (!end->fields)
		return tl_fail(err, -ENOMEM, "span: out of memory");
	memcpy(end->fields, stop->event.fields, n * sizeof(*end->fields));
	end->fields[at] = (struct tl_field){
		.name = "duration", .doc = "From its begin to its end.", .meaning = "duration", .arg = "",
		.type = TL_TYPE_U64, .offset = offsetof(struct tl_record, span), .size = 8, .number = number };
	end->entry = *stop;
	end->entry.event.name = span->name;
	end->entry.event.fields = end->fields;
	end->entry.event.n_fields = own ? n : n + 1;
	end->entry.raw[number] = end->ask.stage == TL_STAGE_EARLY ? TL_RAW_SPAN : TL_RAW_NOT;
	return 0;
}

static int check_clauses(const struct tl_ask *ask, struct tl_error *err)
{
	const struct tl_clause *clause = tl_ask_user_clause(ask);

	return !clause ? 0 : tl_fail(err, -EOPNOTSUPP, "where: '%.*s' cannot be decided in the kernel: %s",
				     (int)clause->len, clause->text, clause->why);
}

static int bind_ends(struct tl_span *span, struct tl_error *err)
{
	const struct tl_entry **entries = calloc(span->n_ends, sizeof(*entries));
	int ret = 0;

	span->ends = calloc(span->n_ends, sizeof(*span->ends));
	if (!entries || !span->ends)
		ret = tl_fail(err, -ENOMEM, "span: out of memory");
	for (size_t i = 0; !ret && i < span->n_ends; i++)
		entries[i] = stop_entry(span, i);
	for (size_t i = 0; !ret && i < span->n_ends; i++) {
		ret = tl_ask_bind(&span->ends[i].ask, &span->query, entries, span->n_ends, i, err);
		if (!ret)
			ret = check_clauses(&span->ends[i].ask, err);
		if (!ret)
			ret = make_end(span, i, err);
	}
	free(entries);
	return ret;
}

/* "key" is what both are, "stop_key" one that differs. */
static const char *key_name(const struct tl_span_opts *opts, const char *name)
{
	return strcmp(opts->start_key, opts->stop_key) ? name : "key";
}

static int open_ends(struct tl_span *span, const struct tl_span_opts *opts, struct tl_error *err)
{
	int ret = tl_events_resolve(span->session, opts->stop, &span->events, &span->n_ends, err);

	if (!ret && opts->where)
		ret = tl_expr_parse("where", opts->where, &span->query.where, err);
	if (!ret)
		ret = tl_expr_parse(key_name(opts, "stop_key"), opts->stop_key, &span->query.value, err);
	return ret ? ret : bind_ends(span, err);
}

static int open_mark(struct tl_span *span, const struct tl_span_opts *opts, struct tl_error *err)
{
	const struct tl_subscribe_opts mark = {
		.sz = sizeof(mark), .events = opts->start, .where = opts->start_where, .pids = opts->pids,
		.n_pids = opts->n_pids, .follow = opts->follow, .at_exec = opts->at_exec,
		.target = opts->target, .self = opts->self,
	};
	int ret;

	span->start_key = opts->start_key;
	span->start_key_name = key_name(opts, "start_key");
	ret = tl_subscribe_mark(span, &mark, err);
	span->start_key = NULL;
	return ret;
}

static int take_number(struct tl_span *span, struct tl_error *err)
{
	struct tl_session *session = span->session;

	while (span->number < TL_SPANS_MAX && session->spans[span->number])
		span->number++;
	if (span->number == TL_SPANS_MAX)
		return tl_fail(err, -ENOSPC, "span: there are %d already, the most a session can have; stop one",
			       TL_SPANS_MAX);
	session->spans[span->number] = span;
	return 0;
}

static void free_span(struct tl_span *span)
{
	for (size_t i = 0; span->ends && i < span->n_ends; i++) {
		tl_ask_free(&span->ends[i].ask);
		free(span->ends[i].fields);
	}
	tl_expr_free(span->query.where);
	tl_expr_free(span->query.value);
	if (span->map >= 0)
		close(span->map);
	free(span->ends);
	free(span->events);
	free(span->name);
	free(span);
}

static int check_opts(const struct tl_session *session, const struct tl_span_opts *opts, struct tl_error *err)
{
	if (!opts->name || !opts->start_key || !opts->stop_key)
		return tl_fail(err, -EINVAL, "span: name, start_key and stop_key are needed");
	if (session->replay)
		return tl_fail(err, -EOPNOTSUPP, "span: a replay has no kernel to measure in; measure in the script");
	return 0;
}

int tl_span_open(struct tl_session *session, const struct tl_span_opts *given, struct tl_span **out,
		 struct tl_error *err)
{
	struct tl_span_opts opts = { 0 };
	struct tl_span *span;
	int ret;

	*out = NULL;
	memcpy(&opts, given, given->sz < sizeof(opts) ? given->sz : sizeof(opts));
	ret = check_opts(session, &opts, err);
	if (ret)
		return ret;
	span = calloc(1, sizeof(*span));
	if (!span)
		return tl_fail(err, -ENOMEM, "span: out of memory");
	*span = (struct tl_span){ .session = session, .name = strdup(opts.name), .map = -1,
				  .max_entries = opts.max_entries ? opts.max_entries : ENTRIES_DEFAULT };
	ret = span->name ? take_number(span, err) : tl_fail(err, -ENOMEM, "span: out of memory");
	if (!ret) {
		ret = open_ends(span, &opts, err);
		if (!ret)
			ret = open_mark(span, &opts, err);
		if (ret)
			session->spans[span->number] = NULL;
	}
	if (ret)
		free_span(span);
	else
		*out = span;
	return ret;
}

/* ---- the map ------------------------------------------------------------------------------------- */

/* Begins without an end, of threads that died in between, would fill it one by one: the oldest make room. */
int tl_span_open_map(struct tl_span *span, struct tl_error *err)
{
	if (span->map >= 0)
		return 0;
	span->map = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, "tl_span", sizeof(uint64_t), sizeof(uint64_t),
				   span->max_entries, NULL);
	if (span->map >= 0)
		return 0;
	return tl_fail(err, -errno, "%s: its map cannot be made: %s", span->name, strerror(errno));
}

/* New ones may come meanwhile: so many at most. */
static void empty(const struct tl_span *span)
{
	uint64_t key, next = 0;
	bool more = !bpf_map_get_next_key(span->map, NULL, &key);

	for (uint32_t n = 0; more && n < span->max_entries; n++, key = next) {
		more = !bpf_map_get_next_key(span->map, &key, &next);
		bpf_map_delete_elem(span->map, &key);
	}
}

/* Nobody took out what began while nobody was measuring. */
void tl_span_forget(const struct tl_subscription *sub)
{
	const struct tl_span *span = sub->span;

	if (!span || span->map < 0)
		return;
	for (size_t bit = 0; bit < TL_SUBS_MAX; bit++) {
		const struct tl_subscription *other = span->session->subs[bit];

		if (other != sub && is_user(other, span) && tl_subscription_is_active(other))
			return;
	}
	empty(span);
}

/* ---- close --------------------------------------------------------------------------------------- */

static void let_go(struct tl_span *span)
{
	struct tl_session *session = span->session;

	session->spans[span->number] = NULL;
	span->next_closed = session->closed_spans;
	session->closed_spans = span;
}

int tl_span_close(struct tl_span *span, struct tl_error *err)
{
	size_t n = span ? count_users(span) : 0;

	if (n)
		return tl_fail(err, -EBUSY, "%s: %zu subscriptions to it have not been stopped", span->name, n);
	if (!span)
		return 0;
	let_go(span);
	tl_subscription_stop(span->mark);
	return 0;
}

void tl_spans_free_closed(struct tl_session *session)
{
	while (!session->delivering && session->closed_spans) {
		struct tl_span *span = session->closed_spans;

		session->closed_spans = span->next_closed;
		free_span(span);
	}
}

void tl_spans_close(struct tl_session *session)
{
	for (size_t i = 0; i < TL_SPANS_MAX; i++)
		if (session->spans[i])
			let_go(session->spans[i]);
	tl_spans_free_closed(session);
}

int tl_span_target(struct tl_span *span, const struct tl_selector *target, bool self, struct tl_error *err)
{
	return tl_subscription_target(span->mark, target, self, err);
}

/* ---- looking at it ------------------------------------------------------------------------------- */

void tl_span_counts(const struct tl_span *span, struct tl_span_counts *counts)
{
	const struct tl_shared *shared = span->session->shared;
	const struct tl_sub_counts *own = shared ? &shared->subs[span->mark->bit] : NULL;

	*counts = (struct tl_span_counts){ 0 };
	if (!own)
		return;
	counts->errors = __atomic_load_n(&own->errors, __ATOMIC_RELAXED);
	counts->full = __atomic_load_n(&own->full, __ATOMIC_RELAXED);
	counts->unbegun = __atomic_load_n(&own->unbegun, __ATOMIC_RELAXED);
}

static void explain_end(const struct tl_span *span, size_t i, tl_explain_fn fn, void *arg)
{
	const struct tl_ask *ask = &span->ends[i].ask;
	struct tl_explanation e = { .event = stop_entry(span, i)->event.name, .where = tl_stage_name(ask->stage) };

	e.code = tl_verdicts_code(span->session, span->events[i], ask->stage == TL_STAGE_EARLY, &e.instructions);
	for (size_t k = 0; k < ask->n_clauses; k++) {	/* all of them where the last of them can be decided */
		e.clause = ask->clauses[k].text;
		e.len = ask->clauses[k].len;
		e.why = ask->clauses[k].why;
		fn(&e, arg);
	}
	e.clause = NULL;
	e.len = 0;
	e.why = "";
	fn(&e, arg);
}

void tl_span_explain(const struct tl_span *span, tl_explain_fn fn, void *arg)
{
	tl_subscription_explain(span->mark, fn, arg);
	for (size_t i = 0; i < span->n_ends; i++)
		explain_end(span, i, fn, arg);
}
