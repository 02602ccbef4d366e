/* SPDX-License-Identifier: MIT */
/* wait.c: waiting for any of several descriptors: the session's own, and those that a script watches. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

#include "bind.h"

#define WATCHED_MAX	64

/* The descriptors of the list at index 1. Returns their number. */
static size_t read_list(lua_State *L, struct pollfd fds[])
{
	size_t n = lua_rawlen(L, 1);

	luaL_argcheck(L, n <= WATCHED_MAX, 1, "too many descriptors");
	for (size_t i = 0; i < n; i++) {
		lua_rawgeti(L, 1, (lua_Integer)i + 1);
		fds[i] = (struct pollfd){ .fd = (int)luaL_checkinteger(L, -1), .events = POLLIN };
		lua_pop(L, 1);
	}
	return n;
}

/*
 * core.wait({ fd, … }, timeout_ms or -1) -> list of those that can be read, or whose other end is gone
 * | nil, message, name
 */
int tl_lua_wait(lua_State *L)
{
	struct pollfd fds[WATCHED_MAX];
	lua_Integer timeout = luaL_checkinteger(L, 2), found = 0;
	size_t n;

	luaL_checktype(L, 1, LUA_TTABLE);
	n = read_list(L, fds);
	if (timeout > INT_MAX)
		timeout = INT_MAX;
	if (poll(fds, n, timeout < 0 ? -1 : (int)timeout) < 0)
		return tl_lua_fail_errno(L, errno, lua_pushfstring(L, "wait: %s", strerror(errno)));
	lua_newtable(L);
	for (size_t i = 0; i < n; i++) {
		if (!fds[i].revents)
			continue;
		lua_pushinteger(L, fds[i].fd);
		lua_rawseti(L, -2, ++found);
	}
	return 1;
}
