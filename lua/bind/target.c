/* SPDX-License-Identifier: MIT */
/*
 * target.c: which processes. A selector is a table { kind = "comm", texts = {…} }, { kind = "pid",
 * numbers = {…} } or { kind = "any", parts = {…} }; what is made of it lives in a table on the stack.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "bind.h"

#define DEPTH_MAX 40

static const char *const kind_names[TL_SELECTORS + 1] = {
	"any", "all", "no", "follow", "pid", "tree", "command", "comm", "exe", "uid", "gid", "cgroup", "cgroup_name",
	"netns", "mntns", "pidns", "tty", NULL,
};

struct reader {
	lua_State *L;
	int arg;		/* of the table of options, for messages */
	int kept;		/* index of the table that keeps what is made */
};

/* Room that lives as long as the table of those. */
static void *make_room(struct reader *r, size_t size)
{
	void *room = lua_newuserdatauv(r->L, size ? size : 1, 0);

	lua_rawseti(r->L, r->kept, (lua_Integer)lua_rawlen(r->L, r->kept) + 1);
	return room;
}

static void refuse(struct reader *r, const char *what)
{
	luaL_argerror(r->L, r->arg, lua_pushfstring(r->L, "target: %s", what));
}

/* Each reads the list on top, of n elements. */
static void read_numbers(struct reader *r, struct tl_selector *selector, size_t n)
{
	uint64_t *numbers = make_room(r, n * sizeof(*numbers));

	for (size_t i = 0; i < n; i++) {
		lua_rawgeti(r->L, -1, (lua_Integer)i + 1);
		if (!lua_isinteger(r->L, -1) || lua_tointeger(r->L, -1) < 0)
			refuse(r, "a number of it is no natural number");
		numbers[i] = (uint64_t)lua_tointeger(r->L, -1);
		lua_pop(r->L, 1);
	}
	selector->numbers = numbers;
}

static void read_texts(struct reader *r, struct tl_selector *selector, size_t n)
{
	const char **texts = make_room(r, n * sizeof(*texts));

	for (size_t i = 0; i < n; i++) {
		if (lua_rawgeti(r->L, -1, (lua_Integer)i + 1) != LUA_TSTRING)
			refuse(r, "a text of it is no string");
		texts[i] = lua_tostring(r->L, -1);
		lua_rawseti(r->L, r->kept, (lua_Integer)lua_rawlen(r->L, r->kept) + 1);
	}
	selector->texts = texts;
}

static void read_selector(struct reader *r, struct tl_selector *selector, int depth);

static void read_parts(struct reader *r, struct tl_selector *selector, size_t n, int depth)
{
	struct tl_selector *parts = make_room(r, n * sizeof(*parts));

	for (size_t i = 0; i < n; i++) {
		lua_rawgeti(r->L, -1, (lua_Integer)i + 1);
		read_selector(r, &parts[i], depth + 1);
		lua_pop(r->L, 1);
	}
	selector->parts = parts;
}

static enum tl_selector_kind read_kind(struct reader *r)
{
	const char *name = lua_getfield(r->L, -1, "kind") == LUA_TSTRING ? lua_tostring(r->L, -1) : "";

	for (int kind = 0; kind < TL_SELECTORS; kind++) {
		if (strcmp(kind_names[kind], name) == 0) {
			lua_pop(r->L, 1);
			return (enum tl_selector_kind)kind;
		}
	}
	refuse(r, "no such kind of selector");
	return TL_SELECTORS;		/* not reached */
}

/* The selector that the table on top is. */
static void read_selector(struct reader *r, struct tl_selector *selector, int depth)
{
	static const char *const lists[] = { "numbers", "texts", "parts" };

	luaL_checkstack(r->L, 8, "target");
	if (!lua_istable(r->L, -1) || depth > DEPTH_MAX)
		refuse(r, "a selector is no table, or too deep");
	*selector = (struct tl_selector){ .kind = read_kind(r) };
	for (int i = 0; i < 3; i++) {
		if (lua_getfield(r->L, -1, lists[i]) == LUA_TTABLE) {
			selector->n = lua_rawlen(r->L, -1);
			if (i == 0)
				read_numbers(r, selector, selector->n);
			else if (i == 1)
				read_texts(r, selector, selector->n);
			else
				read_parts(r, selector, selector->n, depth);
		}
		lua_pop(r->L, 1);
	}
	if ((selector->kind <= TL_SELECT_FOLLOW && selector->n && !selector->parts) ||
	    (selector->kind == TL_SELECT_FOLLOW && selector->n != 1))
		refuse(r, "a list of parts is expected");
	if (selector->kind > TL_SELECT_FOLLOW && !selector->numbers && !selector->texts)
		refuse(r, "a list of numbers or texts is expected");
}

static bool takes_texts(enum tl_selector_kind kind)
{
	return kind == TL_SELECT_COMM || kind == TL_SELECT_EXE || kind == TL_SELECT_CGROUP ||
	       kind == TL_SELECT_CGROUP_NAME;
}

