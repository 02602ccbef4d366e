/* SPDX-License-Identifier: MIT */
/*
 * screen.c: the Lua module `traceleft.curses`, for traceleft.screen: the whole terminal as a grid of cells, and its
 * keys. curses finds out what has changed and sends no more than that. There is one screen at a time.
 */
#include "screen.h"

#include <errno.h>
#include <langinfo.h>
#include <lauxlib.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <term.h>
#include <unistd.h>

#include "host.h"

#define SCREEN_MT	"traceleft.screen"
#define ESCAPE_MS	25	/* that the rest of a key's sequence may be late */

int tl_screen_resize_fd = -1;

int tl_screen_refuse(lua_State *L, const char *name, const char *message)
{
	lua_pushnil(L);
	lua_pushfstring(L, "screen: %s", message);
	lua_pushstring(L, name);
	return 3;
}

struct screen *tl_screen_check(lua_State *L)
{
	struct screen *s = luaL_checkudata(L, 1, SCREEN_MT);

	if (!s->curses)
		luaL_argerror(L, 1, "the screen is closed");
	return s;
}

/* ---- opening and closing --------------------------------------------------------------------- */

/* Whether the terminal takes UTF-8, as the environment says, and this machine has a locale that knows it. */
static bool set_utf8(void)
{
	static const char *const names[] = { "", "C.UTF-8", "C.utf8", "en_US.UTF-8", NULL };
	const char *wanted = getenv("LC_ALL");

	if (!wanted || !*wanted)
		wanted = getenv("LC_CTYPE");
	if (!wanted || !*wanted)
		wanted = getenv("LANG");
	if (!wanted || !(strcasestr(wanted, "utf-8") || strcasestr(wanted, "utf8")))
		return false;
	for (size_t i = 0; names[i]; i++)
		if (setlocale(LC_CTYPE, names[i]) && !strcmp(nl_langinfo(CODESET), "UTF-8"))
			return true;
	return false;
}

/* Why there can be no screen here; NULL if there can. */
static const char *check_terminal(lua_State *L)
{
	const char *name = getenv("TERM");
	int why = 0;

	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
		return "stdin and stdout must be a terminal";
	if (!name || !*name)
		return "TERM is not set; it names the kind of terminal, such as xterm-256color";
	if (setupterm(name, STDOUT_FILENO, &why) == OK) {
		del_curterm(cur_term);
		return NULL;
	}
	if (why < 0)
		return "no terminal is known here: no /etc/terminfo, /lib/terminfo or /usr/share/terminfo";
	return lua_pushfstring(L, "the terminal TERM=%s is not known here, or cannot move its cursor; try TERM=xterm",
			       name);
}

static void on_resize(int number)
{
	uint64_t one = 1;
	int saved = errno;

	(void)number;
	if (write(tl_screen_resize_fd, &one, sizeof(one)) < 0)
		errno = saved;		/* it is readable already */
}

static int open_fds(struct screen *s)
{
	struct epoll_event event = { .events = EPOLLIN };

	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	tl_screen_resize_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->epoll_fd < 0 || tl_screen_resize_fd < 0)
		return -1;
	if (epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &event))
		return -1;
	return epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, tl_screen_resize_fd, &event);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void set_modes(const struct screen *s)
{
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	curs_set(0);
	if (s->mouse)
		mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	tl_screen_init_colors();
}

/* curses puts a handler of its own where there is none, and its size is only known after a key was asked for. */
static void catch_resize(struct screen *s)
{
	struct sigaction action = { .sa_handler = on_resize, .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(SIGWINCH, &action, &s->before);
	s->catching = true;
}

static void release(struct screen *s)
{
	if (s->out)
		fclose(s->out);
	s->out = NULL;
	if (s->catching)
		sigaction(SIGWINCH, &s->before, NULL);
	s->catching = false;
	close_fd(&s->epoll_fd);
	close_fd(&tl_screen_resize_fd);
}

/* screen:close(); also __close and __gc, and harmless when done twice */
static int screen_close(lua_State *L)
{
	struct screen *s = luaL_checkudata(L, 1, SCREEN_MT);

	if (!s->curses)
		return 0;
	endwin();
	delscreen(s->curses);
	s->curses = NULL;
	release(s);
	return 0;
}

/* What curses writes to: with a buffer of its own, so that a refresh is one write. */
static FILE *open_out(void)
{
	int fd = dup(STDOUT_FILENO);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

/* curses would end the process at Ctrl-C: that is for a run to decide, which ends in order. */
static void new_terminal(struct screen *s)
{
	static const int numbers[] = { SIGINT, SIGTERM };
	struct sigaction were[2];

	for (size_t i = 0; i < 2; i++)
		sigaction(numbers[i], NULL, &were[i]);
	s->curses = newterm(NULL, s->out, stdin);
	for (size_t i = 0; i < 2; i++)
		sigaction(numbers[i], &were[i], NULL);
}

static int start(struct screen *s)
{
	s->utf8 = set_utf8();
	s->out = open_out();
	if (!s->out || open_fds(s))
		return -1;
	catch_resize(s);
	new_terminal(s);
	if (s->curses)
		set_modes(s);
	else
		errno = ENOTTY;
	return s->curses ? 0 : -1;
}

/* screen.open{ mouse = bool } -> screen | nil, message, name */
static int screen_open(lua_State *L)
{
	const char *wrong = check_terminal(L);
	struct screen *s;

	if (wrong)
		return tl_screen_refuse(L, "ENOTTY", wrong);
	if (tl_screen_resize_fd >= 0)
		return tl_screen_refuse(L, "EBUSY", "there is one already");
	s = lua_newuserdatauv(L, sizeof(*s), 0);
	*s = (struct screen){ .epoll_fd = -1 };
	luaL_setmetatable(L, SCREEN_MT);
	if (lua_istable(L, 1)) {
		lua_getfield(L, 1, "mouse");
		s->mouse = lua_toboolean(L, -1);
		lua_pop(L, 1);
	}
	if (start(s)) {
		wrong = strerror(errno);
		release(s);
		return tl_screen_refuse(L, "EIO", wrong);
	}
	return 1;
}

static const luaL_Reg methods[] = {
	{ "put", tl_screen_put }, { "erase", tl_screen_erase }, { "show", tl_screen_show }, { "size", tl_screen_size },
	{ "width", tl_screen_width }, { "key", tl_screen_key }, { "fd", tl_screen_fd }, { "close", screen_close },
	{ NULL, NULL }
};

static const luaL_Reg metamethods[] = {
	{ "__close", screen_close }, { "__gc", screen_close }, { NULL, NULL }
};

static const luaL_Reg functions[] = {
	{ "open", screen_open }, { NULL, NULL }
};

int tl_host_screen(lua_State *L)
{
	luaL_newmetatable(L, SCREEN_MT);
	luaL_setfuncs(L, metamethods, 0);
	luaL_newlib(L, methods);
	lua_setfield(L, -2, "__index");
	luaL_newlib(L, functions);
	return 1;
}
