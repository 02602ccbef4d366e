/* SPDX-License-Identifier: MIT */
/* describe.c: what a session knows: its events, their fields, its counts. */
#include <errno.h>

#include "bind.h"

static const char *const type_names[] = {
	[TL_TYPE_U8] = "u8", [TL_TYPE_U16] = "u16", [TL_TYPE_U32] = "u32", [TL_TYPE_U64] = "u64",
	[TL_TYPE_S8] = "s8", [TL_TYPE_S16] = "s16", [TL_TYPE_S32] = "s32", [TL_TYPE_S64] = "s64",
	[TL_TYPE_BOOL] = "bool", [TL_TYPE_ERROR] = "error", [TL_TYPE_COMM] = "comm",
	[TL_TYPE_STR] = "str", [TL_TYPE_BYTES] = "bytes", [TL_TYPE_LIST] = "list",
	[TL_TYPE_PATH] = "path", [TL_TYPE_FILE] = "file",
	[TL_TYPE_SOCKADDR] = "sockaddr", [TL_TYPE_ARRAY] = "array", [TL_TYPE_IP] = "ip", [TL_TYPE_EVENT] = "event",
};

/* session:events() -> list of names */
int tl_lua_session_events(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	const struct tl_event *event;

	lua_newtable(L);
	for (size_t i = 0; (event = tl_session_event(s->session, i)); i++) {
		lua_pushstring(L, event->name);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

static void set_string(lua_State *L, const char *key, const char *text)
{
	lua_pushstring(L, text ? text : "");
	lua_setfield(L, -2, key);
}

static void push_field(lua_State *L, const struct tl_field *field)
{
	lua_createtable(L, 0, 6);
	set_string(L, "name", field->name);
	set_string(L, "type", type_names[field->type]);
	set_string(L, "meaning", field->meaning);
	set_string(L, "doc", field->doc);
	set_string(L, "arg", field->arg);
	if (field->named) {
		lua_pushboolean(L, true);
		lua_setfield(L, -2, "named");
	}
	if (!field->layout)
		return;
	lua_createtable(L, (int)field->layout->n_members, 0);
	for (size_t i = 0; i < field->layout->n_members; i++) {
		push_field(L, &field->layout->members[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_setfield(L, -2, "members");
}

/*
 * session:describe(name) -> { name, class, doc, fields = { { name, type, meaning, doc, arg [, members] } ... } }
 * | nil, message, name
 */
int tl_lua_session_describe(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	const char *name = luaL_checkstring(L, 2);
	const struct tl_event *event = tl_session_find(s->session, name);

	if (!event)
		return tl_lua_fail_errno(L, ENOENT, lua_pushfstring(L, "%s: no such event", name));
	lua_createtable(L, 0, 3);
	set_string(L, "name", event->name);
	set_string(L, "doc", event->doc);
	set_string(L, "class", event->classes);
	lua_createtable(L, (int)event->n_fields, 0);
	for (size_t i = 0; i < event->n_fields; i++) {
		push_field(L, &event->fields[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_setfield(L, -2, "fields");
	return 1;
}

/* session:nearest(word [, event]) -> name or nil: of the events, or of the event's fields */
int tl_lua_session_nearest(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	const char *word = luaL_checkstring(L, 2);
	const char *event = luaL_optstring(L, 3, NULL);

	lua_pushstring(L, tl_session_nearest(s->session, event, word));
	return 1;
}

static void set_count(lua_State *L, const char *key, uint64_t count)
{
	lua_pushinteger(L, (lua_Integer)count);
	lua_setfield(L, -2, key);
}

/* session:stats() -> { made, delivered, unclaimed, lost, unfinished, wakeups, causes = { name = count } } | nil, message, name */
int tl_lua_session_stats(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	struct tl_stats stats = { 0 };
	struct tl_error err;
	const char *cause;

	if (tl_session_stats(s->session, &stats, &err))
		return tl_lua_fail(L, &err);
	lua_createtable(L, 0, 7);
	set_count(L, "made", stats.made);
	set_count(L, "delivered", stats.delivered);
	set_count(L, "unclaimed", stats.unclaimed);
	set_count(L, "lost", stats.lost);
	set_count(L, "held", stats.held);
	set_count(L, "pending", stats.pending);
	set_count(L, "unfinished", stats.unfinished);
	set_count(L, "wakeups", stats.wakeups);
	lua_newtable(L);
	for (size_t i = 0; (cause = tl_lost_cause(i)); i++)
		set_count(L, cause, stats.causes[i]);
	lua_setfield(L, -2, "causes");
	return 1;
}
