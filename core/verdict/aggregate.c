// SPDX-License-Identifier: MIT
/* Aggregates: the layout of keys, and the maps. */
#include "verdict/aggregate.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "catalogue/schema.h"
#include "common/error.h"
#include "session/session.h"

#define ENTRIES_DEFAULT	65536
#define TAIL_MAX	256	/* bytes of a string in a key */
#define TAIL_MIN	32

/* ---- layout ------------------------------------------------------------------------------------ */

static enum tl_key_kind kind_of(const struct tl_bound *bound)
{
	const struct tl_field *field = tl_bound_field(bound);

	if (!field)
		return tl_bound_type(bound) == TL_EXPR_BOOL ? TL_KEY_BOOL : TL_KEY_INT;
	if (field->type <= TL_TYPE_S64)
		return TL_KEY_INT;
	switch (field->type) {
	case TL_TYPE_BOOL: return TL_KEY_BOOL;
	case TL_TYPE_ERROR: return TL_KEY_ERROR;
	case TL_TYPE_EVENT: return TL_KEY_EVENT;
	case TL_TYPE_COMM: return TL_KEY_COMM;
	case TL_TYPE_IP: return TL_KEY_IP;
	default: return TL_KEY_TAIL;
	}
}

static uint16_t size_of(enum tl_key_kind kind)
{
	switch (kind) {
	case TL_KEY_COMM: return TL_COMM_LEN;
	case TL_KEY_IP: return 24;	/* struct tl_ip, in whole words */
	default: return 8;		/* of a string: struct tl_str, the bytes follow */
	}
}

static const struct tl_bound *part_of(const struct tl_ask *ask, size_t i)
{
	return i < ask->n_keys ? ask->keys[i] : ask->value;
}

/* What one event has for part i: it must be what the others have, or missing. */
static int unify(struct tl_key_part *part, const struct tl_bound *bound, const struct tl_entry *entry,
		 struct tl_error *err)
{
	const struct tl_field *field = tl_bound_field(bound);
	enum tl_key_kind kind;

	if (tl_bound_is_missing(bound))
		return 0;
	kind = kind_of(bound);
	if (field && field->type == TL_TYPE_ARRAY)
		return tl_fail(err, -EINVAL, "by: %s is a list of structs; name something simpler", field->name);
	if (!part->event) {
		*part = (struct tl_key_part){ .kind = kind, .field = field, .event = &entry->event };
		return 0;
	}
	if (part->kind != kind || (kind == TL_KEY_TAIL && part->field->type != field->type))
		return tl_fail(err, -EINVAL, "by: %s is something else in %s than in %s",
			       field ? field->name : "the value", entry->event.name, part->event->name);
	return 0;
}

/* Strings share what the others leave. */
static int place_parts(struct tl_aggregate *aggregate, struct tl_error *err)
{
	size_t fixed = 8 + (aggregate->bucket ? 8 : 0), tails = 0, room;
	uint16_t at = 8;	/* after the word of bits: which parts are missing */

	for (size_t i = 0; i < aggregate->n_parts; i++) {
		fixed += aggregate->parts[i].size = size_of(aggregate->parts[i].kind);
		tails += aggregate->parts[i].kind == TL_KEY_TAIL;
	}
	room = tails ? (TL_KEY_MAX - fixed) / tails & ~(size_t)7 : 0;
	if (tails && room < TAIL_MIN)
		return tl_fail(err, -E2BIG, "by: %zu strings are too many for a key", tails);
	room = room > TAIL_MAX ? TAIL_MAX : room;
	for (size_t i = 0; i < aggregate->n_parts; i++) {
		struct tl_key_part *part = &aggregate->parts[i];

		if (part->kind == TL_KEY_TAIL)
			part->size = (uint16_t)(part->size + room);
		part->offset = at;
		at = (uint16_t)(at + part->size);
	}
	if (aggregate->bucket)
		aggregate->bucket = at;
	aggregate->key_size = (uint16_t)(at + (aggregate->bucket ? 8 : 0));
	return 0;
}

