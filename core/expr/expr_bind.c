/* SPDX-License-Identifier: MIT */
/*
 * expr_bind.c: from the tree of a text to the typed tree of one event. What can be decided now is:
 * constants are computed, and what an event lacks is missing for good.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "decode/decode.h"
#include "expr/expr_tree.h"

int tl_bind_refuse_at(struct tl_binder *b, size_t at, int code, const char *fmt, ...)
{
	char message[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	b->code = code;
	tl_expr_refuse(b->tree->what, b->tree->text, b->tree->len, at, b->err, code, "%s", message);
	return -1;
}

int tl_bind_refuse(struct tl_binder *b, int node, int code, const char *fmt, ...)
{
	char message[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	return tl_bind_refuse_at(b, b->tree->nodes[node].begin, code, "%s", message);
}

const char *tl_expr_type_name(enum tl_expr_type type)
{
	static const char *const names[] = {
		[TL_EXPR_BOOL] = "true or false", [TL_EXPR_INT] = "a number", [TL_EXPR_STRING] = "a string",
		[TL_EXPR_IP] = "an address", [TL_EXPR_ERRNO] = "an error", [TL_EXPR_NIL] = "nil",
		[TL_EXPR_OTHER] = "a list, an array or a socket's address",
	};

	return names[type];
}

/* The text of a node, for a message. */
void tl_bind_text(struct tl_binder *b, int i, char out[44])
{
	const struct tl_node *node = &b->tree->nodes[i];
	int len = node->end - node->begin;

	snprintf(out, 44, "%.*s%s", len > 40 ? 37 : len, b->tree->text + node->begin, len > 40 ? "..." : "");
}

/* ---- nodes ------------------------------------------------------------------------------------------ */

static bool is_leaf(const struct tl_bnode *node)
{
	return node->op < TL_OP_ADD && node->type != TL_EXPR_BOOL;
}

/* How many values must be kept while others are computed; the operand that needs more of them comes first. */
static void plan(const struct tl_bound *bound, struct tl_bnode *node)
{
	const struct tl_bnode *a = node->a >= 0 ? &bound->nodes[node->a] : NULL;
	const struct tl_bnode *b = node->b >= 0 ? &bound->nodes[node->b] : NULL;
	const struct tl_bnode *second;

	if (!a)
		return;
	node->room = a->room;
	if (!b)
		return;
	if (node->op == TL_OP_AND || node->op == TL_OP_OR || node->op == TL_OP_IN) {
		node->room = a->room > b->room ? a->room : b->room;
		return;
	}
	node->b_first = b->room > a->room || (b->room == a->room && is_leaf(a) && !is_leaf(b));
	second = node->b_first ? a : b;
	node->room = node->b_first ? b->room : a->room;
	if (!is_leaf(second) && second->room + 1 > node->room)
		node->room = (uint8_t)(second->room + 1);
}

int tl_bind_node(struct tl_binder *b, struct tl_bnode node)
{
	struct tl_bound *bound = b->bound;

	if (bound->n == bound->room) {
		int room = bound->room ? bound->room * 2 : 16;
		struct tl_bnode *nodes = realloc(bound->nodes, (size_t)room * sizeof(*nodes));

		if (!nodes) {
			b->code = tl_fail(b->err, -ENOMEM, "%.64s: no memory for an expression", b->tree->what);
			return -1;
		}
		bound->nodes = nodes;
		bound->room = room;
	}
	if (node.op < TL_OP_ADD) {
		node.a = -1;
		node.b = -1;
	}
	node.next = -1;
	plan(bound, &node);
	bound->nodes[bound->n] = node;
	return bound->n++;
}

int tl_bind_bool(struct tl_binder *b, int at, bool value)
{
	return tl_bind_node(b, (struct tl_bnode){ .op = TL_OP_BOOL, .type = TL_EXPR_BOOL, .number = value,
						  .at = (uint16_t)at });
}

int tl_bind_unary(struct tl_binder *b, enum tl_op op, enum tl_expr_type type, int at, int a)
{
	return a < 0 ? -1 : tl_bind_node(b, (struct tl_bnode){ .op = op, .type = type, .a = a, .b = -1,
							       .at = (uint16_t)at });
}

int tl_bind_not(struct tl_binder *b, int at, int a)
{
	if (a >= 0 && b->bound->nodes[a].op == TL_OP_BOOL)
		return tl_bind_bool(b, at, !b->bound->nodes[a].number);
	return tl_bind_unary(b, TL_OP_NOT, TL_EXPR_BOOL, at, a);
}

