/* SPDX-License-Identifier: MIT */
/*
 * subscription.c: a subscription as userdata. While it is not stopped its session's list of
 * references holds it, so that a script need not; it holds the session in turn.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bind.h"

struct tl_lua_subscription *tl_lua_subscription_check(lua_State *L, int arg)
{
	return luaL_checkudata(L, arg, TL_SUBSCRIPTION_MT);
}

/* Keeps the names of `fields` or `args`, which the plans are made from: they are on top, or nil. */
static void keep_names(lua_State *L, int index)
{
	if (lua_type(L, -1) == LUA_TSTRING) {
		lua_createtable(L, 1, 0);
		lua_insert(L, -2);
		lua_rawseti(L, -2, 1);
	}
	lua_setiuservalue(L, index, TL_SUBSCRIPTION_NAMES);
}

static struct tl_lua_subscription *push_new(lua_State *L, struct tl_lua_session *session)
{
	struct tl_lua_subscription *s = lua_newuserdatauv(L, sizeof(*s), 3);

	memset(s, 0, sizeof(*s));	/* before the metatable: __gc may run */
	s->session = session;
	luaL_setmetatable(L, TL_SUBSCRIPTION_MT);
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, TL_SUBSCRIPTION_SESSION);
	return s;
}

/* Unlike other sizes it may be 0, and is a plain number. */
static size_t opt_payload(lua_State *L)
{
	size_t payload = 0;

	if (lua_getfield(L, 2, "payload") != LUA_TNIL) {
		luaL_argcheck(L, lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 0, 2,
			      "payload: number of bytes expected");
		payload = (size_t)lua_tointeger(L, -1);
		payload = payload ? payload : TL_NO_PAYLOAD;
	}
	lua_pop(L, 1);
	return payload;
}

/* The events (those of a span, or by their names) and the target, of the table at `arg`. */
void tl_lua_read_target(lua_State *L, int arg, struct tl_subscribe_opts *opts)
{
	opts->span = tl_lua_opt_span(L, arg);
	opts->events = tl_lua_opt_strings(L, arg, "events");
	luaL_argcheck(L, opts->span || (opts->events && opts->events[0]), arg, "events: list of names expected");
	opts->pids = tl_lua_opt_pids(L, arg, &opts->n_pids);
	opts->follow = tl_lua_opt_bool(L, arg, "follow");
	opts->at_exec = tl_lua_opt_bool(L, arg, "at_exec");
	opts->self = tl_lua_opt_bool(L, arg, "self");
	lua_getfield(L, arg, "target");
	opts->target = tl_lua_to_selector(L, arg);
}

/* Reads the table at 2 into opts. */
static void read_options(lua_State *L, struct tl_subscribe_opts *opts, bool *args)
{
	static const char *const known[] = { "events", "span", "fields", "args", "pids", "payload", "follow", "at_exec",
					     "target", "self", "where", "vars", "limit", "limit_ns", "fn", NULL };

	tl_lua_check_options(L, 2, known);
	tl_lua_read_target(L, 2, opts);
	opts->fields = tl_lua_opt_strings(L, 2, "args");
	*args = opts->fields;
	if (*args) {
		bool both = lua_getfield(L, 2, "fields") != LUA_TNIL;

		luaL_argcheck(L, !both, 2, "fields and args: give one of them");
	} else {
		opts->fields = tl_lua_opt_strings(L, 2, "fields");
	}
	opts->payload = opt_payload(L);
	tl_lua_read_query(L, 2, opts);
	if (lua_getfield(L, 2, "fn") != LUA_TFUNCTION)
		luaL_argerror(L, 2, lua_pushfstring(L, "fn: function expected, got %s",
						    luaL_typename(L, -1)));
	lua_pop(L, 1);
}

/* Each name of `args` is a value on the stack; a list of fields may be that of many events. */
static void check_args(lua_State *L, const char *const *names)
{
	size_t n = 0;

	while (names && names[n])
		n++;
	luaL_argcheck(L, n <= 64, 2, "args: an event has at most 64 fields");
}

/* Subscribes with what was read of the table at 2. -> subscription | nil, message, name */
int tl_lua_subscription_new(lua_State *L, struct tl_subscribe_opts *opts, bool args)
{
	struct tl_lua_session *session = tl_lua_session_check(L, 1);
	struct tl_lua_subscription *s = push_new(L, session);
	int self = lua_gettop(L);
	struct tl_error err;

	s->args = args;
	lua_getfield(L, 2, "fn");
	lua_setiuservalue(L, self, TL_SUBSCRIPTION_FN);
	lua_getfield(L, 2, args ? "args" : "fields");
	keep_names(L, self);
	lua_getiuservalue(L, 1, TL_SESSION_REFS);
	lua_pushvalue(L, self);
	s->ref = luaL_ref(L, -2);	/* refs */
	opts->arg = s;
	tl_lua_loading_begin(L, session);
	if (tl_subscribe(session->session, opts, &s->sub, &err)) {
		s->sub = NULL;
		luaL_unref(L, -1, s->ref);
		tl_lua_loading_end(L, session);
		return tl_lua_fail(L, &err);
	}
	tl_lua_loading_end(L, session);
	s->next = session->subs;
	session->subs = s;
	lua_pushvalue(L, self);
	return 1;
}

/*
 * session:subscribe{ events or span, fields, args, pids, payload, follow, at_exec, where, vars, limit, limit_ns, fn }
 * -> subscription | nil, message, name
 */
