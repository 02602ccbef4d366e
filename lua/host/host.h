/* SPDX-License-Identifier: MIT */
/* host.h: what the files of the program `traceleft-lua` share. */
#ifndef TL_HOST_H
#define TL_HOST_H

#include <lua.h>
#include <stddef.h>

/* A Lua file inside the program; build/gen/embedded_lua.c has the list, embed.lua makes it. */
struct tl_embedded {
	const char *name;	/* of a module "traceleft.json"; of a tool "netwatch" */
	const char *path;	/* for messages: "lua/traceleft/json.lua" */
	const char *code;	/* compiled */
	size_t size;
	int is_tool;
};

extern const struct tl_embedded tl_embedded[];	/* ends with a name of NULL */

/* modules.c: makes `require` find what is embedded, and nothing in the current folder. */
void tl_host_modules(lua_State *L);

/* system.c: the Lua module `host.system`. */
int tl_host_system(lua_State *L);

/* screen.c: the Lua module `traceleft.curses`, for traceleft.screen. */
int tl_host_screen(lua_State *L);

#endif
