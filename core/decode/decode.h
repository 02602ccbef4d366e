/* SPDX-License-Identifier: MIT */
/*
 * decode.h: from the bytes of a record to values. Records may lie at any address and be hostile.
 * tl_fields_read(), tl_event_field() and tl_list_next() are in traceleft.h.
 */
#ifndef TL_DECODE_H
#define TL_DECODE_H

#include <stddef.h>
#include <string.h>

#include "tl_abi.h"
#include "traceleft.h"

/* One member of the head, wherever the record lies: copying it whole costs as much as reading a field. */
#define TL_HEAD(data, member, to) \
	memcpy(to, (const char *)(data) + offsetof(struct tl_record, member), sizeof(*(to)))

/* Bytes that view->scratch must have: for the longest path between "…" and " (deleted)", and an errno beside it. */
#define TL_SCRATCH_PATH	(TL_DATA_MAX + 16)
#define TL_SCRATCH_SIZE	(TL_SCRATCH_PATH + 8)

/*
 * Whether the record is what its head says: one of this event, whole, all strings in its tail. A
 * perf buffer pads records, so `size` may be up to 7 bytes more than the head says. -EBADMSG: no.
 */
int tl_record_check(const struct tl_event *event, const void *data, size_t size,
		    struct tl_error *err);

#endif
