/* SPDX-License-Identifier: MIT */
/* expr_names.c: what a name of an expression is: a field, a variable, a constant; or what it may have been meant to be. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalogue/meaning.h"
#include "common/nearest.h"
#include "expr/expr_tree.h"

#define NAME_LEN	64	/* no name that stands for something is longer */

/* Numbers with names that no table of the battery has. */
static const struct tl_constant others[] = {
	{ "AT_FDCWD", (uint64_t)AT_FDCWD }, { "O_ACCMODE", O_ACCMODE },
	{ "S_IFMT", S_IFMT }, { "S_IFREG", S_IFREG }, { "S_IFDIR", S_IFDIR }, { "S_IFLNK", S_IFLNK },
	{ "S_IFCHR", S_IFCHR }, { "S_IFBLK", S_IFBLK }, { "S_IFIFO", S_IFIFO }, { "S_IFSOCK", S_IFSOCK },
	{ "S_ISUID", S_ISUID }, { "S_ISGID", S_ISGID }, { "S_ISVTX", S_ISVTX },
	/* second names of errors */
	{ "EWOULDBLOCK", EWOULDBLOCK }, { "ENOTSUP", ENOTSUP }, { "EDEADLOCK", EDEADLOCK },
};

#define N_OTHERS	(sizeof(others) / sizeof(*others))

static bool same(const char *name, const char *word, size_t len)
{
	return strncmp(name, word, len) == 0 && name[len] == '\0';
}

static int unnamed_errno(const char *name, size_t len)
{
	int number = 0;

	if (len < 2 || len > 5 || name[0] != 'E' || name[1] == '0')
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		number = number * 10 + (name[i] - '0');
	}
	return number <= TL_ERRNO_MAX && !tl_errno_name(number) ? number : 0;
}

/* Also "E4000", as errors without a name are shown. */
int tl_errno_number(const char *name, size_t len)
{
	if (len == 0 || name[0] != 'E')
		return 0;
	for (size_t i = 0; i < N_OTHERS; i++) {
		if (others[i].name[0] == 'E' && same(others[i].name, name, len))
			return (int)others[i].value;
	}
	for (int number = 1; number < 600; number++) {
		const char *known = tl_errno_name(number);

		if (known && same(known, name, len))
			return number;
	}
	return unnamed_errno(name, len);
}

/* ---- fields ----------------------------------------------------------------------------------------- */

static const char *name_of(const struct tl_node *node, char word[NAME_LEN + 1])
{
	size_t len = node->len < NAME_LEN ? node->len : NAME_LEN;

	memcpy(word, node->string, len);
	word[len] = '\0';
	return word;
}

/* The field of the event in hand, else that of another one of the list. */
const struct tl_field *tl_bind_find_field(struct tl_binder *b, const char *name, bool *here)
{
	const struct tl_field *field = tl_event_field(b->events[b->at], name);

	*here = field;
	for (size_t i = 0; i < b->n && !field; i++)
		field = tl_event_field(b->events[i], name);
	return field;
}

static enum tl_expr_type type_of(const struct tl_field *field)
{
	switch (field->type) {
	case TL_TYPE_BOOL:
		return TL_EXPR_BOOL;
	case TL_TYPE_ERROR:
		return TL_EXPR_ERRNO;
	case TL_TYPE_COMM:
	case TL_TYPE_STR:
	case TL_TYPE_BYTES:
	case TL_TYPE_PATH:
	case TL_TYPE_FILE:
	case TL_TYPE_EVENT:
		return TL_EXPR_STRING;
	case TL_TYPE_IP:
		return TL_EXPR_IP;
	case TL_TYPE_LIST:
	case TL_TYPE_ARRAY:
	case TL_TYPE_SOCKADDR:
		return TL_EXPR_OTHER;
	default:
		return TL_EXPR_INT;
	}
}

static int bind_field(struct tl_binder *b, int node, const struct tl_field *field, bool here)
{
	struct tl_bnode out = { .op = TL_OP_FIELD, .type = type_of(field), .at = b->tree->nodes[node].begin,
				.field = field };
	const struct tl_event *event = b->events[b->at];

	if (!here || field->number >= TL_FIELDS_MAX) {
		out.op = TL_OP_MISSING;
	} else if (field->type == TL_TYPE_EVENT) {
		out.op = TL_OP_STRING;
		out.string = event->name;
		out.len = strlen(event->name);
	}
	if (here && field->number < TL_FIELDS_MAX)
		b->bound->fields |= TL_BIT(field->number);
	return tl_bind_node(b, out);
}

