/* SPDX-License-Identifier: MIT */
/*
 * generate.c: random conditions of right types. Where operators of one type meet, parentheses are left out now
 * and then, so that precedence is tried too.
 */
#include <stdarg.h>

#include "property.h"

#define N(array)	(sizeof(array) / sizeof(*(array)))

static void boolean(struct text *t, int depth);
static void number(struct text *t, int depth);

static void put(char *to, const char *what)
{
	size_t len = strlen(to);

	if (len + strlen(what) < TEXT_MAX + 100)
		strcpy(to + len, what);
}

static void both(struct text *t, const char *what)
{
	put(t->ours, what);
	put(t->lua, what);
}

static void differ(struct text *t, const char *ours, const char *lua)
{
	put(t->ours, ours);
	put(t->lua, lua);
}

static void literal(struct text *t, const char *bytes, size_t len)
{
	char escaped[1024] = "'", *to = escaped + 1;

	for (size_t i = 0; i < len; i++)
		to += sprintf(to, bytes[i] >= ' ' && bytes[i] < 0x7f && bytes[i] != '\'' && bytes[i] != '\\' ?
			      "%c" : "\\%03u", (unsigned char)bytes[i]);
	strcpy(to, "'");
	both(t, escaped);
}

static void any_literal(struct text *t)
{
	size_t len;
	const char *s = rnd_string(&len);

	literal(t, s, len);
}

/* ---- leaves ----------------------------------------------------------------------------------------- */

static const char *const numbers[] = { "ret", "duration", "flags", "access", "family", "dirfd", "small", "dport", "u32",
				       "s8", "s16", "u64", "pid", "tid", "uid", "cpu", "time", "cgroup" };

static void any_number(struct text *t)
{
	static const struct {
		const char *ours, *lua;
	} named[] = {
		{ "10ms", "10000000" }, { "1.5us", "1500" }, { "2m", "120000000000" }, { "4KiB", "4096" },
		{ "O_CREAT", "0x40" }, { "AF_INET6", "10" }, { "ENOENT", "2" }, { "AT_FDCWD", "(-100)" },
		{ "port", "port" }, { "big", "big" },
	};
	char text[32];
	int64_t value;
	size_t i;

	switch (below(8)) {
	case 0:
		i = below(N(named));
		differ(t, named[i].ours, named[i].lua);
		break;
	case 1:
	case 2:
		value = rnd_number();
		snprintf(text, sizeof(text), value < 0 || chance(20) ? "0x%llx" : "%lld", (long long)value);
		both(t, text);
		break;
	default:
		both(t, numbers[below(N(numbers))]);
	}
}

static const char *any_string_field(void)
{
	static const char *const fields[] = { "pathname", "data", "comm", "name", "path", "file" };

	return fields[below(N(fields))];
}

/* ---- numbers ---------------------------------------------------------------------------------------- */

static void number(struct text *t, int depth)
{
	static const char *const operators[] = { "+", "-", "*", "//", "%", "&", "|", "~", "<<", ">>" };
	bool bare = chance(30);

	if (depth <= 0 || chance(25)) {
		any_number(t);
	} else if (chance(12)) {
		both(t, chance(50) ? "- (" : "~(");
		number(t, depth - 1);
		both(t, ")");
	} else {
		both(t, bare ? "" : "(");
		number(t, depth - 1);
		both(t, " ");
		both(t, operators[below(N(operators))]);
		both(t, " ");
		number(t, depth - 1);
		both(t, bare ? "" : ")");
	}
}

static void comparison(struct text *t, int depth)
{
	static const char *const operators[] = { "==", "~=", "<", "<=", ">", ">=" };

	number(t, depth);
	both(t, " ");
	both(t, operators[below(N(operators))]);
	both(t, " ");
	number(t, depth);
}

