// SPDX-License-Identifier: MIT
/*
 * From what the subscriptions want to what the kernel side does. The whole is computed anew at each
 * change and compared with what is there, so subscriptions may come and go in any order.
 *
 * The order of the writes is what keeps events whole: whoever sees the bit of a subscription also
 * sees the fields that it wants, the handlers, the verdicts, and its targets. A place in a chain of handlers is
 * never given to another one: a chain may be under way on another CPU.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "load/kernel_btf.h"
#include "load/settle.h"
#include "session/session.h"
#include "target/identity.h"
#include "target/watch.h"
#include "verdict/verdict.h"

#define NAMES_MAX 2048

struct plan {
	struct tl_session *session;
	const char *names[NAMES_MAX];	/* programs that must be loaded */
	size_t n_names;
	const char *attach[NAMES_MAX];	/* those of them that must be attached, in this order */
	size_t n_attach;
	bool identity;			/* somebody asks who processes are */
	struct tl_event_state events[TL_EVENTS_MAX];
	struct tl_route routes[TL_SIDES][TL_SYSCALLS_MAX];
	const char *handlers[TL_SIDES][TL_SYSCALLS_MAX][TL_CHAIN_MAX];
};

static int add_name(const char **list, size_t *n, const char *name, struct tl_error *err)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp(list[i], name))
			return 0;
	if (*n == NAMES_MAX)
		return tl_fail(err, -ENOSPC, "%s: more than %d programs at a time", name, NAMES_MAX);
	list[(*n)++] = name;
	return 0;
}

/* The flavour of a program that this kernel needs. */
static const char *flavour(const struct plan *plan, const char *name)
{
	const struct tl_session *session = plan->session;

	return session->programs.classic ? tl_batteries_classic(&session->batteries, name) : name;
}

static int add_attach(struct plan *plan, const char *wanted, struct tl_error *err)
{
	const char *name = flavour(plan, wanted);
	int ret = add_name(plan->attach, &plan->n_attach, name, err);

	return ret ? ret : add_name(plan->names, &plan->n_names, name, err);
}

static int add_handler(struct plan *plan, const struct tl_call_route *route, struct tl_error *err)
{
	const char **chain = plan->handlers[route->side][route->nr], *name = flavour(plan, route->program);

	for (int i = 0; i < TL_CHAIN_MAX; i++) {
		if (!chain[i])
			chain[i] = name;
		if (!strcmp(chain[i], name))
			return add_name(plan->names, &plan->n_names, name, err);
	}
	return tl_fail(err, -ENOSPC, "system call %d: more than %d handlers", route->nr, TL_CHAIN_MAX);
}

/*
 * What the base programs do for a call. Whatever happens at its begin is found at its end by the time
 * that was kept, so that is kept too.
 */
static void add_need(struct plan *plan, const struct tl_need *need, uint64_t bit)
{
	struct tl_route *route = &plan->routes[need->side][need->nr];

	if (need->part_work)
		route->parts[need->part] = need->part_work;
	route->work |= need->work;
	if (need->side == TL_ENTER) {
		route->subs |= bit;
		route->work |= TL_WORK_TIME;
		plan->routes[TL_EXIT][need->nr].work |= route->work;
	}
}

static bool has_parts(const struct tl_route *route)
{
	static const uint8_t none[TL_PARTS];

	return memcmp(route->parts, none, sizeof(none)) != 0;
}

/* The calls that an event is about. Without a handler: all that is wanted is done by the early verdict. */
static int plan_calls(struct plan *plan, const struct tl_entry *entry, uint64_t bit, uint64_t fields, bool handler,
		      struct tl_error *err)
{
	bool early = tl_verdict_needed(plan->session, entry->event.number, TL_STAGE_EARLY);
	int ret = 0;

