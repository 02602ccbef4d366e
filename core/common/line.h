/* SPDX-License-Identifier: MIT */
/*
 * line.h: text read line by line, columns between tabs, for input that may be anything. The text is
 * changed in place: columns are strings in it. Errors name the origin and the line.
 */
#ifndef TL_LINE_H
#define TL_LINE_H

#include <stddef.h>

#include "traceleft.h"

#define TL_COLUMNS_MAX	9

struct tl_line {
	const char *origin;	/* file name, for messages */
	struct tl_error *err;
	char *at, *end;		/* what has not been read yet */
	size_t number;
	char *columns[TL_COLUMNS_MAX];
	size_t n_columns;
};

/* Reads the next line. -EBADMSG; -ENODATA (err is left alone): no line, or none that ends. */
int tl_line_next(struct tl_line *line);

/* -EBADMSG with "origin: line 7: " before the message. */
int tl_line_refuse(const struct tl_line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A decimal number within min and max; `what` names it in messages. -EBADMSG if it is not one. */
int tl_line_number(const struct tl_line *line, const char *word, unsigned int min, unsigned int max,
		   const char *what, unsigned int *number);

/* -EBADMSG unless the word can name an event or a field; a program. */
int tl_line_name(const struct tl_line *line, const char *name);
int tl_line_program(const struct tl_line *line, const char *name);

#endif