int tl_bind_binary(struct tl_binder *b, enum tl_op op, enum tl_expr_type type, int at, int x, int y)
{
	return x < 0 || y < 0 ? -1 : tl_bind_node(b, (struct tl_bnode){ .op = op, .type = type, .a = x, .b = y,
									.at = (uint16_t)at });
}

/* ---- numbers ---------------------------------------------------------------------------------------- */

static int bind_operand(struct tl_binder *b, int node, const struct tl_domain *hint)
{
	int i = tl_bind_node_of(b, node, hint);
	enum tl_expr_type type;
	char text[44];

	if (i < 0)
		return -1;
	type = b->bound->nodes[i].type;
	if (type == TL_EXPR_INT)
		return i;
	tl_bind_text(b, node, text);
	return tl_bind_refuse(b, node, -EINVAL, "'%s' is %s where a number is needed", text, tl_expr_type_name(type));
}

/* Numbers that are known, and what is missing anyway. Division by zero is left for when it happens. */
int tl_bind_arith(struct tl_binder *b, enum tl_op op, int at, int x, int y)
{
	const struct tl_bnode *l, *r;
	int64_t number;

	if (x < 0 || (y < 0 && op != TL_OP_NEG && op != TL_OP_BNOT))
		return -1;
	l = &b->bound->nodes[x];
	r = y >= 0 ? &b->bound->nodes[y] : l;
	if (l->op == TL_OP_MISSING)
		return x;
	if (r->op == TL_OP_MISSING)
		return y;
	if (l->op == TL_OP_INT && r->op == TL_OP_INT && tl_arith(op, l->number, r->number, &number) == 0)
		return tl_bind_node(b, (struct tl_bnode){ .op = TL_OP_INT, .type = TL_EXPR_INT, .number = number,
							  .at = (uint16_t)at });
	return y < 0 ? tl_bind_unary(b, op, TL_EXPR_INT, at, x) : tl_bind_binary(b, op, TL_EXPR_INT, at, x, y);
}

static int bind_arith(struct tl_binder *b, int i, const struct tl_domain *hint)
{
	const struct tl_node *node = &b->tree->nodes[i];
	const struct tl_domain *own = tl_bind_hint(b, i);
	int x, y = -1;

	x = bind_operand(b, node->a, own ? own : hint);
	if (x < 0)
		return -1;
	if (node->b >= 0) {
		y = bind_operand(b, node->b, own ? own : hint);
		if (y < 0)
			return -1;
	}
	return tl_bind_arith(b, node->op, node->at, x, y);
}

/* ---- conditions ------------------------------------------------------------------------------------- */

static int no_condition(struct tl_binder *b, int node, enum tl_expr_type type)
{
	const struct tl_domain *hint = type == TL_EXPR_INT ? tl_bind_hint(b, node) : NULL;
	char text[44];

	tl_bind_text(b, node, text);
	if (hint && hint->flags)
		return tl_bind_refuse(b, node, -EINVAL, "'%s' is a number, and in Lua every number is true; "
				      "say has(%s, …), or %s ~= 0", text, text, text);
	if (type == TL_EXPR_INT)
		return tl_bind_refuse(b, node, -EINVAL, "'%s' is a number, and in Lua every number is true; "
				      "say %s ~= 0", text, text);
	if (type == TL_EXPR_NIL)
		return tl_bind_refuse(b, node, -EINVAL, "nil is never true");
	return tl_bind_refuse(b, node, -EINVAL, "'%s' is %s where true or false is needed; say %s ~= nil", text,
			      tl_expr_type_name(type), text);
}

/* What is needed beside `and`, `or` and `not`. An error is true if there is one. */
int tl_bind_condition(struct tl_binder *b, int node)
{
	int i = tl_bind_node_of(b, node, NULL);
	int at = b->tree->nodes[node].at;
	const struct tl_bnode *bound;

	if (i < 0)
		return -1;
	bound = &b->bound->nodes[i];
	if (bound->type == TL_EXPR_BOOL)
		return i;
	if (bound->type != TL_EXPR_ERRNO)
		return no_condition(b, node, bound->type);
	if (bound->op == TL_OP_MISSING)
		return tl_bind_bool(b, at, false);
	return tl_bind_not(b, at, tl_bind_unary(b, TL_OP_IS_NIL, TL_EXPR_BOOL, at, i));
}

static int bind_logic(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	int x = tl_bind_condition(b, node->a), y;

	if (x < 0)
		return -1;
	if (node->op == TL_OP_NOT)
		return tl_bind_not(b, node->at, x);
	y = tl_bind_condition(b, node->b);
	if (y >= 0 && b->bound->nodes[x].op == TL_OP_BOOL)
		return b->bound->nodes[x].number == (node->op == TL_OP_AND) ? y : x;
	return tl_bind_binary(b, node->op, TL_EXPR_BOOL, node->at, x, y);
}

