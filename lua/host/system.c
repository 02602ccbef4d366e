/* SPDX-License-Identifier: MIT */
/* system.c: the few things of the system that main.lua needs and Lua does not have. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <lauxlib.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

/* system.redirect(path) -> true | nil, message: what goes to stdout goes to the file from now on */
static int redirect(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0) {
		int number = errno;

		if (fd >= 0)
			close(fd);
		lua_pushnil(L);
		lua_pushfstring(L, "%s: %s", path, strerror(number));
		return 2;
	}
	if (fd != STDOUT_FILENO)
		close(fd);
	setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	lua_pushboolean(L, 1);
	return 1;
}

/* system.executable() -> path of this program, nil if unknown */
static int executable(lua_State *L)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	if (len > 0)
		lua_pushlstring(L, path, (size_t)len);
	else
		lua_pushnil(L);
	return 1;
}

/* system.tools() -> { name = { code, path } } of the embedded tools */
static int tools(lua_State *L)
{
	lua_newtable(L);
	for (const struct tl_embedded *file = tl_embedded; file->name; file++) {
		if (!file->is_tool)
			continue;
		lua_createtable(L, 0, 2);
		lua_pushlstring(L, file->code, file->size);
		lua_setfield(L, -2, "code");
		lua_pushstring(L, file->path);
		lua_setfield(L, -2, "path");
		lua_setfield(L, -2, file->name);
	}
	return 1;
}

/* system.glob(pattern) -> paths that match, sorted; those of folders end with a slash */
static int glob_paths(lua_State *L)
{
	glob_t found = { 0 };

	lua_newtable(L);
	if (glob(luaL_checkstring(L, 1), GLOB_MARK, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			lua_pushstring(L, found.gl_pathv[i]);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
	}
	globfree(&found);
	return 1;
}

static const luaL_Reg functions[] = {
	{ "glob", glob_paths },
	{ "redirect", redirect },
	{ "executable", executable },
	{ "tools", tools },
	{ NULL, NULL }
};

int tl_host_system(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