	for (size_t i = 0; !ret && i < entry->n_routes; i++) {
		const struct tl_call_route *call = &entry->routes[i];
		struct tl_route *route = &plan->routes[call->side][call->nr];

		route->subs |= bit;
		route->fields |= fields;
		if (!tl_entry_is_early(entry))
			route->others |= bit;
		else if (early)
			route->early = (uint16_t)(entry->event.number + 1);
		if (handler)
			ret = add_handler(plan, call, err);
	}
	return ret;
}

/* Whether the kernel has the hook: looking through its types takes some ms, so once. */
static bool is_there(struct tl_maybe *maybe)
{
	if (!maybe->there)
		maybe->there = tl_kernel_has_hook(maybe->hook) ? 1 : -1;
	return maybe->there > 0;
}

/* What one event of one subscription needs. */
static int plan_event(struct plan *plan, const struct tl_subscription *sub, size_t nth, struct tl_error *err)
{
	const struct tl_entry *entry = tl_batteries_entry(&plan->session->batteries, sub->events[nth]);
	struct tl_event_state *state = &plan->events[entry->event.number];
	uint64_t bit = TL_BIT(sub->bit), fields = sub->fields[nth];
	bool handler = !tl_verdict_is_all(sub, nth);
	int ret = tl_batteries_settle(&plan->session->batteries, sub->events[nth], err);

	if (handler) {
		state->subs |= bit;
		state->fields |= fields;
		state->payload = sub->payload > state->payload ? sub->payload : state->payload;
	}
	for (size_t i = 0; !ret && i < entry->n_attaches; i++)
		ret = add_attach(plan, entry->attaches[i], err);
	for (size_t i = 0; !ret && i < entry->n_maybes; i++)
		if (is_there(&entry->maybes[i]))
			ret = add_attach(plan, entry->maybes[i].program, err);
	if (!ret)
		ret = plan_calls(plan, entry, bit, fields, handler, err);
	for (size_t i = 0; i < entry->n_needs; i++)
		if (entry->needs[i].fields & fields)
			add_need(plan, &entry->needs[i], bit);
	return ret;
}

/* The hooks that keep the target map true. They come first, so that they also run first. */
static int plan_targets(struct plan *plan, const struct tl_subscription *sub, struct tl_error *err)
{
	const struct tl_session *session = plan->session;
	const char *name;
	uint32_t kinds;
	bool attach, globs;
	int ret = 0;

	if (!sub->terms)
		return 0;
	kinds = tl_terms_kinds(&session->targets.leaves, sub->terms);
	globs = tl_targets_has_globs(session, sub->terms);
	for (size_t i = 0; !ret && (name = tl_targets_program(kinds, globs, i, &attach)); i++)
		ret = attach ? add_attach(plan, name, err) : add_name(plan->names, &plan->n_names, name, err);
	return ret;
}

static bool asks_who(const struct tl_subscription *sub)
{
	for (size_t i = 0; i < sub->n_events; i++)
		if (sub->fields[i] & TL_IDENTITY_FIELDS)
			return true;
	return false;
}

/* What keeps who processes are. It also comes before events, so that an exec has the new program. */
static int plan_identity(struct plan *plan, struct tl_error *err)
{
	const struct tl_session *session = plan->session;
	const char *name;
	bool attach;
	int ret = 0;

	for (size_t i = 0; i < TL_SUBS_MAX; i++)
		plan->identity |= tl_subscription_is_active(session->subs[i]) && asks_who(session->subs[i]);
	for (size_t i = 0; !ret && plan->identity && (name = tl_identity_program(i, &attach)); i++)
		ret = attach ? add_attach(plan, name, err) : add_name(plan->names, &plan->n_names, name, err);
	return ret;
}

static int plan_subscription(struct plan *plan, const struct tl_subscription *sub, struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < sub->n_events; i++)
		ret = plan_event(plan, sub, i, err);
	return ret;
}

static const char *judged(const struct plan *plan, enum tl_side side)
{
	static const char *const names[TL_SIDES] = { "tl_judged_sys_enter", "tl_judged_sys_exit" };

	return plan->session->programs.classic ? "tl_judged_classic" : names[side];
}

