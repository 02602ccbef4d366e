/* SPDX-License-Identifier: MIT */
/*
 * kept.c: what goes to stdout and stderr is kept instead, by whatever way it goes there, while a line is being
 * edited: whoever shows the line writes it above.
 */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

#define ROOM_MAX	(1 << 20)	/* bytes that are kept between two calls of take() */

static struct {
	char *bytes;
	size_t size, room;
	lua_Integer lost;		/* lines that found no room */
	FILE *file, *out, *err;		/* ours, and those whose place it takes; out is NULL: it does not */
} kept;

static bool make_room(size_t size)
{
	size_t room = kept.room ? kept.room : 4096;
	char *bytes;

	if (size > ROOM_MAX)
		return false;
	while (room < size)
		room *= 2;
	bytes = room > kept.room ? realloc(kept.bytes, room) : kept.bytes;
	if (!bytes)
		return false;
	kept.bytes = bytes;
	kept.room = room;
	return true;
}

/* What finds no room is counted by its line ends; the line that it cuts ends there. */
static ssize_t keep(void *cookie, const char *bytes, size_t size)
{
	(void)cookie;
	if (make_room(kept.size + size)) {
		memcpy(kept.bytes + kept.size, bytes, size);
		kept.size += size;
		return (ssize_t)size;
	}
	if (kept.size)
		kept.bytes[kept.size - 1] = '\n';
	for (size_t i = 0; i < size; i++)
		kept.lost += bytes[i] == '\n';
	return (ssize_t)size;
}

/* Lua's own handles hold the FILE that they were made with. */
static void replace_handle(lua_State *L, const char *name, FILE *old, FILE *new)
{
	luaL_Stream *stream;

	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
	lua_getfield(L, -1, LUA_IOLIBNAME);
	if (lua_getfield(L, -1, name) == LUA_TUSERDATA) {
		stream = luaL_testudata(L, -1, LUA_FILEHANDLE);
		if (stream && stream->closef && stream->f == old)
			stream->f = new;
	}
	lua_pop(L, 3);
}

/* kept.begin() */
static int begin(lua_State *L)
{
	static const cookie_io_functions_t functions = { .write = keep };

	if (!kept.file)
		kept.file = fopencookie(NULL, "w", functions);
	if (kept.out || !kept.file)
		return 0;
	fflush(stdout);
	kept.out = stdout;
	kept.err = stderr;
	replace_handle(L, "stdout", stdout, kept.file);
	replace_handle(L, "stderr", stderr, kept.file);
	stdout = kept.file;
	stderr = kept.file;
	return 0;
}

/* kept.take() -> what came since the last call, how many lines found no room */
static int take(lua_State *L)
{
	if (kept.file)
		fflush(kept.file);
	lua_pushlstring(L, kept.bytes ? kept.bytes : "", kept.size);
	lua_pushinteger(L, kept.lost);
	kept.size = 0;
	kept.lost = 0;
	return 2;
}

/* kept.finish(): everything goes where it went before */
static int finish(lua_State *L)
{
	if (!kept.out)
		return 0;
	fflush(kept.file);
	stdout = kept.out;
	stderr = kept.err;
	replace_handle(L, "stdout", kept.file, kept.out);
	replace_handle(L, "stderr", kept.file, kept.err);
	kept.out = NULL;
	return 0;
}

static const luaL_Reg functions[] = {
	{ "begin", begin },
	{ "take", take },
	{ "finish", finish },
	{ NULL, NULL }
};

int tl_host_kept(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
