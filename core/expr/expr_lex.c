/* SPDX-License-Identifier: MIT */
/* expr_lex.c: a text, token by token. */
#include <errno.h>
#include <string.h>

#include "expr/expr_tree.h"

static int refuse_at(struct tl_lexer *lexer, size_t at, const char *message)
{
	return tl_expr_refuse(lexer->what, lexer->text, lexer->len, at, lexer->err, -EINVAL, "%s", message);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The byte at a place; NUL behind the end. */
static char peek(const struct tl_lexer *lexer, size_t at)
{
	return at < lexer->len ? lexer->text[at] : '\0';
}

/* Blanks and comments of a line. */
static int skip(struct tl_lexer *lexer)
{
	while (lexer->at < lexer->len) {
		if (strchr(" \t\r\n\f\v", lexer->text[lexer->at]) && lexer->text[lexer->at]) {
			lexer->at++;
		} else if (peek(lexer, lexer->at) == '-' && peek(lexer, lexer->at + 1) == '-') {
			if (peek(lexer, lexer->at + 2) == '[')
				return refuse_at(lexer, lexer->at, "a long comment; '--' up to the end of the line is one");
			while (lexer->at < lexer->len && lexer->text[lexer->at] != '\n')
				lexer->at++;
		} else {
			break;
		}
	}
	return 0;
}

/* ---- strings ---------------------------------------------------------------------------------------- */

static void put(struct tl_lexer *lexer, uint32_t byte)
{
	lexer->pool[lexer->used++] = (char)byte;
}

/* UTF-8 needs no more bytes than "\u{…}". */
static void put_utf8(struct tl_lexer *lexer, uint32_t point)
{
	if (point < 0x80) {
		put(lexer, point);
	} else if (point < 0x800) {
		put(lexer, 0xc0 | point >> 6);
		put(lexer, 0x80 | (point & 0x3f));
	} else if (point < 0x10000) {
		put(lexer, 0xe0 | point >> 12);
		put(lexer, 0x80 | (point >> 6 & 0x3f));
		put(lexer, 0x80 | (point & 0x3f));
	} else {
		put(lexer, 0xf0 | point >> 18);
		put(lexer, 0x80 | (point >> 12 & 0x3f));
		put(lexer, 0x80 | (point >> 6 & 0x3f));
		put(lexer, 0x80 | (point & 0x3f));
	}
}

static int hex_value(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return found ? (int)(found - digits) : -1;
}

static int escape_unicode(struct tl_lexer *lexer, size_t begin)
{
	uint32_t point = 0;
	size_t at = lexer->at + 1;

	if (peek(lexer, lexer->at) != '{' || hex_value(peek(lexer, at)) < 0)
		return refuse_at(lexer, begin, "an escape is written \\u{1F600}");
	for (; hex_value(peek(lexer, at)) >= 0; at++) {
		point = point << 4 | (uint32_t)hex_value(peek(lexer, at));
		if (point > 0x10ffff)
			return refuse_at(lexer, begin, "an escape beyond Unicode");
	}
	if (peek(lexer, at) != '}')
		return refuse_at(lexer, begin, "an escape is written \\u{1F600}");
	lexer->at = at + 1;
	put_utf8(lexer, point);
	return 0;
}

static int escape_number(struct tl_lexer *lexer, size_t begin)
{
	unsigned int value = 0;

	lexer->at--;
	for (int i = 0; i < 3 && is_digit(peek(lexer, lexer->at)); i++)
		value = value * 10 + (unsigned int)(lexer->text[lexer->at++] - '0');
	if (value > 255)
		return refuse_at(lexer, begin, "an escape beyond \\255");
	put(lexer, value);
	return 0;
}

/* Behind a backslash. */
static int escape(struct tl_lexer *lexer)
{
	static const char names[] = "abfnrtv\\'\"\n", values[] = "\a\b\f\n\r\t\v\\'\"\n";
	size_t begin = lexer->at - 1;
	char c = peek(lexer, lexer->at++);
	const char *found = c ? strchr(names, c) : NULL;

	if (found) {
		put(lexer, (unsigned char)values[found - names]);
		return 0;
	}
	if (is_digit(c))
		return escape_number(lexer, begin);
	if (c == 'u')
		return escape_unicode(lexer, begin);
	if (c == 'x' && hex_value(peek(lexer, lexer->at)) >= 0 && hex_value(peek(lexer, lexer->at + 1)) >= 0) {
		put(lexer, (uint32_t)(hex_value(lexer->text[lexer->at]) * 16 + hex_value(lexer->text[lexer->at + 1])));
		lexer->at += 2;
		return 0;
	}
	if (c == 'z') {
		while (lexer->at < lexer->len && lexer->text[lexer->at] && strchr(" \t\r\n\f\v", lexer->text[lexer->at]))
			lexer->at++;
		return 0;
	}
	return refuse_at(lexer, begin, "no such escape in a string");
}

static int string(struct tl_lexer *lexer, char quote)
{
	lexer->string = lexer->pool + lexer->used;
	lexer->token = TL_TOKEN_STRING;
	for (lexer->at++; peek(lexer, lexer->at) != quote; ) {
		int ret = 0;

		if (lexer->at >= lexer->len || lexer->text[lexer->at] == '\n')
			return refuse_at(lexer, lexer->begin, "a string without its end");
		if (lexer->text[lexer->at++] != '\\')
			put(lexer, (unsigned char)lexer->text[lexer->at - 1]);
		else
			ret = escape(lexer);
		if (ret)
			return ret;
	}
	lexer->at++;
	lexer->string_len = (size_t)(lexer->pool + lexer->used - lexer->string);
	return 0;
}

/* ---- the others ------------------------------------------------------------------------------------- */

static int number(struct tl_lexer *lexer)
{
	const char *wrong;

	while (is_letter(peek(lexer, lexer->at)) || is_digit(peek(lexer, lexer->at)) || peek(lexer, lexer->at) == '.')
		lexer->at++;
	lexer->token = TL_TOKEN_NUMBER;
	wrong = tl_number_parse(lexer->text + lexer->begin, lexer->text + lexer->at, &lexer->number);
	return wrong ? refuse_at(lexer, lexer->begin, wrong) : 0;
}

static int word(struct tl_lexer *lexer)
{
	static const struct {
		const char *name;
		enum tl_token token;
	} words[] = {
		{ "and", TL_TOKEN_AND }, { "or", TL_TOKEN_OR }, { "not", TL_TOKEN_NOT }, { "in", TL_TOKEN_IN },
		{ "true", TL_TOKEN_TRUE }, { "false", TL_TOKEN_FALSE }, { "nil", TL_TOKEN_NIL },
	};
	const char *begin = lexer->text + lexer->begin;
	size_t len;

	while (is_letter(peek(lexer, lexer->at)) || is_digit(peek(lexer, lexer->at)))
		lexer->at++;
	len = lexer->at - lexer->begin;
	lexer->token = TL_TOKEN_NAME;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strlen(words[i].name) == len && memcmp(words[i].name, begin, len) == 0)
			lexer->token = words[i].token;
	}
	return 0;
}

