/* SPDX-License-Identifier: MIT */
/*
 * event.c: a record as Lua values. Each pair of a subscription and an event has a plan: which fields,
 * in which order. The plan is upvalue 1 of a C closure that makes one call from the record in hand;
 * upvalue 2 is the function to call, then come the keys, then the last value of each column that is
 * worth keeping (comm, error, addresses: the next record often has the same one).
 */
#include <arpa/inet.h>
#include <string.h>

#include "bind.h"

#define CACHED_MAX	16	/* bytes: a comm, an IPv6 address */
#define UPVALUE_FN	2
#define UPVALUE_KEYS	3

struct column {
	const struct tl_field *field;	/* NULL: this event has no such field */
	uint8_t kind;			/* enum tl_kind of the kept value; TL_UNREAD: none is kept */
	uint8_t len;
	char bytes[CACHED_MAX];		/* what the kept value was made from */
};

struct tl_lua_plan {
	struct tl_lua_session *session;
	bool at_once;			/* tl_lua_event_push_args() may succeed */
	const struct tl_field *fields[TL_ARGS_AT_ONCE];	/* of the columns, if at_once */
	size_t n;
	struct column columns[];
};

static int key_at(size_t i)
{
	return lua_upvalueindex(UPVALUE_KEYS + (int)i);
}

static int value_at(const struct tl_lua_plan *plan, size_t i)
{
	return lua_upvalueindex(UPVALUE_KEYS + (int)plan->n + (int)i);
}

/* ---- one value ------------------------------------------------------------------------------- */

void tl_lua_push_list(lua_State *L, const struct tl_value *list)
{
	const char *at = NULL;
	size_t len;

	lua_newtable(L);
	for (lua_Integer i = 1; (at = tl_list_next(list, at, &len)); i++) {
		lua_pushlstring(L, at, len);
		lua_rawseti(L, -2, i);
	}
}

