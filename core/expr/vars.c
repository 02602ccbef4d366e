/* SPDX-License-Identifier: MIT */
/*
 * vars.c: numbers and strings of variables lie in memory that programs read. A number is one aligned
 * word; of a string there are two, and one word that says which is meant, so that none is seen half written.
 */
#include "expr/vars.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "common/nearest.h"
#include "expr/set.h"

#define NAME_MAX_LEN	64
#define NAMES_MAX	256	/* that are looked through for one that is near */

struct tl_vars {
	char *memory;
	size_t used;
	bool in_kernel;
	bool bound;		/* an expression uses one of them: names that come now are misspelt */
	struct tl_var *first, **last;
};

int tl_vars_new(struct tl_vars **out, void *memory, bool in_kernel, struct tl_error *err)
{
	struct tl_vars *vars = calloc(1, sizeof(*vars));

	if (!vars)
		return tl_fail(err, -ENOMEM, "no memory for variables");
	vars->memory = memory;
	vars->in_kernel = in_kernel;
	vars->last = &vars->first;
	*out = vars;
	return 0;
}

static void var_free(struct tl_var *var)
{
	tl_set_free(&var->set);
	tl_set_free(&var->nets);
	free(var->name);
	free(var);
}

void tl_vars_free(struct tl_vars *vars)
{
	struct tl_var *next;

	if (!vars)
		return;
	for (struct tl_var *var = vars->first; var; var = next) {
		next = var->next;
		var_free(var);
	}
	free(vars);
}

struct tl_var *tl_vars_find(const struct tl_vars *vars, const char *name)
{
	struct tl_var *var = vars ? vars->first : NULL;

	while (var && strcmp(var->name, name) != 0)
		var = var->next;
	return var;
}

size_t tl_vars_names(const struct tl_vars *vars, const char **names, size_t max)
{
	size_t n = 0;

	for (struct tl_var *var = vars ? vars->first : NULL; var && n < max; var = var->next)
		names[n++] = var->name;
	return n;
}

/* ---- names and places ------------------------------------------------------------------------------- */

static const char *const keywords[] = {
	"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local",
	"nil", "not", "or", "repeat", "return", "then", "true", "until", "while", "starts", "ends", "contains", "has",
};

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool name_ok(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MAX_LEN || !letter(name[0]))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!letter(name[i]) && !(name[i] >= '0' && name[i] <= '9'))
			return false;
	}
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (strcmp(name, keywords[i]) == 0)
			return false;
	}
	return true;
}

static const char *kind_name(enum tl_var_kind kind)
{
	static const char *const names[] = { "a number", "a string", "a set of numbers", "a set of strings" };

	return names[kind];
}

static int unknown(const struct tl_vars *vars, const char *name, struct tl_error *err)
{
	const char *names[NAMES_MAX], *near;

	near = tl_nearest(name, names, tl_vars_names(vars, names, NAMES_MAX));
	return tl_fail(err, -ENOENT, near ? "no variable '%s'; did you mean '%s'?" : "no variable '%s'", name, near);
}

static size_t room_of(enum tl_var_kind kind)
{
	return kind == TL_VAR_INT ? sizeof(uint64_t) : kind == TL_VAR_STR ? sizeof(struct tl_var_string) : 0;
}

static int add(struct tl_vars *vars, const char *name, enum tl_var_kind kind, struct tl_var **out,
	       struct tl_error *err)
{
	struct tl_var *var;

	if (vars->bound)
		return unknown(vars, name, err);
	if (!name_ok(name))
		return tl_fail(err, -EINVAL, "'%.*s' is no name for a variable", NAME_MAX_LEN, name);
	if (vars->used + room_of(kind) > TL_VARS_BYTES)
		return tl_fail(err, -E2BIG, "'%s': variables may take %d bytes together", name, TL_VARS_BYTES);
	var = calloc(1, sizeof(*var));
	if (!var || !(var->name = strdup(name))) {
		free(var);
		return tl_fail(err, -ENOMEM, "'%s': no memory for a variable", name);
	}
	var->kind = kind;
	var->vars = vars;
	var->offset = (int)vars->used;
	var->at = vars->memory + vars->used;
	memset(var->at, 0, room_of(kind));
	var->set = (struct tl_set){ .kind = kind == TL_VAR_INTS ? TL_SET_INTS : TL_SET_STRINGS, .fd = -1 };
	var->nets = (struct tl_set){ .kind = TL_SET_NETS, .fd = -1 };
	var->are_nets = kind == TL_VAR_STRINGS;
	vars->used += room_of(kind);
	*vars->last = var;
	vars->last = &var->next;
	*out = var;
	return 0;
}

/* The variable of that name and kind, made if it is new and may be. */
static int get(struct tl_vars *vars, const char *name, enum tl_var_kind kind, struct tl_var **out,
	       struct tl_error *err)
{
	struct tl_var *var = tl_vars_find(vars, name);

	if (!var)
		return add(vars, name, kind, out, err);
	if (var->kind != kind)
		return tl_fail(err, -EINVAL, "'%s' is %s and stays so", name, kind_name(var->kind));
	*out = var;
	return 0;
}

/* ---- values ----------------------------------------------------------------------------------------- */

