/* SPDX-License-Identifier: MIT */
/*
 * naming.h: fields that follow from the cgroup of an event's process: its path, unit, container. They are not in
 * records; who knows what cgroups are called tells them, see tl_session_name_cgroups().
 */
#ifndef TL_NAMING_H
#define TL_NAMING_H

#include <stdbool.h>

#include "traceleft.h"

#define TL_CGROUP_TEXT_MAX 4096

struct tl_naming {
	tl_cgroup_text_fn fn;		/* NULL: nobody tells them */
	void *arg;
	bool open;			/* one of those that were told since this was set to false may be another one later */
	char texts[TL_CGROUP_TEXTS][TL_CGROUP_TEXT_MAX];
};

/* The field of that name; NULL if it is none of these. In a record it lies where the cgroup's number does. */
const struct tl_field *tl_naming_field(const char *name);

/* Their names, by place; NULL at the end. */
const char *tl_naming_name(size_t i);

/* What it is of that cgroup; nil if there is no such thing. It lives until the same field is told again. */
void tl_naming_read(struct tl_naming *naming, const struct tl_field *field, uint64_t cgroup, struct tl_value *value);

#endif