static bool has_buckets(enum tl_aggregate_kind kind)
{
	return kind == TL_HIST || kind == TL_LHIST || kind == TL_QUANTILE;
}

static uint16_t stride_of(enum tl_aggregate_kind kind)
{
	switch (kind) {
	case TL_SUM: case TL_AVG: return 16;
	case TL_MIN: case TL_MAX: return 24;
	default: return 8;
	}
}

int tl_aggregate_layout(struct tl_aggregate *aggregate, const struct tl_ask *asks,
			const struct tl_entry *const *entries, size_t n, struct tl_error *err)
{
	enum tl_aggregate_kind kind = aggregate->opts.kind;
	int ret = 0;

	aggregate->outer = aggregate->inner = -1;
	aggregate->n_keys = asks[0].n_keys;
	aggregate->n_parts = aggregate->n_keys + (kind == TL_DISTINCT);
	aggregate->bucket = has_buckets(kind);
	aggregate->stride = stride_of(kind);
	if (!aggregate->opts.max_entries)
		aggregate->opts.max_entries = ENTRIES_DEFAULT;
	for (size_t e = 0; e < n; e++)
		for (size_t i = 0; !ret && i < aggregate->n_parts; i++)
			ret = unify(&aggregate->parts[i], part_of(&asks[e], i), entries[e], err);
	return ret ? ret : place_parts(aggregate, err);
}

/* ---- maps -------------------------------------------------------------------------------------- */

static int make_inner(const struct tl_aggregate *aggregate)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_NO_PREALLOC);

	return bpf_map_create(BPF_MAP_TYPE_PERCPU_HASH, "tl_aggregate", aggregate->key_size,
			      (uint32_t)aggregate->stride * TL_LEVELS, aggregate->opts.max_entries, &opts);
}

static int make_outer(int inner)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .inner_map_fd = (uint32_t)inner);

	return bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "tl_aggregates", sizeof(uint32_t), sizeof(uint32_t), 1,
			      &opts);
}

/* The kernel waits until nobody is at work on the map that was there before. */
static int put_inner(int outer, int inner)
{
	uint32_t zero = 0;

	return bpf_map_update_elem(outer, &zero, &inner, BPF_ANY);
}

int tl_aggregate_swap(struct tl_aggregate *aggregate, int *old, struct tl_error *err)
{
	int inner = make_inner(aggregate);

	if (inner < 0 || put_inner(aggregate->outer, inner)) {
		int code = -errno;

		if (inner >= 0)
			close(inner);
		return tl_fail(err, code, "aggregate: no fresh map: %s", strerror(-code));
	}
	*old = aggregate->inner;
	aggregate->inner = inner;
	return 0;
}

static int failed(int code, struct tl_error *err)
{
	if (code == -EPERM)
		return tl_fail(err, code, "the kernel does not let this user make maps; run as root, or with "
			       "CAP_BPF and CAP_PERFMON");
	return tl_fail(err, code, "aggregate: its map cannot be made: %s", strerror(-code));
}

int tl_aggregate_open(struct tl_aggregate *aggregate, struct tl_error *err)
{
	if (aggregate->inner >= 0)
		return 0;
	aggregate->since = tl_now();
	aggregate->inner = make_inner(aggregate);
	return aggregate->inner < 0 ? failed(-errno, err) : 0;
}

int tl_aggregate_open_outer(struct tl_aggregate *aggregate, struct tl_error *err)
{
	int outer;

	if (aggregate->outer >= 0)
		return 0;
	outer = make_outer(aggregate->inner);
	if (outer < 0 || put_inner(outer, aggregate->inner)) {
		int code = -errno;

		if (outer >= 0)
			close(outer);
		return failed(code, err);
	}
	aggregate->outer = outer;
	return 0;
}

void tl_aggregate_close(struct tl_aggregate *aggregate)
{
	if (aggregate->inner >= 0)
		close(aggregate->inner);
	if (aggregate->outer >= 0)
		close(aggregate->outer);
	aggregate->inner = aggregate->outer = -1;
}
