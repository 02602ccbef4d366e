// SPDX-License-Identifier: MIT
#include "target/watch.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "common/error.h"
#include "session/session.h"

/* As struct tl_told of battery/target.bpf.c. */
struct told {
	uint64_t start;
	uint32_t pid, sub;
};

static const struct tl_entry *told_of(const struct tl_subscription *sub)
{
	for (size_t i = 0; i < sub->n_events; i++) {
		const struct tl_entry *entry = tl_batteries_entry(&sub->session->batteries, sub->events[i]);

		if (tl_entry_is_told(entry))
			return entry;
	}
	return NULL;
}

int tl_watch_check(const struct tl_subscription *sub, struct tl_error *err)
{
	const struct tl_entry *entry = told_of(sub);
	const char *what = sub->aggregate ? "counted in the kernel" : sub->span || sub->marks ? "the end of a span"
			   : sub->limit ? "limited" : NULL;

	if (!entry || !what || sub->session->replay)
		return 0;
	return tl_fail(err, -EOPNOTSUPP, "%s: cannot be %s", entry->event.name, what);
}

/* Targets that only leave some out have no members. */
static uint64_t without_members(const struct tl_session *session)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < TL_SUBS_MAX; i++)
		if (session->subs[i] && (!session->subs[i]->terms || tl_terms_everyone(session->subs[i]->terms)))
			mask |= TL_BIT(i);
	return mask;
}

void tl_watch_write(struct tl_session *session, const struct tl_event_state *events)
{
	uint64_t watched = 0;

	for (size_t i = 0; i < session->batteries.n_events; i++) {
		struct tl_event_state *state = &session->shared->events[i];

		if (!tl_entry_is_told(tl_batteries_entry(&session->batteries, i)))
			continue;
		__atomic_store_n(&state->fields, events[i].fields, __ATOMIC_SEQ_CST);
		__atomic_store_n(&state->subs, events[i].subs, __ATOMIC_SEQ_CST);
		watched |= events[i].subs;
	}
	watched &= ~without_members(session);
	__atomic_store_n(&session->shared->selection.watched, watched, __ATOMIC_SEQ_CST);
}

static void forget(struct tl_session *session, unsigned int bit)
{
	int fd = tl_programs_map(&session->programs, "tl_told");
	struct told key, next;
	bool more = fd >= 0 && !bpf_map_get_next_key(fd, NULL, &next);

	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);	/* before key goes */
		if (key.sub == bit)
			bpf_map_delete_elem(fd, &key);
	}
}

void tl_watch_anew(struct tl_subscription *sub)
{
	if (!sub || !told_of(sub))
		return;
	forget(sub->session, sub->bit);
	sub->session->targets.dirty = true;
}
