/* SPDX-License-Identifier: MIT */
/* core.c: the Lua module `traceleft.core`: what belongs to no session, and how errors become values. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "bind.h"

#define NS_PER_S	1000000000LL
#define CHECK_LINES	64

static int push_failure(lua_State *L, int number, const char *message)
{
	lua_pushnil(L);
	lua_pushstring(L, message);
	lua_pushstring(L, tl_errno_name(number));
	return 3;
}

/* nil, message, name */
int tl_lua_fail(lua_State *L, const struct tl_error *err)
{
	return push_failure(L, -err->code, err->message);
}

int tl_lua_fail_errno(lua_State *L, int number, const char *message)
{
	return push_failure(L, number, message);
}

/* Message handler: adds to a text where it happened, down to the poll; leaves any other value as it is. */
int tl_lua_traceback(lua_State *L)
{
	const char *text, *end;

	if (lua_type(L, 1) != LUA_TSTRING)
		return 1;
	luaL_traceback(L, L, lua_tostring(L, 1), 1);
	text = lua_tostring(L, -1);
	end = strstr(text, "\n\t[C]: in method 'poll'");
	if (end)
		lua_pushlstring(L, text, (size_t)(end - text));
	return 1;
}

/* core.check() -> list of { name, ok = 1, 0 or -1, note } */
static int core_check(lua_State *L)
{
	struct tl_check *lines = lua_newuserdatauv(L, CHECK_LINES * sizeof(*lines), 0);
	int n = tl_check(lines, CHECK_LINES);

	lua_createtable(L, n > 0 ? n : 0, 0);
	for (int i = 0; i < n; i++) {
		lua_createtable(L, 0, 3);
		lua_pushstring(L, lines[i].name);
		lua_setfield(L, -2, "name");
		lua_pushinteger(L, lines[i].ok);
		lua_setfield(L, -2, "ok");
		lua_pushstring(L, lines[i].note);
		lua_setfield(L, -2, "note");
		lua_rawseti(L, -2, i + 1);
	}
	return 1;
}

/* core.meaning(meaning, number) -> text or nil */
static int core_meaning(lua_State *L)
{
	const char *meaning = luaL_checkstring(L, 1);
	uint64_t number = (uint64_t)luaL_checkinteger(L, 2);
	char text[256];
	int len = tl_meaning_text(meaning, number, text, sizeof(text));

	if (len <= 0) {
		lua_pushnil(L);
	} else if ((size_t)len < sizeof(text)) {
		lua_pushlstring(L, text, (size_t)len);
	} else {
		char *room = lua_newuserdatauv(L, (size_t)len + 1, 0);

		tl_meaning_text(meaning, number, room, (size_t)len + 1);
		lua_pushlstring(L, room, (size_t)len);
	}
	return 1;
}

/* core.errno_name(number) -> "ENOENT" or nil */
static int core_errno_name(lua_State *L)
{
	lua_Integer number = luaL_checkinteger(L, 1);

	lua_pushstring(L, number > 0 && number < 4096 ? tl_errno_name((int)number) : NULL);
	return 1;
}

/* core.errno_text(number) -> "No such file or directory" or nil */
static int core_errno_text(lua_State *L)
{
	lua_Integer number = luaL_checkinteger(L, 1);

	lua_pushstring(L, number > 0 && number < 4096 ? tl_errno_text((int)number) : NULL);
	return 1;
}

static long long now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* core.clock() -> nanoseconds since boot, as in the events' `time` */
static int core_clock(lua_State *L)
{
	lua_pushinteger(L, now_ns(CLOCK_BOOTTIME));
	return 1;
}

/*
 * core.wall(ns since boot) -> seconds, nanoseconds of wall clock. The distance between the clocks is
 * upvalue 1 and when it was taken upvalue 2: taken anew for each event it would shake their order.
 */
static int core_wall(lua_State *L)
{
	long long ns = luaL_checkinteger(L, 1);
	long long now = now_ns(CLOCK_BOOTTIME);
	long long wall;

	if (now - lua_tointeger(L, lua_upvalueindex(2)) > NS_PER_S) {
		lua_pushinteger(L, now_ns(CLOCK_REALTIME) - now);
		lua_replace(L, lua_upvalueindex(1));
		lua_pushinteger(L, now);
		lua_replace(L, lua_upvalueindex(2));
	}
	wall = ns + lua_tointeger(L, lua_upvalueindex(1));
	lua_pushinteger(L, wall / NS_PER_S);
	lua_pushinteger(L, wall % NS_PER_S);
	return 2;
}

/* core.isatty(fd) -> bool */
static int core_isatty(lua_State *L)
{
	lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
	return 1;
}

/* core.columns(fd) -> width of the terminal, nil if it is none */
static int core_columns(lua_State *L)
{
	struct winsize size = { 0 };

	if (ioctl((int)luaL_checkinteger(L, 1), TIOCGWINSZ, &size) || size.ws_col == 0)
		lua_pushnil(L);
	else
		lua_pushinteger(L, size.ws_col);
	return 1;
}

static const luaL_Reg functions[] = {
	{ "open", tl_lua_session_open },
	{ "check", core_check },
	{ "meaning", core_meaning },
	{ "errno_name", core_errno_name },
	{ "errno_text", core_errno_text },
	{ "clock", core_clock },
	{ "isatty", core_isatty },
	{ "columns", core_columns },
	{ "spawn", tl_lua_spawn },
	{ "split", tl_lua_split },
	{ "cgroups", tl_lua_cgroups },
	{ "stat", tl_lua_stat },
	{ "catch_signals", tl_lua_catch_signals },
	{ "signalled", tl_lua_signalled },
	{ "wait", tl_lua_wait },
	{ NULL, NULL }
};

int luaopen_traceleft_core(lua_State *L)
{
	luaL_checkversion(L);
	tl_lua_session_register(L);
	tl_lua_subscription_register(L);
	tl_lua_span_register(L);
	tl_lua_child_register(L);
	luaL_newlib(L, functions);
	lua_pushinteger(L, 0);
	lua_pushinteger(L, -2 * NS_PER_S);
	lua_pushcclosure(L, core_wall, 2);
	lua_setfield(L, -2, "wall");
	lua_pushstring(L, tl_version());
	lua_setfield(L, -2, "version");
	return 1;
}
