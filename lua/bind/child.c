/* SPDX-License-Identifier: MIT */
/*
 * child.c: a command that is forked, and held before its exec until it is released. It waits on a
 * socket pair: when the tracer goes away, by whatever way, the end of it ends the child too. (A pipe
 * would do, but writing to one whose reader was killed raises SIGPIPE.)
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bind.h"

#define EXIT_NOT_STARTED	127

struct child {
	pid_t pid;		/* 0: not forked */
	int hold;		/* our end: a byte releases the child; -1: it has been */
	int report;		/* read end: the errno of a failed exec */
	bool reaped;
	int status;		/* of waitpid */
	int failure;		/* errno of the exec */
};

static struct child *check_child(lua_State *L, int arg)
{
	return luaL_checkudata(L, arg, TL_CHILD_MT);
}

/* ---- finding the command --------------------------------------------------------------------- */

static int try_file(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return errno;
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	return access(path, X_OK) ? errno : 0;
}

/* Finds a command as a shell does. 0, or the errno of the nearest miss. */
static int find_command(const char *name, char *path, size_t size)
{
	const char *at = getenv("PATH");
	int result = ENOENT;

	if (strchr(name, '/')) {
		if (strlen(name) >= size)
			return ENAMETOOLONG;
		strcpy(path, name);
		return try_file(path);
	}
	if (!at || !*at)
		at = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	for (const char *end; at; at = *end ? end + 1 : NULL) {
		int len, missed;

		end = at + strcspn(at, ":");
		len = (int)(end - at);
		if (snprintf(path, size, "%.*s/%s", len ? len : 1, len ? at : ".", name) >= (int)size)
			continue;
		missed = try_file(path);
		if (!missed)
			return 0;
		if (missed == EACCES)
			result = EACCES;
	}
	return result;
}

/* ---- the child's side ------------------------------------------------------------------------ */

/* What the tracer ignores or catches is its own affair. */
static void reset_signals(void)
{
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

static _Noreturn void run_child(const char *path, char *const argv[], int hold, int report)
{
	char byte;
	ssize_t n;
	int failure;

	reset_signals();
	do {
		n = read(hold, &byte, 1);
	} while (n < 0 && errno == EINTR);
	if (n == 1) {
		execv(path, argv);
		failure = errno;
		n = write(report, &failure, sizeof(failure));
	}
	_exit(EXIT_NOT_STARTED);
}

/* ---- methods --------------------------------------------------------------------------------- */

/* Forks. 0 or an errno. */
static int fork_held(struct child *child, const char *path, char *const argv[])
{
	int hold[2], report[2], result;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, hold))
		return errno;
	if (pipe2(report, O_CLOEXEC)) {
		result = errno;
		close(hold[0]);
		close(hold[1]);
		return result;
	}
	child->pid = fork();
	result = child->pid < 0 ? errno : 0;
	if (child->pid == 0) {
		close(hold[1]);		/* or it would wait for itself */
		run_child(path, argv, hold[0], report[1]);
	}
	close(hold[0]);
	close(report[1]);
	child->hold = hold[1];
	child->report = report[0];
	if (child->pid < 0)
		child->pid = 0;
	return result;
}

static const char *spawn_problem(int number)
{
	switch (number) {
	case ENOENT:
		return "command not found";
	case EACCES:
		return "not executable";
	case EISDIR:
		return "is a folder";
	default:
		return strerror(number);
	}
}

/* core.spawn{ command, argument... } -> child, held before its exec | nil, message, name */
int tl_lua_spawn(lua_State *L)
{
	char path[PATH_MAX];
	struct child *child;
	char **argv;
	lua_Integer n;
	int number;

	luaL_checktype(L, 1, LUA_TTABLE);
	n = luaL_len(L, 1);
	luaL_argcheck(L, n > 0, 1, "the command is empty");
	argv = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof(*argv), 0);
	for (lua_Integer i = 0; i < n; i++) {
		luaL_argcheck(L, lua_geti(L, 1, i + 1) == LUA_TSTRING, 1, "list of strings expected");
		argv[i] = (char *)lua_tostring(L, -1);
		lua_pop(L, 1);		/* the list keeps it */
	}
	argv[n] = NULL;
	child = lua_newuserdatauv(L, sizeof(*child), 0);
	*child = (struct child){ .hold = -1, .report = -1 };
	luaL_setmetatable(L, TL_CHILD_MT);
	number = find_command(argv[0], path, sizeof(path));
	if (!number)
		number = fork_held(child, path, argv);
	if (number)
		return tl_lua_fail_errno(L, number, lua_pushfstring(L, "%s: %s", argv[0],
								    spawn_problem(number)));
	return 1;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* child:release(): lets it exec */
