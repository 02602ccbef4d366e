/* SPDX-License-Identifier: MIT */
/*
 * edit.c: a line that is edited on the terminal, by libedit. For each character it asks a Lua function to wait, which
 * may write above the line. No Lua error crosses libedit: it is raised when the line has come to its end.
 */
#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <lauxlib.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "host.h"

#define EDITOR_MT	"traceleft.host.editor"
#define PROMPT_SIZE	64
/* Where the arguments of editor:line() are on the stack. */
enum { ARG_EDITOR = 1, ARG_PROMPT, ARG_WAIT, ARG_COMPLETE };

struct editor {
	EditLine *el;		/* NULL: closed */
	struct tl_history *history;
	FILE *out;		/* stdout, whatever is behind that name meanwhile */
	lua_State *L;		/* who edits; NULL: nobody */
	bool failed;		/* an error value is on top of its stack */
	mbstate_t state;	/* of a character whose bytes come one by one */
	char prompt[PROMPT_SIZE];
};

static struct editor *check(lua_State *L)
{
	struct editor *e = luaL_checkudata(L, 1, EDITOR_MT);

	luaL_argcheck(L, e->el, 1, "the editor is closed");
	return e;
}

static struct editor *of(EditLine *el)
{
	void *e = NULL;

	el_get(el, EL_CLIENTDATA, &e);
	return e;
}

static char *prompt(EditLine *el)
{
	return of(el)->prompt;
}

/* ---- calling Lua from libedit ---------------------------------------------------------------- */

/* Calls the function at that place with n arguments from the top; its n results are on the top unless it failed. */
static bool call(struct editor *e, int function, int args, int results)
{
	if (e->failed)
		return false;
	lua_pushvalue(e->L, function);
	lua_insert(e->L, -args - 1);
	e->failed = lua_pcall(e->L, args, results, 0) != LUA_OK;
	return !e->failed;
}

/* Waits until there is something to read; false: the line is to be given up. */
static bool await(struct editor *e)
{
	bool go_on = call(e, ARG_WAIT, 0, 1) && lua_toboolean(e->L, -1);

	if (!e->failed)
		lua_pop(e->L, 1);
	return go_on;
}

static int next_char(EditLine *el, wchar_t *c)
{
	struct editor *e = of(el);

	while (await(e)) {
		char byte;
		ssize_t n = read(STDIN_FILENO, &byte, 1);

		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return 0;
		switch (mbrtowc(c, &byte, 1, &e->state)) {
		case (size_t)-1:
			memset(&e->state, 0, sizeof(e->state));
			continue;
		case (size_t)-2:
			continue;
		default:
			return 1;
		}
	}
	return 0;
}

/* complete(line, bytes before the cursor) -> text to insert or nil */
static unsigned char complete(EditLine *el, int c)
{
	struct editor *e = of(el);
	const LineInfo *line = el_line(el);
	unsigned char what = CC_NORM;

	(void)c;
	lua_pushlstring(e->L, line->buffer, (size_t)(line->lastchar - line->buffer));
	lua_pushinteger(e->L, line->cursor - line->buffer);
	if (!call(e, ARG_COMPLETE, 2, 1))
		return CC_EOF;
	if (lua_isstring(e->L, -1) && !el_insertstr(el, lua_tostring(e->L, -1)))
		what = CC_REFRESH;
	lua_pop(e->L, 1);
	return what;
}

/* Takes the line from the screen; the cursor is where its prompt began. */
static void hide(struct editor *e)
{
	const LineInfoW *line = el_wline(e->el);
	int row = tl_cursor_row(line->buffer, line->cursor, (int)strlen(e->prompt));

	fputc('\r', e->out);
	if (row > 0)
		fprintf(e->out, "\033[%dA", row);
	fputs("\033[J", e->out);
}

/* ---- methods --------------------------------------------------------------------------------- */

/* editor:line(prompt, wait, complete) -> text with its line end, nil if there is none or wait() gave false */
static int editor_line(lua_State *L)
{
	struct editor *e = check(L);
	const char *text;
	int n = 0;

	luaL_checktype(L, ARG_WAIT, LUA_TFUNCTION);
	luaL_checktype(L, ARG_COMPLETE, LUA_TFUNCTION);
	luaL_argcheck(L, !e->L, 1, "a line is being edited already");
	lua_settop(L, ARG_COMPLETE);
	luaL_checkstack(L, LUA_MINSTACK, "line");
	strncpy(e->prompt, luaL_checkstring(L, ARG_PROMPT), PROMPT_SIZE - 1);
	e->L = L;
	e->failed = false;
	text = el_gets(e->el, &n);
	e->L = NULL;
	if (e->failed)
		return lua_error(L);
	lua_pushlstring(L, text, text && n > 0 ? (size_t)n : 0);
	if (!text || n <= 0)
		lua_pushnil(L);
	return 1;
}

