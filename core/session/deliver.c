// SPDX-License-Identifier: MIT
/* A record on its way to the callbacks. */
#include "common/error.h"
#include "decode/decode.h"
#include "session/session.h"

#include <errno.h>

/* The event of a record that is whole; NULL if the record is not what it says. */
static const struct tl_event *check(struct tl_session *session, const void *data, size_t size)
{
	const struct tl_entry *entry;
	uint16_t event;

	if (size < sizeof(struct tl_record))
		return NULL;
	TL_HEAD(data, event, &event);
	entry = tl_batteries_entry(&session->batteries, event);
	if (!entry || tl_record_check(&entry->event, data, size, NULL))
		return NULL;
	return &entry->event;
}

/*
 * An aggregate has no callback: a record that names it was in the making when it was paused, and found no
 * verdict any more.
 */
static bool wants(const struct tl_subscription *sub, uint64_t time)
{
	return sub && sub->fn && !sub->stopped && !sub->paused && time >= sub->since;
}

/* What the kernel has not decided: in a replay all of it. */
static bool passes(struct tl_subscription *sub, const struct tl_view *view)
{
	long i = sub->asks ? tl_subscription_index(sub, view->event->number) : -1;
	int ret = i < 0 ? 1 : tl_ask_test(&sub->asks[i], sub->session->replay ? TL_STAGE_EARLY : TL_STAGE_USER, view);

	sub->errors += ret == -EDOM;
	return ret == 1;
}

/* To subscribers of a span the event is the span's. */
static bool hand_over(struct tl_subscription *sub, struct tl_view view)
{
	long i = sub->span ? tl_subscription_index(sub, view.event->number) : -1;

	if (i >= 0)
		view.event = &tl_subscription_entry(sub, (size_t)i)->event;
	if (!passes(sub, &view))
		return false;
	sub->seen++;
	sub->fn(sub, &view, sub->arg);
	return true;
}

bool tl_deliver(struct tl_session *session, const void *data, size_t size)
{
	struct tl_view view = { .data = data, .scratch = session->scratch };
	unsigned int claimed = 0;
	uint64_t time, mask;
	uint32_t own_size;

	view.event = check(session, data, size);
	if (!view.event) {
		session->invalid++;
		return !session->interrupted;
	}
	TL_HEAD(data, size, &own_size);
	TL_HEAD(data, time, &time);
	TL_HEAD(data, mask, &mask);
	view.size = own_size;
	session->delivering++;
	for (; mask; mask &= mask - 1) {
		struct tl_subscription *sub = session->subs[__builtin_ctzll(mask)];

		claimed += wants(sub, time) && hand_over(sub, view);
	}
	session->delivering--;
	if (claimed)
		session->delivered++;
	else
		session->unclaimed++;
	return !session->interrupted;
}

int tl_session_feed(struct tl_session *session, const void *record, size_t size, struct tl_error *err)
{
	uint64_t invalid = session->invalid;

	tl_deliver(session, record, size);
	tl_subscriptions_free_stopped(session);
	if (session->invalid != invalid)
		return tl_fail(err, -EBADMSG, "record: not one of this battery's, or damaged");
	return 0;
}

/* Bytes of the first record in the buffer: a rest too short for another one is its padding. */
static size_t first_size(const char *records, size_t size)
{
	uint32_t first;

	if (size < sizeof(struct tl_record))
		return size;
	TL_HEAD(records, size, &first);
	return first < sizeof(struct tl_record) || first > size || size - first < 8 ? size : first;
}

int tl_session_feed_all(struct tl_session *session, const void *records, size_t size, struct tl_error *err)
{
	const char *at = records, *end = at + size;
	int n = 0;

	do {
		size_t one = first_size(at, (size_t)(end - at));
		int code = tl_session_feed(session, at, one, err);

		if (code)
			return code;
		at += one;
		n++;
	} while (at != end);
	return n;
}
