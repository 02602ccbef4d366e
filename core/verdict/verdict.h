/* SPDX-License-Identifier: MIT */
/*
 * verdict.h: the program that decides, for one event and one stage, what becomes of it for each
 * subscription. It narrows the mask, updates aggregates, and goes on to the table's last program.
 */
#ifndef TL_VERDICT_H
#define TL_VERDICT_H

#include "session/session.h"

struct tl_verdict_maps {
	int depth, scratch, shared;	/* descriptors */
	int table;			/* of the verdicts of this hook */
};

/* Whether a verdict of that stage is needed for the event: a subscription that is active asks something then. */
bool tl_verdict_needed(const struct tl_session *session, uint16_t event, enum tl_stage stage);

/* Whether all that this subscription wants of its i-th event is done by the early verdict: no handler runs for it. */
bool tl_verdict_is_all(const struct tl_subscription *sub, size_t i);

/* Writes the instructions. -E2BIG: they are too many. */
int tl_verdict_make(const struct tl_session *session, uint16_t event, enum tl_stage stage,
		    const struct tl_verdict_maps *maps, struct tl_code *code, struct tl_error *err);

#endif
