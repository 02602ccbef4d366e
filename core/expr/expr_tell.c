/* SPDX-License-Identifier: MIT */
/* expr_tell.c: what is wrong with a text, the line where it is, and a caret under the place. */
#include <stdio.h>
#include <string.h>

#include "common/error.h"
#include "expr/expr_tree.h"

#define WINDOW	120	/* bytes of a line that are shown */

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t line_of(const char *text, size_t at, size_t *begin)
{
	size_t line = 1;

	*begin = 0;
	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			*begin = i + 1;
			line++;
		}
	}
	return line;
}

/* The bytes of the line that are shown: all of it, or those around the place. */
static void window(const char *text, size_t len, size_t at, size_t *begin, size_t *end)
{
	const char *newline = memchr(text + *begin, '\n', len - *begin);

	*end = newline ? (size_t)(newline - text) : len;
	if (*end - *begin > WINDOW && at - *begin > WINDOW / 2)
		*begin = at - WINDOW / 2;
	while (*begin < at && continues(text[*begin]))
		(*begin)++;
	if (*end - *begin > WINDOW)
		*end = *begin + WINDOW;
	while (*end > at && *end < len && continues(text[*end]))
		(*end)--;
}

/* A text may hold what a terminal would obey. */
static void copy_line(char *out, const char *text, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++) {
		unsigned char c = (unsigned char)text[i];

		*out++ = c == '\t' || (c >= ' ' && c != 0x7f) ? (char)c : '?';
	}
	*out = '\0';
}

static void draw_caret(char *out, const char *text, size_t begin, size_t at)
{
	for (size_t i = begin; i < at; i++) {
		if (!continues(text[i]))
			*out++ = text[i] == '\t' ? '\t' : ' ';
	}
	memcpy(out, "^", 2);
}

static size_t column_of(const char *text, size_t begin, size_t at)
{
	size_t column = 1;

	for (size_t i = begin; i < at; i++)
		column += !continues(text[i]);
	return column;
}

int tl_expr_refuse(const char *what, const char *text, size_t len, size_t at, struct tl_error *err, int code,
		   const char *fmt, ...)
{
	char message[512], line[WINDOW + 1], caret[WINDOW + 2], place[48] = "";
	size_t begin, end, number;
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	at = at < len ? at : len;
	number = line_of(text, at, &begin);
	if (memchr(text, '\n', len))
		snprintf(place, sizeof(place), ":%zu:%zu", number, column_of(text, begin, at));
	window(text, len, at, &begin, &end);
	copy_line(line, text, begin, end);
	draw_caret(caret, text, begin, at);
	return tl_fail(err, code, "%.64s%s: %s\n%s\n%s", what, place, message, line, caret);
}
