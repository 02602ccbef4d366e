/* SPDX-License-Identifier: MIT */
/*
 * modules.c: where `require` looks. A tracer runs as root, so the current folder is no place for
 * code: only absolute entries stay in package.path and package.cpath.
 */
#include <lauxlib.h>
#include <string.h>

#include "bind.h"
#include "host.h"

/* The loader of an embedded module: upvalue 1 is its entry. */
static int load_embedded(lua_State *L)
{
	const struct tl_embedded *file = lua_touserdata(L, lua_upvalueindex(1));

	lua_settop(L, 2);
	if (luaL_loadbufferx(L, file->code, file->size, file->path, "b"))
		return lua_error(L);
	lua_pushstring(L, file->name);
	lua_call(L, 1, 1);
	return 1;
}

static const luaL_Reg modules[] = {
	{ "traceleft.core", luaopen_traceleft_core },
	{ "host.system", tl_host_system },
	{ "host.edit", tl_host_edit },
	{ "host.kept", tl_host_kept },
	{ "host.signals", tl_host_signals },
	{ NULL, NULL }
};

static void preload(lua_State *L)
{
	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
	luaL_setfuncs(L, modules, 0);
	for (const struct tl_embedded *file = tl_embedded; file->name; file++) {
		if (file->is_tool)
			continue;
		lua_pushlightuserdata(L, (void *)file);
		lua_pushcclosure(L, load_embedded, 1);
		lua_setfield(L, -2, file->name);
	}
	lua_pop(L, 1);
}

/* Keeps the absolute entries of package[field]; the table `package` is on top. */
static void keep_absolute(lua_State *L, const char *field)
{
	luaL_Buffer kept;
	const char *at;
	size_t n = 0;

	lua_getfield(L, -1, field);
	at = lua_tostring(L, -1);
	luaL_buffinit(L, &kept);
	while (at && *at) {
		size_t len = strcspn(at, ";");

		if (*at == '/') {
			if (n++)
				luaL_addchar(&kept, ';');
			luaL_addlstring(&kept, at, len);
		}
		at += len + (at[len] == ';');
	}
	luaL_pushresult(&kept);		/* package old new */
	lua_setfield(L, -3, field);
	lua_pop(L, 1);
}

void tl_host_modules(lua_State *L)
{
	preload(L);
	lua_getglobal(L, "package");
	keep_absolute(L, "path");
	keep_absolute(L, "cpath");
	lua_pop(L, 1);
}
