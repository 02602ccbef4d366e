/* SPDX-License-Identifier: MIT */
/*
 * decode.c: the only file that knows where in a record a value lies. tl_field_read() trusts neither
 * the record nor that tl_record_check() has seen it: every offset is held against the view's size.
 */
#include "decode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "error.h"
#include "meaning.h"
#include "schema.h"

#define ELLIPSIS	"\xe2\x80\xa6"

/* ---- the record as a whole ------------------------------------------------------------------- */

static bool str_inside(const struct tl_event *event, const struct tl_str *str, size_t size)
{
	return str->offset >= event->fixed_size && (size_t)str->offset + str->length <= size;
}

static int check_tail(const struct tl_event *event, const struct tl_field *field, const char *data,
		      size_t size, struct tl_error *err)
{
	struct tl_str str;

	if (!tl_type_in_tail(field->type))
		return 0;
	memcpy(&str, data + field->offset, sizeof(str));
	if (str.offset == 0 && str.length == 0)		/* never written */
		return 0;
	if (!str_inside(event, &str, size))
		return tl_fail(err, -EBADMSG, "%s: %s lies outside the record", event->name,
			       field->name);
	return 0;
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
	for (size_t i = 0; i < event->n_fields; i++) {
		const struct tl_field *field = &event->fields[i];

		if ((size_t)field->offset + field->size > event->fixed_size)
			return tl_fail(err, -EBADMSG, "%s: %s lies outside the record", event->name,
				       field->name);
		if ((head.unread | head.absent) & TL_BIT(field->number))
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

static void read_unsigned(const char *at, size_t size, struct tl_value *value)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;

	value->kind = TL_UINT;
	switch (size) {
	case 1:
		memcpy(&u8, at, 1);
		value->u = u8;
		break;
	case 2:
		memcpy(&u16, at, 2);
		value->u = u16;
		break;
	case 4:
		memcpy(&u32, at, 4);
		value->u = u32;
		break;
	default:
		memcpy(&value->u, at, 8);
	}
}

static void read_signed(const char *at, size_t size, struct tl_value *value)
{
	struct tl_value raw = { 0 };

	read_unsigned(at, size, &raw);
	value->kind = TL_INT;
	switch (size) {
	case 1:
		value->i = (int8_t)raw.u;
		break;
	case 2:
		value->i = (int16_t)raw.u;
		break;
	case 4:
		value->i = (int32_t)raw.u;
		break;
	default:
		value->i = (int64_t)raw.u;
	}
}

/* A number that no errno has is written beside the path, so that a path read before stays. */
static void read_error(const struct tl_view *view, const char *at, size_t size,
		       struct tl_value *value)
{
	struct tl_value number = { 0 };
	const char *name;
	char *room = view->scratch;

	read_signed(at, size, &number);
	if (number.i >= 0 || number.i < -TL_ERRNO_MAX) {
		value->kind = TL_NIL;
		return;
	}
	name = tl_errno_name((int)-number.i);
	if (!name && room) {
		name = room + TL_SCRATCH_PATH;
		snprintf(room + TL_SCRATCH_PATH, TL_SCRATCH_SIZE - TL_SCRATCH_PATH, "E%d",
			 (int)-number.i);
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
	}
}

/* The components come leaf first, so the path grows from the end of its room towards the begin. */
static void join_path(char *room, struct tl_value *value)
{
	const struct tl_value components = *value;
	char *end = room + TL_SCRATCH_PATH;
	char *start = end;
	size_t len;

	for (const char *at = NULL; (at = tl_list_next(&components, at, &len)); ) {
		if (len == 0 || (len == 1 && *at == '/'))	/* what the kernel calls a root */
			continue;
		start -= len;
		memcpy(start, at, len);
		*--start = '/';
	}
	if (start == end)
		*--start = '/';
	if (value->cut) {
		start -= strlen(ELLIPSIS);
		memcpy(start, ELLIPSIS, strlen(ELLIPSIS));
	}
	set_string(value, start, (size_t)(end - start));
}

static void read_tail(const struct tl_view *view, const struct tl_field *field, const char *at,
		      struct tl_value *value)
{
	struct tl_str str;

	memcpy(&str, at, sizeof(str));
	if (!str_inside(view->event, &str, view->size) || str.length > TL_DATA_MAX)
		return;
	if (field->type == TL_TYPE_PATH && !view->scratch)
		return;
	value->cut = str.flags & TL_STR_CUT;
	set_string(value, (const char *)view->data + str.offset, str.length);
	if (field->type == TL_TYPE_LIST)
		value->kind = TL_LIST;
	else if (field->type == TL_TYPE_PATH)
		join_path(view->scratch, value);
}

static void read_at(const struct tl_view *view, const struct tl_field *field, const char *at,
		    struct tl_value *value)
{
	switch (field->type) {
	case TL_TYPE_U8:
	case TL_TYPE_U16:
	case TL_TYPE_U32:
	case TL_TYPE_U64:
		read_unsigned(at, field->size, value);
		break;
	case TL_TYPE_S8:
	case TL_TYPE_S16:
	case TL_TYPE_S32:
	case TL_TYPE_S64:
		read_signed(at, field->size, value);
		break;
	case TL_TYPE_BOOL:
		value->kind = TL_BOOL;
		value->i = *at != 0;
		break;
	case TL_TYPE_ERROR:
		read_error(view, at, field->size, value);
		break;
	case TL_TYPE_COMM:
		set_string(value, at, strnlen(at, TL_COMM_LEN));
		break;
	case TL_TYPE_STR:
	case TL_TYPE_BYTES:
	case TL_TYPE_LIST:
	case TL_TYPE_PATH:
		read_tail(view, field, at, value);
		break;
	case TL_TYPE_IP:
		read_ip(at, value);
		break;
	case TL_TYPE_EVENT:
		set_string(value, view->event->name, strlen(view->event->name));
		break;
	}
}

void tl_field_read(const struct tl_view *view, const struct tl_field *field,
		   struct tl_value *value)
{
	struct tl_record head;
	uint64_t bit;

	memset(value, 0, sizeof(*value));	/* kind: TL_UNREAD until something is found */
	if (view->size < sizeof(struct tl_record) ||
	    (size_t)field->offset + field->size > view->size ||
	    !tl_type_fits(field->type, field->size) || field->number >= TL_FIELDS_MAX)
		return;
	memcpy(&head, view->data, sizeof(head));
	bit = TL_BIT(field->number);
	if (head.absent & bit)
		value->kind = TL_NIL;
	else if (!(head.unread & bit))
		read_at(view, field, (const char *)view->data + field->offset, value);
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
