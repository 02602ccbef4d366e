/* SPDX-License-Identifier: MIT */
/*
 * decode.c: the only file that knows where in a record a value lies. tl_fields_read() trusts neither
 * the record nor that tl_record_check() has seen it: every offset is held against the view's size.
 */
#include "decode/decode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "catalogue/meaning.h"
#include "catalogue/schema.h"
#include "common/error.h"
#include "decode/file.h"

/* ---- the record as a whole ------------------------------------------------------------------- */

static bool str_inside(const struct tl_event *event, const struct tl_str *str, size_t size)
{
	return str->offset >= event->fixed_size && (size_t)str->offset + str->length <= size;
}

static bool is_identity(const struct tl_field *field)
{
	return field->number >= TL_F_NSPID;
}

static int check_tail(const struct tl_event *event, const struct tl_field *field, const char *data,
		      size_t size, struct tl_error *err)
{
	size_t fixed_size = event->fixed_size + (is_identity(field) ? sizeof(struct tl_identity) : 0);
	struct tl_str str;

	if (fixed_size <= size && (size_t)field->offset + sizeof(str) <= fixed_size) {
		memcpy(&str, data + field->offset, sizeof(str));
		if (str.offset == 0 && str.length == 0)		/* never written */
			return 0;
		if (str_inside(event, &str, size))
			return 0;
	}
	return tl_fail(err, -EBADMSG, "%s: %s lies outside the record", event->name, field->name);
}

int tl_record_check(const struct tl_event *event, const void *data, size_t size,
		    struct tl_error *err)
{
	struct tl_record head;

	if (size < sizeof(head))
		return tl_fail(err, -EBADMSG, "%s: a record of %zu bytes has no head",
			       event->name, size);
	memcpy(&head, data, sizeof(head));
	if (head.event != event->number)
		return tl_fail(err, -EBADMSG, "%s: the record is of event %u, not %u", event->name,
			       (unsigned int)head.event, (unsigned int)event->number);
	if (head.size > size || size - head.size >= 8 || head.size > TL_DATA_MAX)
		return tl_fail(err, -EBADMSG, "%s: the record says %u bytes, %zu have come",
			       event->name, (unsigned int)head.size, size);
	if (head.size < event->fixed_size || event->fixed_size < sizeof(head))
		return tl_fail(err, -EBADMSG, "%s: a record of %u bytes is cut short", event->name,
			       (unsigned int)head.size);
	for (uint64_t tails = event->tails; tails; tails &= tails - 1) {
		const struct tl_field *field = &event->fields[__builtin_ctzll(tails)];

		if ((head.unread | head.absent) & TL_BIT(field->number))
			continue;
		if (is_identity(field) && !(head.flags & TL_RECORD_IDENTITY))
			continue;
		if (check_tail(event, field, data, head.size, err))
			return -EBADMSG;
	}
	return 0;
}

/* ---- one field ------------------------------------------------------------------------------- */

static void set_string(struct tl_value *value, const char *ptr, size_t len)
{
	value->kind = TL_STRING;
	value->s.ptr = ptr;
	value->s.len = len;
}

/* The size was checked with the catalogue; here it is so that no field made by hand reads too far. */
#define NUMBER(ctype, value_kind, member) do {				\
	ctype number;							\
									\
	if (field->size == sizeof(number)) {				\
		memcpy(&number, at, sizeof(number));			\
		value->kind = value_kind;				\
		value->member = number;					\
	}								\
} while (0)

/* false: the field is no number. */
static inline bool read_number(const struct tl_field *field, const char *at, struct tl_value *value)
{
	switch (field->type) {
	case TL_TYPE_U8:
		NUMBER(uint8_t, TL_UINT, u);
		return true;
	case TL_TYPE_U16:
		NUMBER(uint16_t, TL_UINT, u);
		return true;
	case TL_TYPE_U32:
		NUMBER(uint32_t, TL_UINT, u);
		return true;
	case TL_TYPE_U64:
		NUMBER(uint64_t, TL_UINT, u);
		return true;
	case TL_TYPE_S8:
		NUMBER(int8_t, TL_INT, i);
		return true;
	case TL_TYPE_S16:
		NUMBER(int16_t, TL_INT, i);
		return true;
	case TL_TYPE_S32:
		NUMBER(int32_t, TL_INT, i);
		return true;
	case TL_TYPE_S64:
		NUMBER(int64_t, TL_INT, i);
		return true;
	default:
		return false;
	}
}

/* A number that no errno has is written beside the path, so that a path read before stays. */
static void read_error(const struct tl_view *view, const char *at, size_t size,
		       struct tl_value *value)
{
	char *room = view->scratch;
	const char *name;
	int64_t number;
	int32_t s32;

	if (size == sizeof(s32)) {
		memcpy(&s32, at, sizeof(s32));
		number = s32;
	} else if (size == sizeof(number)) {
		memcpy(&number, at, sizeof(number));
	} else {
		return;
	}
	if (number >= 0 || number < -TL_ERRNO_MAX) {
		value->kind = TL_NIL;
		return;
	}
	name = tl_errno_name((int)-number);
	if (!name && room) {
		name = room + TL_SCRATCH_PATH;
		snprintf(room + TL_SCRATCH_PATH, TL_SCRATCH_SIZE - TL_SCRATCH_PATH, "E%d",
			 (int)-number);
	}
	if (name)
		set_string(value, name, strlen(name));
}

