/* SPDX-License-Identifier: MIT */
/* line.c: cuts hostile text into lines and words, and checks the words. */
#include "common/line.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"

/* Every start reads thousands of lines: strspn() would make a table for each word. */
static bool is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

int tl_line_refuse(const struct tl_line *line, const char *fmt, ...)
{
	char message[TL_ERROR_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	return tl_fail(line->err, -EBADMSG, "%s: line %zu: %s", line->origin, line->number,
		       message);
}

int tl_line_next(struct tl_line *line)
{
	char *newline = memchr(line->at, '\n', (size_t)(line->end - line->at));

	if (!newline)
		return -ENODATA;
	line->number++;
	for (const char *c = line->at; c < newline; c++) {
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			return tl_line_refuse(line, "holds a control character");
	}
	*newline = '\0';
	line->n_columns = 0;
	for (char *rest = line->at, *tab;; rest = tab + 1) {
		if (line->n_columns == TL_COLUMNS_MAX)
			return tl_line_refuse(line, "has more than %d columns", TL_COLUMNS_MAX);
		line->columns[line->n_columns++] = rest;
		tab = memchr(rest, '\t', (size_t)(newline - rest));
		if (!tab)
			break;
		*tab = '\0';
	}
	line->at = newline + 1;
	return 0;
}

int tl_line_number(const struct tl_line *line, const char *word, unsigned int min, unsigned int max,
		   const char *what, unsigned int *number)
{
	size_t len = 0;

	for (*number = 0; is_digit(word[len]) && len < 10; len++)
		*number = 10 * *number + (unsigned int)(word[len] - '0');
	if (len == 0 || len > 9 || word[len])
		return tl_line_refuse(line, "%s `%s` is no number", what, word);
	if (*number < min || *number > max)
		return tl_line_refuse(line, "%s %u is not within %u and %u", what, *number, min,
				      max);
	return 0;
}

int tl_line_name(const struct tl_line *line, const char *name)
{
	size_t len = 0;

	while (is_lower(name[len]) || is_digit(name[len]) || name[len] == '.')
		len++;
	if (!len || name[len])
		return tl_line_refuse(line, "no event or field can be named `%s`", name);
	return 0;
}

int tl_line_program(const struct tl_line *line, const char *name)
{
	size_t len = 0;

	while (is_lower(name[len]) || is_upper(name[len]) || is_digit(name[len]))
		len++;
	if (!len || name[len])
		return tl_line_refuse(line, "no program can be named `%s`", name);
	return 0;
}
