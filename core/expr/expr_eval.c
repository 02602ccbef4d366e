/* SPDX-License-Identifier: MIT */
/* expr_eval.c: the meaning of an expression, over a record. What expr_emit.c makes does the same. */
#include <errno.h>
#include <string.h>

#include "decode/decode.h"
#include "expr/expr_tree.h"

static int test(const struct tl_bound *bound, int i, const struct tl_view *view);
static int number(const struct tl_bound *bound, int i, const struct tl_view *view, int64_t *out);

/* ---- leaves ----------------------------------------------------------------------------------------- */

/* Its name would have to be looked up again. */
static int64_t errno_of(const struct tl_field *field, const struct tl_view *view)
{
	const char *at = (const char *)view->data + field->offset;
	int64_t wide;
	int32_t narrow;

	if (field->size == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
		return -wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return -(int64_t)narrow;
}

/* Those with a number in them. An error is its errno. */
static int field_number(const struct tl_field *field, const struct tl_view *view, int64_t *out)
{
	struct tl_value value;

	tl_field_read(view, field, &value);
	switch (value.kind) {
	case TL_INT:
	case TL_BOOL:
		*out = value.i;
		return 0;
	case TL_UINT:
		*out = (int64_t)value.u;
		return 0;
	case TL_STRING:
		if (field->type != TL_TYPE_ERROR)
			return -ENOENT;
		*out = errno_of(field, view);
		return 0;
	default:
		return -ENOENT;
	}
}

struct string {
	const char *ptr;
	size_t len;
	bool whole;	/* contains() looks at all of it */
};

static bool field_string(const struct tl_field *field, const struct tl_view *view, struct string *out)
{
	struct tl_value value;

	tl_field_read(view, field, &value);
	if (value.kind != TL_STRING)
		return false;
	out->ptr = value.s.ptr;
	out->len = value.s.len;
	out->whole = field->type == TL_TYPE_PATH || field->type == TL_TYPE_FILE;
	return true;
}

static bool string_of(const struct tl_bnode *node, const struct tl_view *view, struct string *out)
{
	const struct tl_var_string *var;

	if (node->op == TL_OP_FIELD)
		return field_string(node->field, view, out);
	out->whole = true;
	if (node->op == TL_OP_STRING) {
		out->ptr = node->string;
		out->len = node->len;
		return true;
	}
	var = node->var->at;
	out->ptr = var->strings[__atomic_load_n(&var->which, __ATOMIC_ACQUIRE) & 1].bytes;
	out->len = var->strings[var->which & 1].len;
	return true;
}

static bool address_of(const struct tl_bnode *node, const struct tl_view *view, uint8_t mapped[16])
{
	struct tl_value value;

	tl_field_read(view, node->field, &value);
	return value.kind == TL_IP && tl_net_map(value.ip.family, value.ip.bytes, mapped);
}

/* ---- numbers ---------------------------------------------------------------------------------------- */

/* Both operands in the order that was planned; the second is left alone if the first is missing. */
static int operands(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view,
		    int64_t *a, int64_t *b)
{
	int ret = node->b_first ? number(bound, node->b, view, b) : number(bound, node->a, view, a);

	if (ret)
		return ret;
	return node->b_first ? number(bound, node->a, view, a) : number(bound, node->b, view, b);
}

static int number(const struct tl_bound *bound, int i, const struct tl_view *view, int64_t *out)
{
	const struct tl_bnode *node = tl_bnode(bound, i);
	int64_t a, b = 0;
	int ret;

	switch (node->op) {
	case TL_OP_INT:
	case TL_OP_ERRNO:
		*out = node->number;
		return 0;
	case TL_OP_FIELD:
		return field_number(node->field, view, out);
	case TL_OP_VAR:
		*out = __atomic_load_n((int64_t *)node->var->at, __ATOMIC_ACQUIRE);
		return 0;
	case TL_OP_MISSING:
		return -ENOENT;
	default:
		break;
	}
	ret = node->b < 0 ? number(bound, node->a, view, &a) : operands(bound, node, view, &a, &b);
	return ret ? ret : tl_arith(node->op, a, b, out);
}

/* ---- conditions ------------------------------------------------------------------------------------- */

/* 1, 0, -ENOENT or -EDOM: only a field can be neither true nor false. */
static int truth(const struct tl_bound *bound, int i, const struct tl_view *view)
{
	const struct tl_bnode *node = tl_bnode(bound, i);
	int64_t value;
	int ret;

	if (node->op != TL_OP_FIELD)
		return test(bound, i, view);
	ret = field_number(node->field, view, &value);
	return ret ? ret : value != 0;
}

static int equal_bools(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	int first = truth(bound, node->b_first ? node->b : node->a, view), second;

	if (first < 0)
		return first;
	second = truth(bound, node->b_first ? node->a : node->b, view);
	return second < 0 ? second : first == second;
}

static int compare_numbers(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	int64_t a, b;
	int ret = operands(bound, node, view, &a, &b);

	if (ret)
		return ret;
	return node->op == TL_OP_EQ ? a == b : node->op == TL_OP_LT ? a < b : a <= b;
}

static int equal_addresses(const struct tl_bnode *a, const struct tl_bnode *b, const struct tl_view *view)
{
	const struct tl_bnode *field = a->op == TL_OP_FIELD ? a : b, *other = field == a ? b : a;
	uint8_t address[16], second[16];

	if (!address_of(field, view, address))
		return 0;
	if (other->op == TL_OP_NET)
		return tl_net_holds(&other->net, address);
	return address_of(other, view, second) && memcmp(address, second, sizeof(address)) == 0;
}

static int test_strings(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	const struct tl_bnode *a = tl_bnode(bound, node->a), *b = tl_bnode(bound, node->b);
	struct string s, part;

	if (!string_of(a, view, &s))
		return 0;
	if (bound->copy && s.whole && a->op == TL_OP_FIELD) {	/* reading another path overwrites this one */
		memcpy(bound->copy, s.ptr, s.len);
		s.ptr = bound->copy;
	}
	if (!string_of(b, view, &part))
		return 0;
	if (node->op == TL_OP_CONTAINS && !s.whole && s.len > TL_CONTAINS_MAX)
		s.len = TL_CONTAINS_MAX;
	return tl_string_test(node->op, s.ptr, s.len, part.ptr, part.len);
}

static int compare(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	switch (tl_bnode(bound, node->a)->type) {
	case TL_EXPR_BOOL:
		return equal_bools(bound, node, view);
	case TL_EXPR_STRING:
		return test_strings(bound, node, view);
	case TL_EXPR_IP:
		return equal_addresses(tl_bnode(bound, node->a), tl_bnode(bound, node->b), view);
	default:
		return compare_numbers(bound, node, view);
	}
}

static bool is_nil(const struct tl_bnode *node, const struct tl_view *view)
{
	struct tl_value value;

	tl_field_read(view, node->field, &value);
	return value.kind == TL_NIL || value.kind == TL_UNREAD;
}

/* ---- sets ------------------------------------------------------------------------------------------- */

static int number_in(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	const struct tl_bnode *set = tl_bnode(bound, node->b);
	int64_t value;
	int ret = number(bound, node->a, view, &value);

	if (ret)
		return ret;
	if (set->op == TL_OP_VAR)
		return tl_set_has_int(&set->var->set, value);
	for (int i = node->b; i >= 0; i = tl_bnode(bound, i)->next) {
		if (tl_bnode(bound, i)->number == value)
			return 1;
	}
	return 0;
}

static int string_in(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	const struct tl_bnode *set = tl_bnode(bound, node->b);
	struct string s;

	if (!string_of(tl_bnode(bound, node->a), view, &s))
		return 0;
	if (set->op == TL_OP_VAR)
		return tl_set_has_string(&set->var->set, s.ptr, s.len);
	for (int i = node->b; i >= 0; i = tl_bnode(bound, i)->next) {
		if (tl_string_test(TL_OP_EQ, s.ptr, s.len, tl_bnode(bound, i)->string, tl_bnode(bound, i)->len))
			return 1;
	}
	return 0;
}

static int address_in(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	const struct tl_bnode *set = tl_bnode(bound, node->b);
	uint8_t address[16];

	if (!address_of(tl_bnode(bound, node->a), view, address))
		return 0;
	if (set->op == TL_OP_VAR)
		return tl_set_has_address(&set->var->nets, address);
	for (int i = node->b; i >= 0; i = tl_bnode(bound, i)->next) {
		if (tl_net_holds(&tl_bnode(bound, i)->net, address))
			return 1;
	}
	return 0;
}

static int in(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	switch (tl_bnode(bound, node->a)->type) {
	case TL_EXPR_STRING:
		return string_in(bound, node, view);
	case TL_EXPR_IP:
		return address_in(bound, node, view);
	default:
		return number_in(bound, node, view);
	}
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static int logic(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	int ret = test(bound, node->a, view);

	if (ret < 0 || node->op == TL_OP_NOT)
		return ret < 0 ? ret : !ret;
	return ret == (node->op == TL_OP_OR) ? ret : test(bound, node->b, view);
}

static int decide(const struct tl_bound *bound, const struct tl_bnode *node, const struct tl_view *view)
{
	int64_t value;
	int ret;

	switch (node->op) {
	case TL_OP_BOOL:
		return node->number != 0;
	case TL_OP_FIELD:
		ret = field_number(node->field, view, &value);
		return ret ? ret : value != 0;
	case TL_OP_AND:
	case TL_OP_OR:
	case TL_OP_NOT:
		return logic(bound, node, view);
	case TL_OP_EQ:
	case TL_OP_LT:
	case TL_OP_LE:
		return compare(bound, node, view);
	case TL_OP_IS_NIL:
		return is_nil(tl_bnode(bound, node->a), view);
	case TL_OP_IN:
		return in(bound, node, view);
	case TL_OP_STARTS:
	case TL_OP_ENDS:
	case TL_OP_CONTAINS:
		return test_strings(bound, node, view);
	default:
		return 0;
	}
}

/* What is missing is false. */
static int test(const struct tl_bound *bound, int i, const struct tl_view *view)
{
	int ret = decide(bound, tl_bnode(bound, i), view);

	return ret == -ENOENT ? 0 : ret;
}

int tl_bound_test(const struct tl_bound *bound, const struct tl_view *view)
{
	return test(bound, bound->root, view);
}

int tl_bound_number(const struct tl_bound *bound, const struct tl_view *view, int64_t *out)
{
	const struct tl_bnode *root = tl_bnode(bound, bound->root);
	int ret;

	if (root->type == TL_EXPR_INT || root->type == TL_EXPR_ERRNO)
		return number(bound, bound->root, view, out);
	if (root->type != TL_EXPR_BOOL)
		return -ENOENT;
	ret = truth(bound, bound->root, view);
	*out = ret;
	return ret < 0 ? ret : 0;
}
