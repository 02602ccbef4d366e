/* SPDX-License-Identifier: MIT */
/* screen_keys.c: keys by their names, the mouse, and another size of the terminal. */
#include "screen.h"

#include <lauxlib.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

	if (read(tl_screen_resize_fd, &times, sizeof(times)) <= 0)
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
int tl_screen_key(lua_State *L)
{
	wint_t code = 0;
	int kind;

	tl_screen_check(L);
	take_resize();
	kind = get_wch(&code);
	if (kind == ERR && is_gone())
		return tl_screen_refuse(L, "EIO", "the terminal is gone");
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
int tl_screen_fd(lua_State *L)
{
	lua_pushinteger(L, tl_screen_check(L)->epoll_fd);
	return 1;
}
