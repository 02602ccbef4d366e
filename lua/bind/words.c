/* SPDX-License-Identifier: MIT */
/* words.c: a command line split as a shell splits it: quotes and backslashes, no expansion. */
#include <string.h>

#include "bind.h"

/* Adds what stands from `at` in single quotes; the end is behind the closing one, NULL if there is none. */
static const char *single_quoted(luaL_Buffer *word, const char *at)
{
	const char *end = strchr(at, '\'');

	if (!end)
		return NULL;
	luaL_addlstring(word, at, (size_t)(end - at));
	return end + 1;
}

/* In double quotes a backslash is one unless one of $ ` " \ or a line end follows. */
static const char *double_quoted(luaL_Buffer *word, const char *at)
{
	for (; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1] && strchr("$`\"\\\n", at[1])) {
			at++;
			if (*at == '\n')
				continue;
		}
		luaL_addchar(word, *at);
	}
	return *at ? at + 1 : NULL;
}

static const char *escaped(luaL_Buffer *word, const char *at)
{
	if (!*at)
		return NULL;
	if (*at != '\n')
		luaL_addchar(word, *at);
	return at + 1;
}

/* Pushes the word at `at`. Returns its end; NULL: a quote is not closed. */
static const char *push_word(lua_State *L, const char *at)
{
	luaL_Buffer word;

	luaL_buffinit(L, &word);
	while (at && *at && !strchr(" \t\n", *at)) {
		if (*at == '\'')
			at = single_quoted(&word, at + 1);
		else if (*at == '"')
			at = double_quoted(&word, at + 1);
		else if (*at == '\\')
			at = escaped(&word, at + 1);
		else
			luaL_addchar(&word, *at++);
	}
	luaL_pushresult(&word);
	return at;
}

/* core.split(text) -> list of words | nil, message, name */
int tl_lua_split(lua_State *L)
{
	const char *text = luaL_checkstring(L, 1);
	const char *at = text;

	lua_newtable(L);
	for (lua_Integer i = 1;; i++) {
		at += strspn(at, " \t\n");
		if (!*at)
			return 1;
		at = push_word(L, at);
		if (!at)
			break;
		lua_rawseti(L, -2, i);
	}
	lua_pushnil(L);
	lua_pushfstring(L, "%s: a quote or backslash at the end is not closed", text);
	lua_pushliteral(L, "EINVAL");
	return 3;
}
