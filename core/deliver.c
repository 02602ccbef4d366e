// SPDX-License-Identifier: MIT
/* A record on its way to the callbacks. */
#include "decode.h"
#include "error.h"
#include "session.h"

#include <errno.h>
#include <string.h>

/* The event of a record that is whole; NULL if the record is not what it says. */
static const struct tl_event *check(struct tl_session *session, const void *data, size_t size,
				    struct tl_record *head)
{
	const struct tl_entry *entry;

	if (size < sizeof(*head))
		return NULL;
	memcpy(head, data, sizeof(*head));
	entry = tl_batteries_entry(&session->batteries, head->event);
	if (!entry || tl_record_check(&entry->event, data, size, NULL))
		return NULL;
	return &entry->event;
}

static bool wants(const struct tl_subscription *sub, uint64_t time)
{
	return sub && !sub->stopped && !sub->paused && time >= sub->since;
}

bool tl_deliver(struct tl_session *session, const void *data, size_t size)
{
	struct tl_view view = { .data = data, .scratch = session->scratch };
	struct tl_record head;
	unsigned int claimed = 0;

	view.event = check(session, data, size, &head);
	if (!view.event) {
		session->invalid++;
		return !session->interrupted;
	}
	view.size = head.size;
	session->delivering++;
	for (uint64_t mask = head.mask; mask; mask &= mask - 1) {
		struct tl_subscription *sub = session->subs[__builtin_ctzll(mask)];

		if (!wants(sub, head.time))
			continue;
		sub->seen++;
		claimed++;
		sub->fn(sub, &view, sub->arg);
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
