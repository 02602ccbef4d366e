/* SPDX-License-Identifier: MIT */
/* session.c: a session as userdata: open, start, poll, feed, close. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "bind.h"

struct tl_lua_session *tl_lua_session_check(lua_State *L, int arg)
{
	struct tl_lua_session *s = luaL_checkudata(L, arg, TL_SESSION_MT);

	if (!s->session)
		luaL_argerror(L, arg, "the session is closed");
	return s;
}

static enum tl_channel_kind opt_channel(lua_State *L, int arg)
{
	static const char *const names[] = { "auto", "ring", "perf" };
	static const enum tl_channel_kind kinds[] = { TL_CHANNEL_AUTO, TL_CHANNEL_RING,
						      TL_CHANNEL_PERF };
	const char *name;

	if (lua_getfield(L, arg, "channel") == LUA_TNIL)
		return TL_CHANNEL_AUTO;
	name = luaL_tolstring(L, -1, NULL);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(name, names[i]) == 0)
			return kinds[i];
	}
	luaL_argerror(L, arg, lua_pushfstring(L, "channel: 'ring', 'perf' or 'auto' expected, got '%s'",
					      name));
	return TL_CHANNEL_AUTO;		/* not reached */
}

/*
 * core.open{ battery = {..}, ring = bytes or "16M", channel = name, replay = bool, spare_readers = bool,
 * loading = function } -> session | nil, message, name
 */
int tl_lua_session_open(lua_State *L)
{
	static const char *const known[] = { "battery", "ring", "channel", "replay", "spare_readers", "loading", NULL };
	struct tl_open_opts opts = { .sz = sizeof(opts) };
	struct tl_lua_session *s;
	struct tl_error err;

	lua_settop(L, 1);
	if (!lua_isnil(L, 1)) {
		tl_lua_check_options(L, 1, known);
		opts.battery = tl_lua_opt_strings(L, 1, "battery");
		opts.ring_size = tl_lua_opt_size(L, 1, "ring");
		opts.channel = opt_channel(L, 1);
		opts.replay = tl_lua_opt_bool(L, 1, "replay");
		opts.spare_readers = tl_lua_opt_bool(L, 1, "spare_readers");
	}
	s = lua_newuserdatauv(L, sizeof(*s), TL_SESSION_VALUES);
	memset(s, 0, sizeof(*s));	/* before the metatable: __gc may run */
	luaL_setmetatable(L, TL_SESSION_MT);
	lua_createtable(L, 16, 0);
	lua_setiuservalue(L, -2, TL_SESSION_REFS);
	tl_lua_loading_keep(L, &opts, s);
	if (tl_session_open(&s->session, &opts, &err)) {
		s->session = NULL;
		return tl_lua_fail(L, &err);
	}
	return 1;
}

/* session:subscribe{ ... } -> subscription: in subscription.c */

/* session:start() -> true | nil, message, name */
static int session_start(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	struct tl_error err;
	int ret;

	tl_lua_loading_begin(L, s);
	ret = tl_session_start(s->session, &err);
	tl_lua_loading_end(L, s);
	if (ret)
		return tl_lua_fail(L, &err);
	lua_pushboolean(L, true);
	return 1;
}

/* session:fd() -> file descriptor | nil, message, name */
static int session_fd(lua_State *L)
{
	int fd = tl_session_fd(tl_lua_session_check(L, 1)->session);

	if (fd < 0)
		return tl_lua_fail_errno(L, EBADF, "fd: the session has not been started");
	lua_pushinteger(L, fd);
	return 1;
}

/* Raises when a callback polls or feeds the session that is calling it. */
static void enter(lua_State *L, struct tl_lua_session *s, const char *what)
{
	if (s->L)
		luaL_error(L, "%s: not from a callback of the same session", what);
	luaL_checkstack(L, 16, what);
	s->self = 1;
	lua_getiuservalue(L, 1, TL_SESSION_REFS);
	s->refs = lua_gettop(L);
	lua_pushcfunction(L, tl_lua_traceback);
	s->handler = lua_gettop(L);
	s->run++;
	s->L = L;
}

/* Raises what a callback raised if nobody took it. */
static void leave(lua_State *L, struct tl_lua_session *s)
{
	s->L = NULL;
	if (!s->failed)
		return;
	s->failed = false;
	lua_getiuservalue(L, 1, TL_SESSION_ERROR);
	lua_pushnil(L);
	lua_setiuservalue(L, 1, TL_SESSION_ERROR);
	lua_error(L);
}

