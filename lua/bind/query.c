/* SPDX-License-Identifier: MIT */
/*
 * query.c: what subscriptions and aggregates have in common beside their names and targets: `where`, `vars`,
 * `limit`. What is read lives in a userdata that stays on the stack, as in options.c.
 */
#include <string.h>

#include "bind.h"

/* The element i of the list on top as `values` wants it. */
static void read_element(lua_State *L, struct tl_variable *v, const char *name, lua_Integer i, void *values)
{
	bool strings = v->type == TL_VARIABLE_STRS;

	lua_geti(L, -1, i + 1);
	if (strings ? lua_type(L, -1) != LUA_TSTRING : !lua_isinteger(L, -1))
		luaL_error(L, "vars: %s[%I]: %s expected, got %s", name, (LUAI_UACINT)(i + 1),
			   strings ? "string" : "integer", luaL_typename(L, -1));
	if (strings)
		((const char **)values)[i] = lua_tostring(L, -1);	/* the list keeps it */
	else
		((int64_t *)values)[i] = (int64_t)lua_tointeger(L, -1);
	lua_pop(L, 1);
}

/* A set: the list on top, whose first element says of what. Leaves a userdata with the elements below it. */
static void read_set(lua_State *L, struct tl_variable *v, const char *name)
{
	lua_Integer n = luaL_len(L, -1);
	void *values;

	v->type = lua_geti(L, -1, 1) == LUA_TSTRING ? TL_VARIABLE_STRS : TL_VARIABLE_INTS;
	lua_pop(L, 1);
	values = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof(int64_t), 0);
	lua_insert(L, -2);	/* userdata list */
	for (lua_Integer i = 0; i < n; i++)
		read_element(L, v, name, i, values);
	v->len = (size_t)n;
	if (v->type == TL_VARIABLE_STRS)
		v->strings = values;
	else
		v->numbers = values;
}

/* The value on top. It, and what was made of it, must stay on the stack. */
void tl_lua_read_variable(lua_State *L, const char *name, struct tl_variable *v)
{
	*v = (struct tl_variable){ .name = name, .type = TL_VARIABLE_INT };
	switch (lua_type(L, -1)) {
	case LUA_TNUMBER:
		if (!lua_isinteger(L, -1))
			luaL_error(L, "vars: %s: integer expected, got a float", name);
		v->number = (int64_t)lua_tointeger(L, -1);
		break;
	case LUA_TSTRING:
		v->type = TL_VARIABLE_STR;
		v->string = lua_tolstring(L, -1, &v->len);
		break;
	case LUA_TTABLE:
		read_set(L, v, name);
		break;
	default:
		luaL_error(L, "vars: %s: integer, string or list of either expected, got %s", name,
			   luaL_typename(L, -1));
	}
}

static size_t count_pairs(lua_State *L, int index)
{
	size_t n = 0;

	lua_pushnil(L);
	for (; lua_next(L, index); n++) {
		lua_pop(L, 1);
		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_error(L, "vars: names expected, got a %s as a key", luaL_typename(L, -1));
	}
	return n;
}

/* The option `vars`, a list that ends with a NULL name; NULL: it is not there. */
static struct tl_variable *opt_vars(lua_State *L, int arg)
{
	struct tl_variable *vars;
	size_t n = 0;
	int table;

	if (lua_getfield(L, arg, "vars") == LUA_TNIL)
		return NULL;
	luaL_argcheck(L, lua_istable(L, -1), arg, "vars: table expected");
	table = lua_gettop(L);
	n = count_pairs(L, table);
	luaL_checkstack(L, 2 * (int)n + 8, "vars: too many");
	vars = lua_newuserdatauv(L, (n + 1) * sizeof(*vars), 0);
	memset(vars, 0, (n + 1) * sizeof(*vars));
	lua_pushnil(L);
	for (size_t i = 0; lua_next(L, table); i++) {
		int key = lua_gettop(L) - 1;

		tl_lua_read_variable(L, lua_tostring(L, key), &vars[i]);
		lua_rotate(L, key, -1);		/* what was read stays, the key is on top again */
	}
	return vars;
}

static uint64_t opt_number(lua_State *L, int arg, const char *name)
{
	uint64_t number = 0;

	if (lua_getfield(L, arg, name) != LUA_TNIL) {
		if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) <= 0)
			luaL_argerror(L, arg, lua_pushfstring(L, "%s: number of 1 or more expected", name));
		number = (uint64_t)lua_tointeger(L, -1);
	}
	lua_pop(L, 1);
	return number;
}

const char *tl_lua_opt_text(lua_State *L, int arg, const char *name)
{
	int type = lua_getfield(L, arg, name);
	const char *text = type == LUA_TSTRING ? lua_tostring(L, -1) : NULL;

	if (type != LUA_TNIL && type != LUA_TSTRING)
		luaL_argerror(L, arg, lua_pushfstring(L, "%s: string expected, got %s", name, luaL_typename(L, -1)));
	lua_pop(L, 1);		/* the table keeps it */
	return text;
}

void tl_lua_read_query(lua_State *L, int arg, struct tl_subscribe_opts *opts)
{
	opts->where = tl_lua_opt_text(L, arg, "where");
	opts->limit = opt_number(L, arg, "limit");
	opts->limit_ns = opt_number(L, arg, "limit_ns");
	luaL_argcheck(L, !opts->limit == !opts->limit_ns, arg, "limit and limit_ns: give both");
	opts->vars = opt_vars(L, arg);
}
