/* SPDX-License-Identifier: MIT */
/*
 * span.c: a span as userdata. It is the session's, and ends with it; what is garbage here may still have
 * subscriptions, so nothing is stopped then.
 */
#include <errno.h>
#include <string.h>

#include "bind.h"

struct span {
	struct tl_span *span;			/* NULL: it has been stopped */
	struct tl_lua_session *session;		/* its user value keeps it alive */
	struct tl_span_counts counts;		/* the last ones, once it is stopped */
};

static struct span *check(lua_State *L, int arg)
{
	struct span *s = luaL_checkudata(L, arg, TL_SPAN_MT);

	if (!s->session->session)
		s->span = NULL;
	return s;
}

/* The option `span` of the table at `arg`; NULL: it is not there. */
struct tl_span *tl_lua_opt_span(lua_State *L, int arg)
{
	struct span *s;

	if (lua_getfield(L, arg, "span") == LUA_TNIL) {
		lua_pop(L, 1);
		return NULL;
	}
	luaL_argcheck(L, luaL_testudata(L, -1, TL_SPAN_MT), arg, "span: span expected");
	s = check(L, -1);
	luaL_argcheck(L, s->span, arg, "span: it has been stopped");
	luaL_argcheck(L, s->session == lua_touserdata(L, 1), arg, "span: it is another session's");
	lua_pop(L, 1);		/* the table keeps it */
	return s->span;
}

static void read_options(lua_State *L, struct tl_span_opts *opts)
{
	static const char *const known[] = { "name", "start", "stop", "start_key", "stop_key", "where", "start_where",
					     "size", "pids", "follow", "at_exec", "target", "self", NULL };

	tl_lua_check_options(L, 2, known);
	opts->name = tl_lua_opt_text(L, 2, "name");
	opts->start_key = tl_lua_opt_text(L, 2, "start_key");
	opts->stop_key = tl_lua_opt_text(L, 2, "stop_key");
	luaL_argcheck(L, opts->name && opts->start_key && opts->stop_key, 2,
		      "name, start_key and stop_key: strings expected");
	opts->where = tl_lua_opt_text(L, 2, "where");
	opts->start_where = tl_lua_opt_text(L, 2, "start_where");
	opts->max_entries = (uint32_t)tl_lua_opt_size(L, 2, "size");
	opts->start = tl_lua_opt_strings(L, 2, "start");
	opts->stop = tl_lua_opt_strings(L, 2, "stop");
	luaL_argcheck(L, opts->start && opts->stop, 2, "start and stop: lists of names expected");
	opts->pids = tl_lua_opt_pids(L, 2, &opts->n_pids);
	opts->follow = tl_lua_opt_bool(L, 2, "follow");
	opts->at_exec = tl_lua_opt_bool(L, 2, "at_exec");
	opts->self = tl_lua_opt_bool(L, 2, "self");
	lua_getfield(L, 2, "target");
	opts->target = tl_lua_to_selector(L, 2);
}

/*
 * session:span{ name, start, stop, start_key, stop_key, where, start_where, size, pids, follow, at_exec, target, self }
 * -> span | nil, message, name
 */
int tl_lua_span(lua_State *L)
{
	struct tl_span_opts opts = { .sz = sizeof(opts) };
	struct tl_lua_session *session = tl_lua_session_check(L, 1);
	struct tl_error err;
	struct span *s;

	lua_settop(L, 2);
	read_options(L, &opts);
	s = lua_newuserdatauv(L, sizeof(*s), 1);
	memset(s, 0, sizeof(*s));
	s->session = session;
	luaL_setmetatable(L, TL_SPAN_MT);
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 1);
	if (tl_span_open(session->session, &opts, &s->span, &err))
		return tl_lua_fail(L, &err);
	return 1;
}

static void keep_counts(struct span *s)
{
	if (s->span)
		tl_span_counts(s->span, &s->counts);
}

/* span:stop() -> true | nil, message, name: while something is subscribed to it */
static int span_stop(lua_State *L)
{
	struct span *s = check(L, 1);
	struct tl_error err;

	keep_counts(s);
	if (s->span && tl_span_close(s->span, &err))
		return tl_lua_fail(L, &err);
	s->span = NULL;
	lua_pushboolean(L, true);
	return 1;
}

/* span:target(selector or nil, self), as of subscriptions */
static int span_target(lua_State *L)
{
	struct span *s = check(L, 1);
	bool self = lua_toboolean(L, 3);
	const struct tl_selector *target;
	struct tl_error err;

	if (!s->span)
		return tl_lua_fail_errno(L, ENOENT, "target: the span has been stopped");
	lua_settop(L, 2);
	target = tl_lua_to_selector(L, 2);
	if (tl_span_target(s->span, target, self, &err))
		return tl_lua_fail(L, &err);
	lua_pushboolean(L, true);
	return 1;
}

/* span:explain([with_code]), as of subscriptions */
static int span_explain(lua_State *L)
{
	struct span *s = check(L, 1);

	luaL_checkstack(L, 8, "explain");
	lua_settop(L, 2);
	lua_newtable(L);
	if (s->span)
		tl_span_explain(s->span, tl_lua_on_explanation, L);
	return 1;
}

/* span.errors, span.full, span.unbegun, and the methods, which are upvalue 1 */
static int span_index(lua_State *L)
{
	struct span *s = check(L, 1);
	const struct {
		const char *name;
		const uint64_t *count;
	} counts[] = {
		{ "errors", &s->counts.errors }, { "full", &s->counts.full }, { "unbegun", &s->counts.unbegun },
	};
	const char *name = luaL_checkstring(L, 2);

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		if (strcmp(counts[i].name, name))
			continue;
		keep_counts(s);
		lua_pushinteger(L, (lua_Integer)*counts[i].count);
		return 1;
	}
	lua_pushvalue(L, 2);
	lua_rawget(L, lua_upvalueindex(1));
	return 1;
}

static const luaL_Reg methods[] = {
	{ "stop", span_stop },
	{ "target", span_target },
	{ "explain", span_explain },
	{ NULL, NULL }
};

void tl_lua_span_register(lua_State *L)
{
	luaL_newmetatable(L, TL_SPAN_MT);
	luaL_newlib(L, methods);
	lua_pushcclosure(L, span_index, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
