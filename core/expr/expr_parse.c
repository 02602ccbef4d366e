/* SPDX-License-Identifier: MIT */
/* expr_parse.c: a text to a tree, with Lua's precedence. What names mean is not asked here. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/nearest.h"
#include "expr/expr_tree.h"

struct parser {
	struct tl_lexer lexer;
	struct tl_tree *tree;
	int depth;
};

static int parse_level(struct parser *p, int level);

__attribute__((format(printf, 3, 4)))
static int refuse(struct parser *p, size_t at, const char *fmt, ...)
{
	char message[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	tl_expr_refuse(p->lexer.what, p->tree->text, p->tree->len, at, p->lexer.err, -EINVAL, "%s", message);
	return -1;
}

/* All of these return the number of a node, or -1 when the error is told. */
static int node_new(struct parser *p, enum tl_op op, int a, int b, size_t at)
{
	struct tl_tree *tree = p->tree;
	struct tl_node *node;

	if (tree->n == TL_EXPR_NODES)
		return refuse(p, at, "an expression of more than %d parts", TL_EXPR_NODES);
	node = &tree->nodes[tree->n];
	*node = (struct tl_node){ .op = op, .a = a, .b = b, .next = -1, .at = (uint16_t)at,
				  .begin = (uint16_t)p->lexer.begin, .end = (uint16_t)p->lexer.end };
	if (a >= 0) {
		node->begin = tree->nodes[a].begin;
		node->end = tree->nodes[b >= 0 ? b : a].end;
	}
	return tree->n++;
}

static bool advance(struct parser *p)
{
	return tl_lexer_next(&p->lexer) == 0;
}

static bool is_char(const struct parser *p, char c)
{
	return p->lexer.token == TL_TOKEN_CHAR && p->lexer.c == c;
}

static bool expect(struct parser *p, char c, const char *where)
{
	if (is_char(p, c))
		return advance(p);
	refuse(p, p->lexer.begin, "'%c' is missing %s", c, where);
	return false;
}

/* ---- leaves ----------------------------------------------------------------------------------------- */

static int leaf(struct parser *p, enum tl_op op, int64_t number, const char *string, size_t len)
{
	int node = node_new(p, op, -1, -1, p->lexer.begin);

	if (node < 0)
		return -1;
	p->tree->nodes[node].number = number;
	p->tree->nodes[node].string = string;
	p->tree->nodes[node].len = len;
	return advance(p) ? node : -1;
}

static const struct {
	const char *name;
	enum tl_op op;
} functions[] = {
	{ "starts", TL_OP_STARTS }, { "ends", TL_OP_ENDS }, { "contains", TL_OP_CONTAINS }, { "has", TL_OP_HAS },
};

#define N_FUNCTIONS	(sizeof(functions) / sizeof(*functions))

static int no_function(struct parser *p, const char *name, size_t len, size_t at)
{
	const char *names[N_FUNCTIONS], *near;
	char word[65] = "";

	memcpy(word, name, len < sizeof(word) ? len : sizeof(word) - 1);
	for (size_t i = 0; i < N_FUNCTIONS; i++)
		names[i] = functions[i].name;
	near = tl_nearest(word, names, N_FUNCTIONS);
	if (near)
		return refuse(p, at, "no function '%s'; did you mean '%s'?", word, near);
	return refuse(p, at, "no function '%s'; there are starts, ends, contains, has", word);
}

/* Behind its '(' . */
static int parse_call(struct parser *p, enum tl_op op, const char *name, size_t begin)
{
	int a, b, node;

	a = parse_level(p, 0);
	if (a < 0)
		return -1;
	if (!is_char(p, ','))
		return refuse(p, p->lexer.begin, "%.8s takes two arguments", name);
	if (!advance(p))
		return -1;
	b = parse_level(p, 0);
	if (b < 0)
		return -1;
	if (is_char(p, ','))
		return refuse(p, p->lexer.begin, "%.8s takes two arguments", name);
	node = node_new(p, op, a, b, begin);
	if (node < 0)
		return -1;
	p->tree->nodes[node].begin = (uint16_t)begin;
	p->tree->nodes[node].end = (uint16_t)p->lexer.end;
	return expect(p, ')', "after the arguments") ? node : -1;
}