/* What verdicts go on to comes along: to load it when one is asked for would take as long as a start. */
static int plan_side(struct plan *plan, enum tl_side side, const char *program, struct tl_error *err)
{
	for (size_t nr = 0; nr < TL_SYSCALLS_MAX; nr++) {
		int ret;

		if (!plan->routes[side][nr].subs)
			continue;
		ret = add_attach(plan, program, err);
		return ret ? ret : add_name(plan->names, &plan->n_names, judged(plan, side), err);
	}
	return 0;
}

static const char *const prepare_programs[TL_SIDES] = { "tl_prepare_enter", "tl_prepare_exit" };

/* The programs that work on parts, which routes name by slot. */
static int plan_prepare(struct plan *plan, struct tl_error *err)
{
	int ret = 0;

	for (int side = 0; !ret && side < TL_SIDES; side++)
		for (size_t nr = 0; !ret && nr < TL_SYSCALLS_MAX; nr++)
			if (has_parts(&plan->routes[side][nr]))
				ret = add_name(plan->names, &plan->n_names,
					       flavour(plan, prepare_programs[side]), err);
	return ret;
}

/* The base programs that the routes need; sys_exit after sys_enter, so that no call lacks its begin. */
static int plan_base(struct plan *plan, struct tl_error *err)
{
	int ret = plan_prepare(plan, err);

	if (!ret)
		ret = plan_side(plan, TL_ENTER, "tl_sys_enter", err);
	return ret ? ret : plan_side(plan, TL_EXIT, "tl_sys_exit", err);
}

/* The programs that verdicts of one event and stage go on to. */
static int plan_judged(struct plan *plan, const struct tl_entry *entry, bool early, struct tl_error *err)
{
	struct tl_hook *hooks[TL_HOOKS_MAX];
	int n = tl_verdicts_hooks(plan->session, entry, early, hooks, err), ret = n < 0 ? n : 0;

	for (int i = 0; !ret && i < n; i++)
		ret = add_name(plan->names, &plan->n_names, hooks[i]->judged_name, err);
	return ret;
}

static int plan_verdicts(struct plan *plan, struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < plan->session->batteries.n_events; i++) {
		const struct tl_entry *entry = tl_batteries_entry(&plan->session->batteries, i);

		if (tl_verdict_needed(plan->session, (uint16_t)i, TL_STAGE_EARLY))
			ret = plan_judged(plan, entry, true, err);
		if (ret || !tl_verdict_needed(plan->session, (uint16_t)i, TL_STAGE_LATE))
			continue;
		plan->events[i].verdict = 1;
		ret = plan_judged(plan, entry, false, err);
	}
	return ret;
}

static int make_plan(struct plan *plan, struct tl_session *session, struct tl_error *err)
{
	int ret = 0;

	/* Paused ones keep their targets true: children that are born meanwhile count after resume. */
	for (size_t i = 0; !ret && i < TL_SUBS_MAX; i++)
		if (session->subs[i] && !session->subs[i]->stopped)
			ret = plan_targets(plan, session->subs[i], err);
	if (!ret)
		ret = plan_identity(plan, err);
	for (size_t i = 0; !ret && i < TL_SUBS_MAX; i++)
		if (tl_subscription_is_active(session->subs[i]))
			ret = plan_subscription(plan, session->subs[i], err);
	if (!ret)
		ret = plan_verdicts(plan, err);
	return ret ? ret : plan_base(plan, err);
}

/* Appends what the chain of a call lacks; what is there stays where it is. */
static int extend_chain(struct tl_session *session, const char *const *wanted, enum tl_side side,
			struct tl_route *route, struct tl_error *err)
{
	for (int i = 0; i < TL_CHAIN_MAX && wanted[i]; i++) {
		int slot = tl_programs_slot(&session->programs,
					    tl_programs_find(&session->programs, wanted[i]), side,
					    err), k = 0;

		if (slot < 0)
			return slot;
		while (k < TL_CHAIN_MAX && route->handlers[k] && route->handlers[k] != slot)
			k++;
		if (k == TL_CHAIN_MAX)
			return tl_fail(err, -ENOSPC, "%s: more than %d handlers on one system call",
				       wanted[i], TL_CHAIN_MAX);
		route->handlers[k] = (uint16_t)slot;
	}
	return 0;
}

