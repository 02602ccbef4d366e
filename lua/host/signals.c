/* SPDX-License-Identifier: MIT */
/*
 * signals.c: the signals of the interactive program: they are noted, wake who waits, and stop Lua code that
 * does not come to an end by itself.
 */
#include <errno.h>
#include <lauxlib.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include "host.h"

#define PATIENCE	2	/* of signals of a kind that nobody took; the next one ends the program */
#define LONG_ENOUGH	10000000	/* instructions: callbacks of one batch rarely have as many */

enum guard { GUARD_NOTHING, GUARD_CHUNK, GUARD_CALLBACKS };

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH };
#define SIGNALS (sizeof(signals) / sizeof(*signals))

static struct sigaction before[SIGNALS], before_typing;
static struct termios terminal;
static bool caught, typing, has_terminal;
static int wake_fd = -1;
static atomic_int interrupts, ends, resizes, stops;
static _Atomic(lua_State *) running;
static atomic_int guard;

static void raise_hook(lua_State *L, lua_Debug *where)
{
	(void)where;
	lua_sethook(L, NULL, 0, 0);
	luaL_where(L, 0);
	lua_pushliteral(L, "interrupted");
	lua_concat(L, 2);
	lua_error(L);
}

/* A chunk is stopped at once; callbacks only when they do not return by themselves. */
static void stop_lua(void)
{
	lua_State *L = atomic_load(&running);

	if (L && atomic_load(&guard) == GUARD_CHUNK)
		lua_sethook(L, raise_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
	else if (L && atomic_load(&guard) == GUARD_CALLBACKS)
		lua_sethook(L, raise_hook, LUA_MASKCOUNT, LONG_ENOUGH);
}

/* One that is to end something: what runs now, or the program. */
static void stop(int number, atomic_int *count)
{
	if (atomic_fetch_add(count, 1) < PATIENCE)
		return stop_lua();
	if (has_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
	signal(number, SIG_DFL);
	raise(number);
}

static void on_signal(int number)
{
	int saved = errno;
	uint64_t one = 1;

	if (number == SIGWINCH || number == SIGTSTP)
		atomic_fetch_add(number == SIGWINCH ? &resizes : &stops, 1);
	else
		stop(number, number == SIGINT ? &interrupts : &ends);
	if (write(wake_fd, &one, sizeof(one)) < 0)
		errno = saved;
	errno = saved;
}

static void set_handler(int number, struct sigaction *old)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, old);
}

/* signals.catch(bool) */
static int catch(lua_State *L)
{
	bool on = lua_toboolean(L, 1);

	if (on == caught)
		return 0;
	if (on && wake_fd < 0)
		wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	has_terminal = tcgetattr(STDIN_FILENO, &terminal) == 0;
	for (size_t i = 0; i < SIGNALS; i++) {
		if (on)
			set_handler(signals[i], &before[i]);
		else
			sigaction(signals[i], &before[i], NULL);
	}
	caught = on;
	return 0;
}

/* signals.typing(bool): whether Ctrl-Z must wait until the line being edited is put away */
static int set_typing(lua_State *L)
{
	bool on = lua_toboolean(L, 1);

	if (on == typing)
		return 0;
	if (on)
		set_handler(SIGTSTP, &before_typing);
	else
		sigaction(SIGTSTP, &before_typing, NULL);
	typing = on;
	return 0;
}

/* signals.guard("chunk", "callbacks" or nil): what the calling thread runs from now on, for signals that stop it. Gives what it was. */
static int set_guard(lua_State *L)
{
	static const char *const names[] = { "none", "chunk", "callbacks", NULL };
	int new = luaL_checkoption(L, 1, "none", names);
	int old = atomic_exchange(&guard, GUARD_NOTHING);

	lua_sethook(L, NULL, 0, 0);
	atomic_store(&running, L);
	atomic_store(&guard, new);
	lua_pushstring(L, names[old]);
	return 1;
}

/* signals.taken() -> SIGINTs, SIGTERMs and SIGHUPs, SIGWINCHs, SIGTSTPs since the last call */
static int taken(lua_State *L)
{
	lua_pushinteger(L, atomic_exchange(&interrupts, 0));
	lua_pushinteger(L, atomic_exchange(&ends, 0));
	lua_pushinteger(L, atomic_exchange(&resizes, 0));
	lua_pushinteger(L, atomic_exchange(&stops, 0));
	return 4;
}

/* signals.wait(fd or nil, milliseconds, -1: no end) -> is stdin readable, is fd readable; both false after a signal */
static int wait_for(lua_State *L)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = (int)luaL_optinteger(L, 1, -1), .events = POLLIN },
		{ .fd = wake_fd, .events = POLLIN },
	};
	lua_Integer ms = luaL_optinteger(L, 2, -1);
	uint64_t woken;

	if (poll(fds, 3, ms > INT_MAX ? INT_MAX : (int)ms) < 0)
		memset(fds, 0, sizeof(fds));
	if (fds[2].revents && read(wake_fd, &woken, sizeof(woken)) < 0)
		fds[2].revents = 0;
	lua_pushboolean(L, fds[0].revents != 0);
	lua_pushboolean(L, fds[1].revents != 0);
	return 2;
}

static const luaL_Reg functions[] = {
	{ "catch", catch },
	{ "typing", set_typing },
	{ "guard", set_guard },
	{ "taken", taken },
	{ "wait", wait_for },
	{ NULL, NULL }
};

int tl_host_signals(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
