/* SPDX-License-Identifier: MIT */
/* system.c: the few things of the system that main.lua needs and Lua does not have. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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

/* system.status(path) -> "file" or "folder", whether anybody may write to it | nil if it is neither */
static int status(lua_State *L)
{
	struct stat st;

	if (stat(luaL_checkstring(L, 1), &st) || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))) {
		lua_pushnil(L);
		return 1;
	}
	lua_pushstring(L, S_ISDIR(st.st_mode) ? "folder" : "file");
	lua_pushboolean(L, st.st_mode & S_IWOTH);
	return 2;
}

/* The names in the folder, into a new table. Nothing in here raises but for want of memory. */
static void push_names(lua_State *L, DIR *dir)
{
	lua_newtable(L);
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		if (entry->d_name[0] == '.')
			continue;
		lua_pushstring(L, entry->d_name);
		lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
	}
}

/* system.names(folder) -> the names in it that do not begin with a dot; none if it cannot be read */
static int names(lua_State *L)
{
	DIR *dir = opendir(luaL_checkstring(L, 1));

	if (!dir) {
		lua_newtable(L);
		return 1;
	}
	push_names(L, dir);
	closedir(dir);
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

static const luaL_Reg functions[] = {
	{ "redirect", redirect },
	{ "executable", executable },
	{ "status", status },
	{ "names", names },
	{ "tools", tools },
	{ NULL, NULL }
};

int tl_host_system(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
