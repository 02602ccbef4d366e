/* SPDX-License-Identifier: MIT */
/* hard.c: conditions that are as much work for a verifier as the emitter lets through. */
#include "property.h"

/* "part joiner part joiner part …", numbers counted up where the part has a %d. */
static void repeat(char *to, size_t room, const char *part, const char *joiner, int n)
{
	size_t used = 0;

	for (int i = 0; i < n && used + 80 < room; i++) {
		used += (size_t)snprintf(to + used, room - used, "%s", i ? joiner : "");
		used += (size_t)snprintf(to + used, room - used, part, i);
	}
}

static void nest(char *to, size_t room, const char *open, const char *middle, const char *close, int n)
{
	size_t used = 0;

	for (int i = 0; i < n; i++)
		used += (size_t)snprintf(to + used, room - used, open, i);
	used += (size_t)snprintf(to + used, room - used, "%s", middle);
	for (int i = 0; i < n; i++)
		used += (size_t)snprintf(to + used, room - used, close, i);
}

static const struct {
	const char *part, *joiner;
	int n;
} chains[] = {
	{ "contains(pathname, 'x%d')", " or ", 60 }, { "contains(pathname, 'x%d')", " or ", 4 },
	{ "contains(pathname, 'x%d')", " and ", 5 }, { "contains(data, '123456789%d')", " or ", 4 },
	{ "ends(path, 'x%d')", " or ", 30 }, { "ends(path, 'x%d')", " or ", 60 }, { "not ends(file, 'x%d/y')", " and ", 20 },
	{ "ends(comm, 'x%d')", " or ", 12 }, { "ends(comm, 'x%d')", " and ", 12 }, { "contains(comm, 'x%d')", " or ", 12 },
	{ "starts(path, '/x%d/')", " or ", 60 }, { "path == '/x%d/y'", " or ", 60 }, { "file == '/x%d/y'", " or ", 60 },
	{ "file ~= '/x%d/y (deleted)'", " and ", 60 }, { "pathname == 'x%d'", " or ", 100 },
	{ "ret == %d", " or ", 160 }, { "ret ~= %d", " and ", 160 }, { "(u64 // s8) == %d", " or ", 90 },
	{ "(u64 << s8) == %d", " or ", 90 }, { "(ret << s8)", " + ", 20 }, { "(ret << s8 >> dport)", " < 3) == (3 < ", 1 },
	{ "comm == who", " or ", 60 }, { "starts(pathname, who)", " or ", 40 }, { "(pathname in names)", " or ", 50 },
	{ "(daddr in nets)", " or ", 80 }, { "(ret + %d in ports)", " or ", 80 }, { "saddr == daddr", " or ", 80 },
	{ "saddr == '10.0.%d.0/24'", " or ", 100 }, { "(ok == (ret < %d))", " == ", 100 },
	{ "file ~= nil", " and ", 100 }, { "daddr ~= nil", " or ", 100 }, { "error == 'ENOENT'", " or ", 100 },
};

#define CHAINS	((int)(sizeof(chains) / sizeof(*chains)))

/* false: there are no more. */
bool hard(int i, char *to, size_t room)
{
	char list[TEXT_MAX];

	if (i < CHAINS) {
		repeat(list, sizeof(list), chains[i].part, chains[i].joiner, chains[i].n);
		snprintf(to, room, i == 19 || i == 20 ? "(%s) < 3" : "(%s)", list);
		return true;
	}
	switch (i - CHAINS) {
	case 0: nest(to, room, "((ret < %d) == ", "ok", ")", 60); return true;
	case 1: nest(to, room, "(ok == (ret < %d)) == (", "ok", ")", 30); return true;
	case 2: nest(to, room, "(", "ok", " == (contains(comm, 'x%d')))", 24); return true;
	case 3: nest(to, room, "(ret << (s8 + ", "dport", "))", 30); strcat(to, " < 5"); return true;
	case 4: nest(to, room, "(%d + (s8 << (", "dport", ")))", 20); strcat(to, " < 5"); return true;
	case 5: nest(to, room, "not (ret < %d and ", "ok", ")", 30); return true;
	case 6: nest(to, room, "(error or (ret < %d) == ", "ok", ")", 60); return true;
	case 7: repeat(list, sizeof(list), "%d", ", ", 400); snprintf(to, room, "ret in {%s}", list); return true;
	case 8: repeat(list, sizeof(list), "'name%d'", ", ", 200); snprintf(to, room, "comm in {%s}", list); return true;
	case 9: repeat(list, sizeof(list), "'name%d'", ", ", 200); snprintf(to, room, "data in {%s}", list); return true;
	case 10: repeat(list, sizeof(list), "'/x%d'", ", ", 100); snprintf(to, room, "file in {%s}", list); return true;
	case 11: repeat(list, sizeof(list), "'10.%d.0.0/16'", ", ", 150); snprintf(to, room, "daddr in {%s}", list); return true;
	case 12: nest(to, room, "((ret << s8) + ", "(ret << dport)", " * (u64 >> s8))", 30); strcat(to, " < 5"); return true;
	default: return false;
	}
}