static int parse_name(struct parser *p)
{
	const char *name = p->tree->text + p->lexer.begin;
	size_t len = p->lexer.end - p->lexer.begin, begin = p->lexer.begin;
	int node = leaf(p, TL_OP_NAME, 0, name, len);

	if (node < 0 || !is_char(p, '('))
		return node;
	for (size_t i = 0; i < N_FUNCTIONS; i++) {
		if (tl_name_is(&p->tree->nodes[node], functions[i].name))
			return advance(p) ? parse_call(p, functions[i].op, functions[i].name, begin) : -1;
	}
	return no_function(p, name, len, begin);
}

static int parse_parentheses(struct parser *p)
{
	size_t begin = p->lexer.begin, end;
	int node;

	if (!advance(p))
		return -1;
	node = parse_level(p, 0);
	if (node < 0)
		return -1;
	end = p->lexer.end;
	if (!expect(p, ')', "here"))
		return -1;
	p->tree->nodes[node].begin = (uint16_t)begin;
	p->tree->nodes[node].end = (uint16_t)end;
	return node;
}

static int parse_leaf(struct parser *p)
{
	struct tl_lexer *lexer = &p->lexer;

	switch (lexer->token) {
	case TL_TOKEN_NUMBER:
		return leaf(p, TL_OP_INT, lexer->number, NULL, 0);
	case TL_TOKEN_STRING:
		return leaf(p, TL_OP_STRING, 0, lexer->string, lexer->string_len);
	case TL_TOKEN_TRUE:
	case TL_TOKEN_FALSE:
		return leaf(p, TL_OP_BOOL, lexer->token == TL_TOKEN_TRUE, NULL, 0);
	case TL_TOKEN_NIL:
		return leaf(p, TL_OP_NIL, 0, NULL, 0);
	case TL_TOKEN_NAME:
		return parse_name(p);
	case TL_TOKEN_END:
		return refuse(p, lexer->len, p->tree->n ? "something is missing at the end" : "an empty expression");
	default:
		if (is_char(p, '('))
			return parse_parentheses(p);
		if (is_char(p, '{'))
			return refuse(p, lexer->begin, "a set stands behind 'in' alone");
		return refuse(p, lexer->begin, "'%.*s' cannot stand here", (int)(lexer->end - lexer->begin),
			      p->tree->text + lexer->begin);
	}
}

/* ---- operators --------------------------------------------------------------------------------------- */

static int parse_unary(struct parser *p)
{
	enum tl_op op;
	size_t begin = p->lexer.begin;
	int a, node;

	if (p->lexer.token == TL_TOKEN_NOT)
		op = TL_OP_NOT;
	else if (is_char(p, '-'))
		op = TL_OP_NEG;
	else if (is_char(p, '~'))
		op = TL_OP_BNOT;
	else
		return parse_leaf(p);
	if (++p->depth > TL_EXPR_DEPTH)
		return refuse(p, begin, "operators in each other more than %d deep", TL_EXPR_DEPTH);
	if (!advance(p))
		return -1;
	a = parse_unary(p);
	p->depth--;
	node = a < 0 ? -1 : node_new(p, op, a, -1, begin);
	if (node >= 0)
		p->tree->nodes[node].begin = (uint16_t)begin;
	return node;
}

/* From '{' on. The first element, or -1. */
static int parse_elements(struct parser *p)
{
	int first = -1, last = -1, node;

	do {
		if (!advance(p))
			return -1;
		if (is_char(p, '}') && last >= 0)
			break;
		if (is_char(p, '}'))
			return refuse(p, p->lexer.begin, "an empty set");
		node = parse_level(p, 3);
		if (node < 0)
			return -1;
		if (last >= 0)
			p->tree->nodes[last].next = node;
		else
			first = node;
		last = node;
	} while (is_char(p, ','));
	return expect(p, '}', "at the end of the set") ? first : -1;
}

