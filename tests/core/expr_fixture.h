/* SPDX-License-Identifier: MIT */
/* expr_fixture.h: an event that has a field of every type, and records of it, for tests of expressions. */
#ifndef EXPR_FIXTURE_H
#define EXPR_FIXTURE_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "decode/decode.h"
#include "expr/expr.h"
#include "catalogue/schema.h"
#include "expr/vars.h"

enum sample_field {
	S_RET = TL_F_OWN, S_ERROR, S_ERROR32, S_DURATION, S_FLAGS, S_ACCESS, S_FAMILY, S_DIRFD, S_OK,
	S_U8, S_U16, S_U32, S_S8, S_S16, S_U64, S_PATHNAME, S_DATA, S_PATH, S_PATH2, S_FILE, S_SADDR, S_DADDR,
	S_ARGV, S_SOCKADDR, S_ARRAY, S_NAME, S_END,
};

struct sample_event {
	struct tl_field fields[S_END];
	struct tl_event event;
	size_t used;
};

static inline void sample_add(struct sample_event *s, int number, const char *name, enum tl_type type,
			      const char *meaning)
{
	size_t size = 0;

	if (type == TL_TYPE_ERROR && number == S_ERROR32)
		size = 4;
	else
		while (!tl_type_fits(type, size) || (type == TL_TYPE_ERROR && size < 8))
			size++;
	s->used = (s->used + (size > 8 ? 7 : size - 1)) & ~(size > 8 ? 7 : size - 1);
	s->fields[number] = (struct tl_field){
		.name = name, .doc = "", .meaning = meaning, .arg = "", .type = type, .offset = (uint16_t)s->used,
		.size = (uint16_t)size, .number = (uint16_t)number,
	};
	if (tl_type_in_tail(type))
		s->event.tails |= TL_BIT(number);
	s->used += size;
}

static inline void sample_event_make(struct sample_event *s, const char *name)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->fields, tl_common_fields, sizeof(tl_common_fields));
	s->used = sizeof(struct tl_record);
	sample_add(s, S_RET, "ret", TL_TYPE_S64, "");
	sample_add(s, S_ERROR, "error", TL_TYPE_ERROR, "");
	sample_add(s, S_ERROR32, "error32", TL_TYPE_ERROR, "");
	sample_add(s, S_DURATION, "duration", TL_TYPE_U64, "duration");
	sample_add(s, S_FLAGS, "flags", TL_TYPE_S32, "flags:open");
	sample_add(s, S_ACCESS, "access", TL_TYPE_S32, "flags:access");
	sample_add(s, S_FAMILY, "family", TL_TYPE_U16, "enum:family");
	sample_add(s, S_DIRFD, "dirfd", TL_TYPE_S32, "dirfd");
	sample_add(s, S_OK, "ok", TL_TYPE_BOOL, "");
	sample_add(s, S_U8, "small", TL_TYPE_U8, "");
	sample_add(s, S_U16, "dport", TL_TYPE_U16, "");
	sample_add(s, S_U32, "u32", TL_TYPE_U32, "");
	sample_add(s, S_S8, "s8", TL_TYPE_S8, "");
	sample_add(s, S_S16, "s16", TL_TYPE_S16, "");
	sample_add(s, S_U64, "u64", TL_TYPE_U64, "");
	sample_add(s, S_PATHNAME, "pathname", TL_TYPE_STR, "");
	sample_add(s, S_DATA, "data", TL_TYPE_BYTES, "");
	sample_add(s, S_PATH, "path", TL_TYPE_PATH, "");
	sample_add(s, S_PATH2, "path2", TL_TYPE_PATH, "");
	sample_add(s, S_FILE, "file", TL_TYPE_FILE, "");
	sample_add(s, S_SADDR, "saddr", TL_TYPE_IP, "");
	sample_add(s, S_DADDR, "daddr", TL_TYPE_IP, "");
	sample_add(s, S_ARGV, "argv", TL_TYPE_LIST, "");
	sample_add(s, S_SOCKADDR, "sockaddr", TL_TYPE_SOCKADDR, "");
	sample_add(s, S_ARRAY, "array", TL_TYPE_ARRAY, "");
	sample_add(s, S_NAME, "name", TL_TYPE_COMM, "");
	s->event.name = name;
	s->event.doc = "";
	s->event.classes = "";
	s->event.fields = s->fields;
	s->event.n_fields = S_END;
	s->event.number = 7;
	s->event.fixed_size = (uint16_t)((s->used + 7) & ~(size_t)7);
}

#define SAMPLE_SIZE	8192

/* A record in the making. */
struct sample_record {
	const struct sample_event *of;
	_Alignas(8) char data[SAMPLE_SIZE];
	char scratch[TL_SCRATCH_SIZE];
	struct tl_view view;
};

static inline void sample_begin(struct sample_record *r, const struct sample_event *of)
{
	struct tl_record head = { .size = of->event.fixed_size, .event = of->event.number, .pid = 42, .tid = 43,
				  .comm = "cat" };

	memset(r->data, 0, sizeof(r->data));
	memcpy(r->data, &head, sizeof(head));
	r->of = of;
	r->view = (struct tl_view){ &of->event, r->data, head.size, r->scratch };
}

static inline struct tl_record *sample_head(struct sample_record *r)
{
	return (struct tl_record *)(void *)r->data;
}

static inline void sample_number(struct sample_record *r, int field, int64_t number)
{
	memcpy(r->data + r->of->fields[field].offset, &number, r->of->fields[field].size);
}

static inline void sample_bytes(struct sample_record *r, int field, const void *bytes, size_t len)
{
	memcpy(r->data + r->of->fields[field].offset, bytes, len);
}

/* Into the tail. false: no room. */
static inline bool sample_tail(struct sample_record *r, int field, const void *bytes, size_t len, int flags, int kind)
{
	struct tl_record *head = sample_head(r);
	struct tl_str str = { (uint16_t)head->size, (uint16_t)len, (uint16_t)flags, (uint16_t)kind };

	if (head->size + len > SAMPLE_SIZE)
		return false;
	if (len)
		memcpy(r->data + head->size, bytes, len);
	head->size += (uint32_t)len;
	r->view.size = head->size;
	sample_bytes(r, field, &str, sizeof(str));
	return true;
}

static inline void sample_ip(struct sample_record *r, int field, const char *text)
{
	struct tl_ip ip = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	inet_pton(ip.family, text, ip.bytes);
	sample_bytes(r, field, &ip, sizeof(ip));
}

static inline void sample_missing(struct sample_record *r, int field, bool absent)
{
	if (absent)
		sample_head(r)->absent |= TL_BIT(field);
	else
		sample_head(r)->unread |= TL_BIT(field);
}

#endif
