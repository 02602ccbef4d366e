/* SPDX-License-Identifier: MIT */
/*
 * expr_tree.h: what the files of the expression language share: the tree of a text, and the typed tree
 * that is made of it for one event.
 */
#ifndef TL_EXPR_TREE_H
#define TL_EXPR_TREE_H

#include <stdarg.h>

#include "catalogue/constants.h"
#include "expr/expr.h"
#include "expr/set.h"
#include "tl_abi.h"

#define TL_EXPR_TEXT	4096	/* bytes of a text */
#define TL_EXPR_NODES	512
#define TL_EXPR_DEPTH	64	/* of parentheses, calls and unary operators in each other */

#define TL_EMIT_STRING	64	/* bytes of a literal that the kernel side compares */
#define TL_CONTAINS_MAX	128	/* bytes of a string that contains() looks at; of a path it looks at all */
#define TL_EMIT_NEEDLE	16	/* bytes that it can look for in the kernel */

/* ---- text ------------------------------------------------------------------------------------------ */

enum tl_token {
	TL_TOKEN_END, TL_TOKEN_NUMBER, TL_TOKEN_STRING, TL_TOKEN_NAME,
	TL_TOKEN_AND, TL_TOKEN_OR, TL_TOKEN_NOT, TL_TOKEN_IN, TL_TOKEN_TRUE, TL_TOKEN_FALSE, TL_TOKEN_NIL,
	TL_TOKEN_EQ, TL_TOKEN_NE, TL_TOKEN_LT, TL_TOKEN_LE, TL_TOKEN_GT, TL_TOKEN_GE,
	TL_TOKEN_SHL, TL_TOKEN_SHR, TL_TOKEN_IDIV,
	TL_TOKEN_CHAR,		/* a letter of its own: + - * % & | ~ ( ) { } , */
};

struct tl_lexer {
	const char *what;	/* before messages */
	const char *text;
	size_t len, at;
	char *pool;		/* bytes of string literals go here; as long as the text is enough */
	size_t used;
	struct tl_error *err;
	/* the token in hand */
	enum tl_token token;
	size_t begin, end;	/* where it is in the text */
	char c;			/* TL_TOKEN_CHAR */
	int64_t number;
	const char *string;
	size_t string_len;
};

/* Takes the next token. -EINVAL: none can be made of what is there. */
int tl_lexer_next(struct tl_lexer *lexer);

/* A number at `at`, up to `end`. NULL, or why it is none. */
const char *tl_number_parse(const char *at, const char *end, int64_t *number);

/* ---- the tree of a text --------------------------------------------------------------------------------- */

enum tl_op {
	/* leaves */
	TL_OP_INT, TL_OP_STRING, TL_OP_BOOL, TL_OP_NIL,
	TL_OP_NAME,		/* only before binding */
	TL_OP_ERRNO, TL_OP_NET,	/* from here only after it */
	TL_OP_FIELD, TL_OP_VAR,
	TL_OP_MISSING,		/* a field that this event does not have */
	/* numbers */
	TL_OP_ADD, TL_OP_SUB, TL_OP_MUL, TL_OP_DIV, TL_OP_MOD,
	TL_OP_BAND, TL_OP_BOR, TL_OP_XOR, TL_OP_SHL, TL_OP_SHR,
	TL_OP_NEG, TL_OP_BNOT,
	/* true or false */
	TL_OP_AND, TL_OP_OR, TL_OP_NOT,
	TL_OP_EQ, TL_OP_NE, TL_OP_LT, TL_OP_LE, TL_OP_GT, TL_OP_GE,	/* bound: EQ, LT and LE alone */
	TL_OP_IN,
	TL_OP_STARTS, TL_OP_ENDS, TL_OP_CONTAINS, TL_OP_HAS,
	TL_OP_IS_NIL,		/* bound: a is a field */
};

/* Nodes name each other by their number; -1: none. */
struct tl_node {
	enum tl_op op;
	int a, b;		/* operands; IN: b is the first element of a list, or a name (number: 1) */
	int next;		/* element of a list: the next one */
	uint16_t begin, end;	/* in the text */
	uint16_t at;		/* the operator's place; leaves: begin */
	int64_t number;
	const char *string;	/* TL_OP_STRING and TL_OP_NAME: not NUL-terminated */
	size_t len;
};

struct tl_tree {
	unsigned int refs;
	char *what, *text;
	size_t len;
	char *pool;
	struct tl_node nodes[TL_EXPR_NODES];
	int n;
};

struct tl_expr {
	struct tl_tree *tree;
	int root;
	struct tl_expr *clauses;	/* of a clause: none, it is its own */
	size_t n_clauses;
};

