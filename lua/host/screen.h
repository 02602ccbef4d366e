/* SPDX-License-Identifier: MIT */
/* screen.h: what the files of the Lua module `traceleft.curses` share. */
#ifndef TL_SCREEN_H
#define TL_SCREEN_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <lua.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

struct screen {
	SCREEN *curses;		/* NULL: closed */
	FILE *out;
	struct sigaction before;	/* of SIGWINCH */
	int epoll_fd;		/* readable: a key, or another size */
	bool catching;		/* SIGWINCH */
	bool utf8;
	bool mouse;
};

/* screen.c */
extern int tl_screen_resize_fd;		/* readable: another size. -1: there is no screen */
struct screen *tl_screen_check(lua_State *L);	/* the open one at 1 */
int tl_screen_refuse(lua_State *L, const char *name, const char *message);	/* nil, message, name. Returns 3 */

/* screen_draw.c: methods */
void tl_screen_init_colors(void);
int tl_screen_put(lua_State *L);
int tl_screen_erase(lua_State *L);
int tl_screen_show(lua_State *L);
int tl_screen_size(lua_State *L);
int tl_screen_width(lua_State *L);

/* screen_keys.c: methods */
int tl_screen_key(lua_State *L);
int tl_screen_fd(lua_State *L);

#endif