int tl_lua_subscribe(lua_State *L)
{
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .fn = tl_lua_deliver };
	bool args;

	tl_lua_session_check(L, 1);
	lua_settop(L, 2);
	read_options(L, &opts, &args);
	if (args)
		check_args(L, opts.fields);
	return tl_lua_subscription_new(L, &opts, args);
}

static void keep_counts(struct tl_lua_subscription *s)
{
	if (!s->sub)
		return;
	s->seen = tl_subscription_seen(s->sub);
	s->lost = tl_subscription_lost(s->sub);
	tl_subscription_counts(s->sub, &s->counts);
}

/* Stops it in the core, and keeps its last counts. Touches no Lua value. */
void tl_lua_subscription_detach(struct tl_lua_subscription *s)
{
	struct tl_subscription *sub = s->sub;
	struct tl_lua_subscription **at = &s->session->subs;

	keep_counts(s);
	while (*at && *at != s)
		at = &(*at)->next;
	if (*at)
		*at = s->next;
	s->sub = NULL;
	tl_subscription_stop(sub);
}

/* Lets go of the closures and of itself in the session's list. */
static void release_refs(lua_State *L, struct tl_lua_subscription *s)
{
	lua_getiuservalue(L, 1, TL_SUBSCRIPTION_SESSION);
	if (lua_getiuservalue(L, -1, TL_SESSION_REFS) == LUA_TTABLE) {
		for (size_t i = 0; i < s->n_slots; i++) {
			if (s->slots[i].ref)
				luaL_unref(L, -1, s->slots[i].ref);
			s->slots[i].ref = 0;
		}
		luaL_unref(L, -1, s->ref);
	}
	lua_pop(L, 2);
}

/* sub:stop(); also __close and __gc, and harmless when done twice */
static int subscription_stop(lua_State *L)
{
	struct tl_lua_subscription *s = tl_lua_subscription_check(L, 1);

	if (s->sub) {
		tl_lua_subscription_detach(s);
		release_refs(L, s);
	}
	free(s->slots);
	s->slots = NULL;
	s->n_slots = 0;
	return 0;
}

/* sub:pause() */
static int subscription_pause(lua_State *L)
{
	struct tl_lua_subscription *s = tl_lua_subscription_check(L, 1);

	if (s->sub)
		tl_subscription_pause(s->sub);
	return 0;
}

/* sub:resume() -> true | nil, message, name */
static int subscription_resume(lua_State *L)
{
	struct tl_lua_subscription *s = tl_lua_subscription_check(L, 1);
	struct tl_error err;

	if (!s->sub)
		return tl_lua_fail_errno(L, ENOENT, "resume: the subscription has been stopped");
	if (tl_subscription_resume(s->sub, &err))
		return tl_lua_fail(L, &err);
	lua_pushboolean(L, true);
	return 1;
}

/* sub:target(selector or nil, self) -> true | nil, message, name */
static int subscription_target(lua_State *L)
{
	struct tl_lua_subscription *s = tl_lua_subscription_check(L, 1);
	bool self = lua_toboolean(L, 3);
	const struct tl_selector *target;
	struct tl_error err;

	if (!s->sub)
		return tl_lua_fail_errno(L, ENOENT, "target: the subscription has been stopped");
	lua_settop(L, 2);
	target = tl_lua_to_selector(L, 2);
	if (tl_subscription_target(s->sub, target, self, &err))
		return tl_lua_fail(L, &err);
	lua_pushboolean(L, true);
	return 1;
}

/* The number of that name, or NULL. */
static const uint64_t *find_count(const struct tl_lua_subscription *s, const char *name)
{
	const struct {
		const char *name;
		const uint64_t *count;
	} counts[] = {
		{ "seen", &s->seen }, { "lost", &s->lost }, { "errors", &s->counts.errors },
		{ "held", &s->counts.held }, { "full", &s->counts.full },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (strcmp(counts[i].name, name) == 0)
			return counts[i].count;
	return NULL;
}

/* sub.seen, sub.lost, sub.errors, sub.held, sub.full, sub.bit, and the methods, which are upvalue 1 */
static int subscription_index(lua_State *L)
{
	struct tl_lua_subscription *s = tl_lua_subscription_check(L, 1);
	const uint64_t *count = find_count(s, luaL_checkstring(L, 2));

	if (count) {
		keep_counts(s);
		lua_pushinteger(L, (lua_Integer)*count);
	} else if (strcmp(lua_tostring(L, 2), "bit") == 0) {
		lua_pushinteger(L, (lua_Integer)(s->sub ? tl_subscription_bit(s->sub) : 0));
	} else {
		lua_pushvalue(L, 2);
		lua_rawget(L, lua_upvalueindex(1));
	}
	return 1;
}

static const luaL_Reg methods[] = {
	{ "stop", subscription_stop },
	{ "pause", subscription_pause },
	{ "resume", subscription_resume },
	{ "read", tl_lua_subscription_read },
	{ "explain", tl_lua_subscription_explain },
	{ "set", tl_lua_subscription_set },
	{ "target", subscription_target },
	{ NULL, NULL }
};

static const luaL_Reg metamethods[] = {
	{ "__close", subscription_stop },
	{ "__gc", subscription_stop },
	{ NULL, NULL }
};

void tl_lua_subscription_register(lua_State *L)
{
	luaL_newmetatable(L, TL_SUBSCRIPTION_MT);
	luaL_setfuncs(L, metamethods, 0);
	luaL_newlib(L, methods);
	lua_pushcclosure(L, subscription_index, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
