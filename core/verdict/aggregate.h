/* SPDX-License-Identifier: MIT */
/*
 * aggregate.h: counts, sums and distributions that verdicts keep in a map: how a key and its values lie
 * there, and how they are read. Before it is cleared for the first time the map becomes the one element
 * of a map of maps: to read and begin anew, a fresh one takes its place, and the kernel says when nobody
 * writes to the old one any more. Not sooner: the kernel also waits when the first one is put there.
 */
#ifndef TL_AGGREGATE_H
#define TL_AGGREGATE_H

#include "expr/code.h"
#include "verdict/ask.h"
#include "tl_abi.h"

enum tl_key_kind { TL_KEY_INT, TL_KEY_BOOL, TL_KEY_ERROR, TL_KEY_EVENT, TL_KEY_COMM, TL_KEY_IP, TL_KEY_TAIL };

struct tl_key_part {
	enum tl_key_kind kind;
	uint16_t offset;		/* in the key */
	uint16_t size;
	const struct tl_field *field;	/* of an event that has it; NULL: what was reckoned */
	const struct tl_event *event;	/* that one */
};

#define TL_KEY_PARTS	(TL_KEYS_MAX + 1)	/* the keys, and the value of TL_DISTINCT */

struct tl_aggregate {
	struct tl_aggregate_opts opts;	/* without the names */
	struct tl_key_part parts[TL_KEY_PARTS];
	size_t n_keys, n_parts;
	uint16_t key_size, bucket;	/* bucket: its offset in the key; 0: none */
	uint16_t stride;		/* bytes of one level's values */
	int outer, inner;		/* descriptors; -1: not made yet */
	bool classic;			/* its verdicts run at classic tracepoints */
	bool swaps;			/* its verdicts go by `outer` */
	uint64_t since;			/* ns since boot: begin of what is in the map */
	uint64_t cleared;		/* increments in maps that were read and cleared */
};

/* How keys lie, from the asks of all events. -EINVAL: they have other types in other events; -E2BIG. */
int tl_aggregate_layout(struct tl_aggregate *aggregate, const struct tl_ask *asks,
			const struct tl_entry *const *entries, size_t n, struct tl_error *err);

int tl_aggregate_open(struct tl_aggregate *aggregate, struct tl_error *err);

/* Makes the map of maps, with the map in it. Verdicts that are made from now on go by it. */
int tl_aggregate_open_outer(struct tl_aggregate *aggregate, struct tl_error *err);
void tl_aggregate_close(struct tl_aggregate *aggregate);

/* aggregate_read.c and it: a fresh map takes the place of the one in use, which is the caller's to read and close. */
int tl_aggregate_swap(struct tl_aggregate *aggregate, int *old, struct tl_error *err);

/* What the code of a verdict finds where: offsets from the frame's end. */
struct tl_verdict_frame {
	int zero;		/* a __u32 that is 0 */
	int level;		/* a __u64: the nesting level */
	int value;		/* a __u64 that is free */
	int stack;		/* below this all is free */
};

/* Emits the update. Where there is no value: to `skip`; where there is no room in the map: to `full`. */
void tl_aggregate_emit(const struct tl_aggregate *aggregate, const struct tl_ask *ask, enum tl_stage stage,
		       const struct tl_entry *entry, const struct tl_verdict_frame *frame, struct tl_code *code,
		       const struct tl_emit_env *env, int skip, int full);

/* aggregate_read.c. Clearing takes `swaps`. Calls fn for each row; stops when it returns false. `scratch` is a view's. */
int tl_aggregate_read(struct tl_aggregate *aggregate, bool clear, tl_row_fn fn, void *arg, char *scratch,
		      struct tl_error *err);

/* Increments since the begin, whether cleared meanwhile or not. */
uint64_t tl_aggregate_seen(struct tl_aggregate *aggregate, char *scratch);

#endif
