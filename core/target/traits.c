// SPDX-License-Identifier: MIT
#include "target/traits.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "common/error.h"
#include "common/glob.h"
#include "session/session.h"
#include "target/globs.h"
#include "target/processes.h"

struct value {
	struct tl_trait key;
	uint64_t traits;
};

struct name {
	struct tl_cgroup_name key;
	struct tl_cgroup_traits value;
};

struct tl_traits {
	struct value *values;
	size_t n, room;
	struct name *names;
	size_t n_names;
	uint32_t kinds;
	uint64_t by_cgroup;		/* those that cgroups give */
	struct tl_globs globs[TL_GLOB_KINDS];
	struct tl_globs_maker makers[TL_GLOB_KINDS];
	struct tl_session *session;
	struct tl_error *err;
	int failed;			/* the errno of the first failure within a walk */
};

static int add_value(struct tl_traits *t, enum tl_trait_kind kind, uint32_t dev, uint64_t value, uint64_t traits)
{
	struct tl_trait key = { .kind = kind, .dev = dev, .value = value };

	for (size_t i = 0; kind != TL_TRAIT_CGROUP && i < t->n; i++) {
		if (memcmp(&t->values[i].key, &key, sizeof(key)))
			continue;
		t->values[i].traits |= traits;
		return 0;
	}
	if (t->n == t->room) {
		size_t room = t->room ? 2 * t->room : 64;
		struct value *values = realloc(t->values, room * sizeof(*values));

		if (!values)
			return tl_fail(t->err, -ENOMEM, "target: out of memory");
		t->values = values;
		t->room = room;
	}
	t->values[t->n++] = (struct value){ key, traits };
	return 0;
}

/* ---- each kind ------------------------------------------------------------------------------- */

static int add_numbers(struct tl_traits *t, const struct tl_leaf *leaf, enum tl_trait_kind kind, uint64_t bit)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < leaf->n; i++) {
		uint64_t number = leaf->numbers[i];

		if (kind == TL_TRAIT_TTY)	/* the kernel's own form */
			number = (uint64_t)major(number) << 20 | minor(number);
		ret = add_value(t, kind, 0, number, bit);
	}
	return ret;
}

/* Asked once: the file that was there when the target was named. */
static int add_files(struct tl_traits *t, struct tl_leaf *leaf, uint64_t bit)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < leaf->n; i++) {
		struct tl_trait file;

		if (!leaf->numbers[i]) {
			ret = tl_processes_file(&t->session->programs, leaf->texts[i], &file, t->err);
			if (ret)
				return ret;
			leaf->numbers[i] = file.value;
			leaf->devs[i] = file.dev;
		}
		ret = add_value(t, TL_TRAIT_EXE, leaf->devs[i], leaf->numbers[i], bit);
	}
	return ret;
}

static int add_comms(struct tl_traits *t, const struct tl_leaf *leaf, uint64_t bit)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < leaf->n; i++)
		ret = tl_globs_add(&t->makers[TL_GLOB_COMM], leaf->texts[i], false, bit, t->err);
	return ret;
}

static int add_name(struct tl_traits *t, const char *text, bool part, uint64_t bit)
{
	struct name name = { 0 }, *names;

	snprintf(name.key.text, sizeof(name.key.text), "%s", text);
	*(part ? &name.value.part : &name.value.whole) = bit;
	for (size_t i = 0; i < t->n_names; i++) {
		if (memcmp(&t->names[i].key, &name.key, sizeof(name.key)))
			continue;
		t->names[i].value.part |= name.value.part;
		t->names[i].value.whole |= name.value.whole;
		return 0;
	}
	names = realloc(t->names, (t->n_names + 1) * sizeof(*names));
	if (!names)
		return tl_fail(t->err, -ENOMEM, "target: out of memory");
	t->names = names;
	t->names[t->n_names++] = name;
	return 0;
}

static int add_cgroups(struct tl_traits *t, const struct tl_leaf *leaf, bool part, uint64_t bit)
{
	int ret = 0;

	t->by_cgroup |= bit;
	for (size_t i = 0; !ret && i < leaf->n; i++)
		ret = tl_glob_magic(leaf->texts[i])
		    ? tl_globs_add(&t->makers[TL_GLOB_CGROUP], leaf->texts[i], part, bit, t->err)
		    : add_name(t, leaf->texts[i], part, bit);
	return ret;
}