static int parse_in(struct parser *p, int a, size_t at)
{
	bool named = p->lexer.token == TL_TOKEN_NAME;
	size_t end;
	int b, node;

	if (named) {
		end = p->lexer.end;
		b = leaf(p, TL_OP_NAME, 0, p->tree->text + p->lexer.begin, p->lexer.end - p->lexer.begin);
	} else if (is_char(p, '{')) {
		b = parse_elements(p);
		end = p->lexer.begin;
		while (end > 0 && p->tree->text[end - 1] != '}')
			end--;
	} else {
		return refuse(p, p->lexer.begin, "behind 'in' stands a set: {1, 2}, or the name of one");
	}
	node = b < 0 ? -1 : node_new(p, TL_OP_IN, a, b, at);
	if (node < 0)
		return -1;
	p->tree->nodes[node].end = (uint16_t)end;
	p->tree->nodes[node].number = named;
	return node;
}

#define LEVELS	9	/* from `or` to `*` */

/* The operator in hand, if it is one of this level. */
static bool operator_of(const struct parser *p, int level, enum tl_op *op)
{
	static const struct {
		enum tl_token token;
		char c;
		int level;
		enum tl_op op;
	} operators[] = {
		{ TL_TOKEN_OR, 0, 0, TL_OP_OR }, { TL_TOKEN_AND, 0, 1, TL_OP_AND },
		{ TL_TOKEN_EQ, 0, 2, TL_OP_EQ }, { TL_TOKEN_NE, 0, 2, TL_OP_NE }, { TL_TOKEN_LT, 0, 2, TL_OP_LT },
		{ TL_TOKEN_LE, 0, 2, TL_OP_LE }, { TL_TOKEN_GT, 0, 2, TL_OP_GT }, { TL_TOKEN_GE, 0, 2, TL_OP_GE },
		{ TL_TOKEN_IN, 0, 2, TL_OP_IN }, { TL_TOKEN_CHAR, '|', 3, TL_OP_BOR },
		{ TL_TOKEN_CHAR, '~', 4, TL_OP_XOR }, { TL_TOKEN_CHAR, '&', 5, TL_OP_BAND },
		{ TL_TOKEN_SHL, 0, 6, TL_OP_SHL }, { TL_TOKEN_SHR, 0, 6, TL_OP_SHR },
		{ TL_TOKEN_CHAR, '+', 7, TL_OP_ADD }, { TL_TOKEN_CHAR, '-', 7, TL_OP_SUB },
		{ TL_TOKEN_CHAR, '*', 8, TL_OP_MUL }, { TL_TOKEN_IDIV, 0, 8, TL_OP_DIV },
		{ TL_TOKEN_CHAR, '%', 8, TL_OP_MOD },
	};

	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		if (operators[i].level == level && operators[i].token == p->lexer.token &&
		    operators[i].c == p->lexer.c) {
			*op = operators[i].op;
			return true;
		}
	}
	return false;
}

static int parse_operators(struct parser *p, int level)
{
	enum tl_op op;
	int a, b;

	if (level == LEVELS)
		return parse_unary(p);
	a = parse_operators(p, level + 1);
	while (a >= 0 && operator_of(p, level, &op)) {
		size_t at = p->lexer.begin;

		if (!advance(p))
			return -1;
		if (op == TL_OP_IN) {
			a = parse_in(p, a, at);
			continue;
		}
		b = parse_operators(p, level + 1);
		a = b < 0 ? -1 : node_new(p, op, a, b, at);
	}
	return a;
}

static int parse_level(struct parser *p, int level)
{
	int node;

	if (++p->depth > TL_EXPR_DEPTH)
		return refuse(p, p->lexer.begin, "parts in each other more than %d deep", TL_EXPR_DEPTH);
	node = parse_operators(p, level);
	p->depth--;
	return node;
}

int tl_tree_parse(struct tl_tree *tree, struct tl_error *err)
{
	struct parser p = { .tree = tree };
	int root;

	p.lexer = (struct tl_lexer){ .what = tree->what, .text = tree->text, .len = tree->len, .pool = tree->pool,
				     .err = err };
	if (!advance(&p))
		return -1;
	root = parse_level(&p, 0);
	if (root >= 0 && p.lexer.token != TL_TOKEN_END)
		return refuse(&p, p.lexer.begin, "'%.*s' cannot stand here", (int)(p.lexer.end - p.lexer.begin),
			      tree->text + p.lexer.begin);
	return root;
}
