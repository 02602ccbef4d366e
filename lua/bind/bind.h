/* SPDX-License-Identifier: MIT */
/*
 * bind.h: what the files of the Lua module `traceleft.core` share. Each type has one file; its
 * userdata holds a pointer that is NULL when the thing is closed.
 */
#ifndef TL_BIND_H
#define TL_BIND_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "traceleft.h"

#define TL_SESSION_MT		"traceleft.core.session"
#define TL_SUBSCRIPTION_MT	"traceleft.core.subscription"
#define TL_SPAN_MT		"traceleft.core.span"
#define TL_CHILD_MT		"traceleft.core.child"

/* User values of a session. */
#define TL_SESSION_REFS		1	/* list: subscriptions, closures that deliver to them */
#define TL_SESSION_ON_ERROR	2	/* function or nil */
#define TL_SESSION_ERROR	3	/* the error that the next end of poll raises, or nil */
#define TL_SESSION_LOADING	4	/* function or nil */
#define TL_SESSION_LOADING_ERROR 5	/* what it raised, or nil */
#define TL_SESSION_NAMING	6	/* thread with the function that tells what cgroups are called, or nil */
#define TL_SESSION_VALUES	6

/* User values of a subscription. */
#define TL_SUBSCRIPTION_SESSION	1	/* keeps it alive */
#define TL_SUBSCRIPTION_FN	2
#define TL_SUBSCRIPTION_NAMES	3	/* the names in `fields` or `args`, or nil */

struct tl_lua_session {
	struct tl_session *session;
	struct tl_lua_subscription *subs;
	lua_State *L;			/* who polls or feeds; NULL: nobody */
	int self, refs, handler;	/* where these are on the stack of L */
	uint64_t run;			/* number of the poll or feed under way */
	bool failed;			/* TL_SESSION_ERROR is set */
	lua_State *loader;		/* who is told how far loading is; NULL: nobody */
	bool loading_failed;		/* TL_SESSION_LOADING_ERROR is set */
	const struct tl_view *view;	/* the record in hand */
};

struct tl_lua_plan;

struct tl_lua_slot {			/* how a subscription delivers one event */
	int ref;			/* its closure in TL_SESSION_REFS; 0: not made yet */
	struct tl_lua_plan *plan;	/* of the closure */
	uint64_t run;			/* in this run the closure is on the stack … */
	int stage;			/* … here; then comes what tl_lua_event_stage() pushed */
};

struct tl_lua_subscription {
	struct tl_subscription *sub;
	struct tl_lua_session *session;
	struct tl_lua_subscription *next;
	struct tl_lua_slot *slots;	/* by number of the event */
	size_t n_slots;
	bool args;			/* positional values instead of a table */
	int ref;			/* of itself in TL_SESSION_REFS */
	uint64_t seen, lost;		/* the last values … */
	struct tl_subscription_counts counts;	/* … once it is stopped */
};

#define TL_ARGS_AT_ONCE		8	/* more values go through the closure */

#define TL_STAGE_MAX		4000	/* slots of the stack for closures, functions and kept values */

/*
 * event.c: the closure that delivers one event. Where no value needs to be made, the function can be
 * called without it, from a stage: the closure, the function and the kept values on the stack.
 */
int tl_lua_event_closure(lua_State *L);
void tl_lua_push_list(lua_State *L, const struct tl_value *list);	/* as a table of strings */
void tl_lua_event_stage(lua_State *L, const struct tl_lua_plan *plan, int stage);
void tl_lua_event_restage(lua_State *L, const struct tl_lua_plan *plan, int stage);
bool tl_lua_event_push_args(lua_State *L, const struct tl_lua_plan *plan, int stage, int *n);

/* session.c */
int tl_lua_session_open(lua_State *L);
struct tl_lua_session *tl_lua_session_check(lua_State *L, int arg);
void tl_lua_session_register(lua_State *L);

/* describe.c: methods of a session */
int tl_lua_session_events(lua_State *L);
int tl_lua_session_describe(lua_State *L);
int tl_lua_session_nearest(lua_State *L);
int tl_lua_session_stats(lua_State *L);

/* deliver.c: from the core's callback into Lua */
void tl_lua_deliver(struct tl_subscription *sub, const struct tl_view *view, void *arg);

/* subscription.c */
int tl_lua_subscribe(lua_State *L);
void tl_lua_read_target(lua_State *L, int arg, struct tl_subscribe_opts *opts);
int tl_lua_subscription_new(lua_State *L, struct tl_subscribe_opts *opts, bool args);
struct tl_lua_subscription *tl_lua_subscription_check(lua_State *L, int arg);

/* aggregate.c: a session's method, and methods of subscriptions */
int tl_lua_aggregate(lua_State *L);
int tl_lua_subscription_read(lua_State *L);
int tl_lua_subscription_explain(lua_State *L);
int tl_lua_subscription_set(lua_State *L);
void tl_lua_on_explanation(const struct tl_explanation *e, void *L);

/* span.c */
int tl_lua_span(lua_State *L);
struct tl_span *tl_lua_opt_span(lua_State *L, int arg);
void tl_lua_span_register(lua_State *L);

/* query.c */
void tl_lua_read_query(lua_State *L, int arg, struct tl_subscribe_opts *opts);
void tl_lua_read_variable(lua_State *L, const char *name, struct tl_variable *v);
void tl_lua_subscription_detach(struct tl_lua_subscription *s);
void tl_lua_subscription_register(lua_State *L);

/* target.c */
const struct tl_selector *tl_lua_to_selector(lua_State *L, int arg);
int tl_lua_cgroups(lua_State *L);
int tl_lua_stat(lua_State *L);
int tl_lua_session_targets(lua_State *L);

/* naming.c: a session's method */
int tl_lua_name_cgroups(lua_State *L);

/* child.c, words.c, signal.c, wait.c */
int tl_lua_spawn(lua_State *L);
void tl_lua_child_register(lua_State *L);
int tl_lua_split(lua_State *L);
int tl_lua_catch_signals(lua_State *L);
int tl_lua_signalled(lua_State *L);
int tl_lua_wait(lua_State *L);
void tl_lua_signals_to(struct tl_session *session);
void tl_lua_signals_forget(struct tl_session *session);

/* loading.c */
void tl_lua_loading_keep(lua_State *L, struct tl_open_opts *opts, struct tl_lua_session *s);
bool tl_lua_on_loading(void *arg, size_t done, size_t total);
void tl_lua_loading_begin(lua_State *L, struct tl_lua_session *s);
void tl_lua_loading_end(lua_State *L, struct tl_lua_session *s);

/* options.c: reading the table at index 1. A wrong value raises, naming the option. */
void tl_lua_check_options(lua_State *L, int arg, const char *const known[]);
const char **tl_lua_opt_strings(lua_State *L, int arg, const char *name);
const char *tl_lua_opt_text(lua_State *L, int arg, const char *name);
bool tl_lua_opt_bool(lua_State *L, int arg, const char *name);
int *tl_lua_opt_pids(lua_State *L, int arg, size_t *count);
size_t tl_lua_opt_size(lua_State *L, int arg, const char *name);

/* core.c: nil, message, name of the errno. Returns 3. */
int tl_lua_fail(lua_State *L, const struct tl_error *err);
int tl_lua_fail_errno(lua_State *L, int number, const char *what);
int tl_lua_traceback(lua_State *L);

__attribute__((visibility("default"))) int luaopen_traceleft_core(lua_State *L);

#endif