static int add_readers(struct tl_traits *t, uint64_t bit)
{
	const struct tl_readers *readers = &t->session->readers;
	int ret = 0;

	for (size_t i = 0; !ret && i < readers->n_pipes; i++)
		ret = add_value(t, TL_TRAIT_READER, readers->pipes[i].dev, readers->pipes[i].inode, bit);
	for (size_t i = 0; !ret && i < readers->n_pids; i++)
		ret = add_value(t, TL_TRAIT_READER, TL_READER_PID, readers->pids[i], bit);
	return ret;
}

static int add_leaf(struct tl_traits *t, struct tl_leaf *leaf, uint64_t bit)
{
	static const enum tl_trait_kind kinds[TL_SELECTORS] = {
		[TL_SELECT_COMM] = TL_TRAIT_COMM, [TL_SELECT_EXE] = TL_TRAIT_EXE, [TL_SELECT_UID] = TL_TRAIT_UID,
		[TL_SELECT_GID] = TL_TRAIT_GID, [TL_SELECT_CGROUP] = TL_TRAIT_CGROUP,
		[TL_SELECT_CGROUP_NAME] = TL_TRAIT_CGROUP, [TL_SELECT_NETNS] = TL_TRAIT_NETNS,
		[TL_SELECT_MNTNS] = TL_TRAIT_MNTNS, [TL_SELECT_PIDNS] = TL_TRAIT_PIDNS, [TL_SELECT_TTY] = TL_TRAIT_TTY,
		[TL_SELECT_READER] = TL_TRAIT_READER,
	};

	t->kinds |= 1u << kinds[leaf->kind];
	switch (leaf->kind) {
	case TL_SELECT_COMM:
		return add_comms(t, leaf, bit);
	case TL_SELECT_EXE:
		return add_files(t, leaf, bit);
	case TL_SELECT_CGROUP:
	case TL_SELECT_CGROUP_NAME:
		return add_cgroups(t, leaf, leaf->kind == TL_SELECT_CGROUP_NAME, bit);
	case TL_SELECT_READER:
		return add_readers(t, bit);
	default:
		return add_numbers(t, leaf, kinds[leaf->kind], bit);
	}
}

/* ---- maps ------------------------------------------------------------------------------------ */

static int map_of(const struct tl_traits *t, const char *name)
{
	return tl_programs_map(&t->session->programs, name);
}

static int write_one(struct tl_traits *t, const char *map, const void *key, const void *value)
{
	if (bpf_map_update_elem(map_of(t, map), key, value, BPF_ANY))
		return tl_fail(t->err, -errno, "target: no more room in %s: %s", map, strerror(errno));
	return 0;
}

static int write_values(struct tl_traits *t)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < t->n; i++)
		ret = write_one(t, "tl_traits", &t->values[i].key, &t->values[i].traits);
	for (size_t i = 0; !ret && i < t->n_names; i++)
		ret = write_one(t, "tl_cgroup_names", &t->names[i].key, &t->names[i].value);
	for (uint32_t kind = 0; !ret && kind < TL_GLOB_KINDS; kind++) {
		uint32_t key = kind + TL_GLOB_KINDS * !t->session->shared->selection.current;

		ret = write_one(t, "tl_globs", &key, &t->globs[kind]);
	}
	return ret;
}

/* What a cgroup gives: what its parent does, and by its name and path. Known to the kernel side before its children. */
static uint64_t on_cgroup(void *arg, const char *path, const char *name, uint64_t id, uint64_t from_parent)
{
	struct tl_traits *t = arg;
	uint64_t traits = from_parent | tl_globs_match(&t->globs[TL_GLOB_CGROUP], path);
	struct tl_trait key = { .kind = TL_TRAIT_CGROUP, .value = id };

	for (size_t i = 0; i < t->n_names; i++) {
		traits |= strcmp(t->names[i].key.text, path) ? 0 : t->names[i].value.whole;
		traits |= strcmp(t->names[i].key.text, name) ? 0 : t->names[i].value.part;
	}
	if (!traits || t->failed)
		return traits;
	t->failed = add_value(t, TL_TRAIT_CGROUP, 0, id, traits);
	if (!t->failed)
		t->failed = write_one(t, "tl_traits", &key, &traits);
	return traits;
}

