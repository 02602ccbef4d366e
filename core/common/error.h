/* SPDX-License-Identifier: MIT */
/* error.h: the one way in which core says that something failed. */
#ifndef TL_ERROR_H
#define TL_ERROR_H

#include "traceleft.h"

/*
 * Fills err (may be NULL) and returns code. The arguments may point into err->message, so a caller
 * can put a name before what an inner function said. errno stays as it was.
 */
int tl_fail(struct tl_error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