static int bind_var(struct tl_binder *b, int node, struct tl_var *var)
{
	struct tl_bnode out = { .op = TL_OP_VAR, .at = b->tree->nodes[node].begin, .var = var };

	if (var->kind != TL_VAR_INT && var->kind != TL_VAR_STR)
		return tl_bind_refuse(b, node, -EINVAL, "'%s' is a set: it stands behind 'in' alone", var->name);
	out.type = var->kind == TL_VAR_INT ? TL_EXPR_INT : TL_EXPR_STRING;
	tl_var_use(var, TL_SET_INTS, NULL);
	return tl_bind_node(b, out);
}

/* ---- constants -------------------------------------------------------------------------------------- */

static const struct tl_constant *constant_of(const struct tl_domain *domain, const char *name)
{
	for (size_t i = 0; i < domain->n; i++) {
		if (domain->constants[i].name[0] == name[0] && strcmp(domain->constants[i].name, name) == 0)
			return &domain->constants[i];
	}
	return NULL;
}

const struct tl_domain *tl_field_domain(const struct tl_field *field)
{
	const char *colon = strchr(field->meaning, ':');

	if (!colon || (strncmp(field->meaning, "flags:", 6) != 0 && strncmp(field->meaning, "enum:", 5) != 0))
		return NULL;
	for (size_t i = 0; i < tl_n_domains; i++) {
		if (strcmp(tl_domains[i].name, colon + 1) == 0)
			return tl_domain_named(&tl_domains[i]);
	}
	return NULL;
}

/* The domain of the first field below a node that has one; only through arithmetic. */
const struct tl_domain *tl_bind_hint(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	const struct tl_domain *found = NULL;
	const struct tl_field *field;
	char word[NAME_LEN + 1];
	bool here;

	if (node->op == TL_OP_NAME && node->len <= NAME_LEN) {
		field = tl_bind_find_field(b, name_of(node, word), &here);
		return field ? tl_field_domain(field) : NULL;
	}
	if (node->op < TL_OP_ADD || node->op > TL_OP_BNOT)
		return NULL;
	found = tl_bind_hint(b, node->a);
	return found || node->b < 0 ? found : tl_bind_hint(b, node->b);
}

static int ambiguous(struct tl_binder *b, int node, const char *name, const struct tl_domain *one,
		     const struct tl_domain *two)
{
	return tl_bind_refuse(b, node, -EINVAL, "'%s' is one number among %s and another among %s: compare it with a "
			      "field that has it, or say the number", name, one->name, two->name);
}

/* A name that has one value wherever it is one. 1: found, 0: no such name, -1: told. */
static int find_anywhere(struct tl_binder *b, int node, const char *name, uint64_t *value)
{
	const struct tl_domain *first = NULL;

	for (size_t i = 0; i < tl_n_domains; i++) {
		const struct tl_constant *constant = constant_of(&tl_domains[i], name);

		if (!constant)
			continue;
		if (first && constant->value != *value)
			return ambiguous(b, node, name, first, &tl_domains[i]);
		if (!first)
			first = &tl_domains[i];
		*value = constant->value;
	}
	for (size_t i = 0; i < N_OTHERS && !first; i++) {
		if (strcmp(others[i].name, name) == 0) {
			*value = others[i].value;
			return 1;
		}
	}
	return first != NULL;
}

int tl_bind_constant(struct tl_binder *b, int node, const struct tl_domain *hint, int64_t *number)
{
	char word[NAME_LEN + 1];
	const char *name = name_of(&b->tree->nodes[node], word);
	const struct tl_constant *constant = hint ? constant_of(hint, name) : NULL;
	uint64_t value = 0;
	int found = 1;

	if (constant)
		value = constant->value;
	else
		found = find_anywhere(b, node, name, &value);
	if (found == 0) {
		value = (uint64_t)tl_errno_number(name, strlen(name));
		found = value != 0;
	}
	*number = (int64_t)value;
	return found;
}

/* ---- names that are none ---------------------------------------------------------------------------- */

struct names {
	const char **names;
	size_t n, room;
};

static void add_name(struct names *list, const char *name)
{
	if (list->n < list->room)
		list->names[list->n++] = name;
}

