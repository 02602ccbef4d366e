/* SPDX-License-Identifier: MIT */
/* expr.c: an expression as its owner sees it: its text, its clauses, the fields that it names. */
#include "expr/expr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "expr/expr_tree.h"

void tl_tree_drop(struct tl_tree *tree)
{
	if (!tree || --tree->refs)
		return;
	free(tree->what);
	free(tree->text);
	free(tree->pool);
	free(tree);
}

static struct tl_tree *tree_new(const char *what, const char *text, size_t len)
{
	struct tl_tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return NULL;
	tree->refs = 1;
	tree->len = len;
	tree->what = strdup(what);
	tree->text = strdup(text);
	tree->pool = malloc(len + 1);
	if (tree->what && tree->text && tree->pool)
		return tree;
	tl_tree_drop(tree);
	return NULL;
}

/* Counts the operands of the `and`s below a node, and puts those down for which there is room. */
static size_t split(struct tl_tree *tree, int node, struct tl_expr *clauses, size_t n)
{
	if (tree->nodes[node].op == TL_OP_AND) {
		n = split(tree, tree->nodes[node].a, clauses, n);
		return split(tree, tree->nodes[node].b, clauses, n);
	}
	if (clauses)
		clauses[n] = (struct tl_expr){ .tree = tree, .root = node, .n_clauses = 1 };
	return n + 1;
}

static int expr_new(struct tl_tree *tree, int root, struct tl_expr **out)
{
	struct tl_expr *expr = calloc(1, sizeof(*expr));

	if (!expr)
		return -ENOMEM;
	expr->tree = tree;
	expr->root = root;
	expr->n_clauses = split(tree, root, NULL, 0);
	expr->clauses = calloc(expr->n_clauses, sizeof(*expr->clauses));
	if (!expr->clauses) {
		free(expr);
		return -ENOMEM;
	}
	split(tree, root, expr->clauses, 0);
	*out = expr;
	return 0;
}

int tl_expr_parse(const char *what, const char *text, struct tl_expr **expr, struct tl_error *err)
{
	size_t len = strlen(text);
	struct tl_tree *tree;
	int root;

	if (len > TL_EXPR_TEXT)
		return tl_fail(err, -EINVAL, "%.64s: an expression of %zu bytes; it can have %d", what, len, TL_EXPR_TEXT);
	tree = tree_new(what, text, len);
	if (!tree)
		return tl_fail(err, -ENOMEM, "%.64s: no memory for an expression", what);
	root = tl_tree_parse(tree, err);
	if (root >= 0 && expr_new(tree, root, expr) == 0)
		return 0;
	tl_tree_drop(tree);
	return root < 0 ? -EINVAL : tl_fail(err, -ENOMEM, "%.64s: no memory for an expression", what);
}

void tl_expr_free(struct tl_expr *expr)
{
	if (!expr)
		return;
	tl_tree_drop(expr->tree);
	free(expr->clauses);
	free(expr);
}

size_t tl_expr_n_clauses(const struct tl_expr *expr)
{
	return expr->n_clauses;
}

const struct tl_expr *tl_expr_clause(const struct tl_expr *expr, size_t i)
{
	return expr->clauses ? &expr->clauses[i] : expr;
}

const char *tl_expr_text(const struct tl_expr *expr, size_t *len)
{
	const struct tl_node *root = &expr->tree->nodes[expr->root];

	*len = (size_t)(root->end - root->begin);
	return expr->tree->text + root->begin;
}

bool tl_name_is(const struct tl_node *node, const char *name)
{
	return strlen(name) == node->len && memcmp(name, node->string, node->len) == 0;
}

static bool names_field(const struct tl_node *node, const struct tl_event *event)
{
	for (size_t i = 0; i < event->n_fields; i++) {
		if (tl_name_is(node, event->fields[i].name))
			return true;
	}
	return false;
}

static bool knows(const struct tl_tree *tree, int at, const struct tl_event *event)
{
	const struct tl_node *node;

	if (at < 0)
		return false;
	node = &tree->nodes[at];
	if (node->op == TL_OP_NAME && names_field(node, event))
		return true;
	return knows(tree, node->a, event) || knows(tree, node->b, event) || knows(tree, node->next, event);
}

bool tl_expr_knows(const struct tl_expr *expr, const struct tl_event *event)
{
	return knows(expr->tree, expr->root, event);
}
