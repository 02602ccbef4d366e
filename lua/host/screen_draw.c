/* SPDX-License-Identifier: MIT */
/* screen_draw.c: text on the screen, cut at cells, with or without UTF-8. */
#include "screen.h"

#include <lauxlib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const struct style {
	const char *name;
	attr_t attr;
	short color;		/* 0: none */
} styles[] = {
	{ "plain", A_NORMAL, 0 }, { "title", A_REVERSE, 0 }, { "cursor", A_REVERSE | A_BOLD, 0 }, { "bold", A_BOLD, 0 },
	{ "dim", A_DIM, 0 }, { "bad", A_BOLD, COLOR_RED }, { "good", A_NORMAL, COLOR_GREEN },
	{ "spark", A_NORMAL, COLOR_CYAN }, { "key", A_BOLD, COLOR_CYAN }, { NULL, 0, 0 }
};

static bool colored;

void tl_screen_init_colors(void)
{
	colored = !getenv("NO_COLOR") && has_colors();
	if (!colored)
		return;
	start_color();
	use_default_colors();
	for (size_t i = 0; styles[i].name; i++)
		if (styles[i].color)
			init_pair((short)(i + 1), styles[i].color, -1);
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
	attr_set(styles[i].attr, styles[i].color && colored ? (short)(i + 1) : 0, NULL);
}

/* screen:put(row, column, text, [style], [cells]): from 0 on; with cells it is cut or filled up with blanks to so many */
int tl_screen_put(lua_State *L)
{
	struct screen *s = tl_screen_check(L);
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
int tl_screen_erase(lua_State *L)
{
	tl_screen_check(L);
	erase();
	return 0;
}

/* screen:show([row, column]): what was put becomes visible, and there the cursor; all is sent anew with screen:show(true) */
int tl_screen_show(lua_State *L)
{
	tl_screen_check(L);
	if (lua_isboolean(L, 2))
		clearok(curscr, TRUE);
	curs_set(lua_isinteger(L, 2) ? 1 : 0);
	if (lua_isinteger(L, 2))
		move((int)lua_tointeger(L, 2), (int)luaL_checkinteger(L, 3));
	refresh();
	return 0;
}

/* screen:size() -> rows, columns */
int tl_screen_size(lua_State *L)
{
	tl_screen_check(L);
	lua_pushinteger(L, LINES);
	lua_pushinteger(L, COLS);
	return 2;
}

/* screen:width(text) -> cells that it takes */
int tl_screen_width(lua_State *L)
{
	struct screen *s = tl_screen_check(L);
	size_t len;
	const char *text = luaL_checklstring(L, 2, &len);

	lua_pushinteger(L, width_of(s, text, len));
	return 1;
}
