/* SPDX-License-Identifier: MIT */
/*
 * signal.c: SIGINT and SIGTERM as a count that a run looks at. They interrupt the session that
 * polls. A third one ends the program on the spot: some callback never returns.
 */
#include <lauxlib.h>
#include <lua.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "bind.h"

#define SAME_MS		300	/* a terminal and a wrapper may both send what is one keystroke */
#define PATIENCE	2

static const int signals[] = { SIGINT, SIGTERM };
static struct sigaction before[2];
static bool caught;
static atomic_int count;
static atomic_int answered;		/* of `count`: those that an interrupt was made for */
static atomic_llong last_ms;
static _Atomic(struct tl_session *) target;

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Whoever caught it before is told too. */
static void pass_on(int number)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		void (*handler)(int) = before[i].sa_handler;

		if (signals[i] == number && handler != SIG_DFL && handler != SIG_IGN)
			handler(number);
	}
}

static void on_signal(int number)
{
	long long now = now_ms();
	struct tl_session *session = atomic_load(&target);

	pass_on(number);
	if (atomic_load(&count) == 0 || now - atomic_load(&last_ms) >= SAME_MS) {
		atomic_store(&last_ms, now);
		if (atomic_fetch_add(&count, 1) + 1 > PATIENCE) {
			signal(number, SIG_DFL);
			raise(number);
		}
	}
	if (session) {
		atomic_store(&answered, atomic_load(&count));
		tl_session_interrupt(session);
	}
}

/* Signals interrupt this session from now on; one that came when there was none does so now. */
void tl_lua_signals_to(struct tl_session *session)
{
	atomic_store(&target, session);
	if (atomic_load(&count) > atomic_load(&answered)) {
		atomic_store(&answered, atomic_load(&count));
		tl_session_interrupt(session);
	}
}

void tl_lua_signals_forget(struct tl_session *session)
{
	struct tl_session *expected = session;

	atomic_compare_exchange_strong(&target, &expected, NULL);
}

static void catch(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(&action.sa_mask);
	atomic_store(&count, 0);
	atomic_store(&answered, 0);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		if (!caught)
			sigaction(signals[i], NULL, &before[i]);
		sigaction(signals[i], &action, NULL);	/* also what a shell's `&` let us ignore */
	}
	caught = true;
}

static void release(void)
{
	for (size_t i = 0; caught && i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &before[i], NULL);
	caught = false;
}

/* core.catch_signals(bool): count SIGINT and SIGTERM from now on, or let them be again */
int tl_lua_catch_signals(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TBOOLEAN);
	if (lua_toboolean(L, 1))
		catch();
	else
		release();
	return 0;
}

/* core.signalled() -> how many have come since catch_signals(true) */
int tl_lua_signalled(lua_State *L)
{
	lua_pushinteger(L, atomic_load(&count));
	return 1;
}
