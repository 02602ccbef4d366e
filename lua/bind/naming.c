/* SPDX-License-Identifier: MIT */
/*
 * naming.c: a Lua function tells what cgroups are called. It is called from within polls and reads, whatever those
 * have on their stacks: so on a thread of its own, where it lies at the bottom.
 */
#include <string.h>

#include "bind.h"

/* The string on top as snprintf writes it; -1: it is none. */
static int copy_text(lua_State *T, int index, char *buf, size_t size)
{
	size_t len = 0, n;
	const char *text = lua_type(T, index) == LUA_TSTRING ? lua_tolstring(T, index, &len) : NULL;

	if (!text)
		return -1;
	n = len < size ? len : size - 1;
	memcpy(buf, text, n);
	buf[n] = '\0';
	return (int)len;
}

/* What the function raises is no name. */
static int tell(void *arg, uint64_t cgroup, enum tl_cgroup_text which, char *buf, size_t size, bool *settled)
{
	lua_State *T = arg;
	int len = -1;

	if (!lua_checkstack(T, LUA_MINSTACK))
		return -1;
	lua_pushvalue(T, 1);
	lua_pushinteger(T, (lua_Integer)cgroup);
	lua_pushinteger(T, (lua_Integer)which + 1);
	if (lua_pcall(T, 2, 2, 0) == LUA_OK) {
		len = copy_text(T, -2, buf, size);
		*settled = lua_toboolean(T, -1);
	}
	lua_settop(T, 1);
	return len;
}

/*
 * session:name_cgroups(fn): fn(id, which) gives a text or nil, and whether that will always be so. which: 1 path,
 * 2 unit, 3 container, 4 its id
 */
int tl_lua_name_cgroups(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	lua_State *T;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	T = lua_newthread(L);
	lua_setiuservalue(L, 1, TL_SESSION_NAMING);
	lua_xmove(L, T, 1);
	tl_session_name_cgroups(s->session, tell, T);
	return 0;
}