static void read_ip(const char *at, struct tl_value *value)
{
	uint8_t family = (uint8_t)at[offsetof(struct tl_ip, family)];

	if (family == 0) {
		value->kind = TL_NIL;
	} else if (family == AF_INET || family == AF_INET6) {
		value->kind = TL_IP;
		value->ip.family = family;
		value->ip.bytes = (const uint8_t *)at + offsetof(struct tl_ip, bytes);
		value->late = (uint8_t)at[offsetof(struct tl_ip, flags)] & TL_STR_LATE;
	}
}

static bool needs_scratch(enum tl_type type)
{
	return type == TL_TYPE_PATH || type == TL_TYPE_FILE || type == TL_TYPE_SOCKADDR;
}

static void read_tail(const struct tl_view *view, const struct tl_field *field, const char *at,
		      struct tl_value *value)
{
	struct tl_str str;

	memcpy(&str, at, sizeof(str));
	if (!str_inside(view->event, &str, view->size) || str.length > TL_DATA_MAX)
		return;
	if (needs_scratch(field->type) && !view->scratch)
		return;
	value->cut = str.flags & TL_STR_CUT;
	value->changed = str.flags & TL_STR_CHANGED;
	value->late = str.flags & TL_STR_LATE;
	set_string(value, (const char *)view->data + str.offset, str.length);
	switch (field->type) {
	case TL_TYPE_LIST:
		value->kind = TL_LIST;
		break;
	case TL_TYPE_PATH:
		tl_path_join(view->scratch, value);
		break;
	case TL_TYPE_FILE:
		tl_file_text(view->scratch, &str, value);
		break;
	case TL_TYPE_SOCKADDR:
		tl_sockaddr_text(view->scratch, value);
		break;
	case TL_TYPE_ARRAY:
		value->kind = TL_ARRAY;
		break;
	default:
		break;
	}
}

static void read_other(const struct tl_view *view, const struct tl_field *field, const char *at,
		       struct tl_value *value)
{
	switch (field->type) {
	case TL_TYPE_BOOL:
		NUMBER(uint8_t, TL_BOOL, i);
		value->i = value->i != 0;
		break;
	case TL_TYPE_ERROR:
		read_error(view, at, field->size, value);
		break;
	case TL_TYPE_COMM:
		if (field->size == TL_COMM_LEN)
			set_string(value, at, strnlen(at, TL_COMM_LEN));
		break;
	case TL_TYPE_IP:
		if (field->size == sizeof(struct tl_ip))
			read_ip(at, value);
		break;
	case TL_TYPE_EVENT:
		set_string(value, view->event->name, strlen(view->event->name));
		break;
	default:
		if (field->size == sizeof(struct tl_str))
			read_tail(view, field, at, value);
	}
}

void tl_fields_read(const struct tl_view *view, const struct tl_field *const fields[], size_t n,
		    struct tl_value values[])
{
	uint64_t unread = UINT64_MAX, absent = 0;
	const char *data = view->data;
	uint16_t flags;

	if (view->size >= sizeof(struct tl_record)) {
		TL_HEAD(data, unread, &unread);
		TL_HEAD(data, absent, &absent);
		TL_HEAD(data, flags, &flags);
		if (!(flags & TL_RECORD_IDENTITY))
			unread |= TL_IDENTITY_FIELDS;
	}
	for (size_t i = 0; i < n; i++) {
		const struct tl_field *field = fields[i];

		values[i] = (struct tl_value){ .kind = TL_UNREAD };
		if (!field)
			values[i].kind = TL_NIL;
		else if ((size_t)field->offset + field->size > view->size ||
			 field->number >= TL_FIELDS_MAX)
			continue;
		else if (absent & TL_BIT(field->number))
			values[i].kind = TL_NIL;
		else if (!(unread & TL_BIT(field->number)) &&
			 !read_number(field, data + field->offset, &values[i]))
			read_other(view, field, data + field->offset, &values[i]);
	}
}

void tl_field_read(const struct tl_view *view, const struct tl_field *field,
		   struct tl_value *value)
{
	tl_fields_read(view, &field, 1, value);
}

size_t tl_array_count(const struct tl_field *field, const struct tl_value *array)
{
	return field->layout && array->kind == TL_ARRAY ? array->s.len / field->layout->size : 0;
}

void tl_array_read(const struct tl_field *field, const struct tl_value *array, size_t i,
		   const struct tl_field *member, struct tl_value *value)
{
	*value = (struct tl_value){ .kind = TL_UNREAD };
	if (i < tl_array_count(field, array) && (size_t)member->offset + member->size <= field->layout->size)
		read_number(member, array->s.ptr + i * field->layout->size + member->offset, value);
}

const char *tl_list_next(const struct tl_value *list, const char *at, size_t *len)
{
	const char *end = list->s.ptr + list->s.len;
	const char *nul;

	if (at) {
		nul = memchr(at, '\0', (size_t)(end - at));
		at = nul ? nul + 1 : end;
	} else {
		at = list->s.ptr;
	}
	if (at == end)
		return NULL;
	nul = memchr(at, '\0', (size_t)(end - at));
	*len = (size_t)((nul ? nul : end) - at);
	return at;
}

const struct tl_field *tl_event_field(const struct tl_event *event, const char *name)
{
	for (size_t i = 0; i < event->n_fields; i++) {
		if (strcmp(event->fields[i].name, name) == 0)
			return &event->fields[i];
	}
	return NULL;
}