static void number_set(struct text *t, int depth)
{
	unsigned int n = chance(10) ? 20 : 1 + below(5);

	differ(t, "((", "isin((");
	number(t, depth);
	if (chance(30)) {
		differ(t, ") in ports)", "), ports)");
		return;
	}
	differ(t, ") in {", "), {");
	for (unsigned int i = 0; i < n; i++) {
		char text[32];

		snprintf(text, sizeof(text), "%s0x%llx", i ? ", " : "", (long long)rnd_number());
		both(t, text);
	}
	differ(t, "})", "})");
}

static void flags(struct text *t)
{
	static const struct {
		const char *ours, *lua;
	} tests[] = {
		{ "has(flags, O_CREAT)", "(flags ~= nil and flags & 0x40 == 0x40)" },
		{ "has(flags, O_RDONLY)", "(flags ~= nil and flags & 3 == 0)" },
		{ "has(flags, O_WRONLY|O_TRUNC)", "(flags ~= nil and flags & 0x203 == 0x201)" },
		{ "has(flags, O_RDWR | 0x40)", "(flags ~= nil and flags & 0x43 == 0x42)" },
		{ "has(flags, O_CREAT | O_EXCL)", "(flags ~= nil and flags & 0xc0 == 0xc0)" },
		{ "has(access, R_OK)", "(access ~= nil and access & 4 == 4)" },
		{ "has(access, R_OK|W_OK)", "(access ~= nil and access & 6 == 6)" },
		{ "has(access, F_OK)", "(access ~= nil and access & 7 == 0)" },
		{ "has(ret, port)", "(ret ~= nil and ret & port == port)" },
		{ "has(u64, 0x8000000000000001)", "(u64 ~= nil and u64 & 0x8000000000000001 == 0x8000000000000001)" },
	};
	size_t i = below(N(tests));

	differ(t, tests[i].ours, tests[i].lua);
}

/* ---- strings ---------------------------------------------------------------------------------------- */

static void string_equal(struct text *t)
{
	bool turned = chance(20), var = chance(15);
	const char *field = any_string_field(), *op = chance(70) ? " == " : " ~= ";

	if (turned)
		var ? both(t, "who") : any_literal(t);
	else
		both(t, field);
	both(t, op);
	if (turned)
		both(t, field);
	else
		var ? both(t, "who") : any_literal(t);
}

static void string_call(struct text *t)
{
	static const char *const calls[] = { "starts(", "ends(", "contains(" };
	unsigned int call = below(3);
	const char *field = any_string_field();

	both(t, calls[call]);
	if (call == 2 && (strcmp(field, "pathname") == 0 || strcmp(field, "data") == 0))
		put(t->lua, "begin");
	both(t, "(");
	both(t, field);
	both(t, "), ");
	if (chance(12))
		both(t, "who");
	else
		any_literal(t);
	both(t, ")");
}

static void string_set(struct text *t)
{
	unsigned int n = chance(10) ? 20 : 1 + below(4);

	differ(t, "(", "isin(");
	both(t, chance(90) ? any_string_field() : "event");
	if (chance(30)) {
		differ(t, " in names)", ", names)");
		return;
	}
	differ(t, " in {", ", {");
	for (unsigned int i = 0; i < n; i++) {
		both(t, i ? ", " : "");
		any_literal(t);
	}
	differ(t, "})", "})");
}

static void path(struct text *t)
{
	static const char *const ends[] = { "/", "/a", "a", "/a/b", "b", "a/b", "x.log", "log", "/log/x.log", "g/x.log", "/etc/",
					    "/usr/lib/", "/var/", "/var/log/x.log", "(deleted)", "b (deleted)", "/b", "//",
					    "/ (deleted)", "a/b/", "/b/", "cket", ".sock", "run/x.sock", "x.sock", "pipe:", "pipe:[",
					    "anon_inode:" };
	static const char *const calls[] = { "starts(", "ends(", "", "" };
	size_t call = below(N(calls));
	const char *what = ends[below(N(ends))];

	both(t, calls[call]);
	both(t, chance(50) ? "path" : "file");
	both(t, call < 2 ? ", " : chance(80) ? " == " : " ~= ");
	literal(t, what, strlen(what));
	both(t, call < 2 ? ")" : "");
}

/* ---- addresses, errors, what is there ---------------------------------------------------------------- */

