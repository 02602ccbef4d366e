/* SPDX-License-Identifier: MIT */
/* glob.c: matches event names: fnmatch(3), and a check, for it takes an open [ literally. */
#include "common/glob.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "common/error.h"

bool tl_glob_magic(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

bool tl_glob_match(const char *glob, const char *text)
{
	return fnmatch(glob, text, FNM_NOESCAPE) == 0;
}

/* The ] that ends the set whose [ is before `at`, or NULL. */
static const char *set_end(const char *at)
{
	if (*at == '!' || *at == '^')
		at++;
	if (*at == ']')
		at++;
	for (; *at && *at != ']'; at++) {
		if (at[0] != '[' || at[1] != ':')
			continue;
		at = strstr(at + 2, ":]");	/* a class such as [:alpha:] */
		if (!at)
			return NULL;
		at++;
	}
	return *at ? at : NULL;
}

int tl_glob_check(const char *glob, struct tl_error *err)
{
	if (!*glob)
		return tl_fail(err, -EINVAL, "empty name: an event or a glob is needed");
	for (const char *at = glob; *at; at++) {
		if (*at != '[')
			continue;
		at = set_end(at + 1);
		if (!at)
			return tl_fail(err, -EINVAL, "%s: the [ is not closed", glob);
	}
	return 0;
}
