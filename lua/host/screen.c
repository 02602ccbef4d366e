/* SPDX-License-Identifier: MIT */
/*
 * screen.c: the Lua module `traceleft.curses`, for traceleft.screen: the whole terminal as a grid of cells, and its keys. curses finds
 * out what has changed and sends no more than that. There is one screen at a time.
 */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <lauxlib.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "host.h"

#define SCREEN_MT	"traceleft.screen"
#define ESCAPE_MS	25	/* that the rest of a key's sequence may be late */

struct screen {
	SCREEN *curses;		/* NULL: closed */
	FILE *out;
	struct sigaction before;	/* of SIGWINCH */
	int epoll_fd;		/* readable: a key, or another size */
	bool utf8;
	bool mouse;
	bool catching;
};

static int resize_fd = -1;	/* for the signal handler */

static const struct style {
	const char *name;
	attr_t attr;
	short color;		/* 0: none */
} styles[] = {
	{ "plain", A_NORMAL, 0 }, { "title", A_REVERSE, 0 }, { "cursor", A_REVERSE | A_BOLD, 0 }, { "bold", A_BOLD, 0 },
	{ "dim", A_DIM, 0 }, { "bad", A_BOLD, COLOR_RED }, { "good", A_NORMAL, COLOR_GREEN },
	{ "spark", A_NORMAL, COLOR_CYAN }, { "key", A_BOLD, COLOR_CYAN }, { NULL, 0, 0 }
};

/* ---- opening and closing --------------------------------------------------------------------- */

static int refuse(lua_State *L, const char *name, const char *message)
{
	lua_pushnil(L);
	lua_pushfstring(L, "screen: %s", message);
	lua_pushstring(L, name);
	return 3;
}

/* Whatever the locale of this machine is called; the program's own files are none that setlocale() needs. */
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
	if (write(resize_fd, &one, sizeof(one)) < 0)
		errno = saved;		/* it is readable already */
	errno = saved;
}

static int open_fds(struct screen *s)
{
	struct epoll_event event = { .events = EPOLLIN };

	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	resize_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->epoll_fd < 0 || resize_fd < 0)
		return -1;
	if (epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &event))
		return -1;
	return epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, resize_fd, &event);
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
	if (getenv("NO_COLOR") || !has_colors())
		return;
	start_color();
	use_default_colors();
	for (size_t i = 0; styles[i].name; i++)
		if (styles[i].color)
			init_pair((short)(i + 1), styles[i].color, -1);
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
	close_fd(&resize_fd);
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

static int start(struct screen *s)
{
	s->utf8 = set_utf8();
	s->out = open_out();
	if (!s->out || open_fds(s))
		return -1;
	catch_resize(s);
	s->curses = newterm(NULL, s->out, stdin);
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
		return refuse(L, "ENOTTY", wrong);
	if (resize_fd >= 0)
		return refuse(L, "EBUSY", "there is one already");
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
		return refuse(L, "EIO", wrong);
	}
	return 1;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static struct screen *check(lua_State *L)
{
	struct screen *s = luaL_checkudata(L, 1, SCREEN_MT);

	if (!s->curses)
		luaL_argerror(L, 1, "the screen is closed");
	return s;
}

