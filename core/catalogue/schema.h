/* SPDX-License-Identifier: MIT */
/* schema.h: what every event has in common, and what the types of fields are called. */
#ifndef TL_SCHEMA_H
#define TL_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "tl_abi.h"
#include "traceleft.h"

/* The fields of every event, in the order of enum tl_common_field. */
extern const struct tl_field tl_common_fields[TL_F_OWN];

/* The last fields of every event, which records have if somebody asked for one of them. */
extern const struct tl_field tl_identity_fields[TL_IDENTITIES];

/* The type of that name ("u32", "str"), as the battery writes it; -1 if there is none. */
int tl_type_parse(const char *name);

const char *tl_type_name(enum tl_type type);

/* Whether a field of this type can have this size. */
bool tl_type_fits(enum tl_type type, size_t size);

/* Whether the field is a struct tl_str that points into the tail of the record. */
bool tl_type_in_tail(enum tl_type type);

#endif