/* session:poll([timeout_ms]) -> number of records | nil, message, name */
static int session_poll(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	lua_Integer timeout = luaL_optinteger(L, 2, -1);
	struct tl_error err = { 0 };
	int n;

	if (timeout > INT_MAX)
		timeout = INT_MAX;
	enter(L, s, "poll");
	tl_lua_signals_to(s->session);
	n = tl_session_poll(s->session, timeout < 0 ? -1 : (int)timeout, &err);
	leave(L, s);
	if (n == -ECANCELED)
		return tl_lua_fail_errno(L, ECANCELED, "poll: interrupted");
	if (n < 0)
		return tl_lua_fail(L, &err);
	lua_pushinteger(L, n);
	return 1;
}

/* Feeds the records in the string at `index`. Returns their number. */
static int feed_string(lua_State *L, struct tl_lua_session *s, int index, struct tl_error *err)
{
	size_t size;
	const char *bytes = lua_tolstring(L, index, &size);

	return tl_session_feed_all(s->session, bytes, size, err);
}

/*
 * Feeds the strings of the list at 2 up to the first refusal. A callback may take one out of the
 * list, so `held` is where the one in hand is.
 */
static int feed_list(lua_State *L, struct tl_lua_session *s, int held, struct tl_error *err)
{
	lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
	int sum = 0;

	for (lua_Integer i = 1; i <= n; i++) {
		bool string = lua_rawgeti(L, 2, i) == LUA_TSTRING;
		int code;

		lua_replace(L, held);
		code = string ? feed_string(L, s, held, err) : -EINVAL;
		if (code < 0)
			return code;
		sum += code;
	}
	return sum;
}

/* session:feed(string of records, or list of such) -> number of records | nil, message, name */
static int session_feed(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	struct tl_error err = { .code = -EINVAL, .message = "feed: a record is no string" };
	bool list = lua_type(L, 2) == LUA_TTABLE;
	int n;

	if (!list)
		luaL_checkstring(L, 2);
	lua_settop(L, 3);
	enter(L, s, "feed");
	n = list ? feed_list(L, s, 3, &err) : feed_string(L, s, 2, &err);
	leave(L, s);
	if (n < 0)
		return tl_lua_fail(L, &err);
	lua_pushinteger(L, n);
	return 1;
}

/* session:interrupt() */
static int session_interrupt(lua_State *L)
{
	tl_session_interrupt(tl_lua_session_check(L, 1)->session);
	return 0;
}

/* session:budget(share) -> true | nil, message, name */
static int session_budget(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	struct tl_error err;

	if (tl_session_budget(s->session, luaL_checknumber(L, 2), &err))
		return tl_lua_fail(L, &err);
	lua_pushboolean(L, true);
	return 1;
}

/* session:quiesce() */
static int session_quiesce(lua_State *L)
{
	tl_session_quiesce(tl_lua_session_check(L, 1)->session);
	return 0;
}

/* session:on_error(fn or nil): fn(message with traceback, or what was raised) for each error in a callback */
static int session_on_error(lua_State *L)
{
	tl_lua_session_check(L, 1);
	if (!lua_isnoneornil(L, 2))
		luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	lua_setiuservalue(L, 1, TL_SESSION_ON_ERROR);
	return 0;
}

/* session:close() -> true | nil, message, name; also __close and __gc, and harmless when done twice */
static int session_close(lua_State *L)
{
	struct tl_lua_session *s = luaL_checkudata(L, 1, TL_SESSION_MT);
	struct tl_session *session = s->session;

	if (s->L)
		return tl_lua_fail_errno(L, EBUSY, "close: not from a callback of the session: it is polling");
	while (s->subs)
		tl_lua_subscription_detach(s->subs);
	s->session = NULL;
	tl_lua_signals_forget(session);
	tl_session_close(session);
	lua_pushnil(L);
	lua_setiuservalue(L, 1, TL_SESSION_REFS);
	lua_pushboolean(L, true);
	return 1;
}

static const luaL_Reg methods[] = {
	{ "subscribe", tl_lua_subscribe },
	{ "aggregate", tl_lua_aggregate },
	{ "span", tl_lua_span },
	{ "start", session_start },
	{ "fd", session_fd },
	{ "poll", session_poll },
	{ "feed", session_feed },
	{ "interrupt", session_interrupt },
	{ "budget", session_budget },
	{ "quiesce", session_quiesce },
	{ "on_error", session_on_error },
	{ "events", tl_lua_session_events },
	{ "describe", tl_lua_session_describe },
	{ "nearest", tl_lua_session_nearest },
	{ "stats", tl_lua_session_stats },
	{ "targets", tl_lua_session_targets },
	{ "name_cgroups", tl_lua_name_cgroups },
	{ "close", session_close },
	{ NULL, NULL }
};

static const luaL_Reg metamethods[] = {
	{ "__close", session_close },
	{ "__gc", session_close },
	{ NULL, NULL }
};

void tl_lua_session_register(lua_State *L)
{
	luaL_newmetatable(L, TL_SESSION_MT);
	luaL_setfuncs(L, metamethods, 0);
	luaL_newlib(L, methods);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
