/* SPDX-License-Identifier: MIT */
/* aggregate.c: an aggregate is a subscription that counts instead of calling: made here, and read. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"

static const char *const kinds[] = {
	[TL_COUNT] = "count", [TL_SUM] = "sum", [TL_AVG] = "avg", [TL_MIN] = "min", [TL_MAX] = "max",
	[TL_HIST] = "hist", [TL_LHIST] = "lhist", [TL_QUANTILE] = "quantile", [TL_DISTINCT] = "distinct", NULL
};

static int64_t opt_integer(lua_State *L, const char *name)
{
	int64_t number;

	lua_getfield(L, 2, name);
	if (!lua_isnil(L, -1) && !lua_isinteger(L, -1))
		luaL_argerror(L, 2, lua_pushfstring(L, "%s: integer expected", name));
	number = (int64_t)lua_tointeger(L, -1);
	lua_pop(L, 1);
	return number;
}

static enum tl_aggregate_kind check_kind(lua_State *L)
{
	const char *name = tl_lua_opt_text(L, 2, "kind");

	for (int i = 0; name && kinds[i]; i++)
		if (!strcmp(kinds[i], name))
			return (enum tl_aggregate_kind)i;
	luaL_argerror(L, 2, "kind: count, sum, avg, min, max, hist, lhist, quantile or distinct expected");
	return TL_COUNT;	/* not reached */
}

/* session:aggregate{ kind, events or span, by, value, low, high, step, size, and what subscribe takes } -> subscription */
int tl_lua_aggregate(lua_State *L)
{
	static const char *const known[] = { "kind", "events", "by", "value", "low", "high", "step", "size", "where",
					     "vars", "limit", "limit_ns", "span", "pids", "follow", "at_exec", "target",
					     "self", NULL };
	struct tl_aggregate_opts aggregate = { .sz = sizeof(aggregate) };
	struct tl_subscribe_opts opts = { .sz = sizeof(opts), .aggregate = &aggregate };

	tl_lua_session_check(L, 1);
	lua_settop(L, 2);
	tl_lua_check_options(L, 2, known);
	aggregate.kind = check_kind(L);
	aggregate.by = tl_lua_opt_strings(L, 2, "by");
	aggregate.value = tl_lua_opt_text(L, 2, "value");
	aggregate.low = opt_integer(L, "low");
	aggregate.high = opt_integer(L, "high");
	aggregate.step = opt_integer(L, "step");
	aggregate.max_entries = (uint32_t)opt_integer(L, "size");
	tl_lua_read_target(L, 2, &opts);
	tl_lua_read_query(L, 2, &opts);
	return tl_lua_subscription_new(L, &opts, false);
}

/* ---- reading ----------------------------------------------------------------------------------- */

struct reading {
	lua_State *L;
	bool failed;		/* an error is on top */
};

static void push_ip(lua_State *L, const struct tl_value *value)
{
	char text[INET6_ADDRSTRLEN];

	lua_pushstring(L, inet_ntop(value->ip.family, value->ip.bytes, text, sizeof(text)));
}

static void push_key(lua_State *L, const struct tl_value *value)
{
	switch (value->kind) {
	case TL_INT: case TL_UINT: lua_pushinteger(L, (lua_Integer)value->i); break;
	case TL_BOOL: lua_pushboolean(L, value->i != 0); break;
	case TL_STRING: lua_pushlstring(L, value->s.ptr, value->s.len); break;
	case TL_LIST: tl_lua_push_list(L, value); break;
	case TL_IP: push_ip(L, value); break;
	default: lua_pushnil(L);
	}
}

/* The name of the event whose number the key is. */
static bool push_event(lua_State *L, const struct tl_field *field, const struct tl_value *value)
{
	struct tl_lua_session *session = lua_touserdata(L, 3);
	const struct tl_event *event;

	if (!field || field->type != TL_TYPE_EVENT || value->kind != TL_INT)
		return false;
	event = tl_session_event(session->session, (size_t)value->i);
	lua_pushstring(L, event ? event->name : "?");
	return true;
}

/* Pushes the i-th key. Returns whether there was more of it than is here. */
static bool push_part(lua_State *L, const struct tl_row *row, size_t i)
{
	struct tl_value value;
	const struct tl_field *field = tl_row_key(row, i, &value);

	if (!push_event(L, field, &value))
		push_key(L, &value);
	return value.cut;
}

/* Sets row.cut, a list with true for each of these parts; the row is on top. */
static void set_cut(lua_State *L, uint64_t parts)
{
	if (!parts)
		return;
	lua_newtable(L);
	for (lua_Integer i = 1; parts; i++, parts >>= 1) {
		if (!(parts & 1))
			continue;
		lua_pushboolean(L, true);
		lua_rawseti(L, -2, i);
	}
	lua_setfield(L, -2, "cut");
}

static void set_integer(lua_State *L, const char *name, int64_t value)
{
	lua_pushinteger(L, (lua_Integer)value);
	lua_setfield(L, -2, name);
}

