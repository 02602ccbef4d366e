/* SPDX-License-Identifier: MIT */
/* expr_check.c: comparisons, sets and calls: what their operands can be, and what literals mean beside them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"
#include "decode/decode.h"
#include "expr/expr_tree.h"

#define ERRNOS	600	/* none that has a name is larger */

static const struct tl_bnode *bnode(const struct tl_binder *b, int i)
{
	return &b->bound->nodes[i];
}

/* ---- literals beside errors and addresses ----------------------------------------------------------- */

static int no_errno(struct tl_binder *b, int node)
{
	const struct tl_node *literal = &b->tree->nodes[node];
	const char *names[ERRNOS], *near;
	char word[33] = "";
	size_t n = 0;

	memcpy(word, literal->string, literal->len < sizeof(word) ? literal->len : sizeof(word) - 1);
	for (int number = 1; number < ERRNOS; number++) {
		names[n] = tl_errno_name(number);
		n += names[n] != NULL;
	}
	near = tl_nearest(word, names, n);
	if (near)
		return tl_bind_refuse(b, node, -EINVAL, "no error is called '%s'; did you mean '%s'?", word, near);
	return tl_bind_refuse(b, node, -EINVAL, "no error is called '%s'", word);
}

static int bind_errno(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	int number = 0;

	if (node->op == TL_OP_STRING || tl_bind_is_constant(b, i)) {
		number = tl_errno_number(node->string, node->len);
		if (!number)
			return no_errno(b, i);
		return tl_bind_node(b, (struct tl_bnode){ .op = TL_OP_ERRNO, .type = TL_EXPR_ERRNO, .number = number,
							  .at = node->begin });
	}
	return tl_bind_node_of(b, i, NULL);
}

static int bind_address(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	struct tl_bnode out = { .op = TL_OP_NET, .type = TL_EXPR_IP, .at = node->begin };

	if (node->op != TL_OP_STRING)
		return tl_bind_node_of(b, i, NULL);
	if (!tl_net_parse(node->string, node->len, &out.net))
		return tl_bind_refuse(b, i, -EINVAL, "no address: '10.0.0.1', '10.0.0.0/8', '::1', 'fe80::/10' are some");
	return tl_bind_node(b, out);
}

/* An operand that stands beside one of this type. */
static int bind_beside(struct tl_binder *b, int node, enum tl_expr_type type, const struct tl_domain *hint)
{
	if (type == TL_EXPR_ERRNO)
		return bind_errno(b, node);
	if (type == TL_EXPR_IP)
		return bind_address(b, node);
	return tl_bind_node_of(b, node, hint);
}

/* ---- comparisons ------------------------------------------------------------------------------------ */

static int never_equal(struct tl_binder *b, int i, enum tl_expr_type x, enum tl_expr_type y)
{
	const struct tl_node *node = &b->tree->nodes[i];
	char left[44], right[44];

	tl_bind_text(b, node->a, left);
	tl_bind_text(b, node->b, right);
	if (x == TL_EXPR_OTHER || y == TL_EXPR_OTHER)
		return tl_bind_refuse_at(b, node->at, -EINVAL, "%s is %s: it can only be compared with nil",
					 x == TL_EXPR_OTHER ? left : right, tl_expr_type_name(TL_EXPR_OTHER));
	if ((x == TL_EXPR_ERRNO && y == TL_EXPR_INT) || (x == TL_EXPR_INT && y == TL_EXPR_ERRNO))
		return tl_bind_refuse_at(b, node->at, -EINVAL, "an error is compared with its name, as in "
					 "%s == 'ENOENT'", x == TL_EXPR_ERRNO ? left : right);
	if (x == y)
		return tl_bind_refuse_at(b, node->at, -EINVAL, "%s and %s: only numbers have an order", left, right);
	return tl_bind_refuse_at(b, node->at, -EINVAL, "%s is %s and %s %s: they are never equal", left, tl_expr_type_name(x), right,
				 tl_expr_type_name(y));
}

