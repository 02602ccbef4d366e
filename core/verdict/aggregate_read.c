// SPDX-License-Identifier: MIT
/* Reading an aggregate: rows out of its map, summed over the CPUs and the levels of nesting. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalogue/schema.h"
#include "common/error.h"
#include "decode/decode.h"
#include "session/session.h"
#include "verdict/aggregate.h"

#define CHUNK	512	/* entries that are read at a time; the kernel wants room for a whole bucket */

struct reading {
	const struct tl_aggregate *aggregate;
	int map;
	size_t n_cpus;
	size_t chunk;
	char *keys, *values;
	tl_row_fn fn;
	void *arg;
	char *scratch;
	char *record;		/* made up, to decode a key as a field of its event */
	const char *key;	/* of the row in hand */
	uint64_t seen;		/* increments in all rows */
};

/* ---- keys -------------------------------------------------------------------------------------- */

#define RECORD_MAX	(sizeof(struct tl_record) + 4096 + TL_KEY_MAX)

static const struct tl_field count_field = { .name = "", .doc = "", .meaning = "", .arg = "", .type = TL_TYPE_S64 };

/* With who the process is, which may be a key too. */
static uint16_t fixed_size(const struct tl_key_part *part)
{
	return (uint16_t)(part->event->fixed_size + sizeof(struct tl_identity));
}

/* The string as it lies in a record, behind the fixed part. */
static void put_tail(const struct tl_key_part *part, const char *at, char *record)
{
	uint16_t fixed = fixed_size(part);
	struct tl_str str;

	memcpy(&str, at, sizeof(str));
	str.offset = fixed;
	memcpy(record + part->field->offset, &str, sizeof(str));
	memcpy(record + fixed, at + sizeof(str), part->size - sizeof(str));
	((struct tl_record *)(void *)record)->size = (uint32_t)fixed + part->size;
}

static void decode_field(const struct reading *r, const struct tl_key_part *part, const char *at,
			 struct tl_value *value)
{
	struct tl_view view = { .event = part->event, .data = r->record, .scratch = r->scratch };

	memset(r->record, 0, fixed_size(part));
	((struct tl_record *)(void *)r->record)->flags = TL_RECORD_IDENTITY;
	if (part->kind == TL_KEY_TAIL)
		put_tail(part, at, r->record);
	else
		memcpy(r->record + part->field->offset, at, part->field->size);
	view.size = fixed_size(part) + (part->kind == TL_KEY_TAIL ? part->size : 0u);
	tl_field_read(&view, part->field, value);
}

static void decode_error(int64_t number, struct tl_value *value)
{
	const char *name = tl_errno_name((int)number);

	*value = (struct tl_value){ .kind = TL_INT, .i = number };
	if (!name)
		return;
	value->kind = TL_STRING;
	value->s.ptr = name;
	value->s.len = strlen(name);
}

static void decode_part(const struct reading *r, size_t i, struct tl_value *value)
{
	const struct tl_key_part *part = &r->aggregate->parts[i];
	const char *at = r->key + part->offset;
	int64_t number;
	uint64_t missing;

	memcpy(&missing, r->key, sizeof(missing));
	memcpy(&number, at, sizeof(number));
	if (missing & TL_BIT(i))
		*value = (struct tl_value){ .kind = TL_NIL };
	else if (part->kind == TL_KEY_INT || part->kind == TL_KEY_EVENT)
		*value = (struct tl_value){ .kind = TL_INT, .i = number };
	else if (part->kind == TL_KEY_BOOL)
		*value = (struct tl_value){ .kind = TL_BOOL, .i = number };
	else if (part->kind == TL_KEY_ERROR)
		decode_error(number, value);
	else
		decode_field(r, part, at, value);
}

const struct tl_field *tl_row_key(const struct tl_row *row, size_t i, struct tl_value *value)
{
	const struct reading *r = row->data;

	*value = (struct tl_value){ .kind = TL_NIL };
	if (i >= r->aggregate->n_parts)
		return NULL;
	decode_part(r, i, value);
	return r->aggregate->parts[i].field ? r->aggregate->parts[i].field : &count_field;
}

/* ---- rows -------------------------------------------------------------------------------------- */

static void add_values(struct tl_row *row, const int64_t *values, uint16_t stride)
{
	uint64_t n = (uint64_t)values[0];

	if (!n)
		return;
	if (stride == 16)
		row->sum = (int64_t)((uint64_t)row->sum + (uint64_t)values[1]);
	if (stride == 24 && (!row->n || values[1] < row->min))
		row->min = values[1];
	if (stride == 24 && (!row->n || values[2] > row->max))
		row->max = values[2];
	row->n += n;
}