/* What this kind of aggregate has, into the table on top. */
static void set_numbers(lua_State *L, const struct tl_row *row)
{
	set_integer(L, "n", (int64_t)row->n);
	if (row->kind == TL_SUM || row->kind == TL_AVG)
		set_integer(L, "sum", row->sum);
	if (row->kind == TL_MIN)
		set_integer(L, "min", row->min);
	if (row->kind == TL_MAX)
		set_integer(L, "max", row->max);
	if (row->kind == TL_HIST || row->kind == TL_LHIST || row->kind == TL_QUANTILE)
		set_integer(L, "bucket", row->bucket);
}

/* (row light userdata, rows, session): appends a table to rows */
static int push_row(lua_State *L)
{
	const struct tl_row *row = lua_touserdata(L, 1);
	uint64_t cut = 0;

	lua_newtable(L);
	lua_createtable(L, (int)row->n_keys, 1);
	for (size_t i = 0; i < row->n_keys; i++) {
		cut |= (uint64_t)push_part(L, row, i) << i;
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	set_integer(L, "n", (int64_t)row->n_keys);
	lua_setfield(L, -2, "key");
	cut |= (uint64_t)push_part(L, row, row->n_keys) << row->n_keys;
	lua_setfield(L, -2, "value");
	set_cut(L, cut);
	set_numbers(L, row);
	lua_rawseti(L, 2, (lua_Integer)lua_rawlen(L, 2) + 1);
	return 0;
}

/* Nothing may be raised here: the reader has memory to free. */
static bool on_row(const struct tl_row *row, void *arg)
{
	struct reading *r = arg;
	lua_State *L = r->L;

	lua_pushcfunction(L, push_row);
	lua_pushlightuserdata(L, (void *)(uintptr_t)row);
	lua_pushvalue(L, 3);
	lua_pushvalue(L, 4);
	r->failed = lua_pcall(L, 3, 0, 0) != LUA_OK;
	return !r->failed;
}

/* subscription:read(clear) -> rows, ns | nil, message, name */
int tl_lua_subscription_read(lua_State *L)
{
	struct tl_lua_subscription *s = tl_lua_subscription_check(L, 1);
	struct reading r = { .L = L };
	struct tl_error err;
	uint64_t ns = 0;
	int ret;

	lua_settop(L, 2);
	lua_newtable(L);					/* 3: rows */
	lua_getiuservalue(L, 1, TL_SUBSCRIPTION_SESSION);	/* 4 */
	if (!s->sub)
		return tl_lua_fail_errno(L, ENOENT, "read: the aggregate has been stopped");
	luaL_checkstack(L, 8, "read");
	ret = tl_subscription_read(s->sub, lua_toboolean(L, 2), on_row, &r, &ns, &err);
	if (r.failed)
		return lua_error(L);
	if (ret < 0)
		return tl_lua_fail(L, &err);
	lua_pushvalue(L, 3);
	lua_pushinteger(L, (lua_Integer)ns);
	return 2;
}

/* ---- explaining -------------------------------------------------------------------------------- */

/* row.code = the program's lines; the row is on top */
static void set_lines(lua_State *L, const struct tl_explanation *e)
{
	char text[96], line[128];
	size_t next;

	lua_newtable(L);
	for (size_t i = 0; (next = tl_explanation_line(e, i, text)); i = next) {
		snprintf(line, sizeof(line), "%4zu: %s", i, text);
		lua_pushstring(L, line);
		lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
	}
	lua_setfield(L, -2, "code");
}

/* Called by tl_subscription_explain() and tl_span_explain(), which have nothing to free: raising is harmless. */
void tl_lua_on_explanation(const struct tl_explanation *e, void *arg)
{
	lua_State *L = arg;

	lua_createtable(L, 0, 5);
	lua_pushstring(L, e->event);
	lua_setfield(L, -2, "event");
	if (e->clause) {
		lua_pushlstring(L, e->clause, e->len);
		lua_setfield(L, -2, "clause");
	}
	lua_pushstring(L, e->where);
	lua_setfield(L, -2, "where");
	lua_pushstring(L, e->why);
	lua_setfield(L, -2, "why");
	set_integer(L, "instructions", (int64_t)e->instructions);
	if (lua_toboolean(L, 2))
		set_lines(L, e);
	lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* subscription:explain([with_code]) -> { { event, clause, where, why, instructions, code = lines }, … } */
int tl_lua_subscription_explain(lua_State *L)
{
	struct tl_lua_subscription *s = tl_lua_subscription_check(L, 1);

	luaL_checkstack(L, 8, "explain");
	lua_settop(L, 2);
	lua_newtable(L);
	if (s->sub)
		tl_subscription_explain(s->sub, tl_lua_on_explanation, L);
	return 1;
}

/* subscription:set(name, value) -> true | nil, message, name */
int tl_lua_subscription_set(lua_State *L)
{
	struct tl_lua_subscription *s = tl_lua_subscription_check(L, 1);
	const char *name = luaL_checkstring(L, 2);
	struct tl_variable variable;
	struct tl_error err;

	lua_settop(L, 3);
	tl_lua_read_variable(L, name, &variable);
	if (!s->sub)
		return tl_lua_fail_errno(L, ENOENT, "set: the subscription has been stopped");
	if (tl_subscription_set(s->sub, &variable, &err))
		return tl_lua_fail(L, &err);
	lua_pushboolean(L, true);
	return 1;
}
