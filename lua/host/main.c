/* SPDX-License-Identifier: MIT */
/* main.c: the program: makes a Lua state and hands over to main.lua, all of it protected. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "host.h"

#define STDOUT_BUFFER	65536	/* bytes; the library flushes after each batch of events */

static void push_arguments(lua_State *L, int argc, char **argv)
{
	lua_createtable(L, argc, 1);
	for (int i = 0; i < argc; i++) {
		lua_pushstring(L, argv[i]);
		lua_rawseti(L, -2, i);
	}
}

/* (argc, argv) -> exit status */
static int start(lua_State *L)
{
	int argc = (int)lua_tointeger(L, 1);
	char **argv = lua_touserdata(L, 2);

	luaL_checkversion(L);
	luaL_openlibs(L);
	tl_host_modules(L);
	lua_getglobal(L, "require");
	lua_pushliteral(L, "host.main");
	lua_call(L, 1, 1);
	lua_getfield(L, -1, "main");
	push_arguments(L, argc, argv);
	lua_call(L, 1, 1);
	return 1;
}

int main(int argc, char **argv)
{
	lua_State *L = luaL_newstate();
	int status = EXIT_FAILURE;

	if (!L) {
		fputs("traceleft-lua: not enough memory\n", stderr);
		return EXIT_FAILURE;
	}
	signal(SIGPIPE, SIG_IGN);	/* a write that fails says so */
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, NULL, _IOFBF, STDOUT_BUFFER);
	lua_pushcfunction(L, start);
	lua_pushinteger(L, argc);
	lua_pushlightuserdata(L, argv);
	if (lua_pcall(L, 2, 1, 0) == LUA_OK)
		status = (int)lua_tointeger(L, -1);
	else
		fprintf(stderr, "traceleft-lua: %s\n", luaL_tolstring(L, -1, NULL));
	lua_close(L);
	return status;
}
