/* SPDX-License-Identifier: MIT */
/*
 * fuzz_decode.c: any bytes as a record of an event that has a field of every type. Each field is
 * read whether or not the record passes the check; every byte of each value is touched.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "decode/decode.h"
#include "catalogue/schema.h"

#define N_TYPES	(TL_TYPE_EVENT + 1)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned int touch(const void *bytes, size_t len)
{
	const volatile unsigned char *at = bytes;
	unsigned int sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += at[i];
	return sum;
}

static const struct tl_field members[] = {
	{ .name = "a", .type = TL_TYPE_S32, .offset = 0, .size = 4 },
	{ .name = "b", .type = TL_TYPE_U8, .offset = 4, .size = 1 },
};
static const struct tl_layout layout = { .name = "odd", .members = members, .n_members = 2, .size = 5 };

static void touch_array(const struct tl_field *field, const struct tl_value *array)
{
	size_t n = tl_array_count(field, array);

	if (n != array->s.len / layout.size)
		abort();
	for (size_t i = 0; i <= n; i++) {
		struct tl_value value;

		for (size_t k = 0; k < layout.n_members; k++) {
			tl_array_read(field, array, i, &members[k], &value);
			if ((value.kind == TL_UNREAD) != (i == n))
				abort();
		}
	}
}

static void touch_value(const struct tl_value *value)
{
	size_t len, sum = 0;

	if (value->kind == TL_STRING || value->kind == TL_LIST || value->kind == TL_ARRAY)
		touch(value->s.ptr, value->s.len);
	if (value->kind == TL_IP)
		touch(value->ip.bytes, 16);
	if (value->kind != TL_LIST)
		return;
	for (const char *at = NULL; (at = tl_list_next(value, at, &len)); sum += len + 1)
		touch(at, len);
	if (sum != value->s.len && sum != value->s.len + 1)
		abort();
}

static void make_event(struct tl_event *event, struct tl_field *fields)
{
	size_t offset = sizeof(struct tl_record);

	memcpy(fields, tl_common_fields, sizeof(tl_common_fields));
	for (size_t i = 0; i < N_TYPES; i++) {
		enum tl_type type = (enum tl_type)i;
		size_t field_size = 0;

		while (!tl_type_fits(type, field_size))
			field_size++;
		fields[TL_F_OWN + i] = (struct tl_field){
			.name = "own", .doc = "", .meaning = "", .arg = "", .type = type,
			.offset = (uint16_t)offset, .size = (uint16_t)field_size,
			.number = (uint16_t)(TL_F_OWN + i), .layout = type == TL_TYPE_ARRAY ? &layout : NULL,
		};
		offset += field_size;
	}
	*event = (struct tl_event){
		.name = "fuzz.event", .doc = "", .classes = "", .fields = fields, .n_fields = TL_F_OWN + N_TYPES,
		.number = 7, .fixed_size = (uint16_t)offset,
	};
	for (size_t i = 0; i < event->n_fields; i++) {
		if (tl_type_in_tail(fields[i].type))
			event->tails |= TL_BIT(i);
	}
}

/* Gives the head what the check asks for, so that most inputs get beyond it. */
static void mend(char *record, size_t size)
{
	struct tl_record head;

	if (size < sizeof(head))
		return;
	memcpy(&head, record, sizeof(head));
	head.size = (uint32_t)size;
	head.event = 7;
	memcpy(record, &head, sizeof(head));
}

/* A number of a good record is there unless the record says otherwise. */
static void require_unread(const char *record, const struct tl_field *field)
{
	struct tl_record head;

	memcpy(&head, record, sizeof(head));
	if (!(head.unread & TL_BIT(field->number)))
		abort();
}

static void decode(const struct tl_event *event, const char *record, size_t size, char *scratch)
{
	struct tl_view view = { event, record, size, scratch };
	int refused = tl_record_check(event, record, size, NULL);

	for (size_t i = 0; i < event->n_fields; i++) {
		struct tl_value value;

		tl_field_read(&view, &event->fields[i], &value);
		touch_value(&value);
		if (value.kind == TL_ARRAY)
			touch_array(&event->fields[i], &value);
		if (!refused && event->fields[i].type < TL_TYPE_ERROR && value.kind == TL_UNREAD)
			require_unread(record, &event->fields[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tl_field fields[TL_F_OWN + N_TYPES];
	struct tl_event event;
	char *block = malloc(size + 1), *scratch = malloc(TL_SCRATCH_SIZE);

	if (block && scratch) {
		make_event(&event, fields);
		if (size)
			memcpy(block + 1, data, size);	/* at an odd address */
		decode(&event, block + 1, size, scratch);
		mend(block + 1, size);
		decode(&event, block + 1, size, scratch);
	}
	free(block);
	free(scratch);
	return 0;
}
