/* SPDX-License-Identifier: MIT */
/* schema.c: the table of types and the common fields, which the battery's generator writes. */
#include "catalogue/schema.h"

#include <string.h>

const struct tl_field tl_common_fields[] = {
#include "common_fields.h"
};

_Static_assert(sizeof(tl_common_fields) / sizeof(*tl_common_fields) == TL_F_OWN,
	       "one row for each of enum tl_common_field");

/* Their offsets are from the end of the event's fixed part on. */
const struct tl_field tl_identity_fields[] = {
	{ .name = "nspid", .doc = "The process as its own pid namespace numbers it.",
	  .meaning = "", .arg = "", .type = TL_TYPE_U32, .offset = offsetof(struct tl_identity, nspid), .size = 4,
	  .number = TL_F_NSPID, .named = true },
	{ .name = "loginuid", .doc = "The user who logged in, whoever the process is by now; absent if nobody did.", .meaning = "uid", .arg = "", .type = TL_TYPE_U32,
	  .offset = offsetof(struct tl_identity, loginuid), .size = 4, .number = TL_F_LOGINUID, .named = true },
	{ .name = "exe", .doc = "The file of the process's program; absent of the kernel's own threads.", .meaning = "path", .arg = "", .type = TL_TYPE_PATH, .offset = offsetof(struct tl_identity, exe),
	  .size = sizeof(struct tl_str), .number = TL_F_EXE, .named = true },
};

_Static_assert(sizeof(tl_identity_fields) / sizeof(*tl_identity_fields) == TL_IDENTITIES, "one row for each of them");

static const struct {
	const char *name;
	size_t size;
} types[] = {
	[TL_TYPE_U8] = { "u8", 1 },	[TL_TYPE_U16] = { "u16", 2 },
	[TL_TYPE_U32] = { "u32", 4 },	[TL_TYPE_U64] = { "u64", 8 },
	[TL_TYPE_S8] = { "s8", 1 },	[TL_TYPE_S16] = { "s16", 2 },
	[TL_TYPE_S32] = { "s32", 4 },	[TL_TYPE_S64] = { "s64", 8 },
	[TL_TYPE_BOOL] = { "bool", 1 },
	[TL_TYPE_ERROR] = { "error", 8 },
	[TL_TYPE_COMM] = { "comm", TL_COMM_LEN },
	[TL_TYPE_STR] = { "str", sizeof(struct tl_str) },
	[TL_TYPE_BYTES] = { "bytes", sizeof(struct tl_str) },
	[TL_TYPE_LIST] = { "list", sizeof(struct tl_str) },
	[TL_TYPE_PATH] = { "path", sizeof(struct tl_str) },
	[TL_TYPE_FILE] = { "file", sizeof(struct tl_str) },
	[TL_TYPE_SOCKADDR] = { "sockaddr", sizeof(struct tl_str) },
	[TL_TYPE_ARRAY] = { "array", sizeof(struct tl_str) },
	[TL_TYPE_IP] = { "ip", sizeof(struct tl_ip) },
	[TL_TYPE_EVENT] = { "event", 0 },
};

int tl_type_parse(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(types[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

const char *tl_type_name(enum tl_type type)
{
	return types[type].name;
}

bool tl_type_fits(enum tl_type type, size_t size)
{
	return types[type].size == size || (type == TL_TYPE_ERROR && size == sizeof(__s32));
}

bool tl_type_in_tail(enum tl_type type)
{
	return type >= TL_TYPE_STR && type <= TL_TYPE_ARRAY;
}
