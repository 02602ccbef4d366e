/* SPDX-License-Identifier: MIT */
/*
 * watch.h: subscriptions to who joins and leaves their target. What was told of whom is in the map tl_told, see
 * battery/target.bpf.c.
 */
#ifndef TL_WATCH_H
#define TL_WATCH_H

#include "catalogue/catalogue.h"

struct tl_session;
struct tl_subscription;

/* -EOPNOTSUPP: the subscription wants of an event that is told (tl_entry_is_told) what only a verdict can do. */
int tl_watch_check(const struct tl_subscription *sub, struct tl_error *err);

/*
 * What is wanted of those events, by number, comes into force: before targets are settled, so that those who are
 * there already are told of too.
 */
void tl_watch_write(struct tl_session *session, const struct tl_event_state *events);

/* Nobody has been told to the subscription; the next settling tells of all. */
void tl_watch_anew(struct tl_subscription *sub);

#endif
