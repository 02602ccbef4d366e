/* SPDX-License-Identifier: MIT */
/* error.c: fills a struct tl_error. */
#include "common/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int tl_fail(struct tl_error *err, int code, const char *fmt, ...)
{
	char message[TL_ERROR_MAX] = "";
	int saved = errno;
	va_list args;

	if (!err)
		return code;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	err->code = code;
	memcpy(err->message, message, sizeof(message));
	errno = saved;
	return code;
}