/* `== nil` and `~= nil`: any field, whatever its type. */
static int bind_nil(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	int operand = b->tree->nodes[node->a].op == TL_OP_NIL ? node->b : node->a;
	int x, nil;

	if (tl_bind_field_type(b, operand) == TL_EXPR_NIL)
		return tl_bind_refuse(b, operand, -EINVAL, "only a field can be nil");
	x = tl_bind_name(b, operand, NULL);
	if (x < 0)
		return -1;
	if (bnode(b, x)->op == TL_OP_FIELD)
		nil = tl_bind_unary(b, TL_OP_IS_NIL, TL_EXPR_BOOL, node->at, x);
	else
		nil = tl_bind_bool(b, node->at, bnode(b, x)->op == TL_OP_MISSING);
	return node->op == TL_OP_NE ? tl_bind_not(b, node->at, nil) : nil;
}

/* A constant of the headers may be an int that was extended to 64 bits, or not: it is made what the field is. */
static void fit(struct tl_binder *b, int node, int constant, int other)
{
	struct tl_bnode *x = &b->bound->nodes[constant];
	const struct tl_field *field = bnode(b, other)->field;

	if (x->op != TL_OP_INT || !field || bnode(b, other)->op != TL_OP_FIELD || !tl_bind_is_constant(b, node))
		return;
	if (field->type == TL_TYPE_U32)
		x->number = (uint32_t)x->number;
	else if (field->type == TL_TYPE_S32)
		x->number = (int32_t)x->number;
}

/* true: both are known, and so is what is asked. */
static bool fold(const struct tl_bnode *x, const struct tl_bnode *y, enum tl_op op, bool *result)
{
	if (x->op == TL_OP_MISSING || y->op == TL_OP_MISSING) {
		*result = false;
		return true;
	}
	if (x->op != y->op)
		return false;
	if (x->op == TL_OP_STRING)
		*result = x->len == y->len && memcmp(x->string, y->string, x->len) == 0;
	else if (x->op == TL_OP_INT || x->op == TL_OP_BOOL)
		*result = op == TL_OP_EQ ? x->number == y->number :
			  op == TL_OP_LT ? x->number < y->number : x->number <= y->number;
	else
		return false;
	return true;
}

static bool is_path(const struct tl_bnode *node)
{
	return node->op == TL_OP_FIELD && (node->field->type == TL_TYPE_PATH || node->field->type == TL_TYPE_FILE);
}

static bool make_copy(struct tl_binder *b, int x, int y)
{
	if (!is_path(bnode(b, x)) || !is_path(bnode(b, y)) || b->bound->copy)
		return true;
	b->bound->copy = malloc(TL_SCRATCH_SIZE);
	if (!b->bound->copy)
		tl_bind_refuse_at(b, 0, -ENOMEM, "no memory for two paths");
	return b->bound->copy;
}

static int compare(struct tl_binder *b, enum tl_op op, int at, int x, int y)
{
	bool result;

	if (fold(bnode(b, x), bnode(b, y), op, &result))
		return tl_bind_bool(b, at, result);
	if (!make_copy(b, x, y))
		return -1;
	return tl_bind_binary(b, op, TL_EXPR_BOOL, at, x, y);
}

static bool comparable(enum tl_op op, enum tl_expr_type x, enum tl_expr_type y)
{
	if (x != y || x > TL_EXPR_ERRNO)
		return false;
	return op == TL_OP_EQ || op == TL_OP_NE || x == TL_EXPR_INT;
}

int tl_bind_compare(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	enum tl_expr_type left = tl_bind_field_type(b, node->a), right = tl_bind_field_type(b, node->b);
	const struct tl_domain *hint = tl_bind_hint(b, node->a);
	bool equality = node->op == TL_OP_EQ || node->op == TL_OP_NE;
	int x, y;

	if (equality && (b->tree->nodes[node->a].op == TL_OP_NIL || b->tree->nodes[node->b].op == TL_OP_NIL))
		return bind_nil(b, i);
	hint = hint ? hint : tl_bind_hint(b, node->b);
	x = bind_beside(b, node->a, right, hint);
	y = x < 0 ? -1 : bind_beside(b, node->b, left, hint);
	if (y < 0)
		return -1;
	if (!comparable(node->op, bnode(b, x)->type, bnode(b, y)->type))
		return never_equal(b, i, bnode(b, x)->type, bnode(b, y)->type);
	if (equality) {
		fit(b, node->a, x, y);
		fit(b, node->b, y, x);
	}
	switch (node->op) {
	case TL_OP_EQ: return compare(b, TL_OP_EQ, node->at, x, y);
	case TL_OP_NE: return tl_bind_not(b, node->at, compare(b, TL_OP_EQ, node->at, x, y));
	case TL_OP_GT: return compare(b, TL_OP_LT, node->at, y, x);
	case TL_OP_GE: return compare(b, TL_OP_LE, node->at, y, x);
	default: return compare(b, node->op, node->at, x, y);
	}
}