/* editor:write(text): above the line */
static int editor_write(lua_State *L)
{
	struct editor *e = check(L);
	size_t size;
	const char *text = luaL_checklstring(L, 2, &size);

	hide(e);
	fwrite(text, 1, size, e->out);
	el_set(e->el, EL_REFRESH);
	fflush(e->out);
	return 0;
}

/* editor:text() -> what has been typed so far */
static int editor_text(lua_State *L)
{
	const LineInfo *line = el_line(check(L)->el);

	lua_pushlstring(L, line->buffer, (size_t)(line->lastchar - line->buffer));
	return 1;
}

/* editor:resize(): the terminal has another size now */
static int editor_resize(lua_State *L)
{
	struct editor *e = check(L);

	hide(e);
	el_resize(e->el);
	el_set(e->el, EL_REFRESH);
	return 0;
}

/* editor:suspend(): as Ctrl-Z does, with the terminal as it was before; returns when the program goes on */
static int editor_suspend(lua_State *L)
{
	struct editor *e = check(L);
	struct sigaction stop = { .sa_handler = SIG_DFL }, old;

	hide(e);
	fflush(e->out);
	el_set(e->el, EL_PREP_TERM, 0);
	sigaction(SIGTSTP, &stop, &old);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &old, NULL);
	el_set(e->el, EL_PREP_TERM, 1);
	el_resize(e->el);
	el_set(e->el, EL_REFRESH);
	return 0;
}

/* editor:remember(text): puts it into the history */
static int editor_remember(lua_State *L)
{
	tl_history_add(check(L)->history, luaL_checkstring(L, 2));
	return 0;
}

/* editor:close(); also __gc */
static int editor_close(lua_State *L)
{
	struct editor *e = luaL_checkudata(L, 1, EDITOR_MT);

	if (e->el)
		el_end(e->el);
	tl_history_close(e->history);
	e->el = NULL;
	e->history = NULL;
	return 0;
}

/* Where the user's locale has no UTF-8 the built-in one has: what is typed is UTF-8 nearly everywhere. */
static void set_locale(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static void set_up(struct editor *e)
{
	el_set(e->el, EL_CLIENTDATA, e);
	el_set(e->el, EL_PROMPT, prompt);
	el_set(e->el, EL_EDITOR, "emacs");
	el_set(e->el, EL_SIGNAL, 0);
	el_wset(e->el, EL_GETCFN, next_char);
	el_set(e->el, EL_HIST, history, tl_history_of(e->history));
	el_set(e->el, EL_ADDFN, "tl-complete", "complete names", complete);
	el_set(e->el, EL_BIND, "^I", "tl-complete", NULL);
	el_set(e->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_set(e->el, EL_BIND, "\\e[1;5C", "em-next-word", NULL);
	el_set(e->el, EL_BIND, "\\e[1;5D", "ed-prev-word", NULL);
	el_set(e->el, EL_BIND, "\\e[3~", "ed-delete-next-char", NULL);
	el_source(e->el, NULL);		/* the user's own keys: ~/.editrc */
}

/* edit.open(path of the history or nil) -> editor | nil: the terminal cannot do it */
static int edit_open(lua_State *L)
{
	const char *path = luaL_optstring(L, 1, NULL);
	struct editor *e = lua_newuserdatauv(L, sizeof(*e), 0);

	memset(e, 0, sizeof(*e));	/* before the metatable: __gc may run */
	luaL_setmetatable(L, EDITOR_MT);
	set_locale();
	e->out = stdout;
	e->history = tl_history_open(path);
	e->el = e->history ? el_init("traceleft-lua", stdin, stdout, stderr) : NULL;
	if (!e->el)
		return 0;
	set_up(e);
	return 1;
}

static const luaL_Reg methods[] = {
	{ "line", editor_line },
	{ "write", editor_write },
	{ "text", editor_text },
	{ "resize", editor_resize },
	{ "suspend", editor_suspend },
	{ "remember", editor_remember },
	{ "close", editor_close },
	{ "__gc", editor_close },
	{ NULL, NULL }
};

static const luaL_Reg functions[] = {
	{ "open", edit_open },
	{ NULL, NULL }
};

int tl_host_edit(lua_State *L)
{
	luaL_newmetatable(L, EDITOR_MT);
	luaL_setfuncs(L, methods, 0);
	lua_pushvalue(L, -1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
	luaL_newlib(L, functions);
	return 1;
}