/* The number of the root, or -1 with the error told. */
int tl_tree_parse(struct tl_tree *tree, struct tl_error *err);
void tl_tree_drop(struct tl_tree *tree);

/* Fills err with the message, the line and a caret under the byte `at` of the text; returns code. */
int tl_expr_refuse(const char *what, const char *text, size_t len, size_t at, struct tl_error *err, int code,
		   const char *fmt, ...) __attribute__((format(printf, 7, 8)));

/* ---- the typed tree of one event ------------------------------------------------------------------------ */

#define TL_EXPR_NIL	((enum tl_expr_type)(TL_EXPR_ERRNO + 1))	/* only while binding */
#define TL_EXPR_OTHER	((enum tl_expr_type)(TL_EXPR_ERRNO + 2))	/* lists, arrays, addresses of sockets */

struct tl_bnode {
	enum tl_op op;
	enum tl_expr_type type;
	int a, b, next;
	uint16_t at;			/* in the text, for messages */
	bool b_first;			/* b is evaluated before a: it needs more room */
	uint8_t room;			/* places on the stack that it needs */
	int64_t number;
	const char *string;		/* TL_OP_STRING */
	size_t len;
	const struct tl_field *field;
	struct tl_var *var;
	struct tl_net net;
};

struct tl_bound {
	struct tl_tree *tree;
	const struct tl_event *event;
	struct tl_bnode *nodes;
	int n, room, root;
	uint64_t fields;
	char *copy;			/* of a path while another one is read; NULL if no two are compared */
};

static inline const struct tl_bnode *tl_bnode(const struct tl_bound *bound, int i)
{
	return &bound->nodes[i];
}

/* What binding works on. */
struct tl_binder {
	const struct tl_expr *expr;
	const struct tl_tree *tree;
	const struct tl_event *const *events;
	size_t n, at;
	const struct tl_vars *vars;
	struct tl_bound *bound;
	struct tl_error *err;
	int code;			/* of the first error */
};

/* Refuses at a node of the text's tree. Returns -1, which stands for no node. */
int tl_bind_refuse(struct tl_binder *b, int node, int code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int tl_bind_refuse_at(struct tl_binder *b, size_t at, int code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* A new node of the typed tree, or -1. */
int tl_bind_node(struct tl_binder *b, struct tl_bnode node);

void tl_bind_text(struct tl_binder *b, int node, char out[44]);

/* expr_bind.c: typed nodes, made of typed nodes; -1 among them gives -1. `at`: the place in the text. */
int tl_bind_bool(struct tl_binder *b, int at, bool value);
int tl_bind_not(struct tl_binder *b, int at, int a);
int tl_bind_unary(struct tl_binder *b, enum tl_op op, enum tl_expr_type type, int at, int a);
int tl_bind_binary(struct tl_binder *b, enum tl_op op, enum tl_expr_type type, int at, int x, int y);
int tl_bind_arith(struct tl_binder *b, enum tl_op op, int at, int x, int y);

/* From here on `node` is one of the text's tree. `hint`: the domain of constants that is meant, or NULL. */
int tl_bind_node_of(struct tl_binder *b, int node, const struct tl_domain *hint);
int tl_bind_condition(struct tl_binder *b, int node);
const char *tl_expr_type_name(enum tl_expr_type type);

/* expr_names.c: what a name is */
int tl_bind_name(struct tl_binder *b, int node, const struct tl_domain *hint);
const struct tl_domain *tl_bind_hint(struct tl_binder *b, int node);
const struct tl_field *tl_bind_find_field(struct tl_binder *b, const char *name, bool *here);
struct tl_var *tl_bind_find_var(struct tl_binder *b, int node);
enum tl_expr_type tl_bind_field_type(struct tl_binder *b, int node);
bool tl_bind_is_constant(struct tl_binder *b, int node);	/* or no name at all */
int tl_bind_constant(struct tl_binder *b, int node, const struct tl_domain *hint, int64_t *number);
int tl_errno_number(const char *name, size_t len);		/* 0: no error is called so */
const struct tl_domain *tl_field_domain(const struct tl_field *field);
bool tl_name_is(const struct tl_node *node, const char *name);

/* expr_check.c, expr_call.c: comparisons, sets and calls give their operands types */
int tl_bind_compare(struct tl_binder *b, int node);
int tl_bind_in(struct tl_binder *b, int node);
int tl_bind_call(struct tl_binder *b, int node);

/* ---- numbers as in Lua --------------------------------------------------------------------------------- */

/* -EDOM: division by zero */
int tl_arith(enum tl_op op, int64_t a, int64_t b, int64_t *out);

/* EQ, STARTS, ENDS or CONTAINS of bytes */
bool tl_string_test(enum tl_op op, const char *s, size_t len, const char *part, size_t n);

#endif
