/* SPDX-License-Identifier: MIT */
/* expr_call.c: the arguments of starts(), ends(), contains() and has(). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/decode.h"
#include "expr/expr_tree.h"

static const struct tl_bnode *bnode(const struct tl_binder *b, int i)
{
	return &b->bound->nodes[i];
}

/* ---- strings ---------------------------------------------------------------------------------------- */

static int bind_string(struct tl_binder *b, int node)
{
	int i = tl_bind_node_of(b, node, NULL);
	enum tl_expr_type type;
	char text[44];

	if (i < 0)
		return -1;
	type = bnode(b, i)->type;
	if (type == TL_EXPR_STRING)
		return i;
	tl_bind_text(b, node, text);
	if (type == TL_EXPR_IP)
		return tl_bind_refuse(b, node, -EINVAL, "'%s' is an address; say %s == '10.0.0.0/8'", text, text);
	return tl_bind_refuse(b, node, -EINVAL, "'%s' is %s where a string is needed", text, tl_expr_type_name(type));
}

bool tl_string_test(enum tl_op op, const char *s, size_t len, const char *part, size_t n)
{
	switch (op) {
	case TL_OP_EQ:
		return len == n && memcmp(s, part, n) == 0;
	case TL_OP_STARTS:
		return len >= n && memcmp(s, part, n) == 0;
	case TL_OP_ENDS:
		return len >= n && memcmp(s + len - n, part, n) == 0;
	default:
		return memmem(s, len, part, n) != NULL;
	}
}

static bool is_path(const struct tl_bnode *node)
{
	return node->op == TL_OP_FIELD && (node->field->type == TL_TYPE_PATH || node->field->type == TL_TYPE_FILE);
}

static int bind_part(struct tl_binder *b, const struct tl_node *node)
{
	int x = bind_string(b, node->a), y = x < 0 ? -1 : bind_string(b, node->b);
	const struct tl_bnode *s, *part;

	if (y < 0)
		return -1;
	s = bnode(b, x);
	part = bnode(b, y);
	if (s->op == TL_OP_MISSING || part->op == TL_OP_MISSING)
		return tl_bind_bool(b, node->at, false);
	if (s->op == TL_OP_STRING && part->op == TL_OP_STRING)
		return tl_bind_bool(b, node->at, tl_string_test(node->op, s->string, s->len, part->string, part->len));
	if (is_path(s) && is_path(part) && !b->bound->copy) {
		b->bound->copy = malloc(TL_SCRATCH_SIZE);
		if (!b->bound->copy)
			return tl_bind_refuse_at(b, node->at, -ENOMEM, "no memory for two paths");
	}
	return tl_bind_binary(b, node->op, TL_EXPR_BOOL, node->at, x, y);
}

/* ---- bits ------------------------------------------------------------------------------------------- */

/* What is asked of flags: these bits are set, and the bits that are one number among them are this number. */
struct asked {
	const struct tl_domain *domain;
	uint64_t bits, mask, number;
};

/* Whether the domain names combinations of the bits of its mask ("R_OK|W_OK"): then they are bits after all. */
static bool combines(const struct tl_domain *domain)
{
	for (size_t i = 0; i < domain->n; i++) {
		if (strchr(domain->constants[i].name, '|'))
			return true;
	}
	return false;
}

static bool in_domain(const struct tl_domain *domain, const struct tl_node *node)
{
	for (size_t i = 0; domain && i < domain->n; i++) {
		if (tl_name_is(node, domain->constants[i].name))
			return true;
	}
	return false;
}

static void ask(struct asked *asked, const struct tl_node *node, uint64_t value)
{
	const struct tl_domain *domain = in_domain(asked->domain, node) ? asked->domain : NULL;

	if (domain && domain->mask && (value & ~domain->mask) == 0 && (value == 0 || !combines(domain))) {
		asked->mask = domain->mask;
		asked->number |= value;
	} else {
		asked->bits |= value;
	}
}

/* 1: all that is said are constants; 0: there is something else; -1: told. */
static int ask_all(struct tl_binder *b, int i, struct asked *asked)
{
	const struct tl_node *node = &b->tree->nodes[i];
	int64_t value;
	int ret;

	if (node->op == TL_OP_BOR) {
		ret = ask_all(b, node->a, asked);
		return ret > 0 ? ask_all(b, node->b, asked) : ret;
	}
	if (node->op == TL_OP_INT) {
		asked->bits |= (uint64_t)node->number;
		return 1;
	}
	if (!tl_bind_is_constant(b, i))
		return 0;
	ret = tl_bind_constant(b, i, asked->domain, &value);
	if (ret > 0)
		ask(asked, node, (uint64_t)value);
	else if (ret == 0)
		return tl_bind_name(b, i, NULL);	/* tells which name was meant */
	return ret;
}

static int int_node(struct tl_binder *b, int at, uint64_t number)
{
	return tl_bind_node(b, (struct tl_bnode){ .op = TL_OP_INT, .type = TL_EXPR_INT, .number = (int64_t)number,
						  .at = (uint16_t)at });
}

static int bind_flags(struct tl_binder *b, int node, const struct tl_domain *hint)
{
	int i = tl_bind_node_of(b, node, hint);
	char text[44];

	if (i < 0 || bnode(b, i)->type == TL_EXPR_INT)
		return i;
	tl_bind_text(b, node, text);
	return tl_bind_refuse(b, node, -EINVAL, "'%s' is %s where a number is needed", text,
			      tl_expr_type_name(bnode(b, i)->type));
}

/* (x & mask) == number, of which a missing x makes nothing. */
static int bind_bits(struct tl_binder *b, int at, int x, int mask, int number)
{
	int both = tl_bind_arith(b, TL_OP_BAND, at, x, mask);

	if (both < 0 || number < 0)
		return -1;
	if (bnode(b, both)->op == TL_OP_MISSING || bnode(b, number)->op == TL_OP_MISSING)
		return tl_bind_bool(b, at, false);
	if (bnode(b, both)->op == TL_OP_INT && bnode(b, number)->op == TL_OP_INT)
		return tl_bind_bool(b, at, bnode(b, both)->number == bnode(b, number)->number);
	return tl_bind_binary(b, TL_OP_EQ, TL_EXPR_BOOL, at, both, number);
}

static int bind_has(struct tl_binder *b, const struct tl_node *node)
{
	const struct tl_domain *hint = tl_bind_hint(b, node->a);
	struct asked asked = { .domain = hint };
	int x = bind_flags(b, node->a, hint), y, known;

	if (x < 0)
		return -1;
	known = ask_all(b, node->b, &asked);
	if (known < 0)
		return -1;
	if (known == 0) {
		y = bind_flags(b, node->b, hint);
		return y < 0 ? -1 : bind_bits(b, node->at, x, y, y);
	}
	if ((asked.mask | asked.bits) == 0)
		return tl_bind_refuse(b, node->b, -EINVAL, "that is 0, and has no bit to be set; compare with ==");
	y = int_node(b, node->at, asked.mask | asked.bits);
	return y < 0 ? -1 : bind_bits(b, node->at, x, y, int_node(b, node->at, asked.number | asked.bits));
}

int tl_bind_call(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];

	return node->op == TL_OP_HAS ? bind_has(b, node) : bind_part(b, node);
}
