/* SPDX-License-Identifier: MIT */
/* host.h: what the files of the program `traceleft-lua` share. */
#ifndef TL_HOST_H
#define TL_HOST_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/* A Lua file inside the program; build/gen/embedded_lua.c has the list, embed.lua makes it. */
struct tl_embedded {
	const char *name;	/* of a module "traceleft.json"; of a tool "netwatch" */
	const char *path;	/* for messages: "lua/traceleft/json.lua" */
	const char *code;	/* compiled */
	size_t size;
	int is_tool;
};

extern const struct tl_embedded tl_embedded[];	/* ends with a name of NULL */

/* modules.c: makes `require` find what is embedded, and nothing in the current folder. */
void tl_host_modules(lua_State *L);

/* system.c: the Lua module `host.system`. */
int tl_host_system(lua_State *L);

/* edit.c, kept.c, signals.c: the Lua modules `host.edit`, `host.kept` and `host.signals`, of the REPL. */
int tl_host_edit(lua_State *L);
int tl_host_kept(lua_State *L);
int tl_host_signals(lua_State *L);

/* cursor.c: rows between the begin of a line, which stands in that column, and the cursor in it. */
int tl_cursor_row(const wchar_t *from, const wchar_t *cursor, int column);

/* history.c: for edit.c. A path of NULL, or a file that cannot be written, is no error: lines are kept in memory. */
struct tl_history *tl_history_open(const char *path);
void *tl_history_of(struct tl_history *h);	/* libedit's */
void tl_history_add(struct tl_history *h, const char *text);
void tl_history_close(struct tl_history *h);

#endif