int tl_vars_set_int(struct tl_vars *vars, const char *name, int64_t value, struct tl_error *err)
{
	struct tl_var *var;
	int ret = get(vars, name, TL_VAR_INT, &var, err);

	if (!ret)
		__atomic_store_n((int64_t *)var->at, value, __ATOMIC_RELEASE);
	return ret;
}

static int check_length(const char *name, size_t len, struct tl_error *err)
{
	if (len > TL_VAR_STRING)
		return tl_fail(err, -EINVAL, "'%s': a string of %zu bytes; a variable's has at most %d", name, len,
			       TL_VAR_STRING);
	return 0;
}

int tl_vars_set_string(struct tl_vars *vars, const char *name, const char *value, size_t len, struct tl_error *err)
{
	int ret = check_length(name, len, err);
	struct tl_var_string *string;
	struct tl_set_string *other;
	struct tl_var *var;

	if (!ret)
		ret = get(vars, name, TL_VAR_STR, &var, err);
	if (ret)
		return ret;
	string = var->at;
	other = &string->strings[!(string->which & 1)];
	memset(other->bytes, 0, sizeof(other->bytes));
	if (len)
		memcpy(other->bytes, value, len);
	other->len = len;
	__atomic_store_n(&string->which, !(string->which & 1), __ATOMIC_RELEASE);
	return 0;
}

static int check_count(const char *name, size_t n, struct tl_error *err)
{
	if (n > TL_SET_MAX)
		return tl_fail(err, -EINVAL, "'%s': a set of %zu; it can have %d elements", name, n, TL_SET_MAX);
	return 0;
}

static void *keys_new(size_t n, enum tl_set_kind kind)
{
	return calloc(n ? n : 1, tl_set_key_size(kind));
}

int tl_vars_set_ints(struct tl_vars *vars, const char *name, const int64_t *values, size_t n, struct tl_error *err)
{
	int ret = check_count(name, n, err);
	struct tl_var *var;
	void *keys;

	if (!ret)
		ret = get(vars, name, TL_VAR_INTS, &var, err);
	if (ret)
		return ret;
	keys = keys_new(n, TL_SET_INTS);
	if (!keys)
		return tl_fail(err, -ENOMEM, "'%s': no memory for a set", name);
	if (n)
		memcpy(keys, values, n * sizeof(*values));
	return tl_set_replace(&var->set, keys, n, err);
}

static struct tl_set_string *strings_of(const char *const *values, size_t n)
{
	struct tl_set_string *keys = keys_new(n, TL_SET_STRINGS);

	for (size_t i = 0; keys && i < n; i++) {
		keys[i].len = strlen(values[i]);
		memcpy(keys[i].bytes, values[i], keys[i].len);
	}
	return keys;
}

/* Fills keys as long as all are addresses. Returns the first that is none, or NULL. */
static const char *nets_of(const char *const *values, size_t n, struct tl_net *keys)
{
	for (size_t i = 0; i < n; i++) {
		if (!tl_net_parse(values[i], strlen(values[i]), &keys[i]))
			return values[i];
	}
	return NULL;
}

static int replace_nets(struct tl_var *var, struct tl_net *nets, size_t n, bool are_nets, struct tl_error *err)
{
	if (are_nets) {
		var->are_nets = true;
		return tl_set_replace(&var->nets, nets, n, err);
	}
	free(nets);
	var->are_nets = false;
	tl_set_free(&var->nets);
	return 0;
}

int tl_vars_set_strings(struct tl_vars *vars, const char *name, const char *const *values, size_t n,
			struct tl_error *err)
{
	struct tl_set_string *strings = NULL;
	int ret = check_count(name, n, err);
	struct tl_net *nets = NULL;
	const char *no_net = NULL;
	struct tl_var *var;

	for (size_t i = 0; i < n && !ret; i++)
		ret = check_length(name, strlen(values[i]), err);
	if (!ret)
		ret = get(vars, name, TL_VAR_STRINGS, &var, err);
	if (ret)
		return ret;
	strings = strings_of(values, n);
	nets = keys_new(n, TL_SET_NETS);
	if (!strings || !nets)
		ret = tl_fail(err, -ENOMEM, "'%s': no memory for a set", name);
	else if ((no_net = nets_of(values, n, nets)) && var->used_as_nets)
		ret = tl_fail(err, -EINVAL, "'%s': '%s' is no address", name, no_net);
	if (ret) {
		free(strings);
		free(nets);
		return ret;
	}
	ret = replace_nets(var, nets, n, !no_net, err);
	if (ret)
		free(strings);
	else
		ret = tl_set_replace(&var->set, strings, n, err);
	return ret;
}

int tl_var_use(struct tl_var *var, enum tl_set_kind kind, struct tl_error *err)
{
	struct tl_set *set = kind == TL_SET_NETS ? &var->nets : &var->set;

	if (kind == TL_SET_NETS && !var->are_nets)
		return tl_fail(err, -EINVAL, "'%s' has strings that are no addresses", var->name);
	if (kind == TL_SET_NETS)
		var->used_as_nets = true;
	var->vars->bound = true;
	return var->vars->in_kernel && var->kind >= TL_VAR_INTS ? tl_set_to_kernel(set, err) : 0;
}