/* Says in the plan where the programs are that work on parts. */
static int place_prepare(struct tl_session *session, struct plan *plan, enum tl_side side, struct tl_error *err)
{
	struct tl_program *program = tl_programs_find(&session->programs, flavour(plan, prepare_programs[side]));
	int slot = program ? tl_programs_slot(&session->programs, program, side, err) : 0;

	for (size_t nr = 0; slot > 0 && nr < TL_SYSCALLS_MAX; nr++)
		if (has_parts(&plan->routes[side][nr]))
			plan->routes[side][nr].prepare = (uint16_t)slot;
	return slot < 0 ? slot : 0;
}

static int extend_chains(struct tl_session *session, struct plan *plan, struct tl_error *err)
{
	int ret = place_prepare(session, plan, TL_ENTER, err);

	if (!ret)
		ret = place_prepare(session, plan, TL_EXIT, err);

	for (enum tl_side side = TL_ENTER; side < TL_SIDES; side++)
		for (size_t nr = 0; !ret && nr < TL_SYSCALLS_MAX; nr++)
			ret = extend_chain(session, plan->handlers[side][nr], side,
					   &session->shared->routes[side][nr], err);
	return ret;
}

/* What is no longer wanted stops first. Bits are only taken away here. */
static void write_less(struct tl_shared *shared, const struct plan *plan)
{
	for (int side = 0; side < TL_SIDES; side++)
		for (size_t nr = 0; nr < TL_SYSCALLS_MAX; nr++)
			__atomic_and_fetch(&shared->routes[side][nr].subs, plan->routes[side][nr].subs,
					   __ATOMIC_SEQ_CST);
	for (size_t i = 0; i < TL_EVENTS_MAX; i++)
		__atomic_and_fetch(&shared->events[i].subs, plan->events[i].subs, __ATOMIC_SEQ_CST);
}

/* The work of a call is one word, and is what the kernel side sees whole or not at all. */
static void write_route(struct tl_route *route, const struct tl_route *wanted)
{
	uint64_t work;

	_Static_assert(sizeof(work) == 1 + TL_PARTS, "work and parts are not one word");
	__atomic_store_n(&route->prepare, wanted->prepare, __ATOMIC_SEQ_CST);
	memcpy(&work, &wanted->work, sizeof(work));
	__atomic_store_n((uint64_t *)(void *)&route->work, work, __ATOMIC_SEQ_CST);
	__atomic_store_n(&route->fields, wanted->fields, __ATOMIC_SEQ_CST);
	__atomic_store_n(&route->others, wanted->others, __ATOMIC_SEQ_CST);
	__atomic_store_n(&route->early, wanted->early, __ATOMIC_SEQ_CST);
	__atomic_store_n(&route->subs, wanted->subs, __ATOMIC_SEQ_CST);
}

/* Then what is new: fields before the bits of those who want them; begins before ends; calls last. */
static void write_more(struct tl_shared *shared, const struct plan *plan)
{
	for (size_t i = 0; i < TL_EVENTS_MAX; i++) {
		if (plan->events[i].subs && !shared->events[i].subs)
			__atomic_store_n(&shared->events[i].since, tl_now(), __ATOMIC_SEQ_CST);
		__atomic_store_n(&shared->events[i].payload, plan->events[i].payload, __ATOMIC_SEQ_CST);
		__atomic_store_n(&shared->events[i].fields, plan->events[i].fields, __ATOMIC_SEQ_CST);
		__atomic_store_n(&shared->events[i].verdict, plan->events[i].verdict, __ATOMIC_SEQ_CST);
		__atomic_store_n(&shared->events[i].subs, plan->events[i].subs, __ATOMIC_SEQ_CST);
	}
	for (int side = 0; side < TL_SIDES; side++)
		for (size_t nr = 0; nr < TL_SYSCALLS_MAX; nr++)
			write_route(&shared->routes[side][nr], &plan->routes[side][nr]);
}