/* The elements of an array, each a table of its members. */
static void push_array(lua_State *L, const struct tl_field *field, const struct tl_value *array)
{
	size_t n = tl_array_count(field, array);

	lua_createtable(L, (int)n, 0);
	for (size_t i = 0; i < n; i++) {
		lua_createtable(L, 0, (int)field->layout->n_members);
		for (size_t k = 0; k < field->layout->n_members; k++) {
			const struct tl_field *member = &field->layout->members[k];
			struct tl_value value;

			tl_array_read(field, array, i, member, &value);
			lua_pushinteger(L, (lua_Integer)value.u);
			lua_setfield(L, -2, member->name);
		}
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

static bool is_kept(const struct column *column, enum tl_kind kind, const void *bytes, size_t len)
{
	return column->kind == kind && column->len == len && memcmp(column->bytes, bytes, len) == 0;
}

/* Pushes the kept value if it was made from the same bytes; makes and keeps it otherwise. */
static void push_kept(lua_State *L, struct tl_lua_plan *plan, size_t i, enum tl_kind kind, const void *bytes,
		      size_t len)
{
	struct column *column = &plan->columns[i];
	char text[INET6_ADDRSTRLEN];

	if (is_kept(column, kind, bytes, len)) {
		lua_pushvalue(L, value_at(plan, i));
		return;
	}
	if (kind == TL_IP)
		lua_pushstring(L, inet_ntop(len == 4 ? AF_INET : AF_INET6, bytes, text, sizeof(text)));
	else
		lua_pushlstring(L, bytes, len);
	lua_pushvalue(L, -1);
	lua_replace(L, value_at(plan, i));
	column->kind = (uint8_t)kind;
	column->len = (uint8_t)len;
	memcpy(column->bytes, bytes, len);
}

static void push_string(lua_State *L, struct tl_lua_plan *plan, size_t i, const struct tl_value *value)
{
	enum tl_type type = plan->columns[i].field->type;

	if ((type == TL_TYPE_COMM || type == TL_TYPE_ERROR) && value->s.len <= CACHED_MAX)
		push_kept(L, plan, i, TL_STRING, value->s.ptr, value->s.len);
	else
		lua_pushlstring(L, value->s.ptr, value->s.len);
}

/* Pushes a value that takes no memory. */
static void push_plain(lua_State *L, const struct tl_value *value)
{
	if (value->kind == TL_INT || value->kind == TL_UINT)
		lua_pushinteger(L, (lua_Integer)value->u);
	else if (value->kind == TL_BOOL)
		lua_pushboolean(L, value->i != 0);
	else
		lua_pushnil(L);
}

static void push_value(lua_State *L, struct tl_lua_plan *plan, size_t i, const struct tl_value *value)
{
	switch (value->kind) {
	case TL_STRING:
		push_string(L, plan, i, value);
		break;
	case TL_LIST:
		tl_lua_push_list(L, value);
		break;
	case TL_ARRAY:
		push_array(L, plan->columns[i].field, value);
		break;
	case TL_IP:
		push_kept(L, plan, i, TL_IP, value->ip.bytes, value->ip.family == AF_INET ? 4 : 16);
		break;
	default:
		push_plain(L, value);
	}
}

/* The event's name is the same in every record: it is kept from the begin. */
static bool is_name(const struct column *column)
{
	return column->field && column->field->type == TL_TYPE_EVENT;
}

/* ---- a call ---------------------------------------------------------------------------------- */

/* Sets table[key] to the list of the names of these columns; the table is on top. */
static void set_names(lua_State *L, const struct tl_lua_plan *plan, const char *key, uint64_t columns)
{
	lua_Integer n = 1;

	lua_newtable(L);
	for (size_t i = 0; i < plan->n; i++) {
		if (columns >> i & 1) {
			lua_pushvalue(L, key_at(i));
			lua_rawseti(L, -2, n++);
		}
	}
	lua_setfield(L, -2, key);
}

/* Calls the function with a fresh table. */
static int deliver_table(lua_State *L)
{
	struct tl_lua_plan *plan = lua_touserdata(L, lua_upvalueindex(1));
	const struct tl_view *view = plan->session->view;
	uint64_t unread = 0, cut = 0, changed = 0, late = 0;

	lua_pushvalue(L, lua_upvalueindex(UPVALUE_FN));
	lua_createtable(L, 0, (int)plan->n);
	for (size_t i = 0; i < plan->n; i++) {
		struct tl_value value = { .kind = TL_STRING };

		if (is_name(&plan->columns[i])) {
			lua_pushvalue(L, key_at(i));
			lua_pushvalue(L, value_at(plan, i));
			lua_rawset(L, -3);
			continue;
		}
		tl_field_read(view, plan->columns[i].field, &value);
		if (value.kind == TL_UNREAD || value.kind == TL_NIL) {
			unread |= (uint64_t)(value.kind == TL_UNREAD) << i;
			continue;
		}
		lua_pushvalue(L, key_at(i));
		push_value(L, plan, i, &value);
		lua_rawset(L, -3);	/* fn table */
		cut |= (uint64_t)value.cut << i;
		changed |= (uint64_t)value.changed << i;
		late |= (uint64_t)value.late << i;
	}
	if (unread)
		set_names(L, plan, "unread", unread);
	if (cut)
		set_names(L, plan, "cut", cut);
	if (changed)
		set_names(L, plan, "changed", changed);
	if (late)
		set_names(L, plan, "late", late);
	lua_call(L, 1, 0);
	return 0;
}

/* Calls the function with positional values. */
static int deliver_args(lua_State *L)
{
	struct tl_lua_plan *plan = lua_touserdata(L, lua_upvalueindex(1));
	const struct tl_view *view = plan->session->view;

	lua_pushvalue(L, lua_upvalueindex(UPVALUE_FN));
	for (size_t i = 0; i < plan->n; i++) {
		struct column *column = &plan->columns[i];
		struct tl_value value = { .kind = TL_NIL };

		if (is_name(column)) {
			lua_pushvalue(L, value_at(plan, i));
			continue;
		}
		if (column->field)
			tl_field_read(view, column->field, &value);
		push_value(L, plan, i, &value);
	}
	lua_call(L, (int)plan->n, 0);
	return 0;
}

/* ---- a call without the closure's own -------------------------------------------------------- */

/* Pushes behind the closure, which is on top at `stage`, the function and a kept value per column. */
void tl_lua_event_stage(lua_State *L, const struct tl_lua_plan *plan, int stage)
{
	if (!plan->at_once)
		return;
	lua_getupvalue(L, stage, UPVALUE_FN);
	for (size_t i = 0; i < plan->n; i++)
		lua_getupvalue(L, stage, UPVALUE_KEYS + (int)(plan->n + i));
}

/* Takes over what the closure has kept meanwhile. */
void tl_lua_event_restage(lua_State *L, const struct tl_lua_plan *plan, int stage)
{
	if (!plan->at_once)
		return;
	for (int i = 0; i < (int)plan->n; i++) {
		lua_getupvalue(L, stage, UPVALUE_KEYS + (int)plan->n + i);
		lua_replace(L, stage + 2 + i);
	}
}

/*
 * Pushes the function and its n values, if all of them can be had without making anything, since
 * that could raise.
 */
bool tl_lua_event_push_args(lua_State *L, const struct tl_lua_plan *plan, int stage, int *n)
{
	struct tl_value values[TL_ARGS_AT_ONCE];

	if (!plan->at_once)
		return false;
	tl_fields_read(plan->session->view, plan->fields, plan->n, values);
	for (size_t i = 0; i < plan->n; i++) {
		if (values[i].kind == TL_STRING && !is_name(&plan->columns[i]) &&
		    !is_kept(&plan->columns[i], TL_STRING, values[i].s.ptr, values[i].s.len))
			return false;
	}
	lua_pushvalue(L, stage + 1);
	for (int i = 0; i < (int)plan->n; i++) {
		if (values[i].kind == TL_STRING)
			lua_pushvalue(L, stage + 2 + i);
		else
			push_plain(L, &values[i]);
	}
	*n = (int)plan->n;
	return true;
}

/* ---- the plan -------------------------------------------------------------------------------- */

/* Fills the columns from the list of names at `names`: those that the event has, or with args all. */
static void plan_names(lua_State *L, struct tl_lua_plan *plan, const struct tl_event *event, int names, bool args)
{
	lua_Integer n = luaL_len(L, names);

	for (lua_Integer i = 1; i <= n; i++) {
		const struct tl_field *field;

		lua_rawgeti(L, names, i);
		field = tl_event_field(event, lua_tostring(L, -1));
		lua_pop(L, 1);
		if (field || args)
			plan->columns[plan->n++].field = field;
	}
}

/* Whether values of this type can be pushed without making a new string or table, at least often. */
static bool is_ready(const struct tl_field *field)
{
	static const uint32_t made = 1U << TL_TYPE_STR | 1U << TL_TYPE_BYTES | 1U << TL_TYPE_LIST |
				     1U << TL_TYPE_PATH | 1U << TL_TYPE_FILE | 1U << TL_TYPE_SOCKADDR |
				     1U << TL_TYPE_ARRAY | 1U << TL_TYPE_IP;

	return !field || !(made >> field->type & 1);
}

/* Pushes the plan of an event; names: the index of the list of names, or of nil for all fields. */
static struct tl_lua_plan *push_plan(lua_State *L, const struct tl_lua_subscription *s,
			      const struct tl_event *event, int names)
{
	bool all = lua_isnil(L, names);
	size_t most = all ? event->n_fields : (size_t)luaL_len(L, names);
	size_t size = sizeof(struct tl_lua_plan) + most * sizeof(struct column);
	struct tl_lua_plan *plan = lua_newuserdatauv(L, size, 0);
	unsigned int errors = 0;

	memset(plan, 0, size);
	plan->session = s->session;
	if (!all)
		plan_names(L, plan, event, names, s->args);
	for (size_t i = 0; all && i < event->n_fields; i++)
		if (!event->fields[i].named)
			plan->columns[plan->n++].field = &event->fields[i];
	plan->at_once = s->args && plan->n <= TL_ARGS_AT_ONCE;
	for (size_t i = 0; plan->at_once && i < plan->n; i++) {
		const struct tl_field *field = plan->columns[i].field;

		plan->fields[i] = field;
		errors += field && field->type == TL_TYPE_ERROR;	/* see tl_fields_read() */
		plan->at_once = is_ready(field) && errors < 2;
	}
	return plan;
}

/* (subscription, event light userdata) -> closure, plan light userdata */
int tl_lua_event_closure(lua_State *L)
{
	struct tl_lua_subscription *s = lua_touserdata(L, 1);
	const struct tl_event *event = lua_touserdata(L, 2);
	struct tl_lua_plan *plan;

	lua_settop(L, 2);
	lua_getiuservalue(L, 1, TL_SUBSCRIPTION_NAMES);
	plan = push_plan(L, s, event, 3);
	luaL_checkstack(L, 2 * (int)plan->n + 2, event->name);
	lua_getiuservalue(L, 1, TL_SUBSCRIPTION_FN);
	for (size_t i = 0; i < plan->n; i++)		/* plan fn */
		lua_pushstring(L, plan->columns[i].field ? plan->columns[i].field->name : NULL);
	for (size_t i = 0; i < plan->n; i++) {		/* plan fn key... */
		struct column *column = &plan->columns[i];

		lua_pushstring(L, is_name(column) ? event->name : NULL);
	}
	lua_pushcclosure(L, s->args ? deliver_args : deliver_table, 2 + 2 * (int)plan->n);
	lua_pushlightuserdata(L, plan);
	return 2;
}
