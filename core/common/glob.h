/* SPDX-License-Identifier: MIT */
/* glob.h: names with * ? and [..], where neither a dot nor a slash is special. */
#ifndef TL_GLOB_H
#define TL_GLOB_H

#include <stdbool.h>

#include "traceleft.h"

/* Whether the text holds a character that makes it more than a plain name. */
bool tl_glob_magic(const char *text);

bool tl_glob_match(const char *glob, const char *text);

/* -EINVAL: it is empty, or a [ is never closed. */
int tl_glob_check(const char *glob, struct tl_error *err);

#endif