static void address(struct text *t)
{
	static const char *const nets[] = { "10.0.0.0/8", "0.0.0.0/0", "::/0", "::1", "fe80::/10", "2001:db8::/33", "10.1.2.0/23",
					    "192.168.1.255", "::ffff:0:0/96", "::ffff:10.0.0.1", "2001:db8:0:1::/64", "127.0.0.1/32" };
	char text[256];

	t->in_lua = false;
	switch (below(5)) {
	case 0:
		put(t->ours, chance(50) ? "saddr == daddr" : "saddr ~= daddr");
		return;
	case 1:
		put(t->ours, chance(50) ? "(saddr in nets)" : "(daddr in nets)");
		return;
	case 2:
		snprintf(text, sizeof(text), "(daddr in {'%s', '%s', '%s'})", nets[below(N(nets))], nets[below(N(nets))],
			 nets[below(N(nets))]);
		break;
	default:
		snprintf(text, sizeof(text), "saddr %s '%s'", chance(70) ? "==" : "~=", nets[below(N(nets))]);
	}
	put(t->ours, text);
}

static void error(struct text *t)
{
	static const struct {
		const char *ours, *lua;
	} tests[] = {
		{ "not error", "not error" }, { "(error and true)", "(error ~= nil and true)" },
		{ "(error32 or ok)", "(error32 ~= nil or ok)" }, { "error == ENOENT", "error == 'ENOENT'" },
		{ "error == 'EAGAIN'", "error == 'EAGAIN'" }, { "error32 ~= EWOULDBLOCK", "error32 ~= 'EAGAIN'" },
		{ "(error in {EPERM, 'ENOENT', EBADF})", "isin(error, {'EPERM', 'ENOENT', 'EBADF'})" },
		{ "error == nil", "error == nil" }, { "error32 ~= nil", "error32 ~= nil" },
		{ "(error and ret < 0)", "(error ~= nil and ret < 0)" },
	};
	size_t i = below(N(tests));

	differ(t, tests[i].ours, tests[i].lua);
}

static void there(struct text *t)
{
	static const char *const fields[] = { "ret", "pathname", "path", "file", "saddr", "daddr", "argv", "sockaddr", "array", "ok",
					      "comm", "duration", "error", "pid", "event" };

	both(t, fields[below(N(fields))]);
	both(t, chance(50) ? " == nil" : " ~= nil");
}

static void leaf(struct text *t, int depth)
{
	switch (below(16)) {
	case 0: both(t, "ok"); break;
	case 1: both(t, chance(50) ? "ok == true" : "ok ~= true"); break;
	case 2: error(t); break;
	case 3: there(t); break;
	case 4: address(t); break;
	case 5: string_equal(t); break;
	case 6:
	case 7: string_call(t); break;
	case 8: string_set(t); break;
	case 9: flags(t); break;
	case 10: number_set(t, depth / 2); break;
	case 11:
	case 12: path(t); break;
	default: comparison(t, depth);
	}
}

/* ---- conditions ------------------------------------------------------------------------------------- */

static void boolean(struct text *t, int depth)
{
	bool bare = chance(30);
	unsigned int what = below(100);

	if (depth <= 0 || what < 30) {
		both(t, "(");
		leaf(t, depth > 2 ? depth : 2);
		both(t, ")");
	} else if (what < 40) {
		both(t, "not (");
		boolean(t, depth - 1);
		both(t, ")");
	} else if (what < 47) {
		both(t, "((");
		boolean(t, depth - 1);
		both(t, chance(50) ? ") == (" : ") ~= (");
		boolean(t, depth - 1);
		both(t, "))");
	} else {
		both(t, bare ? "" : "(");
		boolean(t, depth - 1);
		both(t, chance(50) ? " and " : " or ");
		boolean(t, depth - 1);
		both(t, bare ? "" : ")");
	}
}

void generate(struct text *t)
{
	t->ours[0] = '\0';
	t->lua[0] = '\0';
	t->in_lua = true;
	boolean(t, 1 + (int)below(5));
}