/* What terminals without UTF-8 get for a character. */
static wchar_t plain_of(uint32_t code)
{
	static const struct { uint32_t from, to; char with; } table[] = {
		{ 0x20, 0x7e, 0 }, { 0xb5, 0xb5, 'u' }, { 0x2026, 0x2026, '~' }, { 0x25b2, 0x25b2, '^' },
		{ 0x25bc, 0x25bc, 'v' }, { 0x203a, 0x203a, '>' }, { 0x2500, 0x2500, '-' }, { 0x2264, 0x2264, '<' },
		{ 0x2581, 0x2582, '.' }, { 0x2583, 0x2584, ':' }, { 0x2585, 0x2586, '|' }, { 0x2587, 0x2588, '#' },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (code >= table[i].from && code <= table[i].to)
			return table[i].with ? (wchar_t)table[i].with : (wchar_t)code;
	return '?';
}

/* The character at *text, which moves on behind it; a byte that is no UTF-8 is U+FFFD. */
static uint32_t next_code(const unsigned char **text, const unsigned char *end)
{
	const unsigned char *at = *text;
	unsigned int more = *at < 0x80 ? 0 : *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : *at >= 0xc0 ? 1 : 4;
	uint32_t code = more == 0 ? *at : *at & (0x3fu >> more);

	*text = at + 1;
	if (more > 3 || (size_t)(end - at) <= more)
		return more ? 0xfffd : code;
	for (unsigned int i = 1; i <= more; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0xfffd;
		code = code << 6 | (at[i] & 0x3f);
	}
	*text = at + 1 + more;
	return code;
}

/* The cells that a character takes; 0: it is not shown. */
static int cells_of(const struct screen *s, uint32_t code, wchar_t *shown)
{
	int width;

	*shown = s->utf8 ? (wchar_t)code : plain_of(code);
	width = s->utf8 ? wcwidth(*shown) : 1;
	if (width < 0) {
		*shown = '?';
		width = 1;
	}
	return width;
}

static int width_of(const struct screen *s, const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + len;
	wchar_t shown;
	int width = 0;

	while (at < end)
		width += cells_of(s, next_code(&at, end), &shown);
	return width;
}

/* Adds what fits into so many cells; a text that does not ends in an ellipsis. Returns the cells that are left. */
static int add_text(const struct screen *s, const char *text, size_t len, int room)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + len;
	bool cut = width_of(s, text, len) > room;

	while (at < end) {
		wchar_t shown;
		int width = cells_of(s, next_code(&at, end), &shown);

		if (width > room - cut)
			break;
		if (width)
			addnwstr(&shown, 1);
		room -= width;
	}
	if (cut && room > 0) {
		wchar_t more;

		room -= cells_of(s, 0x2026, &more);
		addnwstr(&more, 1);
	}
	return room;
}

static void set_style(lua_State *L, int arg)
{
	const char *name = luaL_optstring(L, arg, "plain");
	size_t i = 0;

	while (styles[i].name && strcmp(styles[i].name, name))
		i++;
	if (!styles[i].name)
		luaL_argerror(L, arg, lua_pushfstring(L, "no style '%s'", name));
	attr_set(styles[i].attr, styles[i].color && has_colors() ? (short)(i + 1) : 0, NULL);
}

/* screen:put(row, column, text, [style], [cells]): from 0 on; with cells it is cut or filled up with blanks to so many */
static int screen_put(lua_State *L)
{
	struct screen *s = check(L);
	int row = (int)luaL_checkinteger(L, 2), column = (int)luaL_checkinteger(L, 3);
	int room;
	size_t len;
	const char *text = luaL_checklstring(L, 4, &len);

	room = (int)luaL_optinteger(L, 6, COLS);
	if (room > COLS - column)
		room = COLS - column;
	set_style(L, 5);
	if (row < 0 || row >= LINES || column < 0 || room <= 0)
		return 0;
	move(row, column);
	room = add_text(s, text, len, room);
	while (!lua_isnoneornil(L, 6) && room-- > 0)
		addch(' ');
	return 0;
}

/* screen:erase() */
static int screen_erase(lua_State *L)
{
	check(L);
	erase();
	return 0;
}

/* screen:show([row, column]): what was put becomes visible, and there the cursor; all is sent anew with screen:show(true) */
static int screen_show(lua_State *L)
{
	check(L);
	if (lua_isboolean(L, 2))
		clearok(curscr, TRUE);
	curs_set(lua_isinteger(L, 2) ? 1 : 0);
	if (lua_isinteger(L, 2))
		move((int)lua_tointeger(L, 2), (int)luaL_checkinteger(L, 3));
	refresh();
	return 0;
}