/* Of thousands of constants those that begin alike, or each word that is none would cost milliseconds. */
static void add_constant(struct names *list, const char *name, const char *word)
{
	if ((name[0] | 0x20) == (word[0] | 0x20))
		add_name(list, name);
}

/* A word without capitals and underscores is meant to be no constant. */
static void collect(struct tl_binder *b, struct names *list, const char *word, bool constants)
{
	static const char *const functions[] = { "starts", "ends", "contains", "has" };

	for (size_t i = 0; i < b->n; i++)
		for (size_t k = 0; k < b->events[i]->n_fields; k++)
			add_name(list, b->events[i]->fields[k].name);
	list->n += tl_vars_names(b->vars, list->names + list->n, list->room - list->n);
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		add_name(list, functions[i]);
	if (!constants)
		return;
	for (size_t i = 0; i < tl_n_domains; i++)
		for (size_t k = 0; k < tl_domains[i].n; k++)
			add_constant(list, tl_domains[i].constants[k].name, word);
	for (size_t i = 0; i < N_OTHERS; i++)
		add_constant(list, others[i].name, word);
	for (int number = 1; number < 600; number++)
		if (tl_errno_name(number))
			add_constant(list, tl_errno_name(number), word);
}

static int unknown(struct tl_binder *b, int node, const char *name)
{
	struct names list = { .room = 16384 };
	const char *near = NULL;
	bool constant = true, maybe = false;
	const char *kind;

	for (const char *c = name; *c; c++) {
		constant = constant && !(*c >= 'a' && *c <= 'z');
		maybe = maybe || (*c >= 'A' && *c <= 'Z') || *c == '_';
	}
	kind = constant ? "constant" : "field";
	list.names = calloc(list.room, sizeof(*list.names));
	if (list.names) {
		collect(b, &list, name, maybe);
		near = tl_nearest(name, list.names, list.n);
		free(list.names);
	}
	if (near)
		return tl_bind_refuse(b, node, -ENOENT, "no %s '%s'; did you mean '%s'?", kind, name, near);
	return tl_bind_refuse(b, node, -ENOENT, "no %s '%s'", kind, name);
}

int tl_bind_name(struct tl_binder *b, int i, const struct tl_domain *hint)
{
	const struct tl_node *node = &b->tree->nodes[i];
	const struct tl_field *field;
	struct tl_var *var;
	char word[NAME_LEN + 1];
	const char *name = name_of(node, word);
	int64_t number;
	bool here;
	int found;

	if (node->len > NAME_LEN)
		return tl_bind_refuse(b, i, -ENOENT, "no name is that long");
	field = tl_bind_find_field(b, name, &here);
	var = tl_vars_find(b->vars, name);
	if (field && var)
		return tl_bind_refuse(b, i, -EINVAL, "'%s' is a field and a variable: give the variable another name", name);
	if (field)
		return bind_field(b, i, field, here);
	if (var)
		return bind_var(b, i, var);
	found = tl_bind_constant(b, i, hint, &number);
	if (found > 0)
		return tl_bind_node(b, (struct tl_bnode){ .op = TL_OP_INT, .type = TL_EXPR_INT, .at = node->begin,
							  .number = number });
	return found < 0 ? -1 : unknown(b, i, name);
}

struct tl_var *tl_bind_find_var(struct tl_binder *b, int node)
{
	char word[NAME_LEN + 1];

	return b->tree->nodes[node].len <= NAME_LEN ? tl_vars_find(b->vars, name_of(&b->tree->nodes[node], word)) : NULL;
}

bool tl_bind_is_constant(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	char word[NAME_LEN + 1];
	bool here;

	return node->op == TL_OP_NAME && node->len <= NAME_LEN && !tl_bind_find_var(b, i) &&
	       !tl_bind_find_field(b, name_of(node, word), &here);
}

/* The type of a name that is a field; TL_EXPR_NIL: it is none. */
enum tl_expr_type tl_bind_field_type(struct tl_binder *b, int i)
{
	const struct tl_node *node = &b->tree->nodes[i];
	const struct tl_field *field = NULL;
	char word[NAME_LEN + 1];
	bool here;

	if (node->op == TL_OP_NAME && node->len <= NAME_LEN)
		field = tl_bind_find_field(b, name_of(node, word), &here);
	return field ? type_of(field) : TL_EXPR_NIL;
}