static bool emit_row(struct reading *r, size_t i)
{
	const struct tl_aggregate *aggregate = r->aggregate;
	size_t per_cpu = (size_t)aggregate->stride * TL_LEVELS;
	struct tl_row row = { .kind = aggregate->opts.kind, .n_keys = aggregate->n_keys,
			      .data = r };
	const char *at = r->values + i * per_cpu * r->n_cpus;

	r->key = r->keys + i * aggregate->key_size;
	for (size_t level = 0; level < r->n_cpus * TL_LEVELS; level++, at += aggregate->stride)
		add_values(&row, (const int64_t *)(const void *)at, aggregate->stride);
	if (aggregate->bucket)
		memcpy(&row.bucket, r->key + aggregate->bucket, sizeof(row.bucket));
	r->seen += row.n;
	return row.n ? r->fn(&row, r->arg) : true;	/* made by an increment that is under way */
}

static int make_room(struct reading *r, size_t chunk)
{
	const struct tl_aggregate *aggregate = r->aggregate;

	free(r->keys);
	free(r->values);
	r->chunk = chunk;
	r->keys = malloc(chunk * aggregate->key_size);
	r->values = malloc(chunk * aggregate->stride * TL_LEVELS * r->n_cpus);
	return r->keys && r->values ? 0 : -ENOMEM;
}

/*
 * While the kernel walks over a map, no program on a classic tracepoint runs on that CPU; if it is preempted then, by
 * somebody who makes events, they are lost until it comes on again. Of real-time priority it is not preempted. Where
 * that is not allowed, the kernel counts what it skipped, and so do we.
 */
static bool stay_on(const struct reading *r, int *policy, struct sched_param *before)
{
	struct sched_param fifo = { .sched_priority = sched_get_priority_min(SCHED_FIFO) };

	*policy = r->aggregate->classic ? sched_getscheduler(0) : -1;
	return (*policy == SCHED_OTHER || *policy == SCHED_BATCH) && !sched_getparam(0, before) &&
	       !sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &fifo);
}

static int read_chunk(struct reading *r, void *from, uint32_t *place, uint32_t *count)
{
	struct sched_param before;
	int policy, ret, code;
	bool stays = stay_on(r, &policy, &before);

	*count = (uint32_t)r->chunk;
	ret = bpf_map_lookup_batch(r->map, from, place, r->keys, r->values, count, NULL);
	code = ret ? errno : 0;
	if (stays)
		sched_setscheduler(0, policy, &before);
	return code;
}

/* Returns the number of rows, or a negative errno. */
static int read_map(struct reading *r)
{
	uint32_t place = 0, count;
	bool first = true;
	int rows = 0, code;

	do {
		code = read_chunk(r, first ? NULL : &place, &place, &count);
		if (code == ENOSPC && r->chunk < 1 << 20) {	/* a bucket with more than that */
			code = make_room(r, r->chunk * 2);
			if (code)
				return code;
			continue;
		}
		if (code && code != ENOENT)
			return -code;
		first = false;
		for (uint32_t i = 0; i < count; i++, rows++)
			if (!emit_row(r, i))
				return rows + 1;
	} while (!code);
	return rows;
}

static int read_all(struct reading *r, struct tl_error *err)
{
	int cpus = libbpf_num_possible_cpus(), ret = cpus < 0 ? cpus : 0;

	r->n_cpus = (size_t)cpus;
	r->record = malloc(RECORD_MAX);
	if (!ret)
		ret = r->record ? make_room(r, CHUNK) : -ENOMEM;
	if (!ret)
		ret = read_map(r);
	free(r->record);
	free(r->keys);
	free(r->values);
	return ret < 0 ? tl_fail(err, ret, "aggregate: its map cannot be read: %s", strerror(-ret)) : ret;
}

int tl_aggregate_read(struct tl_aggregate *aggregate, bool clear, tl_row_fn fn, void *arg, char *scratch,
		      struct tl_error *err)
{
	struct reading r = { .aggregate = aggregate, .fn = fn, .arg = arg, .scratch = scratch, .map = aggregate->inner };
	int ret;

	if (aggregate->inner < 0)
		return 0;	/* not started yet */
	if (clear) {
		ret = tl_aggregate_swap(aggregate, &r.map, err);
		if (ret)
			return ret;
		aggregate->since = tl_now();
	}
	ret = read_all(&r, err);
	if (clear) {
		close(r.map);
		aggregate->cleared += r.seen;
	}
	return ret;
}

static bool pass_over(const struct tl_row *row, void *arg)
{
	*(uint64_t *)arg += row->n;
	return true;
}

uint64_t tl_aggregate_seen(struct tl_aggregate *aggregate, char *scratch)
{
	uint64_t seen = aggregate->cleared;

	tl_aggregate_read(aggregate, false, pass_over, &seen, scratch, NULL);
	return seen;
}
