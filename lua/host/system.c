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

static bool is_folder(const char *folder, const struct dirent *entry)
{
	char path[PATH_MAX];
	struct stat st;

	if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
		return entry->d_type == DT_DIR;
	snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* system.names(folder) -> what is in it, in no order; names of folders end with a slash */
static int names(lua_State *L)
{
	const char *folder = luaL_checkstring(L, 1);
	DIR *dir = opendir(folder);
	struct dirent *entry;

	lua_newtable(L);
	for (lua_Integer n = 1; dir && (entry = readdir(dir)); n++) {
		lua_pushfstring(L, "%s%s", entry->d_name, is_folder(folder, entry) ? "/" : "");
		lua_rawseti(L, -2, n);
	}
	if (dir)
		closedir(dir);
	return 1;
}

static const luaL_Reg functions[] = {
	{ "names", names },
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