/* ---- sets ------------------------------------------------------------------------------------------- */

static int bind_element(struct tl_binder *b, int x, int node, const struct tl_domain *hint)
{
	enum tl_expr_type type = bnode(b, x)->type;
	int i = bind_beside(b, node, type, hint);

	if (i < 0)
		return -1;
	if (bnode(b, i)->type != type)
		return tl_bind_refuse(b, node, -EINVAL, "%s in a set beside %s", tl_expr_type_name(bnode(b, i)->type),
				      tl_expr_type_name(type));
	if (bnode(b, i)->op >= TL_OP_FIELD)
		return tl_bind_refuse(b, node, -EINVAL, "the elements of a set are constants");
	fit(b, node, i, x);
	return i;
}

static int bind_list(struct tl_binder *b, int x, const struct tl_node *in, const struct tl_domain *hint)
{
	int first = -1, last = -1;

	for (int node = in->b; node >= 0; node = b->tree->nodes[node].next) {
		int i = bind_element(b, x, node, hint);

		if (i < 0)
			return -1;
		if (last >= 0)
			b->bound->nodes[last].next = i;
		else
			first = i;
		last = i;
	}
	return first;
}

static int bind_set(struct tl_binder *b, int x, int node)
{
	struct tl_var *var = tl_bind_find_var(b, node);
	enum tl_expr_type type = bnode(b, x)->type;
	enum tl_set_kind kind = type == TL_EXPR_INT ? TL_SET_INTS : type == TL_EXPR_IP ? TL_SET_NETS : TL_SET_STRINGS;
	enum tl_var_kind needed = type == TL_EXPR_INT ? TL_VAR_INTS : TL_VAR_STRINGS;
	struct tl_error err;
	char text[44];
	int ret;

	if (!var && (tl_bind_field_type(b, node) != TL_EXPR_NIL || tl_bind_name(b, node, NULL) >= 0 || !b->code)) {
		tl_bind_text(b, node, text);
		return tl_bind_refuse(b, node, -EINVAL, "'%s' is no set", text);
	}
	if (!var)
		return -1;
	if (var->kind < TL_VAR_INTS)
		return tl_bind_refuse(b, node, -EINVAL, "'%s' is no set", var->name);
	if (var->kind != needed || type == TL_EXPR_ERRNO)
		return tl_bind_refuse(b, node, -EINVAL, "%s is not looked for in a set of %s", tl_expr_type_name(type),
				      var->kind == TL_VAR_INTS ? "numbers" : "strings");
	ret = tl_var_use(var, kind, &err);
	if (ret)
		return tl_bind_refuse(b, node, ret, "%.300s", err.message);
	return tl_bind_node(b, (struct tl_bnode){ .op = TL_OP_VAR, .type = type, .var = var });
}

/* A string that is known, among strings that are known. */
static int fold_strings(struct tl_binder *b, int at, const struct tl_bnode *x, int first)
{
	bool found = false;

	for (int i = first; i >= 0 && !found; i = bnode(b, i)->next)
		found = bnode(b, i)->len == x->len && memcmp(bnode(b, i)->string, x->string, x->len) == 0;
	return tl_bind_bool(b, at, found);
}

int tl_bind_in(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	const struct tl_domain *hint = tl_bind_hint(b, node->a);
	bool named = node->number;
	int x = tl_bind_node_of(b, node->a, hint), set;
	enum tl_expr_type type;

	if (x < 0)
		return -1;
	type = bnode(b, x)->type;
	if (type == TL_EXPR_BOOL || type > TL_EXPR_ERRNO)
		return tl_bind_refuse(b, node->a, -EINVAL, "%s is in no set", tl_expr_type_name(type));
	set = named ? bind_set(b, x, node->b) : bind_list(b, x, node, hint);
	if (set < 0)
		return -1;
	if (bnode(b, x)->op == TL_OP_MISSING)
		return tl_bind_bool(b, node->at, false);
	if (!named && bnode(b, x)->op == TL_OP_STRING)
		return fold_strings(b, node->at, bnode(b, x), set);
	return tl_bind_binary(b, TL_OP_IN, TL_EXPR_BOOL, node->at, x, set);
}