static int attach_wanted(struct tl_session *session, const struct plan *plan, struct tl_error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < plan->n_attach; i++) {
		struct tl_program *program = tl_programs_find(&session->programs, plan->attach[i]);

		if (!strncmp(program->name, "tl_sys_enter", 12) && !program->link)
			session->shared->enter_since = tl_now();
		ret = tl_programs_attach(program, err);
	}
	return ret;
}

static void detach_unwanted(struct tl_session *session, const struct plan *plan)
{
	for (size_t i = 0; i < session->programs.n; i++) {
		struct tl_program *program = &session->programs.list[i];
		bool wanted = false;

		for (size_t k = 0; k < plan->n_attach; k++)
			wanted |= !strcmp(plan->attach[k], program->name);
		if (program->link && !wanted)
			tl_programs_detach(program);
	}
}

/* Hooks are attached before anything is wanted of them, and let go after nothing is. */
static int apply(struct tl_session *session, struct plan *plan, struct tl_error *err)
{
	int ret = tl_programs_load(&session->programs, plan->names, plan->n_names, err);

	if (!ret)
		ret = extend_chains(session, plan, err);
	if (!ret)
		ret = tl_verdicts_load(session, err);
	if (!ret)
		ret = attach_wanted(session, plan, err);
	if (ret)
		return ret;
	tl_watch_write(session, plan->events);
	ret = tl_targets_settle(session, err);
	if (!ret)
		ret = tl_identity_settle(session, plan->identity, err);
	if (ret)
		return ret;
	write_less(session->shared, plan);
	ret = tl_verdicts_install(session, err);
	if (ret)
		return ret;
	write_more(session->shared, plan);
	detach_unwanted(session, plan);
	return 0;
}

static int spare(struct plan *plan, const char *name, struct tl_error *err)
{
	return tl_batteries_program(&plan->session->batteries, name) ? add_name(plan->names, &plan->n_names, name, err) : 0;
}

/*
 * A session that begins with nothing is one to try things out in: the first call that is asked for comes at once. And
 * maps are made with the first programs.
 */
static int plan_spare(struct plan *plan, struct tl_error *err)
{
	static const char *const hooks[TL_SIDES] = { "tl_sys_enter", "tl_sys_exit" };
	int ret = 0;

	for (size_t i = 0; i < TL_SUBS_MAX; i++)
		if (plan->session->subs[i])
			return 0;
	for (int side = 0; !ret && side < TL_SIDES; side++) {
		ret = spare(plan, flavour(plan, hooks[side]), err);
		if (!ret)
			ret = spare(plan, judged(plan, side), err);
	}
	return ret;
}

static int load(struct tl_session *session, struct plan *plan, struct tl_error *err)
{
	int ret = plan_spare(plan, err);

	return ret ? ret : tl_programs_load(&session->programs, plan->names, plan->n_names, err);
}

static int with_plan(struct tl_session *session, struct tl_error *err,
		     int (*act)(struct tl_session *, struct plan *, struct tl_error *))
{
	struct plan *plan = calloc(1, sizeof(*plan));
	int ret;

	if (!plan)
		return tl_fail(err, -ENOMEM, "routes: out of memory");
	plan->session = session;
	ret = make_plan(plan, session, err);
	if (!ret)
		ret = act(session, plan, err);
	free(plan);
	return ret;
}

int tl_routes_load(struct tl_session *session, struct tl_error *err)
{
	return with_plan(session, err, load);
}

int tl_routes_update(struct tl_session *session, struct tl_error *err)
{
	return with_plan(session, err, apply);
}