static int child_release(lua_State *L)
{
	struct child *child = check_child(L, 1);

	if (child->hold >= 0 && send(child->hold, "x", 1, MSG_NOSIGNAL) < 0)
		child->failure = errno;		/* it was killed */
	close_fd(&child->hold);
	return 0;
}

static void reap(struct child *child, bool nohang)
{
	pid_t pid;
	int failure;

	if (child->reaped || !child->pid)
		return;
	do {
		pid = waitpid(child->pid, &child->status, nohang ? WNOHANG : 0);
	} while (pid < 0 && errno == EINTR);
	if (pid == 0)
		return;
	child->reaped = true;
	if (read(child->report, &failure, sizeof(failure)) == sizeof(failure))
		child->failure = failure;
	close_fd(&child->report);
}

static void set_integer(lua_State *L, const char *key, int value)
{
	lua_pushinteger(L, value);
	lua_setfield(L, -2, key);
}

/* child:wait([nohang]) -> { code = n } or { signal = n, name = "SIGSEGV", core = bool }, { failed = message }; nil: it runs */
static int child_wait(lua_State *L)
{
	struct child *child = check_child(L, 1);

	reap(child, lua_toboolean(L, 2));
	if (!child->reaped) {
		lua_pushnil(L);
		return 1;
	}
	lua_createtable(L, 0, 3);
	if (WIFSIGNALED(child->status)) {
		set_integer(L, "signal", WTERMSIG(child->status));
		lua_pushfstring(L, "SIG%s", sigabbrev_np(WTERMSIG(child->status)));
		lua_setfield(L, -2, "name");
		lua_pushboolean(L, WCOREDUMP(child->status));
		lua_setfield(L, -2, "core");
	} else {
		set_integer(L, "code", WEXITSTATUS(child->status));
	}
	if (child->failure) {
		lua_pushstring(L, strerror(child->failure));
		lua_setfield(L, -2, "failed");
	}
	return 1;
}

/* child:kill([signal = SIGTERM]); nothing when it has ended */
static int child_kill(lua_State *L)
{
	struct child *child = check_child(L, 1);
	int number = (int)luaL_optinteger(L, 2, SIGTERM);

	reap(child, true);
	if (child->pid && !child->reaped)
		kill(child->pid, number);
	return 0;
}

/* __close and __gc: a child that still waits goes away, one that runs is left alone */
static int child_close(lua_State *L)
{
	struct child *child = check_child(L, 1);
	bool held = child->hold >= 0;

	close_fd(&child->hold);
	if (held)
		reap(child, false);
	close_fd(&child->report);
	return 0;
}

/* child.pid, and the methods, which are upvalue 1 */
static int child_index(lua_State *L)
{
	struct child *child = check_child(L, 1);

	if (strcmp(luaL_checkstring(L, 2), "pid") == 0) {
		lua_pushinteger(L, child->pid);
	} else {
		lua_pushvalue(L, 2);
		lua_rawget(L, lua_upvalueindex(1));
	}
	return 1;
}

static const luaL_Reg methods[] = {
	{ "release", child_release },
	{ "wait", child_wait },
	{ "kill", child_kill },
	{ NULL, NULL }
};

static const luaL_Reg metamethods[] = {
	{ "__close", child_close },
	{ "__gc", child_close },
	{ NULL, NULL }
};

void tl_lua_child_register(lua_State *L)
{
	luaL_newmetatable(L, TL_CHILD_MT);
	luaL_setfuncs(L, metamethods, 0);
	luaL_newlib(L, methods);
	lua_pushcclosure(L, child_index, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
