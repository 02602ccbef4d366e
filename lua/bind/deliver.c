/* SPDX-License-Identifier: MIT */
/*
 * deliver.c: the one door from the core's callback into Lua. The frames of libbpf lie between it and
 * the script's call of poll, so nothing here may raise: whatever can is inside lua_pcall.
 */
#include <stdlib.h>
#include <string.h>

#include "bind.h"

/* Gives an error, which is on top, to the handler; keeps it for the end of the poll when there is none. */
static void report(lua_State *L, struct tl_lua_session *session)
{
	if (lua_getiuservalue(L, session->self, TL_SESSION_ON_ERROR) == LUA_TFUNCTION) {
		lua_insert(L, -2);	/* handler error */
		if (lua_pcall(L, 1, 0, 0) == LUA_OK)
			return;
	} else {
		lua_pop(L, 1);
	}
	if (session->failed) {		/* the first one is the one to know */
		lua_pop(L, 1);
		return;
	}
	session->failed = true;
	lua_setiuservalue(L, session->self, TL_SESSION_ERROR);
}

static bool grow_slots(struct tl_lua_subscription *s, size_t n)
{
	struct tl_lua_slot *slots;

	if (n <= s->n_slots)
		return true;
	slots = realloc(s->slots, n * sizeof(*slots));
	if (!slots)
		return false;
	memset(slots + s->n_slots, 0, (n - s->n_slots) * sizeof(*slots));
	s->slots = slots;
	s->n_slots = n;
	return true;
}

/* (refs, subscription, event light userdata): makes the closure and puts it where delivery finds it */
static int prepare(lua_State *L)
{
	struct tl_lua_subscription *s = lua_touserdata(L, 2);
	const struct tl_event *event = lua_touserdata(L, 3);
	struct tl_lua_plan *plan;
	int ref;

	lua_pushcfunction(L, tl_lua_event_closure);
	lua_pushvalue(L, 2);
	lua_pushvalue(L, 3);
	lua_call(L, 2, 2);
	plan = lua_touserdata(L, -1);
	lua_pop(L, 1);
	ref = luaL_ref(L, 1);
	if (!grow_slots(s, (size_t)event->number + 1)) {
		luaL_unref(L, 1, ref);
		return luaL_error(L, "not enough memory");
	}
	s->slots[event->number] = (struct tl_lua_slot){ .ref = ref, .plan = plan };
	return 0;
}

static bool is_prepared(const struct tl_lua_subscription *s, const struct tl_event *event)
{
	return event->number < s->n_slots && s->slots[event->number].ref;
}

/* Makes the closure of a pair of subscription and event, when its first record comes. */
static bool prepare_slot(lua_State *L, struct tl_lua_session *session, struct tl_lua_subscription *s,
			 const struct tl_event *event)
{
	lua_pushcfunction(L, prepare);
	lua_pushvalue(L, session->refs);
	lua_rawgeti(L, session->refs, s->ref);
	lua_pushlightuserdata(L, (void *)event);
	if (lua_pcall(L, 3, 0, session->handler) == LUA_OK)
		return true;
	report(L, session);
	return false;
}

/*
 * Where the closure is on the stack until the poll ends, put there by its first record; 0: there is
 * no room for it. Getting values from the stack is the cheapest way there is.
 */
static int stage_of(lua_State *L, const struct tl_lua_session *session, struct tl_lua_slot *slot)
{
	if (slot->run == session->run)
		return slot->stage;
	if (lua_gettop(L) >= TL_STAGE_MAX || !lua_checkstack(L, 2 * LUA_MINSTACK))
		return 0;
	lua_rawgeti(L, session->refs, slot->ref);
	slot->stage = lua_gettop(L);
	slot->run = session->run;
	tl_lua_event_stage(L, slot->plan, slot->stage);
	return slot->stage;
}

/* Calls the closure, which may have to make values, and keeps them on the stage. */
static void call_closure(lua_State *L, struct tl_lua_session *session, const struct tl_lua_slot *slot, int stage)
{
	const struct tl_lua_plan *plan = slot->plan;

	if (stage)
		lua_pushvalue(L, stage);
	else
		lua_rawgeti(L, session->refs, slot->ref);
	if (lua_pcall(L, 0, 0, session->handler))	/* the slot may be gone from here on */
		report(L, session);
	if (stage)
		tl_lua_event_restage(L, plan, stage);
}

void tl_lua_deliver(struct tl_subscription *sub, const struct tl_view *view, void *arg)
{
	struct tl_lua_subscription *s = arg;
	struct tl_lua_session *session = s->session;
	lua_State *L = session->L;
	struct tl_lua_slot *slot;
	int n, stage;

	(void)sub;
	if (!is_prepared(s, view->event) && !prepare_slot(L, session, s, view->event))
		return;
	slot = &s->slots[view->event->number];
	session->view = view;
	stage = stage_of(L, session, slot);
	if (!stage || !tl_lua_event_push_args(L, slot->plan, stage, &n))
		call_closure(L, session, slot, stage);
	else if (lua_pcall(L, n, 0, session->handler))
		report(L, session);
}
