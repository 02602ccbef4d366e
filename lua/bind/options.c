/* SPDX-License-Identifier: MIT */
/*
 * options.c: tables of options. What is returned lives in a userdata that stays on the stack, and
 * points to strings of the table; both live as long as the caller's frame.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bind.h"

static bool is_known(const char *name, const char *const known[])
{
	for (size_t i = 0; known[i]; i++) {
		if (strcmp(known[i], name) == 0)
			return true;
	}
	return false;
}

/* Raises at the first key that is not among the known ones. */
void tl_lua_check_options(lua_State *L, int arg, const char *const known[])
{
	luaL_checktype(L, arg, LUA_TTABLE);
	lua_pushnil(L);
	while (lua_next(L, arg)) {
		lua_pop(L, 1);
		if (lua_type(L, -1) != LUA_TSTRING || !is_known(lua_tostring(L, -1), known)) {
			const char *name = luaL_tolstring(L, -1, NULL);

			luaL_argerror(L, arg, lua_pushfstring(L, "no option '%s'", name));
		}
	}
}

/* Pushes the i-th string of the list on top and pops it: the list keeps it. */
static const char *list_string(lua_State *L, int arg, const char *name, lua_Integer i)
{
	const char *text;

	if (lua_geti(L, -1, i) != LUA_TSTRING)
		luaL_argerror(L, arg, lua_pushfstring(L, "%s[%I]: string expected, got %s", name,
						      (LUAI_UACINT)i, luaL_typename(L, -1)));
	text = lua_tostring(L, -1);
	lua_pop(L, 1);
	return text;
}

/* A list of strings, ended by NULL; a single string is a list of one. NULL: the option is not there. */
const char **tl_lua_opt_strings(lua_State *L, int arg, const char *name)
{
	int type = lua_getfield(L, arg, name);
	lua_Integer n = 1;
	const char **list;

	if (type == LUA_TNIL)
		return NULL;
	if (type != LUA_TSTRING && type != LUA_TTABLE)
		luaL_argerror(L, arg, lua_pushfstring(L, "%s: list of strings expected, got %s", name,
						      luaL_typename(L, -1)));
	if (type == LUA_TTABLE)
		n = luaL_len(L, -1);
	list = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof(*list), 0);
	lua_insert(L, -2);	/* userdata value */
	for (lua_Integer i = 0; i < n; i++)
		list[i] = type == LUA_TTABLE ? list_string(L, arg, name, i + 1) : lua_tostring(L, -1);
	list[n] = NULL;
	return list;
}

bool tl_lua_opt_bool(lua_State *L, int arg, const char *name)
{
	int type = lua_getfield(L, arg, name);
	bool value = lua_toboolean(L, -1);

	if (type != LUA_TNIL && type != LUA_TBOOLEAN)
		luaL_argerror(L, arg, lua_pushfstring(L, "%s: boolean expected, got %s", name,
						      luaL_typename(L, -1)));
	lua_pop(L, 1);
	return value;
}

/* The option `pids`. NULL: it is not there. */
int *tl_lua_opt_pids(lua_State *L, int arg, size_t *count)
{
	int type = lua_getfield(L, arg, "pids");
	lua_Integer n;
	int *pids;

	*count = 0;
	if (type == LUA_TNIL)
		return NULL;
	if (type != LUA_TTABLE)
		luaL_argerror(L, arg, lua_pushfstring(L, "pids: list expected, got %s",
						      luaL_typename(L, -1)));
	n = luaL_len(L, -1);
	pids = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof(*pids), 0);
	lua_insert(L, -2);	/* userdata list */
	for (lua_Integer i = 0; i < n; i++) {
		int is_integer;
		lua_Integer pid;

		lua_geti(L, -1, i + 1);
		pid = lua_tointegerx(L, -1, &is_integer);
		if (!is_integer || pid < 1 || pid > INT_MAX)
			luaL_argerror(L, arg, lua_pushfstring(L, "pids[%I]: '%s' is no process id",
							      (LUAI_UACINT)(i + 1),
							      luaL_tolstring(L, -1, NULL)));
		pids[i] = (int)pid;
		lua_pop(L, 1);
	}
	*count = (size_t)n;
	return pids;
}

/* Bytes of "16M", "512K", "1G" or "4096"; 0 if it is no size. */
static size_t parse_size(const char *text)
{
	static const char units[] = "KMGT";
	char *end;
	unsigned long long number = strtoull(text, &end, 10);
	unsigned int shift = 0;

	if (end == text || *text == '-')
		return 0;
	if (*end) {
		const char *unit = strchr(units, *end & ~0x20);	/* in upper case */

		if (!unit || end[1])
			return 0;
		shift = 10 * (unsigned int)(unit - units + 1);
	}
	return number <= SIZE_MAX >> shift ? (size_t)number << shift : 0;
}

/* A size in bytes: a number, or a text as above. 0: the option is not there. */
size_t tl_lua_opt_size(lua_State *L, int arg, const char *name)
{
	int type = lua_getfield(L, arg, name);
	size_t size = 0;

	if (type == LUA_TNIL) {
		lua_pop(L, 1);
		return 0;
	}
	if (type == LUA_TSTRING)
		size = parse_size(lua_tostring(L, -1));
	else if (lua_isinteger(L, -1) && lua_tointeger(L, -1) > 0)
		size = (size_t)lua_tointeger(L, -1);
	if (size == 0)
		luaL_argerror(L, arg, lua_pushfstring(L, "%s: '%s' is no size; write it as 4096, 512K or 16M",
						      name, luaL_tolstring(L, -1, NULL)));
	lua_pop(L, 1);
	return size;
}