/* screen:size() -> rows, columns */
static int screen_size(lua_State *L)
{
	check(L);
	lua_pushinteger(L, LINES);
	lua_pushinteger(L, COLS);
	return 2;
}

/* screen:width(text) -> cells that it takes */
static int screen_width(lua_State *L)
{
	struct screen *s = check(L);
	size_t len;
	const char *text = luaL_checklstring(L, 2, &len);

	lua_pushinteger(L, width_of(s, text, len));
	return 1;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static const struct { int code; const char *name; } names[] = {
	{ KEY_UP, "up" }, { KEY_DOWN, "down" }, { KEY_LEFT, "left" }, { KEY_RIGHT, "right" }, { KEY_PPAGE, "page up" },
	{ KEY_NPAGE, "page down" }, { KEY_HOME, "home" }, { KEY_END, "end" }, { KEY_ENTER, "enter" },
	{ KEY_BACKSPACE, "backspace" }, { KEY_DC, "delete" }, { KEY_RESIZE, "resize" }, { KEY_BTAB, "back tab" },
	{ 0, NULL }
};

static const char *control_name(wint_t code)
{
	switch (code) {
	case '\r': case '\n': return "enter";
	case '\b': case 0x7f: return "backspace";
	case '\t': return "tab";
	case 0x1b: return "escape";
	case 'U' & 0x1f: return "kill";
	case 'W' & 0x1f: return "kill word";
	case 'L' & 0x1f: return "redraw";
	case 'G' & 0x1f: return "escape";
	default: return "";
	}
}

/* Where the mouse was: "click" or "wheel up", row, column. */
static int push_mouse(lua_State *L)
{
	MEVENT event;

	if (getmouse(&event) != OK) {
		lua_pushliteral(L, "");
		return 1;
	}
	lua_pushstring(L, event.bstate & BUTTON4_PRESSED ? "wheel up" :
		       event.bstate & BUTTON5_PRESSED ? "wheel down" : "click");
	lua_pushinteger(L, event.y);
	lua_pushinteger(L, event.x);
	return 3;
}

static int push_special(lua_State *L, wint_t code)
{
	size_t i = 0;

	if (code == KEY_MOUSE)
		return push_mouse(L);
	while (names[i].name && names[i].code != (int)code)
		i++;
	lua_pushstring(L, names[i].name ? names[i].name : "");
	return 1;
}

/* Takes notice of another size; curses then has a KEY_RESIZE to give. */
static void take_resize(void)
{
	struct winsize size;
	uint64_t times;

	if (read(resize_fd, &times, sizeof(times)) <= 0)
		return;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
}

static bool is_gone(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* screen:key() -> a character, or the name of a key ("" of one that has none here), and of the mouse row and column |
 * nil: there is none now | nil, message, name: the terminal is gone */
static int screen_key(lua_State *L)
{
	wint_t code = 0;
	int kind;

	check(L);
	take_resize();
	kind = get_wch(&code);
	if (kind == ERR && is_gone())
		return refuse(L, "EIO", "the terminal is gone");
	if (kind == ERR)
		return 0;
	if (kind == KEY_CODE_YES)
		return push_special(L, code);
	if (code < 0x20 || code == 0x7f)
		lua_pushstring(L, control_name(code));
	else
		lua_pushfstring(L, "%U", (long)code);
	return 1;
}

/* screen:fd() -> a descriptor that can be read when there is a key, or another size */
static int screen_fd(lua_State *L)
{
	lua_pushinteger(L, check(L)->epoll_fd);
	return 1;
}

static const luaL_Reg methods[] = {
	{ "put", screen_put }, { "erase", screen_erase }, { "show", screen_show }, { "size", screen_size },
	{ "width", screen_width }, { "key", screen_key }, { "fd", screen_fd }, { "close", screen_close },
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