/* What people who come from other languages write. */
static int stranger(struct tl_lexer *lexer)
{
	static const struct {
		const char *begin, *message;
	} strangers[] = {
		{ "=", "'=' assigns; equality is '=='" },
		{ "!=", "unequal is '~='" }, { "!", "'!' is 'not'" },
		{ "&&", "'&&' is 'and'" }, { "||", "'||' is 'or'" },
		{ "/", "no fractions here: '//' divides and rounds down" },
		{ "^", "no powers here; exclusive or is '~'" },
		{ "..", "strings are not put together here" },
		{ ".", "a field is named alone, as in 'pid'" },
		{ "[", "nothing can be indexed here" }, { "#", "no lengths here" },
	};

	for (size_t i = 0; i < sizeof(strangers) / sizeof(*strangers); i++) {
		size_t len = strlen(strangers[i].begin);

		if (lexer->len - lexer->at >= len && memcmp(lexer->text + lexer->at, strangers[i].begin, len) == 0)
			return refuse_at(lexer, lexer->at, strangers[i].message);
	}
	return refuse_at(lexer, lexer->at, "a letter that stands for nothing here");
}

static int symbol(struct tl_lexer *lexer)
{
	static const struct {
		char text[3];
		enum tl_token token;
	} pairs[] = {
		{ "==", TL_TOKEN_EQ }, { "~=", TL_TOKEN_NE }, { "<=", TL_TOKEN_LE }, { ">=", TL_TOKEN_GE },
		{ "<<", TL_TOKEN_SHL }, { ">>", TL_TOKEN_SHR }, { "//", TL_TOKEN_IDIV },
	};
	char c = peek(lexer, lexer->at), after = peek(lexer, lexer->at + 1);

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		if (pairs[i].text[0] == c && pairs[i].text[1] == after) {
			lexer->token = pairs[i].token;
			lexer->at += 2;
			return 0;
		}
	}
	if (!c || !strchr("+-*%&|~(){},<>", c) || (c == after && (c == '&' || c == '|')))
		return stranger(lexer);
	lexer->token = c == '<' ? TL_TOKEN_LT : c == '>' ? TL_TOKEN_GT : TL_TOKEN_CHAR;
	lexer->c = lexer->token == TL_TOKEN_CHAR ? c : '\0';
	lexer->at++;
	return 0;
}

int tl_lexer_next(struct tl_lexer *lexer)
{
	int ret = skip(lexer);
	char c;

	if (ret)
		return ret;
	lexer->begin = lexer->at;
	c = peek(lexer, lexer->at);
	lexer->c = '\0';
	if (lexer->at >= lexer->len)
		lexer->token = TL_TOKEN_END;
	else if (is_digit(c) || (c == '.' && is_digit(peek(lexer, lexer->at + 1))))
		ret = number(lexer);
	else if (c == '\'' || c == '"')
		ret = string(lexer, c);
	else if (is_letter(c))
		ret = word(lexer);
	else
		ret = symbol(lexer);
	lexer->end = lexer->at;
	return ret;
}