static int bind_leaf(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	static const enum tl_expr_type types[] = {
		[TL_OP_INT] = TL_EXPR_INT, [TL_OP_STRING] = TL_EXPR_STRING, [TL_OP_BOOL] = TL_EXPR_BOOL,
		[TL_OP_NIL] = TL_EXPR_NIL,
	};

	return tl_bind_node(b, (struct tl_bnode){ .op = node->op, .type = types[node->op], .number = node->number,
						  .string = node->string, .len = node->len, .at = node->begin });
}

int tl_bind_node_of(struct tl_binder *b, int i, const struct tl_domain *hint)
{
	enum tl_op op = b->tree->nodes[i].op;

	if (op == TL_OP_NAME)
		return tl_bind_name(b, i, hint);
	if (op < TL_OP_ADD)
		return bind_leaf(b, i);
	if (op <= TL_OP_BNOT)
		return bind_arith(b, i, hint);
	if (op <= TL_OP_NOT)
		return bind_logic(b, i);
	if (op <= TL_OP_GE)
		return tl_bind_compare(b, i);
	return op == TL_OP_IN ? tl_bind_in(b, i) : tl_bind_call(b, i);
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static int bind_number(struct tl_binder *b, int root)
{
	const struct tl_domain *hint = tl_bind_hint(b, root);
	int i = tl_bind_node_of(b, root, hint);
	char text[44];

	if (i < 0 || b->bound->nodes[i].type == TL_EXPR_INT)
		return i;
	tl_bind_text(b, root, text);
	return tl_bind_refuse(b, root, -EINVAL, "'%s' is %s where a number is needed", text,
			      tl_expr_type_name(b->bound->nodes[i].type));
}

static int bind_key(struct tl_binder *b, int root)
{
	int i = tl_bind_node_of(b, root, NULL);
	const struct tl_bnode *node;

	if (i < 0)
		return -1;
	node = &b->bound->nodes[i];
	if (node->type == TL_EXPR_NIL || (node->field && node->field->type == TL_TYPE_ARRAY))
		return tl_bind_refuse(b, root, -EINVAL, "%s is no key",
				      node->type == TL_EXPR_NIL ? "nil" : "an array");
	return i;
}

static struct tl_bound *bound_new(const struct tl_expr *expr, const struct tl_event *event)
{
	struct tl_bound *bound = calloc(1, sizeof(*bound));

	if (!bound)
		return NULL;
	bound->tree = expr->tree;
	bound->tree->refs++;
	bound->event = event;
	return bound;
}

int tl_expr_bind(const struct tl_expr *expr, const struct tl_event *const *events, size_t n, size_t at,
		 const struct tl_vars *vars, enum tl_expr_want want, struct tl_bound **out, struct tl_error *err)
{
	struct tl_binder b = { .expr = expr, .tree = expr->tree, .events = events, .n = n, .at = at, .vars = vars,
			       .err = err };

	b.bound = bound_new(expr, events[at]);
	if (!b.bound)
		return tl_fail(err, -ENOMEM, "%.64s: no memory for an expression", expr->tree->what);
	if (want == TL_WANT_TEST)
		b.bound->root = tl_bind_condition(&b, expr->root);
	else
		b.bound->root = want == TL_WANT_NUMBER ? bind_number(&b, expr->root) : bind_key(&b, expr->root);
	if (b.bound->root < 0) {
		tl_bound_free(b.bound);
		return b.code;
	}
	*out = b.bound;
	return 0;
}

void tl_bound_free(struct tl_bound *bound)
{
	if (!bound)
		return;
	tl_tree_drop(bound->tree);
	free(bound->nodes);
	free(bound->copy);
	free(bound);
}

enum tl_expr_type tl_bound_type(const struct tl_bound *bound)
{
	enum tl_expr_type type = bound->nodes[bound->root].type;

	return type == TL_EXPR_OTHER ? TL_EXPR_STRING : type;
}

uint64_t tl_bound_fields(const struct tl_bound *bound)
{
	return bound->fields;
}

/* The name of the event is a string that is known, but its field all the same. */
const struct tl_field *tl_bound_field(const struct tl_bound *bound)
{
	const struct tl_bnode *root = &bound->nodes[bound->root];

	return root->op == TL_OP_FIELD || root->op == TL_OP_STRING ? root->field : NULL;
}

bool tl_bound_is_missing(const struct tl_bound *bound)
{
	return bound->nodes[bound->root].op == TL_OP_MISSING;
}
