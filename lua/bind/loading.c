/* SPDX-License-Identifier: MIT */
/*
 * loading.c: tells a function how far the loading of programs is. What it raises ends the loading, and is raised when
 * the core has returned.
 */
#include "bind.h"

/* Of a session at index 1. The first one counts. */
static void keep_error(lua_State *L, struct tl_lua_session *s)
{
	if (s->loading_failed)
		lua_pop(L, 1);
	else
		lua_setiuservalue(L, 1, TL_SESSION_LOADING_ERROR);
	s->loading_failed = true;
}

bool tl_lua_on_loading(void *arg, size_t done, size_t total)
{
	struct tl_lua_session *s = arg;
	lua_State *L = s->loader;
	bool go_on;

	if (!L)
		return true;
	if (s->loading_failed && done < total)
		return false;
	lua_getiuservalue(L, 1, TL_SESSION_LOADING);
	lua_pushinteger(L, (lua_Integer)done);
	lua_pushinteger(L, (lua_Integer)total);
	if (lua_pcall(L, 2, 1, 0)) {
		keep_error(L, s);
		return false;
	}
	go_on = lua_isnil(L, -1) || lua_toboolean(L, -1);
	lua_pop(L, 1);
	return go_on;
}

/* From here on this thread may be told. The session is at index 1. */
void tl_lua_loading_begin(lua_State *L, struct tl_lua_session *s)
{
	if (lua_getiuservalue(L, 1, TL_SESSION_LOADING) == LUA_TFUNCTION && lua_checkstack(L, LUA_MINSTACK))
		s->loader = L;
	lua_pop(L, 1);
}

void tl_lua_loading_end(lua_State *L, struct tl_lua_session *s)
{
	s->loader = NULL;
	if (!s->loading_failed)
		return;
	s->loading_failed = false;
	lua_getiuservalue(L, 1, TL_SESSION_LOADING_ERROR);
	lua_pushnil(L);
	lua_setiuservalue(L, 1, TL_SESSION_LOADING_ERROR);
	lua_error(L);
}

/* Keeps the option `loading` with the session on top; what it is told comes through there. */
void tl_lua_loading_keep(lua_State *L, struct tl_open_opts *opts, struct tl_lua_session *s)
{
	int type = lua_isnil(L, 1) ? LUA_TNIL : lua_getfield(L, 1, "loading");

	if (lua_isnil(L, 1))
		return;
	if (type != LUA_TNIL && type != LUA_TFUNCTION)
		luaL_argerror(L, 1, lua_pushfstring(L, "loading: function expected, got %s", lua_typename(L, type)));
	lua_setiuservalue(L, -2, TL_SESSION_LOADING);
	opts->loading = type == LUA_TFUNCTION ? tl_lua_on_loading : NULL;
	opts->loading_arg = s;
}