static int write_cgroups(struct tl_traits *t)
{
	struct tl_selection *selection = &t->session->shared->selection;
	const struct tl_cgroups *cgroups = &t->session->targets.cgroups;
	int ret;

	if (!t->by_cgroup)
		return 0;
	__atomic_store_n(&selection->cgroup_v1, cgroups->subsys, __ATOMIC_SEQ_CST);
	__atomic_store_n(&selection->cgroup_root, cgroups->root, __ATOMIC_SEQ_CST);
	ret = tl_cgroups_walk(cgroups, on_cgroup, t, t->err);
	return ret ? ret : t->failed;
}

static void free_traits(struct tl_traits *t)
{
	free(t->values);
	free(t->names);
	free(t);
}

int tl_traits_write(struct tl_session *session, uint64_t used, struct tl_traits **out, struct tl_error *err)
{
	struct tl_traits *t = calloc(1, sizeof(*t));
	int ret = 0;

	if (!t)
		return tl_fail(err, -ENOMEM, "target: out of memory");
	t->session = session;
	t->err = err;
	for (int kind = 0; kind < TL_GLOB_KINDS; kind++)
		t->makers[kind].globs = &t->globs[kind];
	for (; !ret && used; used &= used - 1) {
		int n = __builtin_ctzll(used);

		ret = add_leaf(t, &session->targets.leaves.traits[n], TL_BIT(n));
	}
	if (!ret && t->kinds)
		ret = write_values(t);
	__atomic_or_fetch(&session->shared->selection.kinds, t->kinds, __ATOMIC_SEQ_CST);
	if (!ret)
		ret = write_cgroups(t);
	if (ret)
		free_traits(t);
	else
		*out = t;
	return ret;
}

/* ---- what gave others ------------------------------------------------------------------------ */

static const struct value *find_value(const struct tl_traits *t, const struct tl_trait *key)
{
	for (size_t i = 0; i < t->n; i++)
		if (!memcmp(&t->values[i].key, key, sizeof(*key)))
			return &t->values[i];
	return NULL;
}

/* A cgroup that we have not met was made meanwhile, and the kernel side knows best what it gives. */
static void clean_value(const struct tl_traits *t, int fd, const struct tl_trait *key)
{
	uint64_t traits;

	if (find_value(t, key) || bpf_map_lookup_elem(fd, key, &traits))
		return;
	if (key->kind == TL_TRAIT_CGROUP && (traits & t->by_cgroup)) {
		traits &= t->by_cgroup;
		bpf_map_update_elem(fd, key, &traits, BPF_EXIST);
	} else {
		bpf_map_delete_elem(fd, key);
	}
}

static void clean_values(const struct tl_traits *t)
{
	int fd = map_of(t, "tl_traits");
	struct tl_trait key, next;
	bool more = !bpf_map_get_next_key(fd, NULL, &next);

	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		clean_value(t, fd, &key);
	}
}

static bool is_name(const struct tl_traits *t, const struct tl_cgroup_name *key)
{
	for (size_t i = 0; i < t->n_names; i++)
		if (!memcmp(&t->names[i].key, key, sizeof(*key)))
			return true;
	return false;
}

static void clean_names(const struct tl_traits *t)
{
	int fd = map_of(t, "tl_cgroup_names");
	struct tl_cgroup_name key, next;
	bool more = fd >= 0 && !bpf_map_get_next_key(fd, NULL, &next);

	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if (!is_name(t, &key))
			bpf_map_delete_elem(fd, &key);
	}
}

void tl_traits_settled(struct tl_session *session, struct tl_traits *t)
{
	__atomic_store_n(&session->shared->selection.kinds, t->kinds, __ATOMIC_SEQ_CST);
	clean_values(t);
	clean_names(t);
	free_traits(t);
}