static void check_lists(struct reader *r, const struct tl_selector *selector)
{
	for (size_t i = 0; selector->kind <= TL_SELECT_FOLLOW && i < selector->n; i++)
		check_lists(r, &selector->parts[i]);
	if (selector->kind > TL_SELECT_FOLLOW && !(takes_texts(selector->kind) ? (void *)selector->texts :
						    (void *)selector->numbers))
		refuse(r, "the list is not of what this kind takes");
}

/* The selector on top of the stack, NULL if that is nil. It lives as long as what this leaves there. */
const struct tl_selector *tl_lua_to_selector(lua_State *L, int arg)
{
	struct reader r = { .L = L, .arg = arg };
	struct tl_selector *selector;

	if (lua_isnil(L, -1))
		return NULL;
	lua_newtable(L);
	lua_insert(L, -2);
	r.kept = lua_gettop(L) - 1;
	selector = make_room(&r, sizeof(*selector));
	read_selector(&r, selector, 0);
	check_lists(&r, selector);
	return selector;
}

/* ---- what there is --------------------------------------------------------------------------- */

static void add_path(void *arg, const char *path)
{
	lua_State *L = arg;

	lua_pushstring(L, path);
	lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* core.cgroups() -> list of paths, where they are mounted | nil, message, name */
int tl_lua_cgroups(lua_State *L)
{
	struct tl_error err;

	lua_newtable(L);
	if (tl_cgroups_each(add_path, L, &err))
		return tl_lua_fail(L, &err);
	lua_pushstring(L, tl_cgroup_mount());
	return 2;
}

/* Of which kind the namespace is that the path leads to: "net"; NULL if it leads to none. */
static const char *namespace_kind(const char *path)
{
	static const struct {
		int type;
		const char *name;
	} kinds[] = { { CLONE_NEWNET, "net" }, { CLONE_NEWNS, "mnt" }, { CLONE_NEWPID, "pid" } };
	struct statfs fs;
	int fd, type;

	if (statfs(path, &fs) || fs.f_type != NSFS_MAGIC)
		return NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	type = fd < 0 ? -1 : ioctl(fd, NS_GET_NSTYPE);
	if (fd >= 0)
		close(fd);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].type == type)
			return kinds[i].name;
	return "other";
}

static const char *what_is(const char *path, const struct stat *st)
{
	const char *kind = S_ISREG(st->st_mode) ? namespace_kind(path) : NULL;

	return S_ISDIR(st->st_mode) ? "folder" : S_ISREG(st->st_mode) && !kind ? "file" : kind ? kind : "device";
}

/*
 * core.stat(path) -> inode, device that it is, nanoseconds of its last change, size, what it is | nil, message, name
 * What: "folder", "file", "net", "mnt", "pid", "other" (namespaces), "device" (and anything else)
 */
int tl_lua_stat(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);
	struct stat st;

	if (stat(path, &st)) {
		int number = errno;

		return tl_lua_fail_errno(L, number, lua_pushfstring(L, "%s: %s", path, strerror(number)));
	}
	lua_pushinteger(L, (lua_Integer)st.st_ino);
	lua_pushinteger(L, (lua_Integer)st.st_rdev);
	lua_pushinteger(L, st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec);
	lua_pushinteger(L, st.st_size);
	lua_pushstring(L, what_is(path, &st));
	return 5;
}

/* ---- who is in ------------------------------------------------------------------------------- */

static void push_member(lua_State *L, const struct tl_member *member)
{
	lua_createtable(L, 0, 4);
	lua_pushinteger(L, member->pid);
	lua_setfield(L, -2, "pid");
	lua_pushinteger(L, (lua_Integer)member->subs);
	lua_setfield(L, -2, "subs");
	lua_pushstring(L, member->why);
	lua_setfield(L, -2, "why");
	if (member->comm[0]) {
		lua_pushstring(L, member->comm);
		lua_setfield(L, -2, "comm");
	}
}

/* session:targets() -> list of { pid, comm, why, subs } | nil, message, name */
int tl_lua_session_targets(lua_State *L)
{
	struct tl_lua_session *s = tl_lua_session_check(L, 1);
	struct tl_member *members = NULL;
	struct tl_error err;
	int room = 0, n;

	for (;;) {
		n = tl_session_targets(s->session, members, (size_t)room, &err);
		if (n < 0)
			return tl_lua_fail(L, &err);
		if (n <= room)
			break;
		room = n + 64;		/* some may be born meanwhile */
		members = lua_newuserdatauv(L, (size_t)room * sizeof(*members), 0);
	}
	lua_createtable(L, n, 0);
	for (int i = 0; i < n; i++) {
		push_member(L, &members[i]);
		lua_rawseti(L, -2, i + 1);
	}
	return 1;
}
